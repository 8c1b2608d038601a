"""Aligned gates: a row a class, every curve as in the trace, one scale."""

import numpy as np
import pytest

from cbam_viz.analysis.aligned import AlignedTrace
from cbam_viz.analysis.aligned_class import AlignedClass
from cbam_viz.figures.aligned import plot_aligned
from cbam_viz.studies.aligned_words import caption_aligned, say_aligned

PLACE = np.arange(-4.0, 9.0)


def curve(words, witnesses=3, triggers=400, swing=0.2, coarse=False):
    """One class, its curve a bump behind the trigger."""
    bump = 0.5 + swing * np.exp(-((PLACE - 1) ** 2) / 4)
    return AlignedClass(
        words, witnesses, witnesses, triggers, bump, np.full(13, 0.02 if witnesses > 1 else np.nan), np.full(13, 0.55),
        np.full(13, 0.52), "Healthy", np.full(13, 0.5), np.full(13, 0.56), swing, 0.05, coarse,
    )  # fmt: skip


@pytest.fixture
def make():
    """Makes a trace of these classes."""

    def make(*classes, by="impacts", true=True, left_out=()):
        return AlignedTrace("block 1", by, PLACE, classes, left_out, (0.4, 0.8), true)

    return make


def test_every_class_has_its_own_row_on_one_scale(make):
    """The block's usual range, and wider only as far as a curve goes."""
    figure = plot_aligned(make(curve("Inner race"), curve("Outer race", swing=0.45)))
    ranges = {tuple(figure.layout[axis].range) for axis in ("yaxis", "yaxis2")}

    assert len(ranges) == 1
    low, high = ranges.pop()
    assert (low < 0.4, 0.95 < high < 1.0) == (True, True)
    assert figure.layout.yaxis.domain[0] > figure.layout.yaxis2.domain[1]


def test_curves_are_those_of_the_trace(make):
    """As it is, held at its mean, another class's; each with a dash of its own."""
    trace = make(curve("Inner race"))
    lines = {line.name: line for line in plot_aligned(trace).data}

    np.testing.assert_array_equal(lines["as it is"].y, trace.classes[0].mean)
    np.testing.assert_array_equal(lines["gate held at its mean"].y, trace.classes[0].flat)
    np.testing.assert_array_equal(lines["gate of another class"].y, trace.classes[0].other)
    assert len({line.line.dash for line in lines.values() if line.fill is None}) == 3
    np.testing.assert_array_equal(lines["random triggers"].y[:13], trace.classes[0].high)


def test_one_witness_has_no_spread(make):
    """Its band is not drawn."""
    names = [line.name for line in plot_aligned(make(curve("Inner race", witnesses=1))).data]

    assert "± spread of recordings" not in names


def test_the_legend_names_all_that_is_drawn(make):
    """Each kind of line and band once, though the first class lacks one; the caption says what the band is."""
    trace = make(curve("Healthy", witnesses=1), curve("Inner race"), curve("Outer race"))
    drawn = plot_aligned(trace).data

    assert sorted(line.name for line in drawn if line.showlegend) == sorted({line.name for line in drawn})
    assert "± spread of recordings" in {line.name for line in drawn if line.showlegend}
    assert "Tinted: ± one standard deviation over the recordings or bearings of a class" in caption_aligned(trace)


def test_axes_say_what_they_are(make):
    """Milliseconds after an impact, or periods after the crest; each row tells what it was averaged over."""
    figure = plot_aligned(make(curve("Inner race", coarse=True), by="period"))

    assert figure.layout.xaxis.title.text == "fault periods after the envelope's crest"
    assert figure.layout.annotations[0].text == (
        "<b>Inner race</b> · 400 triggers in 3 recordings · too coarse for the period"
    )
    assert plot_aligned(make(curve("Inner race"))).layout.xaxis.title.text == "time after an impact (ms)"


def test_words_tell_the_swing_beside_chance(make):
    """More than chance, no more than chance, too coarse, or too few; and who was left out."""
    said = say_aligned(
        make(
            curve("A", witnesses=5),
            curve("B", swing=0.01),
            curve("C", coarse=True),
            curve("D", triggers=3),
            left_out=[f"r{number} tells no shaft speed or no bearing" for number in range(5)],
        )
    )

    assert "A: it swings by 0.200, more than random triggers give (0.050)." in said
    assert "B: it swings by 0.010, no more than random triggers give (0.050)." in said
    assert "C: the block has too few positions a fault period to show it." in said
    assert "D: 3 triggers, too few to say." in said
    assert said.endswith("r2 tells no shaft speed or no bearing and 2 more.")


@pytest.mark.parametrize(
    ("witnesses", "triggers", "few"),
    [(5, 49, "few triggers (49 in 5)"), (4, 400, "triggers of few recordings or bearings (400 in 4)"), (5, 50, "")],
)
def test_a_swing_of_few_triggers_is_no_finding(make, witnesses, triggers, few):
    """Below 50 triggers or 5 witnesses a swing beyond chance is said to be perhaps theirs alone."""
    said = say_aligned(make(curve("A", witnesses=witnesses, triggers=triggers)))

    assert ("more than random triggers give" in said) == (not few)
    assert f"A: {few}" in said
    assert ("may be theirs alone" in said) == bool(few)


@pytest.mark.parametrize("witnesses", [4, 9])
def test_a_folded_gate_is_said_to_stand_beside_wrong_periods(make, witnesses):
    """No sentence of it speaks of random triggers, which it has not been compared with."""
    said = say_aligned(make(curve("A", witnesses=witnesses, triggers=400), by="period"))

    assert "wrong periods" in said
    assert "random" not in said


def test_captions_say_what_zero_is(make):
    """A true impact, a loud moment with its warning, or the crest of the envelope."""
    assert "which only a simulation knows" in caption_aligned(make(curve("A")))
    assert "peaks there by itself" in caption_aligned(make(curve("A"), true=False))
    assert "own fault period" in caption_aligned(make(curve("A"), by="period"))


def test_a_response_is_drawn_over_the_time_since_its_pulse(make):
    """In µs from a line at 0, with gates moved in time as chance; it counts responses, and no triggers."""
    figure = plot_aligned(make(curve("Healthy", triggers=3), curve("C1 +50 %", triggers=1), by="trigger", true=False))

    assert figure.layout.xaxis.title.text == "time since the pulse (µs)"
    assert [shape.x0 for shape in figure.layout.shapes] == [0]
    assert figure.data[0].name == "moved in time"
    assert [note.text for note in figure.layout.annotations] == [
        "<b>Healthy</b> · 3 responses", "<b>C1 +50 %</b> · 1 response",
    ]  # fmt: skip


def test_words_of_a_response_set_its_swing_beside_gates_moved_in_time(make):
    """With five circuits or more; with fewer the swing may be theirs alone."""
    trace = make(curve("Healthy", witnesses=8, triggers=8), curve("C1 +50 %", 3, 3), by="trigger", true=False)

    assert say_aligned(trace) == (
        "M_s of block 1. Healthy: it swings by 0.200, more than the same gates moved in time (0.050). "
        "C1 +50 %: 3 responses of few circuits, whose swing (0.200) may be theirs alone."
    )
    assert caption_aligned(trace).startswith("0: the pulse begins.")
