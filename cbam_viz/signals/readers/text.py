"""Numbers as text, plain or gzip: one line a sample, one column a channel; times or a stated rate give the rate.

Lines that begin with ``#`` or ``%`` are comments. How the rest is written is read off its beginning (`text_layout`),
and the table is read once, in blocks, of which only the wanted columns are kept (`text_table`).
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cbam_viz.errors import InputError
from cbam_viz.signals.readers.columns import check_no_spectrum
from cbam_viz.signals.readers.rows import choose
from cbam_viz.signals.readers.text_layout import Layout, read_layout
from cbam_viz.signals.readers.text_table import count_rows, read_columns
from cbam_viz.signals.readers.uneven import Grid, grid_of_table
from cbam_viz.signals.signal import Channel


def list_channels(path: Path) -> tuple[Channel, ...]:
    """Tell the channels from the head; of the lines below only the times are kept, and the rest is counted."""
    layout = read_layout(path)
    if layout.columns.time is None:
        return _channels(path, layout, count_rows(path, layout), None)[0]
    (times,) = read_columns(path, layout, [layout.columns.time])
    return _channels(path, layout, len(times), times)[0]


def read_channel(path: Path, name: str | None) -> tuple[Channel, NDArray[Any]]:
    """Read the one column, and the times beside it."""
    layout = read_layout(path)
    columns = layout.columns
    if not columns.measured:
        list_channels(path)  # it tells why there is no channel
    column = columns.names.index(choose(_channels(path, layout, 0, None)[0], name, path).name)
    samples, *times = read_columns(path, layout, [column] if columns.time is None else [column, columns.time])
    known, grid = _channels(path, layout, len(samples), times[0] if times else None)
    return choose(known, columns.names[column], path), samples if grid is None else grid.fill(samples)


def _channels(
    path: Path, layout: Layout, samples: int, times: NDArray[np.float64] | None
) -> tuple[tuple[Channel, ...], Grid | None]:
    """The channels of a file: every column that is a measurement; and the grid that uneven times are brought to."""
    columns = layout.columns
    check_no_spectrum(columns, path)
    if not columns.measured:
        held = "no number" if columns.time is None else f"only {samples} times"
        raise InputError(
            f"A file must hold at least one column of samples, but {path.name} holds {held}. "
            "Write the samples beside them."
        )
    fs, note, grid = grid_of_table(layout.fs, times, columns.second)
    note = f"{note} {layout.plain.note}".strip()
    count = samples if grid is None else grid.samples
    channels = (Channel(columns.names[at], count, fs, columns.units[at], note=note) for at in columns.measured)
    return tuple(channels), grid
