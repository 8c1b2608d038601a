"""Before | after edits on one scale: the signal and the chosen gate over each other, strips in pairs, probabilities."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import plotly.graph_objects as go

from cbam_viz.analysis.tryout import TryoutTrace
from cbam_viz.figures.pair import AXIS, GAP, stack_lanes
from cbam_viz.figures.spatial import bar_of, cells, fields_of, mark_strikes, time_axis
from cbam_viz.figures.style import LIGHT, WITH_BAR, Palette, frame, wave_title
from cbam_viz.language import _, percent

WAVE_HEIGHT, STEP_HEIGHT, STRIPS_HEIGHT, CLASS_HEIGHT = 190, 96, 40, 34
TOP, BOTTOM = 34, 48


def plot_tryout(trace: TryoutTrace, palette: Palette = LIGHT) -> go.Figure:
    """Draw one window as it is and as it was edited; a box drawn over it is a span of time."""
    strips, classes = trace.before.strips, len(trace.classes)
    heights = [WAVE_HEIGHT, STEP_HEIGHT, *[STRIPS_HEIGHT] * len(strips), CLASS_HEIGHT * classes]
    gaps = [*[GAP] * (len(strips) + 1), AXIS]
    inner = sum(heights) + sum(gaps)
    figure = go.Figure(layout=_axes(trace, palette, stack_lanes(heights, gaps)))  # at once: each update costs as much
    figure.add_traces([*_curves(trace, palette), *_strips(trace, palette), *_bars(trace, palette)])
    frame(figure, palette, inner + TOP + BOTTOM, top=TOP, right=WITH_BAR)
    for low, high in trace.masked:
        _hatch(figure, low, high, palette)
    mark_strikes(figure, trace.after, palette, lift=0.6)
    return figure


def _curves(trace: TryoutTrace, palette: Palette) -> Iterator[go.Scatter]:
    """The signal and the chosen gate, before behind after."""
    for side, told in ((trace.before, _("before")), (trace.after, _("after"))):
        new, strip = side is trace.after, side.strips[side.chosen]
        colour, dash = (palette.line, "solid") if new else (palette.muted, "dot")
        yield go.Scatter(
            x=side.place.astype(np.float32),
            y=side.waveform.astype(np.float32),
            mode="lines",
            line={"color": colour, "width": 1, "dash": dash},
            hovertemplate=f"{told} %{{y:.3g}} {side.unit}<extra></extra>",
        )
        yield go.Scatter(
            x=((strip.edges[:-1] + strip.edges[1:]) / 2).astype(np.float32),
            y=strip.gate,
            yaxis="y2",
            mode="lines",
            line={"color": palette.accent if new else colour, "width": 1.6, "shape": "hvh", "dash": dash},
            customdata=fields_of(strip),
            hovertemplate=(
                f"{told} M<sub>s</sub> %{{y:.3f}}, {_('sees')} %{{customdata}} {side.axis.unit}<extra></extra>"
            ),
        )


def _strips(trace: TryoutTrace, palette: Palette) -> Iterator[go.Heatmap]:
    """A strip for every block, before above after."""
    for side, lane, told in ((trace.before, (1.05, 2.0), _("before")), (trace.after, (0.0, 0.95), _("after"))):
        for number, strip in enumerate(side.strips):
            with_bar = side is trace.after and number == side.chosen
            yield cells(
                strip,
                palette,
                y=lane,
                yaxis=f"y{number + 3}",
                customdata=[fields_of(strip)],
                hovertemplate=(
                    f"{strip.name} {told} %{{z:.3f}}, {_('sees')} %{{customdata}} {side.axis.unit}<extra></extra>"
                ),
                showscale=with_bar,
                colorbar=bar_of(strip, side, palette) | {"y": 1.0, "yanchor": "top"} if with_bar else None,
            )


def _bars(trace: TryoutTrace, palette: Palette) -> Iterator[go.Bar]:
    """Probabilities in pairs of bars."""
    places = np.arange(len(trace.classes))
    before = {"color": palette.spread, "line": {"color": palette.muted, "width": 1}}
    after = {"color": palette.accent, "line_width": 0}
    for shares, offset, told, look in (
        (trace.before_share, -0.2, _("before"), before),
        (trace.after_share, 0.2, _("after"), after),
    ):
        yield go.Bar(
            x=shares,
            y=places + offset,
            orientation="h",
            width=0.36,
            xaxis="x2",
            yaxis=f"y{len(trace.before.strips) + 3}",
            marker=look,
            text=[f" {percent(value)} {told}" for value in shares],
            textposition="outside",
            constraintext="none",
            textfont={"color": palette.text, "size": 12},
            cliponaxis=False,
            hovertemplate=f"{told} %{{x:.2%}}<extra></extra>",
        )


def _axes(trace: TryoutTrace, palette: Palette, lanes: list[tuple[float, float]]) -> dict[str, Any]:
    """The layout: an axis for every lane, and one of time for all but the last."""
    side, count = trace.before, len(trace.before.strips)
    low, high = trace.reach
    room = 0.04 * (high - low) or 1.0
    layout = {
        "hovermode": "x",
        "hoversubplots": "axis",
        "bargap": 0,
        "dragmode": "select",
        "selectdirection": "h",
        "newselection": {"line": {"color": palette.opposite, "width": 1.5, "dash": "dash"}},
        "activeselection": {"fillcolor": palette.opposite, "opacity": 0.15},
        "xaxis": time_axis(side, palette) | {"anchor": f"y{count + 2}"},
        "yaxis": {"domain": lanes[0], "title_text": wave_title(side.unit), "range": [low - room, high + room]},
        "yaxis2": {"domain": lanes[1], "title_text": "M<sub>s</sub> " + side.strips[side.chosen].name, "nticks": 4},
        "xaxis2": {
            "anchor": f"y{count + 3}",
            "title_text": _("probability"),
            "range": [0, 1.12],
            "tickvals": [0, 0.25, 0.5, 0.75, 1],
            "tickformat": ".0%",
            "fixedrange": True,
        },
        f"yaxis{count + 3}": {
            "domain": lanes[-1],
            "anchor": "x2",
            "range": [len(trace.classes) - 0.5, -0.5],
            "tickvals": list(range(len(trace.classes))),
            "ticktext": list(trace.classes),
            "fixedrange": True,
        },
    }
    for number, strip in enumerate(side.strips):
        named = _("{block} before").format(block=strip.name)
        layout[f"yaxis{number + 3}"] = {
            "domain": lanes[number + 2],
            "range": [0, 2],
            "tickvals": [1.5, 0.5],
            "ticktext": [f"<b>{named}</b>" if number == side.chosen else named, _("after")],
            "fixedrange": True,
        }
    return layout


def _hatch(figure: go.Figure, low: float, high: float, palette: Palette) -> None:
    """Shade and hatch a masked span of the signal; both ends are drawn, so it is seen without colour."""
    bottom, top = figure.layout.yaxis.range
    figure.add_trace(
        go.Scatter(
            x=[low, high, high, low, low],
            y=[bottom, bottom, top, top, bottom],
            mode="lines",
            line={"color": palette.opposite, "width": 1},
            fill="toself",
            fillpattern={"shape": "/", "fgcolor": palette.opposite, "fgopacity": 0.5, "size": 7, "solidity": 0.15},
            hoverinfo="skip",
        )
    )
