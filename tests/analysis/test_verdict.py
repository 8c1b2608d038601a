"""A verdict follows from its scores by fixed rules, and where they do not agree there is none."""

from itertools import product

import pytest

from cbam_viz.analysis.score import Score
from cbam_viz.analysis.verdict import NOTICED, UNNOTICED, judge

BLOCK = "block 1"


def scores(helps=1.0, points=1, sharper=1, shut=None, against=None, **changed):
    """What a gate gives that loses `helps` logits when moved, points (1), away (-1) or nowhere (0)."""
    made = {"flatten_spatial_margin": Score("", "", helps, helps, helps - 0.01, helps + 0.01)}
    for name in ("shuffle_spatial_margin", "shift_spatial_margin"):
        made[name] = Score("", "", helps, 0.0, helps - 0.1 * abs(helps), helps + 0.1 * abs(helps))
    made["turned_down"] = Score("", "", 0.3 - 0.3 * points if shut is None else shut, 0.25, 0.1, 0.5)
    made["polarity"] = Score("", "", 0.3 if against is None else against, 0.3, 0.1, 0.5)
    for mask in ("zero", "noise"):
        made[f"pointing_{mask}"] = Score("", "", 0.5 * points, 0.0, -0.2, 0.2)
        for kind, sign in (("deletion", -1), ("insertion", 1)):
            made[f"{kind}_{mask}"] = Score("", "", 0.5 + 0.3 * sign * points, 0.5, 0.4, 0.6)
            made[f"{kind}_{mask}_loudness"] = Score("", "", 0.5 + 0.3 * sign * sharper, 0.5, 0.4, 0.6)
    made |= changed
    return [Score(name, BLOCK, each.value, each.control, each.low, each.high) for name, each in made.items()]


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (scores(), "matters"),
        (scores(sharper=0), "loud"),
        (scores(sharper=-1), "loud"),
        (scores(helps=-1.0, points=-1), "inverted"),
        (scores(helps=-1.0, points=-1, shut=0.4), "not_enough"),
        (scores(helps=-1.0, points=-1, against=0.05), "not_enough"),
        (scores(helps=0.0), "no_matter"),
        (scores(helps=0.9 * UNNOTICED), "no_matter"),
        (scores(helps=0.9 * NOTICED), "not_enough"),
        (scores(points=0), "not_enough"),
        (scores(points=-1), "not_enough"),
        (scores(helps=-1.0), "not_enough"),
    ],
)
def test_each_code_has_its_rule(found, code):
    """The table in the module's docstring, row by row."""
    assert judge(found, BLOCK).code == code


@pytest.mark.parametrize(("kind", "mask"), list(product(("deletion", "insertion"), ("zero", "noise"))))
def test_one_way_of_masking_alone_is_not_enough(kind, mask):
    """Whichever curve says the opposite, there is no verdict."""
    wrong = 0.9 if kind == "deletion" else 0.1
    found = scores(**{f"{kind}_{mask}": Score("", "", wrong, 0.5, 0.4, 0.6)})

    assert judge(found, BLOCK).code == "not_enough"


def test_a_gate_that_misses_the_impacts_does_not_point_at_them():
    """Where the truth is known it is needed, and said."""
    on, off = (scores(truth_auc=Score("", "", auc, 0.9, 0.4, 0.6)) for auc in (0.8, 0.5))

    assert (judge(on, BLOCK).code, judge(on, BLOCK).at_impacts) == ("matters", True)
    assert judge(off, BLOCK).code == "not_enough"
    assert judge(scores(), BLOCK).at_impacts is None


def test_what_is_missing_is_no_evidence():
    """Without any test, or with the quick ones alone, there is not enough; other blocks are left aside."""
    quick = [score for score in scores() if "margin" in score.name]

    assert judge([], BLOCK).code == judge(quick, BLOCK).code == judge(scores(), "block 2").code == "not_enough"


@pytest.mark.parametrize(
    ("found", "because"),
    [
        (scores(helps=0.0), ("flatten_spatial_margin", "shuffle_spatial_margin", "shift_spatial_margin")),
        (
            scores(helps=-1.0, points=-1),
            ("shuffle_spatial_margin", "deletion_zero", "deletion_noise", "pointing_zero", "turned_down"),
        ),
        (scores(helps=-1.0, points=-1, shut=0.4), ("shuffle_spatial_margin", "turned_down")),
        (scores(helps=-1.0, points=-1, against=0.05), ("shuffle_spatial_margin", "polarity")),
        (scores(points=0), ("shuffle_spatial_margin", "deletion_zero", "deletion_noise")),
    ],
)
def test_a_verdict_names_what_decided(found, because):
    """Of each condition one test, and where there is not enough evidence the one that failed."""
    assert judge(found, BLOCK).because == because


def test_a_verdict_on_what_a_gate_does_rests_on_nothing_inside_its_band():
    """Whichever of deletion and insertion lies beyond chance is named, never the other."""
    inside = Score("", "", 0.5, 0.5, 0.4, 0.6)
    because = judge(scores(helps=-1.0, points=-1, deletion_zero=inside, pointing_zero=inside), BLOCK).because

    assert because == ("shuffle_spatial_margin", "insertion_zero", "deletion_noise", "pointing_noise", "turned_down")
