"""The module against its equations, its parameter counts, and one law for every switch."""

import numpy as np
import pytest
import torch
from scipy.signal import correlate
from scipy.special import expit
from torch import nn

from cbam_viz.network.cbam import CBAM, ChannelAttention, Gates, SpatialAttention
from cbam_viz.network.config import CBAMConfig

SWITCHES = {
    "reference": {},
    "paper": {"variant": "paper"},
    "inner sigmoid": {"inner_sigmoid": True},
    "maximum only": {"pools": "max"},
    "mean only": {"pools": "avg"},
    "no bias": {"mlp_bias": False, "spatial_bias": False},
    "kernel 31": {"kernel": 31},
    "spatial first": {"order": "spatial-channel"},
    "parallel": {"order": "parallel"},
    "channel only": {"order": "channel"},
    "spatial only": {"order": "spatial"},
    "none": {"order": "none"},
    "residual": {"residual": True},
    "mean before maximum": {"pooled_order": "mean-max"},
    "SE": {"channel": "se"},
    "ECA": {"channel": "eca"},
}


def randomised(module, seed=0):
    """The same module in evaluation mode, with every weight, bias and running statistic drawn anew."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, values in module.state_dict().items():
            if name.endswith("running_var"):
                values.uniform_(0.5, 2, generator=generator)
            elif values.is_floating_point():
                values.normal_(0, 0.4, generator=generator)
    return module.eval()


def drawn(*shape, seed=1):
    """Features from a normal distribution."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def counted(module):
    """How many parameters a module learns."""
    return sum(values.numel() for values in module.parameters())


# ---------------------------------------------------------------- the seed's equations, in NumPy and float64


def numpy_weights(module):
    """Every array of a module in float64."""
    return {name: values.numpy().astype(np.float64) for name, values in module.state_dict().items()}


def numpy_mlp(pooled, weights, name):
    """W1 relu(W0 x + b0) + b1 of (N, C)."""
    hidden = np.maximum(pooled @ weights[f"{name}.0.weight"].T + weights[f"{name}.0.bias"], 0)
    return hidden @ weights[f"{name}.2.weight"].T + weights[f"{name}.2.bias"]


def numpy_channel_gate(features, weights, max_mlp, avg_mlp):
    """M_c = sigmoid(MLP(max F) + MLP(mean F)), as (N, C, 1) or (N, C, 1, 1)."""
    space = tuple(range(2, features.ndim))
    summed = numpy_mlp(features.max(space), weights, f"channel.{max_mlp}")
    summed += numpy_mlp(features.mean(space), weights, f"channel.{avg_mlp}")
    return expit(np.expand_dims(summed, space))


def numpy_spatial_gate(features, weights):
    """M_s = sigmoid(norm(conv([max_C F; mean_C F]))), as (N, 1, L) or (N, 1, H, W)."""
    of_max, of_mean = weights["spatial.conv.weight"][0]
    summed = np.stack(
        [
            correlate(window.max(0), of_max, mode="same") + correlate(window.mean(0), of_mean, mode="same")
            for window in features
        ]
    )
    summed += weights.get("spatial.conv.bias", 0)
    if "spatial.norm.weight" in weights:
        centred = (summed - weights["spatial.norm.running_mean"]) / np.sqrt(weights["spatial.norm.running_var"] + 1e-5)
        summed = centred * weights["spatial.norm.weight"] + weights["spatial.norm.bias"]
    return expit(summed)[:, None]


@pytest.mark.parametrize("shape", [(3, 16, 40), (2, 16, 12, 9)], ids=["signal", "picture"])
@pytest.mark.parametrize(
    ("variant", "max_mlp", "avg_mlp"),
    [("reference", "fc_MaxPool", "fc_AvgPool"), ("paper", "fc_shared", "fc_shared")],
    ids=["reference", "paper"],
)
def test_module_computes_the_published_equations(variant, max_mlp, avg_mlp, shape):
    """F' = M_c(F) F and F'' = M_s(F') F', computed in float64 by other means, agree to 1e-6."""
    module = randomised(CBAM(16, variant, dims=len(shape) - 2))
    features, weights = drawn(*shape), numpy_weights(module)

    by_hand = features.numpy().astype(np.float64)
    channel = numpy_channel_gate(by_hand, weights, max_mlp, avg_mlp)
    spatial = numpy_spatial_gate(channel * by_hand, weights)
    with torch.no_grad():
        refined, gates = module.attend(features)

    np.testing.assert_allclose(gates.channel, channel, rtol=0, atol=1e-6)
    np.testing.assert_allclose(gates.spatial, spatial, rtol=0, atol=1e-6)
    np.testing.assert_allclose(refined, spatial * channel * by_hand, rtol=0, atol=1e-6)


