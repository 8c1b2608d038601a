"""A labelled set: recordings of several classes whose attention was recorded once by one network.

The views of a comparison are arithmetic on it. Windows of one recording are no independent witnesses, nor are
recordings of one bearing, so every mean, spread and permutation goes from windows to recordings to witnesses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cbam_viz.attention.record import AttentionRecord
from cbam_viz.network.card import Card, ClassName
from cbam_viz.physics.bearing import Bearing
from cbam_viz.signals.windows import Windows


@dataclass(frozen=True, eq=False)
class Member:
    """One recording of a set.

    Parameters
    ----------
    name : of the file, as the person knows it; no two members share one.
    label : key of its class.
    machine : which bearing it was measured on; its own name where nobody knows.
    windows : of the recording, in the order in which they were recorded.
    shaft_hz : shaft speed in Hz, None where unknown.
    bearing : fault orders of its bearing, None where unknown.
    unit : of the signal; empty when unknown.
    """

    name: str
    label: str
    machine: str
    windows: Windows
    shaft_hz: float | None = None
    bearing: Bearing | None = None
    unit: str = ""


@dataclass(frozen=True, eq=False)
class LabelledSet:
    """N windows of R recordings, which are U independent witnesses of G classes.

    Parameters
    ----------
    card : of the network.
    classes : the G classes that there are recordings of; those the network knows first, in its order.
    members : the recordings; at least one of each class, each with at least one window.
    record : of all windows, one recording after another.
    """

    card: Card
    classes: tuple[ClassName, ...]
    members: tuple[Member, ...]
    record: AttentionRecord

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Number of the first window of each recording, and of all windows at the end, (R + 1,) array."""
        return np.cumsum([0, *(len(member.windows) for member in self.members)])

    @cached_property
    def member_of(self) -> NDArray[np.int64]:
        """Number of the recording of each window, (N,) array."""
        return np.repeat(np.arange(len(self.members)), np.diff(self.starts))

    @cached_property
    def labels(self) -> NDArray[np.int64]:
        """Number of the class of each recording, (R,) array."""
        numbers = {name.key: number for number, name in enumerate(self.classes)}
        return np.array([numbers[member.label] for member in self.members])

    @cached_property
    def _witnesses(self) -> dict[tuple[int, str], list[int]]:
        """Numbers of the recordings of each bearing in each class, class by class."""
        found: dict[tuple[int, str], list[int]] = {}
        for member in np.argsort(self.labels, kind="stable").tolist():
            found.setdefault((int(self.labels[member]), self.members[member].machine), []).append(member)
        return found

    @cached_property
    def witness_labels(self) -> NDArray[np.int64]:
        """Number of the class of each witness, (U,) array, ascending."""
        return np.array([label for label, _machine in self._witnesses])

    @cached_property
    def witness_of(self) -> NDArray[np.int64]:
        """Number of the witness of each recording, (R,) array."""
        found = np.empty(len(self.members), np.int64)
        for witness, members in enumerate(self._witnesses.values()):
            found[members] = witness
        return found

    @cached_property
    def counts(self) -> tuple[tuple[int, int, int], ...]:
        """Witnesses, recordings and windows of each class."""
        lengths = np.diff(self.starts)
        return tuple(
            (
                int((self.witness_labels == label).sum()),
                int((self.labels == label).sum()),
                int(lengths[self.labels == label].sum()),
            )
            for label in range(len(self.classes))
        )

    def member_means(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """Mean over the windows of each recording, (R, ...) array from (N, ...)."""
        sums = np.add.reduceat(values, self.starts[:-1], axis=0, dtype=np.float64)
        return np.asarray(sums / np.diff(self.starts).reshape(-1, *[1] * (values.ndim - 1)))

    def witness_means(self, of_members: NDArray[np.floating]) -> NDArray[np.float64]:
        """Mean over the recordings of each witness, (U, ...) array from (R, ...), in the order of `witness_labels`."""
        return np.stack([of_members[members].mean(axis=0) for members in self._witnesses.values()])


def class_means(values: NDArray[np.float64], labels: NDArray[np.int64], classes: int) -> NDArray[np.float64]:
    """Mean over the witnesses of each class, (G, ...) array from (U, ...)."""
    return np.stack([values[labels == label].mean(axis=0) for label in range(classes)])


def class_spreads(values: NDArray[np.float64], labels: NDArray[np.int64], classes: int) -> NDArray[np.float64]:
    """Standard deviation (n - 1) over the witnesses of each class, (G, ...) array; NaN where there is only one."""
    spreads = np.full((classes, *values.shape[1:]), np.nan)
    for label in range(classes):
        if (labels == label).sum() > 1:
            spreads[label] = values[labels == label].std(axis=0, ddof=1)
    return spreads


def order_classes(known: Sequence[ClassName], labels: Sequence[str]) -> tuple[ClassName, ...]:
    """The classes of these labels: those the network knows first, in its order, then the others as they come."""
    own = [name for name in known if name.key in labels]
    keys = {name.key for name in known}
    return (*own, *(ClassName(label, label) for label in dict.fromkeys(labels) if label not in keys))
