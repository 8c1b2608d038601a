"""Where the channels lie in a file of named arrays: each array is one row of samples, or its longer axis is time."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cbam_viz.errors import InputError
from cbam_viz.signals.readers.checks import check_expanded
from cbam_viz.signals.signal import Channel

Value = float | str
"""A single number or word that stands beside the arrays, such as a sampling rate."""

REASONS_SHOWN = 3


@dataclass(frozen=True)
class Form:
    """Shape and NumPy kind (``f``, ``i``, ``c``, …) of an array that need not have been read.

    `barred` says why it is not read at all; empty if it may be.
    """

    shape: tuple[int, ...]
    kind: str
    barred: str = ""

    @property
    def extents(self) -> tuple[int, ...]:
        """The shape without axes of length 1."""
        return tuple(extent for extent in self.shape if extent != 1)

    @property
    def is_single(self) -> bool:
        """Whether it is one real number."""
        return self.kind in "biuf" and math.prod(self.shape) == 1

    @property
    def refusal(self) -> str:
        """Why it holds no channel; empty if it does."""
        return self.barred or self._refusal

    @property
    def _refusal(self) -> str:
        """Why its kind or shape is none of a channel."""
        if self.kind == "c":
            return "is complex"
        if self.kind == "O":
            return "holds objects, which are never loaded"
        if self.kind not in "biuf":
            return "holds no numbers"
        if 0 in self.shape:
            return "is empty"
        if len(self.extents) > 2:
            return f"has {len(self.extents)} dimensions"
        return "is a single number" if self.is_single else ""


@dataclass(frozen=True)
class Row:
    """Where one channel lies: in which array, at which index across time, and how many samples long."""

    array: str
    index: int
    samples: int

    def take(self, array: NDArray[Any]) -> NDArray[Any]:
        """The samples of this row, (T,) array."""
        plane = np.atleast_2d(array.squeeze())
        return plane[:, self.index] if len(plane) == self.samples else plane[self.index]


def find_rows(forms: Mapping[str, Form], path: Path) -> dict[str, Row]:
    """Name every channel of a file of arrays and say where it lies.

    Raises
    ------
    InputError
        If no array holds a channel.
    """
    found: list[tuple[str, Row]] = []
    for array, form in forms.items():
        if not form.refusal:
            samples, count = max(form.extents), math.prod(form.extents) // max(form.extents)
            names = [array] if len(form.extents) == 1 else [f"{array} {number}" for number in range(1, count + 1)]
            found += [(name, Row(array, index, samples)) for index, name in enumerate(names)]
    rows = dict(zip(distinct([name for name, _row in found]), (row for _name, row in found), strict=True))
    if not rows:
        reasons = "; ".join(
            f"{array} {form.refusal}" for array, form in list(forms.items())[:REASONS_SHOWN] if form.refusal
        )
        raise InputError(
            f"A file must hold at least one row or column of real numbers, but {path.name} holds none"
            f"{f' ({reasons})' if reasons else ''}. Save the samples of each sensor as one real row."
        )
    return rows


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Names of which no two are equal and none is empty."""
    found: dict[str, None] = {}
    given = set(names)
    for column, name in enumerate(names, 1):
        own = name if name and name not in found else f"{name or 'column'} {column}"
        while own in found or (own != name and own in given):
            own += "'"
        found[own] = None
    return tuple(found)


def choose(channels: Sequence[Channel], name: str | None, path: Path, is_streamed: bool = False) -> Channel:
    """Pick a channel by name, or the first, before it is read; one that is streamed may be of any length.

    Raises
    ------
    InputError
        If there is none of that name (it lists those there are), or it would take too much memory as 64 bit floats.
    """
    for channel in channels:
        if name in (None, channel.name):
            if not is_streamed:
                check_expanded(8 * channel.samples, path)
            return channel
    known = ", ".join(channel.name for channel in channels)
    raise InputError(f"A channel is one of {known}, but {path.name} has no {name!r}. Choose one of these.")
