"""A gate replaced: what that changes is computed independently, is known where it was planted, and nothing stays."""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional

from cbam_viz.analysis.interventions import flatten_spatial, measure_margin, score_interventions
from cbam_viz.attention.passes import OWN_GATES, HeldGates, probabilities, run_passes
from cbam_viz.attention.record import record_attention

WITH_SPATIAL = (0, 1, 3)
"""Blocks of the small network that have a spatial gate."""


@pytest.fixture
def level(mixed):
    """The same network, with spatial gates that read nothing: each is the sigmoid of its bias, everywhere."""
    model = deepcopy(mixed.model)
    with torch.no_grad():
        for number in WITH_SPATIAL:
            model.blocks[number].cbam.spatial.conv.weight.zero_()
    return replace(mixed, model=model)


@pytest.mark.parametrize("block", WITH_SPATIAL)
def test_flattening_what_is_flat_changes_nothing(level, noises, block):
    """A gate that has one value everywhere is its own mean."""
    record = record_attention(level, noises[:20])
    flattened = flatten_spatial(level, noises[:20], record, block)

    assert np.ptp(record.blocks[block].spatial_attention) < 1e-6
    np.testing.assert_allclose(flattened, record.probabilities, rtol=0, atol=1e-6)


def test_flattening_scales_the_features_by_the_mean_gate(mixed, noises):
    """Block 1 by hand: relu(norm(conv(x))), times M_c, times the mean of M_s; the blocks after it compute anew."""
    inputs = torch.from_numpy(noises[:9])
    record = record_attention(mixed, noises[:9])
    first, *later = mixed.model.blocks
    with torch.no_grad():
        x = functional.conv1d(inputs[:, None], first.conv.weight, stride=4, padding=6)
        norm = first.norm
        x = functional.batch_norm(x, norm.running_mean, norm.running_var, norm.weight, norm.bias, eps=norm.eps)
        channel = torch.from_numpy(record.blocks[0].channel_attention)[:, :, None]
        spatial = torch.tensor([sum(row) / len(row) for row in record.blocks[0].spatial_attention.tolist()])
        x = functional.max_pool1d(torch.relu(x) * channel * spatial[:, None, None], 2)
        for block, pool in zip(later, mixed.model.pools[1:], strict=True):
            x = pool(block(x))
        logits = mixed.model.linear(x.reshape(9, 6, 4, -1).mean(3).flatten(1)).double().numpy()
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)

    np.testing.assert_allclose(flatten_spatial(mixed, noises[:9], record, 0), expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("block", WITH_SPATIAL)
def test_every_window_is_held_at_its_own_mean(mixed, noises, block):
    """Many windows at once give what each gives alone."""
    record = record_attention(mixed, noises[:5])
    together = flatten_spatial(mixed, noises[:5], record, block)
    alone = [flatten_spatial(mixed, noises[each : each + 1], record.only(each), block)[0] for each in range(5)]

    np.testing.assert_allclose(together, alone, rtol=0, atol=1e-6)
    np.testing.assert_allclose(together.sum(axis=1), 1, rtol=0, atol=1e-6)


def test_flattening_leaves_the_network_as_it_was(mixed, noises):
    """The next record is, bit for bit, the one before."""
    before = record_attention(mixed, noises[:70])
    for block in WITH_SPATIAL:
        flatten_spatial(mixed, noises[:70], before, block)
    after = record_attention(mixed, noises[:70])

    np.testing.assert_array_equal(after.logits, before.logits)
    for one, other in zip(after.blocks, before.blocks, strict=True):
        np.testing.assert_array_equal(one.channel_attention, other.channel_attention)
        np.testing.assert_array_equal(one.spatial_attention, other.spatial_attention)


PULSE = np.where(np.arange(256) // 4 == 20, 3.0, 1.0).astype(np.float32)[None]
"""A hum of 1, and 3 for four samples."""
SPATIAL = ("flatten_spatial", "shuffle_spatial", "shift_spatial")


def scored(network, inputs, block=0, **how):
    """Scores of one window by name."""
    scores = score_interventions(network, inputs, record_attention(network, inputs), block, **how)
    return {score.name: score for score in scores}


def test_a_gate_that_was_built_to_matter_matters(make_planted):
    """A gate that passes the pulse alone, and a class that is the pulse: without its place the class is lost.

    The logit is 500 (mean - 0.03). Gated: mean = 4 * 3 / 256. Flat: (252 + 12) / 256 * 4 / 256. Moved: 4 * 1 / 256.
    """
    scores = scored(make_planted(slope=20, bias=-40, gain=500, threshold=0.03), PULSE)
    flat = 500 * (12 / 256 - 264 / 256 * 4 / 256)
    moved = 500 * (12 / 256 - 4 / 256)

    assert scores["flatten_spatial_margin"].value == pytest.approx(flat, rel=1e-3)
    assert scores["shift_spatial_margin"].value == pytest.approx(moved, rel=1e-3)
    assert scores["shift_spatial_margin"].low == pytest.approx(moved, rel=1e-3)
    assert scores["shuffle_spatial_margin"].high == pytest.approx(moved, rel=1e-3)
    assert scores["shuffle_spatial_margin"].low > 0
    assert scores["flatten_spatial"].control == scores["shuffle_spatial"].value
    assert all(scores[name].value > 0.99 for name in SPATIAL)


def test_a_gate_that_turns_down_the_class_costs_it(make_planted):
    """A gate that shuts out the pulse, and a class that is loudness: flat, the class gains what was shut out."""
    scores = scored(make_planted(slope=-20, bias=40, gain=100, threshold=0.97), PULSE)

    assert scores["flatten_spatial_margin"].value == pytest.approx(100 * (252 / 256 - 264 / 256 * 252 / 256), rel=1e-2)
    assert all(scores[name].value < 0 for name in SPATIAL)
    assert scores["shift_spatial"].high < 0


def test_a_saturated_probability_hides_what_the_margin_shows(make_planted):
    """Where p rounds to 1 on both sides nothing is lost in probability, and ten logits are in margin."""
    scores = scored(make_planted(slope=20, bias=-40, gain=320, threshold=-1), PULSE)

    assert abs(scores["flatten_spatial"].value) < 1e-12
    assert scores["flatten_spatial_margin"].value == pytest.approx(320 * (12 / 256 - 264 / 256 / 64), rel=1e-3)


@pytest.mark.parametrize("block", [*WITH_SPATIAL, None])
def test_a_constant_gate_has_no_shape_to_lose(level, noises, block):
    """Flattened, shuffled or moved, a gate with one value everywhere is what it was: every loss and band is 0."""
    scores = scored(level, noises[:1], block)

    for name in SPATIAL:
        for score in (scores[name], scores[f"{name}_margin"]):
            np.testing.assert_allclose([score.value, score.control, score.low, score.high], 0, rtol=0, atol=1e-5)


@pytest.mark.parametrize("block", [0, 1, 2])
def test_usual_channels_are_those_of_the_card(mixed, noises, block):
    """The loss is computed by hand with M_c at 0.5; where the card says what M_c is, there is none."""
    record = record_attention(mixed, noises[:1])
    held = [OWN_GATES] * 5
    held[block] = HeldGates(channel=np.full((1, 1), 0.5, np.float32))
    target = record.logits[0].argmax()
    kept = probabilities(run_passes(mixed, noises[:1], held))[0, target]
    known = [replace(each) for each in mixed.card.reference]
    known[block] = replace(known[block], channel_mean=tuple(record.blocks[block].channel_attention[0].tolist()))
    same = replace(mixed, card=replace(mixed.card, reference=tuple(known)))

    assert scored(mixed, noises[:1], block)["mean_channels"].value == pytest.approx(
        record.probabilities[0, target] - kept, abs=1e-6
    )
    assert scored(same, noises[:1], block)["mean_channels_margin"].value == pytest.approx(0, abs=1e-5)


def test_only_gates_that_are_there_are_tested(mixed, noises):
    """A block with one gate has that gate's tests, a block with none has none; each is there twice."""
    kinds = [
        {name.removesuffix("_margin").split("_")[1] for name in scored(mixed, noises[:1], block)}
        for block in (0, 2, 3, 4, None)
    ]

    assert kinds == [{"spatial", "channels"}, {"channels"}, {"spatial"}, set(), {"spatial", "channels"}]
    assert len(scored(mixed, noises[:1], None)) == 10


def test_all_blocks_of_one_is_that_one(make_planted, noises):
    """In a network of one block, all blocks at once lose what the block alone loses."""
    network = make_planted(slope=1, bias=0, gain=5)
    one, every = (scored(network, noises[:1], block, seed=3) for block in (0, None))

    assert {score.block for score in every.values()} == {"all blocks"}
    assert {name: score.value for name, score in one.items()} == {name: score.value for name, score in every.items()}


def test_what_is_drawn_can_be_drawn_again(mixed, noises):
    """A seed gives the same scores, another seed other bands."""
    first, again, other = (scored(mixed, noises[:1], 0, seed=seed) for seed in (0, 0, 1))

    assert first == again
    assert first["shuffle_spatial"] != other["shuffle_spatial"]


def test_margin_is_the_logit_over_the_best_other():
    """By hand."""
    assert measure_margin(np.array([[1, 4, 2]], np.float32), 1)[0] == pytest.approx(2)
    assert measure_margin(np.array([[1, 4, 2]], np.float32), 0)[0] == pytest.approx(-3)
