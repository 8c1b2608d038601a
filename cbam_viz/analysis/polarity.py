"""Does a high gate lie on what speaks *for* the class? A gate has no sign, so this is asked of the network.

Liu et al. 2022, "Rethinking Attention-Model Explainability through Faithfulness Violation Test" (arXiv 2201.12114).
"""

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import logsumexp

from cbam_viz.analysis.ranks import BAND, STILL, band
from cbam_viz.analysis.score import Score
from cbam_viz.analysis.segments import SEGMENTS, average_samples, segments_of_samples, spread_positions
from cbam_viz.attention.passes import run_passes
from cbam_viz.attention.record import AttentionRecord
from cbam_viz.network.checkpoint import Network

HIGHEST = 0.25
"""Share of the segments that count as having a high gate, and of those that count as having a low one."""


def score_polarity(
    network: Network, inputs: NDArray[np.float32], record: AttentionRecord, segments: int = SEGMENTS
) -> tuple[Score, ...]:
    """What the highest quarter of M_s lets through, and what the lowest turns down; two scores a block.

    ``polarity`` is the share of the segments with the highest quarter of M_s that speaks against the class; near 1 the
    gate lets through what the class is held back by. Its control is the share in a quarter chosen at random: its mean
    and band are those of the hypergeometric distribution. ``turned_down`` is the share of all that speaks for the class
    that lies in the lowest quarter, beside the gate moved around the window by every number of segments; near 1 the
    gate is inverted, even where what it lets through speaks neither way. NaN where M_s is constant.

    Parameters
    ----------
    network, inputs, record : of one window.
    segments : equal parts of the window, each masked in its turn.
    """
    effects = occlude(network, inputs, record, segments)
    against, carried = effects < 0, np.maximum(effects, 0.0)
    carried /= carried.sum() or np.nan
    parts = segments_of_samples(inputs.shape[1], segments=segments)
    high = max(1, round(HIGHEST * segments))
    chance = stats.hypergeom(segments, int(against.sum()), high)
    low, top = (float(count) / high for count in chance.ppf(BAND))
    scores = []
    for block in record.blocks:
        if block.spatial_attention.size:
            spread = spread_positions(block.spatial_attention[0], block.receptive_field, inputs.shape[1])
            gate = average_samples(spread, parts)
            order, ranks = np.argsort(-gate, kind="stable"), np.ptp(gate) > STILL
            share = float(against[order[:high]].mean()) if ranks else np.nan
            moved = (order[-high:] + np.arange(segments)[:, None]) % segments  # (S, quarter), as it stands first
            shut = carried[moved].sum(axis=1) if ranks else np.full(segments, np.nan)
            scores.append(Score("polarity", block.name, share, float(against.mean()), low, top))
            scores.append(Score("turned_down", block.name, float(shut[0]), *band(shut[1:])))
    return tuple(scores)


def occlude(
    network: Network, inputs: NDArray[np.float32], record: AttentionRecord, segments: int = SEGMENTS
) -> NDArray[np.float64]:
    """What the class's log-odds lose when each segment is set to the window's mean, (S,) array; below 0 they gain."""
    target = int(record.probabilities[0].argmax())
    masked = segments_of_samples(inputs.shape[1], segments=segments) == np.arange(segments)[:, None]  # (S, T)
    occluded = run_passes(network, np.where(masked, inputs.mean(), inputs).astype(np.float32))
    return _log_odds(record.logits, target) - _log_odds(occluded, target)


def _log_odds(logits: NDArray[np.float32], target: int) -> NDArray[np.float64]:
    """Logarithm of p / (1 - p) of a class, (P,) array; exact where p rounds to 1."""
    exact = logits.astype(np.float64)
    return exact[:, target] - logsumexp(np.delete(exact, target, axis=1), axis=1)
