"""The whole signal at a glance: no impact and no window is lost, however long it is."""

import numpy as np
import pytest

from cbam_viz.analysis.overview import MOST_MARKS, OUTLINE_POINTS, trace_overview


@pytest.mark.parametrize("count", [6, 1500])
def test_the_outline_keeps_the_largest_and_the_smallest_sample(make_scene, count):
    """One sample among 384,000 that stands out is still there, at its time, among at most 3000 points."""
    last = count * 256 - 5
    scene = make_scene({777: 5.0, last: -4.0}, count=count)
    trace = trace_overview(*scene, window=0)

    assert len(trace.outline) <= OUTLINE_POINTS
    assert trace.outline_s[np.argmax(trace.outline)] == pytest.approx(777 / 2000)
    assert trace.outline_s[np.argmin(trace.outline)] == pytest.approx(last / 2000)
    assert (trace.outline.max(), trace.outline.min()) == (5.0, -4.0)


def test_many_impacts_survive(make_scene):
    """Of 200 impacts in 384,000 samples, each the loudest of its neighbourhood, none is lost."""
    impacts = range(1_000, 384_000, 1_915)
    trace = trace_overview(*make_scene(dict.fromkeys(impacts, 3.0), count=1500), window=0)

    np.testing.assert_allclose(trace.outline_s[trace.outline > 2], [sample / 2000 for sample in impacts])


def test_the_outline_runs_through_the_whole_signal(make_scene):
    """Its first and last points are the signal's, and time never runs back."""
    scene = make_scene(count=40)
    trace = trace_overview(*scene, window=0)

    assert (trace.outline_s[0], trace.outline_s[-1]) == pytest.approx((0, (len(scene.windows.samples) - 1) / 2000))
    assert np.all(np.diff(trace.outline_s) > 0)


def test_a_short_signal_has_a_mark_for_every_window(scene):
    """Each window's mark spans it, opens it, and tells its most probable class."""
    trace = trace_overview(*scene, window=0)

    assert trace.first_window.tolist() == [0, 1, 2, 3, 4, 5]
    np.testing.assert_allclose(trace.start_s, np.arange(6) * 0.128)
    np.testing.assert_allclose(trace.end_s, np.arange(1, 7) * 0.128)
    for mark, row in enumerate(scene.record.probabilities):
        assert trace.predicted[mark] == max(range(3), key=row.__getitem__)
        assert trace.probability[mark] == pytest.approx(max(row))


@pytest.mark.parametrize("count", [599, 600, 601, 1000, 1799, 1801])
def test_marks_cover_every_window_once(make_scene, count):
    """At most 600 marks follow each other without gap or overlap from the first window to the last."""
    trace = trace_overview(*make_scene(count=count), window=0)

    assert len(trace.start_s) <= MOST_MARKS
    assert (trace.start_s[0], trace.end_s[-1]) == pytest.approx((0, count * 0.128))
    np.testing.assert_allclose(trace.start_s[1:], trace.end_s[:-1])
    np.testing.assert_allclose(trace.first_window * 0.128, trace.start_s)


def test_neighbours_share_a_mark_by_their_mean(make_scene):
    """1000 windows make 500 marks of two, and 1201 make 400 of three and one of one: each has its windows' mean."""
    for count, shared in ((1000, 2), (1201, 3)):
        scene = make_scene(count=count)
        trace = trace_overview(*scene, window=0)
        rows = scene.record.probabilities.astype(np.float64).tolist()
        groups = [rows[first : first + shared] for first in range(0, count, shared)]
        means = np.array([[sum(column) / len(group) for column in zip(*group, strict=True)] for group in groups])

        np.testing.assert_array_equal(trace.predicted, means.argmax(axis=1))
        np.testing.assert_allclose(trace.probability, means.max(axis=1))


def test_the_chosen_window_is_marked_where_it_lies(scene):
    """Window w spans from 256 w to 256 (w + 1) samples."""
    assert trace_overview(*scene, window=4).chosen == pytest.approx((4 * 256 / 2000, 5 * 256 / 2000))
