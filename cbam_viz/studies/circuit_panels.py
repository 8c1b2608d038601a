"""The pictures of a circuit whose parts drift, each with its caption and words in place of it."""

from dataclasses import dataclass

from cbam_viz.analysis.drift import MapTrace, SweepTrace, read_told, trace_sweep
from cbam_viz.analysis.response import trace_response
from cbam_viz.analysis.schematic import trace_schematic
from cbam_viz.figures.drift import plot_map, plot_sweep
from cbam_viz.figures.response import plot_response
from cbam_viz.figures.schematic import plot_schematic
from cbam_viz.figures.style import LIGHT, Palette
from cbam_viz.network.card import Card
from cbam_viz.physics.circuits import find_circuit
from cbam_viz.studies import drift_words as words
from cbam_viz.studies.circuit import CircuitStudy, Drift, Setting, study_response
from cbam_viz.studies.explain import Explanation
from cbam_viz.studies.panels import Panel


@dataclass(frozen=True)
class Schematic:
    """A schematic as SVG, and the same in words."""

    svg: str
    alt: str


def draw_schematic(setting: Setting, palette: Palette = LIGHT) -> Schematic | None:
    """The schematic with the values in it; None for a circuit without one."""
    trace = trace_schematic(find_circuit(setting.circuit), setting.values, setting.parts)
    return Schematic(plot_schematic(trace, palette), words.say_schematic(trace)) if trace else None


def draw_study(study: CircuitStudy, block: int, palette: Palette = LIGHT) -> Panel:
    """The response of a circuit that was set, beside the nominal one and its gate."""
    found = study.explanation
    trace = trace_response(found.record, found.windows, found.card, study.band, block, study.sound.record)
    return Panel(plot_response(trace, palette), words.caption_response(trace), words.say_response(trace))


def draw_response(explanation: Explanation, block: int, palette: Palette = LIGHT) -> Panel | None:
    """The same of a response that was read from a file; None where the network reads no circuit."""
    beside = study_response(explanation.signal, explanation)
    if beside is None:
        return None
    band, sound = beside
    trace = trace_response(explanation.record, explanation.windows, explanation.card, band, block, sound.record)
    return Panel(plot_response(trace, palette), words.caption_response(trace), words.say_response(trace))


def trace_drift(drift: Drift, card: Card, block: int) -> SweepTrace:
    """The numbers of a sweep."""
    return trace_sweep(drift.parts[0], drift.percent, drift.record, drift.good, card, block)


def trace_two(drift: Drift, card: Card) -> MapTrace:
    """The numbers of a map."""
    first, second = drift.parts
    return MapTrace((first, second), drift.percent, read_told(drift.record, card, drift.good))


def draw_sweep(drift: Drift, card: Card, block: int, palette: Palette = LIGHT, now: float | None = None) -> Panel:
    """One part from end to end; `now` is where it stands in per cent."""
    trace = trace_drift(drift, card, block)
    return Panel(plot_sweep(trace, palette, now), words.caption_sweep(trace), words.say_sweep(trace))


def draw_map(drift: Drift, card: Card, palette: Palette = LIGHT, now: tuple[float, float] | None = None) -> Panel:
    """Two parts at once; `now` is where they stand in per cent."""
    trace = trace_two(drift, card)
    return Panel(plot_map(trace, palette, now), words.caption_map(), words.say_map(trace))
