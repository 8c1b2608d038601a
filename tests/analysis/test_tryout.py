"""Before and after stand on one scale."""

import numpy as np
import pytest

from cbam_viz.analysis.edits import read_edits
from cbam_viz.analysis.pair import Side
from cbam_viz.analysis.tryout import trace_tryout


@pytest.fixture
def sides(make_scene):
    """A window, another one in place of what it was edited to, and the card."""
    before, after = make_scene(seed=1), make_scene({20: 5.0}, seed=2)
    return Side("", before.record, before.windows, 2, "g"), Side("", after.record, after.windows, 0, "g"), before.card


def test_every_block_has_one_range(sides):
    """Also where each map had its own: it holds both."""
    before, after, card = sides
    for scale in ("usual", "unit", "map"):
        trace = trace_tryout(before, after, card, 0, (), scale)
        for one, other in zip(trace.before.strips, trace.after.strips, strict=True):
            assert (one.low, one.high) == (other.low, other.high)
            if scale == "map":
                assert one.low == min(one.gate.min(), other.gate.min())
                assert one.high == max(one.gate.max(), other.gate.max())


def test_the_axis_holds_both_signals(sides):
    """From the lowest to the highest sample of either."""
    trace = trace_tryout(*sides, 1)

    assert trace.reach[1] == 5.0
    assert trace.reach[0] == min(trace.before.waveform.min(), trace.after.waveform.min())


def test_probabilities_are_those_of_the_windows(sides):
    """Before from the third window, after from the first of the other; a window beside itself does not move."""
    before, after, card = sides
    trace = trace_tryout(before, after, card, 0)

    np.testing.assert_array_equal(trace.before_share, before.record.probabilities[2])
    np.testing.assert_array_equal(trace.after_share, after.record.probabilities[0])
    assert trace_tryout(before, before, card, 0).most_moved == 0 < trace.most_moved


def test_masks_are_marked_where_they_are(sides):
    """In ms, and no farther than the window, which lasts 128 ms here."""
    trace = trace_tryout(*sides, 0, read_edits("mask:10-20;notch:100-200;mask:100-500"))

    assert trace.masked == ((10.0, 20.0), (100.0, pytest.approx(128.0)))
