"""From times to a sampling rate: a step between two samples, or the time of every sample."""

import re

import numpy as np
from numpy.typing import NDArray

EVEN_TOLERANCE = 0.25
"""Of a step: how far a written time may lie off an even grid. One lost sample moves a time by half a step or more."""
WRITTEN_TOLERANCE, STORED_TOLERANCE = 1e-5, 1e-9
"""A rate this close to a whole number of Hz is that number: times written in digits, and as 64 bit floats."""
SECONDS = {"": 1.0, "s": 1.0, "sec": 1.0, "seconds": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ns": 1e-9}
"""Units of time in s."""

_TIME = re.compile(
    r"(?:time|timestamp|zeit|temps|时间|t)"
    r"(?:[ _]?(?P<unit>s|sec|seconds|ms|us|µs|μs|ns)|\s*[\[(](?P<bracketed>.*)[\])])?",
    re.IGNORECASE,
)


def unit_of_time(name: str, unit: str = "") -> float | None:
    """The unit in s of a column whose name, such as ``time_ms`` or ``t [s]``, says that it holds times; or None."""
    match = _TIME.fullmatch(name.strip())
    return match and SECONDS.get((match["unit"] or match["bracketed"] or unit).strip().lower())


def rate_of_step(step: float, tolerance: float = STORED_TOLERANCE) -> float | None:
    """Sampling rate in Hz from the step between two samples in s, None if it is not above zero."""
    if not 0 < step < np.inf:
        return None
    rate = 1 / step
    return float(round(rate)) if rate < np.inf and abs(rate - round(rate)) <= tolerance * rate else rate


def rate_of_times(times: NDArray[np.float64]) -> tuple[float | None, str]:
    """Sampling rate in Hz from all times in s, (T,) array, None if they are uneven; and a sentence on it."""
    if len(times) < 2 or not np.isfinite(times).all():
        return None, "Some of its times are missing, so they give no sampling rate."
    steps = np.diff(times)
    grid = np.linspace(times[0], times[-1], len(times))
    if not np.all(steps > 0) or np.any(np.abs(times - grid) > EVEN_TOLERANCE * (grid[1] - grid[0])):
        return None, (
            f"Its times are uneven, with steps from {_in_ms(steps.min())} to {_in_ms(steps.max())} ms, "
            "so they give no sampling rate."
        )
    rate = rate_of_step(float(times[-1] - times[0]) / (len(times) - 1), WRITTEN_TOLERANCE)
    return rate, "The sampling rate was read from the column of times."


def _in_ms(seconds: float) -> str:
    """A time with 3 digits."""
    return np.format_float_positional(1e3 * seconds, 3, unique=False, fractional=False, trim="-")
