"""ONNX Runtime computes what torch computes, for every network and switch; where it can't serve, torch does."""

import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from cbam_viz.attention.engine import AGREEMENT, disagreement, find_engine
from cbam_viz.attention.passes import HeldGates, run_passes
from cbam_viz.attention.record import record_attention
from cbam_viz.network.card import list_networks
from cbam_viz.network.checkpoint import Network, read_network
from cbam_viz.network.config import BlockConfig, CBAMConfig, ModelConfig
from cbam_viz.network.model import CBAMCNN
from cbam_viz.network.untrained import draw_network

BASES = {"reference": CBAMConfig(), "paper": CBAMConfig.paper()}
SWITCHES = [
    {},
    *({"order": order} for order in ("spatial-channel", "parallel", "channel", "spatial", "none")),
    *({"channel": channel} for channel in ("se", "eca")),
    *({"pools": pools} for pools in ("avg", "max")),
    {"shared_mlp": True},
    {"reduction": 4, "min_hidden": 3},
    {"inner_sigmoid": True},
    {"mlp_bias": False},
    {"kernel": 1},
    {"spatial_norm": True},
    {"spatial_bias": False},
    {"pooled_order": "mean-max"},
    *({"residual": True, "order": order} for order in ("channel-spatial", "spatial-channel", "parallel", "none")),
]
SHAPES = [
    {"pooling": "mean"},
    {"deviations": 3},
    {"head": 1},
    {"head": 16},
    {"blocks": (BlockConfig(5, 5, 1, 1, None),)},
]


def made(network, config):
    """A network of this config, all weights and statistics of its norms drawn."""
    torch.manual_seed(1)
    model = CBAMCNN(config)
    for name, values in model.state_dict().items():
        if values.is_floating_point():
            values.copy_(torch.rand_like(values) + 0.5 if "running_var" in name else 0.3 * torch.randn_like(values))
    return Network(replace(network.card, config=config), model.eval())


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("switches", SWITCHES, ids=str)
def test_every_switch_of_the_module(network, base, switches):
    """Logits, features and all gates agree with torch to 1e-5, whichever way the module is set."""
    cbam = replace(BASES[base], **switches)
    blocks = BlockConfig(8, 16, 4, 2, cbam), BlockConfig(12, 5, 1, 2, cbam)
    drawn = made(network, ModelConfig(256, 3, blocks))

    assert disagreement(find_engine(drawn), drawn.model, windows=20) <= AGREEMENT


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_switch_of_the_network(network, shape):
    """The same for the network's own switches: its pools, its head, and blocks without pool or attention."""
    drawn = made(network, replace(network.card.config, **shape))

    assert disagreement(find_engine(drawn), drawn.model, windows=20) <= AGREEMENT


@pytest.mark.parametrize("name", list_networks())
def test_every_shipped_network(name):
    """The same for each network that ships, whose weights were learned; one of circuits tells deviations, too."""
    shipped = read_network(name)

    assert disagreement(find_engine(shipped), shipped.model, windows=40) <= AGREEMENT


def test_a_network_is_known_by_weights_and_config(network):
    """The same weights and config share one engine; other weights, or the same in another order, have their own."""
    twin = Network(network.card, network.model)
    shared = replace(BASES["reference"], order="parallel")
    blocks = (BlockConfig(8, 16, 4, 2, shared), *network.card.config.blocks[1:])
    config = replace(network.card.config, blocks=blocks)
    model = CBAMCNN(config)
    model.load_state_dict(network.model.state_dict())
    parallel = Network(replace(network.card, config=config), model.eval())

    assert find_engine(twin) is find_engine(network)
    assert parallel.digest == network.digest
    assert find_engine(parallel) is not find_engine(network)


def test_nothing_is_built_for_a_network_that_is_soon_dropped(network, windows):
    """An untrained network that a map is compared with is torch's: building would take longer than its passes."""
    drawn = draw_network(network, seed=0)

    assert find_engine(drawn) is None
    with torch.inference_mode():
        np.testing.assert_array_equal(run_passes(drawn, windows[:5]), drawn.model(torch.from_numpy(windows[:5])))


def test_held_gates_are_torch_s(network, windows):
    """A pass with held gates is what the model itself gives with them, bit for bit."""
    held = [HeldGates(spatial=np.full((1, 1), 0.5, np.float32)), *[HeldGates()] * 4]
    kept = [(None, torch.full((1, 1, 1), 0.5)), *[(None, None)] * 4]
    with torch.inference_mode():
        expected = network.model.attend(torch.from_numpy(windows[:5]), kept).logits

    np.testing.assert_array_equal(run_passes(network, windows[:5], held), expected)


def test_overlapping_windows_need_no_copy(network):
    """Windows that are a view of one signal, each a sample after the last, are recorded as their copies are."""
    signal = np.random.default_rng(0).standard_normal(256 + 99, np.float32)
    view = np.lib.stride_tricks.sliding_window_view(signal, 256)  # (100, 256)

    np.testing.assert_array_equal(record_attention(network, view).logits, record_attention(network, view.copy()).logits)


def test_an_engine_that_disagrees_is_not_used(network, caplog):
    """Where ONNX Runtime gives other numbers than torch, torch serves, and the log says by how much they differ."""
    config = replace(network.card.config, dropout=0.5)
    restless = Network(replace(network.card, config=config), CBAMCNN(config).train())  # a graph is of evaluation

    assert find_engine(restless) is None
    assert "ONNX Runtime differs from torch by" in caplog.text


def test_torch_serves_where_there_is_no_onnxruntime(network, windows, caplog, monkeypatch):
    """On a machine where ONNX Runtime can't be loaded every pass is torch's, and the log says why, once."""
    monkeypatch.setitem(sys.modules, "onnxruntime", None)  # its import fails
    other = made(network, network.card.config)
    for _ in range(2):
        record = record_attention(other, windows[:5])

    with torch.inference_mode():
        np.testing.assert_array_equal(record.logits, other.model(torch.from_numpy(windows[:5])))
    assert caplog.text.count("ONNX Runtime can't be loaded, torch serves in its place: import of onnxruntime") == 1
