"""All windows in a plane by their channel attention; a click on a point opens its window."""

import numpy as np
import plotly.graph_objects as go

from cbam_viz.analysis.plane import PlaneTrace
from cbam_viz.figures.style import LIGHT, Palette, frame
from cbam_viz.language import _

HEIGHT = 460
LEGEND_ROW = 22
NAMES_A_ROW = 5


def plot_plane(trace: PlaneTrace, palette: Palette = LIGHT) -> go.Figure:
    """Draw one point a window, coloured and shaped by class.

    The ``customdata`` of a point begins with the number of its recording, from 0, and of its window in it, from 1.
    """
    figure = go.Figure()
    for number, name in enumerate(trace.classes):
        own = np.flatnonzero(trace.label == number)
        colour, symbol = palette.mark(number)
        figure.add_trace(
            go.Scatter(
                x=trace.place[own, 0].astype(np.float32),
                y=trace.place[own, 1].astype(np.float32),
                name=name,
                mode="markers",
                marker={
                    "color": colour,
                    "symbol": symbol,
                    "size": 8,
                    "opacity": 0.75,
                    "line": {"width": 0.5, "color": palette.background},
                },
                selected={"marker": {"opacity": 0.75}},
                unselected={"marker": {"opacity": 0.75}},
                customdata=[
                    [
                        int(trace.member[point]),
                        int(trace.window[point]),
                        trace.names[trace.member[point]],
                        trace.known[trace.predicted[point]],
                    ]
                    for point in own
                ],
                hovertemplate="%{customdata[2]}<br>"
                + _("window {window}, class {name}<br>the network names it: {named}").format(
                    window="%{customdata[1]}", name=name, named="%{customdata[3]}"
                )
                + "<extra></extra>",
            )
        )
    rows = -(-len(trace.classes) // NAMES_A_ROW)
    frame(figure, palette, HEIGHT + LEGEND_ROW * rows, top=16 + LEGEND_ROW * rows)
    figure.update_layout(
        hovermode="closest",
        clickmode="event+select",
        dragmode="pan",
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "itemsizing": "constant"},
        xaxis={"title_text": _axis(trace, 0)},
        yaxis={"title_text": _axis(trace, 1), "scaleanchor": "x"},
    )
    return figure


def _axis(trace: PlaneTrace, number: int) -> str:
    """Title of an axis: which component of which gate, with its share of the variance."""
    ordinal = (_("first"), _("second"))[number]
    share = trace.shares[number]
    said = _("{share:.0%} of the variance").format(share=share) if np.isfinite(share) else _("nothing varies")
    return _("M<sub>c</sub> of {block}, {ordinal} component ({said})").format(
        block=trace.block or _("all blocks"), ordinal=ordinal, said=said
    )
