"""M_s of every class on a common axis: about the impacts, or over the fault's period.

What is aligned on loud moments peaks there by itself, so beside each curve stand the same with the gate flattened, with
triggers at random moments, and with the gate of another class at these very triggers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.impacts import detect_impacts
from cbam_viz.analysis.labelled import LabelledSet, Member
from cbam_viz.analysis.period import FEWEST_PERIODS, SHORTEST_S, find_period_starts
from cbam_viz.errors import InputError

By = Literal["impacts", "period"]
DRAWS = 20
"""Of random triggers."""
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
    low, high : (B,) arrays, from the 5 % to the 95 % quantile of what random triggers give.
    swing : highest less lowest value of `mean`.
    swing_by_chance : 95 % quantile of the same for random triggers.
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
    by : what they are aligned by.
    place : (B,) array, middle of each cell: ms after an impact, or fault periods after the envelope's crest.
    classes : those of which something could be aligned.
    left_out : a sentence on each recording that could not.
    usual : 1 % and 99 % quantile of M_s over the network's data set: the scale, the same for every set.
    true_impacts : whether the impacts are those of the simulation, not found in the signal.
    """

    block: str
    by: By
    place: NDArray[np.float64]
    classes: tuple[AlignedClass, ...]
    left_out: tuple[str, ...]
    usual: tuple[float, float]
    true_impacts: bool


@dataclass(frozen=True, eq=False)
class _Aligned:
    """One recording: the gate of its windows, its triggers, and how far behind them each cell lies, in samples.

    `period` of the fault is in samples too, NaN where it is not known.
    """

    label: int
    witness: int
    gate: NDArray[np.float32]
    starts: NDArray[np.int64]
    window: int
    period: float
    triggers: NDArray[np.float64]
    offsets: NDArray[np.float64]


def trace_aligned(
    labelled: LabelledSet, block: int, by: By = "impacts", periods: int = 1, draws: int = DRAWS, seed: int = 0
) -> AlignedTrace:
    """Average one block's M_s behind the triggers of every recording.

    Each trigger takes, for every cell, the position whose middle lies nearest, in the window that the trigger falls in;
    what lies outside that window is left out. A healthy class is folded at the period of the first fault of the set.

    Parameters
    ----------
    labelled : the set.
    block : index of the block, which must have a spatial gate.
    by : ``impacts``, the true ones of a simulation or those found in the signal, or the fault's ``period``.
    periods : in view, when aligned by the period.
    draws : of random triggers.
    seed : of the random triggers.

    Raises
    ------
    InputError
        If no recording can be aligned.
    """
    gates = labelled.record.blocks[block]
    stride, fs = gates.receptive_field.stride, labelled.card.preparation.fs
    lines = [_line(labelled, member) for member in labelled.members]
    known = [fs / hz for hz in lines if hz]
    cells = int(np.clip(np.median(known) / stride, COARSEST, FINEST)) if known else COARSEST
    if by == "period":
        place = (np.arange(periods * cells) + 0.5) / cells
    else:
        first, last = round(-BEFORE_MS * fs / 1000 / stride), round(AFTER_MS * fs / 1000 / stride)
        place = np.arange(first, last + 1) * stride * 1000 / fs
    aligned, left_out = [], []
    for number, member in enumerate(labelled.members):
        found = _triggers(member, lines[number], by, fs)
        if isinstance(found, str):
            left_out.append(f"{member.name} {found}")
            continue
        hz = lines[number]
        period = fs / hz if hz else np.nan
        aligned.append(
            _Aligned(
                int(labelled.labels[number]),
                int(labelled.witness_of[number]),
                gates.spatial_attention[labelled.starts[number] : labelled.starts[number + 1]],
                member.windows.starts,
                labelled.card.preparation.window,
                period,
                found,
                place * period if by == "period" else place * fs / 1000,
            )
        )
    if not aligned:
        raise InputError(
            "To align a gate, a recording needs a shaft speed and a bearing, or moments that stand out of its noise, "
            f"but none of {len(labelled.members)} has them ({left_out[0]}). Give speed and bearing with the labels."
        )
    rng, grid = np.random.default_rng(seed), (gates.receptive_field.centre(0), stride)
    present = sorted({each.label for each in aligned})
    partners = [_partner(number, aligned, present) for number in range(len(aligned))]
    folds = _Folds(
        own=_stack(_behind(each, each.gate, each.triggers, each.offsets, grid) for each in aligned),
        flat=_stack(_behind(each, _flat(each.gate), each.triggers, each.offsets, grid) for each in aligned),
        other=_stack(
            _behind(partner, partner.gate, each.triggers, each.offsets, grid)
            for each, partner in zip(aligned, partners, strict=True)
        ),
        random=np.stack(
            [_behind(each, each.gate, _anywhere(each, draws, rng), each.offsets, grid) for each in aligned], axis=1
        ),
    )
    classes = tuple(_of_class(labelled, aligned, partners, folds, label, stride) for label in present)
    quantiles = labelled.card.reference[block].spatial_quantiles
    return AlignedTrace(
        block=gates.name,
        by=by,
        place=place,
        classes=classes,
        left_out=tuple(left_out),
        usual=(quantiles[0], quantiles[-1]),
        true_impacts=by == "impacts" and all(member.windows.impacts is not None for member in labelled.members),
    )


