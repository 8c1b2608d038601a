"""Tests of gates over a set, on networks built by hand: one whose gate matters, a constant one, an inverted one."""

import numpy as np
import pytest

from cbam_viz.datasets.recording import Recording
from cbam_viz.network.untrained import draw_network
from cbam_viz.signals.signal import Signal
from cbam_viz.signals.windows import prepare_windows
from cbam_viz.studies.gate_tests import JudgedSet, compare_gates, score_held, score_struck
from tests.studies.hand_made import FS, TONE, T, build, bursts

APART, WIDTH = 128, 32
"""Samples between two strikes of the planted bearing, and that one rings."""


def nobody(*_told):
    """Hears nothing."""


def held(gate):
    """The rows of one network on windows with bursts that it listens to."""
    network = build(gate, weight=8.0)
    signals = [bursts(seed, loud=1.5) for seed in range(6)]
    inputs = np.concatenate([prepare_windows(signal, network.card.preparation).inputs for signal in signals])
    judged = JudgedSet(inputs, np.zeros(18, np.int64), np.repeat(np.arange(6), 3))
    return {(row.name, row.block): row for row in score_held(network, judged, nobody)}


def struck(seed):
    """A recording in which every strike rings with the tone that the networks listen to."""
    rng = np.random.default_rng(seed)
    samples, impacts = rng.normal(0, 0.05, 3 * T), np.arange(40, 3 * T - WIDTH, APART)
    for place in impacts:
        samples[place : place + WIDTH] += np.cos(2 * np.pi * TONE * np.arange(WIDTH)) * np.hanning(WIDTH)
    signal = Signal(samples, FS, "struck", impacts=tuple(impacts.tolist()))
    return Recording("struck", "tone", "struck", "", (signal,))


def test_a_gate_that_matters_costs_where_it_is_moved():
    """Shuffled or moved it loses margin, in every drawing of the recordings; each loss stands beside 0."""
    rows = held(8.0)
    for name in ("shuffle_spatial_margin", "shift_spatial_margin", "flatten_spatial_margin"):
        row = rows[name, "block 1"]
        assert row.low > row.control == 0
        assert row.differs
        assert (row.windows, row.recordings) == (18, 6)


def test_an_inverted_gate_gains_where_it_is_moved():
    """The margin of the class rises in every drawing."""
    assert held(-8.0)["shuffle_spatial_margin", "block 1"].high < 0


def test_a_constant_gate_loses_nothing():
    """Flat, shuffled or moved it is what it was, and as many windows are named rightly."""
    rows = held(0.0)
    for (name, _block), row in rows.items():
        assert row.value == pytest.approx(row.control, abs=1e-4), name
        assert not row.differs
    assert rows["accuracy_flat", "all blocks"].value == rows["accuracy_flat", "all blocks"].control


def test_the_network_is_judged_by_the_labels():
    """With one block, all blocks are that block; windows of another class count as named wrongly."""
    rows = held(8.0)
    one, every = rows["accuracy_flat", "block 1"], rows["accuracy_flat", "all blocks"]

    assert (one.value, one.control) == (every.value, every.control)
    assert one.control == 1.0


@pytest.mark.parametrize(("gate", "side"), [(8.0, 1), (-8.0, -1)])
def test_a_gate_that_opens_on_strikes_lies_on_them(gate, side):
    """Beyond chance, and an inverted one beside them; the first window is left out."""
    rows = {row.name: row for row in score_struck(build(gate), [struck(seed) for seed in range(4)], nobody)}
    row = rows["truth_auc"]

    assert row.control == pytest.approx(0.5, abs=0.05)
    assert side * (row.value - row.control) > 0.2
    assert row.differs
    assert (row.windows, row.recordings) == (8, 4)
    assert rows["truth_auc_loudness"].value == row.value


def test_a_constant_gate_lies_nowhere():
    """Its AUC is that of chance, for it prefers no moment."""
    row = score_struck(build(0.0), [struck(seed) for seed in range(4)], nobody)[0]

    assert (row.name, row.value, row.differs) == ("truth_auc", 0.5, False)


def test_a_network_agrees_with_itself_and_not_with_the_untrained():
    """A twin that is the network itself draws the same map; a drawn one another."""
    network = build(8.0)
    inputs = prepare_windows(bursts(0, windows=12), network.card.preparation).inputs
    judged = JudgedSet(inputs, np.zeros(12, np.int64), np.arange(12))
    same = {row.name: row for row in compare_gates(network, [network], judged)}
    other = {row.name: row for row in compare_gates(network, [draw_network(network, 3)], judged)}

    assert same["agreement"].value == 1.0
    assert same["agreement"].differs
    assert abs(other["agreement"].value) < 0.9
    assert same["randomisation"] == other["randomisation"]


def test_the_same_again_gives_the_same():
    """Every draw is seeded."""
    assert held(8.0) == held(8.0)
