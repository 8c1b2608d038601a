"""The one way from a signal to what a network reads; training, app and command line all call `prepare_windows`.

Every filter is finite, so a stream gives the same samples as the whole file. Nothing here knows the name of a data set:
what is done to a signal stands in the network's card as a `Preparation`.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy import signal as dsp

from cbam_viz.errors import InputError
from cbam_viz.signals.preparation import Axis, Preparation
from cbam_viz.signals.response import align_response, begin_early
from cbam_viz.signals.signal import Signal

__all__ = ["Axis", "Preparation", "Windows", "prepare_windows", "resample"]

BATCH = 64
"""Windows that are scaled at once."""
LOWPASS_TAPS = 255
RATE_TOLERANCE = 1e-6
UPSAMPLED_BANDS = 2.4
"""Of its rate over the network's upper edge a signal needs, so that the filter of a higher rate weakens its images."""
STILL = 1e-12
"""Of the largest sample: what filters leave of a sensor that stands still is less."""


@dataclass(frozen=True, eq=False)
class Windows:
    """A prepared signal and where it was cut.

    Parameters
    ----------
    samples : (T,) array, the whole prepared signal in its own unit, at `preparation.fs`.
    starts : (N,) array, first sample of each window in `samples`; something moves in each.
    preparation : what was done.
    dropped : samples after the last window that were too few for another.
    notes : sentences on what was done that a person should know.
    impacts : (I,) array, where in `samples` the bearing is truly struck; None where nobody knows.
    """

    samples: NDArray[np.float64]
    starts: NDArray[np.int64]
    preparation: Preparation
    dropped: int
    notes: tuple[str, ...]
    impacts: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.starts)

    def measured(self, index: int) -> NDArray[np.float64]:
        """Window `index` in the signal's own unit, (window,) array."""
        return self.samples[self.starts[index] : self.starts[index] + self.preparation.window]

    def impacts_in(self, index: int) -> NDArray[np.float64]:
        """Where in window `index` the bearing is truly struck, in samples; empty where nobody knows."""
        places = (np.empty(0) if self.impacts is None else self.impacts) - self.starts[index]
        return places[(places >= 0) & (places < self.preparation.window)]

    def start_s(self, index: int) -> float:
        """Where window `index` begins in the recording, in s."""
        return float(self.starts[index]) / self.preparation.fs

    @property
    def inputs(self) -> NDArray[np.float32]:
        """What the network reads: (N, window) array, scaled as the preparation says."""
        inputs = np.empty((len(self), self.preparation.window), np.float32)
        for begin in range(0, len(self), BATCH):  # what scaling takes on the way stays in the cache
            inputs[begin : begin + BATCH] = self.cut(slice(begin, begin + BATCH))
        return inputs

    def cut(self, chosen: slice) -> NDArray[np.float32]:
        """What the network reads of the chosen windows: (n, window) array."""
        cut = np.lib.stride_tricks.sliding_window_view(self.samples, self.preparation.window)[self.starts[chosen]]
        if self.preparation.scaling == "none":
            return ((cut - (self.preparation.nominal or 0.0)) / self.preparation.volts_scale).astype(np.float32)
        centred = cut - cut.mean(axis=1, keepdims=True)
        return (centred / centred.std(axis=1, keepdims=True)).astype(np.float32)


