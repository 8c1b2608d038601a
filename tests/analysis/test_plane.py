"""The plane of all windows: the components of an SVD, the same every time, thinned evenly."""

from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.analysis.plane import principal_plane, thin_evenly, trace_plane

RECORDINGS = [("b", "one", 7), ("a", "two", 9), ("b", "three", 5), ("c", "four", 4)]


def test_the_plane_agrees_with_an_svd():
    """Up to the sign of each axis, the first two left singular vectors times their singular values."""
    values = np.random.default_rng(0).normal(size=(60, 9)) * np.arange(1, 10)
    left, singular, _ = np.linalg.svd(values - values.mean(axis=0), full_matrices=False)
    place, shares = principal_plane(values)

    np.testing.assert_allclose(np.abs(place), np.abs(left[:, :2] * singular[:2]), atol=1e-9)
    np.testing.assert_allclose(shares, singular[:2] ** 2 / np.sum(singular**2))


def test_no_order_of_windows_turns_the_plane():
    """The same windows in another order lie at the same places, signs included."""
    rng = np.random.default_rng(1)
    values = rng.normal(size=(40, 6)) * np.arange(1, 7)
    order = rng.permutation(40)

    np.testing.assert_allclose(principal_plane(values[order])[0], principal_plane(values)[0][order], atol=1e-9)


def test_the_sign_of_an_axis_is_that_of_its_largest_weight():
    """A window with more of the channel that varies most lies to the right."""
    values = np.zeros((5, 3))
    values[:, 1] = [0, 1, 2, 3, 4]
    values[:, 2] = [0, 0, 0.1, 0, 0]
    place, shares = principal_plane(values)

    assert np.all(np.diff(place[:, 0]) > 0)
    assert shares[0] > 0.99


@pytest.mark.parametrize(("values", "shares"), [([[1.0], [2.0]], [1, 0]), ([[1.0, 2.0]] * 3, [np.nan, np.nan])])
def test_what_does_not_vary_lies_at_zero(values, shares):
    """One channel has no second component; windows that are all alike have none, and no share of nothing."""
    place, found = principal_plane(np.array(values))

    np.testing.assert_allclose(found, shares)
    assert not place[:, 1].any()


@pytest.mark.parametrize("block", [None, 1])
def test_windows_lie_where_their_gates_say(make_set, block):
    """Of one block or of all, the deviation from the data-set mean decides, and the trace says which block."""
    labelled = make_set(RECORDINGS)
    chosen = labelled.record.blocks if block is None else labelled.record.blocks[block : block + 1]
    gates = np.concatenate([each.channel_attention for each in chosen], axis=1).astype(np.float64)
    trace = trace_plane(labelled, block)

    np.testing.assert_allclose(trace.place, principal_plane(gates)[0], atol=1e-9)  # a mean moves no direction
    assert trace.block == (None if block is None else "block 2")


def test_a_point_knows_its_window(make_set):
    """Recording, window in it from 1, class, and what the network names it, also where windows are left out."""
    labelled = make_set(RECORDINGS)
    full, some = trace_plane(labelled), trace_plane(labelled, most=12)

    assert some.thinned
    assert not full.thinned
    for place, label, member, window, predicted in zip(
        some.place, some.label, some.member, some.window, some.predicted, strict=True
    ):
        row = labelled.starts[member] + window - 1
        assert labelled.member_of[row] == member
        assert (
            some.classes[label]
            == {"a": "healthy", "b": "inner race", "c": "outer race"}[labelled.members[member].label]
        )
        assert predicted == labelled.record.probabilities[row].argmax()
        np.testing.assert_array_equal(place, full.place[row])


def test_swapping_two_classes_moves_no_point(make_set):
    """Classes play no part in finding the directions."""
    labelled = make_set(RECORDINGS)
    names = {"a": "b", "b": "a", "c": "c"}
    swapped = replace(labelled, members=tuple(replace(each, label=names[each.label]) for each in labelled.members))

    np.testing.assert_array_equal(trace_plane(swapped).place, trace_plane(labelled).place)
    np.testing.assert_array_equal(np.array([1, 0, 2])[trace_plane(swapped).label], trace_plane(labelled).label)


def test_every_class_is_thinned_to_its_share():
    """Evenly from first to last, at least one, and never more than asked for but for that one."""
    label = np.repeat([0, 1, 2], [8000, 2000, 1])
    kept = thin_evenly(label, 1000)
    counts = np.bincount(label[kept])

    assert counts.tolist() == [799, 199, 1]
    for number in (0, 1):
        gaps = np.diff(kept[label[kept] == number])
        assert gaps.max() - gaps.min() <= 1
    assert np.array_equal(thin_evenly(label, 10_001), np.arange(10_001))
