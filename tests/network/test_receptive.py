"""Where positions lie in the window: by hand, and by what the network itself depends on."""

import pytest
import torch

from cbam_viz.network.config import BlockConfig, CBAMConfig, ModelConfig
from cbam_viz.network.model import CBAMCNN
from cbam_viz.network.receptive import ReceptiveField, receptive_fields

SPATIAL, WIDE = CBAMConfig(order="spatial"), CBAMConfig(order="spatial", kernel=15)
NETWORKS = {
    "stride 4": (BlockConfig(3, 16, 4, 2, SPATIAL), BlockConfig(4, 7, 1, 2, SPATIAL), BlockConfig(2, 5, 1, 1, SPATIAL)),
    "wide gate": (BlockConfig(3, 9, 3, 1, WIDE), BlockConfig(2, 4, 2, 3, SPATIAL)),
    "one without": (BlockConfig(3, 8, 2, 2, None), BlockConfig(2, 3, 1, 2, SPATIAL), BlockConfig(2, 1, 1, 1, None)),
}


def positive(blocks, window=240):
    """A network in evaluation mode in which every path from a sample to a position counts, and none cancels another."""
    model = CBAMCNN(ModelConfig(window, 2, blocks, pooling="mean", head=1)).double().eval()
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for weights in model.parameters():
            if weights.ndim == 3:  # a mean, nearly, so that no sigmoid saturates
                weights.uniform_(0.5, 1.5, generator=generator).div_(weights[0].numel())
            elif weights.ndim == 2:  # no unit of an MLP is silent
                weights.uniform_(0.01, 0.1, generator=generator)
    return model


def seen(values, position, x):
    """Samples on which one position of (1, C, L) values depends."""
    (gradient,) = torch.autograd.grad(values[0, :, position].sum(), x, retain_graph=True)
    return gradient.flatten().nonzero().flatten().tolist()


@pytest.mark.parametrize("blocks", NETWORKS.values(), ids=NETWORKS)
def test_positions_depend_on_their_field_and_on_nothing_else(blocks):
    """The gradient of refined features and of M_s is non-zero on the field, as far as it lies in the window."""
    model = positive(blocks)
    x = signal = torch.rand(1, 1, 240, generator=torch.Generator().manual_seed(1), dtype=torch.float64).requires_grad_()
    for block, pool, field in zip(model.blocks, model.pools, receptive_fields(model.config), strict=True):
        refined, gates = block.attend(x)
        for position in (0, 1, field.positions // 2, field.positions - 1):
            begin = field.first_sample + position * field.stride
            expected = [sample for sample in range(begin, begin + field.size) if 0 <= sample < 240]
            assert seen(refined, position, signal) == expected
            if gates.spatial is not None:
                assert seen(gates.spatial, position, signal) == expected
        x = pool(refined)


def test_channel_gate_reaches_every_sample():
    """M_c pools over the whole window, so through it every position depends on samples outside its field."""
    model = positive((BlockConfig(3, 16, 4, 2, CBAMConfig(inner_sigmoid=True)),))
    signal = torch.rand(1, 1, 240, generator=torch.Generator().manual_seed(1), dtype=torch.float64).requires_grad_()

    assert seen(model.blocks[0](signal), 30, signal) == list(range(240))


def test_fields_of_a_bearing_network():
    """Worked out by hand for a first kernel of 64 at stride 8, pools of 2, then a kernel of 7, and gates 7 wide."""
    config = ModelConfig(2048, 10, (BlockConfig(16, 64, 8, pool=2), BlockConfig(32, 7, 1, pool=2)))

    assert receptive_fields(config) == (
        ReceptiveField(first_sample=-28 - 3 * 8, size=64 + 6 * 8, stride=8, positions=256),
        ReceptiveField(first_sample=-52 - 3 * 16 - 3 * 16, size=112 + 8 + 6 * 16 + 6 * 16, stride=16, positions=128),
    )


@pytest.mark.parametrize("blocks", NETWORKS.values(), ids=NETWORKS)
def test_fields_are_centred_on_cells_that_tile_the_window(blocks):
    """The field of position p lies around the middle of its cell, samples p·stride up to (p + 1)·stride."""
    for field in receptive_fields(ModelConfig(240, 2, blocks, head=1)):
        for position in range(field.positions):
            assert field.centre(position) == (position + 0.5) * field.stride - 0.5
