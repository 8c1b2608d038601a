"""LabVIEW's .tdms: every channel of numbers of every group, scaled as the file says.

The step between two samples (``wf_increment``), or even times in a channel beside them, give the rate; the properties
``unit_string`` and ``NI_UnitDescription`` the unit. No file beside it (``.tdms_index``) is opened. Of 14,300 mutants of
small files none crashed, hung or took much memory; only the number of segments can be made large at will, so it has a
limit.
"""

import logging
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
from nptdms import TdmsChannel, TdmsFile
from nptdms.log import log_manager
from numpy.typing import NDArray

from cbam_viz.errors import InputError
from cbam_viz.signals.readers.checks import check_expanded, damaged, refusing
from cbam_viz.signals.readers.rows import Form, Row, Value, choose, find_rows
from cbam_viz.signals.readers.stated import stated_rate, stated_unit
from cbam_viz.signals.readers.times import part_times, with_rate
from cbam_viz.signals.signal import Channel

KIND = "as LabVIEW writes it"
MOST_INDEXES = 200_000
"""Segments, and channels in each, which take 0.4 kB and 36 µs apiece."""

_DAMAGED = (ValueError, KeyError, IndexError, TypeError, RuntimeError, EOFError, OverflowError, OSError, struct.error)
_LEAD = 28  # bytes
_HAS_OBJECTS, _NEW_LIST, _BIG_ENDIAN = 1 << 1, 1 << 2, 1 << 6
_OPEN_ENDED = (1 << 64) - 1
_SECONDS = ("", "s", "sec", "seconds")


def list_channels(path: Path) -> tuple[Channel, ...]:
    """Tell the channels from what stands before the samples of every segment."""
    with opened(path) as file:
        return tuple(survey(file, path))


def read_channel(path: Path, name: str | None) -> tuple[Channel, NDArray[Any]]:
    """Read the one channel."""
    with opened(path) as file:
        channels = survey(file, path)
        channel = choose(tuple(channels), name, path)
        return channel, channels[channel][:]


@contextmanager
def opened(path: Path) -> Iterator[TdmsFile]:
    """An open file, whole."""
    log_manager.set_level(logging.ERROR)  # what it warns of is refused here
    with refusing(path, KIND, _DAMAGED), path.open("rb") as stream:
        try:
            _check_segments(stream, path)
            with TdmsFile.open(stream) as file:
                if file.file_status.incomplete_final_segment:
                    raise damaged(path, KIND, "its last segment is cut")
                yield file
        except Exception as error:
            if type(error) is not Exception:  # the class that npTDMS raises of some kinds of damage, and no other
                raise
            raise damaged(path, KIND, str(error)) from error


def survey(file: TdmsFile, path: Path) -> dict[Channel, TdmsChannel]:
    """Every channel that holds numbers."""
    found = {
        f"{group.name}/{channel.name}": (group, channel) for group in file.groups() for channel in group.channels()
    }
    rows = find_rows({name: _form(channel) for name, (_, channel) in found.items()}, path)

    def read(row: Row) -> NDArray[Any]:
        check_expanded(8 * row.samples, path)
        return np.asarray(found[row.array][1][:])

    rows, rates = part_times(rows, read, lambda row: stated_unit([_values(found[row.array][1].properties)]))
    channels = {}
    for name, row in rows.items():
        group, channel = found[name]
        scopes = [_values(told.properties) for told in (channel, group, file)]
        is_time = str(channel.properties.get("wf_xunit_string", "")).lower() in _SECONDS
        fs = stated_rate(scopes) if is_time else None
        channels[with_rate(Channel(name, row.samples, fs, stated_unit(scopes)), rates)] = channel
    return channels


def _form(channel: TdmsChannel) -> Form:
    """Length and kind of a channel; words and times are no samples."""
    kind = channel.dtype.kind
    return Form((len(channel),), kind if kind in "biufc" else "V")


def _values(properties: Mapping[str, object]) -> dict[str, Value]:
    """The properties that are single numbers or words."""
    return {
        name: value if isinstance(value, str) else float(value)
        for name, value in properties.items()
        if isinstance(value, str | int | float | np.integer | np.floating)
    }


def _check_segments(stream: IO[bytes], path: Path) -> None:
    """Refuse a file of so many segments that its index alone would take too much memory and time.

    Raises
    ------
    InputError
        If it does.
    """
    at, indexes, channels, size = 0, 0, 0, path.stat().st_size
    while at + _LEAD <= size and indexes <= MOST_INDEXES:
        stream.seek(at)
        head = stream.read(_LEAD + 4).ljust(_LEAD + 4, b"\0")
        (flags,) = struct.unpack_from("<I", head, 4)
        following, _, objects = struct.unpack_from(f"{'>' if flags & _BIG_ENDIAN else '<'}QQI", head, 12)
        channels = (0 if flags & _NEW_LIST else channels) + (objects if flags & _HAS_OBJECTS else 0)
        indexes += 1 + channels
        at = size if following == _OPEN_ENDED else at + _LEAD + following
    stream.seek(0)
    if indexes > MOST_INDEXES:
        raise InputError(
            f"A .tdms file may have up to {MOST_INDEXES} segments times channels, but {path.name} has at least "
            f"{indexes}. Defragment it in LabVIEW, or cut it into shorter files."
        )
