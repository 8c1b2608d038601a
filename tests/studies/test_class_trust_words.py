"""What is said of a set's tests: each verdict with numbers and controls, and what is lacking for one."""

from dataclasses import replace

import pytest

from cbam_viz.studies.class_trust import examine_set
from cbam_viz.studies.class_trust_words import (
    caption_class_trust,
    list_class_trust,
    say_class_trust,
    say_class_verdict,
    say_counts,
)
from cbam_viz.studies.trust_words import say_number, say_test
from tests.studies.hand_made import build, labelled_bursts


@pytest.fixture(scope="module")
def trace():
    """A gate that matters where there is the tone."""
    network = build(8.0, seed=1, weight=8.0)
    return examine_set(network, labelled_bursts(network, 1, loud=1.5))


def test_a_verdict_is_one_sentence_with_its_numbers(trace):
    """The loss with its interval, the correlations beside both controls, and the corrected p."""
    verdict = next(each for each in trace.verdicts if each.label == "tone")
    moved, zero = (trace.score(name, "block 1", "tone") for name in ("shift_spatial_margin", "pointing_zero"))
    said = say_class_verdict(trace, verdict)

    assert said.startswith("Block 1, tone: the gate matters and points at what the diagnosis rests on; with the gate")
    assert f"loses {say_number(moved.value)} logits (95 %: {say_number(moved.low)} to {say_number(moved.high)})" in said
    assert f"ρ = {say_number(zero.value)} (moved: {say_number(zero.control)}; envelope: " in said
    assert said.endswith(
        f"; the weakest of the tests that must agree, {say_test(verdict.weakest)}: corrected p {verdict.p_holm:.2g}."
    )


def test_the_p_of_a_verdict_is_that_of_its_weakest_test(trace):
    """Of moving the gate and of what it points at; where they lie on different sides there is none, and it is said."""
    for verdict in trace.verdicts:
        names = ("shuffle_spatial_margin", "shift_spatial_margin", "pointing_zero", "pointing_noise")
        own = [trace.score(name, verdict.block, verdict.label) for name in names]
        assert len({score.value > score.control for score in own}) == (1 if verdict.weakest else 2)
        if verdict.weakest:
            assert verdict.p == max(score.p for score in own)
            assert trace.score(verdict.weakest, verdict.block, verdict.label).p == verdict.p
    split = replace(trace.verdicts[0], weakest="", p_holm=1.0)

    assert say_class_verdict(trace, split).endswith(
        "; corrected p 1, for the tests that must agree lie on different sides of their controls."
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"reach": 0.75, "witnesses": 5, "needed": 9}, "too few for 3 verdicts at once: 5, and 9 would do;"),
        ({"named": 4}, "only 4 of 9 recordings or specimens are named as their class;"),
        ({}, "the tests do not agree surely enough over 9 recordings or specimens;"),
    ],
    ids=["few", "misnamed", "disagree"],
)
def test_what_is_lacking_is_said(trace, change, reason):
    """In the place of the verdict, with the number that would do."""
    verdict = replace(trace.verdicts[0], code="not_enough", **change)
    said = say_class_verdict(trace, verdict)

    assert said.startswith("Block 1, tone: not enough evidence, for ")
    assert reason in said


def test_the_whole_counts_every_verdict(trace):
    """Those of all blocks and classes, then the blocks over all classes together."""
    said = say_class_trust(trace)

    assert said.startswith("3 verdicts, one a block and class: ")
    assert "Block 1, all classes: " in said


def test_classes_with_too_few_are_named(trace):
    """With how many there are, and how many would do; nobody where there are enough."""
    few = tuple(replace(each, reach=0.75, witnesses=4) if each.label == "tone" else each for each in trace.verdicts)

    assert "Too few" not in say_counts(trace)
    assert say_counts(replace(trace, verdicts=few)).endswith(
        f"Too few recordings or specimens for any verdict but “does not matter”: tone (4); {few[0].needed} would do."
    )


def test_a_set_that_was_thinned_says_so(trace):
    """How many windows were looked at, and only where not all of them were."""
    assert "Looked at" not in caption_class_trust(trace)
    assert caption_class_trust(replace(trace, windows=(10, 40))).endswith("Looked at: 10 of 40 windows.")


def test_the_table_has_a_row_a_verdict(trace):
    """Named by block and class."""
    table = list_class_trust(trace)

    assert [row[0] for row in table.rows] == ["block 1, Tone", "block 1, No tone", "block 1, All classes"]
    assert {len(row) for row in table.rows} == {len(table.heads)}


def test_every_gate_with_a_verdict_is_named(trace):
    """Beside the count, block and classes, even of classes that have too few recordings for any other verdict."""
    still = tuple(replace(each, code="no_matter", reach=0.75, witnesses=4) for each in trace.verdicts)
    none = tuple(replace(each, code="not_enough") for each in trace.verdicts)

    assert say_counts(replace(trace, verdicts=still)).startswith(
        "3 verdicts, one a block and class: does not matter 3 (block 1: tone, no tone, all classes)."
    )
    assert say_counts(replace(trace, verdicts=none)) == ("3 verdicts, one a block and class: not enough evidence 3.")
