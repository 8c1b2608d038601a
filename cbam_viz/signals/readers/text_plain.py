"""Cells that are no plain numbers, written as such before the table is parsed: quoted numbers, and times of day.

A time of day, with or without its date, is read at the beginning of a line, or after a running count, only: in s since
midnight, or since the year 2000. The date may be a column of its own before it, and is then left empty. Of 03/05/2024
the month is taken to be first unless some date of the beginning says otherwise: a wrong guess gives no wrong rate, for
dates of one day are the same in any order, and at midnight the times would leap.
"""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

MONTH_FIRST = "Its dates were taken for month/day/year."

_INFINITY = "∞".encode()
_OVERRANGE = re.compile(b"-?" + _INFINITY)
_QUOTED_COMMA = re.compile(rb'"[-+]?\d+,\d')
_QUOTED_STAMP = re.compile(rb'"([\d/.-]+),[ ]*(\d{1,2}:[^",]*")')
"""A date and its time of day in one cell, with a comma between."""
_CLOCK = (
    rb"(?:(?P<date>\d{4}-\d\d-\d\d|\d{4}/\d\d/\d\d|\d\d\.\d\d\.\d{4}|\d{1,2}/\d{1,2}/\d{4})"
    rb"(?P<between>[T ]+|[ ]*[;,\t][ ]*))?"
    rb"(?P<hour>\d{1,2}):(?P<minute>\d\d):(?P<second>\d\d)"
    rb"(?:(?:[.]|:(?=\d{3}[ ]*[;,\t]))(?P<fraction>\d+)|,(?P<german>\d+)(?=[Z ]*[;\t]))?"
    rb"(?:Z|[+-]\d\d:?\d\d|[ ]?(?P<half>[AaPp])\.?[Mm]\.?)?(?=[ ]*[;,\t])"
)
_STAMP = re.compile(rb"^[ ]*(?P<count>)" + _CLOCK, re.MULTILINE)
_COUNTED_STAMP = re.compile(rb"^[ ]*(?P<count>\d+[ ]*[;,\t])[ ]*" + _CLOCK, re.MULTILINE)
_SLASHED = re.compile(rb"^(?:[ \"]*\d+[ \"]*[;,\t])?[ \"]*" + rb"(\d{1,2})/(\d{1,2})/\d{4}", re.MULTILINE)
_DATE_OR_CLOCK = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}:\d\d")


@dataclass(frozen=True)
class Plain:
    """What is done to the lines of a text: quotation marks are taken off, times of day are written in s.

    `counted` says that a running count stands before them.
    `day_first` is how dates such as 03/05/2024 are read; `note` says so where it is only assumed.
    """

    quoted: bool = False
    quoted_comma: bool = False
    stamped: bool = False
    day_first: bool = False
    note: str = ""
    counted: bool = False

    def write(self, lines: bytes) -> bytes:
        """Lines as rows of plain numbers; what was out of an oscilloscope's range is a gap."""
        lines = _OVERRANGE.sub(b"nan", lines) if _INFINITY in lines else lines
        if self.quoted:
            lines = _QUOTED_STAMP.sub(rb'"\1 \2', lines)
            lines = (lines.replace(b'","', b'";"') if self.quoted_comma else lines).replace(b'"', b"")
        stamp = _COUNTED_STAMP if self.counted else _STAMP
        return stamp.sub(partial(_in_seconds, day_first=self.day_first), lines) if self.stamped else lines


def find_plain(lines: bytes) -> Sequence[Plain]:
    """The ways in which the beginning of a text could become a table, the simplest first."""
    quoted, comma = b'"' in lines, bool(_QUOTED_COMMA.search(lines))
    ways = [Plain(quoted, comma)] if quoted else []
    slashed = {(int(first), int(second)) for first, second in _SLASHED.findall(lines)}
    day_first = any(first > 12 for first, _ in slashed)
    is_open = slashed and all(first <= 12 and second <= 12 for first, second in slashed)
    stamped = Plain(quoted, comma, True, day_first, MONTH_FIRST if is_open else "")
    return [*ways, stamped, replace(stamped, counted=True)]


def holds_date_or_clock(line: str) -> bool:
    """Whether a line holds what looks like a date or a time of day."""
    return bool(_DATE_OR_CLOCK.search(line))


def _in_seconds(stamp: re.Match[bytes], day_first: bool) -> bytes:
    """A time of day in s, after an empty column if its date has one; as it stands if date or hour is none."""
    count, date, between, hour, minute, second, fraction, german, half = stamp.groups()
    try:
        hours, days = _hours(hour, half), _days(date, day_first) if date else 0
    except ValueError:
        return stamp[0]
    whole = 86_400 * days + 3_600 * hours + 60 * int(minute) + int(second)
    return b"%b%b%d.%b" % (count, (between or b"").strip(b" T"), whole, fraction or german or b"0")


def _hours(hour: bytes, half: bytes | None) -> int:
    """Hours since midnight of an hour of the whole day, or of its half ``a`` or ``p``."""
    if not half:
        return int(hour)
    if not 1 <= int(hour) <= 12:
        raise ValueError(f"{hour!r} is no hour of half a day")
    return int(hour) % 12 + (12 if half in b"Pp" else 0)


@lru_cache(maxsize=64)
def _days(date: bytes, day_first: bool) -> int:
    """Days since 1 January 2000."""
    first, second, last = (int(part) for part in re.split(rb"\D", date))
    if b"." in date or (date[-5:-4] == b"/" and day_first):
        year, month, day = last, second, first
    elif date[-5:-4] == b"/":
        year, month, day = last, first, second
    else:
        year, month, day = first, second, last
    return datetime.date(year, month, day).toordinal() - datetime.date(2000, 1, 1).toordinal()
