"""The network: its two faces, the shapes it promises, and the same numbers from NumPy and from ONNX."""

import math

import numpy as np
import onnxruntime
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import correlate
from torch import nn

from cbam_viz.network.cbam import Gates
from cbam_viz.network.config import BlockConfig, CBAMConfig, ModelConfig
from cbam_viz.network.model import CBAMCNN, NO_GATES
from cbam_viz.network.receptive import receptive_fields

REFERENCE, PAPER = CBAMConfig(), CBAMConfig.paper()
OPEN = Gates(torch.ones(1), torch.ones(1))


def network(cbam=REFERENCE, **choices):
    """A small network of two blocks in evaluation mode, with random weights and running statistics."""
    blocks = (BlockConfig(8, 16, 8, pool=2, cbam=cbam), BlockConfig(12, 5, 1, cbam=cbam))
    torch.manual_seed(0)
    model = CBAMCNN(ModelConfig(256, 3, blocks, **choices))
    for module in model.modules():
        if hasattr(module, "running_var"):
            nn.init.normal_(module.running_mean, std=0.1)
            nn.init.uniform_(module.running_var, 0.5, 2)
    return model.eval()


def windows(number=5):
    """Windows of noise, (N, 256)."""
    return torch.randn(number, 256, generator=torch.Generator().manual_seed(1))


@st.composite
def configs(draw):
    """Small networks of which every shape is valid, with windows that need not divide evenly."""
    blocks = []
    for _ in range(draw(st.integers(1, 3))):
        stride = draw(st.sampled_from([1, 2, 3, 4]))
        cbam = draw(st.one_of(st.none(), st.builds(CBAMConfig, kernel=st.sampled_from([3, 7, 15]))))
        kernel = stride + 2 * draw(st.integers(0, 3))
        blocks.append(BlockConfig(draw(st.integers(1, 6)), kernel, stride, draw(st.sampled_from([1, 2, 3])), cbam))
    head = draw(st.sampled_from([1, 2, 4]))
    shrink = math.prod(block.stride * block.pool for block in blocks)
    window = head * shrink * draw(st.integers(1, 3)) + draw(st.integers(0, shrink - 1))
    return ModelConfig(window, draw(st.integers(2, 5)), tuple(blocks), draw(st.sampled_from(["max", "mean"])), head)


@given(configs())
@settings(max_examples=50, derandomize=True)
def test_gates_have_a_value_for_every_channel_and_position(config):
    """M_c is (N, C, 1) and M_s is (N, 1, L), with the L that `receptive_fields` works out from the config alone."""
    logits, gates, *_rest = CBAMCNN(config).eval().attend(torch.zeros(2, config.window))

    assert logits.shape == (2, config.classes)
    for block, field, (channel, spatial) in zip(config.blocks, receptive_fields(config), gates, strict=True):
        if block.cbam:
            assert channel.shape == (2, block.channels, 1)
            assert spatial.shape == (2, 1, field.positions)
        else:
            assert (channel, spatial) == (None, None)


def test_forward_gives_the_logits_of_attend():
    """Both faces of the network, and of each of its blocks, give the same numbers."""
    model, x = network(), windows().unsqueeze(1)

    assert torch.equal(model(x), model.attend(x).logits)
    assert torch.equal(model.blocks[0](x), model.blocks[0].attend(x).features)


def test_the_axis_of_one_channel_may_be_left_out():
    """(N, T) and (N, 1, T) are the same windows."""
    model = network()

    assert torch.equal(model(windows()), model(windows().unsqueeze(1)))


def test_gates_that_were_computed_and_are_held_change_nothing():
    """Holding the gates of a pass in every block repeats its logits, bit for bit."""
    model = network()
    computed = model.attend(windows())

    assert torch.equal(model.attend(windows(), held=computed.gates).logits, computed.logits)


