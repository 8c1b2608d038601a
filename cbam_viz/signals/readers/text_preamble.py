"""What stands above the numbers: the sampling rate, and names and units of the columns.

No recorder has rules of its own. A rate or a step is a key with its value anywhere in a line; names stand in the last
line above the numbers; a line of nothing but units below the names gives the units. ``Source`` and ``Vertical Units``
and the like are keys with one value for each measurement.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cbam_viz.signals.readers.columns import COUNT_NAME
from cbam_viz.signals.readers.text_dialect import COMMENT, Dialect, numbers
from cbam_viz.signals.readers.times import whole

_RATE = (
    r"(?:sampl(?:e|es|ing)|scan|acquisition)[ _-]*(?:rate|freq(?:uency|\.)?)"
    r"|samples?[ _]*(?:per[ _]*s(?:ec(?:ond)?)?|/s)|f_?s|sr|abtast(?:rate|frequenz)"
    r"|fréquence d['’]échantillonnage|采样率|采样频率"
)
_STEP = (
    r"(?:sampl(?:e|ing)|time|x)?[ _-]*(?:interval|increment|step)|sampl(?:e|ing)[ _-]*period"
    r"|xincr?|t_?inc|delta[ _-]?[xt]|d_?t|abtastintervall|采样间隔"
)
_GAP = " \u00a0\u2009\u202f'’"
"""What may stand between groups of three digits beside a comma or a dot: spaces, wide and thin, and apostrophes."""
_GROUPED = re.compile(rf"[-+]?[1-9]\d{{0,2}}(?P<mark>[{_GAP},.])\d{{3}}(?P<more>(?P=mark)\d{{3}})*(?P<part>[.,]\d+)?")
_SURE = re.compile(r"[=:\"]")
"""What stands between a key and one value; after a comma or a space alone there may be a value for each channel."""
_STATED = (  # what is repeated gives nothing back (++), for else a line of digits or spaces would take minutes
    rf"(?:^|(?<=[,;\t]))[\s\"#%]*+(?:(?P<rate>{_RATE})|(?P<step>{_STEP}))"
    r"(?:\s*[\[(](?P<bracket>[^\])]*)[\])]|_(?P<suffix>k?hz|[mun]?s))?"
    r"(?:[\s,;]++(?P<beside>[kmg]?hz|[munµμ]?s))?(?P<between>[\s\":=,;]++(?:[a-z]\w*:\s*+)?)"
    rf"(?P<value>[-+]?(?>(?:\d{{1,3}}+(?:[{_GAP}]\d{{3}}(?!\d))++|\d++)(?:[.,]\d++)*+\.?+|\.\d++)(?:e[-+]?\d++)?+)"
    r"\"?\s*"
    r"(?P<unit>[kmg]?hz|[kmg]?sa?/s(?:ec)?|[kmg]?sps|[mun]s|[µμ]s|ps|s)?(?![a-z])"
)
STEP_TOLERANCE = 5e-7
"""A rate this close to a whole number of Hz is that number, where a step is stated, in seven digits or more."""
LONGEST_LINE = 2_000
"""Letters; in a longer line nothing is looked for, which would take minutes."""
_STATEMENT = re.compile(_STATED, re.IGNORECASE)
_LARGER = {"k": 1e3, "m": 1e6, "g": 1e9}
_SMALLER = {"m": 1e3, "u": 1e6, "µ": 1e6, "μ": 1e6, "n": 1e9, "p": 1e12}

_UNITS = re.compile(
    r"[\[(].*[\])]|[mkuµμn]?(?:V|A|N|Pa|W)|volts?|ampere|amps?|seconds?|sec|[munµμ]?s|m?g|[mµμu]?m|m?m/s(?:\^?2|²)?|"
    r"(?:milli|micro|nano)(?:seconds?|volts?)|°C|degC|rpm|k?Hz|dB|%|Ohm|bar"
)
_LONG_UNITS = re.compile(r"volts?|ampere|amps?|seconds?|sec", re.IGNORECASE)
_NO_UNIT = {"", "-", "sequence", "none", "n/a"}
_X_NAME = re.compile(r"x[-_ ]?(?:axis|value)|x|t|time.*|zeit.*|temps.*", re.IGNORECASE)
LEFT_OVER = {"", "comment", "start", "increment"}
"""Words in a line of names that name no measurement."""
_CLOCK = re.compile(r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{1,2}:\d\d).*")
"""A date or time of day, which is no name."""
_SPACED_NAME = re.compile(r"[^\s\[(]+(?:\s*[\[(][^\])]{0,200}[\])])?")
_BEGIN = re.compile(r"data:?", re.IGNORECASE)
"""A line below a preamble that says only that the numbers begin."""
_LIST_OF_NAMES = re.compile(r"source|signals?|(?:channel|signal|trace)[ _]?names?|channels?", re.IGNORECASE)
_LIST_OF_UNITS = re.compile(r"(?:vertical |[yv][ _]?)?units?(?:[ _]label)?|einheit(?:en)?", re.IGNORECASE)
_KEY = re.compile(r"(?P<key>[^:=]+)[:=]\s*(?P<value>.*)")
_SPACED_KEY = re.compile(r"[^:=]+(?::\s|:$|=).*")
"""A key among words with spaces between, where a name such as ``ai0:1`` may hold a colon."""


@dataclass(frozen=True)
class Preamble:
    """What the lines above the numbers tell.

    `fs` in Hz (None: not told); `words` and `units` of every column (empty: none); `listed_names` and `listed_units`
    of the measurements alone, if they are listed.
    """

    fs: float | None
    words: tuple[str, ...]
    units: tuple[str, ...]
    listed_names: tuple[str, ...]
    listed_units: tuple[str, ...]


def read_preamble(above: Sequence[str], dialect: Dialect, columns: int, filled: int) -> Preamble:
    """Read the lines above a table of so many columns, of which the last ones, from `filled` on, hold nothing."""
    lines = [line for line in above if line.strip(" \t,;#%")]
    words, units, extra = _header(lines, dialect, columns, filled)
    listed = dict(_lists(lines, dialect))
    names, of_y = listed.get("names", ()), listed.get("units", ())
    return Preamble(_stated_rate([*lines, *extra], dialect), words, units, names, of_y)


def is_statement(line: str, dialect: Dialect) -> bool:
    """Whether a line tells a rate, a step or the units of all measurements, so that it is no line of names."""
    return bool(_statements(line)) or any(key == "units" for key, _ in _lists([line], dialect))


def _stated_rate(lines: Sequence[str], dialect: Dialect) -> float | None:
    """The first sampling rate that is told, in Hz; else one over the first step."""
    matches = sorted((match for line in lines for match in _statements(line)), key=lambda match: match["rate"] is None)
    return next(filter(None, (_in_hz(match, dialect.decimal_comma) for match in matches)), None)


def _statements(line: str) -> list[re.Match[str]]:
    """Rates and steps in a line."""
    return list(_STATEMENT.finditer(line)) if len(line) <= LONGEST_LINE else []


def _in_hz(match: re.Match[str], decimal_comma: bool) -> float | None:
    """A stated rate or step as a rate in Hz, None if it is none."""
    value = _value(match, decimal_comma)
    unit = next(filter(None, match.group("unit", "bracket", "suffix", "beside")), "").strip().lower()
    scaled = unit[0] if len(unit) > 1 and not unit.startswith(("hz", "sa", "s/", "sec")) else ""
    if value is None or not 0 < value < math.inf:
        return None
    if match["rate"]:
        return value * _LARGER.get(scaled, 1.0)
    return whole(_SMALLER.get(scaled, 1.0) / value, STEP_TOLERANCE)


def _value(match: re.Match[str], decimal_comma: bool) -> float | None:
    """The number that is stated, None where it can be read as two: 20,000 may be 20 where a comma is the point."""
    text = match["value"]
    if grouped := _GROUPED.fullmatch(text):
        mark, more, part = grouped["mark"], grouped["more"], grouped["part"] or ""
        is_cells = mark in match["between"] and not (match["unit"] or _SURE.search(match["between"]))
        if is_cells or part[:1] == mark or (decimal_comma and mark in ",." and not (more or part)):
            return None
        if mark != "." or more or part:
            digits = re.sub(r"[^-\d]", "", text.removesuffix(part))
            return float(f"{digits}.{part[1:]}")
    first, *others = text.split(",")
    if others and set(others) == {first} and "," in match["between"]:  # a cell for each channel
        return float(first)
    try:
        return float(text.replace(",", ".") if decimal_comma else text)
    except ValueError:
        return None


def _header(
    lines: Sequence[str], dialect: Dialect, columns: int, filled: int
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Words and units of the columns, and further keys with the values below them."""
    nothing = ("",) * columns
    kept = [_without_statements(line, dialect, filled) for line in lines]
    rows = [
        line
        for line in kept
        if not (_statements(line) or line.startswith("***") or (_KEY.fullmatch(line) and any(_lists([line], dialect))))
    ]
    if not rows:
        return nothing, nothing, ()
    if len(rows) > 1 and _BEGIN.fullmatch(rows[-1].strip()):
        return nothing, nothing, ()
    last, before = _cells(rows[-1], dialect), _cells(rows[-2], dialect) if len(rows) > 1 else []
    if not _are_units(last[:filled]):
        return _names(rows[-1], dialect, columns) or nothing, nothing, ()
    units = tuple((_bare(cell) if cell.lower() not in _NO_UNIT else "") for cell in last[:filled])
    units += ("",) * (columns - len(units))
    extra = tuple(f"{name},{value}" for name, value in zip(before, last, strict=False) if numbers([value]))
    words = _names(rows[-2], dialect, columns) if before else None
    return words or _names(rows[-1], dialect, columns) or nothing, units, extra


