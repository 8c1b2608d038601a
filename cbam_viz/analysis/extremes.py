"""The outline of hours: lowest and highest sample of every short stretch, on disk, so that any zoom is drawn at once.

One level is enough: it has at most `MOST_BINS` stretches however long the recording is, and reducing them all to a
screen's width takes some milliseconds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

SHORTEST_BIN = 32
"""Samples of a stretch; finer than this is for a window, not for hours."""
MOST_BINS = 1 << 22
"""Of a recording, 8 bytes each."""
POINTS = 2_000
"""Stretches that a picture shows."""


@dataclass(frozen=True, eq=False)
class ExtremesTrace:
    """What the outline of a stretch of a recording draws; P points.

    Parameters
    ----------
    time_s : (P,) array, the middle of each point in s.
    lowest, highest : (P,) arrays, in `unit`; NaN where samples are missing.
    unit : of the samples.
    span_s : from where to where in s the picture reaches.
    """

    time_s: NDArray[np.float64]
    lowest: NDArray[np.float32]
    highest: NDArray[np.float32]
    unit: str
    span_s: tuple[float, float]


def bin_of(samples: int) -> int:
    """Samples of a stretch in a recording of so many samples."""
    length = SHORTEST_BIN
    while samples > MOST_BINS * length:
        length *= 2
    return length


def note_extremes(
    blocks: Iterable[NDArray[np.float64]], file: IO[bytes], length: int, begin: int = 0
) -> Iterator[NDArray[np.float64]]:
    """The blocks as they come, while the extremes of every whole stretch are written to a file.

    Parameters
    ----------
    blocks : of samples, each a (n,) array.
    file : open for reading and writing; it keeps what it holds of stretches before the first of these.
    length : samples of a stretch.
    begin : sample of the recording at which the blocks begin.
    """
    skipped = -begin % length
    file.truncate((begin + skipped) // length * 8)
    file.seek(0, 2)
    rest = np.empty(0)
    for block in blocks:
        used, skipped = block[skipped:], max(skipped - len(block), 0)
        joined = np.concatenate([rest, used]) if len(rest) else used
        whole = len(joined) // length * length
        file.write(extremes_of(joined[:whole], length).tobytes())
        rest = joined[whole:].copy()
        yield block
    if len(rest):
        file.write(extremes_of(rest, len(rest)).tobytes())


def extremes_of(samples: NDArray[np.float64], length: int) -> NDArray[np.float32]:
    """Lowest and highest sample of every stretch, (n, 2) array; NaN where not one is a number."""
    stretches = samples.reshape(-1, length)
    found = np.stack([stretches.min(axis=1), stretches.max(axis=1)], axis=1)
    if not np.isfinite(found).all():
        known = np.where(np.isfinite(stretches), stretches, np.nan)
        found = np.stack([np.fmin.reduce(known, axis=1), np.fmax.reduce(known, axis=1)], axis=1)
    return found.astype(np.float32)


def trace_extremes(
    path: Path, length: int, fs: float, span_s: tuple[float, float], unit: str = "", points: int = POINTS
) -> ExtremesTrace:
    """The outline of a stretch of a recording; of the file only that stretch is read.

    Parameters
    ----------
    path : of the extremes, as `note_extremes` writes them.
    length : samples of each.
    fs : sampling rate in Hz.
    span_s : from where to where, in s.
    unit : of the samples.
    points : at most so many.
    """
    there = path.stat().st_size // 8
    first, last = (int(min(max(second * fs / length, 0), there)) for second in span_s)
    last = min(last + 1, there)
    with path.open("rb") as file:
        file.seek(8 * first)
        found = np.fromfile(file, np.float32, 2 * (last - first)).reshape(-1, 2)
    width = max(-(-len(found) // points), 1)
    starts = np.arange(0, len(found), width)
    lowest, highest = (
        extreme.reduceat(side, starts) if len(starts) else np.empty(0, np.float32)
        for extreme, side in ((np.fmin, found[:, 0]), (np.fmax, found[:, 1]))
    )
    middle = (first + starts + np.minimum(width, len(found) - starts) / 2) * length / fs
    return ExtremesTrace(middle, lowest, highest, unit, span_s)
