"""The only caches of the app, by path, name and choice, never by array. What they give is shared and never changed."""

import time
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from subprocess import Popen
from threading import Lock
from typing import Generic, Self, TypeVar
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cbam_viz.analysis.class_trust import ClassTrustTrace
from cbam_viz.attention.record import AttentionRecord
from cbam_viz.datasets.circuit_samples import label_circuit_samples, list_circuit_samples
from cbam_viz.datasets.labels import Labelled, LabelledFile
from cbam_viz.datasets.samples import Sample, label_samples, list_samples
from cbam_viz.errors import InputError
from cbam_viz.language import _
from cbam_viz.network.card import PRETRAINED, Card, list_networks, read_card
from cbam_viz.network.checkpoint import Network, read_network
from cbam_viz.signals.readers import list_channels, read_signal
from cbam_viz.signals.recording import list_recorded
from cbam_viz.signals.signal import Channel, Signal
from cbam_viz.signals.windows import Windows
from cbam_viz.studies.circuit import CircuitStudy, Drift, Setting, map_parts, study_setting, sweep_part
from cbam_viz.studies.class_trust import examine_set
from cbam_viz.studies.compare import Comparison, compare
from cbam_viz.studies.explain import Asked, Explanation, explain_signal
from cbam_viz.studies.panels import Panel
from cbam_viz.studies.trust import Step, Trust, examine_steps, sum_up

SHOW_PROGRESS_AFTER_S = 0.5
CANCEL_AFTER_S = 10.0
"""Work that will take longer in all can be cancelled."""
MOST_BYTES = 1_000_000_000
"""Of all explanations that are kept, and of all comparisons."""
ADVICE_BYTES = 100_000
MOST_PANELS = 128
MOST_STUDIES = 512
"""Circuits as they were set, each some 10 kB."""
MOST_TRUSTS = 256
"""Windows whose tests are kept, each less than 1 MB."""
Made = TypeVar("Made")


@st.cache_resource(show_spinner=False)
def load_samples() -> dict[str, Sample]:
    """The samples that ship, by their short names."""
    return {sample.path.stem: sample for sample in (*list_samples(), *list_circuit_samples())}


@st.cache_resource(show_spinner=False)
def load_labelled_samples(bearing: str | None, circuit: str | None = None) -> tuple[LabelledFile, ...]:
    """The samples of one bearing, or of one circuit, with their classes."""
    return label_circuit_samples(circuit) if circuit else label_samples(bearing)


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


@st.cache_resource(show_spinner=False, max_entries=64)
def load_recorded(path: Path, state: tuple[int, int]) -> tuple[Channel, ...]:  # noqa: ARG001
    """The channels of a recording; `state`, size and time of writing, only tells one from another."""
    return list_recorded(path)


@st.cache_resource(show_spinner=False)
def load_scans() -> dict[str, Popen[bytes]]:
    """The scans that this server started, by their keys, shared by all visitors."""
    return {}


@st.cache_resource(show_spinner=False, max_entries=2)
def load_signal(path: Path, asked: Asked) -> Signal:
    """One channel of a file, read as asked."""
    return read_signal(path, asked.channel, asked.fs, asked.interpolate, asked.unit)


def load_explanation(path: Path, network: str, asked: Asked) -> Explanation:
    """A file's attention record; work that takes longer than a moment shows how far it is.

    Streamlit's own caches would record the progress bar and show it again at every hit.
    """

    def make() -> Explanation:
        progress = _Bar(_("{done} of {all} windows"))
        with progress:
            return explain_signal(load_signal(path, asked), load_network(network), asked, progress)

    return _explanations().get((path, network, asked), make)


def load_comparison(
    recordings: tuple[Labelled, ...], network: str, lost: tuple[str, ...], on_cancel: Callable[[], None]
) -> Comparison:
    """Recordings as a network sees them; work that takes long can be cancelled, which runs the page anew.

    Parameters
    ----------
    recordings, network : what is compared.
    lost : sentences on recordings that are no longer there.
    on_cancel : called before that run.

    Raises
    ------
    InputError
        If they can't be compared.
    """

    def make() -> Comparison | str:
        try:
            with _Bar(_("{done} of {all} recordings"), on_cancel) as progress:
                return compare(recordings, load_network(network), progress, lost)
        except InputError as advice:  # it took as long to find out; its words alone, for it holds on to the records
            return str(advice)

    found = _comparisons().get((recordings, network, lost), make)
    if isinstance(found, str):
        raise InputError(found)
    return found


