"""The sentences about an explanation, the same in the app, the report and for people who can't see the figures.

They say what passes a gate; none says why a class was chosen.
"""

from collections.abc import Sequence
from math import isnan

import numpy as np

from cbam_viz.analysis.channels import ChannelTrace
from cbam_viz.analysis.diagnosis import DiagnosisTrace
from cbam_viz.analysis.spatial import SpatialTrace
from cbam_viz.language import _, digits, percent
from cbam_viz.network.card import Card
from cbam_viz.signals.signal import Channel, Signal
from cbam_viz.studies.explain import Controls, Explanation


def say_verdict(trace: DiagnosisTrace) -> tuple[str, str]:
    """Class of the window, or its part and how far that is off, and its probability with the runner-up."""
    best, second = trace.ranking[:2]
    return say_deviation(trace, int(best)) or trace.classes[best], _("{probability}, next: {second} {other}").format(
        probability=percent(trace.window[best]),
        second=trace.classes[second],
        other=percent(trace.window[second]),
    )


def say_deviation(trace: DiagnosisTrace, number: int) -> str:
    """The part that a class blames and how far it is off, such as ``C2 or R4 −38 % (± 4)``; empty if it blames none."""
    if not trace.parts[number]:
        return ""
    said = f"{_(' or ').join(trace.parts[number])} {trace.deviations[number]:+.0f} %".replace("-", "−")
    error = trace.errors[number]
    return said if isnan(error) else said + f" (± {max(error, 1):.0f})"


def caption_deviation(trace: DiagnosisTrace) -> str:
    """What the ± behind a deviation means; empty where the network tells none."""
    if not len(trace.deviations):
        return ""
    return _("Behind ±, in percentage points: nine of ten errors on unseen simulated circuits are smaller.")


def say_whole(trace: DiagnosisTrace) -> str:
    """Class of the whole signal, and how many windows agree."""
    best = int(trace.whole.argmax())
    return _("Whole signal: {best}, mean probability {probability}; {agreeing} of {windows} windows say so.").format(
        best=trace.classes[best], probability=percent(trace.whole[best]), agreeing=trace.agreeing, windows=trace.windows
    )


def say_view(explanation: Explanation, window: int) -> str:
    """Which window of which signal is looked at, and by which network."""
    windows = explanation.windows
    if explanation.card.circuit:
        return f"{explanation.signal.origin} · {explanation.card.name}"
    return _("{origin} · window {number} of {count}, from {start:.3f} s · {network}").format(
        origin=explanation.signal.origin,
        number=window + 1,
        count=len(windows),
        start=windows.start_s(window),
        network=explanation.card.name,
    )


def say_controls(controls: Controls) -> str:
    """What the two controls of a gate gave."""
    name, probability = controls.before
    said = _("With the gate of {block} held at its mean, {name} goes from {before} to {kept}").format(
        block=controls.block, name=name.words, before=percent(probability), kept=percent(controls.kept)
    )
    if controls.after[0] != name:
        said += _(", and {name} is named").format(name=controls.after[0].words)
    if isnan(controls.loudness):
        return said + "."
    return said + _("; the gate's rank correlation with loudness is {loudness}.").format(
        loudness=digits(controls.loudness, "+.2f")
    )


def say_training(card: Card, signal: Signal) -> str:
    """Was this recording, or its bearing, in the network's training, as far as the file tells?"""
    if card.circuit:
        return _(
            "The network was trained on simulated circuits only; it names one of its own classes, whatever it is given."
        )
    same = signal.bearing is not None and signal.bearing == card.bearing
    if same and signal.recording in card.trained_on:
        return _("This recording was in training: its diagnosis proves nothing.")
    if same:
        return _("This bearing, or one of its kind, was in training: a new machine will be harder.")
    if signal.bearing is None:
        known = _("Nothing in this file tells whether its bearing was in training")
    else:
        known = _("The file names a bearing that was not in training")
    return _("{known}; a network names one of its own classes, whatever it is given.").format(known=known)


def say_file(channels: Sequence[Channel], channel: Channel, fs: float | None) -> str:
    """What is in a file, before it is explained: channels, and the rate and length of the one that is chosen.

    Parameters
    ----------
    channels : of the file.
    channel : the chosen one.
    fs : its sampling rate in Hz, None where nobody knows.
    """
    count = _("1 channel") if len(channels) == 1 else _("{count} channels").format(count=len(channels))
    if not (fs and fs > 0):  # nor is a rate of 0 one
        return _("{count} · {samples} samples · rate unknown").format(count=count, samples=f"{channel.samples:,}")
    return _("{count} · {rate} Hz · {seconds} s").format(
        count=count, rate=f"{fs:,.10g}", seconds=f"{channel.samples / fs:.4g}"
    )


