"""A card with something in every part, and the network it belongs to."""

import pytest
import torch

from cbam_viz.network.card import BlockReference, Card, ClassName, FoldResult, Results
from cbam_viz.network.checkpoint import Network
from cbam_viz.network.config import BlockConfig, CBAMConfig, ModelConfig
from cbam_viz.network.model import CBAMCNN
from cbam_viz.signals.windows import Preparation


@pytest.fixture
def card():
    """A card of a network of three blocks: the reference's CBAM, the paper's, and none."""
    channels = (4, 6, 5)
    cbams = (CBAMConfig(kernel=15), CBAMConfig.paper(), None)
    blocks = (
        BlockConfig(channels[0], 8, 4, 2, cbams[0]),
        *map(BlockConfig, channels[1:], (3, 1), (1, 1), (1, 1), cbams[1:]),
    )
    return Card(
        name="small",
        summary="Für die Prüfung – klein.",
        config=ModelConfig(64, 2, blocks, pooling="mean"),
        preparation=Preparation(fs=12_000.0, window=64, hop=32, lowpass_hz=5_000.0),
        classes=(ClassName("healthy", "healthy"), ClassName("inner", "inner race, 0.18 mm", "inner")),
        source="Drawn at random.",
        licence="CC0",
        trained_on=("first", "second"),
        recipe={"epochs": 3, "learning_rate": 3e-3},
        results=Results("Leave one out.", "Nothing.", 0.75, (FoldResult(("first",), 4, 0.75, ((2, 0), (1, 1))),)),
        reference=tuple(
            BlockReference(
                channel_mean=(0.5,) * gates,
                channel_spread=(0.25,) * gates,
                spatial_quantiles=(0.1, 0.2, 0.5, 0.8, 0.9) if gates else (),
                bands_hz=((10.0, 20.5, 30.0),) * count,
                band_shares=(0.5,) * count,
            )
            for count, gates in zip(channels, (4, 6, 0), strict=True)
        ),
    )


@pytest.fixture
def network(card):
    """The network of the card, with random weights."""
    torch.manual_seed(0)
    return Network(card, CBAMCNN(card.config).eval())
