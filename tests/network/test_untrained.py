"""Weights drawn anew are those before training, and nothing else is touched."""

import torch

from cbam_viz.network.model import CBAMCNN
from cbam_viz.network.untrained import draw_network


def test_drawn_weights_are_those_that_training_begins_with(network):
    """A seed gives, bit for bit, the model that training draws from it; another seed another."""
    drawn = draw_network(network, 7)
    torch.manual_seed(7)
    expected = CBAMCNN(network.card.config).state_dict()

    assert all(torch.equal(values, expected[key]) for key, values in drawn.model.state_dict().items())
    assert not drawn.model.training
    assert drawn.card is network.card
    assert drawn.digest != draw_network(network, 8).digest != network.digest


def test_blocks_before_the_first_keep_what_they_learned(network):
    """From the last block to the first, fewer and fewer weights are those of the network."""
    own, kept = network.model.state_dict(), []
    for first in (3, 2, 1, 0):
        state = draw_network(network, 7, first).model.state_dict()
        kept.append(
            {key.split(".")[1] for key in own if key.endswith("conv.weight") and torch.equal(own[key], state[key])}
        )

    assert kept == [{"0", "1", "2"}, {"0", "1"}, {"0"}, set()]


def test_drawing_leaves_generator_and_network_alone(network):
    """Torch's generator and the network's weights are, bit for bit, what they were."""
    generator, digest = torch.get_rng_state(), network.digest
    draw_network(network, 3, first=1)

    assert torch.equal(torch.get_rng_state(), generator)
    assert network.digest == digest
