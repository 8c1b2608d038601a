"""A table of numbers on a sheet: the rows above the first row of numbers are its header.

The last row of the header holds the names, with units in brackets; or the units alone, and then the names stand above.
A rate and the units may also stand there as in the lines above a text (`text_preamble`).
A cell may hold a date or a time of day, which is read in s; a column of dates and one of times of day are the time
together. An empty cell is NaN.
"""

import datetime
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cbam_viz.errors import InputError
from cbam_viz.signals.readers.columns import Columns, name_and_unit, tell_columns
from cbam_viz.signals.readers.rows import distinct
from cbam_viz.signals.readers.text_columns import use_lists
from cbam_viz.signals.readers.text_dialect import Dialect
from cbam_viz.signals.readers.text_preamble import is_statement, read_preamble
from cbam_viz.signals.readers.times import SECONDS
from cbam_viz.signals.readers.workbook import address
from cbam_viz.signals.units import UNITS, normalise

Row = Sequence[Any]
"""Cells: numbers, words (empty for an empty cell), truth values, dates or times."""
ROWS_TRIED = 200
_DAY_0 = datetime.datetime(1900, 1, 1)
_CELLS = Dialect("\t", decimal_comma=False)
"""How a row of cells is written as a line of text."""
_DATED = (datetime.date, datetime.time, datetime.timedelta)  # a datetime is a date


@dataclass(frozen=True, eq=False)
class Table:
    """What the columns are, their numbers, and the rate that is stated above them.

    `numbers` is a (T, columns) array, NaN where a cell is empty; `fs` is in Hz, None where it is not stated.
    """

    columns: Columns
    numbers: NDArray[np.float64]
    fs: float | None


def read_table(rows: Iterator[Row], left: int, where: str) -> Table | None:
    """The table on a sheet, None if there is no row of numbers.

    Parameters
    ----------
    rows : all rows from the sheet's first, each as long as the others.
    left : index of the first column.
    where : name of sheet and file.

    Raises
    ------
    InputError
        If a cell below the header holds a word, there is one row only, or there are only times.
    """
    header: list[Row] = []
    for first in rows:
        if _begins(first):
            break
        header.append(first)
    else:
        return None
    numbers = _read_numbers(chain([first], rows), len(header), left, where)
    header = header[-ROWS_TRIED:]
    lines = ["\t".join(" ".join(str(cell).split()) for cell in row) for row in header]
    told = read_preamble(lines, _CELLS, len(first), len(first))
    named = [row for row, line in zip(header, lines, strict=True) if not is_statement(line, _CELLS)]
    names, units = _words(named, len(first))
    kept = [place for place, column in enumerate(numbers.T) if not np.isnan(column).all()]
    head = numbers[:ROWS_TRIED, kept]
    columns = tell_columns([names[column] for column in kept], [units[column] for column in kept], head)
    dated = [place for place, column in enumerate(kept) if isinstance(first[column], _DATED)]
    if dated and columns.time in (None, *dated):
        time = dated[0] if columns.time is None else columns.time
        if [type(first[kept[place]]) for place in dated] == [datetime.date, datetime.time]:
            numbers[:, kept[time := dated[1]]] += numbers[:, kept[dated[0]]]
        measured = tuple(place for place in columns.measured if place not in dated)
        columns = replace(columns, time=time, second=1.0, measured=measured)
    if not columns.measured:
        raise InputError(
            f"A sheet must hold at least one column of samples, but {where} holds only {len(numbers)} times. "
            "Write the samples beside them."
        )
    known, own = list(columns.names), list(columns.units)
    use_lists(known, own, columns.measured, told)
    return Table(replace(columns, names=distinct(known), units=tuple(own)), numbers[:, kept], told.fs)


def _begins(row: Row) -> bool:
    """Whether a row is the first of the numbers: it holds one, and no words."""
    is_number = [isinstance(cell, (int, float)) for cell in row]
    return any(is_number) and not any(isinstance(cell, str) and cell.strip() for cell in row)


def _read_numbers(rows: Iterator[Row], top: int, left: int, where: str) -> NDArray[np.float64]:
    """All numbers from row `top` on, (T, columns) array; empty rows at the end are left out."""
    flat, width = array("d"), 0
    for number, row in enumerate(rows, top):
        width = len(row)
        try:
            flat.fromlist(row)  # type: ignore[arg-type]  # takes all of the row or, where a cell is no number, nothing
        except TypeError:
            flat.extend(_number(cell, number, left + place, where) for place, cell in enumerate(row))
    numbers = np.frombuffer(flat).reshape(-1, width)
    filled = np.flatnonzero(~np.isnan(numbers).all(axis=1))
    numbers = numbers[: filled[-1] + 1 if len(filled) else 0]
    if len(numbers) < 2:
        raise InputError(
            f"A recording needs at least 2 rows of numbers, one a sample, but sheet {where} has {len(numbers)}. "
            "Write the samples of a channel below each other."
        )
    return numbers


def _number(cell: Any, row: int, column: int, where: str) -> float:
    """The number in a cell; dates and times in s."""
    match cell:
        case datetime.datetime():
            return (cell - _DAY_0).total_seconds()
        case datetime.date():
            return 86_400.0 * (cell - _DAY_0.date()).days
        case datetime.time():
            return 3600.0 * cell.hour + 60 * cell.minute + cell.second + cell.microsecond / 1e6
        case datetime.timedelta():
            return cell.total_seconds()
    try:
        return float(cell or "nan") if isinstance(cell, str) else float(cell)
    except ValueError:
        if not cell.strip():
            return float("nan")
        raise InputError(
            f"Every cell below the header must be a number, but cell {address(row, column)} of sheet {where} is "
            f"{cell[:60]!r}. Remove the word, or leave the cell empty."
        ) from None


def _words(header: Sequence[Row], width: int) -> tuple[list[str], list[str]]:
    """Name and unit of each column, empty where there is none."""
    rows = [[str(cell).strip() for cell in row] for row in header if any(str(cell).strip() for cell in row)]
    if not rows:
        return [""] * width, [""] * width
    if len(rows) > 1 and _are_units(rows[-1]) and sum(map(bool, rows[-2])) >= sum(map(bool, rows[-1])):
        return [name_and_unit(word)[0] for word in rows[-2]], [word.strip("[]() ") for word in rows[-1]]
    names = [name_and_unit(word) for word in rows[-1]]
    return [name for name, _ in names], [unit for _, unit in names]


def _are_units(words: Sequence[str]) -> bool:
    """Whether a row of the header holds nothing but units."""
    bare = [word.strip("[]() ") for word in words if word]
    bracketed = [word[0] + word[-1] in ("[]", "()") for word in words if word]
    return all(
        in_brackets or normalise(word) in UNITS or word.lower() in SECONDS
        for word, in_brackets in zip(bare, bracketed, strict=True)
    )
