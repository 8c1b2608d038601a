"""The sentences about a labelled set, the same in the app, the report and for people who can't see the figures.

They say how classes differ in what passes a gate; none says why a class was chosen.
"""

from collections.abc import Iterator

import numpy as np

from cbam_viz.analysis.distances import ClassDistances, DistanceTrace
from cbam_viz.analysis.pair import PairTrace
from cbam_viz.analysis.permutation import LEVEL
from cbam_viz.analysis.plane import PlaneTrace
from cbam_viz.analysis.separation import Separation, SeparationTrace
from cbam_viz.figures.distances import SPACES
from cbam_viz.language import _, digits, percent

AS_WELL = 0.15
"""Of the width of the shuffled band, half a standard deviation: a gate better by no more separates no better."""


def say_distances(trace: DistanceTrace) -> str:
    """The closest and the farthest two classes in every space."""
    if len(trace.classes) < 2:
        return _("One class alone has no distance to another.")
    return " ".join(_say_matrix(trace, matrix) for matrix in trace.matrices)


def _say_matrix(trace: DistanceTrace, matrix: ClassDistances) -> str:
    """The closest and the farthest two classes in one space."""
    rows, columns = np.triu_indices(len(trace.classes), 1)
    values = matrix.values[rows, columns]
    near, far = int(values.argmin()), int(values.argmax())
    unit = {"spread": _(" spreads"), "mean": _(" of the mean"), "none": ""}[matrix.ruler]

    def pair(place: int) -> str:
        return _("{one} and {other} ({value:.2f}{unit})").format(
            one=trace.classes[rows[place]], other=trace.classes[columns[place]], value=values[place], unit=unit
        )

    name = SPACES[matrix.space]
    if len(values) == 1:
        return _("In {space}: {near}.").format(space=name, near=pair(near))
    return _("In {space}: closest {near}, farthest {far}.").format(space=name, near=pair(near), far=pair(far))


def caption_distances(trace: DistanceTrace) -> str:
    """How the matrices are to be read."""
    said = _(
        "Every class is the mean over its recordings or specimens; M_c is taken from its mean over the network's data "
        "set. Envelope: kurtosis, crest factor and six octaves of the envelope spectrum of the same windows, no "
        "network. "
    )
    if trace.measure == "cosine":
        return said + _("0: the same direction; 1: a right angle; 2: opposite. How far a class lies out plays no part.")
    rulers = {matrix.ruler for matrix in trace.matrices}
    if "spread" in rulers:
        said += _(
            "Distances are in spreads, the usual distance of a recording or specimen from its class, so the matrices "
            "can be set side by side; classes that do not differ lie about √(1/n + 1/m) spreads apart, with n and "
            "m of them."
        )
    if "mean" in rulers:
        said += " " * ("spread" in rulers) + _(
            "Divided by the mean distance, for no class has two recordings or specimens that differ, so nothing says "
            "what chance gives: {spaces}."
        ).format(spaces=", ".join(SPACES[matrix.space] for matrix in trace.matrices if matrix.ruler == "mean"))
    return said.strip()


def say_plane(trace: PlaneTrace) -> str:
    """How many windows lie in the plane, and where the middle of each class does."""
    middles = ", ".join(
        f"{name} ({', '.join(digits(along, '+.2f') for along in trace.place[trace.label == label].mean(axis=0))})"
        for label, name in enumerate(trace.classes)
    )
    return _("Windows: {windows}. Middle of each class in the plane: {middles}.").format(
        windows=trace.windows, middles=middles
    )


def caption_plane(trace: PlaneTrace) -> str:
    """How the plane is to be read."""
    said = _(
        "Every point is one window, put where its M_c lies along the two directions in which M_c varies most over all "
        "windows; classes played no part in finding them. Windows of one recording lie close together whatever they "
        "show. A click opens the window."
    )
    if trace.thinned:
        said += " " + _("Drawn: {drawn} of {windows} windows, evenly from every class.").format(
            drawn=len(trace.place), windows=trace.windows
        )
    return said


