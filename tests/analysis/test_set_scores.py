"""Scores over a set: recordings count the same, and it is they that are drawn anew."""

import numpy as np
import pytest

from cbam_viz.analysis.score import Score
from cbam_viz.analysis.set_scores import average_scores, keep_score


def scores(*values, control=0.5, name="test"):
    """A recording with one score a window."""
    return [Score(name, "block 1", value, control) for value in values]


def test_recordings_count_the_same_however_many_windows_they_have():
    """The mean of the recordings' means, by hand; windows without a number count for nothing."""
    (row,) = average_scores([scores(1.0, 1.0, 1.0, 1.0), scores(0.0, np.nan), scores(np.nan)])

    assert (row.value, row.control) == (0.5, 0.5)
    assert (row.windows, row.recordings) == (5, 2)


def test_windows_are_no_witnesses():
    """A thousand windows of each recording leave the band as wide as one of each does."""
    values = np.random.default_rng(0).normal(size=12)
    (one,) = average_scores([scores(value) for value in values])
    (many,) = average_scores([scores(*[value] * 1000) for value in values])

    assert (one.low, one.high) == pytest.approx((many.low, many.high))


def test_the_band_is_that_of_a_mean():
    """About 1.96 standard errors to each side of the mean of many recordings."""
    values = np.random.default_rng(1).normal(3, 2, 400)
    (row,) = average_scores([scores(value) for value in values])
    reach = 1.96 * values.std() / np.sqrt(400)

    assert (row.low, row.high) == pytest.approx((values.mean() - reach, values.mean() + reach), abs=0.1 * reach)


def test_the_truth_seldom_lies_outside():
    """Of 200 sets of 30 recordings whose truth is the control, about 5 % are told apart from it."""
    rng = np.random.default_rng(2)
    rows = [average_scores([scores(v, control=0.0) for v in rng.normal(size=30)])[0] for _ in range(200)]

    assert np.mean([row.differs for row in rows]) <= 0.1


def test_one_recording_has_no_band():
    """Nobody knows how another would be; the same numbers give the same row."""
    (row,) = average_scores([scores(0.25, 0.75)])

    assert (row.value, row.low, row.high) == (0.5, None, None)
    assert average_scores([scores(0.25, 0.75)]) == (row,)


def test_what_gives_no_number_is_a_row_without_one():
    """Every test has its row, in the order in which they came."""
    rows = average_scores([[*scores(np.nan, name="second"), *scores(1.0, name="first")]])

    assert [(row.name, row.value, row.windows) for row in rows] == [("second", None, 0), ("first", 1.0, 1)]


def test_a_score_is_kept_to_four_decimals():
    """As a card keeps it, and never as a negative zero; NaN as nothing."""
    row = keep_score(Score("test", "block 1", 0.123456, np.nan, -0.00001, 1.0), 8, 2)

    assert (row.value, row.control, row.high, row.windows, row.recordings) == (0.1235, None, 1.0, 8, 2)
    assert str(row.low) == "0.0"
