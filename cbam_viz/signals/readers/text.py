"""Numbers as text, plain or gzip: one line a sample, one column a channel; times or a stated rate give the rate.

Lines that begin with ``#`` or ``%`` are comments. How the rest is written is read off its beginning (`text_layout`),
and the table is read once, in blocks, of which only the wanted columns are kept (`text_table`).
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cbam_viz.errors import InputError
from cbam_viz.signals.readers.rows import choose
from cbam_viz.signals.readers.text_columns import is_even
from cbam_viz.signals.readers.text_layout import Layout, read_layout
from cbam_viz.signals.readers.text_table import count_rows, read_columns
from cbam_viz.signals.signal import Channel

WHOLE_RATE_TOLERANCE = 1e-5
"""A rate this close to a whole number of Hz is that number: written times are rounded, recorders' clocks no better."""
STATED_TOLERANCE = 1e-9
"""The same for a rate that is one over a stated step."""
RATE_TOLERANCE = 0.01
"""A stated rate further than this from that of the times, as a part of it, is mentioned."""


def list_channels(path: Path) -> tuple[Channel, ...]:
    """Tell the channels from the head; of the lines below only the times are kept, and the rest is counted."""
    layout = read_layout(path)
    if layout.columns.time is None:
        return _channels(path, layout, count_rows(path, layout), None)
    (times,) = read_columns(path, layout, [layout.columns.time])
    return _channels(path, layout, len(times), times)


def read_channel(path: Path, name: str | None) -> tuple[Channel, NDArray[Any]]:
    """Read the one column, and the times beside it."""
    layout = read_layout(path)
    columns = layout.columns
    if not columns.measured:
        list_channels(path)  # it tells why there is no channel
    column = columns.names.index(choose(_channels(path, layout, 0, None), name, path).name)
    samples, *times = read_columns(path, layout, [column] if columns.time is None else [column, columns.time])
    known = _channels(path, layout, len(samples), times[0] if times else None)
    return choose(known, columns.names[column], path), samples


def _channels(path: Path, layout: Layout, samples: int, times: NDArray[np.float64] | None) -> tuple[Channel, ...]:
    """The channels of a file: every column that is a measurement."""
    columns = layout.columns
    if not columns.measured:
        raise InputError(
            f"A file must hold at least one column of samples, but {path.name} holds only {samples} times. "
            "Write the samples beside them."
        )
    fs, note = _rate(layout, times)
    return tuple(
        Channel(columns.names[column], samples, fs, columns.units[column], note=note) for column in columns.measured
    )


def _rate(layout: Layout, times: NDArray[np.float64] | None) -> tuple[float | None, str]:
    """Sampling rate in Hz, None if neither the times nor the preamble tell it; and a sentence on it."""
    told = None if layout.fs is None else _whole(layout.fs, STATED_TOLERANCE)
    if times is None:
        return told, "" if told is None else "The sampling rate was read from the lines above the numbers."
    fs, note = _rate_of_times(times, layout.columns.second)
    if fs is None and told is not None:
        return told, f"{note.removesuffix('.')}; it was read from the lines above the numbers."
    if fs is not None and told is not None and abs(fs - told) > RATE_TOLERANCE * fs:
        return fs, f"{note} The lines above the numbers say {told:.10g} Hz."
    return fs, note


def _rate_of_times(times: NDArray[np.float64], second: float) -> tuple[float | None, str]:
    """Sampling rate in Hz from all times, None if they are uneven; and a sentence on it."""
    if not np.isfinite(times).all():
        return None, "Some of its times are missing, so they give no sampling rate."
    if not is_even(times):
        steps = np.diff(times) * second
        return None, (
            f"Its times are uneven, with steps from {_in_ms(steps.min())} to {_in_ms(steps.max())} ms, "
            "so they give no sampling rate."
        )
    rate = (len(times) - 1) / float(times[-1] * second - times[0] * second)
    return _whole(rate, WHOLE_RATE_TOLERANCE), "The sampling rate was read from the column of times."


def _whole(rate: float, tolerance: float) -> float:
    """A rate, whole if it is nearly so."""
    is_whole = rate < np.inf and abs(rate - round(rate)) <= tolerance * rate
    return float(round(rate)) if is_whole else rate


def _in_ms(seconds: float) -> str:
    """A time with 3 digits."""
    return np.format_float_positional(1e3 * seconds, 3, unique=False, fractional=False, trim="-")
