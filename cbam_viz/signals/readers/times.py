"""From times to a sampling rate: a step between two samples, or the time of every sample."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cbam_viz.signals.readers.rows import Row
from cbam_viz.signals.signal import Channel

EVEN_TOLERANCE = 0.25
"""Of a step: how far a written time may lie off an even grid. One lost sample moves a time by half a step or more."""
WRITTEN_TOLERANCE, STORED_TOLERANCE = 1e-5, 1e-9
"""A rate this close to a whole number of Hz is that number: times written in digits, and as 64 bit floats."""
SECONDS = {
    **dict.fromkeys(("", "s", "sec", "second", "seconds"), 1.0),
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), 1e-3),
    **dict.fromkeys(("us", "µs", "μs", "microsecond", "microseconds"), 1e-6),
    **dict.fromkeys(("ns", "nanosecond", "nanoseconds"), 1e-9),
    "ps": 1e-12,
}
"""Units of time in s."""

RATE_TOLERANCE = 0.01
"""A stated rate further than this from that of the times, as a part of it, is mentioned."""
RATE_OF_TIMES = "The sampling rate was read from the column of times."

_PIECE = 1 << 18
_OWN_NAME = re.compile(r"[^./]*$")
"""Of an array, without the names of what it lies in."""
_TIME = re.compile(
    r"(?:time|timestamp|zeit|temps|时间|t|x[-_ ]?(?:axis|value)|seconds?)"
    r"(?:[ _]?(?P<unit>s|sec|seconds|ms|us|µs|μs|ns)|\s*[\[(](?P<bracketed>.*)[\])])?",
    re.IGNORECASE,
)


def unit_of_time(name: str, unit: str = "") -> float | None:
    """The unit in s of a column whose name, such as ``time_ms`` or ``t [s]``, says that it holds times; or None."""
    match = _TIME.fullmatch(name.strip())
    return match and SECONDS.get((match["unit"] or match["bracketed"] or unit).strip().lower())


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


def rate_of_step(step: float, tolerance: float = STORED_TOLERANCE) -> float | None:
    """Sampling rate in Hz from the step between two samples in s, None if it is not above zero."""
    return whole(1 / step, tolerance) if 0 < step < np.inf else None


def rate_of_times(times: NDArray[np.float64], second: float = 1.0) -> tuple[float | None, str]:
    """Sampling rate in Hz from all times, None if they are uneven; and a sentence on it.

    Parameters
    ----------
    times : (T,) array, in units of `second` s.
    """
    if len(times) < 2 or not np.isfinite(times).all():
        return None, "Some of its times are missing, so they give no sampling rate."
    steps = np.diff(times) * second
    if steps.min() < 0 < steps.max():
        row = int(np.argmax(steps < 0))
        return None, (
            f"Its times go backwards, from {in_ms(times[row] * second)} to {in_ms(times[row + 1] * second)} ms at "
            f"sample {row + 1}, so they give no sampling rate."
        )
    if not is_even(times):
        return None, (
            f"Its times are uneven, with steps from {in_ms(steps.min())} to {in_ms(steps.max())} ms, "
            "so they give no sampling rate."
        )
    rate = (len(times) - 1) / float(times[-1] * second - times[0] * second)
    return whole(rate, WRITTEN_TOLERANCE), RATE_OF_TIMES


def rate_of_table(stated: float | None, times: NDArray[np.float64] | None, second: float) -> tuple[float | None, str]:
    """Sampling rate in Hz, None if neither the times nor the lines above the table tell it; and a sentence on it.

    Parameters
    ----------
    stated : rate in Hz above the numbers, None if there is none.
    times : (T,) array, in units of `second` s; None if there are none.
    """
    told = None if stated is None else whole(stated, STORED_TOLERANCE)
    if times is None:
        return told, "" if told is None else "The sampling rate was read from the lines above the numbers."
    fs, note = rate_of_times(times, second)
    if fs is None and told is not None:
        return told, f"{note.removesuffix('.')}; it was read from the lines above the numbers."
    if fs is not None and told is not None and abs(fs - told) > RATE_TOLERANCE * fs:
        return fs, f"{note} The lines above the numbers say {told:.10g} Hz."
    return fs, note


def part_times(
    rows: Mapping[str, Row], read: Callable[[Row], NDArray[Any]], unit: Callable[[Row], str] | None = None
) -> tuple[dict[str, Row], dict[str, float]]:
    """Apart the rows of samples from the even times that lie beside them under a name such as ``t`` or ``run/time``.

    Parameters
    ----------
    rows : by name.
    read : gives what a row holds; only a row that is named as times are, and that others are as long as, is read.
    unit : gives what unit is stated of a row; None where none ever is.

    Returns
    -------
    samples : every row that is no time.
    rates : sampling rate in Hz of the rows that are as long as times beside them, by name.
    """
    samples, rates = dict(rows), dict[str, float]()
    for name, row in rows.items():
        parent = name[: -len(own)] if (own := _OWN_NAME.findall(name)[0]) else name
        second = unit_of_time(own, unit(row) if unit else "")
        if second is None:
            continue
        timed = [
            other
            for other, each in samples.items()
            if other != name and other.startswith(parent) and each.samples == row.samples
        ]
        if not timed or not is_even(times := read(row).astype(np.float64, copy=False)):
            continue
        del samples[name]
        if rate := rate_of_times(times, second)[0]:
            rates |= dict.fromkeys(timed, rate)
    return samples, rates


def with_rate(channel: Channel, rates: Mapping[str, float]) -> Channel:
    """A channel with the rate of the times beside it, unless its rate is known already."""
    if channel.fs is not None or channel.name not in rates:
        return channel
    return replace(channel, fs=rates[channel.name], note=channel.note or RATE_OF_TIMES)


def whole(rate: float, tolerance: float) -> float:
    """A rate, whole if it is nearly so."""
    is_whole = rate < np.inf and abs(rate - round(rate)) <= tolerance * rate
    return float(round(rate)) if is_whole else rate


def in_ms(seconds: float) -> str:
    """A time with 3 digits."""
    return np.format_float_positional(1e3 * seconds, 3, unique=False, fractional=False, trim="-")
