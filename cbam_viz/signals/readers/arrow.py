"""Columns of Parquet (.parquet) and Feather (.feather, version 2): one column a channel, a column of times the rate.

Metadata of a column or of the table may state rate and unit (`stated`). Only the columns that are asked for are read,
and before that, the number of rows, what the footer says and what every page says (`arrow_pages`) are held against the
limit. Of 12,300 mutants of small files of each kind none crashed, hung or took much memory.
"""

import mmap
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import ipc, parquet

from cbam_viz.signals.readers.arrow_pages import unpacked_buffers, unpacked_pages
from cbam_viz.signals.readers.checks import check_expanded, refusing
from cbam_viz.signals.readers.columns import name_and_unit
from cbam_viz.signals.readers.rows import Form, Value, choose, distinct, find_rows
from cbam_viz.signals.readers.stated import LONGEST_TEXT, state, stated_unit
from cbam_viz.signals.readers.times import SECONDS, rate_of_times, unit_of_time
from cbam_viz.signals.recognise import recognise
from cbam_viz.signals.signal import Channel

KIND = "as Apache Arrow writes it"
_DAMAGED = (pa.ArrowException, OSError, ValueError, KeyError, IndexError, OverflowError, MemoryError, struct.error)
_INDEX = "__index_level_0__"
"""A column in which pandas keeps the numbers of the rows."""


class _Parquet:
    """A Parquet file whose columns have not been read."""

    def __init__(self, path: Path) -> None:
        self._path, self._file = path, parquet.ParquetFile(path)
        self.schema: pa.Schema = self._file.schema_arrow
        self.rows: int = self._file.metadata.num_rows

    def read(self, index: int) -> pa.ChunkedArray:
        """One column, which has a place of its own in the footer."""
        metadata, name = self._file.metadata, self.schema.names[index]
        leaves = [  # reading by name reads all of that name, also the parts of a struct
            leaf
            for leaf in range(metadata.num_columns)
            if metadata.schema.column(leaf).path == name or metadata.schema.column(leaf).path.startswith(f"{name}.")
        ]
        groups = [metadata.row_group(group).column(leaf) for group in range(metadata.num_row_groups) for leaf in leaves]
        check_expanded(sum(abs(group.total_uncompressed_size) for group in groups), self._path)
        content = _mapped(self._path)
        check_expanded(sum(_unpacked(content, group) for group in groups), self._path)
        read = self._file.read(columns=[name], use_threads=False)  # of one column they would wait for each other
        same = [place for place, own in enumerate(read.column_names) if own == name]
        return read.column(same[self.schema.names[:index].count(name)])

    def numbers(self, index: int) -> NDArray[Any]:
        """The numbers of one column, (T,) array."""
        return _numbers(self.read(index))


def _mapped(path: Path) -> memoryview:
    """The bytes of a file, read where they are looked at."""
    with path.open("rb") as stream:
        return memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))


def _unpacked(content: memoryview, group: Any) -> int:
    """Bytes that the pages of a column chunk say they take."""
    starts = [start for start in (group.dictionary_page_offset, group.data_page_offset) if start]
    return unpacked_pages(content, min(starts), group.total_compressed_size)


