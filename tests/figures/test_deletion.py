"""Curves are drawn as the trace has them, above the band of random orders."""

import numpy as np
import pytest

from cbam_viz.figures.deletion import plot_deletion

SINGLE = {"rtol": 1e-5, "atol": 1e-6}


@pytest.fixture(scope="module")
def figure(deletion):
    """Gate, integrated gradients and envelope."""
    return plot_deletion(deletion, "Ball", ["block 2", "integrated gradients", "envelope"])


def test_every_panel_has_each_order(figure, deletion):
    """Two kinds by two masks: in each the mean over the rounds of every order that was asked for."""
    lines = [line for line in figure.data if line.name in {"M<sub>s</sub> block 2", "envelope |x|"}]

    assert len(lines) == 8
    for number, (curves, kind) in enumerate((c, k) for c in deletion.curves for k in ("deletion", "insertion")):
        values = getattr(curves, kind)
        np.testing.assert_allclose(lines[2 * number].y, values[0].mean(axis=0), **SINGLE)
        np.testing.assert_allclose(lines[2 * number + 1].y, values[5].mean(axis=0), **SINGLE)
        np.testing.assert_allclose(lines[2 * number].x, 100 * curves.share, **SINGLE)


def test_the_band_of_insertion_is_that_of_deletion_read_backwards(figure):
    """A random order is as random from behind."""
    bands = [line for line in figure.data if line.fill == "tonexty"]

    np.testing.assert_allclose(bands[1].y, bands[0].y[::-1], **SINGLE)
    np.testing.assert_allclose(bands[3].y, bands[2].y[::-1], **SINGLE)


def test_lines_differ_by_more_than_colour(figure):
    """Gate and envelope are full lines of different width; a method's is dashed."""
    look = {line.name: (line.line.dash, line.line.width) for line in figure.data if line.name}

    assert look["integrated gradients"][0] != "solid"
    assert look["M<sub>s</sub> block 2"][1] > look["envelope |x|"][1]


def test_the_legend_names_each_once(figure):
    """Five names, however many panels."""
    assert sorted(line.name for line in figure.data if line.showlegend) == sorted(
        [
            "M<sub>s</sub> block 2",
            "integrated gradients",
            "envelope |x|",
            "random orders, 95 %",
            "mean of random orders",
        ]
    )


def test_axes_say_what_and_of_which_class(figure):
    """Shares in percent below, the probability of the class at the side, all panels on one scale."""
    layout = figure.layout

    assert layout.yaxis.title.text == layout.yaxis3.title.text == "probability of Ball"
    assert layout.xaxis3.title.text == "most relevant<br>masked (%)"
    assert layout.xaxis4.title.text == "most relevant<br>shown (%)"
    assert {tuple(layout[f"yaxis{number}"].range) for number in ("", 2, 3, 4)} == {(0, 1.02)}
    assert [note.text for note in layout.annotations][:2] == [
        "deletion, by the mean",
        "insertion, by the mean",
    ]
