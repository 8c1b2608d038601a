"""Cells that are no plain numbers, written as such before the table is parsed: quoted numbers, and times of day.

A time of day, with or without its date, is read at the beginning of a line only: in s since midnight, or since the
year 2000.
"""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_QUOTED_COMMA = re.compile(rb'"[-+]?\d+,\d')
_STAMP = re.compile(
    rb"^[ ]*(?:(?P<date>\d{4}-\d\d-\d\d|\d{4}/\d\d/\d\d|\d\d\.\d\d\.\d{4})[T ]+)?"
    rb"(?P<hour>\d{1,2}):(?P<minute>\d\d):(?P<second>\d\d)"
    rb"(?:[.](?P<fraction>\d+)|,(?P<german>\d+)(?=[Z ]*[;\t]))?(?:Z|[+-]\d\d:?\d\d)?(?=[ ]*[;,\t])",
    re.MULTILINE,
)
_DATE_OR_CLOCK = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}:\d\d")


@dataclass(frozen=True)
class Plain:
    """What is done to the lines of a text: quotation marks are taken off, times of day are written in s."""

    quoted: bool = False
    quoted_comma: bool = False
    stamped: bool = False

    def write(self, lines: bytes) -> bytes:
        """Lines as rows of plain numbers."""
        if self.quoted:
            lines = (lines.replace(b'","', b'";"') if self.quoted_comma else lines).replace(b'"', b"")
        return _STAMP.sub(_in_seconds, lines) if self.stamped else lines


def find_plain(lines: bytes) -> Sequence[Plain]:
    """The ways in which the beginning of a text could become a table, the simplest first."""
    quoted, comma = b'"' in lines, bool(_QUOTED_COMMA.search(lines))
    ways = [Plain(quoted, comma)] if quoted else []
    return [*ways, Plain(quoted, comma, stamped=True)]


def holds_date_or_clock(line: str) -> bool:
    """Whether a line holds what looks like a date or a time of day."""
    return bool(_DATE_OR_CLOCK.search(line))


def _in_seconds(stamp: re.Match[bytes]) -> bytes:
    """A time of day in s; as it stands if its date is none."""
    date, hour, minute, second, fraction, german = stamp.groups()
    try:
        days = _days(date) if date else 0
    except ValueError:
        return stamp[0]
    whole = 86_400 * days + 3_600 * int(hour) + 60 * int(minute) + int(second)
    return b"%d.%b" % (whole, fraction or german or b"0")


@lru_cache(maxsize=64)
def _days(date: bytes) -> int:
    """Days since 1 January 2000."""
    first, second, last = (int(part) for part in re.split(rb"\D", date))
    year, day = (last, first) if date[2:3] == b"." else (first, last)
    return datetime.date(year, second, day).toordinal() - datetime.date(2000, 1, 1).toordinal()