class _Feather:
    """A Feather file whose columns have not been read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        check_expanded(unpacked_buffers(_mapped(path)), path)
        with ipc.open_file(pa.memory_map(str(path))) as file:  # reads no body
            self.schema: pa.Schema = file.schema
            self.rows: int = file.count_rows()
            self._batches: int = file.num_record_batches

    def read(self, index: int) -> pa.ChunkedArray:
        """One column."""
        with self._column(index) as file:
            return file.read_all().column(0)

    def numbers(self, index: int) -> NDArray[Any]:
        """The numbers of one column, (T,) array."""
        if self._batches == 1 or not pa.types.is_floating(self.schema.field(index).type):
            return _numbers(self.read(index))
        numbers, end = np.empty(self.rows, self.schema.field(index).type.to_pandas_dtype()), 0
        with self._column(index) as file:  # batch by batch into place: joining them would copy what was just unpacked
            for number in range(self._batches):
                part = file.get_batch(number).column(0).to_numpy(zero_copy_only=False)
                numbers[end : end + len(part)] = part
                end += len(part)
        return numbers

    def _column(self, index: int) -> ipc.RecordBatchFileReader:
        """The file, of which only one column is read."""
        return ipc.open_file(pa.OSFile(str(self._path)), options=ipc.IpcReadOptions(included_fields=[index]))


def list_channels(path: Path) -> tuple[Channel, ...]:
    """Tell the channels from the schema; of the rows only the times are read."""
    with _opened(path) as table:
        return tuple(_survey(table, path))


def read_channel(path: Path, name: str | None) -> tuple[Channel, NDArray[Any]]:
    """Read the one column."""
    with _opened(path) as table:
        channels = _survey(table, path)
        channel = choose(tuple(channels), name, path)
        return channel, table.numbers(channels[channel])


@contextmanager
def _opened(path: Path) -> Iterator[_Parquet | _Feather]:
    """A file of either kind."""
    with refusing(path, KIND, _DAMAGED):
        yield _Parquet(path) if path.suffix.lower() == ".parquet" else _Feather(path)


def _survey(table: _Parquet | _Feather, path: Path) -> dict[Channel, int]:
    """Every channel and the number of its column."""
    check_expanded(8 * table.rows, path)
    time = _time_column(table.schema)
    names = distinct([name_and_unit(headed)[0] for headed in table.schema.names])
    columns = {
        name: index
        for index, (name, headed) in enumerate(zip(names, table.schema.names, strict=True))
        if index != time and headed != _INDEX
    }
    rows = find_rows(
        {name: Form((table.rows,), _kind(table.schema.field(index))) for name, index in columns.items()}, path
    )
    whole = _values(table.schema.metadata)
    found = recognise((Channel(name, table.rows) for name in rows), whole, path.stem)
    fs, note = (None, "") if time is None else rate_of_times(_seconds(table.read(time), table.schema.field(time)))
    channels = {}
    for channel in found:
        field = table.schema.field(columns[channel.name])
        own = {"unit": name_and_unit(field.name)[1], **_values(field.metadata)}
        told = state(channel, [own, whole])
        if told.fs is None and not told.note:
            told = replace(told, fs=fs, note=note)
        channels[told] = columns[channel.name]
    return channels


def _time_column(schema: pa.Schema) -> int | None:
    """The column of times: the first that is named so, else the first whose type is time; None if there is none."""
    named = (
        index
        for index, field in enumerate(schema)
        if unit_of_time(field.name) is not None and (_is_time(field.type) or _kind(field) in "iuf")
    )
    typed = (index for index, field in enumerate(schema) if _is_time(field.type))
    return next(named, next(typed, None))


def _is_time(kind: pa.DataType) -> bool:
    """Whether a type says when."""
    return pa.types.is_timestamp(kind) or pa.types.is_duration(kind) or pa.types.is_time(kind)


def _kind(field: pa.Field) -> str:
    """NumPy kind of a column, ``V`` if it holds no numbers."""
    kinds = {
        "b": pa.types.is_boolean,
        "u": pa.types.is_unsigned_integer,
        "i": pa.types.is_integer,
        "f": pa.types.is_floating,
    }
    return next((kind for kind, holds in kinds.items() if holds(field.type)), "V")


def _seconds(column: pa.ChunkedArray, field: pa.Field) -> NDArray[np.float64]:
    """Times in s, (T,) array, from the first one on if they are dates."""
    if not _is_time(field.type):
        return _numbers(column).astype(np.float64) * (
            unit_of_time(field.name, stated_unit([_values(field.metadata)])) or 1.0
        )
    counts = _numbers(column.cast(pa.int32()) if pa.types.is_time32(field.type) else column.cast(pa.int64()))
    return (counts - counts[:1]).astype(np.float64) * SECONDS[field.type.unit]


def _numbers(column: pa.ChunkedArray) -> NDArray[Any]:
    """The numbers of a column, (T,) array; a missing one is NaN."""
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.uint8())
    return np.asarray(column.to_numpy())


def _values(metadata: Mapping[bytes, bytes] | None) -> dict[str, Value]:
    """Metadata that are words or numbers; pandas and Arrow keep long texts of their own there."""
    return {
        name.decode("utf-8", "replace"): text.decode("utf-8", "replace")
        for name, text in (metadata or {}).items()
        if len(text) <= LONGEST_TEXT
    }
