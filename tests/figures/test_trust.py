"""The figure of the tests shows each number, its control and its band, and nothing twice."""

import math

import numpy as np
import pytest

from cbam_viz.analysis.score import Score
from cbam_viz.analysis.trust import GROUPS, trace_trust
from cbam_viz.figures.style import DARK, LIGHT
from cbam_viz.figures.trust import plot_trust


@pytest.fixture
def trace():
    """All tests, with numbers of their own; one without a control."""
    rng = np.random.default_rng(0)
    scores = [
        Score(name, "block 1", *map(float, (value, 0.4, 0.3, 0.5)))
        for names in GROUPS.values()
        for name, value in zip(names, rng.random(len(names)), strict=True)
    ]
    return trace_trust([*scores[:-1], Score(scores[-1].name, "block 1", 1.0)], "block 1")


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_every_number_is_drawn_and_written(trace, palette):
    """Each row has its dot, and its number to two digits on the right."""
    figure = plot_trust(trace, str.upper, palette)
    rows = [row for group in trace.groups for row in group.rows]
    dots = [x for line in figure.data[2::3] for x in line.x]

    assert dots == [row.value for row in rows]
    assert [note.text for note in figure.layout.annotations] == [f"{row.value:.2f}" for row in rows]
    assert sum(len(figure.layout[f"yaxis{n}"].ticktext) for n in ("", 2, 3, 4)) == len(rows)


def test_a_row_without_a_control_has_no_bar(trace):
    """Its dot is open, and no bar ends at NaN."""
    figure = plot_trust(trace, str)
    ends = [x for x in figure.data[-3].x if x is not None]

    assert len(ends) == 2 * (len(trace.groups[-1].rows) - 1)
    assert not any(map(math.isnan, ends))
    assert figure.data[-1].marker.symbol[-1] == "circle-open"


def test_no_test_gives_no_rows():
    """A block without gates is an empty figure, not an error."""
    assert len(plot_trust(trace_trust([], "block 3"), str).data) == 0
