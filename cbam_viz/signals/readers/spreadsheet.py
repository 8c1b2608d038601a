"""Excel workbooks (.xlsx): each sheet with numbers is a group of columns, one row a sample.

What stands above the numbers is read in `sheet_table`. The library may end its process on a workbook that was made to,
so this runs in a child (`apart`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cbam_viz.errors import InputError
from cbam_viz.signals.readers.apart_server import Stored
from cbam_viz.signals.readers.rows import choose
from cbam_viz.signals.readers.sheet_table import Table, read_table
from cbam_viz.signals.readers.times import rate_of_table
from cbam_viz.signals.readers.workbook import KIND, read_sheets
from cbam_viz.signals.signal import Channel

__all__ = ["KIND", "list_channels", "open_channel"]

BETWEEN = " · "
"""Between the name of a sheet and that of its column, where several sheets hold numbers."""


def list_channels(path: Path) -> tuple[Channel, ...]:
    """Tell the channels of every sheet; a workbook can only be read as a whole."""
    return tuple(_survey(path))


@contextmanager
def open_channel(path: Path, name: str | None) -> Iterator[tuple[Channel, Stored]]:
    """Read the workbook and take the one column."""
    samples = _survey(path)
    channel = choose(list(samples), name, path)
    yield channel, Stored("<f8", channel.samples, [np.ascontiguousarray(samples[channel])])


def _survey(path: Path) -> dict[Channel, NDArray[np.float64]]:
    """The channels with their samples, (T,) arrays.

    Raises
    ------
    InputError
        If the workbook can't be read, or none of its sheets holds a table of numbers.
    """
    tables: dict[str, Table] = {}
    faults: dict[str, InputError] = {}
    for sheet, cells in read_sheets(path):
        try:
            table = read_table(cells.iter_rows(), cells.start[1] if cells.start else 0, f"{sheet!r} of {path.name}")
        except InputError as advice:
            faults[sheet] = advice
        else:
            tables |= {sheet: table} if table else {}
    if not tables:
        raise next(iter(faults.values()), None) or InputError(
            f"A workbook must hold a sheet with rows of numbers, but {path.name} holds none. "
            "Choose a file with one row a sample and one column a channel."
        )
    left_out = f"Left out, since they are no tables of numbers: {', '.join(faults)}." if faults else ""
    several = len(tables) > 1
    return {
        replace(channel, name=f"{sheet}{BETWEEN}{channel.name}" if several else channel.name): samples
        for sheet, table in tables.items()
        for channel, samples in _channels(table, left_out)
    }


def _channels(table: Table, left_out: str) -> list[tuple[Channel, NDArray[np.float64]]]:
    """The channels of one sheet, by the names of their columns."""
    columns, numbers = table.columns, table.numbers
    times = None if columns.time is None else numbers[:, columns.time]
    fs, note = rate_of_table(table.fs, times, columns.second)
    notes = " ".join(filter(None, (note, left_out)))
    return [
        (Channel(columns.names[place], len(numbers), fs, columns.units[place], note=notes), numbers[:, place])
        for place in columns.measured
    ]
