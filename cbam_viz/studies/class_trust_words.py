"""The sentences about the tests of a labelled set: a verdict with its numbers and controls, or why there is none."""

from collections import Counter

from cbam_viz.analysis.class_trust import PLACE, ClassTrustTrace, ClassVerdict
from cbam_viz.analysis.permutation import LEVEL
from cbam_viz.figures.class_trust import VERDICTS, say_p
from cbam_viz.language import _
from cbam_viz.studies.tables import Table
from cbam_viz.studies.trust_words import say_number, say_test, say_without_gate


def say_class_trust(trace: ClassTrustTrace) -> str:
    """How many gates got which verdict, and what each block's gate does for all classes together."""
    return " ".join([say_counts(trace), *(say_block(trace, block) for block in trace.blocks)])


def say_counts(trace: ClassTrustTrace) -> str:
    """How many gates got which verdict, and which classes have too few recordings for any."""
    counts = Counter[str](verdict.code for verdict in trace.verdicts)
    parts = "; ".join(_say_count(trace, code) for code in VERDICTS if counts[code])
    said = _("{count} verdicts, one a block and class: {parts}.").format(count=len(trace.verdicts), parts=parts)
    few = [verdict for verdict in trace.verdicts if verdict.block == trace.blocks[0] and verdict.reach > LEVEL]
    if few:
        words = dict(trace.classes)
        said += " " + _(
            "Too few recordings or specimens for any verdict but “{plain}”: {classes}; {needed} would do."
        ).format(
            plain=VERDICTS["no_matter"],
            classes=", ".join(f"{words[verdict.label].lower()} ({verdict.witnesses})" for verdict in few),
            needed=few[0].needed,
        )
    return said


def _say_count(trace: ClassTrustTrace, code: str) -> str:
    """How many gates got a verdict, and whose they are; those without one are only counted."""
    own = [verdict for verdict in trace.verdicts if verdict.code == code]
    said = f"{VERDICTS[code]} {len(own)}"
    if code == "not_enough":
        return said
    words = dict(trace.classes)
    named = [
        f"{block}: " + ", ".join(words[verdict.label].lower() for verdict in own if verdict.block == block)
        for block in trace.blocks
        if any(verdict.block == block for verdict in own)
    ]
    return said + f" ({'; '.join(named)})"


def say_block(trace: ClassTrustTrace, block: str) -> str:
    """The verdict on a block's gate over all classes together; where it has none over time, that."""
    of_block = [verdict for verdict in trace.verdicts if verdict.block == block]
    return say_class_verdict(trace, of_block[-1]) if of_block else say_without_gate(block)


def say_class_verdict(trace: ClassTrustTrace, verdict: ClassVerdict) -> str:
    """The verdict on one block's spatial gate for one class in one sentence, with its numbers and their controls."""
    own = {each.name: each for each in trace.scores if (each.block, each.label) == (verdict.block, verdict.label)}
    moved = own[PLACE[1]]
    said = _("{Block}, {words}: {verdict}; with the gate moved in time the class loses {value} logits").format(
        Block=verdict.block[:1].upper() + verdict.block[1:],
        words=dict(trace.classes)[verdict.label].lower(),
        verdict=_say_code(trace, verdict),
        value=say_number(moved.value),
    )
    if verdict.witnesses > 1:
        said += _(" (95 %: {low} to {high})").format(low=say_number(moved.low), high=say_number(moved.high))
    said += _(
        ", and the gate ranks what masking costs it with ρ = {zero} (moved: {zero_moved}; envelope: {zero_loud}), by "
        "noise {noise} ({noise_moved}; {noise_loud})"
    ).format(
        zero=say_number(own["pointing_zero"].value),
        zero_moved=say_number(own["pointing_zero"].control),
        zero_loud=say_number(own["pointing_zero_loudness"].control),
        noise=say_number(own["pointing_noise"].value),
        noise_moved=say_number(own["pointing_noise"].control),
        noise_loud=say_number(own["pointing_noise_loudness"].control),
    )
    if verdict.code == "no_matter":
        return said + _("; nothing that is done to it changes more than {change} logits on average.").format(
            change=say_number(own["change_spatial_margin"].value)
        )
    p = say_p(verdict.p_holm)
    if not verdict.weakest:
        return said + _(
            "; corrected p {p}, for the tests that must agree lie on different sides of their controls."
        ).format(p=p)
    return said + _("; the weakest of the tests that must agree, {test}: corrected p {p}.").format(
        test=say_test(verdict.weakest), p=p
    )


