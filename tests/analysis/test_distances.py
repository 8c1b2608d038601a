"""Distances between classes: laws of a distance, an independent calculation, and what it is divided by."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial import distance

from cbam_viz.analysis.distances import cosine_distances, trace_distances
from cbam_viz.attention.record import join_records
from cbam_viz.network.config import BlockConfig

MEASURES = pytest.mark.parametrize("measure", ["euclidean", "cosine"])
RECORDINGS = [("a", "one", 2), ("b", "two", 3), ("c", "six", 1), ("a", "three", 3), ("b", "four", 2), ("b", "two", 2)]


def relabel(labelled, names):
    """The same set with other labels of its recordings."""
    return replace(
        labelled, members=tuple(replace(each, label=names.get(each.label, each.label)) for each in labelled.members)
    )


@MEASURES
def test_swapping_two_classes_permutes_the_matrices(make_set, measure):
    """Every matrix has its rows and columns exchanged, and nothing else changes."""
    labelled = make_set(RECORDINGS)
    swapped = trace_distances(relabel(labelled, {"a": "b", "b": "a"}), measure=measure)

    for before, after in zip(trace_distances(labelled, measure=measure).matrices, swapped.matrices, strict=True):
        np.testing.assert_allclose(after.values, before.values[np.ix_([1, 0, 2], [1, 0, 2])], atol=1e-12)
        assert (after.space, after.ruler) == (before.space, before.ruler)


@MEASURES
@pytest.mark.parametrize("block", [None, 0, 2])
def test_distances_are_distances(make_set, measure, block):
    """Symmetric, zero on the diagonal and nowhere else, and never negative."""
    for matrix in trace_distances(make_set(RECORDINGS), block, measure).matrices:
        np.testing.assert_array_equal(matrix.values, matrix.values.T)
        assert not np.diag(matrix.values).any()
        assert np.all(matrix.values[~np.eye(3, dtype=bool)] > 0)


@MEASURES
def test_a_set_compared_with_itself_has_no_distance(make_set, measure):
    """Two classes with the same records lie at the same place in every space."""
    once = make_set([("a", "one", 2), ("a", "two", 3)])
    twice = replace(
        once,
        classes=once.card.classes[:2],
        members=(*once.members, *(replace(each, label="b") for each in once.members)),
        record=join_records([once.record, once.record]),
    )

    trace = trace_distances(twice, measure=measure)
    assert [matrix.space for matrix in trace.matrices] == ["channel", "logits", "envelope"]
    for matrix in trace.matrices:
        np.testing.assert_array_equal(matrix.values, np.zeros((2, 2)))


def witnesses_of_channels(labelled):
    """Deviation of M_c of the second block, one row a witness, by a plain loop: classes a, b, c."""
    gates = labelled.record.blocks[1].channel_attention - np.array(labelled.card.reference[1].channel_mean)
    recordings = np.split(gates, labelled.starts[1:-1])
    means = [each.mean(axis=0) for each in recordings]
    return [[means[0], means[3]], [(means[1] + means[5]) / 2, means[4]], [means[2]]]


def test_euclidean_distances_are_in_spreads(make_set):
    """The distance of class means over the root mean square distance of witnesses from their class, with n - 1."""
    labelled = make_set(RECORDINGS)
    classes = witnesses_of_channels(labelled)
    means = [np.mean(each, axis=0) for each in classes]
    squares = sum(np.sum((witness - mean) ** 2) for each, mean in zip(classes, means, strict=True) for witness in each)
    matrix = trace_distances(labelled, 1).matrices[0]

    np.testing.assert_allclose(matrix.values, distance.cdist(means, means) / np.sqrt(squares / 2))
    assert matrix.ruler == "spread"


def test_the_cosine_agrees_with_scipy(make_set):
    """One minus the cosine between class means."""
    labelled = make_set(RECORDINGS)
    means = [np.mean(each, axis=0) for each in witnesses_of_channels(labelled)]
    matrix = trace_distances(labelled, 1, "cosine").matrices[0]

    np.testing.assert_allclose(matrix.values, distance.cdist(means, means, "cosine"), atol=1e-12)
    assert matrix.ruler == "none"


def test_no_direction_is_at_a_right_angle():
    """A class at the data-set mean points nowhere: 1 to all others, 0 to another such."""
    found = cosine_distances(np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 0.0]]))

    np.testing.assert_array_equal(found, [[0, 1, 0], [1, 0, 1], [0, 1, 0]])


def test_a_space_has_no_unit(make_set):
    """Logits ten times as large are as many spreads apart, so that spaces can be set side by side."""
    labelled = make_set(RECORDINGS)
    louder = replace(labelled, record=replace(labelled.record, logits=10 * labelled.record.logits))

    np.testing.assert_allclose(
        trace_distances(louder).matrices[1].values, trace_distances(labelled).matrices[1].values, rtol=1e-5
    )


def test_with_one_witness_a_class_the_mean_distance_is_one(make_set):
    """There is no spread to divide by, and the trace says so."""
    for matrix in trace_distances(make_set([("a", "x", 3), ("b", "x", 2), ("c", "x", 2)])).matrices:
        assert matrix.ruler == "mean"
        assert matrix.values[np.triu_indices(3, 1)].mean() == pytest.approx(1)


def test_classes_that_do_not_differ_are_a_known_distance_apart(make_set):
    """In many channels drawn alike for all classes, sqrt(1/n + 1/m) spreads, for n and m witnesses."""
    labelled = make_set(
        [(label, str(number), 1) for number, label in enumerate("aabbbbcccccccc")],
        blocks=(BlockConfig(channels=4000, kernel=16, stride=8, pool=2),),
    )
    trace = trace_distances(labelled)

    np.testing.assert_allclose(trace.matrices[0].values, trace.by_chance, rtol=0.05)
    assert trace.by_chance[0, 1] == pytest.approx(np.sqrt(1 / 2 + 1 / 4))


def test_one_class_alone_has_no_distance(make_set):
    """One cell, and it is 0."""
    for matrix in trace_distances(make_set([("a", "x", 3)])).matrices:
        assert matrix.values.tolist() == [[0.0]]
