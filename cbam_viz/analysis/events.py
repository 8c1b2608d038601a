"""When something happens in a recording: events of a fault class, from the probabilities of overlapping windows.

An event begins where the probability of any fault rises above a level and ends where it falls below a lower one, so
that one dip does not make two events of it. The first window that is named after an event holds more than none of
it and seldom more than a half, so the event is taken to fill a `FILLED` of it: whichever it was, its end is known to
half a window. How many false alarms a level costs is counted on healthy hours.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

LEVELS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)
"""Of the probability of any fault, at which an event may begin."""
LEAVE = 0.5
"""Of the level at which an event begins: below this it ends."""
FILLED = 0.25
"""Of its first window and of its last, by an event."""
SHORTEST_S = 0.25
"""Of an event."""
SURE = 0.95
"""Of the bound on a rate of false alarms."""


@dataclass(frozen=True)
class Event:
    """Something that happens in a recording.

    Parameters
    ----------
    start_s, end_s : in the recording.
    label : number of the class that is most probable in its windows.
    probability : mean probability of that class over its windows.
    peak : highest probability of that class.
    peak_s : where the window with that probability starts, in s.
    windows : how many there are.
    """

    start_s: float
    end_s: float
    label: int
    probability: float
    peak: float
    peak_s: float
    windows: int


@dataclass(frozen=True)
class AlarmCurve:
    """False alarms on healthy recordings, one number a level.

    Parameters
    ----------
    levels : at which an event begins.
    alarms : events that were found.
    hours : of the recordings.
    """

    levels: tuple[float, ...]
    alarms: tuple[int, ...]
    hours: float

    @property
    def an_hour(self) -> tuple[float, ...]:
        """False alarms an hour at each level."""
        return tuple(count / self.hours for count in self.alarms)

    @property
    def most_an_hour(self) -> tuple[float, ...]:
        """The rate that each is below with 95 % certainty: 3 over the hours where there was none."""
        return tuple(bound_rate(count, self.hours) for count in self.alarms)


def bound_rate(count: int, hours: float) -> float:
    """Events an hour that a rate is below with 95 % certainty, where `count` were seen; the rule of three where none.

    Reference: F. Garwood, Fiducial limits for the Poisson distribution, Biometrika 28 (1936).
    """
    return float(chi2.ppf(SURE, 2 * (count + 1))) / 2 / hours


def find_events(
    start_s: NDArray[np.floating],
    window_s: float,
    hop_s: float,
    probabilities: NDArray[np.floating],
    healthy: int,
    level: float,
    shortest_s: float = SHORTEST_S,
) -> tuple[Event, ...]:
    """Events in the order in which they begin.

    Parameters
    ----------
    start_s : (N,) array, where each window starts, rising; one that is missing ends an event.
    window_s, hop_s : length of a window and distance of two, in s.
    probabilities : (N, K) array.
    healthy : number of the class that is no event.
    level : probability of any other class at which an event begins; it ends below `LEAVE` of it.
    shortest_s : an event that is shorter is none.
    """
    if not len(start_s):
        return ()
    starts, found = np.asarray(start_s, np.float64), np.asarray(probabilities, np.float64)
    fault = 1 - found[:, healthy]
    breaks = np.flatnonzero(np.diff(starts) > 1.5 * hop_s) + 1
    events = []
    for run in np.split(np.arange(len(starts)), breaks):
        for first, last in _spans(fault[run] >= level, fault[run] >= LEAVE * level):
            windows = run[first : last + 1]
            begin = starts[windows[0]] + (1 - FILLED) * window_s - hop_s / 2
            end = starts[windows[-1]] + FILLED * window_s + hop_s / 2
            begin = begin if windows[0] != run[0] else starts[windows[0]]  # what begins before it was heard
            end = end if windows[-1] != run[-1] else starts[windows[-1]] + window_s
            if end - begin >= shortest_s:
                events.append(_event(begin, end, starts[windows], found[windows], healthy))
    return tuple(events)


def _spans(above: NDArray[np.bool_], stays: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last window of each run of `stays` that reaches `above` somewhere."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], stays, [False]]))).reshape(-1, 2)
    return [(int(first), int(end) - 1) for first, end in edges if above[first:end].any()]


def _event(
    begin: float, end: float, start_s: NDArray[np.float64], probabilities: NDArray[np.float64], healthy: int
) -> Event:
    """One event from its windows."""
    mean = probabilities.mean(axis=0)
    mean[healthy] = -1.0
    label = int(mean.argmax())
    surest = int(probabilities[:, label].argmax())
    return Event(
        float(begin),
        float(end),
        label,
        float(mean[label]),
        float(probabilities[surest, label]),
        float(start_s[surest]),
        len(start_s),
    )


def count_alarms(
    start_s: NDArray[np.floating],
    window_s: float,
    hop_s: float,
    probabilities: NDArray[np.floating],
    healthy: int,
    levels: Sequence[float] = LEVELS,
) -> AlarmCurve:
    """Events that are found in a healthy recording at each level, each of them a false alarm; see `find_events`."""
    found = tuple(len(find_events(start_s, window_s, hop_s, probabilities, healthy, level)) for level in levels)
    return AlarmCurve(tuple(levels), found, len(start_s) * hop_s / 3600)


def add_curves(curves: Sequence[AlarmCurve]) -> AlarmCurve:
    """Several healthy recordings as one."""
    alarms = tuple(map(sum, zip(*(curve.alarms for curve in curves), strict=True)))
    return AlarmCurve(curves[0].levels, alarms, sum(curve.hours for curve in curves))


def level_for(curve: AlarmCurve, an_hour: float) -> float:
    """The lowest level from which on none costs more false alarms an hour than this; the highest where each does.

    A level so low that all is one event has one alarm only, and is none of them.
    """
    level = curve.levels[-1]
    for lower, rate in zip(reversed(curve.levels), reversed(curve.an_hour), strict=True):
        if rate > an_hour:
            break
        level = lower
    return level
