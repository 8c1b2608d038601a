"""Could the labels be anybody's? The difference of two groups against every way of labelling them, for many values.

The band holds for all values at once: it is the quantile of the largest |t| among them (Westfall & Young 1993,
"Resampling-based multiple testing"; Nichols & Holmes 2002, Hum. Brain Mapp. 15:1).
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
    scale = np.abs(values).max(initial=0.0)
    squares = np.square(centred).sum(axis=0)
    varies = squares > units * (STILL * scale) ** 2
    difference = np.where(varies, second.mean(axis=0) - first.mean(axis=0), 0.0)
    shares = 1 / later + 1 / (units - later)
    observed = np.zeros((1, units), bool)
    observed[:, -later:] = True
    t = _t_values(observed, centred, squares, varies)[0]
    effect = np.full(values.shape[1], np.nan)
    if units > 2:
        effect[varies] = t[varies] * np.sqrt(shares) * (1 - 3 / (4 * (units - 2) - 1))
    untested = np.full(values.shape[1], np.nan)
    if min(later, units - later) < fewest:
        return Tested(difference, effect, untested, untested, np.nan, 0)
    largest = np.concatenate(
        [np.abs(_t_values(ways, centred, squares, varies)).max(axis=1) for ways in arrange(units, later, most, seed)]
    )
    largest.sort()
    counts = len(largest)
    slack = 1 - 1e-9  # rounding makes no arrangement smaller than its mirror image
    p = (counts - np.searchsorted(largest, slack * np.abs(t))) / counts
    critical = largest[counts - 1 - int(LEVEL * counts)]
    residual = squares - np.square(difference) / shares
    error = np.sqrt(np.maximum(residual, 0) / (units - 2) * shares)
    mirrored = 2 if 2 * later == units else 1
    return Tested(
        difference,
        effect,
        critical * error,
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


def _t_values(
    ways: NDArray[np.bool_], centred: NDArray[np.float64], squares: NDArray[np.float64], varies: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Student's t with a pooled variance of each value in each arrangement, (P, D) array; 0 where nothing varies.

    With the values' mean at 0, the sums over the second group say all: those over the first are their negatives.
    """
    units, later = len(centred), int(ways[0].sum())
    shares = 1 / later + 1 / (units - later)
    difference = (ways.astype(np.float64) @ centred) * shares  # (P, D)
    residual = squares - np.square(difference) / shares
    freedom = max(units - 2, 1)
    error = np.sqrt(np.maximum(residual, STILL * squares) / freedom * shares)
    return np.where(varies, difference / np.where(varies, error, 1.0), 0.0)
