"""Surrogates have the spectrum of a window and not its timing."""

import numpy as np
import pytest

from cbam_viz.analysis.surrogate import draw_surrogates


@pytest.fixture(params=[256, 255], ids=["even", "odd"])
def window(request):
    """A tone with an impact and an offset."""
    time = np.arange(request.param)
    return 0.3 + np.sin(time / 3) + 20.0 * (time == 70)


def test_the_spectrum_is_kept(window):
    """Every line has the amplitude that it had."""
    lines = np.abs(np.fft.rfft(draw_surrogates(window, 5, np.random.default_rng(0)), axis=1))

    np.testing.assert_allclose(lines, np.broadcast_to(np.abs(np.fft.rfft(window)), lines.shape), rtol=1e-4, atol=1e-3)


def test_power_and_mean_are_kept(window):
    """Mean square and mean are those of the window (Parseval)."""
    noise = draw_surrogates(window, 5, np.random.default_rng(0)).astype(np.float64)

    np.testing.assert_allclose((noise**2).mean(axis=1), (window**2).mean(), rtol=1e-5)
    np.testing.assert_allclose(noise.mean(axis=1), window.mean(), rtol=1e-5)


def test_the_impact_is_not_kept(window):
    """The largest sample is no longer far above the rest, and no two draws are alike."""
    noise = draw_surrogates(window, 2, np.random.default_rng(0))

    assert np.abs(noise).max() < 0.5 * window.max()
    assert abs(np.corrcoef(noise)[0, 1]) < 0.9