@dataclass(frozen=True, eq=False)
class _Folds:
    """Aligned gates of all A recordings: (A, B) arrays, and (draws, A, B) for random triggers; NaN in empty cells."""

    own: NDArray[np.float64]
    flat: NDArray[np.float64]
    other: NDArray[np.float64]
    random: NDArray[np.float64]


def _line(labelled: LabelledSet, member: Member) -> float | None:
    """Nominal frequency in Hz of a recording's own fault, or of the set's first where it has none; None if unknown."""
    if member.bearing is None or member.shaft_hz is None:
        return None
    faults = {name.key: name.fault for name in labelled.classes}
    fault = faults[member.label] or next((fault for fault in faults.values() if fault), None)
    return member.bearing.fault_line(fault, member.shaft_hz)[1] if fault else None


def _triggers(member: Member, line: float | None, by: By, fs: float) -> NDArray[np.float64] | str:
    """Triggers of a recording in samples, (I,) array, or why there are none."""
    samples = member.windows.samples
    if by == "impacts":
        true = member.windows.impacts
        found = true if true is not None and len(true) else detect_impacts(samples, fs, 1 / line if line else None)
        return found if len(found) else "has no moment that stands out of its noise"
    reason = _no_period(member, line, fs)
    return reason or find_period_starts(samples, fs, line or 0.0)


def _no_period(member: Member, line: float | None, fs: float) -> str:
    """Why a recording has no fault period to fold at; empty if it has one."""
    samples = member.windows.samples
    if member.bearing is None or member.shaft_hz is None:
        return "tells no shaft speed or no bearing"
    if line is None:
        return "has no fault whose period is known, nor has any class of the set"
    if len(samples) < SHORTEST_S * fs:
        return f"lasts {len(samples) / fs:.2f} s, too short to refine its period (it takes {SHORTEST_S:g} s)"
    if line <= 0 or len(samples) < FEWEST_PERIODS * fs / line:
        return f"holds too few fault periods to refine one (it takes {FEWEST_PERIODS})"
    if line * 2 > fs / 2:
        return f"has a fault line at {line:.0f} Hz, beyond what its windows resolve"
    return ""


