"""The mean gate behind triggers, cell by cell; where the triggers come from is nothing to it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

AT_ONCE = 4_096
"""Triggers in memory."""


def fold_gate(
    gate: NDArray[np.float32],
    starts: NDArray[np.int64],
    window: int,
    grid: tuple[float, int],
    triggers: Sequence[NDArray[np.float64]],
    offsets: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Mean gate in each cell behind the triggers of every draw, (draws, B) array; NaN in a cell that none fills.

    Each trigger takes, for every cell, the position whose middle lies nearest, in the window that the trigger falls in;
    what lies outside that window is left out.

    Parameters
    ----------
    gate : (n, L) array, of the windows of one recording.
    starts : (n,) array, first sample of each window, ascending.
    window : length of a window in samples.
    grid : middle of position 0, and the stride, in samples of a window.
    triggers : one or more (I,) arrays, in samples of the recording.
    offsets : (B,) array, of the cells behind a trigger, in samples.
    """
    middle, stride = grid
    count, positions = gate.shape
    cells = (offsets / stride).clip(-positions - 1, positions + 1)  # a cell farther out sees no window either
    edge = int(np.abs(cells).max()) + 2
    row = positions + 2 * edge
    padded = np.zeros((count, row), np.complex128)  # the gate, and 1 wherever there is one
    padded[:, edge:-edge] = gate + 1j
    sums = np.zeros((len(triggers), len(offsets)), np.complex128)
    for draw, moments in enumerate(triggers):
        for begin in range(0, len(moments), AT_ONCE):  # so that memory does not grow with the recording
            some = moments[begin : begin + AT_ONCE]
            within = np.searchsorted(starts, some, "right") - 1
            inside = (within >= 0) & (some < starts[within] + window)
            some, within = some[inside], within[inside]
            nearest = within * row + edge + (some - starts[within] - middle) / stride + 0.5
            sums[draw] += padded.take(np.add.outer(cells, nearest).astype(np.intp)).sum(axis=1)
    return np.where(sums.imag > 0, sums.real / sums.imag.clip(1), np.nan)
