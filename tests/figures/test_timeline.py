"""The picture of a recording: everything on one axis of time, in its place."""

from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.analysis.events import Event
from cbam_viz.analysis.extremes import ExtremesTrace
from cbam_viz.analysis.timeline import TimelineTrace
from cbam_viz.figures.style import DARK
from cbam_viz.figures.timeline import plot_timeline


@pytest.fixture
def trace():
    """Ten seconds with one event."""
    time = np.arange(0.1, 10, 0.1)
    fault = np.where((time > 4) & (time < 6), 0.9, 0.1)
    return TimelineTrace(
        ExtremesTrace(time, -np.ones(len(time)), np.ones(len(time)), "g", (0.0, 10.0)),
        time,
        np.stack([1 - fault, fault], axis=1),
        ("healthy", "inner race"),
        0,
        0.5,
        np.full(len(time), 0.4),
        np.full(len(time), 0.7),
        "block 2",
        (0.2, 0.8),
        (Event(4.0, 6.0, 1, 0.9, 0.95, 4.5, 20),),
        0,
    )


def test_all_stand_on_one_axis_of_time(trace):
    """Every trace has the same axis, over the stretch that is looked at; every axis has a title."""
    figure = plot_timeline(trace, DARK)

    assert {each.xaxis for each in figure.data} == {None}
    assert list(figure.layout.xaxis.range) == [0, 10]
    for axis in (figure.layout.xaxis, figure.layout.yaxis, *(figure.layout[f"yaxis{n}"] for n in (2, 3, 4))):
        assert axis.title.text


def test_an_event_is_a_bar_over_its_own_time(trace):
    """It begins and ends where the event does, in the row of its class, whose colour its probability has too."""
    figure = plot_timeline(trace)
    (bar,) = (each for each in figure.data if each.type == "bar")
    line = next(each for each in figure.data if each.name == "inner race")

    assert (bar.base[0], bar.base[0] + bar.x[0], bar.y[0]) == (4, 6, "inner race")
    assert bar.marker.color == line.line.color
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes if shape.yref == "paper"] == [(4, 6)]


def test_healthy_has_no_line_and_the_level_has_one(trace):
    """Faults are drawn; the probability at which an event begins is a line across."""
    figure = plot_timeline(trace)

    assert "healthy" not in [each.name for each in figure.data]
    assert [shape.y0 for shape in figure.layout.shapes if shape.type == "line"] == [0.5]


def test_a_trend_is_a_line_where_it_begins(trace):
    """The onset of a rise is marked where it lies, and not where the stretch does not hold it."""
    lines = [shape.x0 for shape in plot_timeline(replace(trace, onset_s=3.0)).layout.shapes if shape.x0 == shape.x1]

    assert lines == [3.0]
    assert len(plot_timeline(replace(trace, onset_s=30.0)).layout.shapes) == len(plot_timeline(trace).layout.shapes)


def test_no_event_is_said(trace):
    """An empty row would look like a fault of the picture."""
    figure = plot_timeline(replace(trace, events=()))

    assert "no event" in [note.text for note in figure.layout.annotations]
