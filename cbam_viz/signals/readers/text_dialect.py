"""How numbers are written in a text: what separates them, and whether a comma is their point.

A comma between two whole numbers separates two columns, unless one of them is written as no whole number is (``-0`` or
``05``) or one name stands above them: then it is a decimal comma. So ``1,2`` above ``3`` is a table with a hole.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

COMMENT = ("#", "%")

_NO_WHOLE_NUMBERS = re.compile(r"-0,\d|,0\d")


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
        return numbers(self.split(line))


_WAYS = ((";", False), (";", True), ("\t", False), ("\t", True), (",", False), (None, False), (None, True))
_COMMA_SEPARATES, _COMMA_IN_NUMBER = Dialect(",", False), Dialect(None, True)


def numbers(cells: Sequence[str]) -> list[float]:
    """Cells as numbers, NaN for an empty one; an empty list if some cell is no number, or all are empty."""
    try:
        return [float(cell or "nan") for cell in cells] if any(cells) else []
    except ValueError:
        return []


def fitting(line: str) -> list[Dialect]:
    """The ways in which a line is a row of numbers."""
    if not line.strip() or line.strip().startswith(COMMENT):
        return []
    ways = [Dialect(separator, comma) for separator, comma in _WAYS if separator in (None, ",") or separator in line]
    return [way for way in ways if way.numbers(line.strip(" "))]


def find_dialect(rows: Sequence[str], above: str) -> Dialect:
    """The one way in which all these lines are rows of as many numbers; `above` is the line over them."""
    ways, commas = fitting(rows[0]), {row.count(",") for row in rows}
    one_name = bool(above.strip()) and not above.startswith(COMMENT) and "," not in above
    is_decimal = one_name or any(_NO_WHOLE_NUMBERS.search(row) for row in rows)
    if not is_decimal and len(commas) > 1 and all(_COMMA_SEPARATES.numbers(row) for row in rows):
        return _COMMA_SEPARATES
    best = next((way for way in ways if len({len(way.numbers(row)) for row in rows}) == 1), ways[0])
    if best == _COMMA_SEPARATES and commas == {1} and is_decimal and _COMMA_IN_NUMBER.numbers(rows[0]):
        return _COMMA_IN_NUMBER
    return best