# ---------------------------------------------------------------- two faces


@pytest.mark.parametrize("switches", SWITCHES.values(), ids=SWITCHES)
def test_forward_is_the_first_item_of_attend(switches):
    """Both faces of a CBAM and of each of its gates give the same refined features."""
    module, features = randomised(CBAM(16, **switches)), drawn(4, 16, 33)
    for part in filter(None, (module, module.channel, module.spatial)):
        assert torch.equal(part(features), part.attend(features)[0])


def test_module_keeps_the_shape_of_its_features():
    """`CBAM(in_channel=512)` maps (32, 512, 16) to the same, with one gate a channel and one a position."""
    refined, gates = CBAM(in_channel=512).attend(torch.zeros(32, 512, 16))

    assert refined.shape == (32, 512, 16)
    assert gates.channel.shape == (32, 512, 1)
    assert gates.spatial.shape == (32, 1, 16)


def test_module_drops_into_a_sequential():
    """Between two layers of an `nn.Sequential` it refines what the first one gives."""
    before, module, after = nn.Conv1d(1, 16, 5), randomised(CBAM(in_channel=16)), nn.Conv1d(16, 2, 1)
    signal = drawn(4, 1, 64)

    assert torch.equal(nn.Sequential(before, module, after)(signal), after(module.attend(before(signal)).features))


@pytest.mark.parametrize(
    ("channels", "variant", "parameters"),
    [(64, "reference", 8_399), (64, "paper", 596), (512, "reference", 525_839), (512, "paper", 33_328)],
)
def test_parameter_count_is_the_published_one(channels, variant, parameters):
    """Two MLPs of C to C/2 to C; or one of C to C/16 to C, with a batch norm for the spatial bias."""
    assert counted(CBAM(channels, variant)) == parameters


# ---------------------------------------------------------------- laws of the gates


@pytest.mark.parametrize("switches", SWITCHES.values(), ids=SWITCHES)
def test_gates_lie_between_0_and_1(switches):
    """A gate lets through a share: more than nothing and less than all."""
    gates = randomised(CBAM(16, **switches)).attend(drawn(8, 16, 50)).gates
    for gate in filter(lambda gate: gate is not None, gates):
        assert 0 < gate.min() <= gate.max() < 1


def test_channel_gate_does_not_see_the_order_of_positions():
    """M_c pools over L, so shuffling the positions leaves it as it was."""
    module, features = randomised(ChannelAttention(16)), drawn(4, 16, 50)
    shuffled = features[:, :, torch.randperm(50, generator=torch.Generator().manual_seed(2))]

    torch.testing.assert_close(module.attend(shuffled).gate, module.attend(features).gate)


def test_spatial_gate_does_not_see_the_order_of_channels():
    """M_s pools over C, so shuffling the channels leaves it as it was."""
    module, features = randomised(SpatialAttention()), drawn(4, 16, 50)
    shuffled = features[:, torch.randperm(16, generator=torch.Generator().manual_seed(2))]

    torch.testing.assert_close(module.attend(shuffled).gate, module.attend(features).gate)


def test_held_gates_that_were_computed_change_nothing():
    """Holding the gates of a pass repeats the pass, bit for bit."""
    module, features = randomised(CBAM(16)), drawn(4, 16, 50)
    computed = module.attend(features)
    repeated = module.attend(features, computed.gates)

    assert torch.equal(repeated.features, computed.features)
    assert repeated.gates == computed.gates


@pytest.mark.parametrize("order", ["channel-spatial", "spatial-channel", "parallel", "channel", "spatial", "none"])
def test_gates_held_at_one_let_everything_through(order):
    """With both gates open a CBAM is the identity, in every order."""
    features = drawn(4, 16, 50)

    assert torch.equal(
        randomised(CBAM(16, order=order)).attend(features, Gates(torch.ones(1), torch.ones(1)))[0], features
    )


def test_one_held_gate_leaves_the_other_computed():
    """With M_c held open, M_s is that of the features themselves."""
    module, features = randomised(CBAM(16)), drawn(4, 16, 50)
    gates = module.attend(features, Gates(torch.ones(1, 16, 1), None)).gates

    assert torch.equal(gates.spatial, module.spatial.attend(features).gate)


# ---------------------------------------------------------------- switches: channel attention


