"""Channel attention beside what is usual: nothing lost, nothing mixed up by sorting."""

import numpy as np
import pytest

from cbam_viz.analysis.channels import trace_channels

ORDERS = ("frequency", "deviation", "number")


def test_deviation_is_gate_minus_mean(scene):
    """What is drawn by default is how far M_c lies above its data-set mean."""
    trace = trace_channels(scene.record, scene.card, window=4, block=1, order="number")
    gate, mean = scene.record.blocks[1].channel_attention[4], scene.card.reference[1].channel_mean

    np.testing.assert_allclose(trace.deviation, [float(one) - usual for one, usual in zip(gate, mean, strict=True)])


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("block", [0, 1, 2])
def test_sorting_takes_every_channel_once_with_all_that_is_its(scene, order, block):
    """In any order, channel n comes once and brings its own gate, mean, spread and band."""
    trace = trace_channels(scene.record, scene.card, 3, block, order)
    usual = scene.card.reference[block]

    assert sorted(trace.channel) == list(range(1, len(usual.channel_mean) + 1))
    for place, channel in enumerate(trace.channel - 1):
        assert trace.gate[place] == scene.record.blocks[block].channel_attention[3, channel]
        assert trace.mean[place] == usual.channel_mean[channel]
        assert trace.spread[place] == usual.channel_spread[channel]
        assert tuple(trace.bands_hz[place]) == usual.bands_hz[channel]


def test_orders_sort_by_what_they_say(scene):
    """Peaks rise by frequency, deviations fall by deviation, numbers count by number."""
    by = {order: trace_channels(scene.record, scene.card, 0, 1, order) for order in ORDERS}

    assert np.all(np.diff(by["frequency"].bands_hz[:, 1]) >= 0)
    assert np.all(np.diff(by["deviation"].deviation) <= 0)
    assert by["number"].channel.tolist() == [1, 2, 3, 4, 5, 6]


def test_without_a_window_the_mean_over_all_is_taken(scene):
    """None asks for the whole signal: the mean of M_c over its windows."""
    trace = trace_channels(scene.record, scene.card, None, 0, "number")
    rows = scene.record.blocks[0].channel_attention.astype(np.float64)

    np.testing.assert_allclose(trace.gate, sum(rows) / 6, rtol=1e-12)
