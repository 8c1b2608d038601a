"""What separates the classes: the closed form, the grouping that stops a leak, and the control that stops a wish."""

from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.analysis.separation import PENALTY, Separation, name_unmet, shuffle_within, trace_separation

CROSSED = [(label, f"machine {number}", 6) for number in range(4) for label in "abc"]


def with_gates(labelled, values):
    """The set with these values in the first channels of the first block; all other gates say nothing."""
    gates = [np.full_like(block.channel_attention, 0.5) for block in labelled.record.blocks]
    gates[0][:, : values.shape[1]] = values
    blocks = (replace(block, channel_attention=gate) for block, gate in zip(labelled.record.blocks, gates, strict=True))
    return replace(labelled, record=replace(labelled.record, blocks=tuple(blocks)))


def score_of(trace, space="channel"):
    """The score of one space."""
    return next(score for score in trace.scores if score.space == space)


def test_the_closed_form_agrees_with_a_fit_fold_by_fold():
    """Scikit-learn's ridge classifier, refitted in every fold and for every labelling, names every window the same."""
    from sklearn.linear_model import RidgeClassifier
    from sklearn.preprocessing import StandardScaler

    rng = np.random.default_rng(0)
    witness = np.repeat(np.arange(12), rng.integers(3, 9, 12))
    weight = 1 / np.bincount(witness)[witness]
    fold = np.tile([0, 1, 2, -1], 3)
    labels = np.stack([rng.permutation([0, 1, 2] * 4) for _ in range(4)])
    values = rng.normal(size=(len(witness), 7)) + 0.3 * labels[0, witness, None] + 5
    named = name_unmet(values, witness, weight, fold, labels)

    for each in range(3):
        learnt = (fold[witness] >= 0) & (fold[witness] != each)
        unmet = fold[witness] == each
        scaler = StandardScaler().fit(values[learnt], sample_weight=weight[learnt])
        for way, labelling in enumerate(labels):
            ridge = RidgeClassifier(alpha=PENALTY * weight[learnt].sum())
            ridge.fit(scaler.transform(values[learnt]), labelling[witness][learnt], sample_weight=weight[learnt])
            np.testing.assert_array_equal(named[unmet, way], ridge.predict(scaler.transform(values[unmet])))
    assert np.all(named[fold[witness] == -1] == -1)


def test_a_planted_channel_is_found(make_set):
    """One channel that tells the classes apart gives all windows rightly; shuffled labels give chance."""
    labelled = make_set(CROSSED)
    rng = np.random.default_rng(0)
    classes = labelled.labels[labelled.member_of]
    planted = np.stack([classes == 0, classes == 1, rng.random(len(classes))], axis=1) * 0.4 + rng.normal(
        0, 0.02, (len(classes), 3)
    )
    score = score_of(trace_separation(with_gates(labelled, planted)))

    assert score.accuracy == 1
    np.testing.assert_array_equal(score.recalls, [1, 1, 1])
    assert score.shuffled.mean() == pytest.approx(1 / 3, abs=0.06)
    assert score.p <= 0.02


def test_what_marks_a_recording_is_not_taken_for_its_class(make_set):
    """A signature of every recording leaks when windows are dealt into folds one by one; by witness it is chance."""
    labelled = make_set([(label, f"{label} {number}", 10) for number in range(10) for label in "ab"])
    rng = np.random.default_rng(3)
    signatures = rng.random((len(labelled.members), 4))[labelled.member_of]
    marked = with_gates(labelled, signatures + rng.normal(0, 0.01, signatures.shape))
    values = np.concatenate(
        [signatures[:, :4], np.square(signatures), np.sin(7 * signatures), np.cos(19 * signatures)], 1
    )
    windows, classes = np.arange(len(values)), labelled.labels[labelled.member_of]

    def share(witness, fold, labels, weight):
        named = name_unmet(values, witness, weight, fold, labels[None])[:, 0]
        return np.mean(named == classes)

    leaky = share(windows, rng.integers(0, 5, len(values)), classes, np.ones(len(values)))
    witness = labelled.witness_of[labelled.member_of]
    grouped = share(witness, np.arange(20) % 5, labelled.witness_labels, np.full(len(values), 0.1))

    assert leaky > 0.85
    assert grouped < 0.65
    score = score_of(trace_separation(marked))
    assert score.band[0] <= score.accuracy <= score.band[1]


