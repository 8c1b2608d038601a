"""One verdict on a spatial gate in one window, from its scores; "not enough evidence" wherever they do not agree.

========== =================================================================================================
code       holds where
========== =================================================================================================
no_matter  flat, shuffled or moved, the gate changes the margin of the class by at most `UNNOTICED`
matters    the gate in its place helps (margin falls by `NOTICED` or more when it is shuffled and when it is
           moved, and so in 95 % of the draws), it points at what carries the class (below), and more
           sharply than the envelope does; with true impacts also: it lies on them, beyond chance
loud       the same, but it does not point more sharply than the envelope
inverted   the gate in its place costs margin, as surely, it points away from what carries the class, and of all
           that speaks for the class it holds more in its lowest quarter than, moved, it would (`turned_down`
           above its band), while `polarity` is not below its own
not_enough everything else
========== =================================================================================================

A gate points at what carries the class where, under *both* ways of masking, deletion or insertion lies beyond random
orders on the right side and neither on the wrong one, and its rank correlation with what each stretch carries lies
above that of the gate moved around the window, under one way of masking at least and never on the wrong side. One way
of masking alone misleads (arXiv 2605.16905), and random orders are no null for a smooth gate. Margins are in logits: a
saturated softmax hides every loss. How often this is wrong is measured in `tests/studies/test_trust.py`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cbam_viz.analysis.deletion import KINDS, MASKS
from cbam_viz.analysis.score import Score

Code = Literal["matters", "loud", "no_matter", "inverted", "not_enough"]
UNNOTICED = 0.05
"""Logits: a probability changes by at most 1.25 points."""
NOTICED = 0.2
"""Logits: the odds of the class change by a fifth."""
MOVED = ("flatten_spatial_margin", "shuffle_spatial_margin", "shift_spatial_margin")


@dataclass(frozen=True)
class Verdict:
    """What the tests of one block's spatial gate say together.

    Parameters
    ----------
    code : see above.
    block : its name; "" where no block has a spatial gate.
    helps : 1 where the gate in its place helps the class, -1 where it costs, 0 where neither is sure.
    points : 1 where it points at what carries the class, -1 where away from it, 0 where the tests do not agree.
    beyond_loudness : whether it points more sharply than the envelope.
    at_impacts : whether it lies on the true impacts beyond chance; None where nobody knows them.
    because : names of the tests that decided, of each condition the weakest; where it is not enough, those that failed.
    """

    code: Code
    block: str
    helps: int = 0
    points: int = 0
    beyond_loudness: bool = False
    at_impacts: bool | None = None
    because: tuple[str, ...] = ()


def judge(scores: Sequence[Score], block: str) -> Verdict:
    """The verdict on the spatial gate of one block.

    Parameters
    ----------
    scores : of one window; those of other blocks are left aside, and what is missing is no evidence.
    block : its name.
    """
    own = {score.name: score for score in scores if score.block == block}
    if "flatten_spatial_margin" not in own:
        return Verdict("not_enough", block)
    helps, points = _helps(own), _points(own)
    sharper, impacts = _sharper(own), _at_impacts(own)
    code: Code = "not_enough"
    if _unnoticed(own):
        code = "no_matter"
    elif helps == points == 1 and impacts is not False:
        code = "matters" if sharper else "loud"
    elif helps == points == -1 and _turns_down(own):
        code = "inverted"
    verdict = Verdict(code, block, helps, points, sharper, impacts)
    return replace(verdict, because=tuple(name for name in _because(own, verdict) if name in own))


def _because(own: dict[str, Score], verdict: Verdict) -> list[str]:
    """Which tests decided: of each condition the weakest, or of those that failed."""
    if verdict.code == "no_matter":
        return list(MOVED)
    decided = [min(MOVED[1:], key=lambda name: abs(own[name].value))]
    if verdict.helps == 0:
        unsure = [name for name in MOVED[1:] if own[name].low <= 0 <= own[name].high]
        return unsure[:1] or decided
    if verdict.points == 0:
        return decided + _undecided(own)
    if verdict.helps == verdict.points == -1 and verdict.code == "not_enough":
        return [*decided, "polarity" if _alone(own.get("turned_down")) == 1 else "turned_down"]
    return decided + _agreed(own, verdict)


def _agreed(own: dict[str, Score], verdict: Verdict) -> list[str]:
    """What a gate points at by both ways of masking and by itself moved, and what that was set beside."""
    decided = [_outside(own, mask) for mask in MASKS]
    decided += [f"pointing_{mask}" for mask in MASKS if _alone(own.get(f"pointing_{mask}"))][:1]
    if verdict.code == "inverted":
        return [*decided, "turned_down"]
    if verdict.code == "not_enough":
        return [*decided, *(["truth_auc"] if verdict.at_impacts is False else [])]
    beside = [mask for mask in MASKS if verdict.beyond_loudness or _masked_side(own, mask, "_loudness") != 1]
    decided += [_outside(own, mask, "_loudness") for mask in beside]
    return [*decided, *(["truth_auc"] if verdict.at_impacts else [])]


def _outside(own: dict[str, Score], mask: str, suffix: str = "") -> str:
    """Deletion or insertion, whichever lies beyond its control; deletion where neither does."""
    names = [f"{kind}_{mask}{suffix}" for kind in KINDS]
    return next((name for name in names if _alone(own.get(name))), names[0])


def _undecided(own: dict[str, Score]) -> list[str]:
    """Of the tests of what a gate points at, those that say nothing, or else those that disagree."""
    sides = [_masked_side(own, mask) for mask in MASKS]
    if 0 in sides or len(set(sides)) > 1:
        return [_outside(own, mask) for mask, side in zip(MASKS, sides, strict=True) if side == 0 or 0 not in sides]
    return [f"pointing_{mask}" for mask in MASKS]


def _turns_down(own: dict[str, Score]) -> bool:
    """Whether what speaks for the class lies where the gate is low, beyond the gate moved, and not where it is high."""
    return _alone(own.get("turned_down")) == 1 and _alone(own.get("polarity")) != -1


def _unnoticed(own: dict[str, Score]) -> bool:
    """Whether nothing that is done to the gate changes the margin."""
    changes = [own["flatten_spatial_margin"].value]
    for name in ("shuffle_spatial_margin", "shift_spatial_margin"):
        changes += [own[name].low, own[name].high]
    return all(abs(change) <= UNNOTICED for change in changes)


def _helps(own: dict[str, Score]) -> int:
    """Whether the gate's place helps the class (1), costs it (-1), or neither is sure."""
    moved = [own["shuffle_spatial_margin"], own["shift_spatial_margin"]]
    if all(score.low > 0 and score.value >= NOTICED for score in moved):
        return 1
    return -1 if all(score.high < 0 and score.value <= -NOTICED for score in moved) else 0


