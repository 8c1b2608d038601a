"""The sentences about edits, the same in the app, the report and on the command line."""

from collections.abc import Sequence

from cbam_viz.analysis.edits import Edit
from cbam_viz.analysis.tryout import TryoutTrace
from cbam_viz.language import _, percent
from cbam_viz.network.card import Card
from cbam_viz.studies.tryout import Tryout

DONE = {
    "mask": _("{0:.4g} to {1:.4g} ms set to the window's mean"),
    "notch": _("{0:.6g} to {1:.6g} Hz taken out"),
    "noise": _("noise added at {0:.4g} dB (draw {1:.0f})"),
    "shift": _("moved by {0:+.4g} ms"),
    "scale": _("multiplied by {0:.4g}"),
    "resample": _("run at {0:.5g} times the speed"),
    "mute": _("channel {1:.0f} of block {0:.0f} muted"),
    "boost": _("channel {1:.0f} of block {0:.0f} let through {2:.4g} times as much"),
    "flatten": _("time gate of block {0:.0f} held at its mean"),
    "shuffle": _("time gate of block {0:.0f} shuffled (draw {1:.0f})"),
    "gate": _("time gate of block {0:.0f} taken from window {1:.0f}"),
    "channels": _("channel gate of block {0:.0f} taken from window {1:.0f}"),
}
"""What was done, with the numbers of an edit in their order."""


def say_edit(edit: Edit) -> str:
    """What one edit did."""
    return DONE[edit.kind].format(*edit.values)


def say_edits(edits: Sequence[Edit]) -> str:
    """What was done, in order."""
    return "; ".join(map(say_edit, edits))


def say_tryout(tryout: Tryout, card: Card) -> str:
    """What the edits did to the diagnosis of the window, and what they were."""
    return _("{change} Done: {edits}.").format(change=say_change(tryout, card), edits=say_edits(tryout.edits))


def say_change(tryout: Tryout, card: Card) -> str:
    """What the edits did to the diagnosis of the window."""
    before, after = tryout.before.probabilities[0], tryout.after.probabilities[0]
    first, then = int(before.argmax()), int(after.argmax())
    said = _("{name} goes from {before} to {after}").format(
        name=card.classes[first].words, before=percent(before[first]), after=percent(after[first])
    )
    if then != first:
        said += _(", and {name} is named with {probability}").format(
            name=card.classes[then].words, probability=percent(after[then])
        )
    said += "."
    if any(edit.kind == "scale" for edit in tryout.edits) and card.preparation.scaling == "window":
        said += " " + _("This network scales every window to standard deviation 1, which undoes a scale but its sign.")
    return said


def caption_tryout(trace: TryoutTrace) -> str:
    """How the figure is to be read."""
    caption = _(
        "Grey and dotted: before. Dark and solid: after. Of each pair of strips the upper one is before; both have one "
        "range. Bars: probabilities, before above after."
    )
    if trace.masked:
        caption += " " + _("Hatched: masked, where it was when it was masked.")
    return caption


def say_picture(trace: TryoutTrace) -> str:
    """The figure in words."""
    return _("Before and after: {changes}. The gate of {block} changes by up to {most:.2f}.").format(
        changes=", ".join(
            f"{name} {percent(one)} → {percent(other)}"
            for name, one, other in zip(trace.classes, trace.before_share, trace.after_share, strict=True)
        ),
        block=trace.before.strips[trace.before.chosen].name,
        most=trace.most_moved,
    )