def test_inner_sigmoid_confines_the_channel_gate():
    """A sigmoid before the sum leaves M_c between sigmoid(0) = 0.5 and sigmoid(2) = 0.881, whatever it reads."""
    module = randomised(ChannelAttention(16, CBAMConfig(inner_sigmoid=True)))
    gate = module.attend(1000 * drawn(64, 16, 8)).gate

    assert gate.min().item() == pytest.approx(0.5, abs=1e-3)
    assert gate.max().item() == pytest.approx(0.881, abs=1e-3)


def test_maximum_only_reads_the_maximum():
    """With ``pools="max"`` M_c is the same for features that agree in their maxima alone."""
    module, features = randomised(ChannelAttention(16, CBAMConfig(pools="max"))), drawn(4, 16, 50)
    maxima = features.amax(2, keepdim=True).expand(-1, -1, 50)

    assert torch.equal(module.attend(features).gate, module.attend(maxima).gate)


def test_mean_only_reads_the_mean():
    """With ``pools="avg"`` M_c is the same for features that agree in their means alone."""
    module, features = randomised(ChannelAttention(16, CBAMConfig(pools="avg"))), drawn(4, 16, 50)
    means = features.mean(2, keepdim=True).expand(-1, -1, 50)

    torch.testing.assert_close(module.attend(features).gate, module.attend(means).gate)


def test_shared_mlp_is_two_mlps_with_the_same_weights():
    """Separate MLPs that are given the shared one's weights make the same M_c."""
    shared, separate = randomised(ChannelAttention(16, CBAMConfig(shared_mlp=True))), ChannelAttention(16)
    separate.fc_MaxPool.load_state_dict(shared.fc_shared.state_dict())
    separate.fc_AvgPool.load_state_dict(shared.fc_shared.state_dict())
    features = drawn(4, 16, 50)

    assert torch.equal(separate.attend(features).gate, shared.attend(features).gate)


@pytest.mark.parametrize("reduction", [2, 4, 8, 16])
def test_reduction_divides_the_hidden_width(reduction):
    """A reduction ratio of r leaves C / r hidden units."""
    assert len(ChannelAttention(64, CBAMConfig(reduction=reduction)).fc_MaxPool[0].weight) == 64 // reduction


def test_hidden_width_has_a_floor():
    """Sixteen channels over a ratio of 16 would leave the paper's MLP one hidden unit: it keeps four."""
    assert len(CBAM(16, "paper").channel.fc_shared[0].weight) == 4


def test_mlp_without_bias_is_blind_to_silence():
    """With ``mlp_bias=False`` features of zero leave every channel half open."""
    gate = randomised(ChannelAttention(16, CBAMConfig(mlp_bias=False))).attend(torch.zeros(1, 16, 8)).gate

    assert torch.equal(gate, torch.full((1, 16, 1), 0.5))


def test_squeeze_and_excitation_is_channel_attention_on_the_mean_alone():
    """SE makes the M_c of ``pools="avg"``, and no M_s."""
    config = CBAMConfig(channel="se")
    module, cbam = randomised(CBAM(16, config=config)), ChannelAttention(16, CBAMConfig(pools="avg"))
    cbam.load_state_dict(module.channel.state_dict())
    features = drawn(4, 16, 50)
    refined, gates = module.attend(features)

    assert gates.spatial is None
    assert torch.equal(refined, cbam(features))


@pytest.mark.parametrize("channels", [2**power for power in range(1, 12)])
def test_eca_kernel_follows_its_rule(channels):
    """ECA's kernel is the odd number at or after log2(C)/2 + 1/2, cut to a whole (its code; 3 for 64 and 5 for 512)."""
    cut = int((np.log2(channels) + 1) / 2)

    assert counted(CBAM(channels, channel="eca")) == (cut if cut % 2 else cut + 1)


def test_eca_correlates_the_means_across_channels():
    """ECA's M_c is the sigmoid of a short correlation of the channel means, computed by NumPy; there is no M_s."""
    module, features = randomised(CBAM(64, channel="eca")), drawn(4, 64, 50)
    kernel = module.channel.across.weight.detach().numpy()[0, 0].astype(np.float64)
    means = features.numpy().astype(np.float64).mean(2)
    expected = expit([np.correlate(np.pad(row, 1), kernel, mode="valid") for row in means])
    with torch.no_grad():
        gates = module.attend(features).gates

    assert len(kernel) == 3
    assert gates.spatial is None
    np.testing.assert_allclose(gates.channel[:, :, 0], expected, rtol=0, atol=1e-6)


# ---------------------------------------------------------------- switches: spatial attention