def _without_statements(line: str, dialect: Dialect, filled: int) -> str:
    """A line of names without the statements that follow, above no column of numbers."""
    if not dialect.separator or not _statements(line):
        return line
    cells = line.split(dialect.separator)
    names, beside = (dialect.separator.join(part) for part in (cells[:filled], cells[filled:]))
    is_named = _statements(beside) and not _statements(names)
    return names + dialect.separator * len(cells[filled:]) if is_named else line


def _cells(line: str, dialect: Dialect) -> list[str]:
    """The words of a line, without comment marks and quotation marks."""
    text = line.strip(" \r\n").lstrip("".join(COMMENT)).strip(" ")
    words = text.split(dialect.separator) if dialect.separator else _SPACED_NAME.findall(text)
    return [word.strip().strip("\"'").strip() for word in words]


def _are_units(cells: Sequence[str]) -> bool:
    """Whether cells are nothing but units."""
    is_unit = [bool(_UNITS.fullmatch(cell) or _LONG_UNITS.fullmatch(cell)) for cell in cells]
    return any(is_unit) and all(is_one or cell.lower() in _NO_UNIT for is_one, cell in zip(is_unit, cells, strict=True))


def _bare(unit: str) -> str:
    """A unit without brackets around it."""
    return unit[1:-1].strip() if unit[0] in "[(" else unit


