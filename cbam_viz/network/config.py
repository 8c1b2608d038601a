"""Every choice that makes a network, as frozen values; no torch, so a card can be read without it."""

from dataclasses import dataclass, fields
from typing import Any, Literal, get_args, get_origin


def _check_choices(config: Any) -> None:
    """Refuse what is not among the choices of its field: it would silently mean another."""
    for field in fields(config):
        choices, chosen = get_args(field.type), getattr(config, field.name)
        if get_origin(field.type) is Literal and chosen not in choices:
            raise ValueError(f"{field.name} is one of {', '.join(map(str, choices))}; got {chosen!r}")


@dataclass(frozen=True)
class CBAMConfig:
    """Switches of the attention module. The defaults are the reference variant; `CBAMConfig.paper()` is the paper's.

    Parameters
    ----------
    channel : what makes M_c. ``mlp`` is CBAM's; ``se`` pools the mean only (Hu et al. 2018, arXiv 1709.01507); ``eca``
        convolves across channels in place of an MLP (Wang et al. 2020, arXiv 1910.03151).
    shared_mlp : one MLP for both pools (the paper) or one each (the reference).
    reduction : r, channels over hidden units.
    min_hidden : floor of the hidden width.
    pools : which poolings over L feed M_c.
    inner_sigmoid : a sigmoid at the end of each MLP, before the sum; it confines M_c to (0.5, 0.881).
    mlp_bias : biases in the MLP.
    kernel : width of the spatial convolution, odd.
    spatial_norm, spatial_bias : batch norm after the spatial convolution; its bias.
    pooled_order : order of the two maps the spatial convolution reads; timm has ``mean-max``.
    order : which gates, and in what order.
    residual : add the gated features to the features.
    dims : 1 for signals, 2 for pictures.
    """

    channel: Literal["mlp", "se", "eca"] = "mlp"
    shared_mlp: bool = False
    reduction: int = 2
    min_hidden: int = 2
    pools: Literal["both", "avg", "max"] = "both"
    inner_sigmoid: bool = False
    mlp_bias: bool = True
    kernel: int = 7
    spatial_norm: bool = False
    spatial_bias: bool = True
    pooled_order: Literal["max-mean", "mean-max"] = "max-mean"
    order: Literal["channel-spatial", "spatial-channel", "parallel", "channel", "spatial", "none"] = "channel-spatial"
    residual: bool = False
    dims: Literal[1, 2] = 1

    def __post_init__(self) -> None:
        _check_choices(self)
        if self.kernel % 2 == 0 or self.kernel < 1:
            raise ValueError(f"the spatial kernel must be odd, so that M_s keeps its place; got {self.kernel}")
        if self.reduction < 1 or self.min_hidden < 1:
            raise ValueError(f"reduction and min_hidden must be at least 1; got {self.reduction} and {self.min_hidden}")
        if self.channel != "mlp" and self.order == "spatial":
            raise ValueError(f"{self.channel} has no spatial gate, so order 'spatial' would leave no gate at all")

    @classmethod
    def paper(cls, dims: Literal[1, 2] = 1) -> "CBAMConfig":
        """Woo, Park, Lee & Kweon 2018 (arXiv 1807.06521) with the batch norm of the authors' code."""
        return cls(shared_mlp=True, reduction=16, min_hidden=4, spatial_norm=True, spatial_bias=False, dims=dims)

    @property
    def has_channel(self) -> bool:
        """Whether there is an M_c."""
        return self.order not in ("spatial", "none")

    @property
    def has_spatial(self) -> bool:
        """Whether there is an M_s; SE and ECA have none."""
        return self.order not in ("channel", "none") and self.channel == "mlp"

    @property
    def pools_max(self) -> bool:
        """Whether M_c reads the maximum over L."""
        return self.pools != "avg" and self.channel == "mlp"

    @property
    def pools_avg(self) -> bool:
        """Whether M_c reads the mean over L."""
        return self.pools != "max" or self.channel != "mlp"

    def hidden(self, channels: int) -> int:
        """Hidden units of the MLP for this many channels."""
        return max(channels // self.reduction, self.min_hidden)


@dataclass(frozen=True)
class BlockConfig:
    """One block: convolution, norm, ReLU, CBAM, pool.

    Parameters
    ----------
    channels : C, features that the convolution makes.
    kernel, stride : of the convolution, in its own positions; kernel - stride must be even, so that cells stay centred.
    pool : width and stride of the pooling after CBAM; 1 for none.
    cbam : None for a block without attention.
    """

    channels: int
    kernel: int
    stride: int = 1
    pool: int = 1
    cbam: CBAMConfig | None = CBAMConfig()

    def __post_init__(self) -> None:
        if min(self.channels, self.kernel, self.stride, self.pool) < 1:
            raise ValueError(f"channels, kernel, stride and pool must be at least 1; got {self}")
        if (self.kernel - self.stride) % 2 or self.kernel < self.stride:
            raise ValueError(f"kernel - stride must be even and at least 0; got {self.kernel} and {self.stride}")

    @property
    def has_channel(self) -> bool:
        """Whether the block has an M_c."""
        return self.cbam is not None and self.cbam.has_channel

    @property
    def has_spatial(self) -> bool:
        """Whether the block has an M_s."""
        return self.cbam is not None and self.cbam.has_spatial

    @property
    def padding(self) -> int:
        """Zeros on either side, so that every stride of samples gives one position at its centre."""
        return (self.kernel - self.stride) // 2


@dataclass(frozen=True)
class ModelConfig:
    """A CBAM-CNN for windows of one channel.

    Parameters
    ----------
    window : T, samples a window.
    classes : K.
    blocks : from the signal to the classifier.
    pooling : how a block's pool summarises; ``max`` or ``mean``.
    head : positions that the last features are averaged to before the linear classifier.
    dropout : share of those features dropped in training.
    deviations : 0, or K for a second linear head on the same features: how far the part of each class is off, if it is
        that class.
    """

    window: int
    classes: int
    blocks: tuple[BlockConfig, ...]
    pooling: Literal["max", "mean"] = "max"
    head: int = 4
    dropout: float = 0.3
    deviations: int = 0

    def __post_init__(self) -> None:
        _check_choices(self)
        if self.deviations not in (0, self.classes):
            raise ValueError(f"a deviation is told for no class or for all {self.classes}; got {self.deviations}")
        positions = self.window
        for block in self.blocks:
            positions = positions // block.stride // block.pool
        if positions < 1 or positions % self.head:
            raise ValueError(f"the head averages {positions} positions to {self.head}, which must divide evenly")
