"""What both doors say of a scan."""

from collections.abc import Sequence

from cbam_viz.analysis.events import Event
from cbam_viz.analysis.onset import Onset
from cbam_viz.language import _, percent
from cbam_viz.studies.scan import ScanFacts
from cbam_viz.studies.scan_events import Threshold


def say_scan(facts: ScanFacts, events: Sequence[Event]) -> str:
    """The verdict on a recording."""
    return f"{say_recording(facts)}: {say_events(events)}."


def say_recording(facts: ScanFacts) -> str:
    """Which recording it is."""
    return _("{file}, {channel}, {length} at {fs:.10g} Hz").format(
        file=facts.file, channel=facts.channel, length=say_length(facts.duration), fs=facts.fs
    )


def say_events(events: Sequence[Event]) -> str:
    """How many events there are, and how long they are in all."""
    if not events:
        return _("no event")
    total = say_length(sum(event.end_s - event.start_s for event in events))
    if len(events) == 1:
        return _("1 event, {total}").format(total=total)
    return _("{count} events, {total} in all").format(count=len(events), total=total)


def say_length(seconds: float) -> str:
    """A stretch of time as people say it."""
    if seconds < 120:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min {rest} s"


def say_onset(onset: Onset | None) -> tuple[str, ...]:
    """A sentence on a rise that does not come back, none where there is none."""
    if onset is None:
        return ()
    return (
        _(
            "Trend: the mean probability of a fault rises from about {start} on, from {before} before to {end} in the "
            "last tenth of the recording."
        ).format(start=say_length(onset.start_s), before=percent(onset.before), end=percent(onset.at_end)),
    )


def say_left_out(facts: ScanFacts) -> tuple[str, ...]:
    """Sentences on windows that were not looked at."""
    said = []
    if facts.missing:
        said.append(
            _("{count} windows touch missing samples (NaN or Inf) and are left out.").format(count=facts.missing)
        )
    if facts.still:
        said.append(_("{count} windows in which nothing moves are left out.").format(count=facts.still))
    return tuple(said)


def _two_digits(number: float) -> str:
    """A number to two digits, without powers of ten."""
    return f"{float(f'{number:.2g}'):,.10g}"


def say_threshold(threshold: Threshold) -> tuple[str, ...]:
    """Sentences on the level at which an event begins, and on what is known of its false alarms."""
    level = _("An event begins where the probability of any fault reaches {level:.4g}.").format(level=threshold.level)
    if threshold.alarms is None:
        return (level, _("How many false alarms that costs was never counted for this network."))
    count, hours, most = threshold.of(threshold.alarms.simulated)
    simulated = _(
        "In {hours:.3g} h of simulated healthy running it gave {count} false alarms: fewer than {most} an hour, with "
        "95% certainty, if the machine were as simulated."
    ).format(hours=hours, count=count, most=_two_digits(most))
    count, hours, most = threshold.of(threshold.alarms.measured)
    measured = _(
        "On the {seconds:.0f} measured healthy seconds that ship it gave {count}: they promise no better than "
        "{most} an hour."
    ).format(seconds=3600 * hours, count=count, most=_two_digits(most))
    return (level, simulated, measured)