def prepare_windows(signal: Signal, preparation: Preparation) -> Windows:
    """Bring a signal to a network's rate and band and cut it into windows; those in which nothing moves are left out.

    Where the preparation starts at a pulse there is one window, from the pulse on.

    Raises
    ------
    InputError
        If the signal does not hold the network's band, is shorter than one window, or stands still in every one; where
        a pulse is needed, if there is none, or what follows it is saturated or too short.
    """
    recorded, ahead_s = begin_early(signal, preparation) if preparation.start == "pulse" else (signal, 0.0)
    samples, notes = resample(recorded, preparation)
    if preparation.lowpass_hz is not None:
        taps = dsp.firwin(LOWPASS_TAPS, preparation.lowpass_hz, fs=preparation.fs)
        around = np.pad(samples, LOWPASS_TAPS // 2, mode="edge")  # zeros would be a step where a sensor has an offset
        samples = dsp.oaconvolve(around, taps, mode="valid")
    if preparation.start == "pulse":
        samples, start, told = align_response(signal, samples, ahead_s, preparation)
        rest = len(samples) - start - preparation.window
        return Windows(samples, np.array([start]), preparation, rest, (*notes, *told))
    if len(samples) < preparation.window:
        raise InputError(
            f"This network reads windows of {preparation.window} samples at {preparation.fs:.10g} Hz "
            f"({preparation.window / preparation.fs:.3f} s), but {signal.name} lasts {signal.duration:.3f} s. "
            "Give a longer recording."
        )
    starts = np.arange(0, len(samples) - preparation.window + 1, preparation.hop)
    dropped = int(len(samples) - (starts[-1] + preparation.window))
    if dropped:
        notes += (f"The last {dropped / preparation.fs:.3f} s are too short for another window and are left out.",)
    moving = _moving(signal, samples, starts, preparation)
    if not moving.any():
        raise InputError(
            f"A window needs motion, but in every window of {signal.name} the samples stand still. "
            "Check that the sensor was connected, or choose another channel."
        )
    if still := int(np.count_nonzero(~moving)):
        notes += (f"{still} window{'s' * (still > 1)} in which nothing moves {'are' if still > 1 else 'is'} left out.",)
    impacts = None if signal.impacts is None else np.array(signal.impacts) * (preparation.fs / signal.fs)
    return Windows(samples, starts[moving], preparation, dropped, notes, impacts)


def _moving(
    signal: Signal, samples: NDArray[np.float64], starts: NDArray[np.int64], preparation: Preparation
) -> NDArray[np.bool_]:
    """Whether anything moves in each window, before and after preparation, (N,) array.

    Before it, since a filter rings beside what moves, and brings an offset to another rate with a ripple.
    """
    cuts = np.lib.stride_tricks.sliding_window_view(samples, preparation.window)[:: preparation.hop]
    prepared = np.ptp(cuts, axis=1) > STILL * max(samples.max(), -samples.min())
    step = signal.fs / preparation.fs
    ends = np.ceil((starts + preparation.window) * step)
    spans = np.stack([np.floor(starts * step), ends.clip(max=len(signal.samples) - 1)], axis=1).astype(np.int64).ravel()
    highest, lowest = (extreme.reduceat(signal.samples, spans)[::2] for extreme in (np.maximum, np.minimum))
    recorded = highest - lowest > STILL * max(signal.samples.max(), -signal.samples.min())
    return np.asarray(prepared & recorded)


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
    if abs(signal.fs / preparation.fs - 1) < RATE_TOLERANCE:
        return signal.samples, ()
    needed = min(UPSAMPLED_BANDS * preparation.top_hz, preparation.fs)
    if signal.fs < needed:
        raise InputError(
            f"This network reads frequencies up to {preparation.top_hz:.10g} Hz, which needs a sampling rate of at "
            f"least {needed:.10g} Hz, but the signal is sampled at {signal.fs:.10g} Hz and a higher rate would only "
            "invent that band. Record at a higher rate, or choose a network that reads a lower band."
        )
    largest = max(10_000, 100 * round(signal.fs / preparation.fs))  # a ratio of rates far apart needs more digits
    ratio = Fraction(preparation.fs / signal.fs).limit_denominator(largest)
    samples = dsp.resample_poly(signal.samples, ratio.numerator, ratio.denominator, padtype="edge")
    return samples, (f"Resampled from {signal.fs:.10g} Hz to {preparation.fs:.10g} Hz with an anti-alias filter.",)
