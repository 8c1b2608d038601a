"""Figure A draws every number of its trace where the trace says, in the colours that it says."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from cbam_viz.analysis.spatial import FaultLine
from cbam_viz.figures.spatial import plot_spatial

SINGLE = {"rtol": 1e-6, "atol": 1e-6}
"""As far as a screen and float32 go."""


def parts(figure):
    """The shading, the waveform, the step line, and the strips."""
    shading, waveform, step, *strips = figure.data
    return shading, waveform, step, strips


def test_the_waveform_is_drawn_as_it_is(spatial):
    """Every sample is a point of the line, at its time and in its unit."""
    _, waveform, _, _ = parts(plot_spatial(spatial))

    np.testing.assert_allclose(waveform.x, spatial.place, **SINGLE)
    np.testing.assert_allclose(waveform.y, spatial.waveform, **SINGLE)
    assert " g<" in waveform.hovertemplate


@pytest.mark.parametrize("factor", [1e-6, 1.0, 1e6])
def test_no_signal_is_too_weak_to_be_drawn(spatial, factor):
    """A signal in other units has the same picture: line and axis grow with it."""
    _, line, _, _ = parts(plot_spatial(spatial))
    figure = plot_spatial(replace(spatial, waveform=factor * spatial.waveform))
    _, scaled, _, _ = parts(figure)

    np.testing.assert_allclose(scaled.y / factor, line.y, **SINGLE)
    np.testing.assert_allclose(figure.layout.yaxis.range, factor * 1.08 * np.array([-1, 1]) * abs(line.y).max(), 0.03)


def test_an_offset_does_not_hide_the_signal(spatial):
    """The axis is as long for a signal on a large constant as for the signal alone, and the signal lies within it."""
    alone = plot_spatial(spatial).layout.yaxis.range
    low, high = plot_spatial(replace(spatial, waveform=spatial.waveform + 500)).layout.yaxis.range

    assert high - low == pytest.approx(alone[1] - alone[0])
    assert low < 500 + spatial.waveform.min() < 500 + spatial.waveform.max() < high


def test_a_window_of_silence_has_an_axis(spatial):
    """Where the signal does not move at all, the axis still has a length."""
    low, high = plot_spatial(replace(spatial, waveform=np.full(2048, 2.5))).layout.yaxis.range

    assert low < 2.5 < high


def test_cells_lie_between_the_edges_of_the_trace(spatial):
    """Each strip, and the shading, is a row of cells from edge to edge, with the gate's own values."""
    shading, _, _, strips = parts(plot_spatial(spatial))

    for cells, strip in ((shading, spatial.strips[1]), *zip(strips, spatial.strips, strict=True)):
        np.testing.assert_allclose(cells.x, strip.edges, **SINGLE)
        np.testing.assert_array_equal(cells.z, [strip.gate])


def test_colours_run_over_the_range_of_the_trace(spatial):
    """Low and high of a strip are the ends of its colour scale: the figure decides no range of its own."""
    shading, _, _, strips = parts(plot_spatial(spatial))

    assert [(cells.zmin, cells.zmax) for cells in strips] == [(strip.low, strip.high) for strip in spatial.strips]
    assert (shading.zmin, shading.zmax) == (spatial.strips[1].low, spatial.strips[1].high)


@pytest.mark.parametrize(("scale", "words"), [("usual", "usual range"), ("unit", "0–1"), ("map", "this map")])
def test_the_colour_bar_says_which_scale_it_is(spatial, scale, words):
    """One colour bar, of the chosen block, with the name of the scale in its title and its ends as labels."""
    figure = plot_spatial(replace(spatial, scale=scale))
    (shown,) = [cells for cells in figure.data if cells.type == "heatmap" and cells.showscale]

    assert shown.colorbar.title.text == f"M<sub>s</sub> block 2, {words}"
    assert shown.colorbar.ticktext == ("0.20", "0.80")
    np.testing.assert_array_equal(shown.z, [spatial.strips[1].gate])


def test_the_step_line_is_the_chosen_gate(spatial):
    """A step a cell wide: a point in the middle of every cell, with horizontal lines to either side."""
    _, _, step, _ = parts(plot_spatial(spatial))
    edges = spatial.strips[1].edges

    np.testing.assert_allclose(step.x, [(low + high) / 2 for low, high in pairwise(edges)], **SINGLE)
    np.testing.assert_array_equal(step.y, spatial.strips[1].gate)
    assert step.line.shape == "hvh"


def test_hovering_tells_the_field(spatial):
    """What a cell sees is said from its first to its last sample, in ms."""
    _, _, _, strips = parts(plot_spatial(spatial))

    for cells, strip in zip(strips, spatial.strips, strict=True):
        assert cells.customdata[0][7] == f"{strip.field_low[7]:.1f}–{strip.field_high[7]:.1f}"
        assert "%{customdata} ms" in cells.hovertemplate


def test_all_lanes_share_one_time_axis(spatial):
    """Waveform, step line and strips have one x axis, the range of the cells, and a place of their own each."""
    figure = plot_spatial(spatial)
    lanes = sorted(tuple(figure.layout[f"yaxis{number}"].domain) for number in ("", 2, 3, 4, 5))

    assert {trace.xaxis for trace in figure.data} == {None}
    np.testing.assert_allclose(figure.layout.xaxis.range, (spatial.strips[0].edges[0], spatial.strips[0].edges[-1]))
    assert all(upper[0] > lower[1] for lower, upper in pairwise(lanes))
    assert lanes[0][0] >= 0
    assert lanes[-1][1] == 1


def test_ticks_stand_where_the_fault_strikes(spatial):
    """A tick above the waveform for every strike, and beside them the name and the length of the period."""
    figure = plot_spatial(spatial)
    (ticks,) = [shape for shape in figure.layout.shapes if shape.type == "path"]
    drawn = [float(part.split(",")[0]) for part in ticks.path.split("M")[1:]]

    np.testing.assert_allclose(drawn, spatial.strikes, atol=1e-3)
    assert "1/BPFI = 6.17 ms" in [note.text for note in figure.layout.annotations]


@pytest.mark.parametrize("line", [None, FaultLine("BPFI", 1e9, 1e-6, 20.0)], ids=["no line", "unresolved"])
def test_without_strikes_there_are_no_ticks(spatial, line):
    """Nothing is drawn above the waveform where no period is known, or none that the samples resolve."""
    figure = plot_spatial(replace(spatial, line=line))

    assert [shape.path for shape in figure.layout.shapes if shape.type == "path" and shape.path] == []


def test_true_impacts_take_the_place_of_a_guessed_period(spatial):
    """Where the truth is known it is ticked and counted, and no period is."""
    figure = plot_spatial(replace(spatial, impacts=np.array([3.0, 71.5])))
    (ticks,) = [shape for shape in figure.layout.shapes if shape.type == "path"]

    assert [float(part.split(",")[0]) for part in ticks.path.split("M")[1:]] == [3.0, 71.5]
    assert [note.text for note in figure.layout.annotations] == ["true impacts: 2"]


def test_a_unit_that_is_not_known_is_not_invented(spatial):
    """The waveform's axis says acceleration for g, voltage for V, and only signal where the file told no unit."""
    titles = {unit: plot_spatial(replace(spatial, unit=unit)).layout.yaxis.title.text for unit in ("g", "", "V")}

    assert titles == {"g": "acceleration (g)", "": "signal", "V": "voltage (V)"}
