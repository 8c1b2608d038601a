"""The strip over the whole signal: outline above, one mark a window below, each a way to its window."""

from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.figures.overview import plot_overview


def test_the_outline_is_drawn_as_it_is(overview):
    """Every point that the trace kept is drawn, so an impact that it kept is seen."""
    outline, _ = plot_overview(overview).data

    np.testing.assert_allclose(outline.x, overview.outline_s, rtol=1e-6)
    np.testing.assert_allclose(outline.y, overview.outline, rtol=1e-6)


@pytest.mark.parametrize("factor", [1e-7, 1e7])
def test_no_signal_is_too_weak_to_be_drawn(overview, factor):
    """A signal of micrometres in metres has the outline that it has in micrometres."""
    outline, _ = plot_overview(replace(overview, outline=factor * overview.outline)).data

    np.testing.assert_allclose(outline.y / factor, overview.outline, rtol=1e-6)


def test_marks_stand_amid_their_windows_in_the_row_of_their_class(overview):
    """Each mark: the middle of its stretch, the words of its class, and its probability as colour on 0–1."""
    _, marks = plot_overview(overview).data

    np.testing.assert_allclose(marks.x, [sum(ends) / 2 for ends in zip(overview.start_s, overview.end_s, strict=True)])
    assert list(marks.y) == [overview.classes[number] for number in overview.predicted]
    np.testing.assert_allclose(marks.marker.color, overview.probability, rtol=1e-6)
    assert (marks.marker.cmin, marks.marker.cmax) == (0, 1)


def test_a_mark_knows_the_window_it_opens(overview):
    """A click gives, and pointing at a mark tells, the number from 1 of the first window that the mark stands for."""
    _, marks = plot_overview(overview).data

    np.testing.assert_array_equal(marks.customdata, overview.first_window + 1)
    assert "window %{customdata}: %{y}, %{marker.color:.1%}" in marks.hovertemplate


def test_only_classes_that_occur_have_a_row(overview):
    """Rows are the classes that some window is given, the first class on top, and the figure grows with them."""
    figure = plot_overview(overview)
    one = plot_overview(replace(overview, predicted=np.full(600, 4)))

    assert figure.layout.yaxis2.categoryarray == tuple(overview.classes[number] for number in (8, 4, 1))
    assert one.layout.yaxis2.categoryarray == (overview.classes[4],)
    assert figure.layout.height > one.layout.height


def test_the_window_in_view_is_marked(overview):
    """A band from the beginning to the end of the window in view."""
    (band,) = plot_overview(overview).layout.shapes

    assert (band.x0, band.x1) == overview.chosen
