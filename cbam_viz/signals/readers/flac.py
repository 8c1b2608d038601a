"""FLAC sound files (.flac) through libsndfile, integers scaled so that full scale is 1, as in .wav.

libsndfile is trusted with nothing but FLAC, and what a header promises is held against what is found.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from cbam_viz.errors import InputError
from cbam_viz.signals.readers.checks import damaged, refusing
from cbam_viz.signals.readers.rows import choose
from cbam_viz.signals.readers.wave import UNIT
from cbam_viz.signals.signal import Channel

KIND = "a FLAC sound file"
BLOCK = 1 << 17
"""Frames that are unpacked at a time."""
_MARK = b"fLaC"
_MOST_FRAMES = 1 << 36
"""A FLAC header has 36 bits for their number; libsndfile gives more where the header says that it is not known."""


def list_channels(path: Path) -> tuple[Channel, ...]:
    """Tell the channels from the header, which promises no more than there is: the last sample is looked for."""
    with _open(path) as file:
        file.seek(file.frames - 1)
        if len(file.read(1)) != 1:
            raise damaged(path, KIND, "its last sample is missing")
        return _channels(file)


def read_channel(path: Path, name: str | None) -> tuple[Channel, NDArray[Any]]:
    """Read one channel block by block, full scale being 1."""
    with _open(path) as file:
        channels = _channels(file)
        channel = choose(channels, name, path)
        column = channels.index(channel)
        samples, found = np.empty(channel.samples), 0
        block = np.empty((BLOCK, len(channels)))
        while len(read := file.read(out=block)):  # (frames, channels)
            if found + len(read) <= channel.samples:
                samples[found : found + len(read)] = read[:, column]
            found += len(read)
    if found != channel.samples:
        raise damaged(path, KIND, f"it holds {found} of {channel.samples} samples")
    return channel, samples


def _channels(file: soundfile.SoundFile) -> tuple[Channel, ...]:
    """The channels by their numbers."""
    return tuple(
        Channel(f"channel {number}", file.frames, file.samplerate, UNIT) for number in range(1, file.channels + 1)
    )


@contextmanager
def _open(path: Path) -> Iterator[soundfile.SoundFile]:
    """The file, for as long as it is read.

    Raises
    ------
    InputError
        If it is no FLAC file, does not say how long it is, or what is read in the meantime is damaged.
    """
    with path.open("rb") as stream:
        if stream.read(len(_MARK)) != _MARK:
            raise damaged(path, KIND, "it does not begin as one")
    with refusing(path, KIND, (soundfile.LibsndfileError,)), soundfile.SoundFile(path) as file:
        if file.frames >= _MOST_FRAMES:
            raise InputError(
                f"The header of a .flac file must say how many samples it holds, but that of {path.name} leaves it "
                "open. Save it again as a whole file, not as a stream."
            )
        yield file
