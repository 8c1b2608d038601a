"""A labelled set: windows, recordings and witnesses, and the means that go from one to the next."""

from dataclasses import replace

import numpy as np

from cbam_viz.analysis.labelled import class_means, class_spreads, order_classes
from cbam_viz.network.card import ClassName


def test_a_mean_goes_from_windows_to_recordings_to_witnesses(make_set):
    """A recording counts once however long it is, and a bearing once however often it was recorded."""
    labelled = make_set([("b", "one", 2), ("a", "two", 5), ("b", "one", 1), ("b", "three", 3)])
    values = np.random.default_rng(0).normal(size=(11, 4))
    members = labelled.member_means(values)

    np.testing.assert_allclose(members[1], values[2:7].mean(axis=0))
    assert labelled.witness_labels.tolist() == [0, 1, 1]
    np.testing.assert_allclose(
        labelled.witness_means(members),
        [values[2:7].mean(0), (values[:2].mean(0) + values[7]) / 2, values[8:].mean(0)],
    )
    assert labelled.counts == ((1, 1, 5), (2, 3, 6))


def test_every_recording_knows_its_witness(make_set):
    """Recordings of one bearing in one class are one witness; the number leads to the class."""
    labelled = make_set([("b", "one", 2), ("a", "one", 5), ("b", "one", 1), ("b", "three", 3)])

    assert labelled.witness_of.tolist() == [1, 0, 1, 2]
    assert labelled.witness_labels[labelled.witness_of].tolist() == labelled.labels.tolist()


def test_duplicating_every_window_changes_no_mean(make_set):
    """Twice the same windows are the same recording."""
    labelled = make_set([("a", "one", 2), ("b", "two", 3)])
    values = np.random.default_rng(0).normal(size=(5, 3))
    longer = make_set([("a", "one", 4), ("b", "two", 6)])
    twice = np.concatenate([values[:2], values[:2], values[2:], values[2:]])

    np.testing.assert_allclose(longer.member_means(twice), labelled.member_means(values), atol=1e-15)


def test_one_witness_has_no_spread(make_set):
    """What was seen once says nothing of how much it varies."""
    labels = np.array([0, 1, 1])
    values = np.array([[1.0], [2.0], [4.0]])

    np.testing.assert_allclose(class_means(values, labels, 2), [[1.0], [3.0]])
    np.testing.assert_allclose(class_spreads(values, labels, 2), [[np.nan], [np.sqrt(2)]])


def test_classes_of_the_network_come_first():
    """In its order; what it does not know follows under its own name."""
    known = [ClassName(key, key.upper()) for key in "abc"]

    assert [name.words for name in order_classes(known, ["z", "c", "y", "a", "z"])] == ["A", "C", "z", "y"]


def test_the_windows_of_a_recording_stand_together(make_set):
    """`member_of` says to which recording a window belongs."""
    labelled = make_set([("a", "one", 2), ("b", "two", 3)])

    assert labelled.member_of.tolist() == [0, 0, 1, 1, 1]
    assert len(replace(labelled, members=labelled.members[:1]).member_of) == 2
