"""The fault's period as a recording has it: nominal speeds are a little off, and 1 % drifts a period in a second.

The squared envelope of a struck bearing repeats at the fault's frequency (Randall & Antoni 2011, Mech. Syst. Signal
Process. 25:485); slip adds up, so every stretch of a recording has a period and a phase of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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
KEPT = 5
"""Rate of the thinned envelope, in highest searched harmonics."""
PADDED = 8


@dataclass(frozen=True, eq=False)
class Stretch:
    """The spectrum of an envelope over a stretch in which one period is taken to hold.

    Parameters
    ----------
    first, samples : where the stretch begins in the recording, and how long it is, in samples.
    begin, middle : where the envelope that was transformed begins, in samples after `first`, and how far behind that
        its window has its middle.
    spectrum : (F,) complex array, of the envelope under a Hann window.
    magnitude : (F,) array, of the spectrum.
    step_hz : between two of its frequencies.
    """

    first: int
    samples: int
    begin: float
    middle: float
    spectrum: NDArray[np.complex128]
    magnitude: NDArray[np.float64]
    step_hz: float


def cut_stretches(
    samples: NDArray[np.float64], fs: float, nominal_hz: float, highest_hz: float | None = None
) -> tuple[Stretch, ...]:
    """The envelope of a recording, stretch by stretch.

    Parameters
    ----------
    samples : (T,) array, at least `SHORTEST_S` and `FEWEST_PERIODS` of them.
    fs : sampling rate in Hz.
    nominal_hz : of the fault, from geometry and noted speed.
    highest_hz : nominal frequency that is searched for in the end; None for that of the fault.
    """
    envelope, lasts = squared_envelope(samples), len(samples) / fs
    count = max(1, min(round(lasts / STRETCH_S), int(lasts * nominal_hz / FEWEST_PERIODS)))
    step = max(1, int(fs / (KEPT * HARMONICS * (highest_hz or nominal_hz))))
    stretches = []
    for part in np.array_split(np.arange(len(samples)), count):
        own = envelope[part[0] : part[-1] + 1]
        thin = (own[: len(own) // step * step] - own.mean()).reshape(-1, step).mean(axis=1)
        length = fft.next_fast_len(PADDED * len(thin), real=True)
        spectrum = fft.rfft(thin * np.hanning(len(thin)), length)
        begin, middle = (step - 1) / 2, step * (len(thin) - 1) / 2
        stretches.append(
            Stretch(int(part[0]), len(part), begin, middle, spectrum, np.abs(spectrum), fs / step / length)
        )
    return tuple(stretches)


def find_period_starts(
    stretches: Sequence[Stretch], fs: float, nominal_hz: NDArray[np.float64]
) -> list[NDArray[np.float64]]:
    """Where the periods nearest to each nominal one begin, at the crest of the envelope's fundamental: (I,) arrays.

    Parameters
    ----------
    stretches : of a recording.
    fs : its sampling rate in Hz.
    nominal_hz : (K,) array, the middle of each search.

    Returns
    -------
    starts : in samples of the recording, one array a nominal frequency.
    """
    starts = [_starts_within(stretch, fs, refine_frequency(stretch, nominal_hz)) for stretch in stretches]
    return [np.concatenate(of_stretches) for of_stretches in zip(*starts, strict=True)]


def _starts_within(stretch: Stretch, fs: float, hz: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Where the periods of each of these frequencies begin within one stretch, in samples of the recording."""
    nearest = np.rint(hz / stretch.step_hz).astype(np.int64)
    # the phase of a spectrum under a symmetric window turns with the window's middle, so it is known between bins
    turns = np.angle(stretch.spectrum[nearest]) / (2 * np.pi)
    between = (hz - nearest * stretch.step_hz) * stretch.middle
    crest = ((hz * stretch.begin + between) / fs - turns) % 1.0  # in periods
    count = (stretch.samples * hz / fs - crest).astype(np.int64) + 1
    return [
        stretch.first + (before + np.arange(periods)) * fs / each
        for before, periods, each in zip(crest, count, hz, strict=True)
    ]


def refine_frequency(stretch: Stretch, nominal_hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Frequencies in Hz at which an envelope repeats: where its first harmonics together are highest, (K,) array.

    Parameters
    ----------
    stretch : of the envelope.
    nominal_hz : (K,) array, the middle of each search.
    """
    lowest, highest = (1 - SEARCHED) * nominal_hz, (1 + SEARCHED) * nominal_hz
    fine = stretch.step_hz / HARMONICS
    steps = np.ceil((highest - lowest) / fine).astype(np.int64)
    searched = lowest[:, None] + np.arange(steps.max()) * fine  # (K, S)
    height = np.zeros(searched.shape)
    for harmonic in range(1, HARMONICS + 1):
        bins = harmonic / stretch.step_hz * searched
        below = bins.astype(np.int64).clip(max=len(stretch.magnitude) - 2)
        between = bins - below
        height += (1 - between) * stretch.magnitude[below] + between * stretch.magnitude[below + 1]
    height[np.arange(steps.max()) >= steps[:, None]] = -np.inf  # the end of a search is that of its own
    return np.take_along_axis(searched, height.argmax(axis=1)[:, None], axis=1)[:, 0]
