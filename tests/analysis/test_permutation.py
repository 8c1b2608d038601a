"""The difference of two groups, against every way of labelling them."""

import itertools
import os
import tracemalloc

import numpy as np
import pytest
from scipy import stats

from cbam_viz.analysis.permutation import LEVEL, arrange, score_difference

SETS = int(os.environ.get("SETS", "20"))
"""Of false alarms; `make verify` looks at 200."""


def groups(first=5, second=6, values=7, seed=0):
    """Two groups of noise."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(first, values)), rng.normal(size=(second, values))


def by_hand(first, second):
    """Largest |t| of every arrangement, from scipy's own t test, one by one; and the observed t."""
    pooled = np.concatenate([first, second])
    units = range(len(pooled))
    largest = []
    for chosen in itertools.combinations(units, len(second)):
        rest = [unit for unit in units if unit not in chosen]
        largest.append(np.abs(stats.ttest_ind(pooled[list(chosen)], pooled[rest], equal_var=False).statistic).max())
    return np.array(largest), stats.ttest_ind(second, first, equal_var=False).statistic


@pytest.mark.parametrize(("first", "second"), [(5, 6), (5, 5)])
def test_p_is_the_share_of_all_arrangements(first, second):
    """It agrees with an independent count, and the band is where it crosses the level."""
    one, other = groups(first, second)
    other[:, 2] += 2.5
    largest, t = by_hand(one, other)
    scored = score_difference(one, other)

    np.testing.assert_allclose(scored.p, [(largest >= abs(each) - 1e-9).mean() for each in t])
    assert scored.arrangements == len(largest)
    beyond = np.abs(scored.difference) > scored.band * (1 + 1e-9)
    np.testing.assert_array_equal(beyond, scored.p <= LEVEL)
    assert beyond.any()
    assert not beyond.all()


def test_effect_is_hedges_g():
    """The difference of the means in pooled standard deviations, times 1 - 3 / (4 (n + m - 2) - 1)."""
    one, other = groups()
    pooled = np.sqrt((4 * one.var(axis=0, ddof=1) + 5 * other.var(axis=0, ddof=1)) / 9)
    expected = (other.mean(axis=0) - one.mean(axis=0)) / pooled * (1 - 3 / (4 * 9 - 1))

    np.testing.assert_allclose(score_difference(one, other).effect, expected)


@pytest.mark.parametrize(("first", "second", "smallest"), [(5, 5, 2 / 252), (5, 6, 1 / 462), (9, 9, 1 / 1000)])
def test_so_few_units_reach_no_smaller_p(first, second, smallest):
    """One of all arrangements, two where the groups are of one size and mirror each other, and one of those drawn."""
    one, other = groups(first, second)
    scored = score_difference(one, other + 100)

    assert scored.smallest_p == pytest.approx(smallest)
    np.testing.assert_allclose(scored.p, max(smallest, scored.p.min()))
    assert scored.p.min() >= smallest


def test_swapping_the_groups_flips_the_sign_and_nothing_else():
    """Differences and effects change sign; band and p stay."""
    one, other = groups(6, 6)
    there, back = score_difference(one, other), score_difference(other, one)

    np.testing.assert_allclose(there.difference, -back.difference)
    np.testing.assert_allclose(there.effect, -back.effect)
    np.testing.assert_allclose(there.band, back.band)
    np.testing.assert_allclose(there.p, back.p)


def test_a_group_differs_not_from_itself():
    """The same values twice: no difference, and every arrangement gives as much."""
    one, _ = groups()
    scored = score_difference(one, one)

    np.testing.assert_allclose(scored.difference, 0, atol=1e-12)
    assert scored.p.min() > 0.9
    assert not len(scored.standing_out)


def test_what_never_varies_differs_by_nothing():
    """A constant value is no evidence, and a gate that is shut everywhere breaks nothing."""
    one, other = groups()
    one[:, 3] = other[:, 3] = 0.7
    scored = score_difference(one, other)

    assert (scored.difference[3], scored.p[3]) == (0, 1)
    assert np.isnan(scored.effect[3])
    assert np.isfinite(np.delete(scored.effect, 3)).all()


def test_few_units_are_not_tested():
    """There are effect sizes, and nothing else."""
    scored = score_difference(*groups(4, 9))

    assert np.isfinite(scored.effect).all()
    assert np.isnan(scored.band).all()
    assert np.isnan(scored.p).all()
    assert scored.arrangements == 0


def test_shuffled_labels_raise_no_more_alarms_than_the_level():
    """Over many sets of noise the share with anything beyond the band is at most the level, within chance."""
    alarms = sum(len(score_difference(*groups(7, 7, 40, seed), seed=seed).standing_out) > 0 for seed in range(SETS))

    assert stats.binomtest(alarms, SETS, LEVEL, alternative="greater").pvalue > 0.01


def test_random_arrangements_are_like_all_of_them():
    """Half a percent of all arrangements tell nearly the same p."""
    one, other = groups(8, 8)
    other[:, 0] += 1.2
    every, some = score_difference(one, other, most=20_000), score_difference(one, other, most=4_000)

    assert every.arrangements == 12_870
    assert some.arrangements == 4_000
    np.testing.assert_allclose(some.p, every.p, atol=0.03)


def test_arrangements_keep_the_sizes_of_the_groups():
    """All of them are different where they are few; at random the observed one comes first."""
    few = np.concatenate(list(arrange(8, 3)))
    many = np.concatenate(list(arrange(30, 12, most=500)))

    assert few.shape == (56, 8)
    assert len(np.unique(few, axis=0)) == 56
    assert (few.sum(axis=1) == 3).all()
    assert many.shape == (500, 30)
    assert (many.sum(axis=1) == 12).all()
    assert many[0].tolist() == [False] * 18 + [True] * 12


def test_memory_does_not_grow_with_the_arrangements():
    """A hundred times as many take no more than twice as much."""
    one, other = groups(20, 20, 256)
    peaks = []
    for most in (200, 20_000):
        tracemalloc.start()
        score_difference(one, other, most=most)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < 2 * peaks[0]