def _points(own: dict[str, Score]) -> int:
    """Whether the gate points at what carries the class (1), away from it (-1), or the tests do not agree."""
    sides = [_masked_side(own, mask) for mask in MASKS]
    alone = {_alone(own.get(f"pointing_{mask}")) for mask in MASKS} - {0}
    return sides[0] if len(set(sides)) == 1 and alone == {sides[0]} else 0


def _masked_side(own: dict[str, Score], mask: str, suffix: str = "") -> int:
    """On which side of its control the gate's order lies under one way of masking; 0 where the two kinds differ."""
    deletion, insertion = (own.get(f"{kind}_{mask}{suffix}") for kind in KINDS)
    if deletion is None or insertion is None:
        return 0
    sides = {-_alone(deletion), _alone(insertion)} - {0}
    return sides.pop() if len(sides) == 1 else 0


def _alone(score: Score | None) -> int:
    """1 above the band of the control, -1 below it, 0 inside or unknown."""
    return 0 if score is None else int(score.above) - int(score.below)


def _sharper(own: dict[str, Score]) -> bool:
    """Whether, under both ways of masking, the gate's order beats the envelope's, and never falls behind it."""
    return all(_masked_side(own, mask, "_loudness") == 1 for mask in MASKS)


def _at_impacts(own: dict[str, Score]) -> bool | None:
    """Whether the gate lies on true impacts beyond chance; None where they are not known or too dense for the block."""
    truth = own.get("truth_auc")
    return None if truth is None or math.isnan(truth.value) else truth.above
