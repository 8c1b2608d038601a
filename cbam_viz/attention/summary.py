"""What is left of hours of attention: of each M_s its mean and its peak, batch by batch; the gate itself is let go."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cbam_viz.attention.passes import attend_batches, probabilities
from cbam_viz.network.checkpoint import Network
from cbam_viz.network.receptive import ReceptiveField
from cbam_viz.signals.windows import Windows


@dataclass(frozen=True, eq=False)
class BlockSummary:
    """The gates of one block, a few numbers a window.

    Parameters
    ----------
    name : such as ``block 1``.
    channel_attention : M_c, (N, C) array; C is 0 where the block has no channel gate.
    spatial_mean, spatial_peak : mean and maximum of M_s over the window, (N,) arrays; NaN where there is no M_s.
    peak_position : (N,) array, the position of the maximum; -1 where there is no M_s.
    receptive_field : where the positions lie in the window.
    """

    name: str
    channel_attention: NDArray[np.float32]
    spatial_mean: NDArray[np.float32]
    spatial_peak: NDArray[np.float32]
    peak_position: NDArray[np.int32]
    receptive_field: ReceptiveField


@dataclass(frozen=True, eq=False)
class AttentionSummary:
    """What N windows gave, without the gates in time.

    Parameters
    ----------
    logits, probabilities : (N, K) arrays.
    features : (N, D) array, the last features.
    deviations : (N, K) array in per cent, see `AttentionRecord`.
    blocks : first block first.
    """

    logits: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    features: NDArray[np.float32]
    deviations: NDArray[np.float32]
    blocks: tuple[BlockSummary, ...]

    def __len__(self) -> int:
        return len(self.logits)


def summarise_attention(
    network: Network, inputs: NDArray[np.float32] | Windows, progress: Callable[[int, int], None] | None = None
) -> AttentionSummary:
    """Run windows through a network and keep a few numbers of each; memory for their gates does not grow with N.

    Parameters
    ----------
    network, inputs, progress : see `record_attention`.
    """
    card, count = network.card, len(inputs)
    logits = np.empty((count, len(card.classes)), np.float32)
    features = np.empty((count, card.config.blocks[-1].channels * card.config.head), np.float32)
    deviations = np.empty((count, card.config.deviations), np.float32)
    blocks = tuple(
        BlockSummary(
            name,
            np.empty((count, block.channels if block.has_channel else 0), np.float32),
            np.full(count, np.nan, np.float32),
            np.full(count, np.nan, np.float32),
            np.full(count, -1, np.int32),
            field,
        )
        for name, block, field in zip(card.block_names, card.config.blocks, card.fields, strict=True)
    )
    for batch, computed in attend_batches(network, inputs):
        logits[batch], features[batch], deviations[batch] = computed.logits, computed.features, computed.deviations
        for block, (channel, spatial) in zip(blocks, computed.gates, strict=True):
            if channel is not None:
                block.channel_attention[batch] = channel
            if spatial is not None:
                block.spatial_mean[batch] = spatial.mean(axis=1)
                block.spatial_peak[batch] = spatial.max(axis=1)
                block.peak_position[batch] = spatial.argmax(axis=1)
        if progress:
            progress(batch.stop, count)
    return AttentionSummary(logits, probabilities(logits), features, deviations, blocks)
