"""Gates over the time since a pulse: what is locked to it stays, what is not is no more than chance."""

from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.analysis.since_pulse import trace_since_pulse

BLOCK = 1
CIRCUITS = [("a", f"a{number}", 1) for number in range(8)] + [("b", f"b{number}", 1) for number in range(6)]


@pytest.fixture
def pulsed(make_set):
    """Makes a set of 14 responses whose gates are those given, as (recordings, positions) -> values."""

    def make(gate, recordings=CIRCUITS, lead=0):
        labelled = make_set(recordings)
        block = labelled.record.blocks[BLOCK]
        values = gate(*block.spatial_attention.shape).astype(np.float32)
        blocks = list(labelled.record.blocks)
        blocks[BLOCK] = replace(block, spatial_attention=values)
        preparation = replace(labelled.card.preparation, start="pulse", lead=lead)
        return replace(
            labelled,
            record=replace(labelled.record, blocks=tuple(blocks)),
            card=replace(labelled.card, preparation=preparation),
        )

    return make


def bump(recordings, positions):
    """The same bump in the first third of every gate."""
    return np.broadcast_to(
        0.4 + 0.3 * np.exp(-((np.arange(positions) - positions / 3) ** 2) / 4), (recordings, positions)
    )


def test_a_curve_is_the_mean_over_responses(pulsed):
    """Each class is the plain mean over its responses, at the middle of its positions, in µs since the pulse."""
    rng = np.random.default_rng(1)
    labelled = pulsed(lambda recordings, positions: rng.random((recordings, positions)), lead=3)
    gates = labelled.record.blocks[BLOCK]
    trace = trace_since_pulse(labelled, BLOCK)
    field, fs = gates.receptive_field, labelled.card.preparation.fs
    np.testing.assert_allclose(trace.place, [(field.centre(at) - 3) / fs * 1e6 for at in range(field.positions)])
    for number, curve in enumerate(trace.classes):
        np.testing.assert_allclose(
            curve.mean, gates.spatial_attention[labelled.labels == number].mean(axis=0), atol=1e-6
        )
    assert (trace.by, [curve.triggers for curve in trace.classes]) == ("trigger", [8, 6])


def test_a_gate_that_follows_the_pulse_leaves_those_moved_in_time(pulsed):
    """A bump at the same place in every response swings more than the same bumps at random places."""
    for curve in trace_since_pulse(pulsed(bump), BLOCK).classes:
        assert curve.swing == pytest.approx(0.3, abs=0.01)
        assert curve.swing > 1.5 * curve.swing_by_chance
        assert curve.mean.max() > curve.high.max()


def test_a_gate_that_follows_nothing_does_not(pulsed):
    """With bumps anywhere, a class stands out of 19 draws in one of twenty cases, not in most."""
    beyond = []
    for seed in range(20):
        rng = np.random.default_rng(seed)

        def anywhere(recordings, positions, rng=rng):
            return np.stack([np.roll(row, rng.integers(positions)) for row in bump(recordings, positions)])

        beyond += [curve.swing > curve.swing_by_chance for curve in trace_since_pulse(pulsed(anywhere), BLOCK).classes]
    assert sum(beyond) <= 7  # of 40; binomial, p < 0.003


def test_controls_flatten_and_exchange(pulsed):
    """The flat curve is one level, the mean's; with two classes the other class's gate is its curve."""
    rng = np.random.default_rng(2)
    labelled = pulsed(lambda recordings, positions: rng.random((recordings, positions)))
    first, second = trace_since_pulse(labelled, BLOCK).classes
    assert np.ptp(first.flat) < 1e-6
    assert first.flat[0] == pytest.approx(first.mean.mean(), abs=1e-6)
    assert (first.other_words, second.other_words) == (second.words, first.words)
    gates = labelled.record.blocks[BLOCK].spatial_attention
    np.testing.assert_allclose(second.other, gates[:6].mean(axis=0), atol=1e-6)
