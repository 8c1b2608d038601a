"""How a text of numbers is written: separator, decimal comma, words above the numbers, and what each column is.

A comma between two whole numbers separates two columns, unless one of them is written as no whole number is (``-0`` or
``05``) or one name stands above them: then it is a decimal comma. So ``1,2`` above ``3`` is a table with a hole.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cbam_viz.errors import InputError
from cbam_viz.signals.readers.checks import damaged

KIND = "plain text"
COMMENT = ("#", "%")
HEAD_BYTES = 1 << 16
ROWS_TRIED = 200
FEWEST_TIMES = 8
"""Rows that must grow evenly before a column without a name is taken for times or a running count."""
EVEN_TOLERANCE = 0.25
"""Of a step: how far a written time may lie off an even grid. One lost sample moves a time by half a step or more."""

_DIALECTS = ((";", False), (";", True), ("\t", False), ("\t", True), (",", False), (None, False), (None, True))
_NO_WHOLE_NUMBERS = re.compile(r"-0,\d|,0\d")
_NAME_AND_UNIT = re.compile(r"(?P<name>.*?)\s*[\[(](?P<unit>[^\])]*)[\])]")
_SPACED_NAME = re.compile(r"[^\s\[(]+(?:\s*[\[(][^\])]*[\])])?")
_TIME = re.compile(
    r"(?:time|timestamp|zeit|temps|时间|t)(?:[ _]?(?P<unit>s|sec|seconds|ms|us|µs|μs|ns))?", re.IGNORECASE
)
_SECONDS = {"": 1.0, "s": 1.0, "sec": 1.0, "seconds": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ns": 1e-9}


@dataclass(frozen=True)
class Dialect:
    """How numbers are written: `separator` None is white space."""

    separator: str | None
    decimal_comma: bool

    def split(self, line: str) -> list[str]:
        """The cells of a line, numbers with a decimal point."""
        cells = [cell.strip() for cell in line.split(self.separator)]
        return [cell.replace(",", ".") for cell in cells] if self.decimal_comma else cells

    def numbers(self, line: str) -> list[float]:
        """The numbers of a line, NaN for an empty cell; an empty list if some cell is no number."""
        cells = self.split(line)
        try:
            return [float(cell or "nan") for cell in cells] if any(cells) else []
        except ValueError:
            return []

    def number(self, line: str, column: int) -> float:
        """One number of a line, NaN where there is none."""
        cells = line.split(self.separator, column + 1)[column : column + 1]
        try:
            return float(cells[0].replace(",", ".") if self.decimal_comma else cells[0])
        except (IndexError, ValueError):
            return float("nan")


_COMMA_SEPARATES, _COMMA_IN_NUMBER = Dialect(",", False), Dialect(None, True)


@dataclass(frozen=True)
class Layout:
    """How one file is written.

    `skipped` lines stand above the numbers. `time` and `count` are columns that hold no measurement (None: there is
    none); `second` is the unit of the times in s.
    """

    encoding: str
    dialect: Dialect
    skipped: int
    names: tuple[str, ...]
    units: tuple[str, ...]
    time: int | None
    count: int | None
    second: float


def is_even(times: NDArray[np.float64]) -> bool:
    """Whether times grow, and by the same step as far as their digits tell."""
    if len(times) < 2 or not np.all(np.diff(times) > 0):
        return False
    grid = np.linspace(times[0], times[-1], len(times))
    return bool(np.all(np.abs(times - grid) <= EVEN_TOLERANCE * (grid[1] - grid[0])))


def read_layout(path: Path) -> Layout:
    """Read off the beginning of a file how it is written.

    Raises
    ------
    InputError
        If it is no text, or begins with no numbers.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    encoding = _encoding(head, path)
    lines = re.split(r"\r\n|\r|\n", head.decode(encoding, "ignore"))  # as open() does, and unlike splitlines()
    lines = lines[:-1] if len(head) == HEAD_BYTES and len(lines) > 1 else lines
    skipped = next((index for index, line in enumerate(lines) if _fitting(line)), None)
    if skipped is None:
        raise InputError(
            f"A text file must hold lines of numbers, but the first {len(lines)} lines of {path.name} hold none. "
            "Choose a file with one line a sample and one column a channel."
        )
    rows = [line.strip(" ") for line in lines[skipped:] if line.strip() and not line.strip().startswith(COMMENT)]
    above = next((line for line in reversed(lines[:skipped]) if line.strip()), "")
    dialect = _dialect(rows[:ROWS_TRIED], above)
    table = [dialect.numbers(row) for row in rows[:ROWS_TRIED]]
    return _columns(encoding, dialect, skipped, _names(above, dialect, len(table[0])), table)


