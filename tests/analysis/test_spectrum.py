"""The spectrum of a signal keeps its energy and its lines."""

import numpy as np
import pytest

from cbam_viz.analysis.spectrum import POINTS, amplitude_spectrum, thin_spectrum, trace_spectrum
from cbam_viz.network.card import BlockReference

FS = 12_000.0


def test_parseval():
    """The squares of a windowed signal's amplitudes sum to its energy: sum A²/2 (sum w)² = N sum (w x)²."""
    samples = np.random.default_rng(0).normal(size=12_001)
    samples -= samples.mean()
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(len(samples)) / len(samples))
    _hz, amplitude = amplitude_spectrum(samples, FS)

    energy = len(samples) * np.sum((window * samples) ** 2)
    assert np.sum(amplitude**2 / 2) * window.sum() ** 2 == pytest.approx(energy, rel=1e-9)


def test_a_sine_has_its_amplitude():
    """A sine of 3 g at a line of the spectrum stands there with 3 g, whatever the offset."""
    time = np.arange(24_000) / FS
    hz, amplitude = amplitude_spectrum(9.81 + 3 * np.sin(2 * np.pi * 1_500 * time), FS)

    assert hz[amplitude.argmax()] == 1_500
    assert amplitude.max() == pytest.approx(3, rel=1e-6)


def test_no_peak_is_lost_or_moved_on_the_screen():
    """Thinned to what a screen shows, every stretch keeps its highest line at its own frequency."""
    amplitude = np.random.default_rng(1).random(36_001)
    amplitude[[5, 17_000, 36_000]] = 9
    kept = thin_spectrum(np.arange(36_001.0), amplitude)

    assert len(kept) <= POINTS
    assert {5, 17_000, 36_000} <= set(kept)
    assert np.all(np.diff(kept) > 0)


def test_bands_rise_and_the_shaft_is_ticked():
    """Channels stand in the order of their peaks, without those that no sine excites; shaft harmonics below the top."""
    reference = BlockReference((), (), (), ((1.0, 900.0, 1_800.0), (0, 0, 0), (1.0, 200.0, 300.0)), (0.4, 0.0, 0.9))
    trace = trace_spectrum(np.sin(np.arange(12_000.0)), FS, "block 1", reference, "g", 30.0, 100.0)

    assert [(band.channel, band.share) for band in trace.bands] == [(3, 0.9), (1, 0.4)]
    np.testing.assert_allclose(trace.shaft_hz, [30, 60, 90])
