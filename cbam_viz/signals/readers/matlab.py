"""MATLAB's .mat, versions 4 to 7.2; vectors inside nested structs and cells are channels too.

Version 7.3 is another format: its reader is that of HDF5.
"""

import struct
import zlib
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from cbam_viz.signals.readers.apart import HDF5
from cbam_viz.signals.readers.checks import check_expanded, damaged, refusing
from cbam_viz.signals.readers.matlab_variables import Variable, expanded_bytes, read_level_4, read_level_5
from cbam_viz.signals.readers.rows import Row, choose, find_rows
from cbam_viz.signals.readers.stated import scopes_of, state
from cbam_viz.signals.readers.times import part_times, with_rate
from cbam_viz.signals.recognise import recognise
from cbam_viz.signals.signal import Channel

KIND = "as MATLAB writes it"
_DAMAGED = (ValueError, RecursionError, struct.error, zlib.error)
_HEAD = 128  # bytes
_HDF5_MARK = b"\x89HDF"


def list_channels(path: Path) -> tuple[Channel, ...]:
    """Tell the channels from the headers; only what is compressed must be expanded for it."""
    if is_hdf5(path):
        return HDF5.list_channels(path)
    return _survey(path)[0]


def read_channel(path: Path, name: str | None) -> tuple[Channel, NDArray[Any]]:
    """Read the one variable that holds the channel."""
    if is_hdf5(path):
        return HDF5.read_channel(path, name)
    channels, rows, variables = _survey(path)
    channel = choose(channels, name, path)
    row = rows[channel.name]
    return channel, row.take(variables[row.array].array())


def is_hdf5(path: Path) -> bool:
    """Whether a file is of version 7.3, with MATLAB's head before it or without."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    return head.startswith(_HDF5_MARK) or head[124:] in (b"\0\2IM", b"\2\0MI")


def _survey(path: Path) -> tuple[tuple[Channel, ...], dict[str, Row], dict[str, Variable]]:
    """The channels, where each lies, and the variables of the file."""
    with refusing(path, KIND, _DAMAGED):
        variables = _read_variables(path)
        told = {name: variable.value() for name, variable in variables.items()}
    values = {name: value for name, value in told.items() if value is not None}
    found = find_rows({name: variable.form for name, variable in variables.items() if name not in values}, path)
    with refusing(path, KIND, _DAMAGED):
        rows, rates = part_times(found, lambda row: row.take(variables[row.array].array()))
    channels = recognise((Channel(name, row.samples) for name, row in rows.items()), values, path.stem)
    stated = (state(channel, scopes_of(channel.name, values)) for channel in channels)
    return tuple(with_rate(channel, rates) for channel in stated), rows, variables


def _read_variables(path: Path) -> dict[str, Variable]:
    """Walk the file in the way of its version.

    Raises
    ------
    InputError
        If it is no .mat file, or would take too much memory.
    """
    content = path.read_bytes()
    if 0 in content[:4]:  # text stands there in every later version
        return dict(read_level_4(content))
    version, endian = content[124:126], content[126:128]
    major = version[-1:] if endian == b"IM" else version[:1]
    if major != b"\1" or endian not in (b"IM", b"MI"):
        raise damaged(path, KIND, "it does not begin as one")
    check_expanded(expanded_bytes(content), path)
    return dict(read_level_5(content))
