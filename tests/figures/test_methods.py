"""Each method is a strip on the axis of the gate, and the colour bars say what a colour is worth."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from cbam_viz.figures.methods import plot_agreement, plot_methods
from cbam_viz.figures.style import DARK, LIGHT

SINGLE = {"rtol": 1e-5, "atol": 1e-6}


def strips_of(figure):
    """The gate's strip, and those of the methods."""
    _shading, _waveform, gate, *rest = figure.data
    return gate, rest


def test_signed_maps_are_shares_of_their_own_largest(methods):
    """Every value over the largest magnitude of its map, its own number on hover, zero in the middle of the colours."""
    _gate, strips = strips_of(plot_methods(methods))

    for drawn, strip in zip(strips, methods.strips, strict=True):
        np.testing.assert_allclose(drawn.z[0], strip.values / np.abs(strip.values).max(), **SINGLE)
        np.testing.assert_allclose(drawn.customdata[0], strip.values, **SINGLE)
        np.testing.assert_allclose(drawn.x, strip.edges, **SINGLE)
        assert (drawn.zmin, drawn.zmax) == (-1, 1)


def test_the_gate_keeps_its_usual_range(methods):
    """M_s is drawn as Figure A draws it, on a scale of one sign."""
    gate, strips = strips_of(plot_methods(methods))
    strip = methods.spatial.strips[1]

    np.testing.assert_array_equal(gate.z, [strip.gate])
    assert (gate.zmin, gate.zmax) == (strip.low, strip.high)
    assert gate.colorscale != strips[0].colorscale


def test_two_colour_bars_say_what_they_are(methods):
    """One for the gate, one that all methods share."""
    bars = [
        each.colorbar.title.text for each in plot_methods(methods).data if each.type == "heatmap" and each.showscale
    ]

    assert bars == ["M<sub>s</sub> block 2, usual range", "share of its own largest"]


def test_strips_are_named_and_do_not_overlap(methods):
    """Waveform and strips share one time axis, each in a lane of its own with its name beside it."""
    figure = plot_methods(methods)
    lanes = sorted(figure.layout[f"yaxis{number}"].domain for number in ("", 2, 3, 4, 5, 6))
    names = [figure.layout[f"yaxis{number}"].ticktext[0] for number in (2, 3, 4, 5, 6)]

    assert all(upper[0] > lower[1] for lower, upper in pairwise(lanes))
    assert lanes[0][0] >= 0
    assert names == [
        "<b>M<sub>s</sub> block 2</b>", "Grad-CAM", "HiResCAM", "integrated<br>gradients", "occlusion",
    ]  # fmt: skip
    assert figure.layout.xaxis.title.text == "time in the window (ms)"


def test_a_map_of_zeros_is_drawn_as_zeros(methods):
    """A method that finds nothing has a strip without colour."""
    still = replace(methods, strips=(replace(methods.strips[0], values=np.zeros(128)), *methods.strips[1:]))
    _gate, strips = strips_of(plot_methods(still))

    assert not np.any(strips[0].z)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_correlations_are_written_in_their_cells(methods, palette):
    """Every number stands in its cell, with a dash where there is none; each map is named on both axes."""
    numbers = methods.correlation.copy()
    numbers[2, 3] = np.nan
    figure = plot_agreement(replace(methods, correlation=numbers), palette)
    (cells,) = figure.data

    assert cells.text[0][1] == f"{numbers[0, 1]:.2f}".replace("-", "−")
    assert cells.text[2][3] == "–"
    assert len(cells.x) == len(cells.y) == 6
    assert figure.layout.xaxis.title.text == "rank correlation over 64 segments"
    assert figure.layout.yaxis.title.text
