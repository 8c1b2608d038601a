"""M_s of every class on a common axis: about the impacts, or over the fault's period.

What is aligned on loud moments peaks there by itself, so beside each curve stand the same with the gate flattened, with
triggers by chance, and with the gate of another class at these very triggers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.aligned_class import DRAWS, AlignedClass, Folds, average_class, find_partners
from cbam_viz.analysis.folding import fold_gate
from cbam_viz.analysis.labelled import LabelledSet
from cbam_viz.analysis.triggers import By, Triggers, find_triggers
from cbam_viz.attention.record import BlockRecord

BEFORE_MS, AFTER_MS = 4.0, 12.0
"""About an impact."""
FINEST, COARSEST = 64, 8
"""Cells a period."""
QUARTER = 4
"""Positions a period, with fewer of which a gate can't show it."""


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
    members = np.array([each.member for each in found])
    partners = members[find_partners(labelled.labels[members])]
    folds = []
    for each, partner in zip(found, partners, strict=True):
        offsets = place * (each.period if by == "period" else fs / 1000)
        folds.append(_fold(labelled, gates, each, int(partner), offsets))
    quantiles = labelled.card.reference[block].spatial_quantiles
    return AlignedTrace(
        block=gates.name,
        by=by,
        place=place,
        classes=tuple(
            _of_class(labelled, found, folds, partners, label, stride) for label in np.unique(labelled.labels[members])
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


def _fold(
    labelled: LabelledSet, gates: BlockRecord, triggers: Triggers, partner: int, offsets: NDArray[np.float64]
) -> Folds:
    """The gate of one recording behind its triggers, and what could refute it; `partner` is of another class."""
    grid, window = (gates.receptive_field.centre(0), gates.receptive_field.stride), labelled.card.preparation.window

    def behind(member: int, moments: Sequence[NDArray[np.float64]], flat: bool = False) -> NDArray[np.float64]:
        gate = gates.spatial_attention[labelled.starts[member] : labelled.starts[member + 1]]
        if flat:
            gate = np.broadcast_to(gate.mean(axis=1, keepdims=True), gate.shape)
        return fold_gate(gate, labelled.members[member].windows.starts, window, grid, moments, offsets)

    own, *by_chance = behind(triggers.member, [triggers.own, *triggers.by_chance])
    (flat,), (other,) = behind(triggers.member, [triggers.own], flat=True), behind(partner, [triggers.own])
    return Folds(own, flat, other, np.stack(by_chance))


def _of_class(
    labelled: LabelledSet,
    found: Sequence[Triggers],
    folds: Sequence[Folds],
    partners: NDArray[np.int64],
    label: int,
    stride: int,
) -> AlignedClass:
    """The curve of one class with its controls; `partners` are the recordings beside those that were found."""
    own = [number for number, each in enumerate(found) if labelled.labels[each.member] == label]
    period = np.median([found[number].period for number in own])
    return average_class(
        labelled.classes[label].words,
        labelled.classes[labelled.labels[partners[own[0]]]].words,
        [folds[number] for number in own],
        labelled.witness_of[[found[number].member for number in own]],
        sum(len(found[number].own) for number in own),
        bool(stride > period / QUARTER),  # False for NaN
    )
