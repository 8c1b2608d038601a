"""Scores of many windows as one row each: recordings are the witnesses, so it is they that are drawn anew."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.ranks import BAND
from cbam_viz.analysis.score import Score
from cbam_viz.network.trust_table import TrustRow

DRAWS = 2_000
DIGITS = 4
"""That a card keeps."""


def average_scores(recordings: Sequence[Sequence[Score]], seed: int = 0) -> tuple[TrustRow, ...]:
    """The mean of every test over recordings, with 95 % of the means when the recordings are drawn anew.

    Each recording counts the same, as the mean of its windows that gave a number (Efron 1979: the bootstrap draws what
    is independent). A single recording has no band.

    Parameters
    ----------
    recordings : the scores of all windows of each.
    seed : of the drawing.
    """
    tests = dict.fromkeys((score.name, score.block) for scores in recordings for score in scores)
    return tuple(_average(name, block, recordings, seed) for name, block in tests)


def _average(name: str, block: str, recordings: Sequence[Sequence[Score]], seed: int) -> TrustRow:
    """One test of one block."""
    known = [
        [(score.value, score.control) for score in scores if (score.name, score.block) == (name, block)]
        for scores in recordings
    ]
    known = [numbers for each in known if (numbers := [pair for pair in each if not math.isnan(pair[0])])]
    if not known:
        return TrustRow(name, block, None, None, None, None, 0, 0)
    means = np.array([np.mean(numbers, axis=0) for numbers in known])  # (R, 2)
    value, control = means.mean(axis=0)
    low, high = _drawn_anew(means[:, 0], seed)
    return keep_score(Score(name, block, value, control, low, high), sum(map(len, known)), len(known))


def _drawn_anew(values: NDArray[np.float64], seed: int) -> tuple[float, float]:
    """95 % of the means over as many values drawn with replacement."""
    if len(values) < 2:
        return math.nan, math.nan
    rows = np.random.default_rng(seed).integers(0, len(values), (DRAWS, len(values)))
    low, high = np.quantile(values[rows].mean(axis=1), BAND)
    return float(low), float(high)


def keep_score(score: Score, windows: int, recordings: int) -> TrustRow:
    """A score over a set as a row, rounded as a card keeps it.

    Parameters
    ----------
    score : with its band.
    windows, recordings : that gave a number.
    """
    value, control, low, high = map(_kept, (score.value, score.control, score.low, score.high))
    return TrustRow(score.name, score.block, value, control, low, high, windows, recordings)


def _kept(number: float) -> float | None:
    """As a card keeps it."""
    return round(float(number), DIGITS) + 0.0 if math.isfinite(number) else None
