"""Where a recording is loud for a moment: impacts found in its squared envelope.

A detector of loud moments and nothing more: it finds some in every recording, in that of a healthy bearing too, so what
is aligned on them needs the same alignment on random moments beside it.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy import signal as dsp

SMOOTH_S = 0.0005
"""Over which the envelope is averaged: a few cycles of a resonance, and short beside the time between two impacts."""
THRESHOLD = 6.0
"""Medians of the envelope that an impact rises above."""
SHARE = 0.7
"""Of the fault period, between two impacts at least."""
NEAREST_S = 0.003
"""Between two impacts at least, where no period is known."""


def squared_envelope(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Squared magnitude of the analytic signal without its mean, (T,) array in the square of the signal's unit."""
    count = len(samples)
    centred = (samples - samples.mean()).astype(np.float32 if np.ptp(samples) > 1e-15 else np.float64)
    length = fft.next_fast_len(count)
    # scipy.signal.hilbert goes through complex transforms, which take three times as long
    quadrature = fft.irfft(-1j * fft.rfft(centred, length), length)[:count]
    return np.asarray(centred**2 + quadrature**2, np.float64)


def detect_impacts(samples: NDArray[np.float64], fs: float, period_s: float | None = None) -> NDArray[np.float64]:
    """Moments at which a signal is loud beside its median, (I,) array in samples.

    Parameters
    ----------
    samples : (T,) array.
    fs : sampling rate in Hz.
    period_s : of the fault in s, None where it is not known; two impacts of one fault are not much closer.
    """
    width = max(1, round(SMOOTH_S * fs))
    smooth = np.convolve(squared_envelope(samples), np.full(width, 1 / width), mode="same")
    apart = NEAREST_S if period_s is None else SHARE * period_s
    peaks, _ = dsp.find_peaks(smooth, height=THRESHOLD * np.median(smooth), distance=max(1, apart * fs))
    return peaks.astype(np.float64)
