"""Does a gate matter? What the network says once a gate is flattened, shuffled, moved or set to its usual value.

A value is what the class of the window loses: the probability as it is, minus that with the gate replaced. Positive:
the gate helped; 0: it changed nothing. A saturated softmax hides every loss, so each test is given twice: under its
name in probability, and with the suffix ``_margin`` in logits (of the class, minus the best other).

==================  ========================================================  ==================================
test                value                                                     control, low and high
==================  ========================================================  ==================================
flatten_spatial     loss with M_s at its mean over time: does its shape       loss under the shuffles: mean, band
                    matter at all?
shuffle_spatial     mean loss with M_s in random order: does its place        0, the gate as it is; band of the
                    matter?                                                   *value* over the shuffles
shift_spatial       mean loss with M_s moved around the window: does its      the same, over the shifts
                    place matter, shape kept?
mean_channels       loss with M_c at its mean over the network's data set:    loss under the permutations: mean,
                    does what it does in *this* window matter?                band
permute_channels    mean loss with M_c in random order: does it matter which  0; band of the *value* over the
                    channel gets which value?                                 permutations
==================  ========================================================  ==================================

So a gate's place matters beyond chance where `low` of shuffle or shift is above 0. Gates that are not replaced are
computed anew, and classes that nobody tells apart count as one. The uniform-weights test is that of Wiegreffe & Pinter
2019 (arXiv 1908.04626).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, softmax

from cbam_viz.analysis.ranks import band
from cbam_viz.analysis.score import Score
from cbam_viz.attention.passes import OWN_GATES, HeldGates, probabilities, run_passes
from cbam_viz.attention.record import AttentionRecord
from cbam_viz.network.card import BlockReference, Card
from cbam_viz.network.checkpoint import Network
from cbam_viz.network.trust_table import ALL_BLOCKS

LEAST_SHIFT = 0.1
"""Of the window, either way around: a smaller shift leaves a gate on what it was on."""

Gate = NDArray[np.float32]


def flatten_spatial(network: Network, inputs: Gate, record: AttentionRecord, block: int | None) -> NDArray[np.float32]:
    """Probabilities with one block's M_s held at its own mean over time, (N, K) array.

    Parameters
    ----------
    network, inputs : as they were recorded, (N, T).
    record : of these inputs.
    block : whose gate is flattened; later blocks' gates are computed anew. None flattens those of all blocks.
    """
    chosen = range(len(record.blocks)) if block is None else [block]
    gates = {number: record.blocks[number].spatial_attention for number in chosen}
    flat = {number: HeldGates(spatial=_flat(gate)) for number, gate in gates.items() if gate.size}
    return probabilities(run_passes(network, inputs, _held(record, flat)))


def score_interventions(
    network: Network,
    inputs: Gate,
    record: AttentionRecord,
    block: int | None,
    seed: int = 0,
    draws: int = 50,
    target: int | None = None,
) -> tuple[Score, ...]:
    """Every test of the table above for one block, each in probability and as margin; without gates none.

    Parameters
    ----------
    network, inputs, record : of one window.
    block : index; None replaces the gates of all blocks at once.
    seed, draws : of shuffles, shifts and permutations.
    target : index of the class that loses; None takes the one that the window is named.
    """
    rng = np.random.default_rng(seed)
    chosen = range(len(record.blocks)) if block is None else [block]
    with_spatial = [number for number in chosen if record.blocks[number].spatial_attention.size]
    with_channel = [number for number in chosen if record.blocks[number].channel_attention.size]
    name = ALL_BLOCKS if block is None else record.blocks[block].name
    named = int(merge_alike(network.card, record.logits)[0].argmax()) if target is None else target
    scores: list[Score] = []
    if with_spatial:
        fractions = rng.uniform(LEAST_SHIFT, 1 - LEAST_SHIFT, draws)  # the same in all blocks
        spatial = {
            number: HeldGates(spatial=_spatial_rows(record.blocks[number].spatial_attention, fractions, rng))
            for number in with_spatial
        }
        losses = _losses(network, inputs, record, _held(record, spatial), named)
        flat, shuffled, shifted = losses[:, 0], losses[:, 1 : 1 + draws], losses[:, 1 + draws :]
        scores += _beside("flatten_spatial", name, flat, shuffled)
        scores += _drawn("shuffle_spatial", name, shuffled)
        scores += _drawn("shift_spatial", name, shifted)
    if with_channel:
        channel = {
            number: HeldGates(
                channel=_channel_rows(
                    record.blocks[number].channel_attention, network.card.reference[number], draws, rng
                )
            )
            for number in with_channel
        }
        losses = _losses(network, inputs, record, _held(record, channel), named)
        scores += _beside("mean_channels", name, losses[:, 0], losses[:, 1:])
        scores += _drawn("permute_channels", name, losses[:, 1:])
    return tuple(scores)


def _flat(gate: Gate) -> Gate:
    return gate.mean(axis=1, keepdims=True)


def _held(record: AttentionRecord, replaced: dict[int, HeldGates]) -> list[HeldGates]:
    """For each block what is replaced, or nothing."""
    return [replaced.get(number, OWN_GATES) for number in range(len(record.blocks))]


def _spatial_rows(gate: Gate, fractions: NDArray[np.float64], rng: np.random.Generator) -> Gate:
    """M_s flat, in random orders, and moved by fractions of the window: (1 + 2 draws, L) array from (1, L)."""
    positions = gate.shape[1]
    shuffled = rng.permuted(np.repeat(gate, len(fractions), axis=0), axis=1)
    shifts = np.rint(fractions * positions).astype(np.int64).clip(min(1, positions - 1), positions - 1)
    shifted = gate[0, (np.arange(positions) - shifts[:, None]) % positions]
    return np.concatenate([np.broadcast_to(_flat(gate), gate.shape), shuffled, shifted])


def _channel_rows(gate: Gate, reference: BlockReference, draws: int, rng: np.random.Generator) -> Gate:
    """M_c as it usually is, and in random orders: (1 + draws, C) array from (1, C)."""
    usual = np.array([reference.channel_mean], np.float32)
    return np.concatenate([usual, rng.permuted(np.repeat(gate, draws, axis=0), axis=1)])


def _losses(
    network: Network, inputs: Gate, record: AttentionRecord, held: Sequence[HeldGates], target: int
) -> NDArray[np.float64]:
    """What the class loses in each pass, in probability and in margin: (2, P) array."""
    target = next((group[0] for group in network.card.alike_numbers if target in group), target)
    told = [merge_alike(network.card, logits) for logits in (record.logits, run_passes(network, inputs, held))]
    as_is, replaced = (_standing(logits, target) for logits in told)
    return as_is - replaced


def merge_alike(card: Card, logits: NDArray[np.floating]) -> NDArray[np.floating]:
    """Logits in which classes that nobody tells apart are one, the first of them, with their probabilities summed.

    Parameters
    ----------
    card : of the network.
    logits : (P, K) array; logarithms of probabilities are logits too.
    """
    merged = logits.copy()
    for first, *others in card.alike_numbers:
        merged[:, first] = logsumexp(logits[:, [first, *others]], axis=1)
        merged[:, others] = -np.inf
    return merged


def _standing(logits: NDArray[np.floating], target: int) -> NDArray[np.float64]:
    """Probability of a class, and its logit over the best other's: (2, P) array."""
    return np.stack([softmax(logits.astype(np.float64), axis=1)[:, target], measure_margin(logits, target)])


def measure_margin(logits: NDArray[np.floating], target: int) -> NDArray[np.float64]:
    """Logit of a class over the best other's, (P,) array; a softmax that is saturated does not hide its changes."""
    exact = logits.astype(np.float64)
    return np.asarray(exact[:, target] - np.delete(exact, target, axis=1).max(axis=1, initial=-np.inf))


def _beside(name: str, block: str, values: NDArray[np.float64], control: NDArray[np.float64]) -> list[Score]:
    """One loss beside those of the draws, in probability and in margin."""
    return [
        Score(name + suffix, block, float(value), *band(drawn))
        for suffix, value, drawn in zip(("", "_margin"), values, control, strict=True)
    ]


def _drawn(name: str, block: str, losses: NDArray[np.float64]) -> list[Score]:
    """Mean loss over the draws with its band, in probability and in margin."""
    bands = [(suffix, *band(drawn)) for suffix, drawn in zip(("", "_margin"), losses, strict=True)]
    return [Score(name + suffix, block, mean, 0.0, low, high) for suffix, mean, low, high in bands]
