"""What is said of a scan is true of its numbers."""

from dataclasses import replace

import pytest

from cbam_viz.analysis.events import AlarmCurve, Event
from cbam_viz.analysis.onset import Onset
from cbam_viz.studies.scan import ScanFacts
from cbam_viz.studies.scan_events import Alarms, Threshold
from cbam_viz.studies.scan_words import say_left_out, say_length, say_onset, say_scan, say_threshold

FACTS = ScanFacts(
    "m", "a.wav", "channel 1", "g", 36_000_000, 10_000.0, 32, "n", "d", "1", 0.2, 0.05, ("normal", "inner"), "k"
)


def test_length_of_time_is_said_as_people_do():
    """Seconds, minutes and hours each where they are short."""
    assert [say_length(seconds) for seconds in (0.5, 90, 150, 3_600, 9_000)] == [
        "0.5 s", "90 s", "2 min 30 s", "1 h 0 min", "2 h 30 min",
    ]  # fmt: skip


def test_scan_says_how_much_of_it_is_event():
    """The number of events and their total length, or that there is none."""
    event = Event(1.0, 2.5, 1, 0.9, 0.99, 1.0, 30)

    assert say_scan(FACTS, []) == "a.wav, channel 1, 1 h 0 min at 10000 Hz: no event."
    assert say_scan(FACTS, [event, event]).endswith(": 2 events, 3 s in all.")


def test_a_trend_is_said_with_its_place():
    """Where it begins, and from what to what; nothing where there is none."""
    assert say_onset(None) == ()
    assert "rises from about 2 min 30 s on, from 3.0% before to 97.0%" in say_onset(Onset(150.0, 0.03, 0.97))[0]


def test_what_was_left_out_is_said():
    """Nothing where nothing was; the count where something was."""
    assert say_left_out(FACTS) == ()
    assert "7 windows touch missing samples" in say_left_out(replace(FACTS, missing=7))[0]
    assert "2 windows in which nothing moves" in say_left_out(replace(FACTS, still=2))[0]


def test_false_alarms_are_said_with_the_bound_of_what_was_counted():
    """None in 4 hours allows 0.75 an hour; none in 36 s allows 300, which is no promise, and is said."""
    curve = AlarmCurve((0.5, 0.9), (9, 0), 4.0)
    said = say_threshold(Threshold(0.9, 1.0, Alarms(curve, replace(curve, hours=0.01))))

    assert "In 4 h of simulated healthy running it gave 0 false alarms: fewer than 0.75 an hour" in said[1]
    assert "36 measured healthy seconds that ship it gave 0: they promise no better than 300 an hour" in said[2]
    assert "never counted" in say_threshold(Threshold(0.9, 1.0, None))[1]


@pytest.mark.parametrize("level", [0.5, 0.995])
def test_level_is_said(level):
    """The level at which an event begins stands in the first sentence."""
    assert f"reaches {level:g}." in say_threshold(Threshold(level, 1.0, None))[0]
