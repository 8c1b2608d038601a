"""What it costs to record attention, against the module written naively, none at all, and torch's own forward."""

import subprocess
import sys
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


def passing(model, windows, batch=256):
    """A pass by torch that keeps only the logits."""

    def run():
        with torch.inference_mode():
            return torch.cat([model(rows) for rows in windows.split(batch)])

    return run


def ways(network, number):
    """Attention recorded, the same network by torch in one call, without CBAM, and with the naive module."""
    windows = torch.randn(number, CONFIG.window, generator=torch.Generator().manual_seed(1))
    inputs, channelled = windows.numpy(), windows.unsqueeze(1)
    plain = CBAMCNN(replace(CONFIG, blocks=tuple(replace(block, cbam=None) for block in CONFIG.blocks))).eval()
    by_torch = Network(network.card, network.model, fleeting=True)
    found = {
        "attention recorded, all maps": lambda: record_attention(network, inputs),
        "the module written naively, no maps": passing(naive(), channelled),
        "no attention": passing(plain, windows),
        "the network's own forward, no maps": passing(network.model, windows),
    }
    if number > BATCH:
        found["the module written naively, 64 at a time"] = passing(naive(), channelled, BATCH)
        found["no attention, 64 at a time"] = passing(plain, windows, BATCH)
    return found | {"attention recorded by torch": lambda: record_attention(by_torch, inputs)}


def test_many_windows(compare, network):
    """256 windows on one thread: times of what torch does eagerly, as multiples of recorded attention."""
    aim = "naively at least 3, no attention at least 1.3"
    compare(f"256 × {CONFIG.window} samples, one thread", ways(network, 256), aim)


def test_one_window(compare, network):
    """One window, 20 times in a row: recorded attention as a part of the network's own eager forward."""
    own, found = "the network's own forward, no maps", ways(network, 1)
    repeated = {name: lambda once=found[name]: [once() for _ in range(20)] for name in (own, *found)}
    compare("One window, 20 times in a row, one thread", repeated, aim="recorded at most 0.5")


PEAK = """
import pathlib, re, sys
import numpy, torch
from cbam_viz.attention.record import record_attention
from cbam_viz.network.checkpoint import Network, read_network

def status(name):
    return 1024 * int(re.search(name + r":\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])

torch.set_num_threads(1)
network = read_network("bearing-sim-4")
network = Network(network.card, network.model, fleeting=sys.argv[2] == "torch")
record_attention(network, numpy.ones((1, 2048), numpy.float32))
before = status("VmRSS")
inputs = numpy.random.default_rng(0).standard_normal((int(sys.argv[1]), 2048), numpy.float32)
pathlib.Path("/proc/self/clear_refs").write_text("5")  # the peak begins here
record = record_attention(network, inputs)
peak = status("VmHWM")
arrays = [inputs, record.logits, record.probabilities, record.features]
arrays += [gate for block in record.blocks for gate in (block.channel_attention, block.spatial_attention)]
print((peak - before) / sum(array.nbytes for array in arrays))
"""


def test_memory(benchmark, tell):
    """The peak of a process's memory, over what windows and record take together; its network has run before."""

    def peak(number, engine):
        done = subprocess.run([sys.executable, "-c", PEAK, str(number), engine], check=True, capture_output=True)
        return float(done.stdout)

    chosen = [(256, "onnxruntime"), (4096, "onnxruntime"), (256, "torch")]
    ratios = benchmark.pedantic(lambda: [peak(*each) for each in chosen if benchmark.enabled], rounds=1)
    rows = {
        f"{number} windows, {engine}": {"ratio": ratio} for (number, engine), ratio in zip(chosen, ratios, strict=False)
    }
    tell("Peak of memory over windows and record together", "at most 1.5", ("way", "ratio"), rows)


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
