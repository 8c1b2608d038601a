"""What the columns of a table are, from the words above them and the first numbers: a time, a count, measurements."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cbam_viz.errors import InputError
from cbam_viz.signals.readers.rows import distinct
from cbam_viz.signals.readers.times import is_even, unit_of_time

FEWEST_TIMES = 8
"""Rows that must grow evenly before a column without a name is taken for times or a running count."""
LONGEST_HEAD = 200
"""Letters above a column; in a longer one no unit is looked for, which would take minutes."""
_NAME_AND_UNIT = re.compile(r"(?P<name>.*?)\s*[\[(](?P<unit>(?!\d++[\])])[^\])]*+)[\])]")

_SCOPE_CHANNEL = re.compile(r"(CH\d+)([VA])")
"""What some oscilloscopes write: channel and unit without anything between them."""
_TRACE = re.compile(
    r"(?P<kind>[VI])[A-Za-z]?\d*\((?!(?:[munµμkM]?(?:V|A|volts?|amps?|ampere)|.*/.*|g|%|dB)\))[^()]+\)", re.IGNORECASE
)
"""What circuit simulators write: a voltage or current with its node or part, such as ``V(out)``, and no unit."""
COUNT_NAME = re.compile(r"scan|samples?|index|no\.?|scan (?:no\.?|number)|sample (?:no\.?|number)", re.IGNORECASE)
"""What stands above a running count."""
_FREQUENCY = re.compile(r"freq(?:uency|uenz|\.)?|f", re.IGNORECASE)


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


def name_and_unit(word: str) -> tuple[str, str]:
    """Apart what stands above a column, such as ``acc (g)``; the unit is empty where there is none."""
    if scope := _SCOPE_CHANNEL.fullmatch(word.strip()):
        return scope[1], scope[2]
    if len(word) <= LONGEST_HEAD and (trace := _TRACE.fullmatch(word.strip())):
        return word.strip(), "V" if trace["kind"] in "vV" else "A"
    match = _NAME_AND_UNIT.fullmatch(word.strip()) if len(word) <= LONGEST_HEAD else None
    return (match["name"], match["unit"].strip()) if match else (word.strip(), "")


def tell_columns(
    names: Sequence[str], units: Sequence[str], head: NDArray[np.float64], kept: Sequence[int] | None = None
) -> Columns:
    """Tell the columns apart.

    Parameters
    ----------
    names, units : of each column; empty where nothing stands above it.
    head : (rows, columns) array, the beginning of the table. Its first kept column may be times or a running count
        without a name; beside times, a count has one.
    kept : columns that are anything at all, None for all.
    """
    kept = range(len(names)) if kept is None else kept
    time, second, count = None, 1.0, None
    for column in kept:
        if time is None and (scale := unit_of_time(names[column], units[column])):
            time, second = column, scale
    if time is None and len(kept) > 1:
        time, count = _even_column(kept[0], head[:, kept[0]])
    elif time is not None and len(kept) > 2:
        named = (column for column in kept if column != time and COUNT_NAME.fullmatch(names[column].strip()))
        count = next((column for column in named if (np.diff(head[:, column]) == 1).all()), None)
    measured = tuple(column for column in kept if column not in (time, count))
    return Columns(distinct(names), tuple(units), time, second, measured)


def _even_column(column: int, numbers: NDArray[np.float64]) -> tuple[int | None, int | None]:
    """A column without a name as time or as running count, if it is one of them."""
    if len(numbers) < FEWEST_TIMES or not is_even(numbers):
        return None, None
    step = (numbers[-1] - numbers[0]) / (len(numbers) - 1)
    return (column if step < 1 else None), (column if step == 1 else None)


def frequency_response(path: Path) -> InputError:
    """The advice for a table or plot over frequency."""
    return InputError(
        f"A signal is a series over time, but {path.name} holds a series over frequency: this is a frequency response, "
        "not a pulse response or a recording. Save the voltage or the samples over time."
    )


def check_no_spectrum(columns: Columns, path: Path) -> None:
    """Refuse a table that begins with a column of frequencies and has none of times.

    Raises
    ------
    InputError
        If it does.
    """
    first = columns.measured[0] if columns.measured else 0
    if columns.time is None and len(columns.measured) > 1 and _FREQUENCY.fullmatch(columns.names[first].strip()):
        raise frequency_response(path)
