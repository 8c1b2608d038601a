"""Numbers as text (.csv, .txt, .tsv): one line a sample, one column a channel; a column of times gives the rate.

Lines that begin with ``#`` or ``%`` are comments. How the rest is written is read off its beginning (`text_layout`).
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cbam_viz.errors import InputError
from cbam_viz.signals.readers.checks import check_expanded, damaged, refusing
from cbam_viz.signals.readers.rows import choose
from cbam_viz.signals.readers.text_layout import COMMENT, KIND, Dialect, Layout, is_even, read_layout
from cbam_viz.signals.signal import Channel

WHOLE_RATE_TOLERANCE = 1e-5
"""A rate this close to a whole number of Hz is that number: written times are rounded, recorders' clocks no better."""


def list_channels(path: Path) -> tuple[Channel, ...]:
    """Tell the channels from the head; of the lines below only the times are parsed, and the rest is counted."""
    return _survey(path, read_layout(path))


def read_channel(path: Path, name: str | None) -> tuple[Channel, NDArray[Any]]:
    """Read the whole table and take the one column."""
    layout = read_layout(path)
    channel = choose(_survey(path, layout), name, path)
    check_expanded(8 * channel.samples * len(layout.names), path)
    return channel, _read_table(path, layout)[:, layout.names.index(channel.name)].copy()  # lets go of the table


def _survey(path: Path, layout: Layout) -> tuple[Channel, ...]:
    """The channels of a file: every column that is a measurement."""
    samples, times = _count_rows(path, layout)
    fs, note = (None, "") if times is None else _rate(times * layout.second)
    channels = tuple(
        Channel(name, samples, fs, unit, note=note)
        for column, (name, unit) in enumerate(zip(layout.names, layout.units, strict=True))
        if column not in (layout.time, layout.count)
    )
    if not channels:
        raise InputError(
            f"A file must hold at least one column of samples, but {path.name} holds only {samples} times. "
            "Write the samples beside them."
        )
    return channels


def _rate(times: NDArray[np.float64]) -> tuple[float | None, str]:
    """Sampling rate in Hz from all times in s, None if they are uneven; and a sentence on it."""
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


def _rows(path: Path, layout: Layout) -> Iterator[tuple[int, str]]:
    """Number in the file and text of every line that should hold numbers."""
    with path.open(encoding=layout.encoding) as lines:
        for number, line in enumerate(islice(lines, layout.skipped, None), layout.skipped + 1):
            if (text := line.strip(" \r\n")) and not text.startswith(COMMENT):
                yield number, text


def _count_rows(path: Path, layout: Layout) -> tuple[int, NDArray[np.float64] | None]:
    """How many lines hold numbers; the time in each, as it is written, if there is a column of times."""
    times = None
    with refusing(path, KIND, (UnicodeError,)):
        if layout.time is None:
            count = sum(1 for _ in _rows(path, layout))
        else:
            written = (layout.dialect.number(line, layout.time) for _, line in _rows(path, layout))
            times = np.fromiter(written, np.float64)
            count = len(times)
    if count < 2:
        raise InputError(
            f"A recording needs at least 2 lines of numbers, one a sample, but {path.name} has {count} "
            f"(of {len(layout.names)} numbers). Write the samples of a channel below each other."
        )
    return count, times


def _read_table(path: Path, layout: Layout) -> NDArray[np.float64]:
    """All numbers, (T, columns) array."""
    dialect = layout.dialect
    lines = (_filled(line, dialect) for _, line in _rows(path, layout))
    try:
        table = np.loadtxt(lines, delimiter=dialect.separator, comments=None, ndmin=2)
    except ValueError as error:
        raise _first_fault(path, layout) from error
    if table.shape[1] != len(layout.names):
        raise _first_fault(path, layout)
    return table


def _filled(line: str, dialect: Dialect) -> str:
    """A line with decimal points and NaN in empty cells."""
    text = line.replace(",", ".") if dialect.decimal_comma else line
    separator = dialect.separator
    if separator and (separator in (text[0], text[-1]) or separator * 2 in text.replace(" ", "")):
        return separator.join(cell.strip() or "nan" for cell in text.split(separator))
    return text


def _first_fault(path: Path, layout: Layout) -> InputError:
    """The advice for the first line that does not fit."""
    columns = len(layout.names)
    for number, line in _rows(path, layout):
        numbers = layout.dialect.numbers(line)
        if not numbers:
            return InputError(
                f"Every cell below the header must be a number, but line {number} of {path.name} is {line[:60]!r}. "
                "Remove the words, or begin such lines with #."
            )
        if len(numbers) != columns:
            return InputError(
                f"Every line must have as many cells as the first one, but line {number} of {path.name} has "
                f"{len(numbers)} of {columns}. Fill or remove that line."
            )
    return damaged(path, KIND, "its numbers are written in no usual way")
