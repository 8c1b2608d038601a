"""How far apart the classes lie in the gates, beside the same for the logits and for plain envelope numbers."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.labelled import LabelledSet, class_means
from cbam_viz.analysis.spaces import Space, SpaceName, channel_space, envelope_space, logit_space

Measure = Literal["euclidean", "cosine"]
Ruler = Literal["spread", "mean", "none"]
TINY = 1e-12
"""Of the longest class mean: what rounding leaves of a difference is less."""


@dataclass(frozen=True, eq=False)
class ClassDistances:
    """Distances between the classes in one space.

    Parameters
    ----------
    space : its name.
    values : (G, G) array, symmetric, zeros on the diagonal; Euclidean in rulers, cosine 0 to 2.
    ruler : what a Euclidean distance is divided by: ``spread``, the root mean square distance between a witness and
        its class, with n - 1; ``mean``, the space's own mean distance, where no class has two witnesses that differ;
        ``none`` for the cosine.
    """

    space: SpaceName
    values: NDArray[np.float64]
    ruler: Ruler


@dataclass(frozen=True, eq=False)
class DistanceTrace:
    """What the matrices of class distances draw.

    Parameters
    ----------
    classes : words of the G classes.
    counts : witnesses, recordings and windows of each class.
    block : name of the block whose M_c is meant, None for all of them.
    measure : of the distance.
    matrices : gates, logits, envelope; a space that the network does not have is left out.
    """

    classes: tuple[str, ...]
    counts: tuple[tuple[int, int, int], ...]
    block: str | None
    measure: Measure
    matrices: tuple[ClassDistances, ...]

    @property
    def by_chance(self) -> NDArray[np.float64]:
        """What a Euclidean distance in spreads is where two classes do not differ, (G, G) array: sqrt(1/n + 1/m)."""
        shares = 1 / np.array([witnesses for witnesses, *_ in self.counts], dtype=np.float64)
        found = np.sqrt(shares[:, None] + shares)
        np.fill_diagonal(found, 0)
        return found


def trace_distances(labelled: LabelledSet, block: int | None = None, measure: Measure = "euclidean") -> DistanceTrace:
    """Measure how far apart the classes lie: each is the mean over its witnesses.

    Parameters
    ----------
    labelled : the set.
    block : index of the block whose M_c is taken; None takes all blocks side by side.
    measure : ``euclidean``, which says how much, or ``cosine``, which says in which direction from the data-set mean.
    """
    record = labelled.record
    spaces = (channel_space(record, labelled.card, block), logit_space(record), envelope_space(labelled))
    return DistanceTrace(
        classes=tuple(name.words for name in labelled.classes),
        counts=labelled.counts,
        block=None if block is None else record.blocks[block].name,
        measure=measure,
        matrices=tuple(_measure(labelled, space, measure) for space in spaces if space.values.shape[1]),
    )


def _measure(labelled: LabelledSet, space: Space, measure: Measure) -> ClassDistances:
    """Distances between the classes in one space."""
    labels = labelled.witness_labels
    witnesses = labelled.witness_means(labelled.member_means(space.values))  # (U, D)
    means = class_means(witnesses, labels, len(labelled.classes))  # (G, D)
    if measure == "cosine":
        return ClassDistances(space.name, cosine_distances(means), "none")
    distances = np.linalg.norm(means[:, None] - means, axis=2)
    longest = np.linalg.norm(means, axis=1).max()
    distances[distances <= TINY * longest] = 0
    spread = _spread(witnesses - means[labels], len(labels) - len(means))
    if spread > TINY * longest:
        return ClassDistances(space.name, distances / spread, "spread")
    pairs = distances[np.triu_indices(len(means), 1)]
    return ClassDistances(space.name, distances / (pairs.mean() if pairs.any() else 1.0), "mean")


def _spread(residuals: NDArray[np.float64], freedom: int) -> float:
    """Root mean square length of (U, D) residuals with so many degrees of freedom; 0 with none."""
    return float(np.sqrt(np.square(residuals).sum() / freedom)) if freedom else 0.0


def cosine_distances(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """One minus the cosine between every two rows, (G, G) array, 0 to 2; a row of zeros has 1 to others."""
    lengths = np.linalg.norm(rows, axis=1)
    units = rows / np.where(lengths > 0, lengths, 1.0)[:, None]
    # Half of the squared chord, which is exactly 0 between equal rows; 1 - u·v is not.
    found = np.square(units[:, None] - units).sum(axis=2) / 2
    nowhere = (lengths == 0)[:, None] ^ (lengths == 0)
    found[nowhere] = 1.0
    return np.asarray(found)
