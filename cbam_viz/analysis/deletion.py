"""Deletion and insertion: does what a map ranks first carry the class (Petsiuk et al. 2018, arXiv 1806.07421)?

Segments of the window are masked, most relevant first, and the probability of the class is followed; insertion starts
from the window masked as a whole. What is masked with biases the result (arXiv 2605.16905), so there are two ways:
the window's mean, and noise of its own spectrum. Where segments begin, which noise is drawn and how ties are broken is
arbitrary, so all is done in several rounds that differ in these three.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from cbam_viz.analysis.ranks import BAND, band
from cbam_viz.analysis.score import Score
from cbam_viz.analysis.segments import average_samples, segments_of_samples
from cbam_viz.analysis.surrogate import draw_surrogates
from cbam_viz.attention.passes import probabilities, run_passes
from cbam_viz.attention.record import AttentionRecord
from cbam_viz.network.checkpoint import Network

ROUNDS = 5
"""Each with segments that begin elsewhere, noise of its own, and ties broken anew."""
MASKS = ("zero", "noise")
KINDS = ("deletion", "insertion")

Answer = Callable[[NDArray[np.float32]], NDArray[np.floating]]
"""From (P, T) windows to the (P,) probabilities of the class."""


@dataclass(frozen=True, eq=False)
class MaskedCurves:
    """What one way of masking gave; O orders, R random ones, D rounds, P points.

    Parameters
    ----------
    mask : ``zero``, the window's mean, or ``noise`` of its spectrum.
    share : (P,) array, of the segments that are masked (deletion) or shown (insertion), 0 to 1.
    deletion, insertion : (O, D, P) arrays, probability of the class.
    random : (R, P) array, deletion in random order, one round each; read backwards it is the insertion in an order that
        is as random.
    """

    mask: str
    share: NDArray[np.float64]
    deletion: NDArray[np.float32]
    insertion: NDArray[np.float32]
    random: NDArray[np.float32]

    def areas(self, kind: str) -> NDArray[np.float64]:
        """Areas under the curves of ``deletion`` or ``insertion``, (O, D) array."""
        return area(self.deletion if kind == "deletion" else self.insertion, self.share)

    @property
    def random_areas(self) -> NDArray[np.float64]:
        """Areas under the curves in random order, the same for both kinds, (R,) array."""
        return area(self.random, self.share)


@dataclass(frozen=True, eq=False)
class DeletionTrace:
    """Deletion and insertion of one window.

    Parameters
    ----------
    target : index of the class.
    orders : names of what the segments were ordered by.
    curves : one a way of masking, see `MASKS`.
    """

    target: int
    orders: tuple[str, ...]
    curves: tuple[MaskedCurves, ...]


@dataclass(frozen=True)
class Area:
    """Area under one curve: mean over the rounds, and between which values a mean over endless rounds lies (95 %)."""

    value: float
    low: float
    high: float


def area(curve: NDArray[np.floating], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Area under curves by trapezoids, (...,) array from (..., P): the mean probability on the way."""
    return np.asarray(np.trapezoid(curve, share, axis=-1), np.float64)


def trace_deletion(
    network: Network,
    inputs: NDArray[np.float32],
    record: AttentionRecord,
    orders: Mapping[str, NDArray[np.floating]],
    seed: int = 0,
    steps: int = 20,
    random_orders: int = 50,
    progress: Callable[[int, int], None] | None = None,
) -> DeletionTrace:
    """Deletion and insertion curves of the class that the network names in one window.

    Parameters
    ----------
    network, inputs, record : of one window, (1, T).
    orders : (T,) arrays by name, relevance of every sample; its mean orders the segments, the largest first.
    seed : of noise, ties and random orders.
    steps : of the way; a curve has one point more.
    random_orders : R, at least 50 for a band.
    progress : called with (rounds done, rounds in all); raising in it ends the work.
    """
    target = int(record.probabilities[0].argmax())
    curves = follow_curves(
        lambda windows: probabilities(run_passes(network, windows))[:, target],
        inputs[0],
        orders,
        np.random.default_rng(seed),
        steps,
        random_orders,
        progress,
    )
    return DeletionTrace(target, tuple(orders), curves)