def _encoding(head: bytes, path: Path) -> str:
    """Encoding of a text by its first bytes."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if b"\0" in head:
        raise damaged(path, KIND, "it holds bytes that are no text")
    try:
        head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return "utf-8-sig" if error.start > len(head) - 4 and len(head) == HEAD_BYTES else "latin-1"
    return "utf-8-sig"


def _fitting(line: str) -> list[Dialect]:
    """The ways in which a line is a row of numbers."""
    if not line.strip() or line.strip().startswith(COMMENT):
        return []
    ways = [
        Dialect(separator, comma) for separator, comma in _DIALECTS if separator in (None, ",") or separator in line
    ]
    return [way for way in ways if way.numbers(line.strip(" "))]


def _dialect(rows: Sequence[str], above: str) -> Dialect:
    """The one way in which all these lines are rows of as many numbers."""
    ways, commas = _fitting(rows[0]), {row.count(",") for row in rows}
    one_name = bool(above.strip()) and not above.startswith(COMMENT) and "," not in above
    is_decimal = one_name or any(_NO_WHOLE_NUMBERS.search(row) for row in rows)
    if not is_decimal and len(commas) > 1 and all(_COMMA_SEPARATES.numbers(row) for row in rows):
        return _COMMA_SEPARATES
    best = next((way for way in ways if len({len(way.numbers(row)) for row in rows}) == 1), ways[0])
    return _COMMA_IN_NUMBER if best == _COMMA_SEPARATES and commas == {1} and is_decimal else best


def _names(above: str, dialect: Dialect, columns: int) -> list[str]:
    """The words above the columns, or their numbers where there are none."""
    text = above.strip().lstrip("".join(COMMENT)).strip()
    words = text.split(dialect.separator) if dialect.separator else _SPACED_NAME.findall(text)
    is_title = columns == 1 and above.strip().startswith(COMMENT)
    if len(words) != columns or is_title or not text:
        return [f"column {number}" for number in range(1, columns + 1)]
    return [word.strip().strip("\"'").strip() for word in words]


def _columns(
    encoding: str, dialect: Dialect, skipped: int, words: list[str], table: Sequence[Sequence[float]]
) -> Layout:
    """Tell the columns apart: the time, a running count, and the measurements."""
    matches = [_NAME_AND_UNIT.fullmatch(word) for word in words]
    names = [match["name"] if match else word for match, word in zip(matches, words, strict=True)]
    units = [match["unit"].strip() if match else "" for match in matches]
    time, count, second = None, None, 1.0
    for column, (name, unit) in enumerate(zip(names, units, strict=True)):
        match = _TIME.fullmatch(name)
        if match and time is None and (scale := _SECONDS.get((match["unit"] or unit).lower())):
            time, second = column, scale
    first = np.array([row[0] for row in table if row])
    if time is None and len(words) > 1 and len(first) >= FEWEST_TIMES and is_even(first):
        step = (first[-1] - first[0]) / (len(first) - 1)
        time, count = (0 if step < 1 else None), (0 if step == 1 else None)
    return Layout(encoding, dialect, skipped, _distinct(names), tuple(units), time, count, second)


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Names of which no two are equal and none is empty."""
    distinct: list[str] = []
    for column, name in enumerate(names, 1):
        distinct.append(name if name and name not in distinct else f"{name or 'column'} {column}")
    return tuple(distinct)
