"""Before | after: both are drawn in one place, on one scale, and told apart without colour."""

from itertools import pairwise

import numpy as np
import pytest

from cbam_viz.figures.style import DARK
from cbam_viz.figures.tryout import plot_tryout


def drawn(figure, kind, axis):
    """What is drawn of a kind on a y axis."""
    return [each for each in figure.data if each.type == kind and (each.yaxis or "y") == axis]


def test_signals_and_gates_lie_over_each_other(tryout):
    """Before is dotted, after solid and in front; both on one axis, which holds both signals."""
    figure = plot_tryout(tryout)
    low, high = figure.layout.yaxis.range
    for axis, values in (
        ("y", [each.waveform for each in (tryout.before, tryout.after)]),
        ("y2", [each.strips[each.chosen].gate for each in (tryout.before, tryout.after)]),
    ):
        before, after = drawn(figure, "scatter", axis)[:2]
        np.testing.assert_allclose(before.y, values[0], rtol=1e-6)
        np.testing.assert_allclose(after.y, values[1], rtol=1e-6)
        assert (before.line.dash, after.line.dash) == ("dot", "solid")
    assert low < tryout.reach[0] < tryout.reach[1] < high


def test_each_pair_of_strips_has_one_range(tryout):
    """Before above after, in the same colours, on the same axis."""
    figure = plot_tryout(tryout)
    for number, (one, other) in enumerate(zip(tryout.before.strips, tryout.after.strips, strict=True)):
        before, after = drawn(figure, "heatmap", f"y{number + 3}")
        np.testing.assert_array_equal(before.z[0], one.gate)
        np.testing.assert_array_equal(after.z[0], other.gate)
        assert min(before.y) > max(after.y)
        assert (before.zmin, before.zmax) == (after.zmin, after.zmax)


def test_bars_are_the_probabilities_in_words(tryout):
    """Two bars a class, each with its number and its side."""
    before, after = drawn(plot_tryout(tryout), "bar", "y6")

    np.testing.assert_array_equal(before.x, tryout.before_share)
    np.testing.assert_array_equal(after.x, tryout.after_share)
    assert all(text.endswith("% before") for text in before.text)
    assert all(text.endswith("% after") for text in after.text)


@pytest.mark.parametrize("look", [{}, {"palette": DARK}], ids=["light", "dark"])
def test_a_masked_span_is_hatched(tryout, look):
    """From its beginning to its end, over the whole height of the signal."""
    figure = plot_tryout(tryout, **look)
    hatched = [each for each in figure.data if each.type == "scatter" and each.fillpattern.shape]

    assert [(min(each.x), max(each.x)) for each in hatched] == [(20.0, 40.0)]
    assert (min(hatched[0].y), max(hatched[0].y)) == figure.layout.yaxis.range


def test_dragging_draws_a_span_of_time(tryout):
    """A box as high as its lane, from left to right."""
    layout = plot_tryout(tryout).layout

    assert (layout.dragmode, layout.selectdirection) == ("select", "h")


def test_lanes_do_not_overlap(tryout):
    """From top to bottom, with room between them."""
    layout = plot_tryout(tryout).layout
    lanes = [layout[f"yaxis{number or ''}"].domain for number in ("", 2, 3, 4, 5, 6)]

    assert lanes[0][1] == 1
    assert lanes[-1][0] == pytest.approx(0)
    for upper, lower in pairwise(lanes):
        assert upper[0] > lower[1] > lower[0]
