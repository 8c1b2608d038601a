"""Times and steps give a rate, or the reason why not."""

import numpy as np
import pytest

from cbam_viz.signals.readers.times import WRITTEN_TOLERANCE, rate_of_step, rate_of_times, unit_of_time


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("time", 1),
        ("Time (ms)", 1e-3),
        ("t_us", 1e-6),
        ("Zeit [µs]", 1e-6),
        ("时间 (s)", 1),
        ("timeout", None),
        ("acc", None),
    ],
)
def test_times_are_known_by_name(name, unit):
    """The unit stands behind the name; without one it is the second."""
    assert unit_of_time(name) == unit


def test_a_unit_nobody_knows_is_no_time():
    """A column of fortnights gives no rate."""
    assert unit_of_time("time (fortnights)") is None
    assert unit_of_time("time", "ms") == 1e-3


@pytest.mark.parametrize(("step", "rate"), [(1 / 25_600, 25_600), (1 / 97_656.25, 97_656.25), (0.1 + 2e-17, 10)])
def test_a_stored_step_keeps_its_digits(step, rate):
    """A rate is whole only if it is but for rounding."""
    assert rate_of_step(step) == rate


def test_a_written_step_is_rounded():
    """A step of six digits means the whole rate next to it."""
    assert rate_of_step(1.95312e-05, WRITTEN_TOLERANCE) == 51_200


@pytest.mark.parametrize("step", [0.0, -1.0, np.inf, np.nan])
def test_no_step_gives_no_rate(step):
    """A step lies above zero."""
    assert rate_of_step(step) is None


def test_even_times_give_the_rate():
    """Written times are rounded, and still mean their rate."""
    assert rate_of_times(np.round(np.arange(12_001) / 12_000, 5))[0] == 12_000


@pytest.mark.parametrize("times", [[], [1.0], [0.0, np.nan, 2.0], [0.0, 1.0, 3.0], [0.0, 0.0, 0.0], [2.0, 1.0, 0.0]])
def test_other_times_give_a_reason(times):
    """Too few, missing, lost, standing and running back: no rate, but a sentence."""
    rate, note = rate_of_times(np.array(times))
    assert rate is None
    assert note.endswith("so they give no sampling rate.")
