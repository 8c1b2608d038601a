"""The verdict on a spatial gate over a labelled set: in every block for every class, and for all classes together.

Windows are averaged to recordings and recordings to witnesses; what differs from its control must do so over these, by
flipped signs. A verdict is one claim of several tests that must all hold, so its p is their largest (Berger 1982,
Technometrics 24:295), corrected by Holm over all blocks and classes.

========== =================================================================================================
code       holds where
========== =================================================================================================
no_matter  the largest change of the margin, whatever is done to the gate, is at most `UNNOTICED`: the upper end
           of its 95 % interval
matters    most witnesses are named as their class; the margin falls by `NOTICED` or more when the gate is
           shuffled and when it is moved; under *both* ways of masking the gate ranks what carries the class
           higher than the gate moved does, and higher than the envelope does; corrected p at most `LEVEL`
loud       the same, but it does not rank it surely higher than the envelope
inverted   most are named as their class; the margin rises as much; the gate ranks what carries the class lower than
           the gate moved does, under both; corrected p at most `LEVEL`
not_enough everything else
========== =================================================================================================

How often untrained networks get another one is measured in `tests/studies/test_class_trust.py`.
"""

from dataclasses import dataclass, replace
from math import ceil, log2

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from cbam_viz.analysis.class_scores import TESTS
from cbam_viz.analysis.deletion import MASKS
from cbam_viz.analysis.labelled import LabelledSet
from cbam_viz.analysis.permutation import LEVEL
from cbam_viz.analysis.ranks import BAND
from cbam_viz.analysis.score import Score
from cbam_viz.analysis.sign_flips import correct_holm, flip_signs, smallest_p
from cbam_viz.analysis.verdict import MOVED, NOTICED, UNNOTICED, Code

ALL_CLASSES = "all"
"""In place of the key of a class."""
PLACE = MOVED[1:]
POINTING = tuple(f"pointing_{mask}" for mask in MASKS)
SHARPER = tuple(f"pointing_{mask}_loudness" for mask in MASKS)


@dataclass(frozen=True)
class ClassScore(Score):
    """One test of one block over the witnesses of a class.

    Parameters
    ----------
    name, block, value, control : see `class_scores`; means over the witnesses.
    low, high : 95 % interval of what the value differs from its control by, around the value; NaN for one witness.
    label : key of the class, or `ALL_CLASSES`.
    p : of the difference, both sides.
    p_holm : the same, corrected over all blocks and classes.
    """

    label: str = ALL_CLASSES
    p: float = np.nan
    p_holm: float = np.nan


@dataclass(frozen=True)
class ClassVerdict:
    """What the tests of one block's spatial gate say together of a class.

    Parameters
    ----------
    code : see above.
    block, label : as in `ClassScore`.
    witnesses : how many there are.
    named : how many of them are named as their class.
    p, p_holm : that the gate's place matters and that it points, one way or the other; 1 where its tests disagree.
    weakest : of the tests that must agree, the one with the largest p; "" where they lie on different sides.
    side : 1 where the gate helps the class, -1 where it costs, 0 where the two ways of moving it disagree.
    reach : the smallest corrected p that so many witnesses can reach.
    needed : witnesses from where that is at most `LEVEL`.
    """

    code: Code
    block: str
    label: str
    witnesses: int
    named: int
    p: float
    p_holm: float
    weakest: str
    side: int
    reach: float
    needed: int


@dataclass(frozen=True, eq=False)
class ClassTrustTrace:
    """What the tests of a set draw.

    Parameters
    ----------
    classes : key and words of each class, all classes together at the end.
    blocks : names of those with a spatial gate.
    scores : every test of every block and class.
    verdicts : of every block with a spatial gate, and in it of every class.
    windows : that were looked at, and that there are.
    """

    classes: tuple[tuple[str, str], ...]
    blocks: tuple[str, ...]
    scores: tuple[ClassScore, ...]
    verdicts: tuple[ClassVerdict, ...]
    windows: tuple[int, int]

    def score(self, name: str, block: str, label: str) -> ClassScore:
        """One of the scores."""
        return next(each for each in self.scores if (each.name, each.block, each.label) == (name, block, label))


