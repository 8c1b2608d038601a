"""Would another seed draw the same map? M_s of networks that differ in nothing but the seed of their training."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from cbam_viz.analysis.ranks import band, correlate_all
from cbam_viz.analysis.score import Score
from cbam_viz.attention.record import AttentionRecord


def score_agreement(records: Sequence[AttentionRecord], block: int) -> Score:
    """Mean Spearman between M_s of networks of one recipe with other seeds, on the same windows.

    The control is the same between different windows: what two networks agree on whatever they are shown, such as the
    window's ends; its band is over pairs of windows. NaN where there is one network, or one window for the control.

    Parameters
    ----------
    records : one a network, all of the same N windows.
    block : index; it must have a spatial gate.
    """
    maps = [record.blocks[block].spatial_attention for record in records]
    pairs = np.array([correlate_all(one, other) for one, other in combinations(maps, 2)])  # (pairs, N, N)
    if not len(pairs):
        return Score("agreement", records[0].blocks[block].name, np.nan)
    same = np.eye(pairs.shape[1], dtype=bool)
    return Score("agreement", records[0].blocks[block].name, band(pairs[:, same])[0], *band(pairs[:, ~same]))
