"""The only caches of the app, by path, name and choice, never by array. What they give is shared and never changed."""

import time
from pathlib import Path
from threading import Lock

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cbam_viz.datasets.samples import Sample, list_samples
from cbam_viz.language import _
from cbam_viz.network.card import PRETRAINED, Card, list_networks, read_card
from cbam_viz.network.checkpoint import Network, read_network
from cbam_viz.signals.readers import list_channels, read_signal
from cbam_viz.signals.signal import Channel, Signal
from cbam_viz.studies.explain import Asked, Explanation, explain_signal

SHOW_PROGRESS_AFTER_S = 0.5
MOST_BYTES = 1_000_000_000
"""Of all explanations that are kept."""


@st.cache_resource(show_spinner=False)
def load_samples() -> dict[str, Sample]:
    """The samples that ship, by their short names."""
    return {sample.path.stem: sample for sample in list_samples()}


@st.cache_resource(show_spinner=False)
def load_cards() -> dict[str, Card]:
    """The cards of all networks that ship."""
    return {name: read_card(PRETRAINED / f"{name}.json") for name in list_networks()}


@st.cache_resource(show_spinner=False)
def load_network(name: str) -> Network:
    """A network, shared by all visitors; nothing is ever stored on it."""
    return read_network(name)


@st.cache_resource(show_spinner=False, max_entries=64)
def load_channels(path: Path) -> tuple[Channel, ...]:
    """The channels of a file."""
    return list_channels(path)


@st.cache_resource(show_spinner=False, max_entries=2)
def load_signal(path: Path, asked: Asked) -> Signal:
    """One channel of a file, read as asked."""
    return read_signal(path, asked.channel, asked.fs, asked.interpolate, asked.unit)


def load_explanation(path: Path, network: str, asked: Asked) -> Explanation:
    """A file's attention record; work that takes longer than a moment shows how far it is.

    Streamlit's own caches would record the progress bar and show it again at every hit.
    """
    kept, lock = _explanations()
    key = (path, network, asked)
    with lock:
        if key in kept:
            kept[key] = kept.pop(key)  # the last one used goes last
            return kept[key]
    explanation = explain_signal(load_signal(path, asked), load_network(network), asked, progress := _Bar())
    progress.end()
    with lock:
        kept[key] = explanation
        while len(kept) > 1 and sum(map(_size, kept.values())) > MOST_BYTES:
            del kept[next(iter(kept))]
    return explanation


@st.cache_resource(show_spinner=False)
def _explanations() -> tuple[dict[tuple[object, ...], Explanation], Lock]:
    """The explanations used last by any visitor, oldest first, and what guards them."""
    return {}, Lock()


def _size(explanation: Explanation) -> int:
    """Bytes that an explanation keeps in memory."""
    gates = sum(block.channel_attention.nbytes + block.spatial_attention.nbytes for block in explanation.record.blocks)
    return explanation.signal.samples.nbytes + explanation.windows.samples.nbytes + gates


class _Bar:
    """A progress bar that appears when work takes longer than a moment."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.bar: DeltaGenerator | None = None

    def __call__(self, done: int, windows: int) -> None:
        if time.monotonic() - self.began > SHOW_PROGRESS_AFTER_S:
            self.bar = self.bar or st.progress(0.0)
            self.bar.progress(done / windows, _("{done} of {windows} windows").format(done=done, windows=windows))

    def end(self) -> None:
        """Take the bar away."""
        if self.bar:
            self.bar.empty()
