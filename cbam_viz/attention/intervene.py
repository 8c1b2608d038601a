"""Passes with a gate replaced: what would the network have said had this gate not moved?"""

import numpy as np
from numpy.typing import NDArray

from cbam_viz.attention.passes import OWN_GATES, HeldGates, probabilities, run_passes
from cbam_viz.attention.record import AttentionRecord
from cbam_viz.network.checkpoint import Network


def flatten_spatial(
    network: Network, inputs: NDArray[np.float32], record: AttentionRecord, block: int
) -> NDArray[np.float32]:
    """Probabilities with one block's M_s held at its own mean over time, (N, K) array.

    The uniform-weights test of Wiegreffe & Pinter 2019 (arXiv 1908.04626): a gate that can be flattened without
    consequence did not matter here.

    Parameters
    ----------
    network, inputs : as they were recorded, (N, T).
    record : of these inputs.
    block : whose gate is flattened; later blocks' gates are computed anew.
    """
    held = [OWN_GATES] * len(record.blocks)
    held[block] = HeldGates(spatial=record.blocks[block].spatial_attention.mean(axis=1, keepdims=True))
    return probabilities(run_passes(network, inputs, held))
