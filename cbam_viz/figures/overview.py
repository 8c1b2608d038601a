"""The whole signal: its outline above what each window is diagnosed as; a click on a mark opens that window."""

import numpy as np
import plotly.graph_objects as go

from cbam_viz.analysis.overview import OverviewTrace
from cbam_viz.figures.style import LIGHT, Palette, frame, wave_title
from cbam_viz.language import _

WAVE_HEIGHT = 110
ROW_HEIGHT = 24


def plot_overview(trace: OverviewTrace, palette: Palette = LIGHT) -> go.Figure:
    """Draw the outline of a signal and one mark a window, in the row of the class it is given."""
    rows = sorted({int(number) for number in trace.predicted}, reverse=True)
    height = WAVE_HEIGHT + ROW_HEIGHT * len(rows) + 60
    split = ROW_HEIGHT * len(rows) / (height - 56)
    figure = go.Figure(
        go.Scatter(
            x=trace.outline_s.astype(np.float32),
            y=trace.outline.astype(np.float32),
            mode="lines",
            line={"color": palette.muted, "width": 0.8},
            hoverinfo="skip",
        )
    )
    words = [trace.classes[number] for number in trace.predicted]
    figure.add_trace(
        go.Scatter(
            x=((trace.start_s + trace.end_s) / 2).astype(np.float32),
            y=words,
            yaxis="y2",
            mode="markers",
            marker={
                "symbol": "square",
                "size": 11,
                "color": trace.probability.astype(np.float32),
                "cmin": 0,
                "cmax": 1,
                "colorscale": palette.sequential,
                "line": {"width": 0},
            },
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
            customdata=trace.first_window + 1,  # one number a mark: a click gives it back as it is
            hovertemplate=_("window %{customdata}: %{y}, %{marker.color:.1%}") + "<extra></extra>",
        )
    )
    frame(figure, palette, height)
    figure.update_layout(
        hovermode="closest",
        clickmode="event+select",
        dragmode=False,
        xaxis={"title_text": _("time in the recording (s)"), "anchor": "y2", "range": [0, trace.end_s[-1]]},
        yaxis={"domain": (split + 0.08, 1), "nticks": 5, "title_text": wave_title(trace.unit)},
        yaxis2={
            "domain": (0, split),
            "type": "category",
            "categoryorder": "array",
            "categoryarray": [trace.classes[number] for number in rows],
            "range": [-0.6, len(rows) - 0.4],
        },
    )
    figure.add_vrect(*trace.chosen, fillcolor=palette.accent, opacity=0.22, line_width=0, layer="below")
    return figure
