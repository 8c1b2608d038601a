"""What a network says, and where it lets pass what, while one part of a circuit drifts, or two at once."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.diagnosis import trace_diagnosis
from cbam_viz.analysis.spatial import place_strip
from cbam_viz.attention.record import AttentionRecord
from cbam_viz.network.card import Card
from cbam_viz.signals.windows import Axis


@dataclass(frozen=True, eq=False)
class Told:
    """What a network says of S responses; K classes, those that nobody tells apart as one.

    Parameters
    ----------
    classes : words of the classes.
    keys : short names of the classes, such as ``C1+``.
    probabilities : (S, K) array.
    named : (S,) array of class numbers.
    deviations : (S,) array in per cent, of the part that is named; NaN where none is.
    """

    classes: tuple[str, ...]
    keys: tuple[str, ...]
    probabilities: NDArray[np.float64]
    named: NDArray[np.int64]
    deviations: NDArray[np.float64]


@dataclass(frozen=True)
class Change:
    """Between which deviations in per cent the diagnosis changes, and from which class to which."""

    low: float
    high: float
    before: int
    after: int


@dataclass(frozen=True, eq=False)
class SweepTrace:
    """What the sweep of one part draws; S steps.

    Parameters
    ----------
    part : its name.
    percent : (S,) array, rising, its deviation.
    told : of every step; rows of NaN where a run failed, which names -1.
    changes : of the diagnosis, in order.
    block : name of the block.
    axis : of time.
    edges : (L + 1,) array, where the cells of the gate end.
    gate : (L, S) array, M_s of the block.
    usual : colour range of M_s.
    moved_spatial, moved_channel : (S,) arrays, mean distance of M_s and M_c from those at the deviation nearest to 0,
        over all blocks; NaN where a run failed.
    known : whether the part's faults are classes of the network.
    """

    part: str
    percent: NDArray[np.float64]
    told: Told
    changes: tuple[Change, ...]
    block: str
    axis: Axis
    edges: NDArray[np.float64]
    gate: NDArray[np.float32]
    usual: tuple[float, float]
    moved_spatial: NDArray[np.float64]
    moved_channel: NDArray[np.float64]
    known: bool


@dataclass(frozen=True, eq=False)
class MapTrace:
    """What the map of two parts draws; S steps each way.

    Parameters
    ----------
    parts : their names, along and up the map.
    percent : (S,) array, deviation of either.
    told : of S * S responses, the first part changing fastest.
    """

    parts: tuple[str, str]
    percent: NDArray[np.float64]
    told: Told

    @property
    def named(self) -> NDArray[np.int64]:
        """Class of each place, (S, S) array, second part first."""
        return self.told.named.reshape(len(self.percent), -1)

    @property
    def sureness(self) -> NDArray[np.float64]:
        """Probability of that class, (S, S) array."""
        return np.nan_to_num(self.told.probabilities).max(axis=1).reshape(len(self.percent), -1)


def read_told(record: AttentionRecord, card: Card, good: NDArray[np.bool_]) -> Told:
    """What a network says of the responses of runs that went well.

    Parameters
    ----------
    record : one window a good run.
    good : (S,) array, whether each run went well.
    """
    rows = [trace_diagnosis(record, card, window) for window in range(len(record))]
    first = rows[0]
    probabilities = np.full((len(good), len(first.classes)), np.nan)
    named, deviations = np.full(len(good), -1), np.full(len(good), np.nan)
    for place, row in zip(np.flatnonzero(good), rows, strict=True):
        best = int(row.ranking[0])
        probabilities[place], named[place] = row.window, best
        if row.parts[best]:
            deviations[place] = row.deviations[best]
    groups = dict.fromkeys(card.alike(name.key) for name in card.classes)
    return Told(first.classes, tuple("/".join(group) for group in groups), probabilities, named, deviations)


def trace_sweep(
    part: str, percent: NDArray[np.float64], record: AttentionRecord, good: NDArray[np.bool_], card: Card, block: int
) -> SweepTrace:
    """Follow what a network says, and one block's gate, along the deviation of a part.

    Parameters
    ----------
    part : its name.
    percent : (S,) array, its deviations.
    record, good : see `read_told`.
    card : of the network.
    block : index of the block whose M_s is drawn.
    """
    told = read_told(record, card, good)
    gates, reference = record.blocks[block], card.reference[block]
    gate = np.full((gates.spatial_attention.shape[1], len(percent)), np.nan, np.float32)
    gate[:, good] = gates.spatial_attention.T
    start = int(np.abs(percent[good]).argmin())
    return SweepTrace(
        part=part,
        percent=percent,
        told=told,
        changes=find_changes(percent, told.named),
        block=gates.name,
        axis=card.preparation.axis,
        edges=card.preparation.axis.at(place_strip(gates.receptive_field)),
        gate=gate,
        usual=(reference.spatial_quantiles[0], reference.spatial_quantiles[-1]),
        moved_spatial=_spread([each.spatial_attention for each in record.blocks], start, good),
        moved_channel=_spread([each.channel_attention for each in record.blocks], start, good),
        known=any(part in name.key[:-1] for name in card.classes if name.key[-1] in "+-"),
    )


def find_changes(percent: NDArray[np.float64], named: NDArray[np.int64]) -> tuple[Change, ...]:
    """Where the diagnosis changes; runs that failed are passed over."""
    good = np.flatnonzero(named >= 0)
    return tuple(
        Change(float(percent[here]), float(percent[there]), int(named[here]), int(named[there]))
        for here, there in pairwise(good)
        if named[here] != named[there]
    )


def _spread(gates: list[NDArray[np.float32]], start: int, good: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Mean distance of gates from those of one row, (S,) array."""
    every = np.concatenate(gates, axis=1)
    moved = np.full(len(good), np.nan)
    if every.shape[1]:
        moved[good] = np.abs(every - every[start]).mean(axis=1)
    return moved
