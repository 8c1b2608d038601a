"""The sentences about the tests of a gate: the verdict with its numbers and controls, and what each test is called."""

import math
from collections.abc import Sequence

import numpy as np

from cbam_viz.analysis.deletion import MASKS
from cbam_viz.analysis.methods import MethodsTrace
from cbam_viz.analysis.ranks import STILL
from cbam_viz.analysis.score import Score
from cbam_viz.analysis.trust import trace_trust
from cbam_viz.analysis.verdict import MOVED, Verdict
from cbam_viz.attention.record import AttentionRecord
from cbam_viz.language import _, percent
from cbam_viz.studies.explain import Explanation
from cbam_viz.studies.trust import Step, Trust, impacts_within, words_of_missing

SATURATED = 0.999
"""Probability from where a loss hardly shows in it, so margins are said too."""


def say_verdict_of_gate(explanation: Explanation, window: int, verdict: Verdict, scores: Sequence[Score]) -> str:
    """The verdict on a block's spatial gate in one sentence, always with its numbers and their controls.

    Parameters
    ----------
    window : index.
    verdict, scores : of that window.
    """
    own = {score.name: score for score in scores if score.block == verdict.block}
    if "flatten_spatial" not in own:
        return say_without_gate(verdict.block)
    record = explanation.record
    said = _("{Block} {verdict}").format(Block=_name(verdict.block), verdict=_code_words(verdict))
    tests = [_say_decisive(own[name]) for name in verdict.because]
    if tests:
        words = explanation.card.classes[int(record.probabilities[window].argmax())].words
        said += _(": {name} {tests}").format(name=words, tests="; ".join(tests))
    return said + "."


def _say_decisive(score: Score) -> str:
    """A test that decided, its number with its control."""
    number, control, low, high = (say_number(each) for each in (score.value, score.control, score.low, score.high))
    if score.name in MOVED:
        return _("loses {value} logits with {test} (95 %: {low} to {high})").format(
            value=number, test=say_test(score.name), low=low, high=high
        )
    if score.name.endswith("_loudness"):
        return _("{test}: {value} (loudest first {control}, 95 % of their difference: ± {reach})").format(
            test=say_test(score.name), value=number, control=control, reach=say_number(score.high - score.control)
        )
    return _("{test}: {value} (control {low} to {high})").format(
        test=say_test(score.name), value=number, low=low, high=high
    )


def say_without_gate(block: str) -> str:
    """That a block has no gate over time."""
    return _("{Block} has no spatial gate: there is nothing to test in time.").format(Block=_name(block))


def _code_words(verdict: Verdict) -> str:
    """What a verdict says of the block."""
    unsure = {
        1: _("helps in its place, but there is not enough evidence of what it points at"),
        -1: _("costs the class where it stands, but there is not enough evidence of what it points at"),
        0: _("has not enough evidence for a verdict"),
    }
    words = {
        "matters": _("matters and points at the impacts")
        if verdict.at_impacts
        else _("matters and points at what the diagnosis rests on"),
        "loud": _("matters, but no better than the loudest samples"),
        "no_matter": _("does not matter here, flattening it changes nothing"),
        "inverted": _("is inverted, it turns down what the decision rests on"),
        "not_enough": unsure[verdict.helps],
    }
    return words[verdict.code]


def say_untested(window: int) -> str:
    """That a file holds no tests of the gates, and what makes them.

    Parameters
    ----------
    window : index.
    """
    return _(
        "The tests of the gates were not run for window {number}: the tab Trust of Inspect or `python -m cbam_viz "
        "trust` runs them."
    ).format(number=window + 1)


def say_cancelled(done: Sequence[Step]) -> str:
    """Which tests are missing after a person cancelled them."""
    missing = words_of_missing(done)
    return _("Cancelled: {done} of {count} tests are done. Missing: {missing}.").format(
        done=len(done), count=len(done) + len(missing), missing="; ".join(missing)
    )


def say_limits(explanation: Explanation, window: int, block: int, trust: Trust | None = None) -> tuple[str, ...]:
    """What keeps some of the tests from saying anything here, a sentence each.

    Parameters
    ----------
    window, block : indices.
    trust : the tests of the window, where they are done.
    """
    record = explanation.record.only(window)
    gate, said = record.blocks[block].spatial_attention, []
    if gate.size and float(np.ptp(gate)) <= STILL:
        said.append(
            _("The gate of {block} is constant in this window: it ranks no moment above another.").format(
                block=record.blocks[block].name
            )
        )
    if float(record.probabilities.max()) > SATURATED:
        said.append(_("The probability is saturated, so the verdict looks at the margin in logits."))
    if trust:
        said.append(_say_empty(explanation, trust))
    said += _say_truth(explanation, window, record, block, trust)
    return tuple(said)


def _say_empty(explanation: Explanation, trust: Trust) -> str:
    """What the class keeps in a window that is masked as a whole: where masking by the mean ends."""
    curves = next(curves for curves in trust.deletion.curves if curves.mask == MASKS[0])
    return _("Masked as a whole, every sample at its mean, the window still has {name} at {share}.").format(
        name=explanation.card.classes[trust.deletion.target].words, share=percent(float(curves.deletion[0, 0, -1]))
    )