def test_chance_is_rarely_taken_for_a_finding(make_set):
    """Over 100 seeded sets in which nothing tells the classes apart, p is 0.05 or less about five times."""
    labelled = make_set([(label, f"{label}{number}", 2) for number in range(4) for label in "ab"], window=64)
    witness = labelled.witness_of[labelled.member_of]
    found = 0
    for seed in range(100):
        gates = np.random.default_rng(seed).random((8, 4))[witness]
        found += score_of(trace_separation(with_gates(labelled, gates), permutations=39, seed=seed)).p <= 0.05

    assert found <= 12  # of a binomial with 0.05, 99.8 % lie there


def test_duplicating_every_window_changes_no_accuracy(make_set):
    """A witness counts once, however many windows it has."""
    short = make_set(CROSSED)
    long = make_set([(label, machine, 2 * count) for label, machine, count in CROSSED])
    values = np.random.default_rng(0).random((len(short.record), 4)) + 0.2 * short.labels[short.member_of, None]
    twice = np.concatenate([np.tile(each, (2, 1)) for each in np.split(values, short.starts[1:-1])])
    one, two = (score_of(trace_separation(with_gates(*each))) for each in ((short, values), (long, twice)))

    assert two.accuracy == pytest.approx(one.accuracy, abs=1e-6)
    np.testing.assert_allclose(two.shuffled, one.shuffled, atol=1e-6)


def test_swapping_two_classes_swaps_their_recalls(make_set):
    """And changes no accuracy."""
    labelled = make_set(CROSSED)
    names = {"a": "b", "b": "a", "c": "c"}
    swapped = replace(labelled, members=tuple(replace(each, label=names[each.label]) for each in labelled.members))

    for before, after in zip(trace_separation(labelled).scores, trace_separation(swapped).scores, strict=True):
        assert after.accuracy == pytest.approx(before.accuracy)
        np.testing.assert_allclose(after.recalls, before.recalls[[1, 0, 2]], atol=1e-6)


def test_labels_are_shuffled_within_folds():
    """Every fold keeps as many of each class as it has; the first labelling is the true one; a seed gives the same."""
    labels, fold = np.repeat([0, 1, 2], 6), np.tile([0, 1, 2], 6)
    found = shuffle_within(labels, fold, 50, seed=4)

    np.testing.assert_array_equal(found[0], labels)
    for each in range(3):
        own = np.sort(found[:, fold == each], axis=1)
        np.testing.assert_array_equal(own, np.broadcast_to(own[0], own.shape))
    np.testing.assert_array_equal(found, shuffle_within(labels, fold, 50, seed=4))
    assert len(np.unique(found, axis=0)) > 40


def test_a_bearing_measured_in_every_class_is_met_in_none(make_set):
    """Its witnesses are in one fold: what marks the machine can't be learnt in one class and refuted in another."""
    labelled = make_set(CROSSED)
    rng = np.random.default_rng(0)
    machines = np.array([int(member.machine[-1]) for member in labelled.members])[labelled.member_of]
    values = np.eye(4)[machines] * 0.3 + rng.normal(0, 0.01, (len(machines), 4))
    score = score_of(trace_separation(with_gates(labelled, values)))

    # Split over folds, the machine would be learnt as one of its other classes and never named rightly.
    assert 0.15 < score.accuracy < 0.55


@pytest.mark.parametrize("alone", ["b", "z"])
def test_a_class_with_one_witness_is_left_out(make_set, alone):
    """Nothing of it can be both learnt and tested; the others are told apart without it, as if it were not there."""
    recordings = [(label, f"{label} {number}", 4) for number in range(5) for label in "ac"]
    labelled = make_set([*recordings, (alone, "alone", 5)])
    right = 0.4 * (labelled.labels == labelled.labels[0])[labelled.member_of]
    trace = trace_separation(with_gates(labelled, 0.3 + right[:, None]))

    assert len(trace.left_out) == 1
    assert trace.classes == ("healthy", "outer race")
    assert trace.chance == pytest.approx(1 / 2)
    assert score_of(trace).accuracy == 1
    np.testing.assert_array_equal(score_of(trace).recalls, [1, 1])


