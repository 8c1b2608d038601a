"""Aligned gates: a row a class on one axis and one scale, each with what could refute it."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from cbam_viz.analysis.aligned import AlignedTrace
from cbam_viz.analysis.aligned_class import AlignedClass
from cbam_viz.figures.style import LIGHT, WITH_BAR, Palette, frame, write_above
from cbam_viz.language import _

ROW_HEIGHT = 120
AROUND = 112
BELOW = 40
"""From the lowest row to the legend, in pixels."""
GAP = 26
"""Between two rows, in pixels."""
TITLES = {
    "impacts": _("time after an impact (ms)"),
    "period": _("fault periods after the envelope's crest"),
    "trigger": _("time since the pulse (µs)"),
}
BY_CHANCE = {"impacts": _("random triggers"), "period": _("wrong periods"), "trigger": _("moved in time")}


def plot_aligned(trace: AlignedTrace, palette: Palette = LIGHT) -> go.Figure:
    """Draw M_s of every class with its flattened gate, random triggers and another class's gate behind it."""
    figure, rows = go.Figure(), len(trace.classes)
    inner = rows * ROW_HEIGHT
    low, high = _ends(trace)
    for number, curve in enumerate(trace.classes):
        axis = f"y{number + 1}" if number else "y"
        _row(figure, trace, curve, palette, axis)
        top = 1 - number * ROW_HEIGHT / inner
        figure.update_layout(
            {
                f"yaxis{number + 1 if number else ''}": {
                    "domain": [max(top - (ROW_HEIGHT - GAP) / inner, 0), top],
                    "range": [low, high],
                    "nticks": 4,
                    "title": {"text": "M<sub>s</sub>"},
                }
            }
        )
        write_above(figure, f"<b>{curve.words}</b> · {_of(curve, trace.by == 'trigger')}", y=top)
    frame(figure, palette, inner + AROUND, top=28, right=WITH_BAR)
    figure.update_layout(
        hovermode="x unified",
        hoversubplots="axis",
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": -BELOW / inner, "yanchor": "top"},
    )
    _name_once(figure)
    figure.update_xaxes(title_text=TITLES[trace.by], anchor=f"y{rows}" if rows > 1 else "y")
    if trace.by != "period":
        figure.add_shape(
            type="line", x0=0, x1=0, y0=0, y1=1, yref="paper", layer="below", line={"color": palette.grid, "width": 1}
        )
    return figure


def _row(figure: go.Figure, trace: AlignedTrace, curve: AlignedClass, palette: Palette, axis: str) -> None:
    """One class: grey where chance lies, tinted where recordings do, and the lines."""
    by_chance = BY_CHANCE[trace.by]
    figure.add_trace(_area(trace.place, curve.low, curve.high, palette.spread, by_chance, axis))
    if curve.witnesses > 1:
        low, high = curve.mean - curve.spread, curve.mean + curve.spread
        figure.add_trace(_area(trace.place, low, high, _tint(palette), _("± spread of recordings"), axis))
    lines = (
        (curve.other, palette.opposite, "dot", _("gate of another class")),
        (curve.flat, palette.muted, "dash", _("gate held at its mean")),
        (curve.mean, palette.accent, "solid", _("as it is")),
    )
    for values, colour, dash, name in lines:
        figure.add_trace(
            go.Scatter(
                x=trace.place,
                y=values,
                mode="lines",
                line={"color": colour, "width": 2 if dash == "solid" else 1.4, "dash": dash, "shape": "hvh"},
                name=name,
                legendgroup=name,
                yaxis=axis,
                hovertemplate="%{y:.3f}",
            )
        )


def _name_once(figure: go.Figure) -> None:
    """Name each kind of line and band in the legend by the first row that has it."""
    named: set[str] = set()
    for each in figure.data:
        each.showlegend = each.name not in named
        named.add(each.name)


def _area(
    place: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    colour: str,
    name: str,
    axis: str,
) -> go.Scatter:
    """A band between two curves."""
    return go.Scatter(
        x=np.concatenate([place, place[::-1]]),
        y=np.concatenate([high, low[::-1]]),
        mode="lines",
        line={"width": 0, "shape": "hvh"},
        fill="toself",
        fillcolor=colour,
        name=name,
        legendgroup=name,
        yaxis=axis,
        hoverinfo="skip",
    )


def _tint(palette: Palette) -> str:
    """The accent, faint."""
    red, green, blue = (int(palette.accent[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.22)"


def _of(curve: AlignedClass, is_fixed: bool) -> str:
    """What a curve was averaged over."""
    recordings = _("1 recording") if curve.recordings == 1 else _("{count} recordings").format(count=curve.recordings)
    if is_fixed:
        return _("1 response") if curve.triggers == 1 else _("{count} responses").format(count=curve.triggers)
    said = _("{triggers} triggers in {recordings}").format(triggers=curve.triggers, recordings=recordings)
    return said + (_(" · too coarse for the period") if curve.too_coarse else "")


def _ends(trace: AlignedTrace) -> tuple[float, float]:
    """Of every row: the block's usual range, and beyond it only as far as a curve goes."""
    drawn = np.concatenate([part for each in trace.classes for part in (each.mean, each.flat, each.other)])
    filled = drawn[np.isfinite(drawn)]
    low, high = min(trace.usual[0], *filled), max(trace.usual[1], *filled)
    return low - 0.03 * (high - low), high + 0.03 * (high - low)
