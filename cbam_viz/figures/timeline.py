"""A recording on one axis of time: outline, events, probabilities, and a spatial gate; all stand below each other."""

import numpy as np
import plotly.graph_objects as go

from cbam_viz.analysis.events import Event
from cbam_viz.analysis.timeline import TimelineTrace
from cbam_viz.figures.style import LIGHT, Palette, frame, wave_title
from cbam_viz.language import _

HEIGHT = 560
DOMAINS = {"yaxis": (0.68, 1.0), "yaxis2": (0.52, 0.64), "yaxis3": (0.24, 0.48), "yaxis4": (0.0, 0.2)}
"""Outline, events, probabilities, gate."""
BAND = 0.8
"""Of an event's row."""


def plot_timeline(trace: TimelineTrace, palette: Palette = LIGHT) -> go.Figure:
    """Draw a stretch of a recording."""
    figure = go.Figure()
    _draw_outline(figure, trace, palette)
    _draw_events(figure, trace, palette)
    _draw_probabilities(figure, trace, palette)
    _draw_gate(figure, trace, palette)
    frame(figure, palette, HEIGHT)
    figure.update_layout(
        hovermode="x",
        hoversubplots="axis",
        dragmode="select",
        selectdirection="h",
        showlegend=True,
        legend={"orientation": "h", "traceorder": "normal", "x": 0, "y": 1.02, "yanchor": "bottom"},
        xaxis={
            "title_text": _("time in the recording (s)"),
            "anchor": "y4",
            "range": list(trace.outline.span_s),
            "tickformat": ",.10~g",
        },
    )
    return figure


def _draw_outline(figure: go.Figure, trace: TimelineTrace, palette: Palette) -> None:
    """The waveform between its lowest and its highest samples."""
    outline = trace.outline
    for side, fill in ((outline.lowest, None), (outline.highest, "tonexty")):
        figure.add_scatter(
            x=outline.time_s,
            y=side,
            mode="lines",
            line={"color": palette.muted, "width": 0.6},
            fill=fill,
            fillcolor=palette.muted,
            hoverinfo="skip",
            showlegend=False,
        )
    figure.update_layout(
        yaxis={"domain": DOMAINS["yaxis"], "title_text": wave_title(outline.unit), "nticks": 5, "fixedrange": True}
    )


def _draw_events(figure: go.Figure, trace: TimelineTrace, palette: Palette) -> None:
    """A bar an event, in the row of its class, and its span behind the waveform."""
    labels = sorted({event.label for event in trace.events})
    for label in labels:
        own: list[Event] = [event for event in trace.events if event.label == label]
        colour, _symbol = palette.mark(label)
        figure.add_bar(
            orientation="h",
            y=[trace.classes[label]] * len(own),
            base=[event.start_s for event in own],
            x=[event.end_s - event.start_s for event in own],
            width=BAND,
            yaxis="y2",
            marker={"color": colour, "line": {"width": 1, "color": colour}},
            customdata=[[event.start_s, event.end_s, event.probability] for event in own],
            hovertemplate=_("{name}: %{{customdata[0]:.2f}}–%{{customdata[1]:.2f}} s, %{{customdata[2]:.0%}}").format(
                name=trace.classes[label]
            )
            + "<extra></extra>",
            showlegend=False,
        )
        for event in own:
            figure.add_shape(
                type="rect", x0=event.start_s, x1=event.end_s, y0=DOMAINS["yaxis"][0], y1=DOMAINS["yaxis"][1],
                yref="paper", fillcolor=colour, opacity=0.18, line_width=0, layer="below",
            )  # fmt: skip
    if not labels:
        figure.add_scatter(x=[], y=[], yaxis="y2", showlegend=False)
        figure.add_annotation(
            text=_("no event"), x=0.5, y=sum(DOMAINS["yaxis2"]) / 2, xref="paper", yref="paper", showarrow=False,
            font={"color": palette.muted},
        )  # fmt: skip
    figure.update_layout(
        barmode="overlay",
        yaxis2={
            "domain": DOMAINS["yaxis2"],
            "title_text": _("events"),
            "type": "category",
            "categoryorder": "array",
            "categoryarray": [trace.classes[label] for label in reversed(labels)],
            "showticklabels": bool(labels),
            "fixedrange": True,
        },
    )


def _draw_probabilities(figure: go.Figure, trace: TimelineTrace, palette: Palette) -> None:
    """One line a fault, and the level at which an event begins."""
    for label, name in enumerate(trace.classes):
        if label != trace.healthy:
            colour, _symbol = palette.mark(label)
            figure.add_scatter(
                x=trace.time_s,
                y=np.round(trace.probabilities[:, label], 4) if len(trace.probabilities) else [],
                name=name,
                mode="lines",
                line={"color": colour, "width": 1.3},
                yaxis="y3",
                hovertemplate="%{y:.0%}",
            )
    first, last = trace.outline.span_s
    if trace.onset_s is not None and first <= trace.onset_s <= last:
        figure.add_vline(x=trace.onset_s, line={"color": palette.text, "width": 1.2, "dash": "dash"})
        figure.add_annotation(
            text=_("rises from here"), x=trace.onset_s, y=DOMAINS["yaxis3"][1], yref="paper", xanchor="left",
            yanchor="bottom", showarrow=False,
        )  # fmt: skip
    figure.add_hline(y=trace.level, yref="y3", line={"color": palette.muted, "width": 1, "dash": "dot"}, layer="below")
    figure.update_layout(
        yaxis3={
            "domain": DOMAINS["yaxis3"],
            "title_text": _("probability"),
            "range": [-0.03, 1.03],
            "nticks": 4,
            "tickformat": ".0%",
            "fixedrange": True,
        }
    )


def _draw_gate(figure: go.Figure, trace: TimelineTrace, palette: Palette) -> None:
    """Mean and highest M_s, over the gate's usual range."""
    figure.add_shape(
        type="rect", x0=0, x1=1, xref="paper", y0=trace.usual[0], y1=trace.usual[1], yref="y4",
        fillcolor=palette.spread, line_width=0, layer="below",
    )  # fmt: skip
    for values, name, dash in ((trace.gate_mean, _("M_s, mean"), "solid"), (trace.gate_peak, _("M_s, peak"), "dot")):
        figure.add_scatter(
            x=trace.time_s,
            y=np.round(values, 4),
            name=name,
            mode="lines",
            line={"color": palette.line, "width": 1.1, "dash": dash},
            yaxis="y4",
            hovertemplate=name + " %{y:.2f}<extra></extra>",
        )
    figure.update_layout(
        yaxis4={
            "domain": DOMAINS["yaxis4"],
            "title_text": _("M_s of {block}").format(block=trace.block),
            "nticks": 4,
            "fixedrange": True,
        }
    )
