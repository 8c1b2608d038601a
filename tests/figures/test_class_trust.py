"""Every verdict stands beside what it is of: losses with intervals, a block on each axis, one range for all."""

import numpy as np
import pytest

from cbam_viz.analysis.class_trust import ClassScore, ClassTrustTrace, ClassVerdict
from cbam_viz.figures.class_trust import VERDICTS, plot_class_trust

CLASSES = (("a", "Healthy"), ("b", "Inner race"), ("all", "All classes"))
BLOCKS = ("block 1", "block 2")


def score(block, label, value, p_holm, low=None, high=None):
    """The loss by moving the gate of one block."""
    ends = (value - 0.1 if low is None else low, value + 0.1 if high is None else high)
    return ClassScore("shift_spatial_margin", block, value, 0.0, *ends, label, p_holm / 6, p_holm)


@pytest.fixture
def trace():
    """Two blocks, two classes, and both together."""
    values = {("block 1", "a"): (0.3, 0.01), ("block 2", "b"): (-0.9, 0.04)}
    cells = [(block, key) for block in BLOCKS for key, _word in CLASSES]
    codes = ("matters", "loud", "not_enough", "inverted", "no_matter", "not_enough")
    return ClassTrustTrace(
        CLASSES,
        BLOCKS,
        tuple(score(*cell, *values.get(cell, (0.0, 1.0))) for cell in cells),
        tuple(
            ClassVerdict(code, *cell, 9, 9, 0.1, 0.0004 if code == "matters" else 0.3, "pointing_zero", 1, 0.02, 8)
            for code, cell in zip(codes, cells, strict=True)
        ),
        (10, 10),
    )


def dots(figure):
    """The traces of the values, a block each."""
    return figure.data[2::3]


def test_dots_are_the_losses_and_filled_where_no_chance(trace):
    """One a class, in the order of the classes; a bar from end to end of each interval."""
    figure = plot_class_trust(trace)

    assert [list(each.x) for each in dots(figure)] == [[0.3, 0.0, 0.0], [0.0, -0.9, 0.0]]
    assert [list(each.marker.symbol) for each in dots(figure)] == [
        ["circle", "circle-open", "circle-open"],
        ["circle-open", "circle", "circle-open"],
    ]
    assert list(figure.data[0].x[:2]) == pytest.approx([0.2, 0.4])


def test_all_blocks_have_one_range(trace):
    """So that rows can be compared down the page; zero, the gate as it is, stands in the middle."""
    layout = plot_class_trust(trace).layout

    assert layout.xaxis.range == layout.xaxis2.range == pytest.approx((-1.1, 1.1))
    assert layout.xaxis2.title.text == "lost by the class, M<sub>s</sub> moved (logits)"
    assert list(layout.yaxis.ticktext) == [word for _key, word in CLASSES]


def test_each_row_has_its_verdict_and_its_p(trace):
    """In words and a number, not by colour alone."""
    said = [note.text for note in plot_class_trust(trace).layout.annotations]

    assert [text for text in said if text.startswith("<b>")] == ["<b>block 1</b>", "<b>block 2</b>"]
    assert [text for text in said if not text.startswith("<b>")] == [
        f"{VERDICTS['matters']} · p <0.001", f"{VERDICTS['loud']} · p 0.3", f"{VERDICTS['not_enough']} · p 0.3",
        f"{VERDICTS['inverted']} · p 0.3", VERDICTS['no_matter'], f"{VERDICTS['not_enough']} · p 0.3",
    ]  # fmt: skip


def test_one_recording_has_no_bar(trace):
    """Nothing is known of how much it varies, and the dot is still drawn."""
    alone = ClassTrustTrace(
        trace.classes,
        ("block 1",),
        tuple(score("block 1", key, 0.5, 1.0, np.nan, np.nan) for key, _word in CLASSES),
        trace.verdicts[:3],
        (3, 3),
    )
    figure = plot_class_trust(alone)

    assert list(figure.data[0].x) == []
    assert list(dots(figure)[0].x) == [0.5, 0.5, 0.5]
    assert "–" in dots(figure)[0].customdata[0]