def follow_curves(
    answer: Answer,
    window: NDArray[np.float32],
    orders: Mapping[str, NDArray[np.floating]],
    rng: np.random.Generator,
    steps: int,
    random_orders: int,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[MaskedCurves, ...]:
    """The curves of any function of windows, one set a way of masking; see `trace_deletion`."""
    samples, relevance = len(window), np.array(list(orders.values()), np.float64)
    count = int(segments_of_samples(samples).max()) + 1  # S
    cuts = np.unique(np.linspace(0, count, steps + 1).round().astype(np.int64))
    cuts = np.unique([cuts, count - cuts])  # (P,), the same read backwards
    surrogates = draw_surrogates(window, ROUNDS, rng)  # (D, T)
    random_ranks = rng.permuted(np.tile(np.arange(count), (random_orders, 1)), axis=1)  # (R, S)
    found: dict[str, list[NDArray[np.float32]]] = {mask: [] for mask in MASKS}
    for turn in range(ROUNDS):
        parts = segments_of_samples(samples, turn * samples // count // ROUNDS)
        ranks = np.array([_rank(average_samples(each, parts), rng) for each in relevance])
        both = np.concatenate([ranks, count - 1 - ranks, random_ranks[turn::ROUNDS]])  # insertion: the reverse order
        masked = (both[:, None] < cuts[:, None])[:, 1:-1].reshape(-1, count)  # the ends are the same for all orders
        masked = np.concatenate([masked, np.zeros((1, count), bool), np.ones((1, count), bool)])
        for number, (mask, filler) in enumerate(zip(MASKS, (window.mean(), surrogates[turn]), strict=True)):
            got = np.asarray(answer(np.where(masked[:, parts], filler, window).astype(np.float32)), np.float32)
            inner = got[:-2].reshape(len(both), -1)  # (2 O + R / D, P - 2)
            ends = np.broadcast_to(got[-2:], (len(both), 2))
            found[mask].append(np.concatenate([ends[:, :1], inner, ends[:, 1:]], axis=1))
            if progress:
                progress(2 * turn + number + 1, 2 * ROUNDS)
    return tuple(_sort(mask, cuts / count, rounds, len(orders)) for mask, rounds in found.items())


def _rank(relevance: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Place of each segment in the order, the most relevant at 0, ties in random order, (S,) array."""
    order = np.lexsort((rng.random(len(relevance)), -relevance))
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    return ranks


def _sort(mask: str, share: NDArray[np.float64], rounds: list[NDArray[np.float32]], orders: int) -> MaskedCurves:
    """Curves by kind: of each round the first O are deletion, the next O deletion of the reverse, the rest random."""
    deletion, reverse = (
        np.stack([each[begin : begin + orders] for each in rounds], axis=1) for begin in (0, orders)
    )  # (O, D, P)
    return MaskedCurves(
        mask, share, deletion, reverse[..., ::-1], np.concatenate([each[2 * orders :] for each in rounds])
    )


def measure_area(areas: NDArray[np.float64]) -> Area:
    """Mean of (D,) areas with its 95 % interval by Student's t; no interval of a single round."""
    mean = float(areas.mean())
    reach = _reach(areas)
    return Area(mean, mean - reach, mean + reach)


def score_deletion(trace: DeletionTrace, gates: Sequence[str], loudness: str = "envelope") -> tuple[Score, ...]:
    """Areas of the gates beside random order, and beside the order of the loudest samples.

    ``deletion_zero`` and ``insertion_noise``, for example, have the area of the gate's order, the mean area of random
    orders, and their band. Deletion points at what matters where the value lies below the band, insertion where it lies
    above. ``deletion_zero_loudness`` has the area of the envelope's order as its control, and a band that holds the
    value, 95 times in 100, where the two differ only by the arbitrary choices of a round.

    Parameters
    ----------
    trace : with an order of every gate.
    gates : names of the orders that are gates, which are the names of their blocks.
    loudness : name of the order by the envelope.
    """
    scores = []
    for gate in gates:
        for kind in KINDS:
            for curves in trace.curves:
                areas, name = dict(zip(trace.orders, curves.areas(kind), strict=True)), f"{kind}_{curves.mask}"
                value, other = float(areas[gate].mean()), float(areas[loudness].mean())
                reach = _reach(areas[gate] - areas[loudness])
                scores.append(Score(name, gate, value, *band(curves.random_areas)))
                scores.append(Score(f"{name}_loudness", gate, value, other, other - reach, other + reach))
    return tuple(scores)


def _reach(values: NDArray[np.float64]) -> float:
    """Half of the 95 % interval of a mean by Student's t; NaN for a single value."""
    if len(values) < 2:
        return float("nan")
    return float(stats.t.ppf(BAND[1], len(values) - 1) * stats.sem(values))
