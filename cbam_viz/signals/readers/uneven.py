"""An even grid for samples at uneven times, as circuit simulators with steps of their own and some recorders write.

Times that only lost some samples get none: what lies in a gap would be an invention.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from cbam_viz.signals.readers.times import EVEN_TOLERANCE, in_ms, rate_of_table
from cbam_viz.signals.signal import HIGHEST_FS_HZ, LOWEST_FS_HZ

FEW_STEPS = 0.05
"""Of the steps are shorter than one of the grid; each of its values is the mean over one, so that these do not fold."""
MOST_SAMPLES = 1_000_000
MOST_SHARED = 0.1
"""Of the times may be written twice, as simulators do at a jump; more of them are times of too few digits."""


@dataclass(frozen=True, eq=False)
class Grid:
    """An even grid over uneven times.

    Parameters
    ----------
    times : (T,) array in s, never falling.
    fs : rate of the grid in Hz.
    samples : on the grid.
    note : one sentence on it.
    """

    times: NDArray[np.float64]
    fs: float
    samples: int
    note: str

    def fill(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The mean over each step of the grid of the monotone cubic through the values, (samples,) array.

        Parameters
        ----------
        values : (T,) array; NaN where one is missing, and so is what lies beside it.
        """
        known = np.isfinite(values)
        at, first, shared = np.unique(self.times[known], return_index=True, return_counts=True)
        places = self.times[0] + np.arange(self.samples) / self.fs
        if len(at) < 2:
            return np.full(self.samples, np.nan)
        curve = PchipInterpolator(at, np.add.reduceat(values[known], first) / shared).antiderivative()
        low, high = (np.clip(places + side / self.fs, at[0], at[-1]) for side in (-0.5, 0.5))
        means = (curve(high) - curve(low)) / np.maximum(high - low, np.finfo(float).tiny)
        missing = np.interp(places, self.times, ~known) > 0
        return np.where(missing, np.nan, means)


def even_grid(times: NDArray[np.float64]) -> Grid | None:
    """A grid for uneven times in s, (T,) array; None where they run back, stand, miss some, or lost samples only."""
    steps = np.diff(times)
    if not np.isfinite(times).all() or not len(steps) or steps.min() < 0:
        return None
    moving = steps[steps > 0]
    if len(moving) < (1 - MOST_SHARED) * len(steps) or moving.min() > (1 - EVEN_TOLERANCE) * np.median(moving):
        return None
    duration = float(times[-1] - times[0])
    rate = min(1 / float(np.quantile(moving, FEW_STEPS)), (MOST_SAMPLES - 1) / duration, HIGHEST_FS_HZ)
    decade = 10.0 ** np.floor(np.log10(rate))
    fs = float(decade * next(digit for digit in (1, 2, 5, 10) if digit * decade >= rate * (1 - 1e-9)))
    if fs < LOWEST_FS_HZ:
        return None
    note = (
        f"Its times are uneven, with steps from {in_ms(moving.min())} to {in_ms(moving.max())} ms: brought to an even "
        f"{fs:.10g} Hz by monotone cubic interpolation, each value the mean over a step of that grid."
    )
    return Grid(times, fs, int(duration * fs * (1 + 1e-12)) + 1, note)


def grid_of_table(
    stated: float | None, times: NDArray[np.float64] | None, second: float
) -> tuple[float | None, str, Grid | None]:
    """As `rate_of_table`, and where that gives no rate, the grid on which uneven times have one.

    Parameters
    ----------
    stated : rate in Hz above the numbers, None if there is none.
    times : (T,) array, in units of `second` s; None if there are none.
    """
    fs, note = rate_of_table(stated, times, second)
    grid = even_grid(times * second) if fs is None and times is not None else None
    return (fs, note, None) if grid is None else (grid.fs, grid.note, grid)
