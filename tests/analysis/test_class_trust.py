"""The verdict on a set from values of its witnesses: what each code needs, and that a class is no set of windows."""

import numpy as np
import pytest

from cbam_viz.analysis.class_scores import TESTS
from cbam_viz.analysis.class_trust import ALL_CLASSES, judge_classes
from cbam_viz.analysis.sign_flips import correct_holm, flip_signs

MATTERS = {
    "flatten_spatial_margin": (0.9, 0.8),
    "shuffle_spatial_margin": (1.0, 0.0),
    "shift_spatial_margin": (1.0, 0.0),
    "change_spatial_margin": (1.2, 0.0),
    "pointing_zero": (0.6, 0.0),
    "pointing_noise": (0.4, 0.0),
    "pointing_zero_loudness": (0.6, 0.3),
    "pointing_noise_loudness": (0.4, 0.2),
}


@pytest.fixture
def judged(make_set):
    """Judges a set of so many recordings of each of two classes, all named rightly, from (value, control) by test."""

    def judge(tests, count=12, spread=0.05, seed=0, named=True, machines=None):
        recordings = [(label, f"{label}{number % (machines or count)}", 1) for label in "ab" for number in range(count)]
        labelled = make_set(recordings)
        right = labelled.labels if named else 1 - labelled.labels
        labelled.record.probabilities[:] = np.eye(3)[right[labelled.member_of]]
        values = np.zeros((len(labelled.members), 3, len(TESTS), 2))
        for name, pair in tests.items():
            values[:, :, TESTS.index(name)] = pair
        values[..., 0] += np.random.default_rng(seed).normal(0, spread, values.shape[:-1])
        return judge_classes(labelled, labelled.witness_means(values), "All classes", (24, 24))

    return judge


def codes(trace):
    """Every code that was given."""
    return {verdict.code for verdict in trace.verdicts}


def changed(**tests):
    """What matters, but for some tests."""
    return MATTERS | tests


@pytest.mark.parametrize(
    ("tests", "code"),
    [
        (MATTERS, "matters"),
        (changed(pointing_zero_loudness=(0.6, 0.6)), "loud"),
        (changed(pointing_noise_loudness=(0.4, 0.9)), "loud"),
        (changed(pointing_noise=(0.0, 0.0)), "not_enough"),
        (changed(shift_spatial_margin=(0.1, 0.0)), "not_enough"),
        (changed(shuffle_spatial_margin=(-1.0, 0.0)), "not_enough"),
        ({name: (-value, control) for name, (value, control) in MATTERS.items()} | {"change_spatial_margin": (1.2, 0)},
         "inverted"),
        (changed(change_spatial_margin=(-0.1, 0.0)), "no_matter"),
        ({"change_spatial_margin": (1.2, 0.0)}, "not_enough"),
    ],
)  # fmt: skip
def test_a_code_needs_all_of_its_tests(judged, tests, code):
    """Where one of them says nothing or the other side, there is no such verdict."""
    assert codes(judged(tests)) == {code}


def test_too_few_recordings_are_not_enough(judged):
    """However large the effect: what is missing is said in numbers, and with them it is there."""
    trace = judged(MATTERS, count=5)
    of_class = [verdict for verdict in trace.verdicts if verdict.label != ALL_CLASSES]

    assert {verdict.code for verdict in of_class} == {"not_enough"}
    assert {verdict.reach for verdict in of_class} == {len(trace.verdicts) * 2 / 2**5}
    needed = of_class[0].needed
    assert codes(judged(MATTERS, count=needed)) == {"matters"}
    assert "not_enough" in codes(judged(MATTERS, count=needed - 1))


def test_recordings_of_one_bearing_are_one_witness(judged):
    """Twelve recordings of three bearings say as little as three."""
    trace = judged(MATTERS, count=12, machines=3)

    assert {verdict.witnesses for verdict in trace.verdicts} == {3, 6}
    assert codes(trace) == {"not_enough"}


def test_a_class_that_is_not_named_has_no_diagnosis_to_matter_to(judged):
    """Where the network names the other class throughout, no gate matters."""
    trace = judged(MATTERS, named=False)

    assert codes(trace) == {"not_enough"}
    assert {verdict.named for verdict in trace.verdicts} == {0}


def test_scores_are_means_with_their_interval_and_p(judged):
    """By hand: mean, Student's interval of the difference, p by flipped signs, and Holm over all blocks and classes."""
    trace = judged(MATTERS, spread=0.5)
    rows = [score for score in trace.scores if score.name == "pointing_zero"]

    assert len(rows) == 3 * 3
    assert [row.p_holm for row in rows] == pytest.approx(correct_holm(np.array([row.p for row in rows])))
    row = trace.score("pointing_zero", "block 1", "a")
    assert row.low < row.value < row.high
    assert (row.low + row.high) / 2 == pytest.approx(row.value)
    assert row.control == 0
    assert row.p == flip_signs(np.array([[1.0]] * 3))[0] or row.p < 0.25


def test_one_witness_has_no_interval(judged):
    """Nor any p below 1."""
    trace = judged(MATTERS, count=1)

    assert all(np.isnan(score.low) for score in trace.scores if score.label == "a")
    assert all(score.p == 1 for score in trace.scores if score.label == "a")


def test_chance_seldom_gets_a_verdict(judged):
    """Values that differ from their controls by chance alone: at most one set of 20 gets one."""
    nothing = {"change_spatial_margin": (5.0, 0.0)}
    assert sum(codes(judged(nothing, spread=1.0, seed=seed)) != {"not_enough"} for seed in range(20)) <= 1


def test_a_block_without_a_spatial_gate_has_no_verdict(judged):
    """The third block of the set has M_c alone."""
    trace = judged(MATTERS)

    assert trace.blocks == ("block 1", "block 2")
    assert {verdict.block for verdict in trace.verdicts} == {"block 1", "block 2"}


def test_only_what_the_network_knows_is_tested(make_set):
    """A class of no network has no logit to lose; alone with one other there is no row of all."""
    labelled = make_set([("a", "m", 1), ("x", "n", 1)])
    trace = judge_classes(labelled, np.zeros((2, 3, len(TESTS), 2)), "All classes", (1, 2))

    assert trace.classes == (("a", "healthy"),)
