"""The curve of a class: every witness counts the same, whatever aligned its gates."""

import numpy as np
import pytest

from cbam_viz.analysis.aligned_class import Folds, average_class, find_partners


def folds(level, draws=3):
    """Gates of a recording that stand at one level, with an empty last cell."""
    row = np.array([level, level + 0.1, np.nan])
    return Folds(row, row - 0.05, row + 1, np.tile(row / 2, (draws, 1)))


def test_every_witness_counts_the_same():
    """Two recordings of one bearing are one witness: levels 0.1 and 0.3 of one, 0.8 of another have the mean 0.5."""
    curve = average_class("a", "b", [folds(0.1), folds(0.3), folds(0.8)], np.array([4, 4, 7]), 12)

    assert (curve.witnesses, curve.recordings, curve.triggers) == (2, 3, 12)
    np.testing.assert_allclose(curve.mean, [0.5, 0.6, np.nan])
    np.testing.assert_allclose(curve.spread[:2], 0.6 / 2**0.5)
    np.testing.assert_allclose(curve.other, curve.mean + 1)
    assert (curve.swing, curve.swing_by_chance) == (pytest.approx(0.1), pytest.approx(0.05))


def test_partners_are_of_the_class_that_follows():
    """Each recording is set beside another class's, one after another; where there is one class, beside its own."""
    labels = np.array([0, 2, 0, 5, 2])

    assert find_partners(labels) == [1, 3, 4, 0, 3]
    assert labels[find_partners(labels)].tolist() == [2, 5, 2, 0, 5]
    assert find_partners(np.array([3, 3])) == [0, 1]
