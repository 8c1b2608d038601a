"""A signal thinned for the screen, so that its impacts survive."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tsdownsample import MinMaxLTTBDownsampler

from cbam_viz.signals.signal import Signal


@dataclass(frozen=True, eq=False)
class OutlineTrace:
    """What a small picture of a signal draws.

    Parameters
    ----------
    time : (P,) array, in s, or in samples where the rate is not known.
    samples : (P,) array, in the signal's unit.
    """

    time: NDArray[np.float64]
    samples: NDArray[np.float64]


def trace_outline(signal: Signal, points: int = 300) -> OutlineTrace:
    """Thin a signal to at most so many points."""
    kept = keep_outline(signal.samples, points)
    return OutlineTrace(kept / signal.fs, signal.samples[kept])


def keep_outline(samples: NDArray[np.float64], points: int) -> NDArray[np.int64]:
    """Which of the samples to draw, (P,) array of indices; all of them where they are no more than `points`."""
    if len(samples) <= points:
        return np.arange(len(samples))
    return MinMaxLTTBDownsampler().downsample(samples, n_out=points).astype(np.int64)
