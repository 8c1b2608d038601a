"""A | B: two Figures A on shared axes and colours, and the difference of their channels below."""

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from cbam_viz.figures.pair import MOST_LABELS, plot_pair
from cbam_viz.figures.style import DARK, LIGHT

EACH_SIDE = 3 + 3  # shading, waveform, step, and a strip for each of three blocks


@pytest.fixture(scope="module")
def in_one_unit(pair):
    """The pair with both signals in g."""
    return replace(pair, sides=(pair.sides[0], replace(pair.sides[1], unit="g")))


def sides_of(figure):
    """What is drawn of A, of B, and below."""
    return figure.data[:EACH_SIDE], figure.data[EACH_SIDE : 2 * EACH_SIDE], figure.data[2 * EACH_SIDE :]


def test_a_stands_on_the_left_and_b_on_the_right(pair):
    """Waveforms and gates are those of their side, on the axis of time of their side."""
    figure = plot_pair(pair)
    for spatial, drawn, axis in zip(pair.sides, sides_of(figure), ("x", "x2"), strict=False):
        assert {each.xaxis for each in drawn} == {axis}
        np.testing.assert_allclose(drawn[1].y, spatial.waveform, rtol=1e-6)
        np.testing.assert_array_equal(drawn[2].y, spatial.strips[spatial.chosen].gate)
        for strip, cells in zip(spatial.strips, drawn[3:], strict=True):
            np.testing.assert_array_equal(cells.z[0], strip.gate)
    assert figure.layout.xaxis.domain[1] < figure.layout.xaxis2.domain[0]


def test_zooming_one_zooms_the_other(pair):
    """The axes of time match and begin with the same range; both show the cursor across all their lanes."""
    layout = plot_pair(pair).layout

    assert layout.xaxis2.matches == "x"
    assert layout.xaxis.range == layout.xaxis2.range
    for axis in (layout.xaxis, layout.xaxis2):
        assert (axis.showspikes, axis.spikemode) == (True, "across")
    assert (layout.hovermode, layout.hoversubplots) == ("x", "axis")


def test_every_lane_has_one_scale(in_one_unit):
    """Waveforms in one unit, steps and strips: both sides lie on the very same axes, in the same colours."""
    a, b, _ = sides_of(plot_pair(in_one_unit))

    assert [each.yaxis or "y" for each in a] == [each.yaxis or "y" for each in b]
    for one, other in zip(a[3:], b[3:], strict=True):
        assert (one.zmin, one.zmax) == (other.zmin, other.zmax)


def test_the_axis_of_both_waveforms_holds_both(in_one_unit):
    """No sample of either lies outside."""
    low, high = plot_pair(in_one_unit).layout.yaxis.range

    for side in in_one_unit.sides:
        assert low < side.waveform.min() < side.waveform.max() < high


def test_signals_in_two_units_have_two_axes(pair):
    """Each is titled with its own unit and holds its own samples."""
    figure = plot_pair(pair)
    wave_a, wave_b = (side[1].yaxis or "y" for side in sides_of(figure)[:2])
    axes = [figure.layout[f"yaxis{axis[1:]}"] for axis in (wave_a, wave_b)]

    assert wave_a != wave_b
    assert [axis.title.text for axis in axes] == ["acceleration (g)", "acceleration (m/s²)"]
    assert axes[1].anchor == "x2"
    for axis, side in zip(axes, pair.sides, strict=True):
        assert axis.range[0] < side.waveform.min() < side.waveform.max() < axis.range[1]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_bars_are_the_difference_over_what_is_usual(pair, palette):
    """A bar from zero, in front of one standard deviation to either side; colour repeats the sign."""
    spread, bars = sides_of(plot_pair(pair, palette))[2]

    np.testing.assert_array_equal(bars.y, pair.difference)
    np.testing.assert_allclose(np.asarray(spread.base, float) + spread.y, pair.spread)
    assert [colour == palette.accent for colour in bars.marker.color] == list(pair.difference >= 0)


