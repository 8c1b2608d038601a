"""Probabilities: a bar for the window and a mark for the whole, each at its class."""

import numpy as np

from cbam_viz.figures.diagnosis import plot_diagnosis


def test_bars_and_marks_are_the_probabilities_of_their_class(diagnosis):
    """Every class has one bar of the window's probability and one mark at the mean over all windows."""
    bars, marks = plot_diagnosis(diagnosis).data

    for drawn, values in ((bars, diagnosis.window), (marks, diagnosis.whole)):
        assert dict(zip(drawn.y, drawn.x, strict=True)) == dict(zip(diagnosis.classes, values, strict=True))


def test_every_bar_says_its_number(diagnosis):
    """The length of a bar stands in its row, in percent, right of the bar and of the mark: neither runs through it."""
    numbers = plot_diagnosis(diagnosis).layout.annotations

    assert [each.y for each in numbers] == list(diagnosis.classes)
    np.testing.assert_allclose([float(each.text.strip(" %")) for each in numbers], 100 * diagnosis.window, atol=0.05)
    for each, value, mean in zip(numbers, diagnosis.window, diagnosis.whole, strict=True):
        assert (each.x >= value, each.x >= mean, each.xanchor) == (True, True, "left")
        assert each.xshift > 0


def test_the_first_class_stands_on_top(diagnosis):
    """Plotly fills upwards, so classes are given from the last to the first."""
    bars, _ = plot_diagnosis(diagnosis).data

    assert tuple(bars.y) == diagnosis.classes[::-1]


def test_bars_of_two_signals_compare(diagnosis):
    """The axis runs from 0 to 100 % whatever is drawn."""
    axis = plot_diagnosis(diagnosis).layout.xaxis

    assert (tuple(axis.range), axis.tickformat) == ((0, 1), ".0%")
