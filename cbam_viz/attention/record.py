"""What one pass of a network produced, as NumPy: nothing later in this package sees a tensor.

Nothing is stored on the network: attention is returned by the modules, so many threads may share one network.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from cbam_viz.attention.passes import HeldGates, attend_batches, probabilities
from cbam_viz.network.checkpoint import Network
from cbam_viz.network.receptive import ReceptiveField
from cbam_viz.signals.windows import Windows


@dataclass(frozen=True, eq=False)
class BlockRecord:
    """The gates of one block.

    Parameters
    ----------
    name : such as ``block 1``.
    channel_attention : M_c, (N, C) array, float32, 0 to 1; C is 0 where the block has no channel gate.
    spatial_attention : M_s, (N, L) array, float32, 0 to 1; L is 0 where the block has no spatial gate.
    receptive_field : where the L positions lie in the window.
    """

    name: str
    channel_attention: NDArray[np.float32]
    spatial_attention: NDArray[np.float32]
    receptive_field: ReceptiveField


@dataclass(frozen=True, eq=False)
class AttentionRecord:
    """All that one pass over N windows read and produced.

    Parameters
    ----------
    logits : (N, K) array, float32.
    probabilities : (N, K) array, float32, rows sum to 1.
    features : (N, D) array, float32, the last features, which the logits come from.
    blocks : first block first.
    deviations : (N, K) array, float32, in per cent, how far the part of each class is off if it is that class; (N, 0)
        where the network tells none.
    """

    logits: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    features: NDArray[np.float32]
    blocks: tuple[BlockRecord, ...]
    deviations: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 0), np.float32))

    def __len__(self) -> int:
        return len(self.logits)

    @property
    def mean_probabilities(self) -> NDArray[np.float64]:
        """Mean over the windows, (K,) array: the verdict on the whole signal."""
        return self.probabilities.mean(axis=0, dtype=np.float64)

    def only(self, window: int) -> "AttentionRecord":
        """The record of one window."""
        return self.rows(slice(window, window + 1))

    def rows(self, row: slice) -> "AttentionRecord":
        """The record of some windows."""
        blocks = (
            replace(each, channel_attention=each.channel_attention[row], spatial_attention=each.spatial_attention[row])
            for each in self.blocks
        )
        return AttentionRecord(
            self.logits[row], self.probabilities[row], self.features[row], tuple(blocks), self.deviations[row]
        )


def record_attention(
    network: Network,
    inputs: NDArray[np.float32] | Windows,
    progress: Callable[[int, int], None] | None = None,
    held: Sequence[HeldGates] | None = None,
) -> AttentionRecord:
    """Run windows through a network and record its gates.

    Parameters
    ----------
    network : shared by any number of threads.
    inputs : (N, T) array, as `Windows.inputs` gives it, or the windows, which are then cut while they are needed.
    progress : called with (windows done, windows in all) after every batch; raising in it ends the pass.
    held : for each block gates to use in place of its own, which are then recorded as they were held.
    """
    card, fields = network.card, network.card.fields
    logits = np.empty((len(inputs), len(card.classes)), np.float32)
    features = np.empty((len(inputs), card.config.blocks[-1].channels * card.config.head), np.float32)
    deviations = np.empty((len(inputs), card.config.deviations), np.float32)
    channel = [
        np.empty((len(inputs), block.channels if block.has_channel else 0), np.float32) for block in card.config.blocks
    ]
    spatial = [
        np.empty((len(inputs), field.positions if block.has_spatial else 0), np.float32)
        for block, field in zip(card.config.blocks, fields, strict=True)
    ]
    for batch, computed in attend_batches(network, inputs, held):
        logits[batch], features[batch], deviations[batch] = computed.logits, computed.features, computed.deviations
        for store, gates in zip(zip(channel, spatial, strict=True), computed.gates, strict=True):
            for kept, gate in zip(store, gates, strict=True):
                if gate is not None:
                    kept[batch] = gate
        if progress:
            progress(batch.stop, len(inputs))
    blocks = tuple(map(BlockRecord, card.block_names, channel, spatial, fields))
    return AttentionRecord(logits, probabilities(logits), features, blocks, deviations)


def join_records(records: Sequence[AttentionRecord]) -> AttentionRecord:
    """The windows of several records of one network as one record, in order."""
    blocks = tuple(
        replace(
            same[0],
            channel_attention=np.concatenate([each.channel_attention for each in same]),
            spatial_attention=np.concatenate([each.spatial_attention for each in same]),
        )
        for same in zip(*(record.blocks for record in records), strict=True)
    )
    return AttentionRecord(
        np.concatenate([record.logits for record in records]),
        np.concatenate([record.probabilities for record in records]),
        np.concatenate([record.features for record in records]),
        blocks,
        np.concatenate([record.deviations for record in records]),
    )
