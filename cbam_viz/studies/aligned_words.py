"""The sentences about aligned gates; they say what passes when, and what chance gives. None says why."""

from cbam_viz.analysis.aligned import AlignedTrace
from cbam_viz.analysis.aligned_class import DRAWS, AlignedClass
from cbam_viz.language import _

MOST_NAMED = 3
"""Recordings that are left out, of which a page names each."""
FEWEST_TRIGGERS = 20
"""With fewer a curve is a few moments, whatever its swing."""
FEW_TRIGGERS, FEW_WITNESSES = 50, 5
"""With fewer of either a swing beyond chance may be that of these recordings alone."""


def say_aligned(trace: AlignedTrace) -> str:
    """How far each class's gate swings, beside what random triggers give."""
    others = _("wrong periods") if trace.by == "period" else _("random triggers")
    if trace.by == "trigger":
        return " ".join([_("M_s of {block}.").format(block=trace.block), *map(_say_since_pulse, trace.classes)])
    said = [_say_class(each, others) for each in trace.classes]
    if trace.left_out:
        named = "; ".join(trace.left_out[:MOST_NAMED])
        more = len(trace.left_out) - MOST_NAMED
        rest = _(" and {count} more").format(count=more) if more > 0 else ""
        said.append(_("Left out: {named}{rest}.").format(named=named, rest=rest))
    return " ".join([_("M_s of {block}.").format(block=trace.block), *said])


def _say_class(curve: AlignedClass, others: str) -> str:
    """The swing of one class beside that of the triggers by chance, which are called `others`."""
    if curve.triggers < FEWEST_TRIGGERS:
        return _("{name}: {triggers} triggers, too few to say.").format(name=curve.words, triggers=curve.triggers)
    if curve.too_coarse:
        return _("{name}: the block has too few positions a fault period to show it.").format(name=curve.words)
    if curve.swing > curve.swing_by_chance and (curve.triggers < FEW_TRIGGERS or curve.witnesses < FEW_WITNESSES):
        few = _("few triggers") if curve.triggers < FEW_TRIGGERS else _("triggers of few recordings or bearings")
        return _(
            "{name}: {few} ({triggers} in {witnesses}), so that it swings by {swing:.3f}, beyond {others} "
            "({chance:.3f}), may be theirs alone."
        ).format(
            name=curve.words,
            others=others,
            few=few,
            triggers=curve.triggers,
            witnesses=curve.witnesses,
            swing=curve.swing,
            chance=curve.swing_by_chance,
        )
    beyond = _("more than") if curve.swing > curve.swing_by_chance else _("no more than")
    return _("{name}: it swings by {swing:.3f}, {beyond} {others} give ({chance:.3f}).").format(
        name=curve.words, swing=curve.swing, beyond=beyond, others=others, chance=curve.swing_by_chance
    )


def _say_since_pulse(curve: AlignedClass) -> str:
    """The swing of one class beside that of its gates moved in time."""
    if curve.witnesses < FEW_WITNESSES:
        return _("{name}: {count} of few circuits, whose swing ({swing:.3f}) may be theirs alone.").format(
            name=curve.words, count=_count(curve.triggers), swing=curve.swing
        )
    beyond = _("more than") if curve.swing > curve.swing_by_chance else _("no more than")
    return _("{name}: it swings by {swing:.3f}, {beyond} the same gates moved in time ({chance:.3f}).").format(
        name=curve.words, swing=curve.swing, beyond=beyond, chance=curve.swing_by_chance
    )


def _count(responses: int) -> str:
    """How many responses."""
    return _("1 response") if responses == 1 else _("{count} responses").format(count=responses)


def caption_aligned(trace: AlignedTrace) -> str:
    """How the curves are to be read."""
    if trace.by == "trigger":
        return _(
            "0: the pulse begins. Mean over circuits; tinted: ± one standard deviation over them, where there is more "
            "than one. Grey: the same gates, each moved round its window by an amount of its own, {count} times (5 to "
            "95 %); a gate that follows the pulse leaves it. Dashed: every gate held at its mean. Dotted: the gate of "
            "another class. One scale for all classes: the block's usual range, wider only where a curve leaves it."
        ).format(count=DRAWS)
    if trace.by == "period":
        how = _(
            "Folded at each class's own fault period, which is refined on the signal's envelope; a healthy class at "
            "that of the first fault. 0: the envelope is highest, so a gate that follows loudness peaks there by "
            "itself. "
        )
    elif trace.true_impacts:
        how = _("0: a true impact, which only a simulation knows. ")
    else:
        how = _(
            "0: a moment that is loud beside the signal's median. What is aligned on loud moments peaks there by "
            "itself. "
        )
    chance = (
        _("the same at {count} wrong periods, each found in the same way")
        if trace.by == "period"
        else _("the same with as many triggers at random moments, {count} times")
    ).format(count=DRAWS)
    return how + _(
        "Mean over recordings. Tinted: ± one standard deviation over the recordings or bearings of a class, where it "
        "has more than one. Grey: {chance} (5 to 95 %). Dashed: every "
        "window's gate held at its mean. Dotted: the gate of another class at these triggers. One scale for all "
        "classes: the block's usual range, wider only where a curve leaves it."
    ).format(chance=chance)
