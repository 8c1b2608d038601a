"""Figure B draws deviation or gate beside the usual spread, and labels what can be read."""

import numpy as np
import pytest

from cbam_viz.figures.channels import MOST_LABELS, plot_channels
from cbam_viz.figures.style import DARK, LIGHT


def test_bars_are_the_deviation_over_the_usual_spread(channels):
    """A bar from zero to the deviation, in front of a band of one standard deviation to either side of zero."""
    spread, bars = plot_channels(channels).data

    np.testing.assert_allclose(bars.y, channels.gate - channels.mean)
    bottom = np.asarray(spread.base, float)
    np.testing.assert_allclose(bottom, -channels.spread)
    np.testing.assert_allclose(bottom + spread.y, channels.spread)
    assert list(bars.x) == list(spread.x) == list(range(16))


def test_absolute_bars_are_the_gate_over_its_usual_range(make_channels):
    """On demand M_c itself from 0 to 1, in front of its mean plus and minus one standard deviation."""
    trace = make_channels(16, absolute=True)
    figure = plot_channels(trace)
    spread, bars = figure.data

    np.testing.assert_allclose(bars.y, trace.gate)
    bottom = np.asarray(spread.base, float)
    np.testing.assert_allclose(bottom, trace.mean - trace.spread)
    np.testing.assert_allclose(bottom + spread.y, trace.mean + trace.spread)
    assert figure.layout.yaxis.range == (0, 1)


@pytest.mark.parametrize("absolute", [False, True])
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_colour_repeats_the_sign(make_channels, palette, absolute):
    """Above the mean is one hue, below it the other; direction, or the band behind, says it without colour."""
    trace = make_channels(16, absolute)
    colours = plot_channels(trace, palette).data[1].marker.color

    assert [colour == palette.accent for colour in colours] == list(trace.gate >= trace.mean)
    assert set(colours) == {palette.accent, palette.opposite}


@pytest.mark.parametrize("count", [4, 16, 32, 33, 64, 200])
def test_labels_thin_out(make_channels, count):
    """However many channels there are, at most 32 evenly spaced labels, each under its own channel, in kHz."""
    trace = make_channels(count)
    axis = plot_channels(trace).layout.xaxis

    assert len(axis.tickvals) == len(axis.ticktext) <= MOST_LABELS
    assert len(set(np.diff(axis.tickvals))) == 1
    for place, label in list(zip(axis.tickvals, axis.ticktext, strict=True))[1:]:
        assert float(label) == pytest.approx(trace.bands_hz[place, 1] / 1000, abs=0.05)


def test_a_channel_that_no_sine_excites_has_no_frequency(channels):
    """It is labelled with a dash, and says so where it is pointed at."""
    figure = plot_channels(channels)

    assert figure.layout.xaxis.ticktext[0] == "–"
    assert "no sine excites it" in figure.data[1].customdata[0]


def test_pointing_at_a_channel_tells_all_of_it(channels):
    """Its number, gate, usual gate and band, in numbers."""
    said = plot_channels(channels).data[1].customdata[5]
    low, peak, high = channels.bands_hz[5]

    assert f"channel {channels.channel[5]}<br>M<sub>c</sub> {channels.gate[5]:.3f}<br>" in said
    assert f"usually {channels.mean[5]:.3f} ± {channels.spread[5]:.3f}" in said
    assert f"listens most to {peak:.0f} Hz; {channels.shares[5]:.0%} of its response" in said
    assert f"lies in {low:.0f}–{high:.0f} Hz" in said
