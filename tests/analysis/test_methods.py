"""A gate and other methods lie on one axis, and are compared segment by segment."""

import numpy as np
import pytest

from cbam_viz.analysis.deletion import trace_deletion
from cbam_viz.analysis.methods import trace_methods
from cbam_viz.analysis.orders import gather_orders
from cbam_viz.analysis.spatial import trace_spatial
from cbam_viz.attention.attribution import attribute_window
from cbam_viz.attention.record import record_attention
from cbam_viz.network.checkpoint import read_network
from cbam_viz.signals.signal import Signal
from cbam_viz.signals.windows import prepare_windows


@pytest.fixture(scope="module")
def traced():
    """Block 2 of a shipped network on noise with strikes; its trace, record and attributions."""
    network = read_network("bearing-sim-4")
    samples = np.random.default_rng(0).normal(size=4096)
    samples[100::150] += 12
    windows = prepare_windows(Signal(samples, network.card.preparation.fs, "struck"), network.card.preparation)
    record, inputs = record_attention(network, windows.inputs), windows.inputs[1:2]
    attributions = attribute_window(network, inputs, 1)
    one = record.only(1)
    deletion = trace_deletion(network, inputs, one, gather_orders(one, inputs, attributions), 0, 5, 50)
    spatial = trace_spatial(record, windows, network.card, 1, 1)
    return trace_methods(spatial, one, inputs, attributions, deletion, "inner race"), one, attributions, deletion


def test_maps_of_a_block_share_the_cells_of_its_gate(traced):
    """Grad-CAM and HiResCAM have a value a cell; all strips cover the same time."""
    trace, _record, attributions, _deletion = traced
    gate = trace.spatial.strips[1]

    np.testing.assert_allclose(trace.strips[0].values, attributions.blocks[1].grad_cam)
    np.testing.assert_allclose(trace.strips[1].values, attributions.blocks[1].hires_cam)
    for strip in trace.strips:
        assert len(strip.edges) == len(strip.values) + 1
        assert (strip.edges[0], strip.edges[-1]) == pytest.approx((gate.edges[0], gate.edges[-1]))
    assert trace.orders == (
        "block 2", "Grad-CAM block 2", "HiResCAM block 2", "integrated gradients", "occlusion", "envelope",
    )  # fmt: skip


def test_nothing_is_lost_in_a_strip(traced):
    """The sum over samples of integrated gradients and of occlusion is that of their cells times their length."""
    trace, _record, attributions, _deletion = traced
    per_sample = trace.spatial.axis.per_sample
    for strip, samples in zip(trace.strips[2:], (attributions.integrated, attributions.occlusion), strict=True):
        lengths = np.diff(strip.edges) / per_sample

        assert strip.values @ lengths == pytest.approx(samples.sum(dtype=np.float64), rel=1e-4, abs=1e-4)
        assert strip.largest == np.abs(strip.values).max()


def test_areas_are_those_of_the_curves(traced):
    """Each map has four areas, the mean over the rounds, beside the mean and the band of random orders."""
    trace, _record, _attributions, deletion = traced
    found = {(each.order, each.kind, each.mask): each for each in trace.areas}

    assert len(found) == len(trace.areas) == len(trace.orders) * 4
    noise = deletion.curves[1]
    row = found["occlusion", "insertion", "noise"]
    assert row.area.value == pytest.approx(noise.areas("insertion")[deletion.orders.index("occlusion")].mean())
    assert row.chance.value == pytest.approx(noise.random_areas.mean())
    assert row.chance.low < row.chance.value < row.chance.high
