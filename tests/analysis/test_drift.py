"""What a network says while parts drift."""

import numpy as np
import pytest

from cbam_viz.analysis.drift import MapTrace, Told, find_changes, read_told, trace_sweep
from cbam_viz.attention.record import record_attention
from cbam_viz.network.checkpoint import read_network

PERCENT = np.linspace(-60, 60, 5)


@pytest.fixture(scope="module")
def network():
    """A shipped network of a circuit."""
    return read_network("sallen-key-9")


@pytest.fixture(scope="module")
def record(network):
    """Four windows, each farther from the nominal response, which is 0 for the network."""
    shape = np.sin(np.arange(network.card.config.window) / 20).astype(np.float32)
    return record_attention(network, np.outer([-1.0, -0.5, 0.0, 0.5], shape).astype(np.float32))


GOOD = np.array([True, True, True, True, False])


def test_changes_lie_between_two_steps_that_went_well():
    """A run that failed is no diagnosis, so a change is looked for across it."""
    changes = find_changes(PERCENT, np.array([2, 2, -1, 0, 1]))

    assert [(each.low, each.high, each.before, each.after) for each in changes] == [(-30, 30, 2, 0), (30, 60, 0, 1)]


def test_a_failed_run_says_nothing(network, record):
    """Its row is empty, and the others are those of the record in their order."""
    told = read_told(record, network.card, GOOD)

    assert told.named.tolist() == [*record.probabilities.argmax(axis=1), -1]
    assert np.isnan(told.probabilities[-1]).all()
    assert np.isnan(told.deviations[-1])
    assert told.probabilities[:4] == pytest.approx(record.probabilities)


def test_only_a_class_that_blames_a_part_tells_a_deviation(network, record):
    """A sound circuit has no part whose deviation could be told."""
    told = read_told(record, network.card, GOOD)
    sound = told.named == 0

    assert np.isnan(told.deviations[sound]).all()
    assert np.isfinite(told.deviations[:4][~sound[:4]]).all()


def test_gates_are_moved_by_nothing_at_their_start(network, record):
    """How far gates lie from those at 0 % is 0 there and more elsewhere."""
    trace = trace_sweep("C1", PERCENT, record, GOOD, network.card, 0)

    assert trace.moved_spatial[2] == trace.moved_channel[2] == 0
    assert np.all(trace.moved_spatial[[0, 1, 3]] > 0)
    assert np.isnan(trace.moved_spatial[-1])
    assert np.isnan(trace.gate[:, -1]).all()
    assert np.array_equal(trace.gate[:, 0], record.blocks[0].spatial_attention[0])
    assert trace.known
    assert not trace_sweep("R4", PERCENT, record, GOOD, network.card, 0).known


def test_a_map_has_its_second_part_up_the_page():
    """Runs change their first part fastest, so a row of the map is one value of the second."""
    told = Told(("a", "b"), ("a", "b"), np.tile([0.7, 0.3], (9, 1)), np.arange(9) % 3 % 2, np.full(9, np.nan))
    trace = MapTrace(("R1", "C1"), np.linspace(-60, 60, 3), told)

    assert trace.named.tolist() == [[0, 1, 0]] * 3
    assert np.all(trace.sureness == 0.7)
