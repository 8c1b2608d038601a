"""M_s of every class over the time since the pulse that a circuit answers: the aligned view of a fixed trigger.

Every window begins at its pulse, so no moment is looked for and none can be found by chance. What could refute a curve
is the gate held at its mean, the gate of another class, and the same gates moved in time, each by its own amount.
"""

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.aligned import CHANCE, DRAWS, AlignedClass, AlignedTrace
from cbam_viz.analysis.labelled import LabelledSet


def trace_since_pulse(labelled: LabelledSet, block: int, draws: int = DRAWS, seed: int = 0) -> AlignedTrace:
    """Average one block's M_s over the responses of each class, position by position.

    Parameters
    ----------
    labelled : the set, of a network whose windows start at a pulse.
    block : index of the block, which must have a spatial gate.
    draws : of gates moved round their window by chance.
    seed : of the draws.
    """
    gates, axis = labelled.record.blocks[block], labelled.card.preparation.axis
    field, positions = gates.receptive_field, gates.spatial_attention.shape[1]
    own = np.stack(  # (R, L)
        [
            gates.spatial_attention[first:last].mean(axis=0, dtype=np.float64)
            for first, last in zip(labelled.starts[:-1], labelled.starts[1:], strict=True)
        ]
    )
    moved = _moved(own, draws, np.random.default_rng(seed))
    partners = _partners(labelled.labels)
    quantiles = labelled.card.reference[block].spatial_quantiles
    return AlignedTrace(
        block=gates.name,
        by="trigger",
        place=axis.at(field.centre(0) + field.stride * np.arange(float(positions))),
        classes=tuple(_of_class(labelled, own, moved, partners, label) for label in range(len(labelled.classes))),
        left_out=(),
        usual=(quantiles[0], quantiles[-1]),
        true_impacts=False,
    )


def _moved(gates: NDArray[np.float64], draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Every gate moved round its window by an amount of its own, (draws, R, L) array."""
    positions = gates.shape[1]
    amounts = rng.integers(1, max(positions, 2), (draws, len(gates), 1))
    places = (np.arange(positions) - amounts) % positions
    return np.take_along_axis(np.broadcast_to(gates, (draws, *gates.shape)), places, axis=2)


def _partners(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each recording one of the class that follows, one after another."""
    of_class = [np.flatnonzero(labels == label) for label in range(int(labels.max()) + 1)]
    ranks = [int(np.count_nonzero(labels[:number] == label)) for number, label in enumerate(labels)]
    others = [of_class[(label + 1) % len(of_class)] for label in labels]
    return np.array([other[rank % len(other)] for other, rank in zip(others, ranks, strict=True)])


def _of_class(
    labelled: LabelledSet,
    gates: NDArray[np.float64],
    moved: NDArray[np.float64],
    partners: NDArray[np.int64],
    label: int,
) -> AlignedClass:
    """The curve of one class with its controls."""
    own = np.flatnonzero(labelled.labels == label)
    witness = labelled.witness_of[own]
    of_witnesses = _over_witnesses(gates[own], witness)  # (U, L)
    by_chance = _over_witnesses(moved[:, own].swapaxes(0, 1), witness).mean(axis=0)  # (draws, L)
    others = partners[own]
    flat = np.broadcast_to(gates[own].mean(axis=1, keepdims=True), gates[own].shape)
    mean = of_witnesses.mean(axis=0)
    low, high = np.quantile(by_chance, CHANCE, axis=0)
    return AlignedClass(
        words=labelled.classes[label].words,
        witnesses=len(of_witnesses),
        recordings=len(own),
        triggers=int(np.diff(labelled.starts)[own].sum()),
        mean=mean,
        spread=of_witnesses.std(axis=0, ddof=1) if len(of_witnesses) > 1 else np.full(len(mean), np.nan),
        flat=_over_witnesses(flat, witness).mean(axis=0),
        other=_over_witnesses(gates[others], witness).mean(axis=0),
        other_words=labelled.classes[(label + 1) % len(labelled.classes)].words,
        low=low,
        high=high,
        swing=float(np.ptp(mean)),
        swing_by_chance=float(np.ptp(by_chance, axis=1).max()),
        too_coarse=False,
    )


def _over_witnesses(rows: NDArray[np.float64], witness: NDArray[np.int64]) -> NDArray[np.float64]:
    """Mean over the recordings, the first axis, of each witness."""
    return np.stack([rows[witness == each].mean(axis=0) for each in np.unique(witness)])
