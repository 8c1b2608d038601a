"""Two classes: where their gates differ, how much, and whether so few recordings can tell."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.labelled import LabelledSet
from cbam_viz.analysis.permutation import MOST_ARRANGEMENTS, Tested, score_difference
from cbam_viz.signals.windows import Axis

FEWEST_WITNESSES = 5
"""Of each class: with fewer there are effect sizes alone."""
LOPSIDED = 2
"""Times as many witnesses in one class as in the other."""


@dataclass(frozen=True, eq=False)
class DifferenceTrace:
    """What the difference of two classes draws; the second minus the first.

    Parameters
    ----------
    block : name of the block.
    first, second : words of the classes.
    witnesses : of the first and of the second class.
    channels : of M_c, C values in the order of their peaks' frequency; None where the block has no channel gate.
    channel : (C,) array, the channels' numbers in that order, from 1.
    bands_hz : (C, 3) array, low edge, peak and high edge in Hz of each channel.
    positions : of M_s averaged over the windows, L values; None where the block has no spatial gate.
    axis : of the window.
    place : (L,) array, centre of the samples that each position sees, in the axis' unit.
    shared : bearings that were measured in both classes; that they are the same is not made use of.
    """

    block: str
    first: str
    second: str
    witnesses: tuple[int, int]
    channels: Tested | None
    channel: NDArray[np.int64]
    bands_hz: NDArray[np.float64]
    positions: Tested | None
    axis: Axis
    place: NDArray[np.float64]
    shared: int = 0

    @property
    def lopsided(self) -> bool:
        """Whether one class has so many fewer witnesses that its spread alone may raise false alarms."""
        return max(self.witnesses) >= LOPSIDED * min(self.witnesses)

    @property
    def tested(self) -> bool:
        """Whether there are enough witnesses for more than effect sizes."""
        return min(self.witnesses) >= FEWEST_WITNESSES


def choose_pair(labelled: LabelledSet, first: int | None = None, second: int | None = None) -> tuple[int, int]:
    """Numbers of two classes to compare, where not both are chosen.

    They are the first two that both have enough witnesses for more than effect sizes, else the first two.
    """
    everyone = range(len(labelled.classes))
    enough = [number for number in everyone if labelled.counts[number][0] >= FEWEST_WITNESSES]
    chosen = second if first is None else first
    if chosen is None:
        chosen = enough[0] if len(enough) > 1 else 0
    preferred = enough if chosen in enough else []
    other = next(number for number in (*preferred, *everyone) if number != chosen)
    if first is None and second is not None:
        return other, second
    return chosen, other if second is None else second


def trace_difference(
    labelled: LabelledSet, first: int, second: int, block: int, most: int = MOST_ARRANGEMENTS, seed: int = 0
) -> DifferenceTrace:
    """Compare the gates of two classes.

    Parameters
    ----------
    labelled : the set.
    first, second : numbers of the classes in the set.
    block : index of the block.
    most, seed : see `score_difference`.
    """
    gates, labels = labelled.record.blocks[block], labelled.witness_labels
    bands = np.array(labelled.card.reference[block].bands_hz)
    place = np.argsort(bands[:, 1], kind="stable")
    field, axis = gates.receptive_field, labelled.card.preparation.axis

    def score(gate: NDArray[np.float32]) -> Tested | None:
        if not gate.size:
            return None
        values = labelled.witness_means(labelled.member_means(gate))  # (U, .)
        groups = [values[labels == label] for label in sorted((first, second))]  # so that a swap draws the same ways
        tested = score_difference(groups[0], groups[-1], FEWEST_WITNESSES, most, seed)
        sign = 1 if first <= second else -1
        return replace(tested, difference=sign * tested.difference, effect=sign * tested.effect)

    machines = [
        {member.machine for member, label in zip(labelled.members, labelled.labels, strict=True) if label == each}
        for each in (first, second)
    ]
    return DifferenceTrace(
        block=gates.name,
        first=labelled.classes[first].words,
        second=labelled.classes[second].words,
        witnesses=(labelled.counts[first][0], labelled.counts[second][0]),
        channels=score(gates.channel_attention[:, place] if gates.channel_attention.size else gates.channel_attention),
        channel=place + 1,
        bands_hz=bands[place],
        positions=score(gates.spatial_attention),
        axis=axis,
        place=axis.at(field.centre(0) + np.arange(float(gates.spatial_attention.shape[1])) * field.stride),
        shared=len(machines[0] & machines[1]),
    )
