"""The difference of two classes: bars, a step line, bands and stars where the trace says."""

import numpy as np
import pytest

from cbam_viz.analysis.difference import trace_difference
from cbam_viz.figures.difference import plot_difference


@pytest.fixture
def labelled(make_set):
    """Five recordings each of two classes, and two of a third."""
    fives = [(label, f"{label}{number}", 1) for label in "ab" for number in range(5)]
    return make_set([*fives, ("c", "x", 1), ("c", "y", 1)])


def test_bars_and_bands_are_those_of_the_trace(labelled):
    """The band reaches as far to either side of zero."""
    trace = trace_difference(labelled, 0, 1, 0)
    band, bars, stars, area, line, _ = plot_difference(trace).data

    np.testing.assert_array_equal(bars.y, trace.channels.difference)
    np.testing.assert_allclose(np.array(band.base, float) + band.y, trace.channels.band)
    np.testing.assert_array_equal(line.y, trace.positions.difference)
    np.testing.assert_array_equal(area.y[: len(line.y)], trace.positions.band)
    assert len(stars.x) == len(trace.channels.standing_out)


def test_stars_stand_on_what_is_beyond_the_band(labelled):
    """And nowhere else."""
    trace = trace_difference(labelled, 0, 1, 0)
    trace.channels.p[:] = 1
    trace.channels.p[[1, 3]] = 0.01
    stars = plot_difference(trace).data[2]

    assert sorted(stars.x) == [1, 3]
    assert {float(y) for y in stars.y} == {float(trace.channels.difference[place]) for place in (1, 3)}


def test_without_a_test_there_is_no_band(labelled):
    """Two recordings of a class: the line stands alone, and hovering tells the effect size only."""
    figure = plot_difference(trace_difference(labelled, 0, 2, 0))

    assert not [trace for trace in figure.data if trace.type == "scatter" and trace.fill == "toself"]
    assert "p " not in figure.data[1].customdata[0]
    assert "effect size" in figure.data[1].customdata[0]


def test_a_gate_that_is_not_there_is_not_drawn(labelled):
    """Block 3 has channels alone, and they have all of the height."""
    figure = plot_difference(trace_difference(labelled, 0, 1, 2))

    assert figure.layout.yaxis.domain == (0, 1)
    assert all(trace.yaxis in {None, "y"} for trace in figure.data)


def test_axes_say_what_is_subtracted(labelled):
    """The second class less the first, with the unit of time."""
    figure = plot_difference(trace_difference(labelled, 0, 1, 0))

    assert "<b>inner race − healthy</b>" in [note.text for note in figure.layout.annotations]
    assert figure.layout.xaxis2.title.text == "time in the window (ms)"
