"""One channel of a file as blocks, a reader a format: no more than a block is in memory, however long the file is.

A stream begins at any sample. What a file says of its channels is told by the readers of whole files; a stream only
adds that it holds its times to a grid block by block, since it never sees all of them at once.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import soundfile
from numpy.typing import NDArray
from pyarrow import parquet

from cbam_viz.errors import InputError
from cbam_viz.signals.readers import arrow, flac, hdf5, matlab, numpy_files, tdms, text, wave
from cbam_viz.signals.readers.apart import HDF5
from cbam_viz.signals.readers.checks import damaged, refusing
from cbam_viz.signals.readers.rows import Form, find_rows
from cbam_viz.signals.readers.text_layout import Layout, read_layout
from cbam_viz.signals.readers.text_table import count_rows, read_parts
from cbam_viz.signals.readers.times import RATE_OF_TIMES, in_ms, rate_of_table
from cbam_viz.signals.signal import Channel

BLOCK = 1 << 18
"""Samples of all channels together that are read at a time, or about as many."""
OFF_GRID = 0.5
"""Of a step: times further apart or closer are a gap, or no recording at one rate."""
Blocks = Iterator[NDArray[Any]]


class Format(NamedTuple):
    """How one format is streamed: its channels, and the blocks of one of them from a sample on."""

    list_channels: Callable[[Path], tuple[Channel, ...]]
    stream: Callable[[Path, Channel, int], Blocks]


def _stream_sound(path: Path, channel: Channel, first: int) -> Blocks:
    """A .wav or .flac, full scale being 1."""
    with refusing(path, "a sound file", (soundfile.LibsndfileError,)), soundfile.SoundFile(path) as file:
        column, left = int(channel.name.rpartition(" ")[2]) - 1, channel.samples - first
        file.seek(first)
        block = np.empty((max(BLOCK // file.channels, 1), file.channels))
        while left and len(read := file.read(out=block[: min(left, len(block))])):
            left -= len(read)
            yield read[:, column].copy()
    if left:
        raise damaged(path, "a sound file", f"it holds {channel.samples - left} of {channel.samples} samples")


def _stream_array(path: Path, channel: Channel, first: int) -> Blocks:
    """A .npy, mapped into memory."""
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    rows = find_rows({"channel": Form(array.shape, array.dtype.kind)}, path)
    samples = rows[channel.name].take(array)
    for begin in range(first, len(samples), BLOCK):
        yield np.array(samples[begin : begin + BLOCK])


def _stream_hdf5(path: Path, channel: Channel, first: int) -> Blocks:
    """An .h5, or a .mat of version 7.3, in this process: its structure was read apart and did no harm."""
    with hdf5.open_channel(path, channel.name, is_streamed=True) as (_channel, stored):
        at = 0
        for part in stored.parts:
            if at + len(part) > first:
                yield part[max(first - at, 0) :].copy()
            at += len(part)


def _list_matlab(path: Path) -> tuple[Channel, ...]:
    """The channels of a .mat that is HDF5."""
    if not matlab.is_hdf5(path):
        raise InputError(
            f"A .mat file is streamed from version 7.3 on, but {path.name} is older. Save it with -v7.3, or open it "
            "as a whole."
        )
    return HDF5.list_channels(path)


def _list_parquet(path: Path) -> tuple[Channel, ...]:
    """The columns, with the rate of the first of their times."""
    with arrow.opened(path) as table:
        return tuple(arrow.survey(table, path, lambda index: _column(path, table.schema.names[index])))


def _column(path: Path, name: str) -> pa.ChunkedArray:
    """The beginning of a column."""
    batches = parquet.ParquetFile(path).iter_batches(BLOCK, columns=[name], use_threads=False)
    return pa.chunked_array([next(batches).column(0)])


def _stream_parquet(path: Path, channel: Channel, first: int) -> Blocks:
    """A column of a .parquet; row groups before the first sample are not read."""
    with arrow.opened(path) as table:
        schema, time = table.schema, arrow.time_column(table.schema)
        read = lambda index: _column(path, schema.names[index])  # noqa: E731
        index = {known.name: place for known, place in arrow.survey(table, path, read).items()}[channel.name]
        file = parquet.ParquetFile(path, memory_map=True)
        counts = [file.metadata.row_group(group).num_rows for group in range(file.metadata.num_row_groups)]
        groups = [group for group in range(len(counts)) if sum(counts[: group + 1]) > first]
        at = sum(counts[: groups[0]]) if groups else first
        names = [schema.names[place] for place in (index, time) if place is not None]
        grid = _Grid(path, channel)
        for batch in file.iter_batches(BLOCK, row_groups=groups, columns=names, use_threads=False):
            if time is not None and RATE_OF_TIMES in channel.note:
                grid.check(arrow.seconds(pa.chunked_array([batch.column(names[-1])]), schema.field(time)), at)
            samples = arrow.numbers_of(pa.chunked_array([batch.column(names[0])]))
            yield samples[max(first - at, 0) :]
            at += len(samples)


def _stream_tdms(path: Path, channel: Channel, first: int) -> Blocks:
    """A channel of a .tdms."""
    with tdms.opened(path) as file:
        stored = {known.name: each for known, each in tdms.survey(file, path).items()}[channel.name]
        for begin in range(first, channel.samples, BLOCK):
            yield np.asarray(stored[begin : begin + BLOCK])


def _list_text(path: Path) -> tuple[Channel, ...]:
    """The columns of a table, with the rate of the first of its times; its lines are counted."""
    layout = read_layout(path)
    time = layout.columns.time
    times = None
    if time is not None:
        parts = read_parts(path, layout, [time], is_streamed=True)
        times = np.concatenate([next(parts)[0], next(parts, [np.empty(0)])[0]])
    fs, note = rate_of_table(layout.fs, times, layout.columns.second)
    return text.describe(path, layout, count_rows(path, layout, is_streamed=True), fs, note)


def _stream_text(path: Path, channel: Channel, first: int) -> Blocks:
    """A column of a text; what comes before the first sample is read and let go."""
    layout: Layout = read_layout(path)
    columns, at, grid = layout.columns, 0, _Grid(path, channel)
    wanted = [columns.names.index(channel.name), *([] if columns.time is None else [columns.time])]
    for samples, *times in read_parts(path, layout, wanted, is_streamed=True):
        if times and RATE_OF_TIMES in channel.note:
            grid.check(times[0][: channel.samples - at] * columns.second, at)
        if at + len(samples) > first:
            yield samples[max(first - at, 0) :]
        at += len(samples)


class _Grid:
    """The times beside the samples of a channel, held to its rate block by block."""

    def __init__(self, path: Path, channel: Channel) -> None:
        self._path, self._step = path, 1 / channel.fs if channel.fs else 0.0
        self._last: NDArray[np.float64] = np.empty(0)

    def check(self, times: NDArray[np.float64], at: int) -> None:
        """Refuse times in s, (n,) array from sample `at` on, that are no grid.

        Raises
        ------
        InputError
            If two neighbours lie further apart or closer than a step.
        """
        joined = np.concatenate([self._last, times])
        wrong = np.flatnonzero(~(np.abs(np.diff(joined) - self._step) <= OFF_GRID * self._step))
        if self._step and len(wrong):
            place = at - len(self._last) + int(wrong[0])
            raise InputError(
                f"The times of a recording lie {in_ms(self._step)} ms apart, but in {self._path.name} samples {place} "
                f"and {place + 1} lie {in_ms(float(joined[wrong[0] + 1] - joined[wrong[0]]))} ms apart. Cut the "
                "recording there, or give its rate if the times are wrong."
            )
        self._last = times[-1:]


_TEXT = Format(_list_text, _stream_text)
_SOUND = Format(wave.list_channels, _stream_sound)
_HDF5 = Format(HDF5.list_channels, _stream_hdf5)
FORMATS = {
    ".wav": _SOUND,
    ".flac": Format(flac.list_channels, _stream_sound),
    ".npy": Format(numpy_files.list_channels, _stream_array),
    ".h5": _HDF5,
    ".hdf5": _HDF5,
    ".mat": Format(_list_matlab, _stream_hdf5),
    ".parquet": Format(_list_parquet, _stream_parquet),
    ".tdms": Format(tdms.list_channels, _stream_tdms),
    ".csv": _TEXT,
    ".txt": _TEXT,
}
"""By the extension of the file."""
