"""The one way from a signal to what a network reads; training, app and command line all call `prepare_windows`.

Every filter is finite, so a stream gives the same samples as the whole file. Nothing here knows the name of a data set:
what is done to a signal stands in the network's card as a `Preparation`.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import signal as dsp

from cbam_viz.errors import InputError
from cbam_viz.signals.signal import Signal

LOWPASS_TAPS = 255
RATE_TOLERANCE = 1e-6
STILL = 1e-12
"""Of the largest sample: a window that moves less is silent."""


@dataclass(frozen=True)
class Axis:
    """What the windows of a network lie on: time, shaft orders, …; figures take their title and unit from here.

    Parameters
    ----------
    title : of the axis, such as ``time in the window``.
    unit : shown beside it, such as ``ms``.
    per_sample : `unit` per sample after preparation.
    """

    title: str
    unit: str
    per_sample: float


@dataclass(frozen=True)
class Preparation:
    """How a signal becomes windows for one network; frozen, from the network's card.

    Parameters
    ----------
    fs : sampling rate in Hz after preparation.
    window, hop : in samples after preparation.
    lowpass_hz : upper edge in Hz of what the network may see, None for all up to fs / 2.
    scaling : ``window`` sets each window to mean 0 and standard deviation 1; ``none`` leaves it in its unit.
    """

    fs: float
    window: int
    hop: int
    lowpass_hz: float | None = None
    scaling: Literal["window", "none"] = "window"

    @property
    def top_hz(self) -> float:
        """Upper edge in Hz of the band the network reads."""
        return self.lowpass_hz or self.fs / 2

    @property
    def axis(self) -> Axis:
        """The axis its windows lie on."""
        return Axis("time in the window", "ms", 1000 / self.fs)


@dataclass(frozen=True, eq=False)
class Windows:
    """A prepared signal and where it was cut.

    Parameters
    ----------
    samples : (T,) array, the whole prepared signal in its own unit, at `preparation.fs`.
    starts : (N,) array, first sample of each window in `samples`.
    preparation : what was done.
    dropped : samples after the last window that were too few for another.
    notes : sentences on what was done that a person should know.
    """

    samples: NDArray[np.float64]
    starts: NDArray[np.int64]
    preparation: Preparation
    dropped: int
    notes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.starts)

    def measured(self, index: int) -> NDArray[np.float64]:
        """Window `index` in the signal's own unit, (window,) array."""
        return self.samples[self.starts[index] : self.starts[index] + self.preparation.window]

    def start_s(self, index: int) -> float:
        """Where window `index` begins in the recording, in s."""
        return float(self.starts[index]) / self.preparation.fs

    @property
    def inputs(self) -> NDArray[np.float32]:
        """What the network reads: (N, window) array, scaled as the preparation says."""
        return self.cut(slice(None))

    def cut(self, chosen: slice) -> NDArray[np.float32]:
        """What the network reads of the chosen windows: (n, window) array."""
        cut = np.lib.stride_tricks.sliding_window_view(self.samples, self.preparation.window)[self.starts[chosen]]
        if self.preparation.scaling == "none":
            return cut.astype(np.float32)
        centred = cut - cut.mean(axis=1, keepdims=True)
        spread = centred.std(axis=1, keepdims=True)
        rounding = STILL * np.abs(self.samples).max()  # what filters leave of a sensor that stands still
        return np.divide(centred, spread, out=np.zeros_like(centred), where=spread > rounding).astype(np.float32)


def prepare_windows(signal: Signal, preparation: Preparation) -> Windows:
    """Bring a signal to a network's rate and band and cut it into windows.

    Raises
    ------
    InputError
        If the signal does not hold the network's band, or is shorter than one window.
    """
    samples, notes = resample(signal, preparation)
    if preparation.lowpass_hz is not None:
        taps = dsp.firwin(LOWPASS_TAPS, preparation.lowpass_hz, fs=preparation.fs)
        around = np.pad(samples, LOWPASS_TAPS // 2, mode="edge")  # zeros would be a step where a sensor has an offset
        samples = dsp.oaconvolve(around, taps, mode="valid")
    if len(samples) < preparation.window:
        raise InputError(
            f"This network reads windows of {preparation.window} samples at {preparation.fs:g} Hz "
            f"({preparation.window / preparation.fs:.3f} s), but {signal.name} lasts {signal.duration:.3f} s. "
            "Give a longer recording."
        )
    starts = np.arange(0, len(samples) - preparation.window + 1, preparation.hop)
    dropped = int(len(samples) - (starts[-1] + preparation.window))
    if dropped:
        notes += (f"The last {dropped / preparation.fs:.3f} s are too short for another window and are left out.",)
    return Windows(samples, starts, preparation, dropped, notes)


def resample(signal: Signal, preparation: Preparation) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Bring the samples to the network's rate with an anti-alias FIR, and say so.

    Returns
    -------
    samples : (T,) array at `preparation.fs`.
    notes : what was done; empty when the rates agree.

    Raises
    ------
    InputError
        If the signal's rate is too low for the band the network reads.
    """
    if signal.fs < 2 * preparation.top_hz:
        raise InputError(
            f"This network reads frequencies up to {preparation.top_hz:g} Hz, which needs a sampling rate of at least "
            f"{2 * preparation.top_hz:g} Hz, but the signal is sampled at {signal.fs:g} Hz and a higher "
            "rate would only invent "
            "that band. Record at a higher rate, or choose another network."
        )
    if abs(signal.fs / preparation.fs - 1) < RATE_TOLERANCE:
        return signal.samples, ()
    ratio = Fraction(preparation.fs / signal.fs).limit_denominator(10_000)
    samples = dsp.resample_poly(signal.samples, ratio.numerator, ratio.denominator, padtype="edge")
    return samples, (f"Resampled from {signal.fs:g} Hz to {preparation.fs:g} Hz with an anti-alias filter.",)
