"""What edits do to a signal: to the recording's prepared samples around a window, before they are scaled.

Nothing is changed in place: a window that was edited is a recording of its own, one window long.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy import signal as dsp

from cbam_viz.analysis.edits import KINDS, Edit
from cbam_viz.errors import InputError
from cbam_viz.signals.windows import LOWPASS_TAPS, STILL, Preparation, Windows

NOTCH_TAPS = 511
HAMMING_FALL = 3.3
"""How wide a filter with a Hamming window falls, in Hz, is this times the rate over the taps."""
FINEST_SPEED = 1000
"""Largest denominator of a change of speed."""


@dataclass(frozen=True, eq=False)
class _Stretch:
    """A window with its own length of the recording on either side.

    Parameters
    ----------
    samples : (3 T,) array; the window is its middle third.
    low, high : from which to which of these the recording reaches; beyond it the last sample is repeated.
    impacts : (I,) array, places in the stretch; None where nobody knows.
    """

    samples: NDArray[np.float64]
    low: float
    high: float
    impacts: NDArray[np.float64] | None

    @property
    def middle(self) -> slice:
        """Where the window is."""
        return slice(len(self.samples) // 3, 2 * len(self.samples) // 3)

    def moved(self, samples: NDArray[np.float64], speed: float, by: float, fixed: float) -> "_Stretch":
        """The same with samples that moved: sped up about a fixed place, then later by so many samples."""
        low, high = ((each - fixed) / speed + fixed + by for each in (self.low, self.high))
        impacts = None if self.impacts is None else (self.impacts - fixed) / speed + fixed + by
        return _Stretch(samples, max(low, 0), min(high, len(samples)), impacts)


def edit_window(windows: Windows, window: int, edits: Sequence[Edit]) -> Windows:
    """One window after the edits of the signal, in their order; those of gates are passed over.

    Parameters
    ----------
    windows : of the recording, whose neighbouring samples a shift brings in.
    window : index of the window.
    edits : times in ms count from the window's beginning.

    Raises
    ------
    InputError
        If an edit reaches beyond the window, the band or the recording, or leaves nothing that moves.
    """
    preparation, size = windows.preparation, windows.preparation.window
    stretch = _cut(windows, window)
    for edit in edits:
        if not KINDS[edit.kind].gate:
            stretch = _SIGNAL[edit.kind](stretch, edit, preparation)
    samples = stretch.samples[stretch.middle]
    if stretch.low > size or stretch.high < 2 * size:
        short = max(stretch.low - size, 2 * size - stretch.high) / preparation.fs * 1000
        raise InputError(
            "A shift or a higher speed takes what the recording holds beside the window, but here "
            f"{short:.1f} ms of it would stay empty. Change less, or choose another window."
        )
    if np.ptp(samples) <= STILL * max(np.abs(windows.measured(window)).max(), np.abs(samples).max()):
        raise InputError(
            "A window needs motion, but after these edits nothing in it moves. Undo one, or mask a shorter span."
        )
    impacts = None if stretch.impacts is None else stretch.impacts - size
    return Windows(samples, np.zeros(1, np.int64), preparation, 0, (), impacts)


def _cut(windows: Windows, window: int) -> _Stretch:
    """The window and what the recording holds on either side."""
    size, start = windows.preparation.window, int(windows.starts[window])
    first, last = max(start - size, 0), min(start + 2 * size, len(windows.samples))
    around = (first - (start - size), start + 2 * size - last)
    samples = np.pad(windows.samples[first:last], around, mode="edge")
    impacts = None if windows.impacts is None else windows.impacts - (start - size)
    return _Stretch(samples, around[0], len(samples) - around[1], impacts)


def _mask(stretch: _Stretch, edit: Edit, preparation: Preparation) -> _Stretch:
    """The samples of a span become the window's mean."""
    size, per_ms = preparation.window, preparation.fs / 1000
    low, high = (value * per_ms for value in edit.values)
    if low >= size:
        raise InputError(
            f"A span to mask lies in the window, which lasts {size / per_ms:.1f} ms, but {edit} begins after it. "
            "Give an earlier one."
        )
    span = slice(size + round(low), size + min(max(round(high), round(low) + 1), size))
    samples = stretch.samples.copy()
    samples[span] = samples[stretch.middle].mean()
    return replace(stretch, samples=samples)


