"""Could the labels be anybody's? The difference of two groups against every way of labelling them, for many values.

The band holds for all values at once: it is the quantile of the largest |t| among them (Westfall & Young 1993,
"Resampling-based multiple testing"; Nichols & Holmes 2002, Hum. Brain Mapp. 15:1). With Welch's t a group that only
varies more raises fewer false alarms than with Student's (Janssen 1997, Stat. Probab. Lett. 36:9).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice
from math import comb

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.05
MOST_ARRANGEMENTS = 1000
"""With the one that was observed. Where there are no more, all of them are looked at."""
AT_ONCE = 128
"""Arrangements in memory."""
STILL = 1e-9
"""Of the largest value: what rounding leaves of a value that is the same in all units is less."""
SAME = 1 - 1e-9
"""Rounding makes no arrangement smaller than its mirror image."""


@dataclass(frozen=True, eq=False)
class Tested:
    """The difference of two groups in D values, and what chance would give.

    Parameters
    ----------
    difference : (D,) array, mean of the second group minus that of the first.
    effect : (D,) array, Hedges' g: the difference in pooled standard deviations, corrected for few units (Hedges 1981,
        J. Educ. Stat. 6:107); NaN where nothing varies or a group has one unit and the other too.
    band : (D,) array, the largest |difference| that the level allows, for all values at once; NaN where not tested.
    p : (D,) array, share of all arrangements whose largest |t| is at least this value's; NaN where not tested.
    smallest_p : what so many units can reach; NaN where not tested.
    arrangements : how many were looked at, the observed one included; 0 where not tested.
    """

    difference: NDArray[np.float64]
    effect: NDArray[np.float64]
    band: NDArray[np.float64]
    p: NDArray[np.float64]
    smallest_p: float
    arrangements: int

    @property
    def standing_out(self) -> NDArray[np.int64]:
        """Values beyond the band, the strongest effect first, as indices."""
        found = np.flatnonzero(self.p <= LEVEL)  # False for NaN
        return found[np.argsort(-np.abs(self.effect[found]), kind="stable")]


def score_difference(
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    fewest: int = 5,
    most: int = MOST_ARRANGEMENTS,
    seed: int = 0,
) -> Tested:
    """Compare two groups value by value.

    Parameters
    ----------
    first, second : (n, D) and (m, D) arrays, one independent unit a row.
    fewest : units a group, below which nothing is tested.
    most : arrangements; where there are more, so many less one are drawn at random.
    seed : of the drawing.
    """
    values = np.concatenate([first, second])
    units, later = len(values), len(second)
    centred = values - values.mean(axis=0)
    varies = np.square(centred).sum(axis=0) > units * (STILL * np.abs(values).max(initial=0.0)) ** 2
    scaled = np.where(varies, centred / np.where(varies, centred.std(axis=0), 1.0), 0.0)
    observed = np.arange(units)[None] >= units - later
    t, error = (found[0] for found in _welch(observed, scaled))
    difference = np.where(varies, second.mean(axis=0) - first.mean(axis=0), 0.0)
    effect = np.where(varies, _hedges(first, second), np.nan)
    untested = np.full(values.shape[1], np.nan)
    if min(later, units - later) < fewest:
        return Tested(difference, effect, untested, untested, np.nan, 0)
    largest = np.sort(
        np.concatenate([np.abs(_welch(ways, scaled)[0]).max(axis=1) for ways in arrange(units, later, most, seed)])
    )
    counts = len(largest)
    p = (counts - np.searchsorted(largest, SAME * np.abs(t))) / counts
    critical = largest[counts - 1 - int(LEVEL * counts)]
    mirrored = 2 if 2 * later == units else 1
    return Tested(
        difference,
        effect,
        critical * error * np.where(varies, centred.std(axis=0), 0.0),
        np.where(varies, p, 1.0),
        max(mirrored / comb(units, later), 1 / counts),
        counts,
    )


def arrange(units: int, later: int, most: int = MOST_ARRANGEMENTS, seed: int = 0) -> Iterator[NDArray[np.bool_]]:
    """Ways of choosing the second group, some at a time: (P, units) arrays, true for its members.

    All of them where there are at most so many; otherwise the observed one, the last units, and others at random.
    """
    if comb(units, later) <= most:
        every = combinations(range(units), later)
        while chosen := list(islice(every, AT_ONCE)):
            ways = np.zeros((len(chosen), units), bool)
            np.put_along_axis(ways, np.array(chosen), True, axis=1)
            yield ways
        return
    rng, observed = np.random.default_rng(seed), np.arange(units) >= units - later
    yield observed[None]
    for begin in range(1, most, AT_ONCE):
        yield rng.permuted(np.tile(observed, (min(AT_ONCE, most - begin), 1)), axis=1)


def _welch(ways: NDArray[np.bool_], scaled: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Welch's t of each value in each arrangement, and its standard error; (P, D) arrays.

    Parameters
    ----------
    ways : (P, n + m) array, true for the members of the second group.
    scaled : (n + m, D) array, of mean 0 and standard deviation 1, or 0 where nothing varies.
    """
    squares, means, errors = np.square(scaled), [], []
    for members in (~ways, ways):
        weights, count = members.astype(np.float64), int(members[0].sum())
        mean = weights @ scaled / count
        means.append(mean)
        errors.append((weights @ squares / count - np.square(mean)) / max(count - 1, 1))
    error = np.sqrt(np.maximum(errors[0] + errors[1], STILL**2))
    return (means[1] - means[0]) / error, error


def _hedges(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Difference of the means in pooled standard deviations, corrected for few units, (D,) array."""
    freedom = len(first) + len(second) - 2
    if freedom < 1:
        return np.full(first.shape[1], np.nan)
    within = sum(np.square(group - group.mean(axis=0)).sum(axis=0) for group in (first, second))
    pooled = np.sqrt(np.asarray(within) / freedom)
    floor = STILL * np.abs(np.concatenate([first, second])).max(axis=0) + np.finfo(float).tiny
    return (second.mean(axis=0) - first.mean(axis=0)) / np.maximum(pooled, floor) * (1 - 3 / (4 * freedom - 1))
