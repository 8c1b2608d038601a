"""A gate under the waveform, and under it what other methods say of the same class, block and window."""

import numpy as np
import plotly.graph_objects as go

from cbam_viz.analysis.methods import MethodsTrace, MethodStrip
from cbam_viz.analysis.orders import INTEGRATED, LOUDNESS, OCCLUSION
from cbam_viz.figures.spatial import bar_of, cells, fields_of, mark_strikes, shade_waveform
from cbam_viz.figures.style import LIGHT, WITH_BAR, Palette, frame, wave_title
from cbam_viz.language import _, digits

WAVE, LANE, GAP, TOP, BOTTOM = 190, 36, 10, 34, 48
"""Heights in pixels."""
CELL = 46
"""Height in pixels of a row of the table of correlations."""


def word_of(order: str, broken: bool = False) -> str:
    """What a map is called on screen; broken into two lines where it is long."""
    if order == INTEGRATED:
        words = _("integrated gradients")
    elif order == LOUDNESS:
        words = _("envelope |x|")
    elif order == OCCLUSION:
        words = _("occlusion")
    elif " " in order and order.split(maxsplit=1)[0] in {"Grad-CAM", "HiResCAM"}:
        words = order.split(maxsplit=1)[0]
    else:
        words = f"M<sub>s</sub> {order}"
    return words.replace(" ", "<br>") if broken and order == INTEGRATED else words


def plot_methods(trace: MethodsTrace, palette: Palette = LIGHT) -> go.Figure:
    """Draw the gate on its usual range, and the signed maps, each as a share of its own largest magnitude."""
    figure, spatial = go.Figure(), trace.spatial
    gate, rows = spatial.strips[spatial.chosen], 1 + len(trace.strips)
    height = TOP + WAVE + rows * (LANE + GAP) + BOTTOM
    shade_waveform(figure, spatial, palette)
    figure.add_trace(
        cells(
            gate,
            palette,
            y=(0.0, 1.0),
            yaxis="y2",
            customdata=[fields_of(gate)],
            hovertemplate=f"M<sub>s</sub> %{{z:.3f}}, {_('sees')} %{{customdata}} {spatial.axis.unit}<extra></extra>",
            showscale=True,
            colorbar=bar_of(gate, spatial, palette) | {"len": 0.42, "y": 1.0, "yanchor": "top"},
        )
    )
    for number, strip in enumerate(trace.strips):
        figure.add_trace(_signed(strip, palette, f"y{number + 3}", shown=number == 0))
    frame(figure, palette, height, top=TOP, right=WITH_BAR)
    inner = WAVE + rows * (LANE + GAP)
    figure.update_layout(
        hovermode="x",
        hoversubplots="axis",
        xaxis={
            "title_text": f"{spatial.axis.title} ({spatial.axis.unit})",
            "anchor": f"y{rows + 1}",
            "range": [gate.edges[0], gate.edges[-1]],
            "hoverformat": ".1f",
        },
        yaxis={"domain": [1 - WAVE / inner, 1], "title_text": wave_title(spatial.unit)},
    )
    names = [f"<b>{word_of(trace.orders[0])}</b>", *(word_of(strip.order, broken=True) for strip in trace.strips)]
    for number, name in enumerate(names):
        floor = max(1 - (WAVE + (number + 1) * (LANE + GAP)) / inner, 0.0)
        lane = {"domain": [floor, floor + LANE / inner], "range": [0, 1], "fixedrange": True}
        figure.update_layout({f"yaxis{number + 2}": lane | {"tickvals": [0.5], "ticktext": [name]}})
    mark_strikes(figure, spatial, palette)
    return figure


def _signed(strip: MethodStrip, palette: Palette, yaxis: str, shown: bool) -> go.Heatmap:
    """One map, over its own largest magnitude; the scale of colours, which all maps share, is shown once."""
    return go.Heatmap(
        x=strip.edges.astype(np.float32),
        y=(0.0, 1.0),
        z=(strip.values / (strip.largest or 1.0)).astype(np.float32)[None],
        zmin=-1,
        zmax=1,
        colorscale=palette.diverging,
        yaxis=yaxis,
        customdata=strip.values.astype(np.float32)[None],
        hovertemplate=f"{word_of(strip.order)} %{{z:.2f}} (%{{customdata:.2g}})<extra></extra>",
        showscale=shown,
        colorbar={
            "title": {"text": _("share of its own largest"), "side": "right", "font": {"size": 12}},
            "thickness": 8,
            "len": 0.5,
            "y": 0.0,
            "yanchor": "bottom",
            "x": 1.01,
            "outlinewidth": 0,
            "tickvals": [-1, 0, 1],
            "ticktext": [_("−1 against"), "0", _("+1 for")],
            "tickfont": {"size": 11, "color": palette.muted},
        },
    )


def plot_agreement(trace: MethodsTrace, palette: Palette = LIGHT) -> go.Figure:
    """Draw the rank correlation of every two maps, each number in its cell."""
    words = [word_of(order) for order in trace.orders]
    numbers = trace.correlation
    figure = go.Figure(
        go.Heatmap(
            x=words,
            y=words,
            z=numbers.astype(np.float32),
            zmin=-1,
            zmax=1,
            colorscale=palette.diverging,
            text=[["–" if np.isnan(each) else digits(float(each), ".2f") for each in row] for row in numbers],
            texttemplate="%{text}",
            xgap=2,
            ygap=2,
            hovertemplate="%{y}, %{x}: %{text}<extra></extra>",
            showscale=False,
        )
    )
    frame(figure, palette, TOP + CELL * len(words) + 2 * BOTTOM, top=TOP)
    figure.update_layout(
        xaxis={"title_text": _("rank correlation over {count} segments").format(count=trace.segments), "ticks": ""},
        yaxis={"autorange": "reversed", "ticks": "", "title_text": _("map")},
    )
    return figure
