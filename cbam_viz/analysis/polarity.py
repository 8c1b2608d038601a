"""Does a high gate lie on what speaks *for* the class? A gate has no sign, so this is asked of the network.

Liu et al. 2022, "Rethinking Attention-Model Explainability through Faithfulness Violation Test" (arXiv 2201.12114).
"""

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import logsumexp

from cbam_viz.analysis.ranks import BAND, STILL
from cbam_viz.analysis.score import Score
from cbam_viz.attention.passes import run_passes
from cbam_viz.attention.record import AttentionRecord
from cbam_viz.network.checkpoint import Network
from cbam_viz.network.receptive import ReceptiveField

SEGMENTS = 64
HIGHEST = 0.25
"""Share of the segments that count as having a high gate."""


def score_polarity(
    network: Network, inputs: NDArray[np.float32], record: AttentionRecord, segments: int = SEGMENTS
) -> tuple[Score, ...]:
    """Of the segments with the highest quarter of M_s, the share that speaks against the class; one score a block.

    Near 1 the gate is inverted: it lets through what the class is held back by. The control is the share in a quarter
    chosen at random: its mean and band are those of the hypergeometric distribution. NaN where M_s is constant.

    Parameters
    ----------
    network, inputs, record : of one window.
    segments : equal parts of the window, each masked in its turn.
    """
    against = occlude(network, inputs, record, segments) < 0
    high = max(1, round(HIGHEST * segments))
    chance = stats.hypergeom(segments, int(against.sum()), high)
    low, top = (float(count) / high for count in chance.ppf(BAND))
    scores = []
    for block in record.blocks:
        if block.spatial_attention.size:
            gate = gate_of_segments(block.spatial_attention[0], block.receptive_field, inputs.shape[1], segments)
            highest = np.argsort(-gate, kind="stable")[:high]
            share = float(against[highest].mean()) if np.ptp(gate) > STILL else np.nan
            scores.append(Score("polarity", block.name, share, float(against.mean()), low, top))
    return tuple(scores)


def occlude(
    network: Network, inputs: NDArray[np.float32], record: AttentionRecord, segments: int = SEGMENTS
) -> NDArray[np.float64]:
    """What the class's log-odds lose when each segment is set to the window's mean, (S,) array; below 0 they gain."""
    target = int(record.probabilities[0].argmax())
    edges = np.linspace(0, inputs.shape[1], segments + 1).round()
    sample = np.arange(inputs.shape[1])
    masked = (sample >= edges[:-1, None]) & (sample < edges[1:, None])  # (S, T)
    occluded = run_passes(network, np.where(masked, inputs.mean(), inputs).astype(np.float32))
    return _log_odds(record.logits, target) - _log_odds(occluded, target)


def gate_of_segments(
    gate: NDArray[np.float32], field: ReceptiveField, samples: int, segments: int
) -> NDArray[np.float64]:
    """Mean of M_s over each segment, (S,) array; a position is a cell one stride wide at the centre of its field.

    Parameters
    ----------
    gate : (L,) array.
    field : of its positions.
    samples : T, in the window.
    segments : S, of equal width.
    """
    cells = field.centre(0) + 0.5 + (np.arange(field.positions + 1) - 0.5) * field.stride  # (L + 1,) edges
    total = np.concatenate([[0.0], np.cumsum(gate, dtype=np.float64)]) * field.stride
    edges = np.linspace(0, samples, segments + 1)
    inside = edges.clip(cells[0], cells[-1])
    means = np.diff(np.interp(inside, cells, total)) / np.maximum(np.diff(inside), np.finfo(float).tiny)
    nearest = np.rint((edges[:-1] + edges[1:]) / 2 / field.stride - cells[0] / field.stride - 0.5).astype(np.int64)
    return np.where(np.diff(inside) > 0, means, gate[nearest.clip(0, field.positions - 1)])


def _log_odds(logits: NDArray[np.float32], target: int) -> NDArray[np.float64]:
    """Logarithm of p / (1 - p) of a class, (P,) array; exact where p rounds to 1."""
    exact = logits.astype(np.float64)
    return exact[:, target] - logsumexp(np.delete(exact, target, axis=1), axis=1)
