"""The map of classes and channels: every number where it belongs, on the scale of the trace."""

import numpy as np
import pytest

from cbam_viz.analysis.class_channels import trace_class_channels
from cbam_viz.figures.class_channels import plot_class_channels
from cbam_viz.figures.style import DARK, LIGHT
from cbam_viz.language import digits


@pytest.fixture
def labelled(make_set):
    """Three recordings of two classes, one of which was measured twice on one bearing."""
    return make_set([("a", "one", 2), ("b", "two", 1), ("b", "two", 3)])


@pytest.mark.parametrize("absolute", [False, True])
def test_cells_hold_the_numbers(labelled, absolute):
    """A row a class, a column a channel, and the ends of the colours are the trace's."""
    trace = trace_class_channels(labelled, 1, "difference", absolute)
    (cells,) = plot_class_channels(trace).data

    np.testing.assert_array_equal(cells.z, trace.mean if absolute else trace.deviation)
    assert (cells.zmin, cells.zmax) == (trace.low, trace.high)


def test_hover_tells_what_the_number_stands_on(labelled):
    """Class, channel, mean, how many recordings of how many bearings, and the spread only where there is one."""
    trace = trace_class_channels(labelled, 1, "number")
    told = plot_class_channels(trace).data[0].customdata

    assert told[0][2].startswith(
        f"healthy, channel 3<br>M<sub>c</sub> {trace.mean[0, 2]:.3f} of 1 recording, 2 windows"
    )
    assert "of 2 recordings of 1 specimen, 4 windows" in told[1][0]
    assert f"({digits(trace.deviation[1, 0], '+.3f')})" in told[1][0]


def test_no_change_is_the_colour_of_the_page(labelled):
    """In either theme the middle of the scale is the background, and the ends are two hues."""
    for palette in (LIGHT, DARK):
        scale = plot_class_channels(trace_class_channels(labelled, 0), palette).data[0].colorscale
        assert scale[1] == (0.5, palette.background)
        assert scale[0][1] != scale[2][1]


def test_axes_name_classes_and_channels(labelled):
    """With the block, the order and the unit of the labels."""
    layout = plot_class_channels(trace_class_channels(labelled, 1)).layout

    assert layout.yaxis.ticktext == ("healthy", "inner race")
    assert layout.xaxis.title.text == "channels of block 2, by frequency · label: peak frequency (kHz)"
