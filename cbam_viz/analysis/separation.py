"""Is it attention that separates the classes? One linear model, judged on witnesses it never met, in each space.

Beside every accuracy stands the same on shuffled labels: what so many witnesses and so many numbers give by chance.
"""

from dataclasses import dataclass
from itertools import permutations as orders_of
from math import exp

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln
from threadpoolctl import threadpool_limits

from cbam_viz.analysis.labelled import LabelledSet
from cbam_viz.analysis.spaces import (
    STILL,
    Space,
    SpaceName,
    channel_space,
    envelope_space,
    feature_space,
    spatial_space,
)

MOST_FOLDS = 5
IN_A_FOLD = 2
"""Witnesses of each class, where there are as many as four: with one there are too few ways to shuffle the labels."""
MOST_RENAMED = 5
"""Classes; more of them can be shuffled in so many ways that the number of shufflings alone bounds p."""
PERMUTATIONS = 99
PENALTY = 0.1
"""Of the ridge, as a share of the variance of one standardised number."""
ROWS = 2048
"""Windows judged at once, so that memory does not grow with the set."""


@dataclass(frozen=True, eq=False)
class Separation:
    """How well one space separates the classes.

    Parameters
    ----------
    space : its name.
    numbers : D, how many numbers describe a window.
    accuracy : balanced, 0 to 1: the share of a witness's windows that are named rightly, averaged over the witnesses
        of each class, then over the classes.
    recalls : (G,) array, the same for each class.
    shuffled : (A,) array, ascending, the balanced accuracy with the labels of the witnesses shuffled.
    smallest_p : what so many witnesses and so many shufflings can reach.
    """

    space: SpaceName
    numbers: int
    accuracy: float
    recalls: NDArray[np.float64]
    shuffled: NDArray[np.float64]
    smallest_p: float

    @property
    def band(self) -> tuple[float, float]:
        """From the 5 % to the 95 % quantile of what shuffled labels gave."""
        low, high = np.quantile(self.shuffled, (0.05, 0.95))
        return float(low), float(high)

    @property
    def p(self) -> float:
        """Share of all arrangements, this one included, that are named at least as well (Phipson & Smyth 2010)."""
        return float((1 + (self.shuffled >= self.accuracy - 1e-9).sum()) / (1 + len(self.shuffled)))


@dataclass(frozen=True, eq=False)
class SeparationTrace:
    """What the comparison of spaces draws.

    Parameters
    ----------
    classes : words of the G classes that are told apart; each has at least two witnesses.
    left_out : words of the classes with one witness: nothing of them can be both learnt and tested.
    folds : into how many parts the witnesses are dealt; 0 where no two classes are left, so there is no score.
    scores : one a space that the network has; empty without folds.
    """

    classes: tuple[str, ...]
    left_out: tuple[str, ...]
    folds: int
    scores: tuple[Separation, ...]

    @property
    def chance(self) -> float:
        """Balanced accuracy of naming always the same class, 0 to 1."""
        return 1 / len(self.classes) if self.folds else np.nan


def trace_separation(labelled: LabelledSet, permutations: int = PERMUTATIONS, seed: int = 0) -> SeparationTrace:
    """Score what separates the classes of a set.

    The witnesses are dealt into folds, at most five and such that each holds two or more of every class if it can be;
    a bearing that was measured in several classes is in one fold. Each fold is named by a ridge classifier that learnt
    the others. Labels are shuffled over the witnesses within each fold, which leaves every fold as many of each class
    as it has; the model never sees which.

    Parameters
    ----------
    labelled : the set.
    permutations : shufflings of the labels.
    seed : of the shufflings.
    """
    record, words = labelled.record, [name.words for name in labelled.classes]
    kept = np.flatnonzero([witnesses > 1 for witnesses, *_ in labelled.counts])
    left_out = tuple(word for number, word in enumerate(words) if number not in kept)
    classes = tuple(words[number] for number in kept)
    if len(kept) < 2:
        return SeparationTrace(classes, left_out, 0, ())
    fold = _deal(labelled, kept)
    numbers = np.where(fold >= 0, np.searchsorted(kept, labelled.witness_labels), len(kept))  # left out: a class beyond
    labels = shuffle_within(numbers, fold, permutations, seed)
    spaces = (
        channel_space(record, labelled.card),
        spatial_space(record),
        feature_space(record),
        envelope_space(labelled),
    )
    with threadpool_limits(1):  # products this small lose more to threads that wait than they gain
        scores = tuple(_score(labelled, space, fold, labels) for space in spaces if space.values.shape[1])
    return SeparationTrace(classes, left_out, int(fold.max()) + 1, scores)


