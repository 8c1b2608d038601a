"""The map of drawn networks: by hand, and a network that has learned nothing is one of them."""

import numpy as np
import pytest
from scipy import stats

from cbam_viz.analysis.randomisation import score_randomisation
from cbam_viz.attention.record import record_attention
from cbam_viz.network.untrained import draw_network


def test_value_and_control_by_hand(mixed, noises):
    """Mean |Spearman| with each drawn network, and of these among themselves, one pair at a time."""
    inputs = noises[:1]
    record = record_attention(mixed, inputs)
    seeds = np.random.SeedSequence(5).generate_state(4).tolist()
    drawn = [record_attention(draw_network(mixed, seed), inputs) for seed in seeds]
    for score, number in zip(score_randomisation(mixed, inputs, record, seed=5, draws=4), (0, 1, 3), strict=True):
        own, *others = (each.blocks[number].spatial_attention[0] for each in (record, *drawn))
        among = [
            np.mean([abs(stats.spearmanr(one, other).statistic) for other in others if other is not one])
            for one in others
        ]

        assert score.block == f"block {number + 1}"
        assert score.value == pytest.approx(np.mean([abs(stats.spearmanr(own, each).statistic) for each in others]))
        assert (score.control, score.low, score.high) == pytest.approx(
            (np.mean(among), *np.quantile(among, (0.025, 0.975), method="weibull"))
        )


def test_an_untrained_network_is_one_of_the_drawn(mixed, noises):
    """Of 20 networks that have learned nothing, few lie outside the band."""
    outside = []
    for seed in range(20):
        network = draw_network(mixed, 1000 + seed)
        score = score_randomisation(network, noises[:1], record_attention(network, noises[:1]), seed=seed)[0]
        outside.append(score.below or score.above)

    assert np.mean(outside) <= 0.3


def test_blocks_that_keep_their_weights_are_not_scored(mixed, noises):
    """A cascade that begins at block 2 says nothing of block 1."""
    record = record_attention(mixed, noises[:1])

    assert [score.block for score in score_randomisation(mixed, noises[:1], record, draws=3, first=1)] == [
        "block 2",
        "block 4",
    ]
