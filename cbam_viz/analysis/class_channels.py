"""Channel attention of every class: how far its mean M_c lies from that of the network's data set, on one scale."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.cluster import hierarchy

from cbam_viz.analysis.labelled import LabelledSet, class_means, class_spreads

ClassOrder = Literal["frequency", "difference", "cluster", "number"]
SPREADS = 2.0
"""The scale of deviations ends here, in the block's largest spread from window to window over the data set."""


@dataclass(frozen=True, eq=False)
class ClassChannelsTrace:
    """What the map of classes and channels draws; G classes, C channels in the order of drawing.

    Parameters
    ----------
    block : name of the block.
    classes : words of the classes.
    counts : witnesses, recordings and windows of each class.
    channel : (C,) array, the channels' numbers, from 1.
    mean, spread : (G, C) arrays, mean and standard deviation of M_c over the witnesses; NaN for the spread of one.
    usual : (C,) array, mean of M_c over the windows of the network's data set.
    bands_hz : (C, 3) array, low edge, peak and high edge in Hz of what each channel listens to; zeros where nothing.
    order : how they are sorted.
    absolute : whether M_c itself is drawn, not its deviation.
    low, high : ends of the colour scale, the same for every set of this network.
    """

    block: str
    classes: tuple[str, ...]
    counts: tuple[tuple[int, int, int], ...]
    channel: NDArray[np.int64]
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    usual: NDArray[np.float64]
    bands_hz: NDArray[np.float64]
    order: ClassOrder
    absolute: bool
    low: float
    high: float

    @property
    def deviation(self) -> NDArray[np.float64]:
        """Mean M_c of each class minus that of the data set, (G, C) array."""
        return self.mean - self.usual


def trace_class_channels(
    labelled: LabelledSet, block: int, order: ClassOrder = "frequency", absolute: bool = False
) -> ClassChannelsTrace:
    """Average one block's channel attention over the witnesses of each class.

    Parameters
    ----------
    labelled : the set.
    block : index of the block, which must have a channel gate.
    order : ``frequency`` of the peak, ``difference`` between the classes from large to small, ``cluster`` of channels
        that do alike in all classes, or ``number``.
    absolute : draw M_c itself.
    """
    reference, labels, classes = labelled.card.reference[block], labelled.witness_labels, len(labelled.classes)
    gates = labelled.witness_means(labelled.member_means(labelled.record.blocks[block].channel_attention))  # (U, C)
    mean, usual = class_means(gates, labels, classes), np.array(reference.channel_mean)
    bands = np.array(reference.bands_hz)
    place = _sort(mean - usual, bands, order)
    reach = SPREADS * max(reference.channel_spread)
    return ClassChannelsTrace(
        block=labelled.record.blocks[block].name,
        classes=tuple(name.words for name in labelled.classes),
        counts=labelled.counts,
        channel=place + 1,
        mean=mean[:, place],
        spread=class_spreads(gates, labels, classes)[:, place],
        usual=usual[place],
        bands_hz=bands[place],
        order=order,
        absolute=absolute,
        low=0.0 if absolute else -reach,
        high=1.0 if absolute else reach,
    )


def _sort(deviation: NDArray[np.float64], bands: NDArray[np.float64], order: ClassOrder) -> NDArray[np.int64]:
    """Indices of the channels in the order of drawing, (C,) array."""
    channels = np.arange(deviation.shape[1])
    match order:
        case "frequency":
            return np.argsort(bands[:, 1], kind="stable")
        case "difference":
            return np.argsort(-np.ptp(deviation, axis=0), kind="stable")
        case "cluster" if len(channels) > 1:
            tree = hierarchy.linkage(deviation.T, "average", optimal_ordering=True)
            return hierarchy.leaves_list(tree).astype(np.int64)
        case _:
            return channels