def test_bars_are_labelled_by_frequency(pair):
    """In kHz under their own channel, a dash where no sine excites it, no more than can be read."""
    axis = plot_pair(pair).layout.xaxis3

    assert axis.ticktext[0] == "–"
    assert len(axis.tickvals) <= MOST_LABELS
    for place, label in list(zip(axis.tickvals, axis.ticktext, strict=True))[1:]:
        assert float(label) == pytest.approx(pair.peak_hz[place] / 1000, abs=0.05)


def test_each_side_is_named(pair):
    """Its letter stands above it, and above both, in lines of their own, signal, window and where it begins."""
    layout = plot_pair(pair).layout
    named = {note.text: note.x for note in layout.annotations}

    assert (named["<b>A</b>"], named["<b>B</b>"]) == (layout.xaxis.domain[0], layout.xaxis2.domain[0])
    assert (
        "<b>A</b> · one.npz, window 4, from 0.512\N{NO-BREAK SPACE}s<br>"
        "<b>B</b> · two.npz, window 7, from 1.024\N{NO-BREAK SPACE}s"
    ) in named
    assert [shape.xref for shape in layout.shapes if shape.type == "path"] == ["x"]  # B has no line


def test_words_fit_a_narrow_page(pair):
    """No line above the lanes is longer than 54 letters, however long the names; titles of time are wrapped."""
    layout = plot_pair(replace(pair, names=("a long name " * 9, "b" * 99))).layout
    lines = re.sub("</?b>", "", max((note.text for note in layout.annotations), key=len)).split("<br>")

    assert len(lines) == 6
    assert max(map(len, lines)) <= 54
    assert layout.margin.t > 18 * len(lines)
    assert layout.xaxis.title.text == layout.xaxis2.title.text == "time in the<br>window (ms)"


@pytest.mark.parametrize(
    ("stacked", "axes"), [(False, ("", 2, 3, 4, 5, 6)), (True, ("", 2, 3, 4, 5, 7, 8, 9, 10, 11, 6))]
)
def test_lanes_do_not_overlap(pair, stacked, axes):
    """From top to bottom, with room between them, beside each other and one above the other."""
    layout = plot_pair(pair, stacked=stacked).layout
    lanes = [layout[f"yaxis{number}"].domain for number in axes]

    assert lanes[0][1] == 1
    assert lanes[-1][0] == pytest.approx(0)
    for upper, lower in pairwise(lanes):
        assert upper[0] > lower[1] > lower[0]


def test_one_above_the_other_each_is_as_wide_as_the_page(pair):
    """Nothing else changes: the same is drawn of both, and lanes that were one have one range still."""
    beside, stacked = plot_pair(pair), plot_pair(pair, stacked=True)

    for one, other in zip(beside.data, stacked.data, strict=True):
        assert (one.type, one.xaxis) == (other.type, other.xaxis)
        np.testing.assert_array_equal(one.y, other.y)
    assert stacked.layout.xaxis.domain == stacked.layout.xaxis2.domain == (0, 1)
    assert stacked.layout.xaxis2.matches == "x"
    for above, below in zip(
        ("yaxis2", "yaxis3", "yaxis4", "yaxis5"), ("yaxis8", "yaxis9", "yaxis10", "yaxis11"), strict=True
    ):
        assert stacked.layout[above].range == stacked.layout[below].range
        assert stacked.layout[below].anchor == "x2"


def test_one_above_the_other_waveforms_in_one_unit_have_one_range(in_one_unit):
    """So that the louder is seen to be louder."""
    layout = plot_pair(in_one_unit, stacked=True).layout

    assert layout.yaxis.range == layout.yaxis7.range


def test_the_steps_of_both_fit_their_range(pair):
    """No value of the chosen gate of either side lies outside."""
    low, high = plot_pair(pair).layout.yaxis2.range

    for spatial in pair.sides:
        gate = spatial.strips[spatial.chosen].gate
        assert low < gate.min() < gate.max() < high
