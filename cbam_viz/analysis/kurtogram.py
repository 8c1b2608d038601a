"""In which band is a signal most impulsive? The fast kurtogram (Antoni 2007, Mech. Syst. Signal Process. 21:108).

A tree of quasi-analytic FIR filters halves and thirds the band again and again; the spectral kurtosis of each band's
complex envelope is 0 for stationary Gaussian noise, and high where impacts stand out. One loud click or a switching
drive is impulsive too, so the band can be chosen by hand as well.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import signal as dsp

DEEPEST = 6
"""Halvings at most."""
TAPS = 16
"""Of the filter that halves a band, as in the paper; a third has half as many again."""
PASSED = 0.8
"""Of a band up to where its filter falls to a half, as in the paper."""


@dataclass(frozen=True)
class Band:
    """A band of frequencies in Hz, and whether a person chose it; kurtosis is NaN where nobody worked it out."""

    low: float
    high: float
    kurtosis: float = float("nan")
    by_hand: bool = False


@dataclass(frozen=True, eq=False)
class Kurtogram:
    """Spectral kurtosis of every band of the tree.

    Parameters
    ----------
    low, high : (B,) arrays, edges of the bands in Hz.
    kurtosis : (B,) array, 0 for stationary Gaussian noise.
    """

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    kurtosis: NDArray[np.float64]

    def best(self, lowest_hz: float, top_hz: float, narrowest_hz: float) -> Band:
        """The most impulsive band in the given limits; all of them together where no band fits.

        Parameters
        ----------
        lowest_hz, top_hz : that the band may reach from and to.
        narrowest_hz : it may be; an envelope holds no line above the width of its band.
        """
        fits = (self.low >= lowest_hz) & (self.high <= top_hz * (1 + 1e-9)) & (self.high - self.low >= narrowest_hz)
        if not fits.any():
            return Band(lowest_hz, top_hz)
        at = int(np.where(fits, self.kurtosis, -np.inf).argmax())
        return Band(float(self.low[at]), float(self.high[at]), float(self.kurtosis[at]))


def measure_kurtogram(samples: NDArray[np.float64], fs: float, narrowest_hz: float) -> Kurtogram:
    """Spectral kurtosis of a signal in halves, thirds, quarters, sixths, ... of its band.

    Parameters
    ----------
    samples : (T,) array.
    fs : sampling rate in Hz.
    narrowest_hz : no band is narrower.
    """
    centred = samples - samples.mean()
    scale = float(np.abs(centred).max()) or 1.0
    whole = np.asarray(centred / scale, complex)[None]  # (1, T)
    found: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
    for level in range(DEEPEST):
        for parts in (2, 3):
            edges = np.linspace(0, fs / 2, 2**level * parts + 1)
            if edges[1] < narrowest_hz or whole.shape[1] < 8 * TAPS * parts:
                return _joined(found, fs)
            bands = _split(whole, parts)
            found.append((edges, _kurtosis(bands)))
            if parts == 2:
                halves = bands
        whole = halves
    return _joined(found, fs)


def _joined(found: list[tuple[NDArray[np.float64], NDArray[np.float64]]], fs: float) -> Kurtogram:
    """All levels of the tree as one table; the whole band as one of it where nothing could be split."""
    edges = [edges for edges, _kurtosis in found] or [np.array([0, fs / 2])]
    kurtosis = [values for _edges, values in found] or [np.zeros(1)]
    return Kurtogram(
        np.concatenate([each[:-1] for each in edges]),
        np.concatenate([each[1:] for each in edges]),
        np.concatenate(kurtosis),
    )


def _split(bands: NDArray[np.complex128], parts: int) -> NDArray[np.complex128]:
    """Each band in so many parts, shifted to zero and thinned: (B, T) array to (B * parts, T // parts)."""
    taps = _filters(parts)
    skipped = taps.shape[1] // 2 // parts + 1
    split = [dsp.upfirdn(each, bands, down=parts, axis=1)[:, skipped : bands.shape[1] // parts] for each in taps]
    turns = np.arange(skipped, skipped + split[0].shape[1])
    moved = [each * (-1.0) ** (part * turns) for part, each in enumerate(split)]
    return np.asarray(np.stack(moved, axis=1).reshape(-1, split[0].shape[1]), np.complex128)  # (B * parts, T // parts)


@cache
def _filters(parts: int) -> NDArray[np.complex128]:
    """Filters that pass one part each of the band from 0 to half of the rate, (parts, taps) array."""
    count = TAPS * parts // 2 + 1
    low: NDArray[np.float64] = dsp.firwin(count, PASSED / parts / 2)
    turns = np.arange(count) - count // 2
    centres = (np.arange(parts) + 0.5) / parts
    shifts: NDArray[np.complex128] = np.exp(1j * np.pi * turns * centres[:, None])
    return np.asarray(shifts * low, np.complex128)


def _kurtosis(bands: NDArray[np.complex128]) -> NDArray[np.float64]:
    """Of complex envelopes, (B, T) array to (B,): E|x|^4 / (E|x|^2)^2 - 2; a band in which nothing moves has 0."""
    power = bands.real**2 + bands.imag**2
    mean = power.mean(axis=1)
    moving = mean > 1e-24
    return np.where(moving, (power**2).mean(axis=1) / np.where(moving, mean, 1) ** 2 - 2, 0.0)
