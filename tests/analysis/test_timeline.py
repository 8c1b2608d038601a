"""A recording on one axis of time keeps what is short, and draws nothing where nothing is known."""

import numpy as np
import pytest

from cbam_viz.analysis.events import Event
from cbam_viz.analysis.extremes import ExtremesTrace
from cbam_viz.analysis.timeline import MOST_EVENTS, POINTS, WindowRows, trace_timeline

WINDOW_S, HOP_S = 0.2, 0.05


def rows(count, fault=None, kept=slice(None)):
    """Windows of which a few are named after a fault."""
    start = np.arange(count) * HOP_S
    probability = np.zeros(count)
    probability[fault or []] = 0.9
    gate = np.linspace(0.2, 0.8, count)
    return WindowRows(
        start[kept],
        np.stack([1 - probability, probability], axis=1)[kept],
        gate[kept],
        gate[kept] + 0.1,
        WINDOW_S,
        HOP_S,
    )


def trace(windows, span, events=()):
    """The picture of a stretch."""
    outline = ExtremesTrace(np.empty(0), np.empty(0), np.empty(0), "g", span)
    return trace_timeline(outline, windows, events, ("healthy", "inner"), 0, 0.5, "block 1", (0.1, 0.9))


def test_one_window_of_hours_is_still_seen():
    """However many windows share a point, the highest probability stands, at its time to a point's width."""
    found = trace(rows(72_000, [40_000]), (0.0, 3_600.0))

    assert len(found.time_s) <= POINTS
    assert found.probabilities[:, 1].max() == 0.9
    assert found.time_s[found.probabilities[:, 1].argmax()] == pytest.approx(2_000.1, abs=3.6)


def test_mean_and_peak_of_a_gate_are_those_of_the_windows():
    """The mean over points is the mean over windows, and the highest peak the highest of all."""
    windows = rows(8_000)
    found = trace(windows, (0.0, 400.0))

    assert found.gate_mean.mean() == pytest.approx(windows.gate_mean.mean(), abs=1e-3)
    assert found.gate_peak.max() == windows.gate_peak.max()


def test_a_stretch_shows_only_its_own_windows():
    """Zoomed in, every window of the stretch is a point at its middle."""
    found = trace(rows(72_000), (100.0, 110.0))

    assert len(found.time_s) == pytest.approx(10 / HOP_S, abs=6)
    assert 99.8 <= found.time_s[0] <= found.time_s[-1] <= 110.2
    assert np.diff(found.time_s) == pytest.approx(HOP_S)


def test_where_windows_are_missing_the_lines_break():
    """Between the windows beside a gap stands a point that is none."""
    kept = np.r_[0:100, 200:400]
    found = trace(rows(400, kept=kept), (0.0, 20.0))

    assert np.flatnonzero(np.isnan(found.time_s)).tolist() == [100]
    assert np.isnan(found.probabilities[100]).all()
    assert np.isnan(found.gate_mean[100])


def test_events_of_the_stretch_are_marked_and_too_many_are_counted():
    """Only events that reach into the stretch are marked, the longest of them, in their order."""
    events = [Event(at, at + 0.3 + at / 1e4, 1, 0.9, 0.9, at, 8) for at in np.arange(0.0, 1_000.0, 1.0)]
    whole, part = trace(rows(20_000), (0.0, 1_000.0), events), trace(rows(20_000), (10.2, 12.5), events)

    assert [event.start_s for event in part.events] == [10.0, 11.0, 12.0]
    assert (len(whole.events), whole.left_out) == (MOST_EVENTS, 700)
    assert [event.start_s for event in whole.events] == list(np.arange(700.0, 1_000.0))


def test_nothing_scanned_yet_is_an_empty_picture():
    """Before the first window there is nothing to draw, and no error."""
    assert len(trace(rows(0), (0.0, 5.0)).time_s) == 0
