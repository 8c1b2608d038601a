"""The sheets of an Excel workbook as rows of cells, once it is known how much room they take.

calamine lays every sheet out as a full rectangle up to its last cell, and ends the whole process where there is no
room for it. So the places of all cells are read from the packed sheets first.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import python_calamine

from cbam_viz.signals.readers import checks
from cbam_viz.signals.readers.checks import ZIP_DAMAGED, check_expanded, open_zip, refusing

KIND = "an Excel workbook"
BYTES_A_CELL = 100
"""That reading takes: calamine's list of cells, its rectangle, and the numbers."""
BLOCK = 1 << 18
_DAMAGED = (*ZIP_DAMAGED, python_calamine.CalamineError)
"""What reading a damaged workbook raises."""
_PLACE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]*)(\d+)""")


@dataclass(frozen=True)
class _Extent:
    """How far a piece of a sheet goes: last row and column by the places that are told, from 1.

    `more_rows` rows tell no place; `more_cells` is the most cells in a row, if some tell no place.
    """

    last_row: int
    last_column: int
    more_rows: int
    more_cells: int


def read_sheets(path: Path) -> Iterator[tuple[str, python_calamine.CalamineSheet]]:
    """The sheets of a workbook that hold cells, one after the other, by name.

    Raises
    ------
    InputError
        If it is damaged, or would take too much memory.
    """
    with refusing(path, KIND, _DAMAGED):
        _check_room(path)
        with python_calamine.CalamineWorkbook.from_path(path) as workbook:
            for sheet in workbook.sheets_metadata:
                if sheet.typ is python_calamine.SheetTypeEnum.WorkSheet:
                    yield sheet.name, workbook.get_sheet_by_name(sheet.name)


def address(row: int, column: int) -> str:
    """Name of a cell by its indices, such as ``B7`` for 6 and 1."""
    letters, column = "", column + 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def _check_room(path: Path) -> None:
    """Hold the size of what is packed, and the room that each sheet takes, against the limit."""
    with open_zip(path) as packed:
        members = [member for member in packed.infolist() if not member.is_dir()]
        check_expanded(sum(member.file_size for member in members), path)
        if not any(member.filename.startswith("xl/") for member in members):
            raise zipfile.BadZipFile("it holds no workbook")
        for member in members:
            with packed.open(member) as sheet:
                if _is_plainly_small(sheet):
                    continue
            with packed.open(member) as sheet:
                rows, columns = _extent(sheet)
            check_expanded(BYTES_A_CELL * rows * columns, path)


def _is_plainly_small(sheet: IO[bytes]) -> bool:
    """Whether a quick look is enough: no cell lies right of those in the first piece, none has too many digits."""
    pieces = _pieces(sheet)
    columns = max(1, _measure(next(pieces)).last_column)
    digits = len(str(checks.MAX_EXPANDED_BYTES // (BYTES_A_CELL * columns))) - 1
    if columns > 26 or not digits:
        return False
    far = re.compile(rb' r="(?![A-%c]?\d{1,%d}")' % (ord("A") + columns - 1, digits))
    sheet.seek(0)
    return all(_is_plain(piece, far) or _lies_within(piece, 10**digits - 1, columns) for piece in _pieces(sheet))


def _lies_within(piece: bytes, rows: int, columns: int) -> bool:
    """Whether every row and cell of a piece tells its place, and none lies far off."""
    found = _measure(piece)
    return found.last_row <= rows and found.last_column <= columns and not found.more_rows and not found.more_cells


def _is_plain(piece: bytes, far: re.Pattern[bytes]) -> bool:
    """The same for a piece in the usual writing, in which places need not be read one by one."""
    usual = all(piece.count(b"<" + tag) == piece.count(b"<" + tag + b' r="') for tag in (b"c", b"row"))
    return usual and b":c" not in piece and b":row" not in piece and not far.search(piece)


def _extent(sheet: IO[bytes]) -> tuple[int, int]:
    """How many rows and columns a sheet has at most; what does not tell its place follows the last that does."""
    found = [_measure(piece) for piece in _pieces(sheet)]
    rows = max(piece.last_row for piece in found) + sum(piece.more_rows for piece in found)
    return rows, max(piece.last_column for piece in found) + max(piece.more_cells for piece in found)


def _pieces(sheet: IO[bytes]) -> Iterator[bytes]:
    """A sheet in pieces that begin with a row, so that no row is cut."""
    rest = b""
    while block := sheet.read(BLOCK):
        block = rest + block
        cut = max(block.rfind(b"<row"), 0)
        yield block[:cut]
        rest = block[cut:]
    yield rest


def _measure(piece: bytes) -> _Extent:
    """Read every place in a piece of a sheet."""
    places = _PLACE.findall(piece)
    letters = {letter for letter, _ in places}
    placed_rows = sum(not letter for letter, _ in places) if b"" in letters else 0
    rows, cells = _count(piece, b"row"), _count(piece, b"c")
    is_placed = cells <= len(places) - placed_rows
    more_cells = 0 if is_placed else max(_count(row, b"c") for row in re.split(rb"[<:]row\b", piece))
    last_row = max((int(number[:20]) for _, number in places), default=0)
    return _Extent(last_row, max(map(_column, letters), default=0), max(rows - placed_rows, 0), more_cells)


def _count(piece: bytes, tag: bytes) -> int:
    """How many elements of this name begin, with or without the name of a space before it."""
    return sum(piece.count(before + tag + after) for before in (b"<", b":") for after in (b" ", b">", b"/", b"\n"))


def _column(letters: bytes) -> int:
    """Number of a column from 1 by its letters, 0 where there are none."""
    number = 0
    for letter in letters[:20].upper():
        number = 26 * number + letter - ord("A") + 1
    return number
