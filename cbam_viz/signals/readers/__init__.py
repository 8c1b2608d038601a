"""From a file to a `Signal`: one reader a format, chosen by the file's extension. No file's code is ever run.

A reader is a module with two functions: `list_channels` tells what a file holds, as cheaply as its format allows, and
`read_channel` gives the samples of one channel as they stand in the file. What a person may put right is an
`InputError`; no damaged file raises anything else.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from cbam_viz.errors import InputError
from cbam_viz.signals.readers import arrow, flac, matlab, numpy_files, tdms, text, uff, wave
from cbam_viz.signals.readers.apart import HDF5, SPICE, WORKBOOK
from cbam_viz.signals.readers.archive import Archive
from cbam_viz.signals.readers.checks import check_file
from cbam_viz.signals.readers.reader import Reader
from cbam_viz.signals.signal import Channel, Signal, check_samples, interpolate_gaps
from cbam_viz.signals.units import convert, normalise

__all__ = ["EXTENSIONS", "list_channels", "read_signal", "unpack_archive"]

_ALONE: Mapping[str, Reader] = {
    ".csv": text,
    ".txt": text,
    ".tsv": text,
    ".lvm": text,
    ".gz": text,
    ".npy": numpy_files,
    ".npz": numpy_files,
    ".mat": matlab,
    ".wav": wave,
    ".flac": flac,
    ".xlsx": WORKBOOK,
    ".h5": HDF5,
    ".hdf5": HDF5,
    ".tdms": tdms,
    ".uff": uff,
    ".unv": uff,
    ".parquet": arrow,
    ".feather": arrow,
    ".raw": SPICE,
}
_ARCHIVE = Archive(_ALONE)
_READERS: Mapping[str, Reader] = {**_ALONE, ".zip": _ARCHIVE}
EXTENSIONS = tuple(_READERS)
"""Of the files that can be read."""


def list_channels(path: Path) -> tuple[Channel, ...]:
    """Tell which channels a file holds, the one a person most likely wants first.

    Raises
    ------
    InputError
        If the file cannot be read or holds no channel.
    """
    return tuple(replace(channel, unit=normalise(channel.unit)) for channel in _reader(path).list_channels(path))


def unpack_archive(path: Path, folder: Path) -> dict[str, Path | InputError]:
    """Unpack every signal file of a .zip into a folder: by its name its path, or why it could not be unpacked.

    Raises
    ------
    InputError
        If it is no archive, or none of its files is a signal file, or they are too large or too many.
    """
    check_file(path)
    return _ARCHIVE.unpack(path, folder)


def read_signal(
    path: Path,
    channel: str | None = None,
    fs: float | None = None,
    interpolate: bool = False,
    unit: str | None = None,
) -> Signal:
    """Read one channel of a file.

    Parameters
    ----------
    path : of the file.
    channel : name as `list_channels` gives it, None for the first.
    fs : sampling rate in Hz; wins over what the file says, needed where the file does not say.
    interpolate : bridge short gaps (NaN or Inf) by straight lines.
    unit : of the samples as they are given, None for the file's; names it where the file does not say.

    Raises
    ------
    InputError
        If the file cannot be read, holds no such channel or no usable signal, its sampling rate is not known, or
        its samples can't be converted to the unit.
    """
    described, stored = _reader(path).read_channel(path, channel)
    samples, bridged = stored.astype(np.float64, copy=False), 0
    if interpolate:
        samples, bridged = interpolate_gaps(samples)
    if fs is None and described.fs is None:
        check_samples(samples, path.name)  # before a person is asked for a rate that can't help
    rate, notes = _rate(described, fs, path)
    samples, known, converted = convert(samples, described.unit, unit or "")
    notes += converted
    notes += (f"Missing samples bridged by straight lines: {bridged}.",) if bridged else ()
    return Signal(
        samples,
        fs=rate,
        name=path.name,
        channel=described.name,
        unit=known,
        shaft_hz=described.shaft_hz,
        bearing=described.bearing,
        recording=described.recording if rate == (described.fs or rate) else None,  # at another rate it is another one
        impacts=described.impacts,
        circuit=described.circuit,
        pulse_s=described.pulse_s,
        notes=notes,
    )


def _reader(path: Path) -> Reader:
    """The reader for a file that is there, not empty and not too large."""
    check_file(path)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        found = f"the extension {path.suffix!r}" if path.suffix else "no extension"
        raise InputError(
            f"A signal file is one of {', '.join(EXTENSIONS)}, but {path.name} has {found}. "
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
