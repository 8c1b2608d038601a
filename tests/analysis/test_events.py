"""Events lie where they truly are, and their false alarms are counted."""

import numpy as np
import pytest
from scipy.stats import poisson

from cbam_viz.analysis.events import (
    LEVELS,
    AlarmCurve,
    add_curves,
    bound_rate,
    count_alarms,
    find_events,
    level_for,
)

WINDOW_S, HOP_S = 0.16, 0.04


def made(spans, seconds=20.0, held=1.0, sharp=0.25):
    """Windows named after class 1 as far as `spans` fill more than `sharp` of them; (starts, probabilities)."""
    start = np.arange(0, seconds - WINDOW_S, HOP_S)
    filled = sum(
        np.clip(np.minimum(start + WINDOW_S, end) - np.maximum(start, begin), 0, None) / WINDOW_S
        for begin, end in spans
    )
    fault = 1 / (1 + np.exp(-(np.zeros(len(start)) + filled - sharp) * 60)) * held
    return start, np.stack([1 - fault, 0.8 * fault, 0.2 * fault], axis=1)


def found(spans, level=0.5, **options):
    """Ends of the events that are found."""
    start, probabilities = made(spans, **options)
    return [(event.start_s, event.end_s) for event in find_events(start, WINDOW_S, HOP_S, probabilities, 0, level)]


@pytest.mark.parametrize("sharp", [0.02, 0.25, 0.48])
def test_ends_lie_within_half_a_window(sharp):
    """Whether a network names a window after a trace of an event or after half of it, both ends are known so far."""
    spans = [(2.013, 2.6), (5.111, 9.01), (12.2, 12.72)]

    assert np.abs(np.array(found(spans, sharp=sharp)) - spans).max() < WINDOW_S / 2


def test_a_dip_does_not_make_two_events_of_one():
    """Between the two levels an event goes on; below the lower one it ends."""
    start, probabilities = made([(5.0, 9.0)])
    for floor, expected in ((0.3, 1), (0.1, 2)):
        dipped = probabilities.copy()
        dipped[170:175] = [1 - floor, floor, 0]
        assert len(find_events(start, WINDOW_S, HOP_S, dipped, 0, 0.5)) == expected


def test_what_is_shorter_than_the_least_is_none():
    """A few windows alone are no event."""
    assert found([(5.0, 5.05)]) == []
    assert len(found([(5.0, 5.5)])) == 1


def test_an_event_that_is_there_from_the_first_to_the_last_window_fills_the_recording():
    """At the ends of a recording nothing was heard before or after, so an event reaches them."""
    (ends,) = found([(-1.0, 30.0)])

    assert ends == pytest.approx((0, 20), abs=HOP_S)


def test_left_out_windows_end_an_event():
    """Across a gap nobody knows, so there are two events."""
    start, probabilities = made([(5.0, 9.0)])
    kept = (start < 6.5) | (start > 7.5)

    first, second = find_events(start[kept], WINDOW_S, HOP_S, probabilities[kept], 0, 0.5)
    assert first.end_s < 6.7
    assert second.start_s > 7.5


def test_event_is_named_after_its_most_probable_fault_with_the_surest_window():
    """The class, its mean probability and the window in which it is surest are those of the event's own windows."""
    start, probabilities = made([(5.0, 9.0)])
    probabilities[150] = [0, 0.99, 0.01]
    (event,) = find_events(start, WINDOW_S, HOP_S, probabilities, 0, 0.5)

    assert (event.label, event.peak, event.peak_s) == (1, 0.99, start[150])
    assert 0.7 < event.probability < 0.8


def test_bound_is_the_rule_of_three_and_a_poisson_limit():
    """None in some hours allows 3 over them; in general, that many or fewer would be seen with 5 % at the bound."""
    assert bound_rate(0, 10) == pytest.approx(0.3, rel=0.002)
    for count in (1, 4, 20):
        assert poisson.cdf(count, bound_rate(count, 2.0) * 2) == pytest.approx(0.05)


def test_level_is_the_lowest_that_is_never_dearer_above_it():
    """A level so low that all is one event, and so few alarms, is not taken."""
    curve = AlarmCurve((0.2, 0.5, 0.9, 0.99), (1, 30, 2, 0), 2.0)

    assert level_for(curve, 1.0) == 0.9
    assert level_for(curve, 0.5) == 0.99
    assert level_for(curve, 15.0) == 0.2
    assert level_for(AlarmCurve((0.5, 0.9), (9, 9), 1.0), 1.0) == 0.9


def test_alarms_add_up():
    """Two recordings have the alarms and the hours of both."""
    start, probabilities = made([(5.0, 5.5), (9.0, 9.6)], held=0.6)
    one = count_alarms(start, WINDOW_S, HOP_S, probabilities, 0)
    both = add_curves([one, one])

    assert one.levels == LEVELS
    assert [one.alarms[LEVELS.index(level)] for level in (0.5, 0.7)] == [2, 0]
    assert both.alarms == tuple(2 * count for count in one.alarms)
    assert both.hours == pytest.approx(2 * len(start) * HOP_S / 3600)
    assert both.an_hour == pytest.approx(one.an_hour)


def test_no_window_no_event():
    """Of nothing nothing is found."""
    assert find_events(np.empty(0), WINDOW_S, HOP_S, np.empty((0, 3)), 0, 0.5) == ()
