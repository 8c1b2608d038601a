"""Networks that draw the same map agree, those that draw anything do not, and mirrored ones disagree."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from cbam_viz.analysis.agreement import score_agreement


def with_gates(record, gates):
    """The record with other gates in its first block."""
    return replace(record, blocks=(replace(record.blocks[0], spatial_attention=gates), *record.blocks[1:]))


def test_agreement_by_hand(make_scene):
    """Mean over pairs of networks of the same windows, beside all pairs of different ones."""
    records = [make_scene(seed=seed).record for seed in range(3)]
    maps = [record.blocks[0].spatial_attention for record in records]
    same, apart = [], []
    for one in range(3):
        for other in range(one + 1, 3):
            for window in range(6):
                for second in range(6):
                    pair = stats.spearmanr(maps[one][window], maps[other][second]).statistic
                    (same if window == second else apart).append(pair)
    score = score_agreement(records, 0)

    assert score.value == pytest.approx(np.mean(same))
    assert (score.control, score.low, score.high) == pytest.approx(
        (np.mean(apart), *np.quantile(apart, (0.025, 0.975), method="weibull"))
    )


def test_the_same_map_agrees_and_its_mirror_disagrees(scene):
    """1 and above chance for what rises and falls together, -1 and below it for what does the opposite."""
    gates = scene.record.blocks[0].spatial_attention
    twin = score_agreement([scene.record, with_gates(scene.record, gates**2)], 0)
    mirror = score_agreement([scene.record, with_gates(scene.record, 1 - gates)], 0)

    assert (twin.value, twin.above) == (pytest.approx(1), True)
    assert (mirror.value, mirror.below) == (pytest.approx(-1), True)


def test_one_network_agrees_with_nobody(scene):
    """Of one network nothing is known; of one window there is no control."""
    assert np.isnan(score_agreement([scene.record], 0).value)
    assert np.isnan(score_agreement([scene.record.only(0)] * 2, 0).control)
