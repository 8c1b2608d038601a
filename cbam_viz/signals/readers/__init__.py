"""From a file to a `Signal`: one reader a format, chosen by the file's extension. No file's code is ever run.

A reader is a module with two functions: `list_channels` tells what a file holds, as cheaply as its format allows, and
`read_channel` gives the samples of one channel as they stand in the file. What a person may put right is an
`InputError`; no damaged file raises anything else.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cbam_viz.errors import InputError
from cbam_viz.signals.readers import matlab, numpy_files, text, wave
from cbam_viz.signals.readers.checks import check_file
from cbam_viz.signals.signal import Channel, Signal, interpolate_gaps

__all__ = ["EXTENSIONS", "list_channels", "read_signal"]


class _Reader(Protocol):
    """One file format."""

    def list_channels(self, path: Path) -> tuple[Channel, ...]:
        """Every channel, the one a person most likely wants first."""
        ...

    def read_channel(self, path: Path, name: str | None) -> tuple[Channel, NDArray[Any]]:
        """One channel (None: the first) and its samples, (T,) array in the file's own type."""
        ...


_READERS: Mapping[str, _Reader] = {
    ".csv": text,
    ".txt": text,
    ".tsv": text,
    ".lvm": text,
    ".gz": text,
    ".npy": numpy_files,
    ".npz": numpy_files,
    ".mat": matlab,
    ".wav": wave,
}
EXTENSIONS = tuple(_READERS)
"""Of the files that can be read."""


def list_channels(path: Path) -> tuple[Channel, ...]:
    """Tell which channels a file holds, the one a person most likely wants first.

    Raises
    ------
    InputError
        If the file cannot be read or holds no channel.
    """
    return _reader(path).list_channels(path)


def read_signal(path: Path, channel: str | None = None, fs: float | None = None, interpolate: bool = False) -> Signal:
    """Read one channel of a file.

    Parameters
    ----------
    path : of the file.
    channel : name as `list_channels` gives it, None for the first.
    fs : sampling rate in Hz; wins over what the file says, needed where the file does not say.
    interpolate : bridge short gaps (NaN or Inf) by straight lines.

    Raises
    ------
    InputError
        If the file cannot be read, holds no such channel or no usable signal, or its sampling rate is not known.
    """
    described, stored = _reader(path).read_channel(path, channel)
    rate, notes = _rate(described, fs, path)
    samples = stored.astype(np.float64, copy=False)
    if interpolate:
        samples, bridged = interpolate_gaps(samples)
        notes += (f"Missing samples bridged by straight lines: {bridged}.",) if bridged else ()
    return Signal(
        samples,
        fs=rate,
        name=path.name,
        channel=described.name,
        unit=described.unit,
        shaft_hz=described.shaft_hz,
        bearing=described.bearing,
        recording=described.recording,
        impacts=described.impacts,
        notes=notes,
    )


def _reader(path: Path) -> _Reader:
    """The reader for a file that is there, not empty and not too large."""
    check_file(path)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise InputError(
            f"A signal file is one of {', '.join(EXTENSIONS)}, but {path.name} has the extension {path.suffix!r}. "
            "Save the signal as one of these."
        )
    return reader


def _rate(channel: Channel, asked: float | None, path: Path) -> tuple[float, tuple[str, ...]]:
    """The sampling rate in Hz, and the sentences a person should read about the channel."""
    notes: tuple[str, ...] = (channel.note,) if channel.note else ()
    if asked is None:
        if channel.fs is None:
            reason = f" {channel.note}" if channel.note else ""
            raise InputError(
                f"A signal needs its sampling rate, but {path.name} does not tell it.{reason} "
                "Give the sampling rate in Hz."
            )
        return channel.fs, notes
    if channel.fs is not None and asked != channel.fs:
        notes += (f"The file says {channel.fs:.10g} Hz; {asked:.10g} Hz was asked for.",)
    return asked, notes
