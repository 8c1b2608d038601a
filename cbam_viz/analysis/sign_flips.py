"""Do so many differences favour one side? Each may as well have had the other sign, if nothing does; and many at once.

Fisher's test of paired differences (1935, "The Design of Experiments", section 21): it asks nothing of their
distribution but that it is symmetric where there is no effect. Holm's correction (1979, Scand. J. Statist. 6:65) holds
for tests that depend on each other in any way.
"""

import numpy as np
from numpy.typing import NDArray

MOST_EXACT = 15
"""Differences whose every choice of signs is looked at; of more, so many choices are drawn as 15 have."""
SAME = 1 - 1e-9
"""Rounding makes no choice of signs smaller than its mirror image."""


def flip_signs(differences: NDArray[np.float64], seed: int = 0) -> NDArray[np.float64]:
    """Two-sided p of each test: the share of choices of signs whose |sum| is at least the observed one, (D,) array.

    NaN where a difference is not known, and where there is none.

    Parameters
    ----------
    differences : (n, D) array, one independent unit a row.
    seed : of the choices, where not all are looked at.
    """
    units = len(differences)
    if not units:
        return np.full(differences.shape[1], np.nan)
    if units <= MOST_EXACT:
        signs = 1.0 - 2.0 * (np.arange(2**units)[:, None] >> np.arange(units) & 1)  # (2^n, n)
    else:
        signs = 1.0 - 2.0 * np.random.default_rng(seed).integers(0, 2, (2**MOST_EXACT, units), np.int8)
        signs[0] = 1.0
    sums = np.abs(signs @ differences)
    p = (sums >= SAME * sums[0]).mean(axis=0)
    return np.where(np.isfinite(sums[0]), p, np.nan)


def smallest_p(units: int) -> float:
    """What so many differences can reach, if all have one sign; NaN for none."""
    if not units:
        return float("nan")
    return float(2.0 ** (1 - units) if units <= MOST_EXACT else 2.0**-MOST_EXACT)


def correct_holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """P of (D,) tests at once, such that with none of them true, one at or below the level is as rare as the level.

    Where a test gave none it is NaN, and counts for nothing.
    """
    order = np.argsort(p, kind="stable")  # NaN last
    tests = int(np.isfinite(p).sum())
    stepped = np.maximum.accumulate(p[order[:tests]] * np.arange(tests, 0, -1))
    corrected = np.full(len(p), np.nan)
    corrected[order[:tests]] = np.minimum(stepped, 1.0)
    return corrected