def _say_code(trace: ClassTrustTrace, verdict: ClassVerdict) -> str:
    """What a verdict says of the gate; where there is none, why."""
    words = {
        "matters": _("the gate matters and points at what the diagnosis rests on"),
        "loud": _("the gate matters, but no better than the loudest samples"),
        "no_matter": _("the gate does not matter here, flattening it changes nothing"),
        "inverted": _("the gate is inverted, it turns down what the decision rests on"),
    }
    return words.get(verdict.code) or _("not enough evidence, for {reason}").format(reason=_say_why(trace, verdict))


def _say_why(trace: ClassTrustTrace, verdict: ClassVerdict) -> str:
    """Why there is no verdict."""
    if verdict.reach > LEVEL:
        return _(
            "recordings or specimens are too few for {tests} verdicts at once: {count}, and {needed} would do"
        ).format(count=verdict.witnesses, tests=len(trace.verdicts), needed=verdict.needed)
    if 2 * verdict.named <= verdict.witnesses:
        return _("only {named} of {count} recordings or specimens are named as their class").format(
            named=verdict.named, count=verdict.witnesses
        )
    return _("the tests do not agree surely enough over {count} recordings or specimens").format(
        count=verdict.witnesses
    )


def caption_class_trust(trace: ClassTrustTrace) -> str:
    """How the figure is to be read."""
    looked, there = trace.windows
    said = _(
        "Dots: what the class of a recording loses, in logits, when M_s is moved around the window; bar: 95 % interval "
        "over recordings, or over specimens where they are known; tick: the gate as it is. Filled where flipped signs "
        "say that it is no chance. Right of it the verdict, which also needs the gate to rank what masking costs the "
        "class better than itself elsewhere, and the p of the weakest of these tests; both corrected by Holm over all "
        "blocks and classes."
    )
    if looked < there:
        said += " " + _("Looked at: {looked} of {there} windows.").format(looked=looked, there=there)
    return said


def list_class_trust(trace: ClassTrustTrace) -> Table:
    """Every verdict, with what it rests on."""
    words = dict(trace.classes)
    rows = []
    for verdict in trace.verdicts:
        block, label = verdict.block, verdict.label
        moved, change = (trace.score(name, block, label) for name in (PLACE[1], "change_spatial_margin"))
        ranks = [trace.score(f"pointing_{mask}_loudness", block, label) for mask in ("zero", "noise")]
        apart = [trace.score(f"pointing_{mask}", block, label) for mask in ("zero", "noise")]
        rows.append(
            (
                f"{block}, {words[label]}",
                VERDICTS[verdict.code],
                say_p(verdict.p_holm),
                _("{named} of {count}").format(named=verdict.named, count=verdict.witnesses),
                f"{say_number(moved.value)} ({say_number(moved.low)} – {say_number(moved.high)})",
                say_number(change.value),
                *(
                    f"{say_number(own.value)} ({say_number(own.control)}; {say_number(loud.control)})"
                    for own, loud in zip(apart, ranks, strict=True)
                ),
            )
        )
    return Table(
        _("Does the attention mean anything?"),
        (
            _("block, class"),
            _("verdict"),
            _("corrected p, weakest test"),
            _("named so"),
            _("lost, M_s moved (logits, 95 %)"),
            _("largest change (logits)"),
            _("ρ with what masking costs (M_s moved; envelope)"),
            _("the same by noise"),
        ),
        tuple(rows),
        _("Means over recordings, or over specimens where they are known; p by flipped signs, corrected by Holm."),
    )
