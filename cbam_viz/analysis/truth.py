"""Does a map lie on the true impacts of a simulated bearing? Beside the envelope, other methods and impacts elsewhere.

A sample is struck from an impact to the end of its ring-down; a position, where its cell has a struck sample. Blocks
whose stride is more than a quarter of the time between impacts can't tell them apart, and have no numbers.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from cbam_viz.analysis.orders import INTEGRATED, LOUDNESS, OCCLUSION, gates_of, grad_cam_of, hires_cam_of
from cbam_viz.analysis.ranks import band
from cbam_viz.analysis.score import Score
from cbam_viz.analysis.segments import average_samples, cells_of_samples
from cbam_viz.attention.record import AttentionRecord

RING_S = math.log(20) / (2 * math.pi * 3_000 * 0.05)
"""Until a mode of 3 kHz at 5 % of critical damping, the middle of what `physics.simulate` draws, has decayed to 5 %."""
MOST_STRUCK = 0.5
"""Of the time between two impacts: a slower ring-down is cut there, or nothing would be left that is not struck."""
COARSEST = 0.25
"""Of the time between two impacts that a stride may have."""
ELSEWHERE = 200
"""Trains of impacts at other moments."""
UNKNOWN = (math.nan, math.nan, math.nan)


@dataclass(frozen=True)
class TruthRow:
    """How one map of one block lies on the impacts.

    Parameters
    ----------
    order : name of the map.
    auc : probability that a struck position has more than one that is not; 0.5 by chance.
    mass : share of the map's positive values on struck positions, over the share of these; 1 by chance.
    pointing : 1 where the largest value is on a struck position, 0 where not.
    """

    order: str
    auc: float
    mass: float
    pointing: float


@dataclass(frozen=True)
class BlockTruth:
    """All maps at the positions of one block; NaN everywhere where the block is too coarse or nothing is struck.

    Parameters
    ----------
    block : its name.
    stride_s, between_s : of the block, and between two impacts, in s; NaN where there are fewer than two.
    struck : share of the positions.
    rows : the gate first.
    chance : mean, 2.5 % and 97.5 % quantile of each measure of the gate, on impacts at random moments.
    """

    block: str
    stride_s: float
    between_s: float
    struck: float
    rows: tuple[TruthRow, ...]
    chance: dict[str, tuple[float, float, float]]

    @property
    def too_coarse(self) -> bool:
        """Whether a stride is more than a quarter of the time between impacts."""
        return self.stride_s > COARSEST * self.between_s


def trace_truth(
    record: AttentionRecord,
    orders: Mapping[str, NDArray[np.floating]],
    impacts: NDArray[np.floating],
    fs: float,
    ring_s: float = RING_S,
    seed: int = 0,
) -> tuple[BlockTruth, ...]:
    """How the gate of each block, and every other map at its positions, lie on the true impacts of a window.

    Parameters
    ----------
    record : of one window.
    orders : relevance of every sample by name, (T,) arrays, see `gather_orders`.
    impacts : (I,) array, in samples of the window, which may be those of the whole recording; one before the window
        counts where it still rings.
    fs : sampling rate in Hz.
    ring_s : how long the machine rings, in s.
    seed : of the impacts at random moments.
    """
    impacts = np.unique(impacts)
    between = float(np.median(np.diff(impacts))) if len(impacts) > 1 else math.nan
    ring = max(1, round(float(np.nanmin([ring_s * fs, MOST_STRUCK * between]))))
    samples, gates = len(next(iter(orders.values()))), gates_of(record)
    impacts = impacts[(impacts > -ring) & (impacts < samples)]
    moments = np.random.default_rng(seed).uniform(-ring, samples, (ELSEWHERE, len(impacts)))
    struck, elsewhere = mark_struck(impacts[None], ring, samples), mark_struck(moments, ring, samples)
    found = []
    for block in record.blocks:
        if block.name not in gates:
            continue
        stride, cells = block.receptive_field.stride, cells_of_samples(block.receptive_field, samples)
        maps = {name: average_samples(orders[name], cells) for name in _maps_of(block.name) if name in orders}
        here, there = _within(struck, cells), _within(elsewhere, cells)  # (1, L), (200, L)
        resolved = stride <= COARSEST * between and 0 < here.mean() < 1
        found.append(
            BlockTruth(
                block.name,
                stride / fs,
                between / fs,
                float(here.mean()),
                tuple(TruthRow(name, *_only(values, here, resolved)) for name, values in maps.items()),
                {name: band(of(maps[block.name], there)) if resolved else UNKNOWN for name, of in MEASURES.items()},
            )
        )
    return tuple(found)


def score_truth(truths: Sequence[BlockTruth]) -> tuple[Score, ...]:
    """``truth_auc``, ``truth_mass`` and ``truth_pointing`` of every gate.

    The control is the gate itself on as many impacts at random moments. ``truth_auc_loudness`` has the envelope's
    number as its control, and no band.
    """
    scores = []
    for truth in truths:
        gate = truth.rows[0]
        loudness = next(row for row in truth.rows if row.order == LOUDNESS)
        for name in MEASURES:
            value = getattr(gate, name)
            scores.append(Score(f"truth_{name}", truth.block, value, *truth.chance[name]))
            scores.append(Score(f"truth_{name}_loudness", truth.block, value, getattr(loudness, name)))
    return tuple(scores)


def mark_struck(impacts: NDArray[np.floating], ring: int, samples: int) -> NDArray[np.bool_]:
    """Whether a sample lies between an impact and the end of its ring-down, (N, T) array.

    Parameters
    ----------
    impacts : (N, I) array, trains of impacts in samples.
    ring : samples that a ring-down takes.
    samples : T.
    """
    begins = np.ceil(impacts).astype(np.int64)
    rows = np.broadcast_to(np.arange(len(impacts))[:, None], begins.shape)
    ringing = np.zeros((len(impacts), samples + 1), np.int64)
    np.add.at(ringing, (rows, begins.clip(0, samples)), 1)
    np.add.at(ringing, (rows, (begins + ring).clip(0, samples)), -1)
    return ringing[:, :-1].cumsum(axis=1) > 0


def measure_auc(values: NDArray[np.floating], struck: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Probability that a struck position has the larger value, ties half, (N,) array (Mann & Whitney 1947).

    Parameters
    ----------
    values : (L,) array.
    struck : (N, L) array; NaN for a row where all or no positions are struck.
    """
    ones = struck.sum(axis=1)
    pairs = ones * (struck.shape[1] - ones)
    wins = struck @ rankdata(values) - ones * (ones + 1) / 2
    return np.divide(wins, pairs, out=np.full(len(struck), np.nan), where=pairs > 0)


