"""M_s of every class over the time since the pulse that a circuit answers: the aligned view of a fixed trigger.

Every window begins at its pulse, so no moment is looked for and none can be found by chance. What could refute a curve
is the gate held at its mean, the gate of another class, and the same gates moved in time, each by its own amount.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.aligned import AlignedTrace
from cbam_viz.analysis.aligned_class import DRAWS, AlignedClass, Folds, average_class, find_partners
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
    own = labelled.member_means(gates.spatial_attention)  # (R, L)
    moved = _moved(own, draws, np.random.default_rng(seed))
    partners = find_partners(labelled.labels)
    folds = [
        Folds(own[number], np.full(positions, own[number].mean()), own[partner], moved[:, number])
        for number, partner in enumerate(partners)
    ]
    quantiles = labelled.card.reference[block].spatial_quantiles
    return AlignedTrace(
        block=gates.name,
        by="trigger",
        place=axis.at(field.centre(0) + field.stride * np.arange(float(positions))),
        classes=tuple(_of_class(labelled, folds, partners, label) for label in range(len(labelled.classes))),
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


def _of_class(labelled: LabelledSet, folds: Sequence[Folds], partners: Sequence[int], label: int) -> AlignedClass:
    """The curve of one class with its controls; `partners` are the recordings beside all."""
    own = np.flatnonzero(labelled.labels == label).tolist()
    return average_class(
        labelled.classes[label].words,
        labelled.classes[labelled.labels[partners[own[0]]]].words,
        [folds[number] for number in own],
        labelled.witness_of[own],
        int(np.diff(labelled.starts)[own].sum()),
    )
