"""A signal as a small line without axes, to know it again by."""

import numpy as np
import plotly.graph_objects as go

from cbam_viz.analysis.outline import OutlineTrace
from cbam_viz.figures.style import LIGHT, Palette, frame

HEIGHT = 56


def plot_outline(trace: OutlineTrace, palette: Palette = LIGHT) -> go.Figure:
    """Draw the outline of a signal."""
    figure = go.Figure(
        go.Scatter(
            x=trace.time.astype(np.float32),
            y=trace.samples.astype(np.float32),
            mode="lines",
            line={"color": palette.muted, "width": 0.8},
            hoverinfo="skip",
        )
    )
    frame(figure, palette, HEIGHT)
    figure.update_layout(
        margin={"l": 0, "r": 0, "t": 2, "b": 2}, xaxis_visible=False, yaxis_visible=False, dragmode=False
    )
    return figure
