"""What each column of a text is, where a preamble may say more than the words right above the numbers."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cbam_viz.signals.readers.columns import Columns, name_and_unit, tell_columns
from cbam_viz.signals.readers.rows import distinct
from cbam_viz.signals.readers.text_preamble import LEFT_OVER, Preamble
from cbam_viz.signals.readers.times import unit_of_time

_SAYS_LITTLE = re.compile(r"(?:volts?|value|ampl|y)?", re.IGNORECASE)
"""What some recorders write above every measurement: a name that is listed elsewhere says more."""


def tell_text_columns(told: Preamble, head: NDArray[np.float64]) -> Columns:
    """Tell the columns apart.

    Parameters
    ----------
    told : what stands above the table.
    head : (rows, columns) array, the beginning of the table.
    """
    parted = [name_and_unit(word) for word in told.words]
    names = [name for name, _ in parted]
    units = [unit or own for (_, own), unit in zip(parted, told.units, strict=True)]
    kept = [column for column in range(len(names)) if not _is_void(names[column], head[:, column])]
    columns = tell_columns(names, units, head, kept)
    use_lists(names, units, columns.measured, told)
    return replace(columns, names=distinct(names), units=tuple(units))


def _is_void(name: str, column: NDArray[np.float64]) -> bool:
    """Whether a column is empty and not of a sensor that may yet begin."""
    is_sensor = name.lower() not in LEFT_OVER and unit_of_time(name) is None
    return not is_sensor and bool(np.isnan(column).all())


def use_lists(names: list[str], units: list[str], measured: Sequence[int], told: Preamble) -> None:
    """Fill in what the table's own header leaves open; a single unit is that of every measurement."""
    listed = told.listed_units * len(measured) if len(told.listed_units) == 1 else told.listed_units
    if len(told.listed_names) == len(measured):
        for column, name in zip(measured, told.listed_names, strict=True):
            names[column] = name if _SAYS_LITTLE.fullmatch(names[column]) else names[column]
    if len(listed) == len(measured):
        for column, unit in zip(measured, listed, strict=True):
            units[column] = units[column] or unit
