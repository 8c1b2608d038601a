"""Accuracies stand in front of what shuffled labels give, on 0 to 100 %."""

import numpy as np
import pytest

from cbam_viz.analysis.separation import SeparationTrace
from cbam_viz.figures.separation import plot_separation


def test_marks_are_the_accuracies_with_their_numbers(separation):
    """One mark a space, and the number beside it."""
    _, marks = plot_separation(separation).data

    assert list(marks.x) == [score.accuracy for score in separation.scores]
    assert list(marks.text) == ["97.0%", "80.0%", "100.0%", "40.0%"]


def test_bands_are_what_shuffled_labels_give(separation):
    """From the 5 % to the 95 % quantile."""
    bands, _ = plot_separation(separation).data

    for base, length, score in zip(bands.base, bands.x, separation.scores, strict=True):
        assert (base, base + length) == pytest.approx(tuple(np.percentile(score.shuffled, [5, 95])))


def test_the_first_space_is_on_top(separation):
    """Rows from top to bottom in the trace's order, each with how many numbers describe a window."""
    figure = plot_separation(separation)

    assert figure.layout.yaxis.categoryarray == (
        "plain envelope (8)", "last features (256)", "spatial attention (21)", "channel attention (112)",
    )  # fmt: skip
    assert list(figure.data[1].y) == list(figure.layout.yaxis.categoryarray)[::-1]


def test_the_line_is_chance(separation):
    """One third for three classes, and it is said."""
    figure = plot_separation(separation)

    assert figure.layout.shapes[0].x0 == figure.layout.shapes[0].x1 == pytest.approx(1 / 3)
    assert figure.layout.annotations[0].text == "chance 33.3%"
    assert figure.layout.xaxis.range == (0, 1)


def test_pointing_at_a_space_tells_every_class(separation):
    """Accuracy, p, and the recall of each class."""
    score = separation.scores[0]
    said = plot_separation(separation).data[1].customdata[0]

    assert f"channel attention, 112 numbers a window: 97.0%; p = {score.p:.2g}" in said
    for name, recall in zip(separation.classes, score.recalls, strict=True):
        assert f"{name}: {100 * recall:.1f}%" in said


def test_without_a_number_the_figure_says_so():
    """Empty axes could be taken for a score of nothing."""
    figure = plot_separation(SeparationTrace(("one",), ("two",), 0, ()))

    assert [note.text for note in figure.layout.annotations] == [
        "no two classes with two recordings or specimens each:<br>nothing to learn from and test on"
    ]
    assert not figure.layout.shapes
