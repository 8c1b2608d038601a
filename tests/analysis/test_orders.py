"""Every map of a window is a relevance of its samples under a name of its own."""

import numpy as np
import pytest

from cbam_viz.analysis.orders import gates_of, gather_orders, measure_envelope
from cbam_viz.attention.attribution import attribute_window
from cbam_viz.attention.record import record_attention
from cbam_viz.network.checkpoint import read_network


def test_the_envelope_of_a_tone_is_its_amplitude():
    """A tone of whole turns has the same loudness everywhere, with or without an offset."""
    tone = 3 * np.sin(2 * np.pi * 20 * np.arange(512) / 512)

    np.testing.assert_allclose(measure_envelope(tone), 3, rtol=1e-5)
    np.testing.assert_allclose(measure_envelope(tone + 100), 3, rtol=1e-5)


def test_all_maps_are_there_once():
    """Gates first, then the envelope, two maps a block, and the two methods that need no block."""
    network = read_network("mfpt-3")
    inputs = np.random.default_rng(0).normal(size=(1, 2048)).astype(np.float32)
    record = record_attention(network, inputs)
    orders = gather_orders(record, inputs, attribute_window(network, inputs, 0))

    assert list(orders)[:4] == ["block 1", "block 2", "block 3", "envelope"]
    assert len(orders) == 3 + 1 + 2 * 3 + 2
    assert {values.shape for values in orders.values()} == {(2048,)}
    assert list(gather_orders(record, inputs)) == ["block 1", "block 2", "block 3", "envelope"]
    np.testing.assert_array_equal(orders["block 2"], np.repeat(record.blocks[1].spatial_attention[0], 16))


def test_a_block_without_a_gate_has_no_order_by_it(make_scene):
    """Of three blocks the third has no spatial gate, so it is none of the gates."""
    record = make_scene().record.only(0)

    assert gates_of(record) == ("block 1", "block 2")
    assert list(gather_orders(record, np.random.default_rng(0).normal(size=(1, 256)))) == [
        *gates_of(record),
        "envelope",
    ]


@pytest.mark.parametrize("factor", [1e-3, 1e3])
def test_loudness_grows_with_the_signal(factor):
    """Twice the signal is twice as loud."""
    noise = np.random.default_rng(0).normal(size=300)

    np.testing.assert_allclose(measure_envelope(factor * noise), factor * measure_envelope(noise), rtol=1e-4)
