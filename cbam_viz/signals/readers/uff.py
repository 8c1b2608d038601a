"""Universal files (.uff, .unv): data sets 58 (text) and 58b (binary) that hold a time response at even steps.

Data sets of other types are passed over; spectra, complex numbers and uneven times are named and not read. The samples
are read here because `pyuff` makes a Python number of each, of all data sets for one: it takes 6 to 9 times the file in
memory, and far more where the file is damaged.
"""

from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from cbam_viz.signals.readers.checks import refusing
from cbam_viz.signals.readers.rows import choose, distinct, find_rows
from cbam_viz.signals.readers.uff_sets import LINE_BYTES, WIDTHS, DataSet, read_sets
from cbam_viz.signals.signal import Channel

KIND = "a universal file"
_DAMAGED = (ValueError, OverflowError)
_LINE_WIDTH = 80
_STRIP = 10_000
"""Lines that are taken apart at a time."""


def list_channels(path: Path) -> tuple[Channel, ...]:
    """Tell the channels from the headers of the data sets."""
    return tuple(_channel(name, found) for name, found in _survey(path).items())


def read_channel(path: Path, name: str | None) -> tuple[Channel, NDArray[Any]]:
    """Read the one data set that holds the channel."""
    sets = _survey(path)
    channel = choose([_channel(name, found) for name, found in sets.items()], name, path)
    found = sets[channel.name]
    if found.coding:
        return channel, np.fromfile(path, found.coding, channel.samples, offset=found.start)
    with refusing(path, KIND, _DAMAGED), path.open("rb") as file:
        file.seek(found.start)
        return channel, _read_text(file, channel.samples, WIDTHS[found.ordinate])


def _survey(path: Path) -> dict[str, DataSet]:
    """Every data set that is a channel, by a name that is its own.

    Raises
    ------
    InputError
        If there is none.
    """
    with refusing(path, KIND, _DAMAGED):
        told = list(read_sets(path.read_bytes()))
    named = [replace(found, name=found.name or f"channel {number}") for number, found in enumerate(told, 1)]
    sets = dict(zip(distinct([found.name for found in named]), named, strict=True))
    rows = find_rows({name: found.form for name, found in sets.items()}, path)
    return {name: sets[name] for name in rows}


def _channel(name: str, found: DataSet) -> Channel:
    """What a header says of its channel."""
    return Channel(name, found.form.shape[0], found.fs, found.unit)


def _read_text(file: IO[bytes], count: int, width: int) -> NDArray[np.float64]:
    """Numbers in columns of a fixed width, as many to a line of 80 letters as go into it.

    Raises
    ------
    ValueError
        If there are fewer than `count`, or something else.
    """
    numbers, across = [], _LINE_WIDTH // width
    lines = (file.readline(LINE_BYTES).rstrip(b"\r\n")[: across * width] for _ in range(-(-count // across)))
    while strip := list(islice(lines, _STRIP)):
        packed = b"".join(strip).rstrip()
        if len(packed) % width:
            raise ValueError("its columns are not those of a universal file")
        numbers.append(np.frombuffer(packed.replace(b"D", b"E"), f"S{width}").astype(np.float64))
    samples = np.concatenate(numbers)
    if len(samples) != count:
        raise ValueError(f"it holds {len(samples)} of {count} samples")
    return samples
