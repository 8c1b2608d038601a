"""Passes with a gate replaced: what would the network have said had this gate not moved?"""

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import softmax

from cbam_viz.attention.record import AttentionRecord
from cbam_viz.network.checkpoint import Network
from cbam_viz.network.model import NO_GATES


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
    gate = torch.from_numpy(record.blocks[block].spatial_attention.mean(axis=1))[:, None, None]  # (N, 1, 1)
    held = [NO_GATES] * len(record.blocks)
    held[block] = NO_GATES._replace(spatial=gate)
    with torch.inference_mode():
        logits = network.model.attend(torch.from_numpy(inputs), held).logits
    return softmax(logits.numpy(), axis=1)
