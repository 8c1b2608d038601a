"""Was the map learned? M_s of the trained network beside that of the same network with weights drawn at random.

Adebayo et al. 2018, "Sanity Checks for Saliency Maps" (arXiv 1810.03292): what untrained networks draw as well comes
from the signal and the architecture. A gate has no preferred sign before training, so |correlation| is compared.
"""

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.ranks import band, correlate_all, correlate_ranks
from cbam_viz.analysis.score import Score
from cbam_viz.attention.record import AttentionRecord, record_attention
from cbam_viz.network.checkpoint import Network
from cbam_viz.network.untrained import draw_network

DRAWS = 39
"""Networks: of fewer a band holds all, and more than 5 in 100 of those that learned nothing lie outside."""


def score_randomisation(
    network: Network,
    inputs: NDArray[np.float32],
    record: AttentionRecord,
    seed: int = 0,
    draws: int = DRAWS,
    first: int = 0,
) -> tuple[Score, ...]:
    """Mean |Spearman| between M_s as it is and with weights drawn anew; one score a block with a spatial gate.

    The control is the same for each of the drawn networks against the others; `low` and `high` are its quantiles over
    them. A network that has learned nothing is one more of them and falls inside. Below: training made the map. Inside
    or above: untrained networks draw it, too. NaN where M_s is constant. Over several windows every number is the
    mean over them.

    Parameters
    ----------
    network, inputs, record : of one window or several.
    seed, draws, first : of the drawn networks, see `draw_network`.
    """
    seeds = np.random.SeedSequence(seed).generate_state(draws)
    drawn = [record_attention(draw_network(network, int(each), first), inputs) for each in seeds]
    scores = []
    for number, block in enumerate(record.blocks):
        if block.spatial_attention.size and number >= first:
            maps = np.stack([each.blocks[number].spatial_attention for each in drawn])  # (draws, N, L)
            value, _, _ = band(np.abs(correlate_ranks(block.spatial_attention, maps)))
            among = np.stack([np.abs(correlate_all(same, same)) for same in maps.swapaxes(0, 1)], axis=2)
            among[np.arange(draws), np.arange(draws)] = np.nan  # (draws, draws, N)
            each = np.array([band(row)[0] for row in among])
            scores.append(Score("randomisation", block.name, value, *band(each)))
    return tuple(scores)