def test_a_bearing_is_never_both_learnt_and_tested(make_set):
    """Where the classes share some bearings and not others, what marks a bearing neither helps nor misleads."""
    found = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        machines = [("a", number) for number in range(5)] + [("b", number) for number in range(1, 6)]
        labelled = make_set([(label, f"m{number}", 3) for label, number in machines], window=64)
        marks = rng.normal(0.5, 0.1, (6, 6))
        values = marks[[number for _label, number in machines]][labelled.member_of] + rng.normal(0, 0.01, (30, 6))
        found.append(score_of(trace_separation(with_gates(labelled, values[:, :4]), permutations=1)).accuracy)

    assert 0.35 < np.mean(found) < 0.65


@pytest.mark.parametrize("witnesses", [3, 4, 5, 6])
def test_p_reaches_what_so_few_witnesses_can(make_set, witnesses):
    """Two classes told apart perfectly: p is near the smallest there can be, which the score names."""
    labelled = make_set([(label, f"{label} {number}", 4) for number in range(witnesses) for label in "ab"])
    values = 0.3 + 0.4 * labelled.labels[labelled.member_of, None]
    score = score_of(trace_separation(with_gates(labelled, values), permutations=999))

    assert score.accuracy == 1
    assert score.p == pytest.approx(score.smallest_p, rel=0.35)
    assert (score.smallest_p < 0.05) == (witnesses >= 5)


def test_a_large_set_can_be_shuffled_in_more_ways_than_a_float_holds(make_set):
    """With 1,200 recordings only the number of shufflings bounds p."""
    labelled = make_set([(label, f"{label} {number}", 1) for number in range(600) for label in "ab"], window=64)
    values = 0.3 + 0.4 * labelled.labels[labelled.member_of, None]

    assert score_of(trace_separation(with_gates(labelled, values), permutations=4)).smallest_p == 1 / 5


@pytest.mark.parametrize("recordings", [[("a", "x", 2), ("b", "x", 2)], [("a", "x", 2), ("a", "y", 2), ("b", "x", 2)]])
def test_without_two_classes_there_is_no_number(make_set, recordings):
    """It is no error: the trace holds no score, and says which classes are lacking a witness."""
    trace = trace_separation(make_set(recordings))

    assert (trace.folds, trace.scores) == (0, ())
    assert "inner race" in trace.left_out
    assert np.isnan(trace.chance)


def test_p_counts_the_true_labels_among_the_arrangements():
    """It is never 0: of 9 shufflings 2 do as well, so 3 of 10 arrangements do."""
    shuffled = np.array([0.1, 0.2, 0.2, 0.3, 0.3, 0.4, 0.4, 0.5, 0.9])

    assert Separation("channel", 1, 0.5, np.ones(2), shuffled, 0.1).p == pytest.approx(0.3)
    assert Separation("channel", 1, 1.0, np.ones(2), shuffled, 0.1).p == pytest.approx(0.1)


def test_a_gate_that_the_network_lacks_is_not_scored(make_set):
    """The other spaces are."""
    labelled = make_set(CROSSED)
    blocks = tuple(
        replace(block, channel_attention=np.empty((len(labelled.record), 0), np.float32))
        for block in labelled.record.blocks
    )
    trace = trace_separation(replace(labelled, record=replace(labelled.record, blocks=blocks)), permutations=3)

    assert [score.space for score in trace.scores] == ["spatial", "features", "envelope"]


def test_every_space_of_the_network_is_scored(make_set):
    """Gates, last features, and the envelope that needs no network, each with how many numbers it has."""
    labelled = make_set(CROSSED)
    trace = trace_separation(labelled, permutations=7)

    assert [(score.space, score.numbers) for score in trace.scores] == [
        ("channel", 15), ("spatial", 14), ("features", 5), ("envelope", 8),
    ]  # fmt: skip
    assert all(len(score.shuffled) == 7 for score in trace.scores)
