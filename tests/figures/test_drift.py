"""Figures of parts that drift."""

import numpy as np
import pytest

from cbam_viz.analysis.drift import Change, MapTrace, SweepTrace, Told
from cbam_viz.figures.drift import mark_class, plot_map, plot_sweep, write_key
from cbam_viz.figures.style import LIGHT
from cbam_viz.signals.windows import Axis

KEYS = ("normal", *(f"{part}{sign}" for part in ("C1", "C2", "R1", "R2", "R3", "R4") for sign in "+-"))


def told(steps, rng):
    """What is said of some steps, one of which failed."""
    shares = rng.dirichlet(np.ones(len(KEYS)), steps)
    named = shares.argmax(axis=1)
    named[-1], shares[-1] = -1, np.nan
    return Told(KEYS, KEYS, shares, named, np.where(named > 0, 20.0, np.nan))


@pytest.fixture
def sweep():
    """A sweep made by hand."""
    rng, percent = np.random.default_rng(0), np.linspace(-60, 60, 9)
    moved = np.abs(percent) / 100
    return SweepTrace(
        "C1", percent, told(9, rng), (Change(-30, -15, 2, 0),), "block 1", Axis("time since the pulse", "µs", 0.5),
        np.linspace(0, 100, 21), rng.random((20, 9), dtype=np.float32), (0.4, 0.6), moved, moved / 2, True,
    )  # fmt: skip


def test_a_change_of_diagnosis_is_a_line_between_its_steps(sweep):
    """One line a change, in the middle, and one more where the part stands."""
    lines = [shape.x0 for shape in plot_sweep(sweep, now=-40.0).layout.shapes]

    assert lines == [-22.5, -40.0]


def test_every_axis_of_a_sweep_has_a_title(sweep):
    """Each lane says what it draws, and below them all stands the part."""
    layout = plot_sweep(sweep).layout

    assert all(layout[axis].title.text for axis in ("yaxis", "yaxis2", "yaxis3", "yaxis4"))
    assert layout.xaxis.title.text == "deviation of C1 (%)"


def test_classes_are_told_apart_by_more_than_colour():
    """Of 13 classes no two have colour and symbol in common, and the two of a part share their colour."""
    marks = [mark_class(LIGHT, number) for number in range(13)]

    assert len(set(marks)) == 13
    assert marks[1][0] == marks[2][0] != marks[3][0]


def test_a_map_names_classes_by_letters():
    """A letter a cell, small where no class has half of the probability, a dash where a run failed."""
    trace = MapTrace(("C1", "C2"), np.linspace(-60, 60, 5), told(25, np.random.default_rng(1)))
    cells = plot_map(trace, now=(0.0, 0.0)).data[0]
    letters = np.array(cells.text)

    assert letters.shape == (5, 5)
    assert letters[-1, -1] == "–"
    assert all(letter.islower() == (share < 0.5) for letter, share in
               zip(letters.ravel()[:-1], trace.sureness.ravel()[:-1], strict=True))  # fmt: skip


def test_keys_are_written_with_a_true_minus():
    """A class is C1−, not C1-, and the first one is sound."""
    assert [write_key(key) for key in ("normal", "C1-", "C2+/R4+")] == ["sound", "C1−", "C2+/R4+"]
