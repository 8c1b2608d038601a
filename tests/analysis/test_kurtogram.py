"""The kurtogram finds the band that rings."""

import numpy as np
import pytest
from scipy import signal as dsp

from cbam_viz.analysis.kurtogram import measure_kurtogram

FS = 12_000.0
SECONDS = 3.0


def ringing(resonance_hz, seed=0, snr=0.5):
    """White noise of 1 g, and a housing that is struck 107 times a second and rings at a resonance."""
    rng = np.random.default_rng(seed)
    count = int(SECONDS * FS)
    strikes = np.zeros(count)
    strikes[np.arange(50, count, FS / 107).astype(int)] = 1
    time = np.arange(400) / FS
    struck = np.convolve(strikes, np.exp(-600 * time) * np.sin(2 * np.pi * resonance_hz * time))[:count]
    return rng.normal(size=count) + snr * struck / struck.std()


def reference(samples, low, high):
    """Spectral kurtosis of a band by a Butterworth filter and the Hilbert transform of SciPy alone."""
    edges = [max(low, 1.0), min(high, 0.4999 * FS)]
    passed = dsp.sosfiltfilt(dsp.butter(6, edges, "bandpass", fs=FS, output="sos"), samples)
    power = np.abs(dsp.hilbert(passed)) ** 2
    return np.mean(power**2) / np.mean(power) ** 2 - 2


@pytest.mark.parametrize("resonance_hz", [1_300, 2_400, 3_300, 4_700])
def test_the_band_holds_the_planted_resonance(resonance_hz):
    """Wherever a struck housing rings, the most impulsive band is there."""
    band = measure_kurtogram(ringing(resonance_hz), FS, 700).best(500, 6_000, 700)

    assert band.low - 150 <= resonance_hz <= band.high + 150
    assert band.kurtosis > 0.3
    assert not band.by_hand


def test_it_agrees_with_scipy_alone():
    """Every band's kurtosis follows that of an independent filter and Hilbert transform, and both choose one band."""
    samples = ringing(3_300, snr=1.0)
    kurtogram = measure_kurtogram(samples, FS, 700)
    others = np.array([reference(samples, *edges) for edges in zip(kurtogram.low, kurtogram.high, strict=True)])

    assert np.corrcoef(kurtogram.kurtosis, others)[0, 1] > 0.95
    chosen = kurtogram.best(0, 6_000, 700)
    best = int(others.argmax())
    assert max(chosen.low, kurtogram.low[best]) < min(chosen.high, kurtogram.high[best])


def test_gaussian_noise_is_not_impulsive():
    """White Gaussian noise has a spectral kurtosis of 0 in every band."""
    kurtogram = measure_kurtogram(np.random.default_rng(2).normal(size=120_000), FS, 700)

    np.testing.assert_allclose(kurtogram.kurtosis, 0, atol=0.12)


def test_levels_tile_the_band():
    """Halves, thirds, quarters and sixths each cover all frequencies once."""
    kurtogram = measure_kurtogram(ringing(2_400), FS, 900)
    widths = np.round(kurtogram.high - kurtogram.low)

    assert sorted(set(widths)) == [1_000, 1_500, 2_000, 3_000]
    for width in set(widths):
        assert np.sum(widths == width) * width == 6_000


def test_limits_hold_and_no_fit_gives_all():
    """No band leaves the limits; where none fits, it is all between them, and nobody knows its kurtosis."""
    kurtogram = measure_kurtogram(ringing(4_700), FS, 700)
    band = kurtogram.best(500, 4_000, 700)

    assert 500 <= band.low < band.high <= 4_000
    whole = kurtogram.best(500, 900, 5_000)
    assert (whole.low, whole.high) == (500, 900)
    assert np.isnan(whole.kurtosis)


@pytest.mark.parametrize("samples", [np.zeros(24_000), np.ones(10)], ids=["still", "short"])
def test_what_does_not_move_has_no_kurtosis(samples):
    """A still or tiny signal gives zeros, not an error."""
    assert not measure_kurtogram(samples, FS, 700).kurtosis.any()
