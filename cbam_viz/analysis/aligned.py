"""M_s of every class on a common axis: about the impacts, or over the fault's period.

What is aligned on loud moments peaks there by itself, so beside each curve stand the same with the gate flattened, with
triggers by chance, and with the gate of another class at these very triggers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.folding import fold_gate
from cbam_viz.analysis.labelled import LabelledSet
from cbam_viz.analysis.triggers import By, Triggers, find_triggers
from cbam_viz.attention.record import BlockRecord

DRAWS = 19
"""Of triggers by chance: one curve in twenty swings more than all of them where there is nothing."""
BEFORE_MS, AFTER_MS = 4.0, 12.0
"""About an impact."""
FINEST, COARSEST = 64, 8
"""Cells a period."""
QUARTER = 4
"""Positions a period, with fewer of which a gate can't show it."""
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
class AlignedTrace:
    """What the aligned gates draw.

    Parameters
    ----------
    block : name of the block.
    by : what they are aligned by; ``trigger``: the pulse that every window begins at, see `since_pulse`.
    place : (B,) array, middle of each cell: ms after an impact, fault periods after the envelope's crest, or µs since
        the pulse.
    classes : those of which something could be aligned.
    left_out : a sentence on each recording that could not.
    usual : 1 % and 99 % quantile of M_s over the network's data set: the scale, the same for every set.
    true_impacts : whether the impacts are those of the simulation, not found in the signal.
    """

    block: str
    by: By | Literal["trigger"]
    place: NDArray[np.float64]
    classes: tuple[AlignedClass, ...]
    left_out: tuple[str, ...]
    usual: tuple[float, float]
    true_impacts: bool


@dataclass(frozen=True, eq=False)
class _Folds:
    """Aligned gates of one recording: (B,) arrays, and (draws, B) for triggers by chance; NaN in empty cells."""

    own: NDArray[np.float64]
    flat: NDArray[np.float64]
    other: NDArray[np.float64]
    by_chance: NDArray[np.float64]


def trace_aligned(
    labelled: LabelledSet, block: int, by: By = "impacts", periods: int = 1, draws: int = DRAWS, seed: int = 0
) -> AlignedTrace:
    """Average one block's M_s behind the triggers of every recording; see `fold_gate`.

    A healthy class is folded at the period of the first fault of the set.

    Parameters
    ----------
    labelled : the set.
    block : index of the block, which must have a spatial gate.
    by : ``impacts``, the true ones of a simulation or those found in the signal, or the fault's ``period``.
    periods : in view, when aligned by the period.
    draws : of triggers by chance.
    seed : of the draws.

    Raises
    ------
    InputError
        If no recording can be aligned.
    """
    gates, fs = labelled.record.blocks[block], labelled.card.preparation.fs
    found, left_out = find_triggers(labelled, by, draws, seed)
    stride = gates.receptive_field.stride
    place = _place_by_period(found, periods, stride) if by == "period" else _place_by_impacts(fs, stride)
    labels = labelled.labels[[each.member for each in found]]
    partners = _partners(labels)
    folds = []
    for each, partner in zip(found, partners, strict=True):
        offsets = place * (each.period if by == "period" else fs / 1000)
        folds.append(_fold(labelled, gates, each, found[partner].member, offsets))
    quantiles = labelled.card.reference[block].spatial_quantiles
    return AlignedTrace(
        block=gates.name,
        by=by,
        place=place,
        classes=tuple(
            _of_class(
                labelled,
                found,
                folds,
                np.flatnonzero(labels == label),
                int(labels[partners][labels == label][0]),
                stride,
            )
            for label in np.unique(labels)
        ),
        left_out=tuple(left_out),
        usual=(quantiles[0], quantiles[-1]),
        true_impacts=by == "impacts" and all(member.windows.impacts is not None for member in labelled.members),
    )


def _place_by_period(found: Sequence[Triggers], periods: int, stride: int) -> NDArray[np.float64]:
    """Middle of each cell in fault periods, (B,) array; a cell is about a position."""
    cells = int(np.clip(np.median([each.period for each in found]) / stride, COARSEST, FINEST))
    return (np.arange(periods * cells) + 0.5) / cells


def _place_by_impacts(fs: float, stride: int) -> NDArray[np.float64]:
    """Middle of each cell in ms after an impact, (B,) array; a cell is a position."""
    first, last = round(-BEFORE_MS * fs / 1000 / stride), round(AFTER_MS * fs / 1000 / stride)
    return np.arange(first, last + 1) * stride * 1000 / fs


def _partners(labels: NDArray[np.int64]) -> list[int]:
    """For each recording one of the class that follows, one after another; of its own where there is one class."""
    present, members = np.unique(labels), {label: np.flatnonzero(labels == label) for label in labels}
    partners = []
    for number, label in enumerate(labels):
        others = members[present[(np.searchsorted(present, label) + 1) % len(present)]]
        partners.append(int(others[(labels[:number] == label).sum() % len(others)]))
    return partners


def _fold(
    labelled: LabelledSet, gates: BlockRecord, triggers: Triggers, partner: int, offsets: NDArray[np.float64]
) -> _Folds:
    """The gate of one recording behind its triggers, and what could refute it; `partner` is of another class."""
    grid, window = (gates.receptive_field.centre(0), gates.receptive_field.stride), labelled.card.preparation.window

    def behind(member: int, moments: Sequence[NDArray[np.float64]], flat: bool = False) -> NDArray[np.float64]:
        gate = gates.spatial_attention[labelled.starts[member] : labelled.starts[member + 1]]
        if flat:
            gate = np.broadcast_to(gate.mean(axis=1, keepdims=True), gate.shape)
        return fold_gate(gate, labelled.members[member].windows.starts, window, grid, moments, offsets)

    own, *by_chance = behind(triggers.member, [triggers.own, *triggers.by_chance])
    (flat,), (other,) = behind(triggers.member, [triggers.own], flat=True), behind(partner, [triggers.own])
    return _Folds(own, flat, other, np.stack(by_chance))


def _of_class(
    labelled: LabelledSet,
    found: Sequence[Triggers],
    folds: Sequence[_Folds],
    own: NDArray[np.int64],
    other: int,
    stride: int,
) -> AlignedClass:
    """The curve of one class with its controls; its recordings are `own`, and `other` is the class beside it."""
    members = np.array([found[number].member for number in own])
    witness = labelled.witness_of[members]
    of_witnesses = _over_witnesses([folds[number].own for number in own], witness)
    mean = _mean(of_witnesses)
    by_chance = _mean(_over_witnesses([folds[number].by_chance for number in own], witness))  # (draws, B)
    low, high = np.quantile(by_chance, CHANCE, axis=0)
    period = np.median([found[number].period for number in own])
    return AlignedClass(
        words=labelled.classes[labelled.labels[members[0]]].words,
        witnesses=len(of_witnesses),
        recordings=len(own),
        triggers=sum(len(found[number].own) for number in own),
        mean=mean,
        spread=of_witnesses.std(axis=0, ddof=1) if len(of_witnesses) > 1 else np.full(len(mean), np.nan),
        flat=_mean(_over_witnesses([folds[number].flat for number in own], witness)),
        other=_mean(_over_witnesses([folds[number].other for number in own], witness)),
        other_words=labelled.classes[other].words,
        low=low,
        high=high,
        swing=_swing(mean),
        swing_by_chance=max(map(_swing, by_chance)),
        too_coarse=bool(stride > period / QUARTER),  # False for NaN
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