def _notch(stretch: _Stretch, edit: Edit, preparation: Preparation) -> _Stretch:
    """A finite filter of linear phase takes a band out; it falls outside of the band, so that all of it is weak."""
    fall, half = HAMMING_FALL * preparation.fs / NOTCH_TAPS / 2, preparation.fs / 2
    low, high = edit.values[0] - fall, edit.values[1] + fall
    if edit.values[0] >= preparation.top_hz or (low <= 0 and high >= half):
        raise InputError(
            f"A band to take out lies within what the network reads, 0 to {preparation.top_hz:.10g} Hz, and leaves "
            f"some of it, but {edit} does not. Give a narrower or lower one."
        )
    if low <= 0:
        taps = dsp.firwin(NOTCH_TAPS, high, fs=preparation.fs, pass_zero=False)
    elif high >= half:
        taps = dsp.firwin(NOTCH_TAPS, low, fs=preparation.fs)
    else:
        taps = dsp.firwin(NOTCH_TAPS, [low, high], fs=preparation.fs)
    around = np.pad(stretch.samples, NOTCH_TAPS // 2, mode="edge")
    return replace(stretch, samples=dsp.oaconvolve(around, taps, mode="valid"))


def _noise(stretch: _Stretch, edit: Edit, preparation: Preparation) -> _Stretch:
    """White noise of the network's band joins, of exactly this many dB less power than what moves in the window."""
    ratio_db, seed = edit.values
    noise = np.random.default_rng(int(seed)).standard_normal(len(stretch.samples) + LOWPASS_TAPS - 1)
    if preparation.lowpass_hz is None:
        noise = noise[: len(stretch.samples)]
    else:
        noise = dsp.oaconvolve(noise, dsp.firwin(LOWPASS_TAPS, preparation.lowpass_hz, fs=preparation.fs), mode="valid")
    noise -= noise[stretch.middle].mean()
    ratio = stretch.samples[stretch.middle].std() / noise[stretch.middle].std()
    return replace(stretch, samples=stretch.samples + noise * ratio * 10 ** (-ratio_db / 20))


def _shift(stretch: _Stretch, edit: Edit, preparation: Preparation) -> _Stretch:
    """Everything comes later by so many ms, to the nearest sample."""
    by = round(edit.values[0] * preparation.fs / 1000)
    place = np.clip(np.arange(len(stretch.samples)) - by, 0, len(stretch.samples) - 1)
    return stretch.moved(stretch.samples[place], 1, by, 0)


def _scale(stretch: _Stretch, edit: Edit, _preparation: Preparation) -> _Stretch:
    """Every sample is multiplied; a network that scales its windows undoes it, but for the sign."""
    return replace(stretch, samples=stretch.samples * edit.values[0])


def _resample(stretch: _Stretch, edit: Edit, _preparation: Preparation) -> _Stretch:
    """The machine runs faster by a factor, about the middle of the window, behind an anti-alias filter."""
    ratio = Fraction(edit.values[0]).limit_denominator(FINEST_SPEED)
    if ratio == 1:
        return stretch
    size = len(stretch.samples)
    centre = size // 2
    reach = -(-max(centre, round(centre * float(ratio)) + 1) // ratio.numerator) * ratio.numerator
    around = np.pad(stretch.samples, reach, mode="edge")[centre : centre + 2 * reach + 1]  # its middle is the centre
    sped = dsp.resample_poly(around, ratio.denominator, ratio.numerator, padtype="edge")
    first = reach // ratio.numerator * ratio.denominator - centre
    return stretch.moved(sped[first : first + size], float(ratio), 0, centre)


_SIGNAL = {
    "mask": _mask, "notch": _notch, "noise": _noise, "shift": _shift, "scale": _scale, "resample": _resample,
}  # fmt: skip
