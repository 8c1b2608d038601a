"""The numbers of a text: every block of lines goes through Arrow's parser as it stands.

Only a block that Arrow refuses is tidied line by line (comments, blank lines), and only a block that is then still
refused is searched for the first line at fault.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from cbam_viz.errors import InputError
from cbam_viz.signals.readers.checks import check_expanded, damaged
from cbam_viz.signals.readers.text_blocks import kind, read_blocks
from cbam_viz.signals.readers.text_dialect import COMMENT
from cbam_viz.signals.readers.text_layout import Layout

LONGEST_GAP = 32
"""Spaces that may stand where a number is missing."""

_NO_ROW = re.compile(rb"^ *(?:[#%].*)?\n", re.MULTILINE)


def read_columns(path: Path, layout: Layout, columns: Sequence[int]) -> list[NDArray[np.float64]]:
    """Read some columns of the table.

    Returns
    -------
    One (T,) array a column, NaN where a cell is empty.

    Raises
    ------
    InputError
        If a line does not fit, there are fewer than 2, or the table takes too much memory.
    """
    parts: list[list[NDArray[np.float64]]] = [[] for _ in columns]
    samples = 0
    for block in read_parts(path, layout, columns):
        samples += len(block[0])
        check_expanded(8 * samples * len(layout.columns.names), path, is_all=False)
        for part, numbers in zip(parts, block, strict=True):
            part.append(numbers)
    _check_count(samples, path, layout)
    return [np.concatenate(parts.pop(0)) for _ in columns]  # lets go of each


def read_parts(
    path: Path, layout: Layout, columns: Sequence[int], is_streamed: bool = False
) -> Iterator[list[NDArray[np.float64]]]:
    """Some columns of the table block by block, each a (n,) array, NaN where a cell is empty.

    Raises
    ------
    InputError
        If a line does not fit.
    """
    yield [np.array([row[column] for row in layout.beside]) for column in columns]
    for block in _plain_blocks(path, layout, is_streamed):
        table = _parse(block, layout)
        if table is None:
            raise _first_fault(path, layout)
        yield [table.column(column).to_numpy() for column in columns]


def count_rows(path: Path, layout: Layout, is_streamed: bool = False) -> int:
    """How many lines hold numbers, of a table of which nothing else need be known."""
    samples = len(layout.beside)
    for block in _plain_blocks(path, layout, is_streamed):
        has_more = any(mark in block for mark in (b"#", b"%", b"\n\n", b"\n ")) or block[:1] in b" \n"
        samples += block.count(b"\n") - (len(_NO_ROW.findall(block)) if has_more else 0)
    _check_count(samples, path, layout)
    return samples


def _plain_blocks(path: Path, layout: Layout, is_streamed: bool) -> Iterator[bytes]:
    """The lines of the table in blocks, with plain numbers for cells."""
    return map(layout.plain.write, read_blocks(path, layout.encoding, layout.skipped, is_streamed))


def _check_count(samples: int, path: Path, layout: Layout) -> None:
    """Refuse a single line."""
    if samples < 2:
        raise InputError(
            f"A recording needs at least 2 lines of numbers, one a sample, but {path.name} has {samples} "
            f"(of {len(layout.columns.names)} numbers). Write the samples of a channel below each other."
        )


def _parse(block: bytes, layout: Layout) -> pa.Table | None:
    """The table in a block of lines, None if some line does not fit."""
    dialect, columns = layout.dialect, len(layout.columns.names)
    separator = dialect.separator or " "
    plain = block.replace(b",", b".") if dialect.decimal_comma else block
    try:
        return _arrow(plain if dialect.separator else _one_space(plain), separator, columns)
    except pa.ArrowInvalid:
        cells = (dialect.split(line) for _, line in _rows([block], layout.encoding))
        tidy = "\n".join(separator.join(cell or "nan" for cell in row) for row in cells)
    try:
        return _arrow(f"{tidy}\n".encode(), separator, columns)
    except pa.ArrowInvalid:
        return None


def _one_space(block: bytes) -> bytes:
    """Lines of which the cells stand one space apart."""
    block = block.replace(b"\t", b" ") if b"\t" in block else block
    while b"  " in block:
        block = block.replace(b"  ", b" ")
    block = block.replace(b"\n ", b"\n").replace(b" \n", b"\n")
    return block.removeprefix(b" ")


def _arrow(block: bytes, separator: str, columns: int) -> pa.Table:
    """Parse lines of as many numbers, each the 64 bit float next to what is written."""
    names = [str(column) for column in range(columns)]
    missing = [" " * length for length in range(LONGEST_GAP)] if columns > 1 else [""]  # alone it would be a blank line
    return csv.read_csv(
        pa.BufferReader(block),
        csv.ReadOptions(column_names=names),
        csv.ParseOptions(delimiter=separator, quote_char=False, escape_char=False),
        csv.ConvertOptions(column_types=dict.fromkeys(names, pa.float64()), null_values=missing),
    )


def _rows(blocks: Iterator[bytes] | Sequence[bytes], encoding: str) -> Iterator[tuple[int, str]]:
    """Number, from 1, and text of every line that should hold numbers."""
    before = 0
    for block in blocks:
        lines = block.decode("latin-1" if encoding == "latin-1" else "utf-8", "replace").split("\n")[:-1]
        for number, line in enumerate(lines, before + 1):
            if (text := line.strip(" ")) and not text.startswith(COMMENT):
                yield number, text
        before += len(lines)


def _first_fault(path: Path, layout: Layout) -> InputError:
    """The advice for the first line that does not fit."""
    columns, dialect = len(layout.columns.names), layout.dialect
    rows = _rows(_plain_blocks(path, layout, is_streamed=True), layout.encoding)
    for below, line in rows:
        cells, number = dialect.split(line), layout.skipped + below
        if any(cells) and not dialect.numbers(line):
            return InputError(
                f"Every cell below the header must be a number, but line {number} of {path.name} is {line[:60]!r}. "
                "Remove the words, or begin such lines with #."
            )
        if len(cells) < columns and next(rows, None) is None:
            return damaged(path, kind(path), f"its last line, {number}, has {len(cells)} of {columns} numbers")
        if len(cells) != columns:
            return InputError(
                f"Every line must have as many cells as the first one, but line {number} of {path.name} has "
                f"{len(cells)} of {columns}. Fill or remove that line."
            )
    return damaged(path, kind(path), "its numbers are written in no usual way")
