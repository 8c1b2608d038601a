"""The sentences about the gates of classes, the same in the app, the report and for people who can't see the figures.

They say what differs in what passes; none says why.
"""

import numpy as np

from cbam_viz.analysis.class_channels import ClassChannelsTrace
from cbam_viz.analysis.difference import FEWEST_WITNESSES, DifferenceTrace
from cbam_viz.analysis.permutation import LEVEL, Tested
from cbam_viz.figures.class_channels import count_witnesses
from cbam_viz.language import _, digits

MOST_EFFECT = 100
"""Beyond it an effect size only says that nothing varies within the classes."""


FEWEST_FOR_EFFECT = 4
"""Witnesses of both classes together, with fewer of which the spread within them is not known."""


def say_class_channels(trace: ClassChannelsTrace) -> str:
    """The channel in which the classes differ most, and what is compared."""
    place = int(np.ptp(trace.deviation, axis=0).argmax())
    up, down = int(trace.deviation[:, place].argmax()), int(trace.deviation[:, place].argmin())
    counted = "; ".join(
        f"{name} {count_witnesses(witnesses, recordings)}"
        for name, (witnesses, recordings, _windows) in zip(trace.classes, trace.counts, strict=True)
    )
    return _(
        "Mean channel attention of {block} ({counted}). The classes lie farthest apart in channel {channel}{listens}: "
        "{most} {above}, {least} {below}."
    ).format(
        block=trace.block,
        counted=counted,
        channel=trace.channel[place],
        listens=_listens(trace.bands_hz[place, 1]),
        most=trace.classes[up],
        above=digits(trace.deviation[up, place], "+.3f"),
        least=trace.classes[down],
        below=digits(trace.deviation[down, place], "+.3f"),
    )


def caption_class_channels(trace: ClassChannelsTrace) -> str:
    """How the map is to be read."""
    if trace.absolute:
        return _("How much of each channel is let through, mean over the recordings of each class, 0 to 1.")
    return _(
        "Teal: let through more than on average over the network's data set; orange: less. The colours end at "
        "±{reach:.2f} for every set, so two maps can be laid side by side; hovering tells the number."
    ).format(reach=trace.high)


def say_difference(trace: DifferenceTrace) -> str:
    """What stands out between two classes, or that nothing does, or that there are too few to tell."""
    counted = _("{first} ({few}) and {second} ({many})").format(
        first=trace.first, few=trace.witnesses[0], second=trace.second, many=trace.witnesses[1]
    )
    if not trace.tested:
        if single := _without_spread(trace):
            return _(
                "{counted}: no effect size can be given, for {single} has one recording or specimen, which does not "
                "tell how much it varies. Add recordings of others."
            ).format(counted=counted, single=single)
        return _(
            "{counted}: with fewer than {fewest} recordings or bearings a class chance cannot be ruled out, so only "
            "effect sizes are given. {largest}"
        ).format(counted=counted, fewest=FEWEST_WITNESSES, largest=_largest(trace))
    parts = []
    if trace.channels is not None:
        beyond = trace.channels.standing_out
        found = _("{count} of {all} channels").format(count=len(beyond), all=len(trace.channel))
        parts.append(found + (f" ({_channel(trace, trace.channels, int(beyond[0]))})" if len(beyond) else ""))
    if trace.positions is not None:
        beyond = trace.positions.standing_out
        found = _("{count} of {all} moments").format(count=len(beyond), all=len(trace.place))
        at = f" ({_moment(trace, trace.positions, int(beyond[0]))})" if len(beyond) else ""
        parts.append(found + at)
    tested = trace.channels or trace.positions
    return _("{counted}: {parts} differ more than chance allows; p can be no smaller than {smallest:.3f} here.").format(
        counted=counted, parts=_(" and ").join(parts), smallest=tested.smallest_p if tested else np.nan
    )


def caption_difference(trace: DifferenceTrace) -> str:
    """How the difference is to be read."""
    said = _("{second} minus {first}, mean over recordings or bearings. ").format(
        second=trace.second, first=trace.first
    )
    if not trace.tested:
        return said + _("No band: it takes {fewest} recordings or bearings of each class.").format(
            fewest=FEWEST_WITNESSES
        )
    tested = trace.channels or trace.positions
    said += _(
        "Grey: what {count} ways of labelling them allow at a level of {level:g}, for all channels (or all "
        "moments) at once. Stars: beyond it."
    ).format(count=tested.arrangements if tested else 0, level=LEVEL)
    if trace.lopsided:
        said += " " + _(
            "One class has far fewer of them: if it also varies more, stars come more often than the level says."
        )
    if trace.shared:
        said += " " + _(
            "{count} specimens were measured in both classes, which this comparison makes no use of: it is too "
            "cautious."
        ).format(count=trace.shared)
    return said


def _without_spread(trace: DifferenceTrace) -> str:
    """The classes of one witness, where they leave too few to tell any effect size; else empty."""
    if sum(trace.witnesses) >= FEWEST_FOR_EFFECT:
        return ""
    names = zip((trace.first, trace.second), trace.witnesses, strict=True)
    return _(" and ").join(name for name, witnesses in names if witnesses == 1)


def _largest(trace: DifferenceTrace) -> str:
    """The channel, or else the moment, of the largest effect."""
    if trace.channels is not None and np.isfinite(trace.channels.effect).any():
        place = int(np.nanargmax(np.abs(trace.channels.effect)))
        return _("The largest is that of {what}.").format(what=_channel(trace, trace.channels, place))
    if trace.positions is not None and np.isfinite(trace.positions.effect).any():
        place = int(np.nanargmax(np.abs(trace.positions.effect)))
        return _("The largest is that at {what}.").format(what=_moment(trace, trace.positions, place))
    return _("None can be given, for nothing varies.")


def _channel(trace: DifferenceTrace, tested: Tested, place: int) -> str:
    """One channel, what it listens to, and how much it differs."""
    return _("channel {channel}{listens}: {difference}, effect size {effect}").format(
        channel=trace.channel[place],
        listens=_listens(trace.bands_hz[place, 1]),
        difference=digits(tested.difference[place], "+.3f"),
        effect=_effect(tested.effect[place]),
    )


def _moment(trace: DifferenceTrace, tested: Tested, place: int) -> str:
    """One moment, and how much it differs."""
    return _("{at:.1f} {unit}: {difference}, effect size {effect}").format(
        at=trace.place[place],
        unit=trace.axis.unit,
        difference=digits(tested.difference[place], "+.3f"),
        effect=_effect(tested.effect[place]),
    )


def _effect(value: float) -> str:
    """An effect size; one that only says that nothing varies within the classes is cut."""
    if abs(value) > MOST_EFFECT:
        return _("beyond {most}").format(most=digits(MOST_EFFECT if value > 0 else -MOST_EFFECT, "d"))
    return digits(value, "+.1f")


def _listens(peak: float) -> str:
    """What a channel listens to, behind its number."""
    return _(" (peak {peak:.0f} Hz)").format(peak=peak) if peak else ""
