"""What each column of a text is: the time, a running count, nothing at all, or a measurement with its name and unit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cbam_viz.signals.readers.text_preamble import LEFT_OVER, Preamble

FEWEST_TIMES = 8
"""Rows that must grow evenly before a column without a name is taken for times or a running count."""
EVEN_TOLERANCE = 0.25
"""Of a step: how far a written time may lie off an even grid. One lost sample moves a time by half a step or more."""

_PIECE = 1 << 18
_NAME_AND_UNIT = re.compile(r"(?P<name>.*?)\s*[\[(](?P<unit>|[^\])]*[^\])\d][^\])]*)[\])]")
_TIME = re.compile(
    r"(?:time|timestamp|zeit|temps|时间|t|x[-_ ]?(?:axis|value)|seconds?)"
    r"(?:[ _]?(?P<unit>s|sec|seconds|ms|us|µs|μs|ns))?",
    re.IGNORECASE,
)
_SECONDS = {
    **dict.fromkeys(("", "s", "sec", "second", "seconds"), 1.0),
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), 1e-3),
    **dict.fromkeys(("us", "µs", "μs", "microsecond", "microseconds"), 1e-6),
    **dict.fromkeys(("ns", "nanosecond", "nanoseconds"), 1e-9),
    "ps": 1e-12,
}
_SAYS_LITTLE = re.compile(r"(?:volts?|value|ampl|y)?", re.IGNORECASE)
"""What some recorders write above every measurement: a name that is listed elsewhere says more."""


@dataclass(frozen=True)
class Columns:
    """What the columns of a table are.

    `names` and `units` of all of them. `time` is the column of times (None: there is none), written in units of
    `second` s; `measured` are the columns of samples.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    time: int | None
    second: float
    measured: tuple[int, ...]


def is_even(times: NDArray[np.float64]) -> bool:
    """Whether times grow, and by the same step as far as their digits tell."""
    if len(times) < 2 or not times[0] < times[-1] or not np.isfinite([times[0], times[-1]]).all():
        return False
    step = (times[-1] - times[0]) / (len(times) - 1)
    for start in range(0, len(times), _PIECE):
        piece = times[start : start + _PIECE + 1]
        off = piece - times[0] - step * np.arange(start, start + len(piece))
        if not (np.abs(off) <= EVEN_TOLERANCE * step).all() or not (piece[1:] > piece[:-1]).all():
            return False
    return True


def tell_columns(told: Preamble, head: NDArray[np.float64]) -> Columns:
    """Tell the columns apart.

    Parameters
    ----------
    told : what stands above the table.
    head : (rows, columns) array, the beginning of the table.
    """
    matches = [_NAME_AND_UNIT.fullmatch(word) for word in told.words]
    names = [match["name"] if match else word for match, word in zip(matches, told.words, strict=True)]
    units = [unit or (match["unit"].strip() if match else "") for match, unit in zip(matches, told.units, strict=True)]
    kept = [column for column in range(len(names)) if not _is_void(names[column], head[:, column])]
    time, second = _named_time(names, units, kept)
    count = None
    if time is None and len(kept) > 1:
        time, count = _even_column(kept[0], head[:, kept[0]])
    measured = tuple(column for column in kept if column not in (time, count))
    _use_lists(names, units, measured, told)
    return Columns(_distinct(names), tuple(units), time, second, measured)


def _is_void(name: str, column: NDArray[np.float64]) -> bool:
    """Whether a column is empty and not of a sensor that may yet begin."""
    is_sensor = name.lower() not in LEFT_OVER and not _TIME.fullmatch(name)
    return not is_sensor and bool(np.isnan(column).all())


def _named_time(names: Sequence[str], units: Sequence[str], kept: Sequence[int]) -> tuple[int | None, float]:
    """The column of times by its name, and its unit in s."""
    for column in kept:
        match = _TIME.fullmatch(names[column])
        if match and (second := _SECONDS.get((match["unit"] or units[column]).lower())):
            return column, second
    return None, 1.0


def _even_column(column: int, numbers: NDArray[np.float64]) -> tuple[int | None, int | None]:
    """A column without a name as time or as running count, if it is one of them."""
    if len(numbers) < FEWEST_TIMES or not is_even(numbers):
        return None, None
    step = (numbers[-1] - numbers[0]) / (len(numbers) - 1)
    return (column if step < 1 else None), (column if step == 1 else None)


def _use_lists(names: list[str], units: list[str], measured: Sequence[int], told: Preamble) -> None:
    """Fill in what the table's own header leaves open; a single unit is that of every measurement."""
    listed = told.listed_units * len(measured) if len(told.listed_units) == 1 else told.listed_units
    if len(told.listed_names) == len(measured):
        for column, name in zip(measured, told.listed_names, strict=True):
            names[column] = name if _SAYS_LITTLE.fullmatch(names[column]) else names[column]
    if len(listed) == len(measured):
        for column, unit in zip(measured, listed, strict=True):
            units[column] = units[column] or unit


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Names of which no two are equal and none is empty."""
    distinct: list[str] = []
    for column, name in enumerate(names, 1):
        distinct.append(name if name and name not in distinct else f"{name or 'column'} {column}")
    return tuple(distinct)
