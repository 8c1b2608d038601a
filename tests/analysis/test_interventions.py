"""A gate held flat: what that changes is computed independently, and nothing of it stays."""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional

from cbam_viz.analysis.interventions import flatten_spatial
from cbam_viz.attention.record import record_attention

WITH_SPATIAL = (0, 1, 3)
"""Blocks of the small network that have a spatial gate."""


@pytest.fixture
def level(network):
    """The same network, with spatial gates that read nothing: each is the sigmoid of its bias, everywhere."""
    model = deepcopy(network.model)
    with torch.no_grad():
        for number in WITH_SPATIAL:
            model.blocks[number].cbam.spatial.conv.weight.zero_()
    return replace(network, model=model)


@pytest.mark.parametrize("block", WITH_SPATIAL)
def test_flattening_what_is_flat_changes_nothing(level, windows, block):
    """A gate that has one value everywhere is its own mean."""
    record = record_attention(level, windows[:20])
    flattened = flatten_spatial(level, windows[:20], record, block)

    assert np.ptp(record.blocks[block].spatial_attention) < 1e-6
    np.testing.assert_allclose(flattened, record.probabilities, rtol=0, atol=1e-6)


def test_flattening_scales_the_features_by_the_mean_gate(network, windows):
    """Block 1 by hand: relu(norm(conv(x))), times M_c, times the mean of M_s; the blocks after it compute anew."""
    inputs = torch.from_numpy(windows[:9])
    record = record_attention(network, windows[:9])
    first, *later = network.model.blocks
    with torch.no_grad():
        x = functional.conv1d(inputs[:, None], first.conv.weight, stride=4, padding=6)
        norm = first.norm
        x = functional.batch_norm(x, norm.running_mean, norm.running_var, norm.weight, norm.bias, eps=norm.eps)
        channel = torch.from_numpy(record.blocks[0].channel_attention)[:, :, None]
        spatial = torch.tensor([sum(row) / len(row) for row in record.blocks[0].spatial_attention.tolist()])
        x = functional.max_pool1d(torch.relu(x) * channel * spatial[:, None, None], 2)
        for block, pool in zip(later, network.model.pools[1:], strict=True):
            x = pool(block(x))
        logits = network.model.linear(x.reshape(9, 6, 4, -1).mean(3).flatten(1)).double().numpy()
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)

    np.testing.assert_allclose(flatten_spatial(network, windows[:9], record, 0), expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("block", WITH_SPATIAL)
def test_every_window_is_held_at_its_own_mean(network, windows, block):
    """Many windows at once give what each gives alone."""
    record = record_attention(network, windows[:5])
    together = flatten_spatial(network, windows[:5], record, block)
    alone = [flatten_spatial(network, windows[each : each + 1], record.only(each), block)[0] for each in range(5)]

    np.testing.assert_allclose(together, alone, rtol=0, atol=1e-6)
    np.testing.assert_allclose(together.sum(axis=1), 1, rtol=0, atol=1e-6)


def test_flattening_leaves_the_network_as_it_was(network, windows):
    """The next record is, bit for bit, the one before."""
    before = record_attention(network, windows[:70])
    for block in WITH_SPATIAL:
        flatten_spatial(network, windows[:70], before, block)
    after = record_attention(network, windows[:70])

    np.testing.assert_array_equal(after.logits, before.logits)
    for one, other in zip(after.blocks, before.blocks, strict=True):
        np.testing.assert_array_equal(one.channel_attention, other.channel_attention)
        np.testing.assert_array_equal(one.spatial_attention, other.spatial_attention)
