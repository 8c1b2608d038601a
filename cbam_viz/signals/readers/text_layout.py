"""How a text of numbers is laid out, read off its beginning: its dialect, where its table begins, what each column is.

A preamble may also stand beside the first numbers, in the columns that are empty further down.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from cbam_viz.errors import InputError
from cbam_viz.signals.readers.checks import damaged
from cbam_viz.signals.readers.columns import Columns, frequency_response
from cbam_viz.signals.readers.text_blocks import HEAD_BYTES, kind, read_head
from cbam_viz.signals.readers.text_columns import tell_text_columns
from cbam_viz.signals.readers.text_dialect import COMMENT, Dialect, find_dialect, fitting, numbers
from cbam_viz.signals.readers.text_plain import Plain, find_plain, holds_date_or_clock
from cbam_viz.signals.readers.text_preamble import read_preamble

ROWS_TRIED = 200
_BODE = re.compile(r"\s*Freq(?:\.|uency)\s.*V\(", re.IGNORECASE)
"""How LTspice begins a table over frequency, whose cells are no plain numbers."""


@dataclass(frozen=True)
class Layout:
    """How one file is written.

    `plain` makes plain numbers of its cells, `skipped` lines stand above the table, `beside` are rows of it that a
    preamble stands beside, and `fs` is the sampling rate in Hz that the preamble tells (None: it tells none).
    """

    encoding: str
    plain: Plain
    dialect: Dialect
    skipped: int
    beside: tuple[tuple[float, ...], ...]
    columns: Columns
    fs: float | None


def read_layout(path: Path) -> Layout:
    """Read off the beginning of a file how it is written.

    Raises
    ------
    InputError
        If it is no text, or begins with no numbers.
    """
    head = read_head(path)
    encoding = _encoding(head, path)
    lines = re.split(r"\r\n|\r|\n", head.decode(encoding, "ignore"))  # as open() does, and unlike splitlines()
    lines = lines[:-1] if len(head) == HEAD_BYTES and len(lines) > 1 else lines
    encoded = "\n".join(lines).encode()
    for plain in (Plain(), *find_plain(encoded)):
        written = plain.write(encoded).decode().split("\n")
        if (skipped := _first_row(written)) is not None:
            lines = written
            break
    if skipped is None:
        raise _no_rows(lines, path)
    preamble, beside, skipped = _beside(lines, skipped)
    rows = [line.strip(" ") for line in lines[skipped:] if line.strip() and not line.strip().startswith(COMMENT)]
    above = next((line for line in reversed(preamble) if line.strip()), "")
    dialect = find_dialect(rows[:ROWS_TRIED], above)
    table = [dialect.numbers(row) for row in rows[:ROWS_TRIED]]
    begin = np.array([*beside, *(row for row in table if len(row) == len(table[0]))])
    filled = 1 + max(np.flatnonzero(~np.isnan(begin).all(axis=0)).tolist(), default=len(table[0]) - 1)
    told = read_preamble(preamble, dialect, len(table[0]), filled)
    columns = tell_text_columns(told, begin)
    if plain.stamped:
        time = plain.counted + int(
            np.isnan(begin[:, int(plain.counted)]).all()
        )  # a date in a column of its own is written with the time after it
        measured = tuple(column for column in columns.measured if column > time)
        columns = replace(columns, time=time, second=1.0, measured=measured)
    return Layout(encoding, plain, dialect, skipped, beside, columns, told.fs)


def _first_row(lines: Sequence[str]) -> int | None:
    """Index of the first line that is a row of numbers."""
    return next((index for index, line in enumerate(lines) if fitting(line)), None)


def _no_rows(lines: Sequence[str], path: Path) -> InputError:
    """The advice for a text whose beginning holds no numbers."""
    if any(_BODE.match(line) for line in lines):
        return frequency_response(path)
    dated = [number for number, line in enumerate(lines, 1) if holds_date_or_clock(line)]
    if len(dated) > len(lines) // 2:
        number = next(number for number in reversed(dated) if number - 1 not in dated)  # the first of the table
        line = lines[number - 1]
        return InputError(
            "Dates and times of day are read only at the beginning of a line, or after a running count, such as "
            "10:15:00.25, 2024-03-05 10:15:00.25 or 03/05/2024 10:15:00.25 AM, "
            f"but line {number} of {path.name} is {line[:60]!r}. "
            "Write the times in seconds, or leave them out and give the sampling rate."
        )
    return InputError(
        f"A text file must hold lines of numbers, but the first {len(lines)} lines of {path.name} hold none. "
        "Choose a file with one line a sample and one column a channel."
    )


def _encoding(head: bytes, path: Path) -> str:
    """Encoding of a text by its first bytes."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if b"\0" in head:
        raise damaged(path, kind(path), "it holds bytes that are no text")
    try:
        head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return "utf-8-sig" if error.start > len(head) - 4 and len(head) == HEAD_BYTES else "latin-1"
    return "utf-8-sig"


def _beside(lines: Sequence[str], first: int) -> tuple[list[str], tuple[tuple[float, ...], ...], int]:
    """Take apart a table that begins, in its empty columns, with words.

    Parameters
    ----------
    lines : of the beginning of the file.
    first : index of the first line that is a row of numbers alone.

    Returns
    -------
    The lines of words, the rows of numbers beside them, and how many lines these were, with those above the table.
    """
    dialect = fitting(lines[first])[0]
    width, empty = _shape(lines[first], dialect)
    mixed = [
        index
        for index, line in enumerate(lines)
        if empty > 1 and _shape(line, dialect)[0] == width and numbers(dialect.split(line)[empty:])
    ]
    worded = [index for index in mixed if any(dialect.split(lines[index])[:empty])]
    if not worded or worded[-1] + 1 >= len(lines) or not fitting(lines[worded[-1] + 1]):
        return list(lines[:first]), (), first
    taken = [dialect.split(lines[index]) for index in mixed if index <= worded[-1]]
    rows = tuple((float("nan"),) * empty + tuple(numbers(cells[empty:])) for cells in taken)
    words = [(dialect.separator or " ").join(cells[:empty]) for cells in taken]
    return [*lines[: mixed[0]], *words], rows, worded[-1] + 1


def _shape(line: str, dialect: Dialect) -> tuple[int, int]:
    """How many cells a line has, and how many of them are empty before the first that is not."""
    cells = dialect.split(line)
    return len(cells), next((index for index, cell in enumerate(cells) if cell), len(cells))