@pytest.mark.parametrize("kernel", [3, 5, 7, 15, 31])
def test_spatial_gate_sees_as_far_as_its_kernel(kernel):
    """A change at one position moves M_s on the `kernel` positions around it and nowhere else."""
    module, features = randomised(SpatialAttention(CBAMConfig(kernel=kernel))), drawn(1, 16, 101)
    changed = features.clone()
    changed[:, :, 50] += 5
    moved = (module.attend(changed).gate != module.attend(features).gate).flatten().nonzero().flatten()

    assert moved.tolist() == list(range(50 - kernel // 2, 50 + kernel // 2 + 1))


def test_pooled_order_swaps_the_two_maps():
    """[mean, max] with the kernels swapped is [max, mean]."""
    first, second = randomised(SpatialAttention()), SpatialAttention(CBAMConfig(pooled_order="mean-max"))
    second.load_state_dict({"conv.weight": first.conv.weight.flip(1), "conv.bias": first.conv.bias})
    features = drawn(4, 16, 50)

    torch.testing.assert_close(first.attend(features).gate, second.attend(features).gate)


def test_spatial_conv_without_bias_is_blind_to_silence():
    """With ``spatial_bias=False`` features of zero leave every position half open."""
    gate = randomised(SpatialAttention(CBAMConfig(spatial_bias=False))).attend(torch.zeros(1, 16, 20)).gate

    assert torch.equal(gate, torch.full((1, 1, 20), 0.5))


def test_spatial_norm_centres_the_gate_in_training():
    """With ``spatial_norm`` the gate's logits have mean 0 and standard deviation 1 over a training batch."""
    module = SpatialAttention(CBAMConfig(spatial_norm=True)).train()
    logits = torch.logit(module.attend(drawn(32, 16, 100)).gate)

    assert logits.mean().item() == pytest.approx(0, abs=1e-5)
    assert logits.std().item() == pytest.approx(1, abs=1e-3)


def test_picture_of_one_row_is_a_signal():
    """With ``dims=2`` a picture one row high gets the gates of a signal under the kernel's middle row."""
    flat, square = randomised(CBAM(16)), randomised(CBAM(16, dims=2))
    row = square.spatial.conv.weight[:, :, 3].detach()  # (1, 2, 7)
    flat.load_state_dict({**square.state_dict(), "spatial.conv.weight": row})
    features = drawn(4, 16, 50)

    torch.testing.assert_close(square(features.unsqueeze(2)).squeeze(2), flat(features))


# ---------------------------------------------------------------- switches: how the gates are put together

ORDERS = {
    "channel-spatial": lambda features, channel, spatial: spatial(channel(features)),
    "spatial-channel": lambda features, channel, spatial: channel(spatial(features)),
    "parallel": lambda features, channel, spatial: (
        spatial.attend(features).gate * channel.attend(features).gate * features
    ),
    "channel": lambda features, channel, _: channel(features),
    "spatial": lambda features, _, spatial: spatial(features),
    "none": lambda features, *_: features,
}


@pytest.mark.parametrize("order", ORDERS)
def test_order_composes_the_two_gates(order):
    """A CBAM is its two gates one after the other, side by side on the same features, or one of them."""
    whole, features = randomised(CBAM(16)), drawn(4, 16, 50)
    module = CBAM(16, order=order)
    module.load_state_dict(whole.state_dict(), strict=module.channel is not None and module.spatial is not None)

    torch.testing.assert_close(module(features), ORDERS[order](features, whole.channel, whole.spatial))


@pytest.mark.parametrize("order", ORDERS)
def test_residual_adds_the_features(order):
    """With ``residual`` a CBAM gives x + x·gate."""
    plain, features = randomised(CBAM(16, order=order)), drawn(4, 16, 50)
    residual = CBAM(16, order=order, residual=True)
    residual.load_state_dict(plain.state_dict())

    assert torch.equal(residual(features), features + plain(features))


def test_config_wins_over_variant_and_switches_over_both():
    """A whole config replaces the variant, and single switches are set on top of it."""
    assert CBAM(16, "paper", kernel=15).config == CBAMConfig(
        shared_mlp=True, reduction=16, min_hidden=4, spatial_norm=True, spatial_bias=False, kernel=15
    )
    assert CBAM(16, "paper", config=CBAMConfig(), residual=True).config == CBAMConfig(residual=True)


def test_unknown_variant_is_refused():
    """A variant that does not exist is named in the message."""
    with pytest.raises(ValueError, match="variant is 'reference' or 'paper', got 'timm'"):
        CBAM(16, "timm")
