"""Shift and noise where the gate is known to follow the samples: M_s is then any rising function of x."""

from math import asin, pi, sqrt

import numpy as np
import pytest
from scipy import stats

from cbam_viz.analysis.stability import score_noise, score_shift
from cbam_viz.attention.record import record_attention
from cbam_viz.signals.signal import Signal
from cbam_viz.signals.windows import prepare_windows


@pytest.fixture
def following(make_planted):
    """A network whose gate is sigmoid(x / 3), for any x above -10."""
    return make_planted(slope=1 / 3, bias=-10 / 3, lift=10)


@pytest.fixture
def cut(following):
    """Windows of noise, a little correlated, and their record; so many and a rest of samples."""

    def cut(count=6, rest=20):
        samples = np.random.default_rng(0).normal(size=count * 256 + rest + 1)
        windows = prepare_windows(
            Signal(samples[1:] + 0.3 * samples[:-1], 12_000.0, "noise"), following.card.preparation
        )
        return windows, record_attention(following, windows.inputs)

    return cut


def test_a_gate_that_follows_the_signal_moves_with_it(following, cut):
    """A gate without memory of the window scores 1; not moved along, it scores what the samples correlate by hand."""
    windows, record = cut()
    (score,) = score_shift(following, windows, record, 2)
    start, shifts = windows.starts[2], (-8, -4, -2, -1, 1, 2, 4, 8)
    own = windows.samples[start : start + 256]
    staying = [stats.spearmanr(own, windows.samples[start + k : start + k + 256]).statistic for k in shifts]

    assert score.value == pytest.approx(1, abs=1e-4)
    assert (score.control, score.low, score.high) == pytest.approx(
        (np.mean(staying), *np.quantile(staying, (0.025, 0.975), method="weibull")), abs=1e-4
    )


def test_at_the_ends_one_side_is_left(following, cut):
    """The first window can only begin later, the last only earlier; where nothing is beside it, nothing is known."""
    windows, record = cut(rest=0)

    assert [score_shift(following, windows, record, window)[0].value for window in (0, 5)] == pytest.approx(
        [1, 1], abs=1e-4
    )
    assert np.isnan(score_shift(following, *cut(count=1, rest=0), 0)[0].value)


def test_a_constant_gate_is_neither_stable_nor_not(make_planted, cut):
    """What does not move has no order to keep."""
    windows, _ = cut()
    network = make_planted(slope=0, bias=0)
    record = record_attention(network, windows.inputs)

    assert np.isnan(score_shift(network, windows, record, 1)[0].value)
    assert np.isnan(score_noise(network, windows, record, 1)[0].value)


def test_a_convolution_moves_with_the_signal(mixed, cut):
    """Block 1 of any network, a convolution and a gate, is stable under shift beyond what stays in place."""
    windows, _ = cut(count=4, rest=100)
    scores = score_shift(mixed, windows, record_attention(mixed, windows.inputs), 1)

    assert [score.block for score in scores] == ["block 1", "block 2", "block 4"]
    assert scores[0].value > 0.9
    assert scores[0].above


def test_noise_costs_what_gaussian_ranks_lose(following, cut):
    """At 20 dB r = 1 / sqrt(1.01), and Spearman's of normal values is 6 / pi asin(r / 2); other windows have none."""
    windows, record = cut()
    (score,) = score_noise(following, windows, record, 2)

    assert score.value == pytest.approx(6 / pi * asin(1 / sqrt(1.01) / 2), abs=0.002)
    assert abs(score.control) < 0.1
    assert score.above


def test_one_window_has_no_others(following, cut):
    """A recording of one window gives a value without control."""
    (score,) = score_noise(following, *cut(count=1), 0)

    assert score.value > 0.9
    assert np.isnan(score.control)