def _deal(labelled: LabelledSet, kept: NDArray[np.int64]) -> NDArray[np.int64]:
    """Fold of each witness, (U,) array; -1 for those of classes that are left out.

    Bearing by bearing, those of most classes first, into the fold that holds least of the bearing's classes.
    """
    labels = labelled.witness_labels
    rarest = min(int((labels == label).sum()) for label in kept)
    folds = min(MOST_FOLDS, rarest // IN_A_FOLD if rarest >= 2 * IN_A_FOLD else rarest)
    bearings: dict[str, set[int]] = {}
    for member, witness in zip(labelled.members, labelled.witness_of.tolist(), strict=True):
        if labels[witness] in kept:
            bearings.setdefault(member.machine, set()).add(witness)
    share = np.zeros((folds, labels.max() + 1))  # of each class that a fold holds already
    fold = np.full(len(labels), -1)
    for machine in sorted(bearings, key=lambda name: (-len(bearings[name]), name)):
        own = sorted(bearings[machine])
        held = share[:, labels[own]]
        place = min(range(folds), key=lambda each: (held[each].max(), held[each].sum(), share[each].sum(), each))
        fold[own] = place
        share[place, labels[own]] += 1 / np.array([(labels == label).sum() for label in labels[own]])
    return fold


def _smallest_p(labels: NDArray[np.int64], fold: NDArray[np.int64], shufflings: int) -> float:
    """The smallest p that shuffling within folds can reach.

    Parameters
    ----------
    labels, fold : (U,) arrays.
    shufflings : how many are drawn.
    """
    used = fold >= 0
    counts = np.zeros((fold.max() + 1, labels[used].max() + 1), np.int64)
    np.add.at(counts, (fold[used], labels[used]), 1)
    classes = counts.shape[1]
    if classes > MOST_RENAMED:
        return 1 / (1 + shufflings)
    same = sum(np.array_equal(counts[:, order], counts) for order in orders_of(range(classes)))  # but for the names
    ways = float(gammaln(counts.sum(axis=1) + 1).sum() - gammaln(counts + 1).sum())  # their logarithm
    return max(1 / (1 + shufflings), same * exp(-ways))


def shuffle_within(labels: NDArray[np.int64], fold: NDArray[np.int64], count: int, seed: int = 0) -> NDArray[np.int64]:
    """The labels as they are and shuffled so many times within each fold, (1 + count, U) array."""
    rng = np.random.default_rng(seed)
    found = np.tile(labels, (1 + count, 1))
    for each in range(fold.max() + 1):
        found[1:, fold == each] = rng.permuted(found[1:, fold == each], axis=1)
    return found


def _score(labelled: LabelledSet, space: Space, fold: NDArray[np.int64], labels: NDArray[np.int64]) -> Separation:
    """Balanced accuracy in one space, and with every shuffling of the labels."""
    of_window = labelled.witness_of[labelled.member_of]
    sizes = np.diff(labelled.starts) * np.bincount(labelled.witness_of)[labelled.witness_of]
    named = name_unmet(space.values, of_window, 1 / sizes[labelled.member_of], fold, labels)  # (N, A)
    right = (named == labels.T[of_window]).astype(np.float32)
    shares = labelled.witness_means(labelled.member_means(right))  # (U, A)
    recalls = np.stack(
        [
            (shares * (labels == label).T).sum(axis=0) / (labels == label).sum(axis=1)
            for label in np.unique(labels[0, fold >= 0])
        ]
    )  # (G, A)
    accuracies = recalls.mean(axis=0)
    return Separation(
        space.name,
        space.values.shape[1],
        float(accuracies[0]),
        recalls[:, 0],
        np.sort(accuracies[1:]),
        _smallest_p(labels[0], fold, len(labels) - 1),
    )


def name_unmet(
    values: NDArray[np.float64],
    witness: NDArray[np.int64],
    weight: NDArray[np.float64],
    fold: NDArray[np.int64],
    labels: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Name every window by a ridge classifier that learnt the other folds, for many labellings at once.

    Least squares with a penalty on the one-hot classes, in closed form (Hoerl & Kennard 1970, Technometrics 12:55). All
    labellings share the matrix that is inverted, and labels are the same all over a witness, so each costs a product
    with the witnesses' means alone. Every number is standardised on what is learnt.

    Parameters
    ----------
    values : (N, D) array.
    witness, weight : (N,) arrays, number of each window's witness, and its share of it: they sum to 1 in every witness.
    fold : (U,) array of each witness; those of -1 are neither learnt nor named.
    labels : (A, U) array, A labellings of the witnesses; every number below the largest + 1 is a class.

    Returns
    -------
    named : (N, A) array, -1 where nothing was named.
    """
    ways, classes = len(labels), int(labels[:, fold >= 0].max()) + 1
    named = np.full((len(values), ways), -1)
    for each in range(fold.max() + 1):
        learnt = np.flatnonzero((fold >= 0) & (fold != each))
        rows = np.flatnonzero(np.isin(witness, learnt))
        share = weight[rows, None] / len(learnt)
        mean = (share * values[rows]).sum(axis=0)
        centred = values[rows] - mean
        spread = np.sqrt((share * np.square(centred)).sum(axis=0))
        spread[spread <= STILL * np.abs(mean)] = 1.0
        known = centred / spread
        means = np.zeros((len(fold), values.shape[1]))
        np.add.at(means, witness[rows], weight[rows, None] * known)
        truth = (labels[:, learnt, None] == np.arange(classes)).astype(np.float64)  # (A, U', G)
        prior = truth.mean(axis=1).ravel()  # (A * G,)
        target = truth.transpose(1, 0, 2).reshape(len(learnt), -1)  # (U', A * G)
        gram = known.T @ (share * known) + PENALTY * np.eye(known.shape[1])
        slopes = np.linalg.solve(gram, means[learnt].T @ target / len(learnt))  # (D, A * G)
        unmet = np.flatnonzero(fold[witness] == each)
        for begin in range(0, len(unmet), ROWS):
            part = unmet[begin : begin + ROWS]
            scores = ((values[part] - mean) / spread) @ slopes + prior
            named[part] = scores.reshape(len(part), ways, classes).argmax(axis=2)
    return named
