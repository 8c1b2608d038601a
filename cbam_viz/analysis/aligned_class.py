"""The curve of one class on a common axis, and what could refute it; how its gates were aligned is nothing to it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 19
"""Of what chance gives: one curve in twenty swings more than all of them where there is nothing."""
CHANCE = (0.05, 0.95)


@dataclass(frozen=True, eq=False)
class AlignedClass:
    """M_s of one class on the common axis, and what could refute it; B cells.

    Parameters
    ----------
    words : of the class.
    witnesses, recordings, triggers : what it was averaged over.
    mean : (B,) array, over the witnesses.
    spread : (B,) array, standard deviation over the witnesses; NaN with one.
    flat : (B,) array, the same with every window's gate held at its mean.
    other : (B,) array, the gate of another class at these triggers; `other_words` says whose.
    low, high : (B,) arrays, from the 5 % to the 95 % quantile of what triggers by chance give.
    swing : highest less lowest value of `mean`.
    swing_by_chance : the largest of the same for triggers by chance.
    too_coarse : whether the block has fewer than four positions a fault period, so that it can't show it.
    """

    words: str
    witnesses: int
    recordings: int
    triggers: int
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    flat: NDArray[np.float64]
    other: NDArray[np.float64]
    other_words: str
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    swing: float
    swing_by_chance: float
    too_coarse: bool


@dataclass(frozen=True, eq=False)
class Folds:
    """Aligned gates of one recording: (B,) arrays, and (draws, B) for chance; NaN in empty cells.

    Parameters
    ----------
    own : the gate itself.
    flat : the same with every window's gate held at its mean.
    other : the gate of a recording of another class.
    by_chance : the gate as every draw aligns it.
    """

    own: NDArray[np.float64]
    flat: NDArray[np.float64]
    other: NDArray[np.float64]
    by_chance: NDArray[np.float64]


def find_partners(labels: NDArray[np.int64]) -> list[int]:
    """For each recording one of the class that follows, one after another; of its own where there is one class."""
    present, members = np.unique(labels), {label: np.flatnonzero(labels == label) for label in labels}
    partners = []
    for number, label in enumerate(labels):
        others = members[present[(np.searchsorted(present, label) + 1) % len(present)]]
        partners.append(int(others[(labels[:number] == label).sum() % len(others)]))
    return partners


def average_class(
    words: str,
    other_words: str,
    folds: Sequence[Folds],
    witness: NDArray[np.int64],
    triggers: int,
    too_coarse: bool = False,
) -> AlignedClass:
    """The curve of one class with its controls: over the recordings of each witness, then over the witnesses.

    Parameters
    ----------
    words, other_words : of the class, and of the one beside it.
    folds : of its recordings.
    witness : (R,) array, whose each of them is.
    triggers, too_coarse : see `AlignedClass`.
    """
    of_witnesses = _over_witnesses([each.own for each in folds], witness)
    mean = _mean(of_witnesses)
    by_chance = _mean(_over_witnesses([each.by_chance for each in folds], witness))  # (draws, B)
    low, high = np.quantile(by_chance, CHANCE, axis=0)
    return AlignedClass(
        words=words,
        witnesses=len(of_witnesses),
        recordings=len(folds),
        triggers=triggers,
        mean=mean,
        spread=of_witnesses.std(axis=0, ddof=1) if len(of_witnesses) > 1 else np.full(len(mean), np.nan),
        flat=_mean(_over_witnesses([each.flat for each in folds], witness)),
        other=_mean(_over_witnesses([each.other for each in folds], witness)),
        other_words=other_words,
        low=low,
        high=high,
        swing=_swing(mean),
        swing_by_chance=max(map(_swing, by_chance)),
        too_coarse=too_coarse,
    )


def _over_witnesses(folds: Sequence[NDArray[np.float64]], witness: NDArray[np.int64]) -> NDArray[np.float64]:
    """Mean over the recordings of each witness, (U, ...) array."""
    rows = np.stack(folds)
    return np.stack([_mean(rows[witness == each]) for each in np.unique(witness)])


def _mean(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over the rows that fill a cell, (...) array from (rows, ...); NaN where none does."""
    filled = np.isfinite(rows)
    counts = filled.sum(axis=0)
    return np.where(counts > 0, np.where(filled, rows, 0).sum(axis=0) / counts.clip(1), np.nan)


def _swing(curve: NDArray[np.float64]) -> float:
    """Highest less lowest value of a curve."""
    filled = curve[np.isfinite(curve)]
    return float(np.ptp(filled)) if len(filled) else np.nan
