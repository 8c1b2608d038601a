"""What lies in a universal file: its data sets 58 and 58b, found by walking their headers.

Reference: "Universal Dataset Number: 58, Function at Nodal DOF", Structural Dynamics Research Lab, Univ. of Cincinnati.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cbam_viz.signals.readers.rows import Form
from cbam_viz.signals.readers.times import WRITTEN_TOLERANCE, rate_of_step

HEADER_LINES = 12
MOST_SETS = 100_000
"""Each takes a kilobyte to know, however short it is."""
LINE_BYTES = 200
"""A longer line is none of a universal file."""
WIDTHS = {2: 13, 4: 20}
"""Letters that a real number takes in text, by the type of ordinate."""

_BEGIN = re.compile(rb"^ {4}-1[ \t]*\r?\n", re.MULTILINE)
_END = re.compile(rb"^ {4}-1[ \t]*\r?$", re.MULTILINE)
_END_OF_BYTES = re.compile(rb"[\r\n]{0,2} {4}-1[ \t]*\r?$", re.MULTILINE)
_BYTES = {2: 4, 4: 8, 5: 8, 6: 16}
"""That a sample takes in binary, by the type of ordinate; 5 and 6 are complex."""
_TIME_RESPONSE, _GENERAL, _TIME, _UNKNOWN, _IEEE, _BIG_ENDIAN = 1, 0, 17, (0, 1), 2, 2
_DIRECTIONS = dict(enumerate(("", "+X", "+Y", "+Z", "+RX", "+RY", "+RZ"))) | dict(
    zip(range(-1, -7, -1), ("-X", "-Y", "-Z", "-RX", "-RY", "-RZ"), strict=True)
)
_UNIT_IN_LABEL = re.compile(r".*[\[(](?P<unit>[^\])]*)[\])]\s*")


@dataclass(frozen=True)
class DataSet:
    """One data set 58, of which the header has been read.

    Parameters
    ----------
    name : what the header says of it; not always its own.
    form : shape and kind of its samples, and why they are not read.
    fs : sampling rate in Hz, None where the step is not above zero.
    unit : of the samples; empty where the header does not say.
    start : byte of the file at which the samples begin.
    ordinate : type of the samples, 2, 4, 5 or 6.
    coding : how NumPy calls them; empty if they are written as text.
    """

    name: str
    form: Form
    fs: float | None
    unit: str
    start: int
    ordinate: int
    coding: str


def read_sets(content: bytes) -> Iterator[DataSet]:
    """Walk the data sets of a file.

    Raises
    ------
    ValueError
        If the file is damaged, or holds too many data sets.
    """
    begin, left = _BEGIN.search(content), MOST_SETS
    if not begin:
        raise ValueError("it does not begin as one")
    while begin:
        if not left:
            raise ValueError(f"it holds more than {MOST_SETS} data sets")
        left -= 1
        lines, start = _lines(content, begin.end())
        find_end, at = _END.search, begin.end()
        if lines[0][:6].strip() == "58":
            yield (found := _read_header(lines, start))
            if found.coding and found.form.refusal:
                find_end, at = _END_OF_BYTES.search, start
            elif found.coding:
                find_end, at = _END_OF_BYTES.match, start + found.form.shape[0] * _BYTES[found.ordinate]
            if at > len(content):
                raise ValueError(f"it holds {len(content) - start} of {at - start} bytes")
        closing = find_end(content, at)
        if not closing:
            raise ValueError("a data set does not end where it should")
        begin = _BEGIN.search(content, closing.end())


def _lines(content: bytes, at: int) -> tuple[list[str], int]:
    """The lines of a header, and the byte at which the next one begins."""
    lines = []
    for _ in range(HEADER_LINES):
        stop = content.find(b"\n", at, at + LINE_BYTES) + 1
        if not stop:
            break
        lines.append(content[at:stop].decode("latin-1").rstrip("\r\n"))
        at = stop
    return [*lines, *[""] * (HEADER_LINES - len(lines))], at


def _read_header(lines: list[str], start: int) -> DataSet:
    """What the twelve lines above the samples say."""
    function, *_ = _fields(lines[6], 5)
    node, direction = _fields(lines[6][41:], 10, 4)
    ordinate, count, is_even, _, step = _fields(lines[7], 10, 10, 10, 13, 13)
    if int(ordinate) not in _BYTES or int(count) < 0:
        raise ValueError(f"a data set of the unknown type {ordinate} with {count} samples")
    abscissa, reason = int(_fields(lines[8], 10)[0]), ""
    binary = lines[0][6:7].lower() == "b"
    order, coding = _fields(lines[0][7:], 6, 6) if binary else ("0", str(_IEEE))
    if int(function) not in (_GENERAL, _TIME_RESPONSE) or abscissa not in (_TIME, *_UNKNOWN):
        reason = "is no time response"
    elif not int(is_even):
        reason = "has uneven times"
    elif int(coding) != _IEEE:
        reason = "is binary in a way of other computers"
    width = _BYTES[int(ordinate)]
    words = (lines[1].strip(), f"{node} {_DIRECTIONS.get(int(direction), '')}".strip())
    return DataSet(
        name=", ".join(word for word in words if word not in ("", "NONE")),
        form=Form((int(count),), "f" if int(ordinate) in WIDTHS else "c", reason),
        fs=rate_of_step(float(step), WRITTEN_TOLERANCE),
        unit=_unit(lines[9]),
        start=start,
        ordinate=int(ordinate),
        coding=f"{'>' if int(order) == _BIG_ENDIAN else '<'}f{width}" if binary else "",
    )


def _fields(line: str, *widths: int) -> list[str]:
    """The fields of a line with fixed columns; an empty one is 0."""
    fields, at = [], 0
    for width in widths:
        fields.append(line[at : at + width].strip() or "0")
        at += width
    return fields


def _unit(line: str) -> str:
    """Unit of the samples, from the label of the unit or else of the axis."""
    label, unit = line[26:46].strip(), line[47:67].strip()
    if unit not in ("", "NONE"):
        return unit
    match = _UNIT_IN_LABEL.fullmatch(label)
    return match["unit"].strip() if match else ""