def load_trust(
    explanation: Explanation, window: int, on_step: Callable[[Sequence[Step]], None], on_cancel: Callable[[], None]
) -> Trust:
    """Every test of a window's gates; a click on the button, or on anything else, ends the work.

    The steps that were done by then are kept, and the next call goes on from there.

    Parameters
    ----------
    explanation, window : what is tested.
    on_step : called with the steps done so far after each of them.
    on_cancel : called before the run that a click on the button begins.
    """
    key = trust_key(explanation, window)

    def make() -> Trust:
        steps = begun_steps(explanation, window)
        with _Bar("", on_cancel, cancel_after=0.0) as progress:
            for step in examine_steps(explanation, window, steps, progress):
                steps = (*steps, step)
                _begun().put(key, steps)
                on_step(steps)
        return sum_up(explanation, window, steps)

    return _trusts().get(key, make)


def begun_steps(explanation: Explanation, window: int) -> tuple[Step, ...]:
    """The steps of a window's tests that were done lately."""
    return _begun().get(trust_key(explanation, window), tuple)


def known_trust(explanation: Explanation, window: int) -> Trust | None:
    """Every test of a window's gates where all were done lately, else None."""
    return _trusts().find(trust_key(explanation, window))


def trust_key(explanation: Explanation, window: int) -> Hashable:
    """What tells a window of a signal, under a network, from every other."""
    digests = _digests()
    if explanation not in digests:
        digests[explanation] = explanation.signal.digest
    return digests[explanation], explanation.asked, explanation.card.name, window


def is_loaded(recordings: tuple[Labelled, ...], network: str, lost: tuple[str, ...]) -> bool:
    """Whether these recordings have been compared lately."""
    return (recordings, network, lost) in _comparisons()


def load_study(setting: Setting, network: str) -> CircuitStudy:
    """One circuit as it was set, under one network."""
    return _studies().get((setting, network), lambda: study_setting(setting, load_network(network)))


def load_drift(setting: Setting, network: str, parts: tuple[str, ...], on_cancel: Callable[[], None]) -> Drift:
    """The sweep of one part or the map of two; work that takes long can be cancelled.

    Parameters
    ----------
    setting : of all other parts; where these parts stand makes no difference.
    network, parts : names.
    on_cancel : called before the page is run anew.
    """
    rest = setting.moved(dict.fromkeys(parts, 0.0))
    key = (replace(rest, deviations=tuple(sorted(pair for pair in rest.deviations if pair[1]))), network, parts)

    def make() -> Drift:
        with _Bar(_("{done} of {all} circuits"), on_cancel) as progress:
            used = load_network(network)
            return (
                sweep_part(rest, used, parts[0], progress)
                if len(parts) == 1
                else map_parts(rest, used, parts, progress)
            )

    return _drifts().get(key, make)


def load_class_trust(comparison: Comparison, on_cancel: Callable[[], None]) -> ClassTrustTrace:
    """The tests of every gate over a set; they can be cancelled, which runs the page anew.

    Parameters
    ----------
    comparison : the set.
    on_cancel : called before that run.

    Raises
    ------
    InputError
        If they can't be made.
    """

    def make() -> ClassTrustTrace:
        with _Bar(_("{done} of {all} windows tested"), on_cancel, "cancel tests") as progress:
            return examine_set(comparison.network, comparison.labelled, progress)

    members = comparison.labelled.members
    told = tuple((member.label, member.machine, len(member.windows)) for member in members)
    return _class_trusts().get((comparison.network.digest, comparison.digests, told), make)


def load_panel(key: Hashable, draw: Callable[[], Panel]) -> Panel:
    """A picture of a comparison.

    Parameters
    ----------
    key : all that the picture depends on: recordings, network, view and colours.
    draw : makes it.
    """
    return _panels().get(key, draw)


