"""The spectrum of the signal itself, with the band that each channel of a block listens to above it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy import signal as dsp

from cbam_viz.network.card import BlockReference

POINTS = 2_000
"""That a drawn spectrum has at most; of every stretch of it the highest line is kept."""
SHAFT_HARMONICS = 10
"""Of the shaft that are ticked; higher ones stand too close to be told apart."""


@dataclass(frozen=True)
class ChannelBand:
    """What one channel of a block listens to: number from 1, band in Hz, and the share of its response in the band."""

    channel: int
    low: float
    peak: float
    high: float
    share: float


@dataclass(frozen=True, eq=False)
class SpectrumTrace:
    """Amplitudes of a stretch of signal, and the bands of a block's channels.

    Parameters
    ----------
    hz, amplitude : (F,) arrays, thinned for the screen; amplitude in `unit`.
    unit : of the signal; empty when unknown.
    seconds : length of the stretch in s.
    block : name of the block.
    bands : of its channels, the lowest peak first; a channel that no sine excites has none.
    shaft_hz : harmonics of the shaft in Hz, (H,) array; empty where the speed is not known.
    top_hz : upper edge in Hz of what the network reads.
    """

    hz: NDArray[np.float64]
    amplitude: NDArray[np.float64]
    unit: str
    seconds: float
    block: str
    bands: tuple[ChannelBand, ...]
    shaft_hz: NDArray[np.float64]
    top_hz: float


def amplitude_spectrum(samples: NDArray[np.float64], fs: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Frequencies in Hz and the amplitude of the sine at each, both (..., T // 2 + 1) arrays; the mean is taken out.

    Parameters
    ----------
    samples : (..., T) array.
    fs : sampling rate in Hz.
    """
    count = samples.shape[-1]
    window = dsp.windows.hann(count, sym=False)
    lines = np.abs(fft.rfft((samples - samples.mean(axis=-1, keepdims=True)) * window)) * (2 / window.sum())
    lines[..., 0] /= np.sqrt(2)  # 0 Hz, and half of the rate, have no mirror
    if count % 2 == 0:
        lines[..., -1] /= np.sqrt(2)
    return fft.rfftfreq(count, 1 / fs), lines


def thin_spectrum(hz: NDArray[np.float64], amplitude: NDArray[np.float64], points: int = POINTS) -> NDArray[np.int64]:
    """Which lines to draw, (P,) array of indices: of every stretch the highest, so no peak is lost or moved."""
    if len(hz) <= points:
        return np.arange(len(hz))
    width = -(-len(hz) // points)
    padded = np.full(-(-len(hz) // width) * width, -1.0)
    padded[: len(hz)] = amplitude
    stretches = padded.reshape(-1, width)
    return np.asarray(stretches.argmax(axis=1) + np.arange(len(stretches)) * width, np.int64)


def trace_spectrum(
    samples: NDArray[np.float64],
    fs: float,
    block: str,
    reference: BlockReference,
    unit: str = "",
    shaft_hz: float | None = None,
    top_hz: float | None = None,
) -> SpectrumTrace:
    """The spectrum of a stretch of signal under the bands of a block's channels.

    Parameters
    ----------
    samples : (T,) array, contiguous, in `unit`.
    fs : sampling rate in Hz.
    block, reference : name of a block, and what its channels listen to.
    shaft_hz : speed of the shaft in Hz, None where unknown.
    top_hz : upper edge in Hz of what the network reads, None for half of the rate.
    """
    top = top_hz or fs / 2
    hz, amplitude = amplitude_spectrum(samples, fs)
    kept = thin_spectrum(hz, amplitude)
    bands = [
        ChannelBand(number, *band, share)
        for number, (band, share) in enumerate(zip(reference.bands_hz, reference.band_shares, strict=True), 1)
        if band[1] > 0
    ]
    ticks = np.asarray((shaft_hz or 0.0) * np.arange(1, SHAFT_HARMONICS + 1), np.float64)
    return SpectrumTrace(
        hz=hz[kept],
        amplitude=amplitude[kept],
        unit=unit,
        seconds=len(samples) / fs,
        block=block,
        bands=tuple(sorted(bands, key=lambda band: band.peak)),
        shaft_hz=ticks[(ticks > 0) & (ticks < top)],
        top_hz=top,
    )
