"""A signal of six and a half windows and a hand-made record of it; small networks whose gates are known."""

import numpy as np
import pytest
import torch

from cbam_viz.network.card import BlockReference, Card, ClassName, Results
from cbam_viz.network.checkpoint import Network
from cbam_viz.network.config import BlockConfig, CBAMConfig, ModelConfig
from cbam_viz.network.model import CBAMCNN
from cbam_viz.signals.windows import Preparation

WINDOW = 256
MIXED = (
    BlockConfig(8, 16, 4, pool=2),
    BlockConfig(12, 5, 1, pool=2, cbam=CBAMConfig.paper()),
    BlockConfig(6, 3, 1, cbam=CBAMConfig(order="channel")),
    BlockConfig(6, 3, 1, cbam=CBAMConfig(order="spatial")),
    BlockConfig(6, 3, 1, cbam=None),
)


@pytest.fixture
def scene(make_scene):
    """The first of them."""
    return make_scene()


def make_network(blocks, classes, head):
    """A network with random weights, whose channel gates are usually at 0.5."""
    config = ModelConfig(WINDOW, classes, blocks, head=head)
    card = Card(
        name="small",
        summary="",
        config=config,
        preparation=Preparation(fs=12_000.0, window=WINDOW, hop=WINDOW, scaling="none"),
        classes=tuple(ClassName(key, key) for key in "abc"[:classes]),
        source="",
        licence="",
        trained_on=(),
        recipe={},
        results=Results("", "", 0.0, ()),
        reference=tuple(
            BlockReference((0.5,) * block.channels if block.has_channel else (), (), (), (), ()) for block in blocks
        ),
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return Network(card, CBAMCNN(config).eval())


@pytest.fixture
def mixed():
    """The reference's CBAM, the paper's, each gate alone, and none."""
    return make_network(MIXED, classes=3, head=4)


@pytest.fixture
def noises():
    """70 windows of noise, two batches, (70, 256)."""
    return np.random.default_rng(1).normal(size=(70, WINDOW)).astype(np.float32)


@pytest.fixture
def make_planted():
    """Makes a network of one sample a position: logit = gain (mean of M_s (x + lift) - threshold), against 0.

    Its gate is M_s = sigmoid(slope (x + lift) + bias), wherever x > -lift.
    """

    def make(slope, bias, gain=1.0, threshold=0.0, lift=0.0):
        network = make_network((BlockConfig(1, 1, cbam=CBAMConfig(order="spatial", kernel=1)),), classes=2, head=1)
        (block,), linear = network.model.each_block, network.model.linear
        with torch.no_grad():
            block.conv.weight.fill_(1)
            block.norm.bias.fill_(lift)
            block.norm.running_var.fill_(1 - block.norm.eps)
            block.cbam.spatial.conv.weight.copy_(torch.tensor([[[slope], [0.0]]]))
            block.cbam.spatial.conv.bias.fill_(bias)
            linear.weight.copy_(torch.tensor([[0.0], [gain]]))
            linear.bias.copy_(torch.tensor([0.0, -gain * threshold]))
        return network

    return make
