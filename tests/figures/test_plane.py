"""The plane of all windows: one mark a window, shape and colour by class, and a way to the window."""

from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.figures.plane import plot_plane
from cbam_viz.figures.style import DARK, LIGHT


def test_every_class_is_a_row_of_marks_with_its_name(plane):
    """All points are drawn, each with those of its class, where the trace puts them."""
    drawn = plot_plane(plane).data

    assert [each.name for each in drawn] == list(plane.classes)
    for number, each in enumerate(drawn):
        own = plane.label == number
        np.testing.assert_allclose(np.column_stack([each.x, each.y]), plane.place[own], rtol=1e-6)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_shape_repeats_the_class(plane, palette):
    """No two classes have the same symbol, nor symbol and colour; the legend shows both."""
    figure = plot_plane(plane, palette)

    assert len({each.marker.symbol for each in figure.data}) == 9
    assert [(each.marker.color, each.marker.symbol) for each in figure.data] == [palette.mark(n) for n in range(9)]
    assert figure.layout.showlegend


def test_a_click_gives_recording_and_window(plane):
    """The first two values of a point: number of its recording from 0, and of its window in it from 1."""
    for number, each in enumerate(plot_plane(plane).data):
        own = plane.label == number
        assert [point[0] for point in each.customdata] == plane.member[own].tolist()
        assert [point[1] for point in each.customdata] == plane.window[own].tolist()


def test_pointing_at_a_window_tells_all_of_it(plane):
    """Recording, window, class, and what the network names it."""
    drawn = plot_plane(plane).data[2]
    first = np.flatnonzero(plane.label == 2)[0]

    assert drawn.customdata[0][2] == plane.names[plane.member[first]]
    assert drawn.customdata[0][3] == plane.known[plane.predicted[first]]
    assert drawn.hovertemplate == (
        f"%{{customdata[2]}}<br>window %{{customdata[1]}}, class {plane.classes[2]}<br>"
        "the network names it: %{customdata[3]}<extra></extra>"
    )


def test_axes_say_how_much_of_the_variance_they_hold(plane):
    """A plane that holds little of it should not be trusted; where nothing varies it says so."""
    layout = plot_plane(plane).layout
    still = plot_plane(replace(plane, shares=np.full(2, np.nan))).layout

    assert layout.xaxis.title.text == "M<sub>c</sub> of all blocks, first component (61% of the variance)"
    assert layout.yaxis.title.text == "M<sub>c</sub> of all blocks, second component (20% of the variance)"
    assert "(nothing varies)" in still.xaxis.title.text


def test_a_distance_is_as_long_either_way(plane):
    """Both axes have one scale, so what looks close is close."""
    assert plot_plane(plane).layout.yaxis.scaleanchor == "x"
