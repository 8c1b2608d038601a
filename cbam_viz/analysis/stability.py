"""Does the map belong to what it lies on? M_s when the window begins a little later, and when noise is added."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.ranks import band, correlate_ranks
from cbam_viz.analysis.score import Score
from cbam_viz.attention.record import AttentionRecord, record_attention
from cbam_viz.network.checkpoint import Network
from cbam_viz.signals.windows import Windows

STEPS = (1, 2, 4, 8)
"""Shifts, in strides of the coarsest gate."""
SNR_DB = 20.0
OTHERS = 50
"""Windows of the recording that one is set beside."""


def score_shift(network: Network, windows: Windows, record: AttentionRecord, window: int) -> tuple[Score, ...]:
    """Mean Spearman between M_s moved along with the signal and M_s of the window shifted; one score a block.

    The recording is shifted, by its own neighbouring samples: nothing is padded, and at its ends only one side is
    there. Compared are the positions that both windows hold. The control is the same without moving M_s along, with
    its band over the shifts: a gate that stays where it is whatever the signal does scores there. NaN where nothing
    can be shifted, or M_s is constant.

    Parameters
    ----------
    network, windows, record : of one recording.
    window : index.
    """
    gated = [block for block in record.blocks if block.spatial_attention.size]
    shifts = _shifts(windows, window, max((block.receptive_field.stride for block in gated), default=1))
    if not shifts.size:
        return tuple(Score("shift", block.name, np.nan) for block in gated)
    shifted = record_attention(network, replace(windows, starts=windows.starts[window] + shifts).inputs)
    scores = []
    for block, after in zip(record.blocks, shifted.blocks, strict=True):
        if block.spatial_attention.size:
            own, steps = block.spatial_attention[window], shifts // block.receptive_field.stride
            along = np.array(list(map(_along, [own] * len(steps), after.spatial_attention, steps)))
            staying = correlate_ranks(own, after.spatial_attention)
            scores.append(Score("shift", block.name, band(along)[0], *band(staying)))
    return tuple(scores)


def _shifts(windows: Windows, window: int, stride: int) -> NDArray[np.int64]:
    """By how many samples a window can begin later or, below 0, earlier and stay within the recording."""
    length, start = windows.preparation.window, windows.starts[window]
    shifts = stride * np.concatenate([-np.array(STEPS[::-1]), STEPS])
    begins = start + shifts
    return shifts[(np.abs(shifts) < length // 2) & (begins >= 0) & (begins + length <= len(windows.samples))]


def _along(before: NDArray[np.float32], after: NDArray[np.float32], step: int) -> float:
    """Rank correlation of a gate with that of a window that begins `step` positions later, where both see."""
    seen_by_both = slice(max(step, 0), len(before) + min(step, 0)), slice(max(-step, 0), len(before) - max(step, 0))
    return float(correlate_ranks(before[seen_by_both[0]], after[seen_by_both[1]]))


def score_noise(
    network: Network, windows: Windows, record: AttentionRecord, window: int, seed: int = 0, draws: int = 10
) -> tuple[Score, ...]:
    """Mean Spearman between M_s as it is and with white noise 20 dB below the window; one score a block.

    The control is M_s of this window beside that of others of the recording, at most 50, with its band over them: a
    map that looks much alike in every window is stable for a poor reason. NaN where there is no other window, or M_s
    is constant.

    Parameters
    ----------
    network, windows, record : of one recording.
    window : index.
    seed, draws : of the noise.
    """
    inputs = windows.cut(slice(window, window + 1))  # (1, T)
    level = inputs.std() * 10 ** (-SNR_DB / 20)
    noise = np.random.default_rng(seed).normal(0, level, (draws, inputs.shape[1]))
    noisy = record_attention(network, (inputs + noise).astype(np.float32))
    apart = np.delete(np.arange(len(record)), window)
    others = apart[np.linspace(0, len(apart) - 1, min(OTHERS, len(apart))).round().astype(np.int64)]
    scores = []
    for block, with_noise in zip(record.blocks, noisy.blocks, strict=True):
        if block.spatial_attention.size:
            own = block.spatial_attention[window]
            value, _, _ = band(correlate_ranks(own, with_noise.spatial_attention))
            scores.append(
                Score("noise", block.name, value, *band(correlate_ranks(own, block.spatial_attention[others])))
            )
    return tuple(scores)
