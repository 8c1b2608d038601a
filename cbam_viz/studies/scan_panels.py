"""The picture of a scan, its tables to take away, and a stretch of its recording; both doors may use these."""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyarrow import csv, parquet

from cbam_viz.analysis.events import Event
from cbam_viz.analysis.extremes import trace_extremes
from cbam_viz.analysis.timeline import TimelineTrace, WindowRows, trace_timeline
from cbam_viz.figures.style import LIGHT, Palette
from cbam_viz.figures.timeline import plot_timeline
from cbam_viz.language import _
from cbam_viz.network.card import Card
from cbam_viz.signals.recording import Recording, read_blocks
from cbam_viz.signals.signal import Signal, interpolate_gaps
from cbam_viz.studies.panels import Panel
from cbam_viz.studies.scan import EXTREMES, ScanFacts, overview_path, parts_path, read_columns, windows_path
from cbam_viz.studies.scan_events import Threshold, events_table, healthy_class, trend
from cbam_viz.studies.scan_words import say_length, say_scan

LONGEST_STRETCH_S = 60.0
"""That is opened in Inspect."""


def read_rows(out: Path, facts: ScanFacts, block: int) -> WindowRows:
    """The windows of a scan that are there by now, with the gate of one block (an index)."""
    names = [f"p_{key}" for key in facts.classes]
    gates = [f"m_s_mean_{block + 1}", f"m_s_peak_{block + 1}"]
    columns = read_columns(out, facts.key, ["start_s", *names, *gates])
    return WindowRows(
        columns["start_s"],
        np.stack([columns[name] for name in names], axis=1),
        columns[gates[0]],
        columns[gates[1]],
        facts.window_s,
        facts.hop_s,
    )


def trace_scan(
    out: Path,
    facts: ScanFacts,
    card: Card,
    events: Sequence[Event],
    threshold: Threshold,
    block: int,
    span_s: tuple[float, float],
) -> TimelineTrace:
    """What the picture of a stretch of a scanned recording draws, of a scan that is done or not."""
    outline = overview_path(out, facts.key)
    path = outline if outline.exists() else parts_path(out, facts.key) / EXTREMES
    onset = trend(out, facts, card)
    quantiles = card.reference[block].spatial_quantiles
    trace = trace_timeline(
        trace_extremes(path, facts.bin, facts.fs, span_s, facts.unit),
        read_rows(out, facts, block),
        events,
        tuple(name.words for name in card.classes),
        healthy_class(card),
        threshold.level,
        card.block_names[block],
        (quantiles[0], quantiles[-1]),
    )
    return replace(trace, onset_s=onset.start_s if onset else None)


def draw_timeline(trace: TimelineTrace, facts: ScanFacts, events: Sequence[Event], palette: Palette = LIGHT) -> Panel:
    """The picture of a stretch of a scanned recording."""
    caption = _(
        "Grey: lowest and highest sample of each stretch. Below: events, the highest probability of each fault with "
        "the level at which an event begins (dotted), and {gate} over its usual range (band). A gate says what a block "
        "lets through, not why a class was named."
    ).format(gate=_("M_s of {block}").format(block=trace.block))
    if trace.left_out:
        caption += " " + _("{count} shorter events are not marked.").format(count=trace.left_out)
    first, last = trace.outline.span_s
    alt = _("{said} Shown: {first:.1f} to {last:.1f} s.").format(said=say_scan(facts, events), first=first, last=last)
    return Panel(plot_timeline(trace, palette), caption, alt)


def events_csv(events: tuple[Event, ...], facts: ScanFacts, threshold: Threshold) -> bytes:
    """The events as a table of text."""
    written = io.BytesIO()
    csv.write_csv(events_table(events, facts, threshold), written)
    return written.getvalue()


def events_parquet(events: tuple[Event, ...], facts: ScanFacts, threshold: Threshold) -> bytes:
    """The events with their types."""
    written = io.BytesIO()
    parquet.write_table(events_table(events, facts, threshold), written)
    return written.getvalue()


def scan_json(events: tuple[Event, ...], facts: ScanFacts, threshold: Threshold) -> str:
    """The events, what is known of the scan, and what the level rests on."""
    rows: list[dict[str, Any]] = events_table(events, facts, threshold).to_pylist()
    told = {"scan": asdict(facts), "level": asdict(threshold), "events": rows}
    return json.dumps(told, indent=1, ensure_ascii=False)


def windows_bytes(out: Path, facts: ScanFacts) -> bytes:
    """The table of all windows as it lies on disk."""
    return windows_path(out, facts.key).read_bytes()


def cut_stretch(recording: Recording, span_s: tuple[float, float]) -> Signal:
    """A stretch of a recording as a signal of its own, at most `LONGEST_STRETCH_S` of it.

    Raises
    ------
    InputError
        If samples are missing there, or it is no signal.
    """
    first = min(max(int(span_s[0] * recording.fs), 0), recording.samples - 1)
    count = max(int(min(span_s[1] - span_s[0], LONGEST_STRETCH_S) * recording.fs), 1)
    parts: list[NDArray[np.float64]] = []
    for block in read_blocks(recording, first):
        parts.append(block[:count])
        count -= len(parts[-1])
        if count <= 0:
            break
    samples, bridged = interpolate_gaps(np.concatenate(parts))
    channel = recording.channel
    notes = (_("Missing samples bridged by straight lines: {count}.").format(count=bridged),) if bridged else ()
    return Signal(
        samples,
        recording.fs,
        stretch_name(recording, span_s),
        channel.name,
        channel.unit,
        channel.shaft_hz,
        channel.bearing,
        notes=notes,
    )


def stretch_name(recording: Recording, span_s: tuple[float, float]) -> str:
    """Name of the file of a stretch."""
    return f"{recording.path.stem} {span_s[0]:.2f}-{span_s[1]:.2f} s"


def say_stretch(span_s: tuple[float, float]) -> str:
    """A stretch in words."""
    return _("{first:.2f} to {last:.2f} s ({length})").format(
        first=span_s[0], last=span_s[1], length=say_length(span_s[1] - span_s[0])
    )
