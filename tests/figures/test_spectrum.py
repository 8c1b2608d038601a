"""The spectrum is drawn under its channels' bands."""

import numpy as np

from cbam_viz.figures.spectrum import plot_spectrum


def test_a_bar_spans_each_band(spectrum):
    """Every channel's bar reaches from the lower edge of its band to the upper one, in kHz, a row each."""
    bars, line = plot_spectrum(spectrum).data

    np.testing.assert_allclose(bars.base, [band.low / 1_000 for band in spectrum.bands])
    np.testing.assert_allclose(np.add(bars.base, bars.x), [band.high / 1_000 for band in spectrum.bands])
    assert list(bars.y) == list(range(48))
    np.testing.assert_allclose(line.x, spectrum.hz / 1_000, rtol=1e-5)


def test_pointing_at_a_bar_names_channel_band_and_share(spectrum):
    """Hovering tells the channel's number, where it listens, and how much of its response lies there."""
    band = spectrum.bands[5]
    said = plot_spectrum(spectrum).data[0].customdata[5]

    assert said.startswith(f"channel {band.channel}: {band.share:.0%}")
    assert f"{band.low:.0f}–{band.high:.0f} Hz" in said


def test_the_shaft_is_ticked(spectrum):
    """One tick for each harmonic of the shaft."""
    (ticks,) = plot_spectrum(spectrum).layout.shapes

    assert ticks.path.count("M") == 10
