"""What it costs to record attention, against the network's own forward, none at all, and the module written naively."""

from dataclasses import replace

import pytest
import torch
from captum.attr import LayerGradCam
from torch import nn

from cbam_viz.attention.passes import BATCH
from cbam_viz.attention.record import record_attention
from cbam_viz.network.card import Card, ClassName, Results
from cbam_viz.network.checkpoint import Network
from cbam_viz.network.config import BlockConfig, ModelConfig
from cbam_viz.network.model import CBAMCNN
from cbam_viz.signals.windows import Preparation

CONFIG = ModelConfig(
    2048, 10, (BlockConfig(16, 64, 8, pool=2), BlockConfig(32, 7, 1, pool=2), BlockConfig(64, 5, 1, pool=2))
)


class NaiveChannel(nn.Module):
    """Channel attention line by line: two pools, two MLPs, a sum, a sigmoid, a product; the gate is lost."""

    def __init__(self, in_channel):
        super().__init__()
        self.max_pool, self.avg_pool = nn.AdaptiveMaxPool1d(1), nn.AdaptiveAvgPool1d(1)
        self.max_mlp, self.avg_mlp = (
            nn.Sequential(nn.Linear(in_channel, in_channel // 2), nn.ReLU(), nn.Linear(in_channel // 2, in_channel))
            for _ in range(2)
        )
        self.sigmoid = nn.Sigmoid()

    def forward(self, x):
        """Features with M_c applied."""
        of_max = self.max_mlp(self.max_pool(x).view(x.size(0), -1))
        of_mean = self.avg_mlp(self.avg_pool(x).view(x.size(0), -1))
        weight = self.sigmoid(of_max + of_mean)
        return torch.reshape(weight, (*weight.shape, 1)) * x


class NaiveSpatial(nn.Module):
    """Spatial attention line by line: maximum with its unused index, mean, two unsqueezes, one convolution."""

    def __init__(self):
        super().__init__()
        self.conv, self.sigmoid = nn.Conv1d(2, 1, 7, padding=3), nn.Sigmoid()

    def forward(self, x):
        """Features with M_s applied."""
        of_max = torch.unsqueeze(torch.max(x, dim=1).values, dim=1)
        of_mean = torch.unsqueeze(torch.mean(x, dim=1), dim=1)
        return self.sigmoid(self.conv(torch.cat((of_max, of_mean), dim=1))) * x


def naive():
    """The same network with the naive module in every block, as one `nn.Sequential`."""
    layers, width = [], 1
    for block in CONFIG.blocks:
        conv = nn.Conv1d(width, block.channels, block.kernel, block.stride, block.padding, bias=False)
        layers += [conv, nn.BatchNorm1d(block.channels), nn.ReLU(), NaiveChannel(block.channels), NaiveSpatial()]
        layers.append(nn.MaxPool1d(block.pool))
        width = block.channels
    head = nn.AdaptiveAvgPool1d(CONFIG.head), nn.Flatten(), nn.Linear(width * CONFIG.head, CONFIG.classes)
    return nn.Sequential(*layers, *head).eval()


@pytest.fixture(scope="module")
def network():
    """The network under measure, with random weights."""
    torch.manual_seed(0)
    names = tuple(ClassName(str(number), str(number)) for number in range(CONFIG.classes))
    preparation = Preparation(12_000.0, CONFIG.window, CONFIG.window)
    card = Card("bench", "", CONFIG, preparation, names, "", "", (), {}, Results("", "", 0.0, ()), ())
    return Network(card, CBAMCNN(CONFIG).eval())


def passing(model, windows):
    """A pass that keeps only the logits, in the batches that recording takes."""

    def run():
        with torch.inference_mode():
            return torch.cat([model(batch) for batch in windows.split(BATCH)])

    return run


@pytest.mark.parametrize("number", [256, 1], ids=["256 windows", "one window"])
def test_recording_against_the_network_alone(compare, network, number):
    """Recorded attention, the network's own forward, the same without CBAM, and with the naive module."""
    windows = torch.randn(number, CONFIG.window, generator=torch.Generator().manual_seed(1))
    inputs, channelled = windows.numpy(), windows.unsqueeze(1)
    plain = CBAMCNN(replace(CONFIG, blocks=tuple(replace(block, cbam=None) for block in CONFIG.blocks))).eval()
    compare(
        f"Attention of {number} × {CONFIG.window} samples",
        {
            "the network's own forward": passing(network.model, windows),
            "attention recorded": lambda: record_attention(network, inputs),
            "the same network without CBAM": passing(plain, windows),
            "the same network with the module written naively, no maps": passing(naive(), channelled),
        },
        aim="recorded at most 1.1 of the forward",
    )


@pytest.mark.parametrize("number", [256, 1], ids=["256 windows", "one window"])
def test_recording_against_grad_cam(compare, network, number):
    """Recorded attention of all blocks, and Captum's Layer Grad-CAM of one block of the same network."""
    windows = torch.randn(number, CONFIG.window, generator=torch.Generator().manual_seed(1))
    targets = network.model(windows).argmax(1)
    cam = LayerGradCam(network.model, network.model.blocks[-1].conv)
    compare(
        f"Maps of {number} × {CONFIG.window} samples",
        {
            "attention recorded, every block": lambda: record_attention(network, windows.numpy()),
            "Captum's Layer Grad-CAM, one block": lambda: cam.attribute(windows, target=targets),
        },
    )


def test_naive_network_is_the_same_network(network):
    """What is compared is equal: given the same weights, the naive network gives the same logits."""
    model = naive()
    model.load_state_dict(dict(zip(model.state_dict(), naive_order(network.model), strict=True)))
    windows = torch.randn(4, CONFIG.window, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        torch.testing.assert_close(model(windows.unsqueeze(1)), network.model(windows))


def naive_order(model):
    """The arrays of a network in the order in which the naive one holds them."""
    for block in model.blocks:
        for part in (block.conv, block.norm, block.cbam.channel.fc_MaxPool, block.cbam.channel.fc_AvgPool):
            yield from part.state_dict().values()
        yield from block.cbam.spatial.state_dict().values()
    yield from model.linear.state_dict().values()
