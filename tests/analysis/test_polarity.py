"""Occlusion against a closed form, and polarity where it is known."""

from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.analysis.polarity import occlude, score_polarity
from cbam_viz.attention.record import record_attention


@pytest.fixture
def linear(make_planted):
    """A network whose log-odds are 200 times half the mean of the window, which is positive."""
    return make_planted(slope=0, bias=0, gain=200)


@pytest.fixture
def loud():
    """A window of positive samples, (1, 256)."""
    return (1 + np.random.default_rng(0).random((1, 256))).astype(np.float32)


def with_gate(record, gate):
    """The record with another gate in its block."""
    block = replace(record.blocks[0], spatial_attention=gate.astype(np.float32))
    return replace(record, blocks=(block,))


def test_occlusion_of_a_mean_is_what_a_segment_adds(linear, loud):
    """Log-odds lose 200 * 0.5 * (sum of the segment - its length * mean of the window) / T."""
    segments = loud.astype(np.float64).reshape(64, 4)
    expected = 100 * (segments - loud.mean(dtype=np.float64)).sum(axis=1) / 256

    np.testing.assert_allclose(occlude(linear, loud, record_attention(linear, loud)), expected, atol=1e-4)


def test_a_gate_on_what_speaks_for_the_class_has_no_violation(linear, loud):
    """Highest where a segment adds, a gate scores 0 and lies below chance; turned upside down 1, above it."""
    record = record_attention(linear, loud)
    means = np.repeat(loud.reshape(64, 4).mean(axis=1), 4)[None]
    right, _shut = score_polarity(linear, loud, with_gate(record, means / 3))
    wrong, _shut = score_polarity(linear, loud, with_gate(record, 1 - means / 3))

    assert (right.value, right.below) == (0, True)
    assert (wrong.value, wrong.above) == (1, True)


def test_the_control_is_that_of_random_quarters(linear, loud):
    """Mean and band of the share of violations among 16 of 64 segments, drawn 20,000 times."""
    record = record_attention(linear, loud)
    against = occlude(linear, loud, record) < 0
    rng = np.random.default_rng(0)
    shares = rng.permuted(np.tile(against, (20_000, 1)), axis=1)[:, :16].mean(axis=1)
    score, _shut = score_polarity(linear, loud, with_gate(record, loud / 3))

    assert score.control == pytest.approx(shares.mean(), abs=0.01)
    assert (score.low, score.high) == pytest.approx(tuple(np.quantile(shares, (0.025, 0.975))), abs=1e-9)


def test_what_is_turned_down_is_compared_with_the_gate_moved(linear, loud):
    """The share of what speaks for the class that lies in the lowest quarter, and in that moved by 1 to 63 segments."""
    record = record_attention(linear, loud)
    means = np.repeat(loud.reshape(64, 4).mean(axis=1), 4)[None]
    carried = np.maximum(occlude(linear, loud, record), 0)
    lowest = np.argsort(loud.reshape(64, 4).mean(axis=1))[-16:]
    moved = [carried[(lowest + step) % 64].sum() / carried.sum() for step in range(1, 64)]
    _share, shut = score_polarity(linear, loud, with_gate(record, 1 - means / 3))

    assert shut.value == pytest.approx(carried[lowest].sum() / carried.sum())
    assert shut.above
    assert shut.control == pytest.approx(np.mean(moved))


def test_a_constant_gate_has_no_highest_quarter(linear, loud):
    """Where M_s has one value nothing can be said, and is not."""
    scores = score_polarity(linear, loud, record_attention(linear, loud))

    assert all(np.isnan(score.value) for score in scores)


def test_only_spatial_gates_are_scored(mixed, noises):
    """Two scores for each block that has an M_s, under its name."""
    scores = score_polarity(mixed, noises[:1], record_attention(mixed, noises[:1]))

    assert [score.block for score in scores[::2]] == ["block 1", "block 2", "block 4"]
