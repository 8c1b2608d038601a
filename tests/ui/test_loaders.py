"""The caches: what is kept, what is shared, and that the least used goes first."""

from pathlib import Path

import numpy as np
import pytest

from cbam_viz.datasets.circuit_samples import list_circuit_samples
from cbam_viz.datasets.labels import LabelledFile
from cbam_viz.datasets.samples import list_samples
from cbam_viz.errors import InputError
from cbam_viz.network.card import list_networks
from cbam_viz.studies.explain import Asked
from cbam_viz.ui import loaders
from cbam_viz.ui.loaders import (
    load_cards,
    load_channels,
    load_comparison,
    load_explanation,
    load_network,
    load_samples,
)


@pytest.fixture
def short(tmp_path, inner, packed) -> Path:
    """A file of two channels, each two windows of mfpt-3 long."""
    path = tmp_path / "short.npz"
    path.write_bytes(packed(left=inner[:20_000], right=inner[20_000:40_000], fs=48_828.0))
    return path


def test_every_sample_that_ships_is_listed():
    """Samples are known by the stems of their files, in the order of their tables."""
    assert list(load_samples()) == [sample.path.stem for sample in (*list_samples(), *list_circuit_samples())]


def test_every_network_that_ships_is_listed():
    """Each network has its card under its name."""
    cards = load_cards()

    assert list(cards) == list(list_networks())
    assert [card.name for card in cards.values()] == list(cards)


def test_one_network_serves_all_visitors():
    """A network is read once."""
    assert load_network("mfpt-3") is load_network("mfpt-3")


def test_channels_are_those_of_the_file(short):
    """The cache answers by path."""
    assert [channel.name for channel in load_channels(short)] == ["left", "right"]


def test_an_explanation_is_made_once(short):
    """The same file, network, channel, rate and bridging give the very same explanation."""
    first = load_explanation(short, "mfpt-3", Asked("left", None, False))

    assert load_explanation(short, "mfpt-3", Asked("left", None, False)) is first


@pytest.mark.parametrize(("channel", "fs", "bridge"), [("right", None, False), ("left", 24_000.0, False)])
def test_another_choice_is_another_explanation(channel, fs, bridge, short):
    """A change of channel or rate is never answered from the cache."""
    first = load_explanation(short, "mfpt-3", Asked("left", None, False))
    other = load_explanation(short, "mfpt-3", Asked(channel, fs, bridge))

    assert other is not first
    assert not np.array_equal(other.record.probabilities, first.record.probabilities)


def test_an_explanation_in_use_outlives_one_that_is_not(short, monkeypatch):
    """The cache is bounded in bytes: the explanation that was asked for least recently goes."""
    used, unused = (load_explanation(short, "mfpt-3", Asked(channel, None, False)) for channel in ("left", "right"))
    monkeypatch.setattr(loaders, "MOST_BYTES", 2_000_000)
    for step in range(10):
        load_explanation(short, "mfpt-3", Asked("left", 20_000.0 + step, False))
        load_explanation(short, "mfpt-3", Asked("left", None, False))

    assert load_explanation(short, "mfpt-3", Asked("left", None, False)) is used
    assert load_explanation(short, "mfpt-3", Asked("right", None, False)) is not unused


def test_advice_keeps_no_record_alive(short, monkeypatch):
    """What a set lacks is said again without work, by an error of its own, and it counts among what is kept."""
    one = (LabelledFile(short, "inner", "short"),)

    def refused(name: str) -> InputError:
        with pytest.raises(InputError, match="at least two classes") as caught:
            load_comparison(one, "mfpt-3", (name,), lambda: None)
        return caught.value

    first = refused("first")
    assert refused("first") is not first
    assert loaders.is_loaded(one, "mfpt-3", ("first",))
    assert not any(isinstance(made, BaseException) for made in loaders._comparisons().made.values())

    monkeypatch.setattr(loaders, "MOST_BYTES", 250_000)
    for name in ("second", "third", "fourth"):
        refused(name)
    assert not loaders.is_loaded(one, "mfpt-3", ("first",))
