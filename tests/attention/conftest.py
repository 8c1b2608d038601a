"""A small network to record from, and windows for it."""

import pytest
import torch

from cbam_viz.network.card import Card, ClassName, Results
from cbam_viz.network.checkpoint import Network
from cbam_viz.network.config import BlockConfig, CBAMConfig, ModelConfig
from cbam_viz.network.model import CBAMCNN
from cbam_viz.signals.windows import Preparation

BLOCKS = (
    BlockConfig(8, 16, 4, pool=2),
    BlockConfig(12, 5, 1, pool=2, cbam=CBAMConfig.paper()),
    BlockConfig(6, 3, 1, cbam=CBAMConfig(order="channel")),
    BlockConfig(6, 3, 1, cbam=CBAMConfig(order="spatial")),
    BlockConfig(6, 3, 1, cbam=None),
)


@pytest.fixture(scope="session")
def network():
    """A network with the reference's CBAM, the paper's, each gate alone, and none; random weights."""
    config = ModelConfig(256, 3, BLOCKS)
    torch.manual_seed(0)
    card = Card(
        name="small",
        summary="",
        config=config,
        preparation=Preparation(fs=12_000.0, window=256, hop=256),
        classes=tuple(ClassName(key, key) for key in "abc"),
        source="",
        licence="",
        trained_on=(),
        recipe={},
        results=Results("", "", 0.0, ()),
        reference=(),
    )
    return Network(card, CBAMCNN(config).eval())


@pytest.fixture(scope="session")
def windows():
    """130 windows of noise, which take two whole batches and a bit of a third."""
    return torch.randn(130, 256, generator=torch.Generator().manual_seed(1)).numpy()
