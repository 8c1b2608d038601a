"""The whole signal at a glance: its outline, and what each window is diagnosed as."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.outline import keep_outline
from cbam_viz.attention.record import AttentionRecord
from cbam_viz.network.card import Card
from cbam_viz.signals.windows import Windows

OUTLINE_POINTS = 3000
MOST_MARKS = 600
"""Beyond this many windows, neighbours share a mark."""


@dataclass(frozen=True, eq=False)
class OverviewTrace:
    """What the strip over the whole signal draws; M marks.

    Parameters
    ----------
    outline_s, outline : (P,) arrays, the waveform thinned so that impacts survive; s, and `unit`.
    start_s, end_s : (M,) arrays, the stretch of each mark in s.
    first_window : (M,) array, the window a click on a mark opens.
    predicted : (M,) array, class number of the largest mean probability.
    probability : (M,) array, of that class.
    classes : words of all classes.
    chosen : (start, end) of the window in view, in s.
    """

    outline_s: NDArray[np.float64]
    outline: NDArray[np.float64]
    unit: str
    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]
    first_window: NDArray[np.int64]
    predicted: NDArray[np.int64]
    probability: NDArray[np.float64]
    classes: tuple[str, ...]
    chosen: tuple[float, float]


def trace_overview(record: AttentionRecord, windows: Windows, card: Card, window: int, unit: str = "") -> OverviewTrace:
    """Summarise all windows of a signal.

    Parameters
    ----------
    record, windows, card : of the same signal and network.
    window : index of the window in view.
    unit : of the waveform.
    """
    fs = windows.preparation.fs
    kept = keep_outline(windows.samples, OUTLINE_POINTS)
    first = np.arange(0, len(windows), -(-len(windows) // MOST_MARKS))
    counts = np.diff(first, append=len(windows))
    probabilities = np.add.reduceat(record.probabilities.astype(np.float64), first) / counts[:, None]  # (M, K)
    predicted = probabilities.argmax(axis=1)
    start = windows.starts / fs
    end = start + windows.preparation.window / fs
    return OverviewTrace(
        outline_s=kept / fs,
        outline=windows.samples[kept],
        unit=unit,
        start_s=start[first],
        end_s=end[first + counts - 1],
        first_window=first,
        predicted=predicted,
        probability=probabilities[np.arange(len(first)), predicted],
        classes=tuple(name.words for name in card.classes),
        chosen=(float(start[window]), float(end[window])),
    )
