"""Rank correlations against SciPy's, and what is constant has none."""

import numpy as np
import pytest
from scipy import stats

from cbam_viz.analysis.ranks import band, correlate_all, correlate_ranks


def test_every_pair_is_spearmans():
    """Each value is SciPy's, with ties."""
    first, second = np.random.default_rng(0).integers(0, 20, (2, 5, 40)).astype(np.float32)
    by_hand = [[stats.spearmanr(one, other).statistic for other in second] for one in first]

    np.testing.assert_allclose(correlate_all(first, second), by_hand, atol=1e-12)
    np.testing.assert_allclose(correlate_ranks(first, second), np.diagonal(by_hand), atol=1e-12)
    np.testing.assert_allclose(correlate_ranks(first[0], second), by_hand[0], atol=1e-12)


def test_a_constant_row_correlates_with_nothing():
    """What rounding does to a constant is no order."""
    moves = np.random.default_rng(0).random((2, 30), dtype=np.float32)
    still = 0.5 + 1e-7 * moves

    assert np.isnan(correlate_ranks(moves, still)).all()


def test_a_band_leaves_out_what_is_not_known():
    """Mean and quantiles are of the numbers; of none they are NaN."""
    np.testing.assert_allclose(band(np.array([np.nan, *range(101)])), (50, 1.55, 98.45))
    assert np.isnan(band(np.array([np.nan]))).all()


@pytest.mark.parametrize("draws", [39, 50, 200])
def test_one_draw_more_lies_outside_in_one_of_twenty(draws):
    """What differs from its control in nothing is below the band in 2.5 %, and above it as often, of few draws too."""
    rows = np.random.default_rng(0).normal(size=(20_000, draws + 1))
    low, high = np.array([band(row)[1:] for row in rows[:, 1:]]).T

    assert (rows[:, 0] < low).mean() == pytest.approx(0.025, abs=0.004)
    assert (rows[:, 0] > high).mean() == pytest.approx(0.025, abs=0.004)
