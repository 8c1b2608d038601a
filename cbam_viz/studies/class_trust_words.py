"""The sentences about the tests of a labelled set: a verdict with its numbers and controls, or why there is none."""

from collections import Counter
from typing import Any

from cbam_viz.analysis.class_trust import ALL_CLASSES, PLACE, ClassTrustTrace, ClassVerdict
from cbam_viz.analysis.permutation import LEVEL
from cbam_viz.figures.class_trust import VERDICTS, say_p
from cbam_viz.language import _
from cbam_viz.studies.plain import plain
from cbam_viz.studies.tables import Table
from cbam_viz.studies.trust_words import say_number


def say_class_trust(trace: ClassTrustTrace) -> str:
    """How many gates got which verdict, and what each block's gate does for all classes together."""
    counts = Counter[str](verdict.code for verdict in trace.verdicts)
    parts = ", ".join(f"{VERDICTS[code]} {counts[code]}" for code in VERDICTS if counts[code])
    last = trace.classes[-1][0]
    return " ".join(
        [
            _("{count} verdicts, one a block and class: {parts}.").format(count=len(trace.verdicts), parts=parts),
            *(say_class_verdict(trace, verdict) for verdict in trace.verdicts if verdict.label == last),
        ]
    )


def say_class_verdict(trace: ClassTrustTrace, verdict: ClassVerdict) -> str:
    """The verdict on one block's spatial gate for one class in one sentence, with its numbers and their controls."""
    words = dict(trace.classes)[verdict.label]
    score = {each.name: each for each in trace.scores if (each.block, each.label) == (verdict.block, verdict.label)}
    moved, zero, noise = (score[name] for name in (PLACE[1], "pointing_zero", "pointing_noise"))
    said = _("{Block}, {words}: {verdict}: moved in time its gate costs {value} logits").format(
        Block=verdict.block[:1].upper() + verdict.block[1:],
        words=words if verdict.label == ALL_CLASSES else words.lower(),
        verdict=_say_code(trace, verdict),
        value=say_number(moved.value),
    )
    if verdict.witnesses > 1:
        said += _(" (95 %: {low} to {high})").format(low=say_number(moved.low), high=say_number(moved.high))
    said += _(
        "; it ranks what the class loses by masking with ρ = {zero} (moved: {zero_control}; envelope: {zero_loud}), by "
        "noise {noise} ({noise_control}; {noise_loud})"
    ).format(
        zero=say_number(zero.value),
        zero_control=say_number(zero.control),
        zero_loud=say_number(score["pointing_zero_loudness"].control),
        noise=say_number(noise.value),
        noise_control=say_number(noise.control),
        noise_loud=say_number(score["pointing_noise_loudness"].control),
    )
    return said + _("; corrected p = {p}.").format(p=say_p(verdict.p_holm))


def _say_code(trace: ClassTrustTrace, verdict: ClassVerdict) -> str:
    """What a verdict says of the gate; where there is none, why."""
    words = {
        "matters": _("its gate matters and points at what the diagnosis rests on"),
        "loud": _("its gate matters, but no better than the loudest samples"),
        "no_matter": _("its gate does not matter here, flattening it changes nothing"),
        "inverted": _("its gate is inverted, it turns down what the decision rests on"),
    }
    return words.get(verdict.code) or _("not enough evidence, for {reason}").format(reason=_say_why(trace, verdict))


def _say_why(trace: ClassTrustTrace, verdict: ClassVerdict) -> str:
    """Why there is no verdict."""
    if verdict.reach > LEVEL:
        return _(
            "{count} recordings or bearings can't reach a corrected p below {reach} in {tests} verdicts at once, "
            "{needed} could"
        ).format(count=verdict.witnesses, reach=say_p(verdict.reach), tests=len(trace.verdicts), needed=verdict.needed)
    if 2 * verdict.named <= verdict.witnesses:
        return _("{named} of {count} recordings or bearings are named as their class").format(
            named=verdict.named, count=verdict.witnesses
        )
    return _("its tests do not agree surely enough over {count} recordings or bearings").format(count=verdict.witnesses)


def caption_class_trust(trace: ClassTrustTrace) -> str:
    """How the figure is to be read."""
    looked, there = trace.windows
    said = _(
        "Dots: what the class of a recording loses, in logits, when M_s is moved around the window; bar: 95 % interval "
        "over recordings, or over bearings where they are known; tick: the gate as it is. Filled where flipped signs "
        "say that it is no chance. Right of it the verdict, which also needs the gate to rank what masking costs the "
        "class better than itself elsewhere, and its p; both corrected by Holm over all blocks and classes."
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
            _("corrected p"),
            _("named so"),
            _("lost, M_s moved (logits, 95 %)"),
            _("largest change (logits)"),
            _("ρ with what masking costs (M_s moved; envelope)"),
            _("the same by noise"),
        ),
        tuple(rows),
        _("Means over recordings, or over bearings where they are known; p by flipped signs, corrected by Holm."),
    )


def class_trust_numbers(trace: ClassTrustTrace) -> dict[str, Any]:
    """Every test and every verdict of a set as plain values; what is not known is None."""
    return {
        "tests": [
            {"name": each["name"], "block": each["block"], "class": each.pop("label"), **each}
            for each in map(plain, trace.scores)
        ],
        "verdicts": [
            {
                "code": each["code"],
                "block": each["block"],
                "class": each.pop("label"),
                "sentence": say_class_verdict(trace, verdict),
                **each,
            }
            for verdict, each in zip(trace.verdicts, map(plain, trace.verdicts), strict=True)
        ],
        "windows": {"tested": trace.windows[0], "all": trace.windows[1]},
    }
