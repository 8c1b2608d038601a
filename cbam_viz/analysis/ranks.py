"""Rank correlation of gates, many pairs at once: whether two maps rise and fall together, whatever their scales."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

STILL = 1e-6
"""A gate that spans less is constant: what it does is rounding."""
BAND = (0.025, 0.975)
"""Quantiles of a control that a value is set beside."""


def correlate_ranks(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float64]:
    """Spearman's rank correlation of each pair of rows, -1 to 1; NaN where one of them is constant.

    Parameters
    ----------
    first, second : (..., L) arrays whose rows broadcast against each other.
    """
    ranked = [_standardised(rows) for rows in (first, second)]
    return np.asarray(np.einsum("...l,...l->...", *ranked))


def correlate_all(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float64]:
    """Spearman's rank correlation of every row of one with every row of the other, (N, M) array from (N, L), (M, L)."""
    return np.asarray(_standardised(first) @ _standardised(second).T)


def band(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """Mean, 2.5 % and 97.5 % quantile of what is not NaN; NaN where nothing is.

    Of n draws, one draw more lies below the k-th smallest with probability k / (n + 1) (Weibull 1939), whatever they
    are drawn from: so that is the quantile. Fewer than 39 draws can't reach 2.5 %, and then the band is all of them.
    """
    known = values[np.isfinite(values)]
    if not known.size:
        return np.nan, np.nan, np.nan
    low, high = np.quantile(known, BAND, method="weibull")
    return float(known.mean()), float(low), float(high)


def _standardised(rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """Ranks of each row with mean 0 and length 1; NaN for a constant one."""
    ranks = stats.rankdata(rows, axis=-1)
    centred = ranks - (rows.shape[-1] + 1) / 2
    moves = np.ptp(rows, axis=-1, keepdims=True) > STILL
    length = np.sqrt(np.square(centred).sum(axis=-1, keepdims=True))
    return np.where(moves, centred / np.where(moves, length, 1.0), np.nan)
