"""The pictures of an explanation, each with its caption and with words in place of it; both doors show these."""

from dataclasses import dataclass

from cbam_viz.analysis.channels import Order, trace_channels
from cbam_viz.analysis.diagnosis import trace_diagnosis
from cbam_viz.analysis.edits import Edit
from cbam_viz.analysis.outline import trace_outline
from cbam_viz.analysis.overview import trace_overview
from cbam_viz.analysis.pair import Side
from cbam_viz.analysis.spatial import Scale, SpatialTrace, trace_spatial
from cbam_viz.analysis.tryout import trace_tryout
from cbam_viz.figures.channels import plot_channels
from cbam_viz.figures.diagnosis import plot_diagnosis
from cbam_viz.figures.outline import plot_outline
from cbam_viz.figures.overview import plot_overview
from cbam_viz.figures.spatial import plot_spatial
from cbam_viz.figures.style import LIGHT, Figure, Palette
from cbam_viz.figures.tryout import plot_tryout
from cbam_viz.language import _
from cbam_viz.signals.signal import Signal
from cbam_viz.studies import tryout_words, words
from cbam_viz.studies.explain import Explanation, line_of_diagnosis
from cbam_viz.studies.tryout import Tryout, try_edits


@dataclass(frozen=True)
class FrequencyView:
    """How the frequencies are looked at.

    Parameters
    ----------
    band_hz : chosen by hand, None for the most impulsive one.
    nudge : change of the shaft speed, as a share of it.
    orders : drawn over orders of the shaft.
    """

    band_hz: tuple[float, float] | None = None
    nudge: float = 0.0
    orders: bool = False


@dataclass(frozen=True)
class View:
    """What of an explanation is looked at.

    Parameters
    ----------
    window, block : indices.
    scale : of M_s, see `trace_spatial`.
    order, absolute : of the channels, see `trace_channels`.
    shaft_hz, bearing : of the machine, for the fault's period; None where unknown.
    edits : tried on the window, in order.
    frequency : how the frequencies are looked at.
    """

    window: int
    block: int = 0
    scale: Scale = "usual"
    order: Order = "frequency"
    absolute: bool = False
    shaft_hz: float | None = None
    bearing: str | None = None
    edits: tuple[Edit, ...] = ()
    frequency: FrequencyView = FrequencyView()


@dataclass(frozen=True, eq=False)
class Panel:
    """One picture, the caption below it, and the same in words."""

    figure: Figure
    caption: str
    alt: str


def draw_outline(signal: Signal, palette: Palette = LIGHT) -> Figure:
    """A small picture of a signal before it is explained."""
    return plot_outline(trace_outline(signal), palette)


def trace_view(explanation: Explanation, view: View) -> SpatialTrace:
    """Spatial attention in the window in view, shaded by the block in view, which must have a spatial gate."""
    return trace_spatial(
        explanation.record,
        explanation.windows,
        explanation.card,
        view.window,
        view.block,
        explanation.signal.unit,
        view.scale,
        line_of_diagnosis(explanation, view.window, view.shaft_hz, view.bearing),
    )


def draw_spatial(explanation: Explanation, view: View, palette: Palette = LIGHT) -> Panel:
    """Figure A: the waveform and every block's spatial attention."""
    trace = trace_view(explanation, view)
    return Panel(plot_spatial(trace, palette), words.caption_spatial(trace), words.say_spatial(trace))


def draw_channels(explanation: Explanation, view: View, palette: Palette = LIGHT) -> Panel:
    """Figure B: the channel attention of one block."""
    trace = trace_channels(explanation.record, explanation.card, view.window, view.block, view.order, view.absolute)
    return Panel(plot_channels(trace, palette), words.caption_channels(trace), words.say_channels(trace))


def draw_overview(explanation: Explanation, view: View, palette: Palette = LIGHT) -> Panel:
    """All windows of the signal."""
    trace = trace_overview(
        explanation.record, explanation.windows, explanation.card, view.window, explanation.signal.unit
    )
    said = words.say_whole(trace_diagnosis(explanation.record, explanation.card, view.window))
    return Panel(plot_overview(trace, palette), said, said)


def draw_diagnosis(explanation: Explanation, view: View, palette: Palette = LIGHT) -> Panel:
    """Probabilities of the classes."""
    trace = trace_diagnosis(explanation.record, explanation.card, view.window)
    return Panel(plot_diagnosis(trace, palette), words.caption_diagnosis(), " · ".join(words.say_verdict(trace)))


def draw_tryout(explanation: Explanation, view: View, palette: Palette = LIGHT, tryout: Tryout | None = None) -> Panel:
    """The window before and after its edits, which are made now unless they are given."""
    tried = tryout or try_edits(explanation, view.window, view.edits)
    line = line_of_diagnosis(explanation, view.window, view.shaft_hz, view.bearing)
    unit = explanation.signal.unit
    trace = trace_tryout(
        Side(_("before"), explanation.record, explanation.windows, view.window, unit, line),
        Side(_("after"), tried.after, tried.windows, 0, unit, line),
        explanation.card,
        view.block,
        tried.edits,
        view.scale,
    )
    return Panel(plot_tryout(trace, palette), tryout_words.caption_tryout(trace), tryout_words.say_picture(trace))


def draw_panels(explanation: Explanation, view: View, palette: Palette = LIGHT) -> dict[str, Panel]:
    """All pictures of a view by the names of their files, from the whole signal to what was tried on one window."""
    panels = {
        "overview": draw_overview(explanation, view, palette),
        "diagnosis": draw_diagnosis(explanation, view, palette),
        "spatial": draw_spatial(explanation, view, palette),
        "channels": draw_channels(explanation, view, palette),
    }
    if view.edits:
        panels["tryout"] = draw_tryout(explanation, view, palette)
    return panels
