"""Probabilities of one window beside the mean over the whole signal."""

import numpy as np
import plotly.graph_objects as go

from cbam_viz.analysis.diagnosis import DiagnosisTrace
from cbam_viz.figures.style import LIGHT, Palette, frame
from cbam_viz.language import _, percent

ROW_HEIGHT = 26


def plot_diagnosis(trace: DiagnosisTrace, palette: Palette = LIGHT) -> go.Figure:
    """Draw one bar a class for the window, and a mark for the mean over all windows."""
    order = np.arange(len(trace.classes))[::-1]
    words = [trace.classes[number] for number in order]
    figure = go.Figure(
        go.Bar(
            x=trace.window[order],
            y=words,
            orientation="h",
            width=0.62,
            marker={"color": palette.accent, "line_width": 0},
            hovertemplate=_("this window") + " %{x:.2%}<extra></extra>",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=trace.whole[order],
            y=words,
            mode="markers",
            marker={"symbol": "line-ns-open", "size": 15, "color": palette.opposite, "line": {"width": 2}},
            hovertemplate=_("mean over all windows") + " %{x:.2%}<extra></extra>",
        )
    )
    for name, value, mean in zip(trace.classes, trace.window, trace.whole, strict=True):
        figure.add_annotation(  # behind the mark, which would run through it
            x=max(value, mean),
            y=name,
            text=percent(value),
            xanchor="left",
            xshift=5,
            showarrow=False,
            font={"color": palette.text, "size": 12},
        )
    frame(figure, palette, ROW_HEIGHT * len(words) + 60)
    figure.update_layout(hovermode="closest", margin_r=64)
    figure.update_xaxes(title_text=_("probability"), range=[0, 1], tickformat=".0%", nticks=6)
    return figure
