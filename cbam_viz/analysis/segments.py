"""One way from any map to the samples of the window, and to equal segments of it, so that all maps can be compared.

A position of a feature map counts where its cell lies: one stride wide, at the centre of its receptive field.
"""

import numpy as np
from numpy.typing import NDArray

from cbam_viz.network.receptive import ReceptiveField

SEGMENTS = 64
"""S, equal parts of a window."""


def cells_of_samples(field: ReceptiveField, samples: int) -> NDArray[np.int64]:
    """The position in whose cell each sample lies, (T,) array; samples beyond the cells go to the nearest one."""
    begin = field.centre(0) - field.stride / 2
    cells = np.floor((np.arange(samples) - begin) / field.stride).astype(np.int64)
    return cells.clip(0, field.positions - 1)


def spread_positions(values: NDArray[np.floating], field: ReceptiveField, samples: int) -> NDArray[np.float64]:
    """A map's value at every sample, (T,) array.

    Parameters
    ----------
    values : (L,) array, a value a position.
    field : of the positions.
    samples : T.
    """
    return np.asarray(values[cells_of_samples(field, samples)], np.float64)


def segments_of_samples(samples: int, offset: int = 0, segments: int = SEGMENTS) -> NDArray[np.int64]:
    """The segment in which each sample lies, (T,) array of 0 to S - 1.

    Parameters
    ----------
    samples : T, at least S.
    offset : samples by which the segments begin later; what is cut from the end is then joined to the beginning.
    segments : S.
    """
    return np.roll(np.arange(samples) * min(segments, samples) // samples, offset)


def average_samples(values: NDArray[np.floating], parts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Mean over the samples of each part, (S,) array.

    Parameters
    ----------
    values : (T,) array.
    parts : (T,) array, the part of each sample, such as its segment or its cell; none is empty.
    """
    return np.bincount(parts, values) / np.bincount(parts)
