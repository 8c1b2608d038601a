"""A recording of any length, perhaps hours: what its file says of one channel, and its samples as a stream of blocks.

It takes the same names, rates and units as `read_signal`, and refuses in the same words; no more than a block is in
memory. Samples that are missing (NaN or Inf) come as they are: what is made of them leaves out what they touch.
"""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cbam_viz.errors import InputError
from cbam_viz.signals.readers.checks import check_file
from cbam_viz.signals.readers.rows import choose
from cbam_viz.signals.signal import Channel, check_rate
from cbam_viz.signals.streams import FORMATS, Format
from cbam_viz.signals.units import normalise

STREAMED = tuple(FORMATS)
"""Extensions of the files that can be streamed."""


@dataclass(frozen=True)
class Recording:
    """One channel of a recording that has not been read.

    Parameters
    ----------
    path : of the file.
    channel : what the file says of it.
    fs : sampling rate in Hz.
    """

    path: Path
    channel: Channel
    fs: float

    @property
    def samples(self) -> int:
        """How many there are."""
        return self.channel.samples

    @property
    def duration(self) -> float:
        """Length in s."""
        return self.samples / self.fs

    @property
    def digest(self) -> str:
        """SHA-256 of which file it is (place, size, time of writing), of channel and rate; no sample is read."""
        state = self.path.stat()
        told = (str(self.path.absolute()), state.st_size, state.st_mtime_ns, self.channel.name, float(self.fs))
        return hashlib.sha256(repr(told).encode()).hexdigest()


def list_recorded(path: Path) -> tuple[Channel, ...]:
    """Tell which channels a recording holds, the one a person most likely wants first.

    Raises
    ------
    InputError
        If the file cannot be streamed or holds no channel.
    """
    found = _format(path).list_channels(path)
    return tuple(replace(channel, unit=normalise(channel.unit)) for channel in found)


def open_recording(path: Path, channel: str | None = None, fs: float | None = None) -> Recording:
    """Find one channel of a recording.

    Parameters
    ----------
    path : of the file.
    channel : name as `list_recorded` gives it, None for the first.
    fs : sampling rate in Hz; wins over what the file says, and over its times.

    Raises
    ------
    InputError
        If the file cannot be streamed, holds no such channel, or its sampling rate is not known.
    """
    found = choose(list_recorded(path), channel, path, is_streamed=True)
    rate = fs or found.fs
    if rate is None:
        reason = f" {found.note}" if found.note else ""
        raise InputError(
            f"A recording needs its sampling rate, but {path.name} does not tell it.{reason} Give the sampling rate "
            "in Hz."
        )
    check_rate(rate)
    return Recording(path, replace(found, note="") if fs else found, rate)


def read_blocks(recording: Recording, first: int = 0) -> Iterator[NDArray[np.float64]]:
    """The samples from one on, in blocks, each a (n,) array; of a file that grows, those there were at first.

    Raises
    ------
    InputError
        If the file turns out to be damaged, or ends before its samples.
    """
    left = recording.samples - first
    for block in _format(recording.path).stream(recording.path, recording.channel, first):
        taken = block[:left].astype(np.float64, copy=False)
        left -= len(taken)
        if len(taken):
            yield taken
        if not left:
            return
    if left > 0:
        raise InputError(
            f"A recording must hold what its head promises, but {recording.path.name} ends "
            f"{left / recording.fs:.3g} s too early. Copy it again whole."
        )


def _format(path: Path) -> Format:
    """How a file that is there and not empty is streamed."""
    check_file(path, math.inf)
    found = FORMATS.get(path.suffix.lower())
    if found is None:
        raise InputError(
            f"A recording is streamed from one of {', '.join(STREAMED)}, but {path.name} is none of them. Save it as "
            "one of these."
        )
    return found
