"""The sentences on a circuit whose parts drift; none says why a class was chosen."""

from math import isnan

import numpy as np

from cbam_viz.analysis.drift import MapTrace, SweepTrace
from cbam_viz.analysis.response import ResponseTrace
from cbam_viz.analysis.schematic import SchematicTrace
from cbam_viz.language import _, digits, percent

INSTALL = _(
    "ngspice is not installed here, so no part can be moved: a stored response is shown. Install the package ngspice "
    "(apt-get install ngspice, brew install ngspice) and reload this page."
)


SLIGHT_V = 1e-3


def say_schematic(trace: SchematicTrace) -> str:
    """The values of the schematic in words, those that were moved first."""
    marks = sorted(trace.marks, key=lambda mark: not mark.changed)
    said = ", ".join(f"{mark.name} {mark.value}{mark.off}" for mark in marks)
    return _("Schematic: {title}; {parts}.").format(title=trace.title, parts=said)


def say_response(trace: ResponseTrace) -> str:
    """The response in words."""
    away = trace.measured - trace.nominal
    at = int(np.abs(away).argmax())
    if abs(away[at]) < SLIGHT_V:
        return _("Response to the pulse: nowhere off the nominal one by 1 mV.")
    return _(
        "Response to the pulse: farthest from nominal ({away:+.0f} mV) at {place:.1f} {unit}; {share} of its samples "
        "lie outside the band of sound circuits."
    ).format(away=1e3 * away[at], place=trace.place[at], unit=trace.axis.unit, share=percent(trace.outside))


def caption_response(trace: ResponseTrace) -> str:
    """How the response is to be read."""
    said = _(
        "Grey band: 95 % of simulated circuits whose parts are all within tolerance. Fisher ratio: how well each "
        "single moment parts the classes, by the circuit alone; no network has a part in it. Dotted: M_s for the "
        "nominal response."
    )
    if isnan(trace.follows):
        return said
    follows = digits(trace.follows, "+.2f")
    return (
        said
        + " "
        + _("{block}'s gate and that ratio: rank correlation {follows}.").format(
            block=trace.strip.name.capitalize(), follows=follows
        )
    )


def say_sweep(trace: SweepTrace) -> str:
    """Where the diagnosis changes along a part's drift."""
    if not trace.changes:
        only = trace.told.classes[int(trace.told.named.max())]
        return (
            _("{part} from {low:+.0f} to {high:+.0f} %: always “{only}”.")
            .format(part=trace.part, low=trace.percent[0], high=trace.percent[-1], only=only)
            .replace("-", "−")
        )
    changes = "; ".join(
        _("at {at:+.0f} % from “{before}” to “{after}”").format(
            at=(change.low + change.high) / 2,
            before=trace.told.classes[change.before],
            after=trace.told.classes[change.after],
        )
        for change in trace.changes
    ).replace("at -", "at −")
    return _("Along the drift of {part} the diagnosis changes {changes}.").format(part=trace.part, changes=changes)


def caption_sweep(trace: SweepTrace) -> str:
    """How the sweep is to be read."""
    said = _(
        "All else stays as set above. Vertical lines: where the diagnosis changes. Estimated deviation: of the part "
        "that is named there, in the colour of its class; on the grey diagonal it is true. Below: M_s of {block} on "
        "its usual range, and how far the gates of all blocks lie from those at the deviation nearest to 0."
    ).format(block=trace.block)
    if not trace.known:
        said += " " + _(
            "No class stands for {part}: the network names one of its own classes, whatever drifts."
        ).format(part=trace.part)
    return said


def say_map(trace: MapTrace) -> str:
    """The map in words: how much of it each class takes."""
    named = trace.told.named[trace.told.named >= 0]
    counts = np.bincount(named, minlength=len(trace.told.classes))
    shares = ", ".join(
        f"{trace.told.classes[number]} {percent(counts[number] / len(named))}"
        for number in np.argsort(-counts)
        if counts[number]
    )
    return _("Diagnoses while {first} and {second} drift at once: {shares}.").format(
        first=trace.parts[0], second=trace.parts[1], shares=shares
    )


def caption_map() -> str:
    """How the map is to be read."""
    return _(
        "Every cell is one circuit. Letter and colour: the class that is named; small letters: with a probability "
        "below one half. The network met one faulty part at a time, so away from the axes it was never taught."
    )
