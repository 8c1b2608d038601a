"""Draws the spectrum of a gate, and below it the envelope spectrum of what it lets through beside a shifted gate's."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from cbam_viz.analysis.gate_spectrum import GateSpectrumTrace
from cbam_viz.figures.envelope import frequency_axis, mark_lines
from cbam_viz.figures.style import LIGHT, Palette, frame
from cbam_viz.language import _

HEIGHT = 520


def plot_gate_spectrum(trace: GateSpectrumTrace, palette: Palette = LIGHT) -> go.Figure:
    """Draw both spectra on one axis under the lines of the bearing."""
    figure = go.Figure()
    scale = trace.shaft_hz if trace.orders and trace.shaft_hz else 1.0
    figure.add_trace(_line(trace.hz / scale, trace.amplitude, palette.accent, "y", 1.4))
    for edge, fill in ((trace.shifted_low, None), (trace.shifted_high, "tonexty")):
        figure.add_trace(
            go.Scatter(
                x=(trace.weighted_hz / scale).astype(np.float32),
                y=edge.astype(np.float32),
                mode="lines",
                line={"color": palette.muted, "width": 0},
                fill=fill,
                fillcolor=palette.grid,
                yaxis="y2",
                hoverinfo="skip",
            )
        )
    figure.add_trace(_line(trace.weighted_hz / scale, trace.weighted, palette.line, "y2", 1.2))
    frame(figure, palette, HEIGHT, top=8)
    top = 0.8 if trace.found else 1.0
    figure.update_layout(
        hovermode="closest",
        xaxis=frequency_axis(trace.top_hz, scale, trace.orders) | {"anchor": "y2"},
        yaxis={
            "title_text": _("M<sub>s</sub> {block}").format(block=trace.block),
            "domain": [0.45, top - 0.02],
            "rangemode": "tozero",
            "nticks": 4,
        },
        yaxis2={
            "title_text": _("weighted envelope"),
            "domain": [0, 0.4],
            "rangemode": "tozero",
            "nticks": 4,
            "tickformat": ".0%",
        },
    )
    if trace.found:
        mark_lines(figure, trace.found, palette, scale, "y3", (0.8, 1.0), ("y", "y2"))
    if trace.nyquist_hz < trace.top_hz:
        figure.add_vline(trace.nyquist_hz / scale, line={"color": palette.muted, "width": 1, "dash": "dash"})
    return figure


def _line(place: NDArray[np.float64], height: NDArray[np.float64], colour: str, yaxis: str, width: float) -> go.Scatter:
    """One spectrum as a line."""
    return go.Scatter(
        x=place.astype(np.float32),
        y=height.astype(np.float32),
        mode="lines",
        line={"color": colour, "width": width},
        yaxis=yaxis,
        hovertemplate="%{x:.2f}: %{y:.3g}<extra></extra>",
    )
