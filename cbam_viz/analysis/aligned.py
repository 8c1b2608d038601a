"""M_s of every class on a common axis: about the impacts, or over the fault's period.

What is aligned on loud moments peaks there by itself, so beside each curve stand the same with the gate flattened, with
triggers by chance, and with the gate of another class at these very triggers. By chance are random moments beside
impacts, and wrong periods beside the fault's: each is found on the same envelope in the same way, so that what finding
alone brings is in the control too.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.impacts import detect_impacts
from cbam_viz.analysis.labelled import LabelledSet, Member
from cbam_viz.analysis.period import FEWEST_PERIODS, SHORTEST_S, cut_stretches, find_period_starts
from cbam_viz.errors import InputError

By = Literal["impacts", "period"]
DRAWS = 19
"""Of triggers by chance: one curve in twenty swings more than all of them where there is nothing."""
WRONG = (0.62, 1.6)
RIGHT = 0.06
"""Wrong periods are drawn from so much of the fault's frequency, and none so close to it."""
BEFORE_MS, AFTER_MS = 4.0, 12.0
"""About an impact."""
FINEST, COARSEST = 64, 8
"""Cells a period."""
QUARTER = 4
"""Positions a period, with fewer of which a gate can't show it."""
CHANCE = (0.05, 0.95)
AT_ONCE = 4_096
"""Triggers in memory."""


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
    by_chance: tuple[NDArray[np.float64], ...]


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
    draws : of triggers by chance.
    seed : of the draws.

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
    rng, aligned, left_out = np.random.default_rng(seed), [], []
    wrong = _wrong_shares(draws, rng)
    for number, member in enumerate(labelled.members):
        found = _triggers(member, lines[number], by, fs, wrong)
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
                found[0],
                place * period if by == "period" else place * fs / 1000,
                tuple(found[1:]),
            )
        )
    if not aligned:
        raise InputError(
            "To align a gate, a recording needs a shaft speed and a bearing, or moments that stand out of its noise, "
            f"but none of {len(labelled.members)} has them ({left_out[0]}). Give speed and bearing with the labels."
        )
    grid = (gates.receptive_field.centre(0), stride)
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
            [
                _stack(
                    _behind(each, each.gate, triggers, each.offsets, grid)
                    for triggers in each.by_chance or _anywhere(each, draws, rng)
                )
                for each in aligned
            ],
            axis=1,
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


def _triggers(
    member: Member, line: float | None, by: By, fs: float, wrong: NDArray[np.float64]
) -> list[NDArray[np.float64]] | str:
    """Triggers of a recording in samples, (I,) array, then those of every wrong period; or why there are none."""
    samples = member.windows.samples
    if by == "impacts":
        true = member.windows.impacts
        found = true if true is not None and len(true) else detect_impacts(samples, fs, 1 / line if line else None)
        return [found] if len(found) else "has no moment that stands out of its noise"
    if reason := _no_period(member, line, fs):
        return reason
    nominal = line or 0.0
    stretches = cut_stretches(samples, fs, nominal, WRONG[1] * nominal)
    return [find_period_starts(stretches, fs, share * nominal) for share in (1.0, *wrong)]


def _wrong_shares(draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Frequencies as shares of the fault's, away from it and from those at which its own periods line up again."""
    own = np.array([2 / 3, 3 / 4, 4 / 5, 1, 5 / 4, 4 / 3, 3 / 2])
    shares = np.linspace(*WRONG, 2_000)
    apart = np.abs(shares[:, None] / own - 1).min(axis=1)
    return rng.choice(shares[(np.abs(shares - 1) > RIGHT) & (apart > RIGHT / 3)], draws)


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
    """Mean gate in each cell behind the triggers, (B,) array; NaN in a cell that no trigger fills.

    Parameters
    ----------
    of : whose windows are looked into.
    gate : (n, L) array, of these windows.
    triggers, offsets : (I,) and (B,) arrays in samples.
    grid : middle of position 0, and the stride, in samples.
    """
    sums, counts = np.zeros(len(offsets)), np.zeros(len(offsets), np.int64)
    for begin in range(0, len(triggers), AT_ONCE):  # so that memory does not grow with the recording
        some = triggers[begin : begin + AT_ONCE]
        window = np.searchsorted(of.starts, some, "right") - 1
        inside = (window >= 0) & (some < of.starts[window] + of.window)
        some, window = some[inside], window[inside]
        middle, stride = grid
        first = (some - of.starts[window] - middle) / stride + 0.5
        position = np.floor(first[:, None] + offsets / stride).astype(np.int32)  # (I, B)
        seen = (position >= 0) & (position < gate.shape[1])
        values = gate[window[:, None], position.clip(0, gate.shape[1] - 1)]
        counts += seen.sum(axis=0)
        sums += np.where(seen, values, 0).sum(axis=0, dtype=np.float64)
    return np.where(counts > 0, sums / counts.clip(1), np.nan)


def _flat(gate: NDArray[np.float32]) -> NDArray[np.float32]:
    """Every window's gate held at its mean over time."""
    return np.broadcast_to(gate.mean(axis=1, keepdims=True), gate.shape)


def _anywhere(of: _Aligned, draws: int, rng: np.random.Generator) -> Iterator[NDArray[np.float64]]:
    """As many triggers at random moments of the same windows, (I,) array a draw."""
    for _draw in range(draws):
        yield rng.uniform(of.starts[0], of.starts[-1] + of.window, len(of.triggers))


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
        swing_by_chance=max(map(_swing, random)),
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
