"""A CBAM-CNN for one-dimensional signals: a wide first kernel, then blocks of conv, norm, ReLU, CBAM, pool."""

from collections.abc import Sequence
from typing import NamedTuple, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cbam_viz.network.cbam import CBAM, Gates, Refined
from cbam_viz.network.config import BlockConfig, ModelConfig

NO_GATES = Gates(None, None)
WHOLE = 100.0
"""Per cent in what the head of the deviations computes."""


class Attended(NamedTuple):
    """What a pass computes.

    Parameters
    ----------
    logits : (N, K).
    gates : of every block, first block first.
    features : (N, D), the last ones, which logits and deviations come from.
    deviations : (N, K) in per cent, how far the part of each class is off if it is that class; (N, 0) without the head.
    """

    logits: Tensor
    gates: tuple[Gates, ...]
    features: Tensor
    deviations: Tensor


class Block(nn.Module):
    """relu(norm(conv(x))), then CBAM: one block up to its pool.

    Shape
    -----
    x : (N, C_in, L_in) to (N, C, L)
    """

    def __init__(self, in_channel: int, config: BlockConfig) -> None:
        super().__init__()
        self.conv = nn.Conv1d(in_channel, config.channels, config.kernel, config.stride, config.padding, bias=False)
        self.norm = nn.BatchNorm1d(config.channels)
        self.cbam = CBAM(config.channels, config=config.cbam) if config.cbam else None

    def attend(self, x: Tensor, held: Gates | None = None) -> Refined:
        """Refined features and the gates."""
        features = torch.relu(self.norm(self.conv(x)))  # (N, C, L)
        return Refined(features, NO_GATES) if self.cbam is None else self.cbam.attend(features, held)

    def forward(self, x: Tensor) -> Tensor:
        """Refined features."""
        return self.attend(x).features


class CBAMCNN(nn.Module):
    """The network: blocks, average pooling to a few positions, one linear layer; a second one tells the deviations.

    Shape
    -----
    windows : (N, 1, T), or (N, T)
    logits : (N, K)
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        widths = [1, *(block.channels for block in config.blocks)]
        self.blocks = nn.ModuleList(map(Block, widths, config.blocks))
        pool = nn.MaxPool1d if config.pooling == "max" else nn.AvgPool1d
        self.pools = nn.ModuleList(pool(block.pool) if block.pool > 1 else nn.Identity() for block in config.blocks)
        self.dropout = nn.Dropout(config.dropout)
        self.linear = nn.Linear(widths[-1] * config.head, config.classes)
        self.deviation = nn.Linear(widths[-1] * config.head, config.deviations) if config.deviations else None

    @property
    def each_block(self) -> list[Block]:
        """The blocks, first block first."""
        return cast("list[Block]", list(self.blocks))

    def attend(self, windows: Tensor, held: Sequence[Gates] | None = None) -> Attended:
        """Logits and the gates of every block.

        Parameters
        ----------
        windows : (N, 1, T) or (N, T).
        held : for each block, gates to use in place of the computed ones; None computes them all.
        """
        x = windows if windows.ndim == 3 else windows.unsqueeze(1)  # (N, 1, T)
        gates = []
        for block, pool, fixed in zip(self.each_block, self.pools, held or [NO_GATES] * len(self.pools), strict=True):
            refined = block.attend(x, fixed)
            gates.append(refined.gates)
            x = pool(refined.features)  # (N, C, L)
        features = x.unflatten(2, (self.config.head, -1)).mean(3).flatten(1)  # (N, C * head)
        kept = self.dropout(features)
        off = features[:, :0] if self.deviation is None else WHOLE * self.deviation(kept)
        return Attended(self.linear(kept), tuple(gates), features, off)

    def forward(self, windows: Tensor) -> Tensor:
        """Logits (N, K)."""
        return self.attend(windows).logits

    def predict(self, windows: NDArray[np.float32]) -> NDArray[np.int64]:
        """The most probable class of each window, (N,) array from (N, T)."""
        return self.tell(windows)[0].argmax(axis=1)

    def tell(self, windows: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Logits and deviations of each window, (N, K) arrays from (N, T); see `Attended`."""
        with torch.inference_mode():
            batches = [self.attend(batch) for batch in torch.from_numpy(windows).split(256)]
        return (
            torch.cat([batch.logits for batch in batches]).numpy(),
            torch.cat([batch.deviations for batch in batches]).numpy(),
        )
