"""The fault's period as a recording has it: nominal speeds are a little off, and 1 % drifts a period in a second.

The squared envelope of a struck bearing repeats at the fault's frequency (Randall & Antoni 2011, Mech. Syst. Signal
Process. 25:485); slip adds up, so every stretch of a recording has a period and a phase of its own.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from cbam_viz.analysis.impacts import squared_envelope

SHORTEST_S = 1.0
"""Of a recording: in less a period can't be told from one 1 % longer."""
FEWEST_PERIODS = 20
"""From which one is refined: the search reaches 3 % to either side, over half a period in so many."""
STRETCH_S = 2.0
"""Over which one period is taken to hold, or longer where it holds too few of them."""
SEARCHED = 0.03
"""Of the nominal frequency, to either side."""
HARMONICS = 3
KEPT = 2.5
"""Rate of the thinned envelope, in highest searched harmonics."""
PADDED = 8


def find_period_starts(samples: NDArray[np.float64], fs: float, nominal_hz: float) -> NDArray[np.float64]:
    """Where the fault's periods begin, at the crest of the envelope's fundamental: (I,) array in samples.

    Parameters
    ----------
    samples : (T,) array, at least `SHORTEST_S` and `FEWEST_PERIODS` of them.
    fs : sampling rate in Hz.
    nominal_hz : of the fault, from geometry and noted speed.
    """
    envelope = squared_envelope(samples)
    lasts = len(samples) / fs
    count = max(1, min(round(lasts / STRETCH_S), int(lasts * nominal_hz / FEWEST_PERIODS)))
    stretches = np.array_split(np.arange(len(samples)), count)
    starts = []
    for stretch in stretches:
        first, part = int(stretch[0]), envelope[stretch]
        hz = refine_frequency(part, fs, nominal_hz)
        turns = 2 * np.pi * hz / fs * np.arange(len(part))
        crest = -np.angle(np.sum(part * np.exp(-1j * turns))) / (2 * np.pi) % 1.0  # in periods
        count = int(len(part) * hz / fs - crest) + 1
        starts.append(first + (crest + np.arange(count)) * fs / hz)
    return np.concatenate(starts)


def refine_frequency(envelope: NDArray[np.float64], fs: float, nominal_hz: float) -> float:
    """Frequency in Hz near a nominal one at which an envelope repeats: where its first harmonics together are highest.

    Parameters
    ----------
    envelope : (T,) array.
    fs : its sampling rate in Hz.
    nominal_hz : the middle of the search.
    """
    step = max(1, int(fs / (2 * KEPT * HARMONICS * nominal_hz)))
    whole = len(envelope) // step * step
    thin = (envelope[:whole] - envelope.mean()).reshape(-1, step).mean(axis=1)
    length = fft.next_fast_len(PADDED * len(thin), real=True)
    magnitude = np.abs(fft.rfft(thin * np.hanning(len(thin)), length))
    bin_hz = fs / step / length
    searched = np.arange((1 - SEARCHED) * nominal_hz, (1 + SEARCHED) * nominal_hz, bin_hz / HARMONICS)
    harmonics = np.arange(1, HARMONICS + 1)[:, None] * searched / bin_hz
    return float(searched[np.interp(harmonics, np.arange(len(magnitude)), magnitude).sum(axis=0).argmax()])
