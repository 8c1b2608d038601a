"""What the columns of a table are, from the words above them and the first numbers: a time, a count, measurements."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cbam_viz.signals.readers.text_layout import FEWEST_TIMES, is_even

WHOLE_RATE_TOLERANCE = 1e-5
"""A rate this close to a whole number of Hz is that number: written times are rounded, recorders' clocks no better."""
SECONDS = {"": 1.0, "s": 1.0, "sec": 1.0, "seconds": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ns": 1e-9}
"""Units of time in s."""
_NAME_AND_UNIT = re.compile(r"(?P<name>.*?)\s*[\[(](?P<unit>[^\])]*)[\])]")
_TIME = re.compile(
    r"(?:time|timestamp|zeit|temps|时间|t)(?:[ _]?(?P<unit>s|sec|seconds|ms|us|µs|μs|ns))?", re.IGNORECASE
)


@dataclass(frozen=True)
class Columns:
    """What each column of a table holds.

    `time` and `count` are columns that hold no measurement (None: there is none); `second` is the unit of the times
    in s.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    time: int | None
    count: int | None
    second: float

    @property
    def measured(self) -> tuple[int, ...]:
        """The columns that are measurements."""
        return tuple(column for column in range(len(self.names)) if column not in (self.time, self.count))


def name_and_unit(word: str) -> tuple[str, str]:
    """Apart what stands above a column, such as ``acc (g)``; the unit is empty where there is none."""
    match = _NAME_AND_UNIT.fullmatch(word.strip())
    return (match["name"], match["unit"].strip()) if match else (word.strip(), "")


def unit_of_time(name: str, unit: str = "") -> float | None:
    """The unit in s of a column whose name, such as ``time_ms``, says that it holds times; None if it does not."""
    match = _TIME.fullmatch(name)
    return match and SECONDS.get((match["unit"] or unit).lower())


def tell_columns(names: Sequence[str], units: Sequence[str], first: NDArray[np.float64]) -> Columns:
    """Tell the columns apart.

    Parameters
    ----------
    names, units : of each column; empty where nothing stands above it.
    first : (rows,) array, the beginning of the first column, which may be times or a running count without a name.
    """
    scales = [unit_of_time(name, unit) for name, unit in zip(names, units, strict=True)]
    time = next((column for column, scale in enumerate(scales) if scale), None)
    count = None
    is_told = time is None and len(names) > 1 and len(first) >= FEWEST_TIMES and np.isfinite(first).all()
    if is_told and is_even(first):
        step = (first[-1] - first[0]) / (len(first) - 1)
        time, count = (0 if step < 1 else None), (0 if step == 1 else None)
    second = (scales[time] if time is not None else None) or 1.0
    return Columns(_distinct(names), tuple(units), time, count, second)


def rate_of_times(times: NDArray[np.float64]) -> tuple[float | None, str]:
    """Sampling rate in Hz from all times in s, (T,) array, None if they are uneven; and a sentence on it."""
    if not np.isfinite(times).all():
        return None, "Some of its times are missing, so they give no sampling rate."
    if not is_even(times):
        steps = np.diff(times)
        return None, (
            f"Its times are uneven, with steps from {_in_ms(steps.min())} to {_in_ms(steps.max())} ms, "
            "so they give no sampling rate."
        )
    rate = (len(times) - 1) / float(times[-1] - times[0])
    is_whole = rate < np.inf and abs(rate - round(rate)) <= WHOLE_RATE_TOLERANCE * rate
    return float(round(rate)) if is_whole else rate, "The sampling rate was read from the column of times."


def _in_ms(seconds: float) -> str:
    """A time with 3 digits."""
    return np.format_float_positional(1e3 * seconds, 3, unique=False, fractional=False, trim="-")


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Names of which no two are equal and none is empty."""
    distinct: list[str] = []
    for column, name in enumerate(names, 1):
        distinct.append(name if name and name not in distinct else f"{name or 'column'} {column}")
    return tuple(distinct)
