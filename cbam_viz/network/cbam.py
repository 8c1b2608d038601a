"""Channel attention, spatial attention and CBAM, each with two faces.

`forward(features)` gives what the ecosystem expects, the refined features, so a module drops into any `nn.Sequential`;
`attend(features)` gives the same and the gates. Nothing is stored on a module, so many threads may share one.

The reference variant (the default) has one MLP for each pool; the paper's is Woo, Park, Lee & Kweon, "CBAM:
Convolutional Block Attention Module", ECCV 2018 (arXiv 1807.06521). Shapes are written for signals, (N, C, L); with
``dims=2`` the L stands for (H, W).
"""

import math
from dataclasses import replace
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from cbam_viz.network.config import CBAMConfig

REFERENCE = CBAMConfig()


class Gated(NamedTuple):
    """Features after one gate, and the gate."""

    features: Tensor
    gate: Tensor


class Gates(NamedTuple):
    """The gates of one CBAM: M_c (N, C, 1) and M_s (N, 1, L); None where there is none, or where none is held."""

    channel: Tensor | None
    spatial: Tensor | None


class Refined(NamedTuple):
    """Features after a CBAM, and its gates."""

    features: Tensor
    gates: Gates


class ChannelAttention(nn.Module):
    """M_c(F) = sigmoid(fc_MaxPool(max_L F) + fc_AvgPool(mean_L F)): which channels are let through.

    In the paper's variant both pools go through one MLP, `fc_shared`.

    Shape
    -----
    features : (N, C, L)
    M_c : (N, C, 1), each value between 0 and 1
    """

    def __init__(self, in_channel: int, config: CBAMConfig = REFERENCE) -> None:
        super().__init__()
        self.config = config
        if config.channel == "eca":
            self.across = nn.Conv1d(1, 1, _eca_kernel(in_channel), padding="same", bias=False)
        elif config.shared_mlp:
            self.fc_shared = self._mlp(in_channel)
        else:
            if config.pools_max:
                self.fc_MaxPool = self._mlp(in_channel)
            if config.pools_avg:
                self.fc_AvgPool = self._mlp(in_channel)

    def _mlp(self, in_channel: int) -> nn.Sequential:
        hidden = self.config.hidden(in_channel)
        layers: list[nn.Module] = [
            nn.Linear(in_channel, hidden, bias=self.config.mlp_bias),
            nn.ReLU(),
            nn.Linear(hidden, in_channel, bias=self.config.mlp_bias),
        ]
        return nn.Sequential(*layers, nn.Sigmoid()) if self.config.inner_sigmoid else nn.Sequential(*layers)

    def _weight(self, features: Tensor) -> Tensor:
        """What the sigmoid is taken of: (N, C)."""
        flat = features.flatten(2)  # (N, C, L)
        if self.config.channel == "eca":
            return self.across(flat.mean(2).unsqueeze(1)).squeeze(1)  # (N, C)
        shared, branches = self.config.shared_mlp, []
        if self.config.pools_max:
            branches.append((self.fc_shared if shared else self.fc_MaxPool)(flat.amax(2)))  # (N, C)
        if self.config.pools_avg:
            branches.append((self.fc_shared if shared else self.fc_AvgPool)(flat.mean(2)))  # (N, C)
        return sum(branches[1:], branches[0])  # (N, C)

    def attend(self, features: Tensor) -> Gated:
        """Features with M_c applied, and M_c."""
        gate = torch.sigmoid(self._weight(features)).unflatten(1, (-1, *[1] * self.config.dims))  # (N, C, 1)
        return Gated(gate * features, gate)

    def forward(self, features: Tensor) -> Tensor:
        """Features with M_c applied."""
        return self.attend(features).features


class SpatialAttention(nn.Module):
    """M_s(F) = sigmoid(conv([max_C F; mean_C F])): which positions are let through.

    Shape
    -----
    features : (N, C, L)
    M_s : (N, 1, L), each value between 0 and 1
    """

    def __init__(self, config: CBAMConfig = REFERENCE) -> None:
        super().__init__()
        self.config = config
        conv, norm = (nn.Conv1d, nn.BatchNorm1d) if config.dims == 1 else (nn.Conv2d, nn.BatchNorm2d)
        self.conv = conv(2, 1, config.kernel, padding=config.kernel // 2, bias=config.spatial_bias)
        self.norm = norm(1) if config.spatial_norm else nn.Identity()

    def attend(self, features: Tensor) -> Gated:
        """Features with M_s applied, and M_s."""
        largest, mean = features.amax(1, keepdim=True), features.mean(1, keepdim=True)  # (N, 1, L) each
        pair = [largest, mean] if self.config.pooled_order == "max-mean" else [mean, largest]
        gate = torch.sigmoid(self.norm(self.conv(torch.cat(pair, dim=1))))  # (N, 1, L)
        return Gated(gate * features, gate)

    def forward(self, features: Tensor) -> Tensor:
        """Features with M_s applied."""
        return self.attend(features).features


class CBAM(nn.Module):
    """F' = M_c(F) F, F'' = M_s(F') F': both gates, in the order the config says.

    Parameters
    ----------
    in_channel : C of the features.
    variant : ``reference`` or ``paper``, where no `config` is given.
    config : every switch; wins over `variant`.
    switches : single switches of `CBAMConfig` to set on top, such as ``dims=2`` or ``kernel=15``.

    Shape
    -----
    features : (N, C, L) to (N, C, L)
    """

    def __init__(
        self, in_channel: int, variant: str = "reference", config: CBAMConfig | None = None, **switches: Any
    ) -> None:
        super().__init__()
        if variant not in ("reference", "paper"):
            raise ValueError(f"variant is 'reference' or 'paper', got {variant!r}")
        self.config = replace(config or (CBAMConfig.paper() if variant == "paper" else REFERENCE), **switches)
        self.channel = ChannelAttention(in_channel, self.config) if self.config.has_channel else None
        self.spatial = SpatialAttention(self.config) if self.config.has_spatial else None

    def attend(self, features: Tensor, held: Gates | None = None) -> Refined:
        """Refined features and the gates.

        Parameters
        ----------
        features : (N, C, L).
        held : gates to use in place of the computed ones, each broadcastable to its own shape; None computes.
        """
        held_channel, held_spatial = held or Gates(None, None)
        refined, channel, spatial = features, None, None
        if self.config.order == "spatial-channel":
            refined, spatial = _gate(self.spatial, refined, held_spatial)
            refined, channel = _gate(self.channel, refined, held_channel)
        elif self.config.order == "parallel":
            refined, channel = _gate(self.channel, features, held_channel)
            _, spatial = _gate(self.spatial, features, held_spatial)
            refined = refined if spatial is None else spatial * refined
        else:
            refined, channel = _gate(self.channel, refined, held_channel)
            refined, spatial = _gate(self.spatial, refined, held_spatial)
        return Refined(features + refined if self.config.residual else refined, Gates(channel, spatial))

    def forward(self, features: Tensor) -> Tensor:
        """Refined features."""
        return self.attend(features).features


def _gate(
    module: ChannelAttention | SpatialAttention | None, features: Tensor, held: Tensor | None
) -> tuple[Tensor, Tensor | None]:
    """Apply a module's gate, or the one that is held in its place, or none."""
    if module is None:
        return features, None
    if held is not None:
        return held * features, held
    return module.attend(features)


def _eca_kernel(channels: int) -> int:
    """Odd width near log2(C)/2 + 1/2, the rule of ECA-Net (arXiv 1910.03151, eq. 12 with gamma = 2, b = 1)."""
    return int((math.log2(channels) + 1) / 2) | 1
