"""A network as it was before training: the same card, other weights. A map that it draws too was not learned."""

import torch

from cbam_viz.network.checkpoint import Network
from cbam_viz.network.model import CBAMCNN


def draw_network(network: Network, seed: int, first: int = 0) -> Network:
    """The network with weights drawn anew, as training draws them before its first step; in evaluation mode.

    With `first` counted down from the last block to 0 this is the cascade of Adebayo et al. 2018, "Sanity Checks for
    Saliency Maps" (arXiv 1810.03292).

    Parameters
    ----------
    network : stays as it is; torch's generator stays where it is, too.
    seed : of the drawing.
    first : index of the first block that is drawn; those before keep what they learned. The last layer is always drawn.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = CBAMCNN(network.card.config)
    for number in range(first):
        model.blocks[number] = network.model.blocks[number]
    return Network(network.card, model.eval(), fleeting=True)
