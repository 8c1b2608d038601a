"""Does a gate lie where the class is carried? Each stretch is masked alone, and the gate moved around the window.

Deletion in random order is a poor null for a smooth gate: scattered stretches are not what it would mask by chance.
The gate itself, moved around the window, is as smooth as it is and lies elsewhere.
"""

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.deletion import MASKS
from cbam_viz.analysis.interventions import measure_margin
from cbam_viz.analysis.ranks import band, correlate_ranks
from cbam_viz.analysis.score import Score
from cbam_viz.analysis.segments import average_samples, segments_of_samples, spread_positions
from cbam_viz.analysis.surrogate import draw_surrogates
from cbam_viz.attention.passes import run_passes
from cbam_viz.attention.record import AttentionRecord, BlockRecord
from cbam_viz.network.checkpoint import Network

DRAWS = 2
"""Noises that are averaged over."""


def score_pointing(
    network: Network, inputs: NDArray[np.float32], record: AttentionRecord, seed: int = 0
) -> tuple[Score, ...]:
    """Spearman between M_s and what the margin of the class loses where a stretch is masked; two scores a block.

    ``pointing_zero`` masks by the window's mean, ``pointing_noise`` by noise of its own spectrum. The control is the
    same with the gate moved around the window by every number of stretches, with its band. NaN where M_s is constant.

    Parameters
    ----------
    network, inputs, record : of one window.
    seed : of the noise.
    """
    scores = []
    for mask, lost in mask_stretches(network, inputs, record, seed=seed).items():
        for block in record.blocks:
            if block.spatial_attention.size:
                gate = average_gate(block, inputs.shape[1])
                moved = np.array([np.roll(gate, step) for step in range(1, len(gate))])
                value = float(correlate_ranks(gate, lost))
                scores.append(Score(f"pointing_{mask}", block.name, value, *band(correlate_ranks(moved, lost))))
    return tuple(scores)


def mask_stretches(
    network: Network,
    inputs: NDArray[np.float32],
    record: AttentionRecord,
    target: int | None = None,
    seed: int = 0,
    draws: int = DRAWS,
) -> dict[str, NDArray[np.float32]]:
    """What the margin of a class loses where each stretch is masked alone, (S,) arrays by the way of masking.

    Parameters
    ----------
    network, inputs, record : of one window.
    target : index of the class; None takes the one that the window is named.
    seed, draws : of the noise.
    """
    parts = segments_of_samples(inputs.shape[1])
    count = int(parts.max()) + 1
    named = int(record.probabilities[0].argmax()) if target is None else target
    masked = parts == np.arange(count)[:, None]  # (S, T)
    fillers = {MASKS[0]: inputs.mean(keepdims=True)}
    fillers[MASKS[1]] = draw_surrogates(inputs[0], draws, np.random.default_rng(seed))
    before, found = measure_margin(record.logits, named), {}
    for mask, drawn in fillers.items():
        windows = np.concatenate([np.where(masked, each, inputs) for each in drawn]).astype(np.float32)
        after = measure_margin(run_passes(network, windows), named).reshape(-1, count)
        found[mask] = (before - after.mean(axis=0)).astype(np.float32)
    return found


def average_gate(block: BlockRecord, samples: int) -> NDArray[np.float32]:
    """Mean of M_s in each stretch of a window, (S,) array.

    Parameters
    ----------
    block : of one window.
    samples : of the window.
    """
    spread = spread_positions(block.spatial_attention[0], block.receptive_field, samples)
    return average_samples(spread, segments_of_samples(samples)).astype(np.float32)
