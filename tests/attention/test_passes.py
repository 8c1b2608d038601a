"""Passes with gates held: what is held is used, what is not is computed, and nothing of it stays."""

import numpy as np
import pytest
import torch
from threadpoolctl import threadpool_limits

from cbam_viz.attention.passes import OWN_GATES, HeldGates, probabilities, run_passes
from cbam_viz.attention.record import record_attention


def recorded(record):
    """All gates of a record, to be held."""
    return [
        HeldGates(
            block.channel_attention if block.channel_attention.size else None,
            block.spatial_attention if block.spatial_attention.size else None,
        )
        for block in record.blocks
    ]


def own(network):
    """Nothing to hold in any block but the first."""
    return [OWN_GATES] * (len(network.model.blocks) - 1)


def test_holding_what_was_recorded_changes_nothing(network, windows):
    """A network whose gates are held at their own values says what it said."""
    record = record_attention(network, windows[:70])

    np.testing.assert_allclose(run_passes(network, windows[:70], recorded(record)), record.logits, rtol=0, atol=1e-6)


def test_a_pass_without_held_gates_is_the_record(network, windows):
    """Logits of a plain pass are those of the record, bit for bit."""
    np.testing.assert_array_equal(run_passes(network, windows[:70]), record_attention(network, windows[:70]).logits)
    np.testing.assert_allclose(probabilities(run_passes(network, windows[:3])).sum(axis=1), 1, rtol=1e-6)


def test_one_window_under_many_gates_is_each_alone(network, windows):
    """One window with P rows of held gates gives P passes, each as if it were alone."""
    rng = np.random.default_rng(0)
    positions = record_attention(network, windows[:1]).blocks[0].spatial_attention.shape[1]
    gates = rng.random((67, positions), dtype=np.float32)
    held = [HeldGates(spatial=gates), *own(network)]
    alone = [run_passes(network, windows[:1], [HeldGates(spatial=gates[[each]]), *held[1:]])[0] for each in (0, 63, 66)]

    np.testing.assert_allclose(run_passes(network, windows[:1], held)[[0, 63, 66]], alone, rtol=0, atol=1e-6)


def test_a_gate_that_is_not_there_can_be_held(network, windows):
    """Holding what a block does not have changes no pass, and every pass is given."""
    held = [*own(network)[:2], HeldGates(spatial=np.zeros((70, 1), np.float32)), *own(network)[:2]]
    logits = run_passes(network, windows[:1], held)

    expected = np.repeat(run_passes(network, windows[:1]), 70, axis=0)
    np.testing.assert_allclose(logits, expected, rtol=0, atol=1e-6)


def test_held_gates_are_recorded_and_used(network, windows):
    """A gate held at zero lets nothing through: whatever the window, what follows it is the same."""
    held = [HeldGates(spatial=np.zeros((1, 1), np.float32)), *own(network)]
    record = record_attention(network, windows[:5], held=held)

    assert record.blocks[0].spatial_attention.max() == 0
    np.testing.assert_allclose(record.logits, np.broadcast_to(record.logits[:1], record.logits.shape), atol=1e-6)


def test_threads_change_no_number(network, windows):
    """Two threads record what one does, bit for bit."""
    records = []
    for threads in (1, 2):
        with threadpool_limits(threads, user_api="openmp"):
            records.append(record_attention(network, windows))

    np.testing.assert_array_equal(records[0].logits, records[1].logits)


def test_rows_that_fit_no_pass_are_refused(network, windows):
    """Three windows can't be run under two gates."""
    held = [HeldGates(spatial=np.ones((2, 1), np.float32)), *own(network)]
    with pytest.raises(ValueError, match="a row a pass"):
        run_passes(network, windows[:3], held)


def test_a_pass_keeps_to_its_own_thread(network, windows):
    """While torch runs a pass it has one thread, and afterwards its caller has as many as before."""
    before, seen = torch.get_num_threads(), []
    held = [HeldGates(spatial=np.ones((1, 1), np.float32)), *own(network)]
    hook = network.model.linear.register_forward_hook(lambda *_: seen.append(torch.get_num_threads()))
    try:
        run_passes(network, windows[:70], held)
    finally:
        hook.remove()

    assert set(seen) == {1}
    assert torch.get_num_threads() == before