def measure_mass(values: NDArray[np.floating], struck: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Share of the positive values on struck positions over the share of these positions, (N,) array; see above."""
    positive = np.maximum(values, 0)
    whole = positive.sum() * struck.mean(axis=1)
    return np.divide(struck @ positive, whole, out=np.full(len(struck), np.nan), where=whole > 0)


def measure_pointing(values: NDArray[np.floating], struck: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Share of the positions with the largest value that are struck, (N,) array (Zhang et al. 2018)."""
    return np.asarray(struck[:, values == values.max()].mean(axis=1))


MEASURES: dict[str, Callable[[NDArray[np.floating], NDArray[np.bool_]], NDArray[np.float64]]] = {
    "auc": measure_auc,
    "mass": measure_mass,
    "pointing": measure_pointing,
}


def _maps_of(block: str) -> tuple[str, ...]:
    """Names of the maps that can be compared at a block's positions, its gate first."""
    return (block, LOUDNESS, grad_cam_of(block), hires_cam_of(block), INTEGRATED, OCCLUSION)


def _only(values: NDArray[np.floating], struck: NDArray[np.bool_], resolved: bool) -> tuple[float, ...]:
    """Every measure on the one train that is true."""
    return tuple(float(of(values, struck)[0]) if resolved else math.nan for of in MEASURES.values())


def _within(marks: NDArray[np.bool_], cells: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a cell has a marked sample, (N, L) array from (N, T)."""
    return np.logical_or.reduceat(marks, np.flatnonzero(np.diff(cells, prepend=-1)), axis=1)
