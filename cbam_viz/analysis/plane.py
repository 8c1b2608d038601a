"""All windows of a set in a plane: the two directions in which their channel attention varies most."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.labelled import LabelledSet
from cbam_viz.analysis.spaces import channel_space

MOST_POINTS = 4000


@dataclass(frozen=True, eq=False)
class PlaneTrace:
    """What the plane draws; P of the set's N windows.

    Parameters
    ----------
    classes : words of the G classes.
    known : words of the K classes of the network.
    names : of the R recordings.
    block : name of the block whose M_c is meant, None for all of them.
    place : (P, 2) array, first and second principal component of M_c.
    shares : (2,) array, their part of the variance over all windows, 0 to 1; NaN where nothing varies.
    label, member : (P,) arrays, number of the class and of the recording.
    window : (P,) array, number of the window in its recording, from 1.
    predicted : (P,) array, number of the class that the network names.
    windows : N, of which the directions were found.
    """

    classes: tuple[str, ...]
    known: tuple[str, ...]
    names: tuple[str, ...]
    block: str | None
    place: NDArray[np.float64]
    shares: NDArray[np.float64]
    label: NDArray[np.int64]
    member: NDArray[np.int64]
    window: NDArray[np.int64]
    predicted: NDArray[np.int64]
    windows: int

    @property
    def thinned(self) -> bool:
        """Whether only some of the windows are drawn."""
        return len(self.place) < self.windows


def trace_plane(labelled: LabelledSet, block: int | None = None, most: int = MOST_POINTS) -> PlaneTrace:
    """Put every window where its M_c lies.

    Parameters
    ----------
    labelled : the set.
    block : index of the block whose M_c is taken; None takes all blocks side by side.
    most : points; beyond it every class is thinned evenly, each to its share.
    """
    record, member = labelled.record, labelled.member_of
    place, shares = principal_plane(channel_space(record, labelled.card, block).values)
    label = labelled.labels[member]
    kept = thin_evenly(label, most)
    return PlaneTrace(
        classes=tuple(name.words for name in labelled.classes),
        known=tuple(name.words for name in labelled.card.classes),
        names=tuple(each.name for each in labelled.members),
        block=None if block is None else record.blocks[block].name,
        place=place[kept],
        shares=shares,
        label=label[kept],
        member=member[kept],
        window=(kept - labelled.starts[member[kept]]) + 1,
        predicted=record.logits[kept].argmax(axis=1),
        windows=len(record),
    )


def principal_plane(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """First two principal components of the rows of an (N, D) array, and their parts of the variance.

    Nothing is drawn at random, and the largest weight of each direction is positive, so the same rows give the same
    plane. A direction in which nothing varies is 0 everywhere.

    Returns
    -------
    place : (N, 2) array.
    shares : (2,) array, 0 to 1, NaN where no row differs from another.
    """
    centred = values - values.mean(axis=0)
    variances, directions = np.linalg.eigh(centred.T @ centred)  # ascending
    axes = directions[:, ::-1][:, :2]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    found, total = np.zeros((len(values), 2)), variances.sum()
    found[:, : axes.shape[1]] = centred @ axes
    largest = np.pad(variances[::-1][:2], (0, 2 - axes.shape[1])).clip(min=0)
    return found, largest / total if total > 0 else np.full(2, np.nan)


def thin_evenly(label: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Indices of at most so many of all (and one a class), evenly spaced within each class, in ascending order."""
    if len(label) <= most:
        return np.arange(len(label))
    kept = []
    for each in np.unique(label):
        own = np.flatnonzero(label == each)
        count = max(1, most * len(own) // len(label))
        kept.append(own[np.arange(count) * len(own) // count])
    return np.sort(np.concatenate(kept))
