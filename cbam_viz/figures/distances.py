"""Distances between classes: a matrix for the gates, and beside it one for the logits and one for plain numbers."""

import numpy as np
import plotly.graph_objects as go

from cbam_viz.analysis.distances import ClassDistances, DistanceTrace, Ruler
from cbam_viz.analysis.spaces import SpaceName
from cbam_viz.figures.style import LIGHT, Palette, frame
from cbam_viz.language import _

SPACES: dict[SpaceName, str] = {
    "channel": _("channel attention"),
    "spatial": _("spatial attention"),
    "features": _("last features"),
    "logits": _("logits"),
    "envelope": _("plain envelope"),
}
RULERS: dict[Ruler, str] = {
    "spread": _("distance (spreads within a class)"),
    "mean": _("distance (of its mean)"),
    "none": _("1 − cosine (0–2)"),
}
ROW_HEIGHT, LOW_ROW_HEIGHT = 34, 26
TOP, BELOW, GAP = 92, 48, 34
"""In pixels: above the first matrix, below the last, and between two."""
FEW = 6
"""Classes up to which rows are high and numbers are written large."""
LONG = 9.95
"""From here on a number has no decimals, so that neighbours do not touch."""
LIT = 0.66
"""Of the colour scale, from where the page's own colour stands out more than the text's does."""


def plot_distances(trace: DistanceTrace, palette: Palette = LIGHT) -> go.Figure:
    """Draw all matrices below each other on one colour scale, so that a narrow page shows them too."""
    count = len(trace.classes)
    high = 2.0 if trace.measure == "cosine" else max(float(each.values.max()) for each in trace.matrices) or 1.0
    height = (ROW_HEIGHT if count <= FEW else LOW_ROW_HEIGHT) * count
    inner = (height + GAP) * len(trace.matrices) - GAP
    figure = go.Figure()
    for number, matrix in enumerate(trace.matrices):
        figure.add_trace(_heatmap(trace, matrix, palette, number, high, 1 + GAP / inner if number == 0 else None))
        figure.add_trace(_numbers(matrix, palette, number, high))
    frame(figure, palette, inner + TOP + BELOW, top=TOP)
    names = {"tickvals": list(range(count)), "ticktext": list(trace.classes), "showgrid": False, "ticks": ""}
    for number, matrix in enumerate(trace.matrices):
        top = 1 - number * (height + GAP) / inner
        key = "" if number == 0 else str(number + 1)
        figure.update_layout(
            {
                f"xaxis{key}": {
                    **names,
                    "anchor": f"y{key}",
                    "range": [-0.5, count - 0.5],
                    "showticklabels": number == len(trace.matrices) - 1,
                    "autotickangles": [0, -45, -90],
                },
                f"yaxis{key}": {
                    **names,
                    "domain": (max(top - height / inner, 0), top),
                    "anchor": f"x{key}",
                    "range": [count - 0.5, -0.5],
                },
            }
        )
        figure.add_annotation(
            text=f"<b>{_title(trace, matrix)}</b>",
            x=0,
            y=top,
            xref="paper",
            yref="paper",
            xanchor="left",
            yanchor="bottom",
            showarrow=False,
        )
    return figure


def _title(trace: DistanceTrace, matrix: ClassDistances) -> str:
    """Name of a matrix; the gates' says which block."""
    name = SPACES[matrix.space]
    return f"{name}, {trace.block or _('all blocks')}" if matrix.space == "channel" else name


def _heatmap(
    trace: DistanceTrace, matrix: ClassDistances, palette: Palette, number: int, high: float, bar: float | None
) -> go.Heatmap:
    """One matrix; the first has the colour bar, at this height of the paper."""
    key = "" if number == 0 else str(number + 1)
    return go.Heatmap(
        z=np.where(np.eye(len(trace.classes), dtype=bool), np.nan, matrix.values),
        zmin=0,
        zmax=high,
        xaxis=f"x{key}",
        yaxis=f"y{key}",
        colorscale=palette.sequential,
        xgap=1,
        ygap=1,
        customdata=_hover(trace, matrix),
        hovertemplate="%{customdata}<extra></extra>",
        hoverongaps=False,
        showscale=bar is not None,
        colorbar={
            "title": {"text": RULERS[matrix.ruler], "side": "top", "font": {"size": 12}},
            "orientation": "h",
            "thickness": 8,
            "y": bar,
            "yanchor": "bottom",
            "ypad": 0,
            "outlinewidth": 0,
            "nticks": 5,
            "tickfont": {"size": 11, "color": palette.muted},
        },
    )


def _numbers(matrix: ClassDistances, palette: Palette, number: int, high: float) -> go.Scatter:
    """The numbers in the cells, in the ink that stands out from each."""
    key = "" if number == 0 else str(number + 1)
    rows, columns = np.nonzero(~np.eye(len(matrix.values), dtype=bool))
    values = matrix.values[rows, columns]
    return go.Scatter(
        x=columns,
        y=rows,
        xaxis=f"x{key}",
        yaxis=f"y{key}",
        mode="text",
        text=[_short(value, matrix.ruler) for value in values],
        textfont={
            "size": 13 if len(matrix.values) <= FEW else 10,
            "color": [palette.background if value > LIT * high else palette.text for value in values],
        },
        hoverinfo="skip",
    )


def _short(value: float, ruler: Ruler) -> str:
    """A distance with as many digits as a cell of a narrow page has room for."""
    if ruler != "spread":
        return f"{value:.2f}"
    return f"{value:.1f}" if value < LONG else f"{value:.0f}"


def _hover(trace: DistanceTrace, matrix: ClassDistances) -> list[list[str]]:
    """What is said of each cell."""
    told = [
        f"{name} ({_('recordings or specimens')}: {witnesses})"
        for name, (witnesses, *_rest) in zip(trace.classes, trace.counts, strict=True)
    ]
    rows = []
    for row, one in enumerate(told):
        line = []
        for column, other in enumerate(told):
            said = f"{one}<br>{other}<br>{RULERS[matrix.ruler]}: {matrix.values[row, column]:.2f}"
            if matrix.ruler == "spread":
                said += "<br>" + _("about {chance:.2f} where nothing differs").format(
                    chance=trace.by_chance[row, column]
                )
            line.append(said)
        rows.append(line)
    return rows
