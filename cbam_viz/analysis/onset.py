"""When a fault begins to grow slowly: the place from which on its probability rises and does not come back.

An event that ends is none, and neither is a recording that is faulty from its beginning.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kendalltau

STRETCHES = 120
"""Into which a recording is divided; fewer than `FEWEST` show no trend."""
FEWEST = 20
LEAST_RISE = 0.3
"""Of the mean probability, from before the onset to the end."""
SURE = 0.001
"""A rise as even as this is by chance rarer than that (Kendall's tau)."""


@dataclass(frozen=True)
class Onset:
    """Where a slow rise begins.

    Parameters
    ----------
    start_s : in the recording.
    before, at_end : mean probability of a fault before it, and in the last tenth of the recording.
    """

    start_s: float
    before: float
    at_end: float


def find_onset(start_s: NDArray[np.floating], fault: NDArray[np.floating]) -> Onset | None:
    """The onset of a slow rise, None where there is none.

    A level, a straight rise and a higher level are fitted; where the rise of the best fit begins is the onset.

    Parameters
    ----------
    start_s : (N,) array, where each window starts, rising.
    fault : (N,) array, probability of any fault.
    """
    count = min(STRETCHES, len(start_s) // 4)
    if count < FEWEST:
        return None
    stretches = np.array_split(np.arange(len(start_s)), count)
    time = np.array([start_s[each[0]] for each in stretches])
    mean = np.array([fault[each].mean() for each in stretches])
    at_end = float(mean[-max(count // 10, 1) :].mean())
    places = ((first, last) for first in range(3, count - 3) for last in range(first, count - 2))
    best = min(places, key=lambda ends: _misfit(mean, *ends))[0]
    before = float(mean[:best].mean())
    risen = kendalltau(np.arange(count), mean)
    if at_end - before < LEAST_RISE or risen.statistic <= 0 or risen.pvalue > SURE:
        return None
    return Onset(float(time[best]), before, at_end)


def _misfit(mean: NDArray[np.float64], first: int, last: int) -> float:
    """Sum of squares that a level, a straight rise between two places and a level leave over."""
    before, after = mean[:first].mean(), mean[last:].mean()
    fitted = np.interp(np.arange(len(mean)), [first - 1, last], [before, after])
    return float(((mean - fitted) ** 2).sum())