def judge_classes(
    labelled: LabelledSet, values: NDArray[np.float64], all_words: str, windows: tuple[int, int]
) -> ClassTrustTrace:
    """The scores and verdicts of a set.

    Parameters
    ----------
    labelled : the set; classes that the network does not know are left out.
    values : (U, B, D, 2) array, value and control of every witness, see `class_scores`; NaN where it is left out.
    all_words : what all classes together are called.
    windows : see `ClassTrustTrace`.
    """
    known = {name.key: number for number, name in enumerate(labelled.card.classes)}
    chosen = [number for number, name in enumerate(labelled.classes) if name.key in known]
    labels = labelled.witness_labels
    groups = [(labelled.classes[each].key, labelled.classes[each].words, labels == each) for each in chosen]
    if len(groups) > 1:
        groups.append((ALL_CLASSES, all_words, np.isin(labels, chosen)))
    targets = np.array([known.get(name.key, -1) for name in labelled.classes])[labels]
    named = labelled.witness_means(labelled.member_means(labelled.record.probabilities)).argmax(axis=1) == targets
    scores: list[ClassScore] = []
    for number, block in enumerate(labelled.record.blocks):
        for key, _words, members in groups:
            scores += _score(values[members, number], block.name, key)
    corrected = _correct(scores)
    blocks = tuple(block.name for block in labelled.record.blocks if block.spatial_attention.size)
    counts = {key: (int(members.sum()), int(named[members].sum())) for key, _words, members in groups}
    return ClassTrustTrace(
        tuple((key, words) for key, words, _members in groups),
        blocks,
        tuple(corrected),
        _judge(corrected, blocks, counts),
        windows,
    )


def _score(values: NDArray[np.float64], block: str, label: str) -> list[ClassScore]:
    """The tests of one block over the witnesses of a class, (n, D, 2) array; without those that it has no gate for."""
    differences = values[..., 0] - values[..., 1]  # (n, D)
    units, (value, control), p = len(values), values.mean(axis=0).T, flip_signs(differences)
    reach = np.full(len(TESTS), np.nan)
    if units > 1:
        reach = stats.t.ppf(BAND[1], units - 1) * differences.std(axis=0, ddof=1) / np.sqrt(units)
    return [
        ClassScore(
            name,
            block,
            float(value[test]),
            float(control[test]),
            float(value[test] - reach[test]),
            float(value[test] + reach[test]),
            label,
            float(p[test]),
        )
        for test, name in enumerate(TESTS)
        if np.isfinite(value[test])
    ]


def _correct(scores: list[ClassScore]) -> list[ClassScore]:
    """Scores with p of each test corrected over all blocks and classes."""
    corrected = list(scores)
    for name in TESTS:
        own = [number for number, score in enumerate(scores) if score.name == name]
        for number, p in zip(own, correct_holm(np.array([scores[each].p for each in own])), strict=True):
            corrected[number] = replace(scores[number], p_holm=float(p))
    return corrected


def _judge(
    scores: list[ClassScore], blocks: tuple[str, ...], counts: dict[str, tuple[int, int]]
) -> tuple[ClassVerdict, ...]:
    """The verdicts of all blocks and classes, corrected for being so many.

    Parameters
    ----------
    counts : witnesses of each class, and how many of them are named so.
    """
    cells = [(block, label) for block in blocks for label in counts]
    own = [{each.name: each for each in scores if (each.block, each.label) == cell} for cell in cells]
    claim = (*PLACE, *POINTING)
    points = np.array([_together(tests, claim) for tests in own])
    sharper = np.array([_together(tests, (*claim, *SHARPER)) for tests in own])
    p, p_holm, sharp_holm = points.max(axis=1), correct_holm(points.max(axis=1)), correct_holm(sharper.max(axis=1))
    verdicts = []
    for number, (block, label) in enumerate(cells):
        witnesses, named = counts[label]
        side = _side(own[number])
        sure = 2 * named > witnesses and p_holm[number] <= LEVEL
        code: Code = "not_enough"
        if own[number]["change_spatial_margin"].high <= UNNOTICED:
            code = "no_matter"
        elif sure and all(side * own[number][name].value >= NOTICED for name in PLACE):
            code = "inverted" if side < 0 else "matters" if sharp_holm[number] <= LEVEL else "loud"
        verdicts.append(
            ClassVerdict(
                code,
                block,
                label,
                witnesses,
                named,
                float(p[number]),
                float(p_holm[number]),
                claim[points[number].argmax()] if _sides(own[number], claim) == 1 else "",
                side,
                min(1.0, len(cells) * smallest_p(witnesses)),
                ceil(1 + log2(len(cells) / LEVEL)),
            )
        )
    return tuple(verdicts)


def _together(tests: dict[str, ClassScore], names: tuple[str, ...]) -> list[float]:
    """The p of tests that are one claim; 1 in each place where they lie on different sides of their controls."""
    agree = _sides(tests, names) == 1
    return [tests[name].p if agree else 1.0 for name in names]


def _sides(tests: dict[str, ClassScore], names: tuple[str, ...]) -> int:
    """On how many sides of their controls tests lie."""
    return len({float(np.sign(tests[name].value - tests[name].control)) for name in names})


def _side(tests: dict[str, ClassScore]) -> int:
    """Whether the gate's place helps the class (1), costs it (-1), or the two ways of moving it disagree."""
    sides = {int(np.sign(tests[name].value)) for name in PLACE}
    return sides.pop() if len(sides) == 1 else 0