def test_gates_are_held_in_their_own_block():
    """Gates held in the second block alone leave the first block's computed, and are the ones that are used."""
    model = network()
    computed, held = model.attend(windows()), Gates(torch.full((1, 12, 1), 0.25), None)
    gates = model.attend(windows(), held=[NO_GATES, held]).gates

    assert torch.equal(gates[0].spatial, computed.gates[0].spatial)
    assert torch.equal(gates[0].channel, computed.gates[0].channel)
    assert torch.equal(gates[1].channel, held.channel)


def test_most_probable_class_has_the_largest_logit():
    """`predict` names, for each of many windows, the class with the largest logit."""
    model = network()
    with torch.no_grad():
        model.linear.bias -= model(windows(300)).mean(dim=0)  # so that every class is named
        expected = [max(range(3), key=row.__getitem__) for row in model(windows(300)).tolist()]

    assert set(expected) == {0, 1, 2}
    assert model.predict(windows(300).numpy()).tolist() == expected


def test_network_with_open_gates_is_the_network_without_attention():
    """With every gate held at one, nothing of CBAM is left."""
    model, plain = network(), network(cbam=None)
    plain.load_state_dict({key: value for key, value in model.state_dict().items() if ".cbam." not in key})

    assert torch.equal(model.attend(windows(), held=[OPEN, OPEN]).logits, plain(windows()))


@pytest.mark.parametrize("pooling", ["max", "mean"])
def test_network_computes_what_its_blocks_say(pooling):
    """Conv, norm, ReLU, pool, mean to the head and linear, computed in float64 by other means, agree to 1e-6."""
    model = network(cbam=None, pooling=pooling)
    weights = {name: values.numpy().astype(np.float64) for name, values in model.state_dict().items()}
    x = windows().numpy().astype(np.float64)[:, None]  # (N, 1, T)
    for number, block in enumerate(model.config.blocks):
        kernels = weights[f"blocks.{number}.conv.weight"]
        mean, var, scale, shift = (
            weights[f"blocks.{number}.norm.{name}"][:, None]
            for name in ("running_mean", "running_var", "weight", "bias")
        )
        padded = np.pad(x, ((0, 0), (0, 0), (block.padding, block.padding)))
        x = np.stack([[correlate(window, kernel, mode="valid")[0] for kernel in kernels] for window in padded])
        x = np.maximum((x[:, :, :: block.stride] - mean) / np.sqrt(var + 1e-5) * scale + shift, 0)
        x = getattr(x.reshape(*x.shape[:2], -1, block.pool), pooling)(axis=3)
    summary = x.reshape(*x.shape[:2], model.config.head, -1).mean(axis=3).reshape(len(x), -1)
    expected = summary @ weights["linear.weight"].T + weights["linear.bias"]
    with torch.no_grad():
        logits = model(windows())

    np.testing.assert_allclose(logits, expected, rtol=0, atol=1e-6)


class WithMaps(nn.Module):
    """A network that gives its logits and every gate as one flat tuple, as ONNX wants its outputs."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        """Logits, then M_c and M_s of each block."""
        logits, gates, *_rest = self.model.attend(x)
        return (logits, *(gate for pair in gates for gate in pair))


@pytest.mark.filterwarnings("ignore:.isinstance.treespec, LeafSpec.. is deprecated:FutureWarning")  # torch's own
@pytest.mark.parametrize("cbam", [REFERENCE, PAPER], ids=["reference", "paper"])
def test_onnx_gives_the_same_logits_and_maps(cbam, tmp_path):
    """Exported with all maps as outputs, onnxruntime agrees to 1e-5 for any number of windows."""
    model = WithMaps(network(cbam)).eval()
    torch.onnx.export(
        model, (windows(2),), tmp_path / "network.onnx", verbose=False, dynamic_shapes=({0: torch.export.Dim("N")},)
    )
    session = onnxruntime.InferenceSession(tmp_path / "network.onnx", providers=["CPUExecutionProvider"])
    found = session.run(None, {session.get_inputs()[0].name: windows(7).numpy()})
    with torch.no_grad():
        expected = model(windows(7))

    for theirs, ours in zip(found, expected, strict=True):
        np.testing.assert_allclose(theirs, ours, rtol=0, atol=1e-5)