def _behind(
    of: _Aligned,
    gate: NDArray[np.float32],
    triggers: NDArray[np.float64],
    offsets: NDArray[np.float64],
    grid: tuple[float, int],
) -> NDArray[np.float64]:
    """Mean gate in each cell behind the triggers, (..., B) array; NaN in a cell that no trigger fills.

    Parameters
    ----------
    of : whose windows are looked into.
    gate : (n, L) array, of these windows.
    triggers, offsets : (..., I) and (B,) arrays in samples.
    grid : middle of position 0, and the stride, in samples.
    """
    window = np.searchsorted(of.starts, triggers, "right") - 1
    inside = (window >= 0) & (triggers < of.starts[window] + of.window)
    middle, stride = grid
    local = (triggers - of.starts[window] - middle)[..., None] + offsets  # (..., I, B)
    position = np.floor(local / stride + 0.5).astype(np.int64)
    seen = (position >= 0) & (position < gate.shape[1]) & inside[..., None]
    values = gate[window[..., None], position.clip(0, gate.shape[1] - 1)]
    counts = seen.sum(axis=-2)
    sums = np.where(seen, values, 0).sum(axis=-2, dtype=np.float64)
    return np.where(counts > 0, sums / counts.clip(1), np.nan)


def _flat(gate: NDArray[np.float32]) -> NDArray[np.float32]:
    """Every window's gate held at its mean over time."""
    return np.broadcast_to(gate.mean(axis=1, keepdims=True), gate.shape)


def _anywhere(of: _Aligned, draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """As many triggers at random moments of the same windows, (draws, I) array."""
    return rng.uniform(of.starts[0], of.starts[-1] + of.window, (draws, len(of.triggers)))


def _partner(number: int, aligned: Sequence[_Aligned], present: Sequence[int]) -> _Aligned:
    """A recording of the class that follows, one after another; the recording itself where there is one class."""
    following = present[(present.index(aligned[number].label) + 1) % len(present)]
    others = [each for each in aligned if each.label == following]
    rank = sum(each.label == aligned[number].label for each in aligned[:number])
    return others[rank % len(others)]


def _stack(rows: Iterable[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Rows below each other."""
    return np.stack(list(rows))


def _of_class(
    labelled: LabelledSet,
    aligned: Sequence[_Aligned],
    partners: Sequence[_Aligned],
    folds: _Folds,
    label: int,
    stride: int,
) -> AlignedClass:
    """The curve of one class with its controls."""
    own = np.array([number for number, each in enumerate(aligned) if each.label == label])
    witness = np.array([aligned[number].witness for number in own])
    of_witnesses = _over_witnesses(folds.own[own], witness)
    mean = _mean(of_witnesses)
    random = np.stack([_mean(_over_witnesses(draw[own], witness)) for draw in folds.random])  # (draws, B)
    low, high = _quantiles(random)
    period = np.median([aligned[number].period for number in own])
    return AlignedClass(
        words=labelled.classes[label].words,
        witnesses=len(of_witnesses),
        recordings=len(own),
        triggers=sum(len(aligned[number].triggers) for number in own),
        mean=mean,
        spread=of_witnesses.std(axis=0, ddof=1) if len(of_witnesses) > 1 else np.full(len(mean), np.nan),
        flat=_mean(_over_witnesses(folds.flat[own], witness)),
        other=_mean(_over_witnesses(folds.other[own], witness)),
        other_words=labelled.classes[partners[int(own[0])].label].words,
        low=low,
        high=high,
        swing=_swing(mean),
        swing_by_chance=float(np.quantile([_swing(draw) for draw in random], CHANCE[1])),
        too_coarse=bool(stride > period / QUARTER),  # False for NaN
    )


def _over_witnesses(rows: NDArray[np.float64], witness: NDArray[np.int64]) -> NDArray[np.float64]:
    """Mean over the recordings of each witness, (U, B) array."""
    return np.stack([_mean(rows[witness == each]) for each in np.unique(witness)])


def _mean(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over the rows that fill a cell, (B,) array; NaN where none does."""
    filled = np.isfinite(rows)
    counts = filled.sum(axis=0)
    return np.where(counts > 0, np.where(filled, rows, 0).sum(axis=0) / counts.clip(1), np.nan)


def _quantiles(rows: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two quantiles over the rows, (B,) arrays; NaN where some row has an empty cell."""
    low, high = np.quantile(rows, CHANCE, axis=0)
    return low, high


def _swing(curve: NDArray[np.float64]) -> float:
    """Highest less lowest value of a curve."""
    filled = curve[np.isfinite(curve)]
    return float(np.ptp(filled)) if len(filled) else np.nan