def _names(line: str, dialect: Dialect, columns: int) -> tuple[str, ...] | None:
    """The words above the columns, None if this line is no line of names."""
    cells = _cells(line, dialect)
    text, is_one = line.strip(), columns == 1
    is_whole = is_one or len(cells) == 1 or not dialect.separator
    is_key = is_whole and (_KEY if is_one else _SPACED_KEY).fullmatch(text)
    is_title = is_key or (is_one and text.startswith(COMMENT))
    left = cells[columns:]
    is_numbered = _X_NAME.fullmatch(cells[0]) or COUNT_NAME.fullmatch(cells[0])
    has_values = any(_CLOCK.fullmatch(cell) or (numbers([cell]) and not is_numbered) for cell in cells[:columns])
    if is_title or has_values or not any(cells) or any(cell.lower() not in LEFT_OVER for cell in left):
        return None
    return (*cells[:columns], *[""] * (columns - len(cells))) if len(cells) >= columns - 1 else None


def _lists(lines: Sequence[str], dialect: Dialect) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Names and units of the measurements, from keys with one value for each."""
    for line in (line for line in lines if len(line) <= LONGEST_LINE):
        key, *values = _cells(line, dialect)
        match = _KEY.fullmatch(line.strip().lstrip("#% "))
        if match and (not any(values) or (not dialect.separator and key.endswith((":", "=")))):
            key, values = match["key"].rstrip(), re.split(r"[,;\t]", match["value"])
            values = values if dialect.separator or len(values) > 1 else values[0].split()
        found = tuple(value.split(":")[-1].strip() for value in values if value.strip())
        if found and not any(numbers([value]) for value in found):
            if _LIST_OF_NAMES.fullmatch(key):
                yield "names", found
            if _LIST_OF_UNITS.fullmatch(key):
                yield "units", found
