"""The rows of the tests are those that gave a number, each on an axis that holds it."""

import math

import pytest

from cbam_viz.analysis.score import Score
from cbam_viz.analysis.trust import GROUPS, stands_out, trace_trust


def test_every_test_with_a_number_has_one_row():
    """What gave none, and other blocks, are left out; a group without rows is, too."""
    names = [name for names in GROUPS.values() for name in names]
    scores = [Score(name, "block 1", 0.5, 0.4, 0.3, 0.6) for name in names if name not in GROUPS["channel"]]
    scores += [Score("flatten_spatial_margin", "block 2", 1.0), Score("mean_channels_margin", "block 1", math.nan)]
    trace = trace_trust(scores, "block 1")

    assert [group.kind for group in trace.groups] == ["spatial", "rank", "share"]
    assert [row.name for group in trace.groups for row in group.rows] == [
        name for name in names if name not in GROUPS["channel"]
    ]


@pytest.mark.parametrize("value", [-7.0, 0.001, 3.0])
def test_an_axis_holds_every_number_and_zero_in_its_middle(value):
    """Whatever the size of a loss, its value, control and band lie inside."""
    (group,) = trace_trust([Score("flatten_spatial_margin", "b", value, 1.0, -2.0, 4.0)], "b").groups

    assert group.low == -group.high
    assert all(group.low < number < group.high for number in (value, 1.0, -2.0, 4.0))


def test_a_drawn_test_stands_out_where_its_band_leaves_the_control():
    """A band of draws lies around its own mean, so the mean never leaves it."""
    assert stands_out(Score("shuffle_spatial_margin", "b", 0.5, 0.0, 0.1, 0.9))
    assert not stands_out(Score("shuffle_spatial_margin", "b", 0.5, 0.0, -0.1, 0.9))
    assert stands_out(Score("deletion_zero", "b", 0.2, 0.5, 0.4, 0.6))
    assert not stands_out(Score("deletion_zero", "b", 0.5))
