"""Hours on one axis of time: outline, probabilities, a summary of one spatial gate, and events."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.events import Event
from cbam_viz.analysis.extremes import ExtremesTrace

POINTS = 1_000
"""Stretches that a picture shows; in each the highest probability is kept, so that short events survive."""
MOST_EVENTS = 300
"""That a picture marks: the longest."""


@dataclass(frozen=True, eq=False)
class TimelineTrace:
    """What the picture of a recording draws; P points, K classes, E events.

    Parameters
    ----------
    outline : of the waveform.
    time_s : (P,) array, the middle of each point in s; NaN where windows are missing before the next one.
    probabilities : (P, K) array, the highest of the windows in each point; NaN there too.
    classes : words of the classes.
    healthy : number of the class that is no event.
    level : probability at which an event begins.
    gate_mean, gate_peak : (P,) arrays, mean and highest M_s; NaN there too.
    block : name of the block whose gate that is.
    usual : 1 % and 99 % quantiles of the gate over the network's data set.
    events : that are marked, at most `MOST_EVENTS`.
    left_out : events of the stretch that are not marked.
    onset_s : where the probability of a fault begins to rise for good, in s; None where it does not.
    """

    outline: ExtremesTrace
    time_s: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    classes: tuple[str, ...]
    healthy: int
    level: float
    gate_mean: NDArray[np.float64]
    gate_peak: NDArray[np.float64]
    block: str
    usual: tuple[float, float]
    events: tuple[Event, ...]
    left_out: int
    onset_s: float | None = None


@dataclass(frozen=True, eq=False)
class WindowRows:
    """The windows of a scan, one row each; N windows.

    Parameters
    ----------
    start_s : (N,) array, rising.
    probabilities : (N, K) array.
    gate_mean, gate_peak : (N,) arrays, of one block's M_s; empty where it has no spatial gate.
    window_s, hop_s : length of a window and distance of two, in s.
    """

    start_s: NDArray[np.float64]
    probabilities: NDArray[np.floating]
    gate_mean: NDArray[np.floating]
    gate_peak: NDArray[np.floating]
    window_s: float
    hop_s: float


def trace_timeline(
    outline: ExtremesTrace,
    rows: WindowRows,
    events: Sequence[Event],
    classes: tuple[str, ...],
    healthy: int,
    level: float,
    block: str,
    usual: tuple[float, float],
) -> TimelineTrace:
    """The stretch of a recording that its outline shows.

    Parameters
    ----------
    outline : of the stretch.
    rows : all windows of the scan that there are.
    events : all events.
    classes, healthy, level, block, usual : as in `TimelineTrace`.
    """
    first, last = outline.span_s
    inside = slice(*np.searchsorted(rows.start_s, [first - rows.window_s, last]))
    start_s = rows.start_s[inside]
    gaps = np.flatnonzero(np.diff(start_s) > 1.5 * rows.hop_s) + 1
    width = max(-(-len(start_s) // POINTS), 1)
    begins = np.union1d(np.arange(0, len(start_s), width), gaps).astype(np.int64)
    counts = np.diff(begins, append=len(start_s))
    breaks = np.searchsorted(begins, gaps)

    def broken(values: NDArray[np.floating]) -> NDArray[np.float64]:
        return np.insert(np.asarray(values, np.float64), breaks, np.nan, axis=0)

    def reduced(values: NDArray[np.floating], extreme: np.ufunc) -> NDArray[np.float64]:
        return broken(extreme.reduceat(values[inside], begins, axis=0) if len(begins) else values[inside])

    gated = len(rows.gate_mean) > 0
    mean = np.asarray(reduced(rows.gate_mean, np.add)) if gated else np.empty(0)
    shown = [event for event in events if event.end_s > first and event.start_s < last]
    longest = sorted(shown, key=lambda event: event.start_s - event.end_s)[:MOST_EVENTS]
    middle = (start_s[begins] + start_s[begins + counts - 1] + rows.window_s) / 2 if len(begins) else start_s
    return TimelineTrace(
        outline,
        broken(middle),
        reduced(rows.probabilities, np.maximum),
        classes,
        healthy,
        level,
        mean / broken(counts) if gated else mean,
        reduced(rows.gate_peak, np.maximum) if gated else mean,
        block,
        usual,
        tuple(sorted(longest, key=lambda event: event.start_s)),
        len(shown) - len(longest),
    )