def say_spatial(trace: SpatialTrace) -> str:
    """Figure A in words: where the chosen gate is widest open and most closed."""
    strip = trace.strips[trace.chosen]
    centre = (strip.edges[:-1] + strip.edges[1:]) / 2
    return _(
        "Waveform with spatial attention of {block}: widest open ({high:.2f}) at {at:.1f} {unit}, "
        "most closed ({low:.2f}) at {least:.1f} {unit}, usually {usual:.2f}."
    ).format(
        block=strip.name,
        high=strip.gate.max(),
        at=centre[strip.gate.argmax()],
        low=strip.gate.min(),
        least=centre[strip.gate.argmin()],
        usual=strip.usual,
        unit=trace.axis.unit,
    )


def caption_spatial(trace: SpatialTrace) -> str:
    """How Figure A is to be read."""
    caption = _(
        "Shading and curve: how much of each moment {block} lets through, drawn at the centre of the samples it sees; "
        "dashed: its median over the data set. "
        "Strips of other blocks have colour ranges of their own. Through the channel gate every position also depends "
        "a little on the "
        "whole window. What passes, not why the class was chosen."
    ).format(block=trace.strips[trace.chosen].name)
    if trace.impacts is not None:
        caption += " " + _("Ticks: the true impacts, which only a simulation knows.")
    elif trace.line:
        caption += " " + _(
            "Ticks: the period of {line} at this speed ({hz:.1f} Hz), one of them put on the loudest sample, so only "
            "their distance says something."
        ).format(line=trace.line.name, hz=trace.line.hz)
    return caption


def say_channels(trace: ChannelTrace) -> str:
    """Figure B in words: the channels farthest above and below what they usually are."""
    up, down = int(np.argmax(trace.deviation)), int(np.argmin(trace.deviation))
    return _(
        "Channel attention of {block}: channel {up} is farthest above its mean ({above}, most "
        "sensitive to {f_up:.0f} Hz), "
        "channel {down} farthest below ({below}, {f_down:.0f} Hz)."
    ).format(
        block=trace.block,
        up=trace.channel[up],
        above=digits(trace.deviation[up], "+.3f"),
        f_up=trace.bands_hz[up, 1],
        down=trace.channel[down],
        below=digits(trace.deviation[down], "+.3f"),
        f_down=trace.bands_hz[down, 1],
    )


def caption_channels(trace: ChannelTrace) -> str:
    """How Figure B is to be read."""
    if trace.absolute:
        return _(
            "How much of each channel is let through. Grey: mean ± one standard deviation over the data set's windows."
        )
    return _(
        "Above zero: let through more than on average over the data set. Grey: ± one standard "
        "deviation over its windows. "
        "Labels: the frequency that excites the channel most, a dash where no sine does; "
        "most channels listen to more than one band, and hovering says how much of the response lies near the label."
    )


def caption_diagnosis() -> str:
    """How the probabilities are to be read."""
    return _("Bars: this window. Marks: the mean over all windows.")


def say_accuracy(card: Card) -> str:
    """The honest number of a network in the fewest words."""
    mean = percent(card.results.accuracy)
    if len(card.results.folds) == 1:
        return mean
    return _("{mean}, worst {worst}").format(mean=mean, worst=percent(card.results.worst))


def say_results(card: Card) -> str:
    """The honest numbers of a network, with how they were found and what flatters them."""
    results = card.results
    if len(results.folds) == 1:
        found = _("Accuracy {accuracy} a window.").format(accuracy=percent(results.accuracy))
    else:
        found = _("Accuracy {accuracy} a window, {worst} in the worst fold.").format(
            accuracy=percent(results.accuracy), worst=percent(results.worst)
        )
    curve = ", ".join(f"{load} {percent(accuracy)}" for load, _windows, accuracy in results.by_load)
    units = {load.split()[-1] for load, *_rest in results.by_load}
    what = _("SNR") if "dB" in units else _("deviation") if "%" in units else _("load")
    by_load = _("By {what}: {curve}.").format(what=what, curve=curve) if curve else ""
    return " ".join(part for part in (found, results.protocol, results.shared, by_load) if part)


def say_card(card: Card) -> str:
    """What a network is, how it was judged, and where its data comes from."""
    return _(
        "{name}: {summary}. {results} Its windows: {window} samples at {fs:g} Hz, up to {top:g} Hz. "
        "Trained on {count} {what} from {source}. {licence}"
    ).format(
        what=_("campaigns") if card.circuit else _("recordings"),
        name=card.name,
        summary=card.summary,
        results=say_results(card),
        window=card.preparation.window,
        fs=card.preparation.fs,
        top=card.preparation.top_hz,
        count=len(card.trained_on),
        source=card.source,
        licence=card.licence,
    )