class _Kept(Generic[Made]):
    """The results used last by any visitor, the oldest first, within a bound on what they weigh together."""

    def __init__(self, weigh: Callable[[Made], int], most: Callable[[], int]) -> None:
        self.weigh, self.most = weigh, most
        self.made: dict[Hashable, Made] = {}
        self.lock = Lock()

    def __contains__(self, key: Hashable) -> bool:
        return key in self.made

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What is kept under a key, or else is made."""
        with self.lock:
            if key in self.made:
                self.made[key] = self.made.pop(key)  # the last one used goes last
                return self.made[key]
        return self.put(key, make())

    def find(self, key: Hashable) -> Made | None:
        """What is kept under a key, None where nothing is."""
        with self.lock:
            return self.made.get(key)

    def put(self, key: Hashable, made: Made) -> Made:
        """Keep this under a key, and give it."""
        with self.lock:
            self.made.pop(key, None)
            self.made[key] = made
            while len(self.made) > 1 and sum(map(self.weigh, self.made.values())) > self.most():
                del self.made[next(iter(self.made))]
        return made


@st.cache_resource(show_spinner=False)
def _explanations() -> _Kept[Explanation]:
    """All explanations that are kept."""
    return _Kept(lambda made: _weigh(made.record, [made.windows]) + made.signal.samples.nbytes, lambda: MOST_BYTES)


@st.cache_resource(show_spinner=False)
def _comparisons() -> _Kept[Comparison | str]:
    """All comparisons that are kept, and what was said of those that could not be made."""
    return _Kept(_weigh_comparison, lambda: MOST_BYTES)


@st.cache_resource(show_spinner=False)
def _panels() -> _Kept[Panel]:
    """All pictures of comparisons that are kept."""
    return _Kept(lambda _panel: 1, lambda: MOST_PANELS)


@st.cache_resource(show_spinner=False)
def _studies() -> _Kept[CircuitStudy]:
    """All circuits as they were set that are kept."""
    return _Kept(lambda _study: 1, lambda: MOST_STUDIES)


@st.cache_resource(show_spinner=False)
def _drifts() -> _Kept[Drift]:
    """All sweeps and maps that are kept."""
    return _Kept(lambda drift: _weigh(drift.record, ()), lambda: MOST_BYTES)


@st.cache_resource(show_spinner=False)
def _digests() -> WeakKeyDictionary[Explanation, str]:
    """Digests of the signals of all explanations that are kept; a long one takes a while."""
    return WeakKeyDictionary()


@st.cache_resource(show_spinner=False)
def _begun() -> _Kept[tuple[Step, ...]]:
    """The steps of tests that are kept."""
    return _Kept(lambda _steps: 1, lambda: MOST_TRUSTS)


@st.cache_resource(show_spinner=False)
def _trusts() -> _Kept[Trust]:
    """The tests that are kept."""
    return _Kept(lambda _trust: 1, lambda: MOST_TRUSTS)


@st.cache_resource(show_spinner=False)
def _class_trusts() -> _Kept[ClassTrustTrace]:
    """The tests of sets that are kept, by the digests of what they are of."""
    return _Kept(lambda _trace: 1, lambda: MOST_TRUSTS)


def _weigh_comparison(made: Comparison | str) -> int:
    """Bytes that a comparison keeps in memory, or the advice in its place with all that belongs to its key."""
    if isinstance(made, str):
        return ADVICE_BYTES
    return _weigh(made.labelled.record, [member.windows for member in made.labelled.members])


def _weigh(record: AttentionRecord, windows: Iterable[Windows]) -> int:
    """Bytes that a record and its windows keep in memory."""
    gates = sum(block.channel_attention.nbytes + block.spatial_attention.nbytes for block in record.blocks)
    return gates + sum(each.samples.nbytes for each in windows)


class _Bar:
    """A progress bar that appears when work takes longer than a moment, with a way out where it will take long."""

    def __init__(
        self,
        words: str,
        on_cancel: Callable[[], None] | None = None,
        key: str = "cancel",
        cancel_after: float = CANCEL_AFTER_S,
    ) -> None:
        self.began = time.monotonic()
        self.words, self.on_cancel, self.key, self.cancel_after = words, on_cancel, key, cancel_after
        self.place = st.empty()
        self.bar: DeltaGenerator | None = None
        self.button: DeltaGenerator | None = None

    def __enter__(self) -> Self:
        return self

    def __call__(self, done: int, count: int, said: str = "") -> None:
        """Show how far the work is, and what comes next; a click on the button, or on anything else, ends it here."""
        taken = time.monotonic() - self.began
        if taken < SHOW_PROGRESS_AFTER_S:
            return
        if self.bar is None:
            box = self.place.container()
            self.bar, self.button = box.empty(), box.empty()
        self.bar.progress(done / count, said or self.words.format(done=done, all=count))
        if self.on_cancel and self.button and taken * count / max(done, 1) > self.cancel_after:
            self.button.button(_("Cancel"), key=self.key, on_click=self.on_cancel)
            self.button = None

    def __exit__(self, *_error: object) -> None:
        """Take it all away."""
        self.place.empty()
