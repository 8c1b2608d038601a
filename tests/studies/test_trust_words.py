"""What is said of a gate always has its numbers and their controls, and what can't be said is said, too."""

from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.analysis.score import Score
from cbam_viz.analysis.trust import GROUPS
from cbam_viz.analysis.verdict import Verdict
from cbam_viz.attention.record import record_attention
from cbam_viz.language import percent
from cbam_viz.studies.trust import examine_gates, examine_window
from cbam_viz.studies.trust_words import say_limits, say_number, say_test, say_trust, say_verdict_of_gate
from tests.studies.hand_made import T, build, bursts
from tests.studies.hand_made import explained as explain_bursts


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict("matters", "block 1", 1, 1, True), "matters and points at what the diagnosis rests on"),
        (Verdict("matters", "block 1", 1, 1, True, True), "matters and points at the impacts"),
        (Verdict("loud", "block 1", 1, 1), "matters, but no better than the loudest samples"),
        (Verdict("no_matter", "block 1"), "does not matter here, flattening it changes nothing"),
        (Verdict("inverted", "block 1", -1, -1), "is inverted, it turns down what the decision rests on"),
        (Verdict("not_enough", "block 1"), "has not enough evidence for a verdict"),
        (
            Verdict("not_enough", "block 1", 1),
            "helps in its place, but there is not enough evidence of what it points at",
        ),
    ],
)
def test_each_code_has_its_words(verdict, words, explained):
    """The block, the verdict, the class, and the tests that decided, each with its control, in the table's sign."""
    scores = examine_gates(explained, 0)
    moved = next(score for score in scores if score.name == "shuffle_spatial_margin")
    verdict = replace(verdict, because=("shuffle_spatial_margin",))
    name = explained.card.classes[explained.record.probabilities[0].argmax()].words

    assert say_verdict_of_gate(explained, 0, verdict, scores) == (
        f"Block 1 {words}: {name} loses {say_number(moved.value)} logits with M_s shuffled in time "
        f"(95 %: {say_number(moved.low)} to {say_number(moved.high)})."
    )


def test_what_decided_is_said_with_its_control(explained):
    """A band of chance, or the order of the loudest with how far the two differ by chance."""
    scores = [
        *examine_gates(explained, 0),
        Score("turned_down", "block 1", 0.75, 0.25, 0.1, 0.5),
        Score("insertion_zero_loudness", "block 1", 0.9, 0.6, 0.55, 0.65),
    ]
    verdict = Verdict("inverted", "block 1", because=("turned_down", "insertion_zero_loudness"))

    assert say_verdict_of_gate(explained, 0, verdict, scores).endswith(
        "for the class, in lowest moments: 0.75 (control 0.10 to 0.50); highest moments shown first: 0.90 "
        "(loudest first 0.60, 95 % of their difference: ± 0.05)."
    )


def test_a_block_without_spatial_gate_is_said_to_have_none(explained):
    """There is nothing to test in time."""
    said = say_verdict_of_gate(explained, 0, Verdict("not_enough", "block 3"), ())

    assert said == "Block 3 has no spatial gate: there is nothing to test in time."


def test_a_constant_gate_is_said_to_rank_nothing():
    """Its verdict has numbers, and its limit a sentence."""
    explanation = explain_bursts(build(0.0, weight=8.0), bursts(0))
    trust = examine_window(explanation, 0)

    assert "does not matter here" in say_verdict_of_gate(explanation, 0, trust.verdicts[0], trust.scores)
    assert any("is constant in this window" in said for said in say_limits(explanation, 0, 0, trust))


def test_a_saturated_softmax_is_looked_at_in_logits():
    """Where a probability rounds to 1, a limit says so."""
    explanation = explain_bursts(build(8.0, weight=80.0), bursts(0))

    assert explanation.record.probabilities[0, 0] > 0.999
    assert any("saturated" in each for each in say_limits(explanation, 0, 0))


def test_a_window_masked_as_a_whole_is_said():
    """What the class has in a window of one value is what masking can leave at the least, so it stands beside."""
    explanation = explain_bursts(build(8.0, weight=8.0), bursts(0))
    trust = examine_window(explanation, 0)
    inputs = explanation.windows.inputs[:1]
    empty = record_attention(explanation.network, np.full_like(inputs, inputs.mean())).probabilities[0]
    share = percent(float(empty[trust.deletion.target]))

    assert f"Masked as a whole, every sample at its mean, the window still has Tone at {share}." in say_limits(
        explanation, 0, 0, trust
    )


def test_a_window_without_an_impact_is_said_to_have_none():
    """With impacts elsewhere; with one inside nothing is said; and nobody knows those of a measured bearing."""
    explanation = explain_bursts(build(8.0), bursts(0))
    before, inside = (
        replace(explanation, windows=replace(explanation.windows, impacts=np.array([at]))) for at in (T / 2, T * 1.5)
    )

    assert say_limits(before, 1, 0) == (
        "No impact falls into this window, so the gate can't be compared with the truth.",
    )
    assert say_limits(inside, 1, 0) == ()
    assert say_limits(explanation, 1, 0) == (
        "Nobody knows the true impacts of this recording; only a simulation does.",
    )


def test_every_test_that_is_drawn_has_words():
    """No key of a test stands on the screen."""
    names = [name for names in GROUPS.values() for name in names]

    assert len({say_test(name) for name in names}) == len(names)
    assert not any(name.removesuffix("_margin") == say_test(name).replace(" ", "_") for name in names if "_" in name)


def test_the_tests_in_words_have_number_and_control():
    """A dash stands where there is none, a minus where it is below zero, and never −0."""
    said = say_trust([Score("deletion_zero", "block 1", 0.25, 0.5, 0.4)], "block 1")

    assert said == "Tests of block 1. highest moments masked first: 0.25, control 0.50 (0.40 to –)."
    assert [say_number(number) for number in (-0.004, -1.5)] == ["0.00", "−1.50"]
