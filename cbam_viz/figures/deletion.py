"""Deletion and insertion: the probability of the class while segments are masked or shown, over what chance gives."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from cbam_viz.analysis.deletion import KINDS, DeletionTrace, MaskedCurves
from cbam_viz.analysis.orders import LOUDNESS
from cbam_viz.analysis.ranks import BAND
from cbam_viz.figures.methods import word_of
from cbam_viz.figures.style import LIGHT, Palette, frame
from cbam_viz.language import _

HEIGHT = 520
LAST = 2000
"""Rank in the legend of what stands behind the lines; Plotly gives all others 1000."""
HUES = (2, 3, 4, 6)
"""Of the palette's classes, for methods: neither the gate's hue nor the envelope's nor grey."""
DASHES = ("dot", "dash", "dashdot", "9px,3px")


def plot_deletion(trace: DeletionTrace, words: str, orders: Sequence[str], palette: Palette = LIGHT) -> go.Figure:
    """Draw the curves of some orders, the mean over the rounds, above the band of random orders.

    Parameters
    ----------
    words : of the class that is followed.
    orders : which to draw, the gate first.
    """
    said = {"zero": _("by the mean"), "noise": _("by noise")}
    kinds = {"deletion": _("deletion"), "insertion": _("insertion")}
    titles = [f"{kinds[kind]}, {said[curves.mask]}" for curves in trace.curves for kind in KINDS]
    figure = make_subplots(
        rows=len(trace.curves),
        cols=len(KINDS),
        shared_xaxes=True,
        shared_yaxes=True,
        horizontal_spacing=0.06,
        vertical_spacing=0.1,
        subplot_titles=titles,
    )
    for row, curves in enumerate(trace.curves, 1):
        for column, kind in enumerate(KINDS, 1):
            lines = [*_chance(curves, kind, palette), *_named(trace, curves, kind, orders, palette)]
            for line in lines:
                line.update(showlegend=row == column == 1 and line.showlegend is not False)
                figure.add_trace(line, row, column)
    frame(figure, palette, HEIGHT, top=72)
    figure.update_annotations(font={"size": 13, "color": palette.text})
    figure.update_xaxes(range=[0, 100])
    figure.update_yaxes(range=[0, 1.02])
    figure.update_xaxes(title_text=_("most relevant<br>masked (%)"), row=len(trace.curves), col=1)
    figure.update_xaxes(title_text=_("most relevant<br>shown (%)"), row=len(trace.curves), col=2)
    figure.update_yaxes(title_text=_("probability of {name}").format(name=words), col=1)
    figure.update_layout(
        showlegend=True,
        hovermode="x unified",
        legend={"orientation": "h", "x": 0, "y": 1.08, "yanchor": "bottom", "traceorder": "normal"},
    )
    return figure


def _chance(curves: MaskedCurves, kind: str, palette: Palette) -> list[go.Scatter]:
    """The band of random orders, and their mean."""
    random = curves.random if kind == "deletion" else curves.random[:, ::-1]
    share = (100 * curves.share).astype(np.float32)
    low, high = np.quantile(random, BAND, axis=0, method="weibull").astype(np.float32)
    plain = {"mode": "lines", "hoverinfo": "skip"}
    return [
        go.Scatter(x=share, y=low, line={"width": 0}, showlegend=False, **plain),
        go.Scatter(
            x=share,
            y=high,
            line={"width": 0},
            fill="tonexty",
            fillcolor=palette.spread,
            name=_("random orders, 95 %"),
            legendrank=LAST,
            **plain,
        ),
        go.Scatter(
            x=share,
            y=random.mean(axis=0),
            mode="lines",
            line={"color": palette.muted, "width": 1},
            name=_("mean of random orders"),
            legendrank=LAST,
            hovertemplate="%{y:.2f}",
        ),
    ]


def _named(
    trace: DeletionTrace, curves: MaskedCurves, kind: str, orders: Sequence[str], palette: Palette
) -> list[go.Scatter]:
    """A line an order: the gate full, the envelope in the other hue, the rest told apart by hue and dash."""
    found = dict(zip(trace.orders, curves.deletion if kind == "deletion" else curves.insertion, strict=True))
    lines = []
    for number, order in enumerate(orders):
        hue = palette.classes[HUES[number % len(HUES)]]
        colour = palette.accent if not number else palette.opposite if order == LOUDNESS else hue
        dash = "solid" if not number or order == LOUDNESS else DASHES[number % len(DASHES)]
        lines.append(
            go.Scatter(
                x=(100 * curves.share).astype(np.float32),
                y=found[order].mean(axis=0),
                mode="lines",
                line={"color": colour, "width": 1.6 if number else 2.6, "dash": dash},
                name=word_of(order),
                hovertemplate="%{y:.2f}",
            )
        )
    return lines