def _say_truth(
    explanation: Explanation, window: int, record: AttentionRecord, block: int, trust: Trust | None
) -> list[str]:
    """Why there is no comparison with true impacts."""
    if explanation.card.circuit:
        return []
    impacts = impacts_within(explanation, window)
    if impacts is None:
        return [_("Nobody knows the true impacts of this recording; only a simulation does.")]
    if not np.any((impacts >= 0) & (impacts < explanation.card.preparation.window)):
        return [_("No impact falls into this window, so the gate can't be compared with the truth.")]
    name = record.blocks[block].name
    coarse = [truth for truth in (trust.truths if trust else ()) if truth.block == name and truth.too_coarse]
    return [
        _("A position of {block} spans {stride:.1f} ms, too coarse to tell impacts {between:.1f} ms apart.").format(
            block=name, stride=1000 * truth.stride_s, between=1000 * truth.between_s
        )
        for truth in coarse
    ]


def say_test(name: str) -> str:
    """What a test is called on screen."""
    words = {
        "flatten_spatial": _("M_s held at its mean"),
        "shuffle_spatial": _("M_s shuffled in time"),
        "shift_spatial": _("M_s moved in time"),
        "mean_channels": _("M_c set to its usual values"),
        "permute_channels": _("M_c in random order"),
        "pointing_zero": _("M_s with what masked moments cost"),
        "pointing_noise": _("M_s with what noise there costs"),
        "flatten_spatial_accuracy": _("M_s at its mean: no longer named so (share)"),
        "change_spatial": _("largest change by any of these"),
        "pointing_zero_loudness": _("masked moments' cost, the envelope as control"),
        "pointing_noise_loudness": _("noise's cost, the envelope as control"),
        "shift": _("M_s follows a shifted window"),
        "noise": _("M_s keeps its shape in noise"),
        "randomisation": _("M_s like that of untrained networks"),
        "deletion_zero": _("highest moments masked first"),
        "deletion_noise": _("highest made noise first"),
        "insertion_zero": _("highest moments shown first"),
        "insertion_noise": _("highest shown first, over noise"),
        "polarity": _("high moments that speak against"),
        "turned_down": _("for the class, in lowest moments"),
        "deletion_zero_loudness": _("highest moments masked first"),
        "deletion_noise_loudness": _("highest made noise first"),
        "insertion_zero_loudness": _("highest moments shown first"),
        "insertion_noise_loudness": _("highest shown first, over noise"),
        "truth_auc": _("M_s on true impacts (AUC)"),
        "truth_auc_loudness": _("the same, loudness as tick"),
        "truth_pointing": _("highest moment on an impact"),
    }
    plain = name.removesuffix("_margin")
    return words.get(plain, plain.replace("_", " "))


def say_number(number: float) -> str:
    """A number of the table; a dash where there is none."""
    return "–" if math.isnan(number) else _signs(f"{round(number, 2) + 0.0:.2f}")


def caption_trust(window: int, block: str) -> str:
    """How the figure of the tests is to be read."""
    return _(
        "Dots: {block} in window {number}, filled where it differs from its control (tick) by more than the grey band, "
        "95 % of what chance gives; for a gate that is shuffled, moved or in random order, 95 % of its own draws, and "
        "zero is the control. Above zero on the first axes: the gate helped the class. Where masking the highest "
        "moments first leaves little and showing them first brings much, the gate points at what carries the class."
    ).format(block=block, number=window + 1)


def _name(block: str) -> str:
    """Name of a block at the beginning of a sentence."""
    return block[:1].upper() + block[1:]


def _signs(text: str) -> str:
    """With a minus in place of a hyphen before a number."""
    return text.replace(" -", " −").replace("(-", "(−") if text[:1] != "-" else "−" + text[1:]


def say_trust(scores: Sequence[Score], block: str) -> str:
    """The figure of the tests in words: each number with its control."""
    parts = [
        _("{test}: {value}, control {control} ({low} to {high})").format(
            test=say_test(row.name),
            value=say_number(row.value),
            control=say_number(row.control),
            low=say_number(row.low),
            high=say_number(row.high),
        )
        for group in trace_trust(scores, block).groups
        for row in group.rows
    ]
    return _("Tests of {block}. {tests}.").format(block=block, tests="; ".join(parts))


def caption_methods(words: str) -> str:
    """How the gate beside the other methods is to be read."""
    return _(
        "Top: the gate, what passes, without a sign. Below: what four methods hold for (+1) or against "
        "(−1) {name}, each over its own largest. A gate is no attribution, so they need not agree."
    ).format(name=words)


def caption_agreement() -> str:
    """How the table of correlations is to be read."""
    return _("Spearman’s rank correlation of every two maps: 1 ranks the moments alike, 0 has nothing in common.")


def caption_deletion() -> str:
    """How the curves are to be read."""
    return _(
        "The moments that a map ranks first are masked (left) or shown (right) first; what is masked becomes the "
        "window's mean or noise of its own spectrum. Below the grey band on the left, "
        "or above it on the right, a map finds what carries the class better than chance; believe it only where both "
        "ways of masking agree."
    )


def say_methods(trace: MethodsTrace) -> str:
    """The methods in words: how each ranks the moments beside the gate."""
    pairs = zip(trace.orders[1:], trace.correlation[0, 1:], strict=True)
    parts = ", ".join(f"{order} {say_number(float(number))}" for order, number in pairs)
    return _("Rank correlation of the gate of {block} with other maps: {parts}.").format(
        block=trace.orders[0], parts=parts
    )


def say_areas(trace: MethodsTrace) -> str:
    """The deletion areas in words."""
    parts = [
        _("{order} {value} (random {low} to {high})").format(
            order=row.order,
            value=say_number(row.area.value),
            low=say_number(row.chance.low),
            high=say_number(row.chance.high),
        )
        for row in trace.areas
        if (row.kind, row.mask) == ("deletion", "zero")
    ]
    return _("Mean probability while masked by the mean: {parts}.").format(parts=", ".join(parts))
