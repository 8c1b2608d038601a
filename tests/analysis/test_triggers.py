"""The moments by which gates are aligned: where they come from, and what stands for chance."""

import numpy as np
import pytest

from cbam_viz.analysis.triggers import RIGHT, WRONG, find_triggers
from cbam_viz.datasets.simulated import simulate_classes
from cbam_viz.physics.simulate import Operation
from cbam_viz.studies.compare import compare

DRAWS = 19


@pytest.fixture(scope="module")
def simulated():
    """One simulated machine of each class."""
    return compare(simulate_classes(5_000, 1, Operation(seconds=1.5)), "bearing-sim-4").labelled


def test_a_simulation_is_aligned_by_its_true_impacts(simulated):
    """They are those of the simulation, moment by moment."""
    found, left_out = find_triggers(simulated, "impacts", DRAWS, 0)
    struck = [each for each in found if len(simulated.members[each.member].windows.impacts)]

    assert len(struck) == 3
    for each in struck:
        np.testing.assert_array_equal(each.own, simulated.members[each.member].windows.impacts)
    assert len(found) + len(left_out) == len(simulated.members)


def test_random_moments_are_as_many_as_the_impacts(simulated):
    """In every draw, and none of them outside of the windows."""
    for each in find_triggers(simulated, "impacts", DRAWS, 0)[0]:
        windows = simulated.members[each.member].windows
        assert len(each.by_chance) == DRAWS
        for moments in each.by_chance:
            assert len(moments) == len(each.own)
            assert windows.starts[0] <= moments.min() < moments.max() < windows.starts[-1] + 2048


def test_periods_are_near_the_fault_and_wrong_ones_are_not(simulated):
    """Each found within 3 % of what was sought: the fault's own, or one between 0.62 and 1.6 of it but not about 1."""
    for each in find_triggers(simulated, "period", DRAWS, 0)[0]:
        shares = np.array([each.period / np.median(np.diff(moments)) for moments in (each.own, *each.by_chance)])
        assert shares[0] == pytest.approx(1, abs=0.031)
        assert len(shares) == 1 + DRAWS
        assert (np.abs(shares[1:] - 1) > RIGHT - 0.04).all()
        assert (shares[1:] > WRONG[0] * 0.97).all()
        assert (shares[1:] < WRONG[1] * 1.031).all()


@pytest.mark.parametrize("by", ["impacts", "period"])
def test_a_seed_gives_the_same_moments(simulated, by):
    """Another seed gives the same triggers with others by chance."""
    (one, *_), (again, *_), (other, *_) = (find_triggers(simulated, by, 3, seed)[0] for seed in (0, 0, 1))

    np.testing.assert_array_equal(one.own, other.own)
    for first, second, third in zip(one.by_chance, again.by_chance, other.by_chance, strict=True):
        np.testing.assert_array_equal(first, second)
        assert len(first) != len(third) or (first != third).any()
