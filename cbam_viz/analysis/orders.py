"""Every map of one window as a relevance of its samples: gates, other methods, and the envelope, their control."""

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.impacts import squared_envelope
from cbam_viz.analysis.segments import spread_positions
from cbam_viz.attention.attribution import Attributions
from cbam_viz.attention.record import AttentionRecord

LOUDNESS = "envelope"
INTEGRATED = "integrated gradients"
OCCLUSION = "occlusion"


def grad_cam_of(block: str) -> str:
    """Name of the order by Grad-CAM on a block's refined features."""
    return f"Grad-CAM {block}"


def hires_cam_of(block: str) -> str:
    """Name of the order by HiResCAM on a block's refined features."""
    return f"HiResCAM {block}"


def gates_of(record: AttentionRecord) -> tuple[str, ...]:
    """Names of the blocks that have a spatial gate, which are the names of the orders by them."""
    return tuple(block.name for block in record.blocks if block.spatial_attention.size)


def measure_envelope(window: NDArray[np.floating]) -> NDArray[np.float64]:
    """Magnitude of the analytic signal without its mean, (T,) array: how loud every sample is."""
    return np.sqrt(squared_envelope(np.asarray(window, np.float64)))


def gather_orders(
    record: AttentionRecord, inputs: NDArray[np.float32], attributions: Attributions | None = None
) -> dict[str, NDArray[np.float64]]:
    """Relevance of every sample by each map, (T,) arrays by name; gates first, under the names of their blocks.

    Parameters
    ----------
    record, inputs : of one window, (1, T).
    attributions : of the same window; None leaves the other methods out.
    """
    samples = inputs.shape[1]
    orders = {
        block.name: spread_positions(block.spatial_attention[0], block.receptive_field, samples)
        for block in record.blocks
        if block.spatial_attention.size
    }
    orders[LOUDNESS] = measure_envelope(inputs[0])
    if attributions is None:
        return orders
    for block, maps in zip(record.blocks, attributions.blocks, strict=True):
        orders[grad_cam_of(block.name)] = spread_positions(maps.grad_cam, block.receptive_field, samples)
        orders[hires_cam_of(block.name)] = spread_positions(maps.hires_cam, block.receptive_field, samples)
    orders[INTEGRATED] = attributions.integrated.astype(np.float64)
    orders[OCCLUSION] = attributions.occlusion.astype(np.float64)
    return orders
