"""Signs flipped and many tests at once: published examples, an independent library, and how often chance stands out."""

import numpy as np
import pytest
from scipy import stats

from cbam_viz.analysis.sign_flips import correct_holm, flip_signs, smallest_p

MAIZE = np.array([49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48.0])
"""Eighths of an inch by which cross-fertilised plants of Darwin's were higher than self-fertilised ones."""


def test_fishers_own_example():
    """863 of 32,768 choices of signs give as large a sum, as many one as small (Design of Experiments, section 21)."""
    assert flip_signs(MAIZE[:, None]) == pytest.approx([2 * 863 / 32_768])


def test_p_is_that_of_scipy():
    """For any differences, several at once, exactly."""
    drawn = np.random.default_rng(0).normal(0.3, 1, (8, 3))
    for number, p in enumerate(flip_signs(drawn)):
        test = stats.permutation_test((drawn[:, number],), np.sum, permutation_type="samples", n_resamples=np.inf)
        assert p == pytest.approx(test.pvalue)


def test_many_differences_are_drawn_and_the_same_every_time():
    """Beyond fifteen not all choices are looked at; p is near that of the t-test for normal ones."""
    drawn = np.random.default_rng(3).normal(0.4, 1, (30, 1))

    assert flip_signs(drawn) == flip_signs(drawn)
    assert flip_signs(drawn)[0] == pytest.approx(stats.ttest_1samp(drawn[:, 0], 0).pvalue, abs=0.01)


@pytest.mark.parametrize("units", [1, 2, 5, 12, 20])
def test_the_smallest_p_is_that_of_one_sign(units):
    """Equal differences are as telling as can be."""
    assert flip_signs(np.ones((units, 1)))[0] == pytest.approx(smallest_p(units), rel=0.01)


def test_nothing_and_what_is_not_known():
    """Zeros differ from no choice of signs; NaN and no units give no p."""
    assert flip_signs(np.zeros((6, 1))) == pytest.approx([1.0])
    assert np.isnan(flip_signs(np.array([[1.0], [np.nan]]))).all()
    assert np.isnan(flip_signs(np.empty((0, 2)))).all()
    assert np.isnan(smallest_p(0))


def test_holm_as_in_a_published_example():
    """Four hypotheses, of which the first and the last stand at 5 % (Wikipedia, Holm-Bonferroni method)."""
    np.testing.assert_allclose(correct_holm(np.array([0.01, 0.04, 0.03, 0.005])), [0.03, 0.06, 0.06, 0.02])


def test_holm_counts_only_tests_that_were_made():
    """What gave no p stays without one, and no p exceeds 1."""
    np.testing.assert_allclose(correct_holm(np.array([np.nan, 0.02, 0.7, 0.6])), [np.nan, 0.06, 1.0, 1.0])


def test_chance_seldom_stands_out_among_many():
    """Of 400 families of 12 tests with no effect, at most about 5 % have one at or below 5 % after the correction."""
    drawn = np.random.default_rng(4).normal(size=(400, 10, 12))
    alarms = sum(bool((correct_holm(flip_signs(family)) <= 0.05).any()) for family in drawn)

    assert alarms <= 400 * 0.05 + 2 * np.sqrt(400 * 0.05 * 0.95)