def say_separation(trace: SeparationTrace) -> str:
    """The accuracy in every space with its control, or what is lacking for one."""
    return " ".join([*_say_left_out(trace), *map(_say_score, trace.scores), *_answer(trace)])


def _answer(trace: SeparationTrace) -> Iterator[str]:
    """That attention adds nothing, where the envelope separates beyond chance and no gate does so better."""
    scores = {score.space: score for score in trace.scores}
    gates = [scores[space] for space in ("channel", "spatial") if space in scores]
    envelope = scores.get("envelope")
    if envelope is None or not gates or envelope.accuracy <= envelope.band[1]:
        return
    best = max(gates, key=lambda gate: gate.accuracy)
    low, high = best.band
    if best.accuracy <= envelope.accuracy + AS_WELL * (high - low):
        yield _(
            "The plain envelope separates the classes about as well as the gates do ({envelope} beside {gate}): "
            "attention adds nothing here that the envelope does not show."
        ).format(envelope=percent(envelope.accuracy), gate=percent(best.accuracy))


def _say_left_out(trace: SeparationTrace) -> Iterator[str]:
    """Which classes are not told apart, and what to do."""
    if trace.left_out:
        yield _("Left out, with one recording or specimen each: {classes}.").format(classes=", ".join(trace.left_out))
    if not trace.folds:
        yield _(
            "Nothing can be both learnt and tested without two recordings or specimens in each of two classes. Add "
            "recordings of other specimens."
        )


def _say_score(score: Separation) -> str:
    """The accuracy in one space, and what shuffled labels gave."""
    low, high = score.band
    return _("By {space}: {accuracy} (shuffled labels {low} to {high}, p = {p:.2g}).").format(
        space=SPACES[score.space], accuracy=percent(score.accuracy), low=percent(low), high=percent(high), p=score.p
    )


def caption_separation(trace: SeparationTrace) -> str:
    """How the accuracies are to be read."""
    if not trace.folds:
        return say_separation(trace)
    said = _(
        "One linear model (ridge) a row, in {folds} folds: all windows of a recording or specimen are named by what "
        "the others taught. Balanced: every class counts the same, and so does every recording or specimen of it. In "
        "brackets: numbers a window. Grey: the same with the labels shuffled over them {times} times, from 5 to 95%. "
        "Where these recordings were in the network's own training, all rows but the envelope are flattered."
    ).format(folds=trace.folds, times=len(trace.scores[0].shuffled))
    reach = trace.scores[0].smallest_p
    if reach > LEVEL:
        said += " " + _("So few recordings can't reach a p below {p:.2g}, however well they are told apart.").format(
            p=reach
        )
    return " ".join([said, *_say_left_out(trace)])


def say_pair(trace: PairTrace) -> str:
    """Which two windows are set side by side, and the channels that differ most."""
    said = _("{a}, window {first}, beside {b}, window {second}.").format(
        a=trace.names[0], first=trace.windows[0], b=trace.names[1], second=trace.windows[1]
    )
    if not trace.channel.size:
        return said
    up, down = int(trace.difference.argmax()), int(trace.difference.argmin())
    return (
        said
        + " "
        + _(
            "Of {block}, channel {up} is open the most further in A ({above}, most sensitive to {f_up:.0f} Hz), "
            "channel {down} in B ({below}, {f_down:.0f} Hz)."
        ).format(
            block=trace.block,
            up=trace.channel[up],
            above=digits(trace.difference[up], "+.3f"),
            f_up=trace.peak_hz[up],
            down=trace.channel[down],
            below=digits(trace.difference[down], "+.3f"),
            f_down=trace.peak_hz[down],
        )
    )


def caption_pair(trace: PairTrace) -> str:
    """How A | B is to be read."""
    said = _(
        "Both windows lie on the same axis of time from their first samples, and every block has one colour range for "
        "both. Bars: M_c of A minus M_c of B; grey: ± one standard deviation of such a difference between any two "
        "windows of the data set. Two windows are two windows: a difference between classes needs many recordings."
    )
    if not trace.one_unit:
        said += " " + _("The signals are in different units, so each waveform has an axis of its own.")
    return said
