"""Figure A: the waveform shaded by one block's M_s, that gate as a step line, a strip for every block, on one axis."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from cbam_viz.analysis.spatial import SpatialTrace, Strip
from cbam_viz.figures.style import LIGHT, WITH_BAR, Palette, frame, wave_title
from cbam_viz.language import _

HEIGHT = 420
STRIP_HEIGHT = 44


def plot_spatial(trace: SpatialTrace, palette: Palette = LIGHT) -> go.Figure:
    """Draw one window's spatial attention."""
    figure = go.Figure()
    height = HEIGHT + STRIP_HEIGHT * len(trace.strips)
    lanes = _lanes(len(trace.strips), height)
    shade_waveform(figure, trace, palette)
    _step(figure, trace, palette)
    for number, strip in enumerate(trace.strips):
        figure.add_trace(
            cells(
                strip,
                palette,
                y=(0.0, 1.0),
                yaxis=f"y{number + 3}",
                customdata=[fields_of(strip)],
                hovertemplate=f"{strip.name} %{{z:.3f}}, {_('sees')} %{{customdata}} {trace.axis.unit}<extra></extra>",
                showscale=number == trace.chosen,
                colorbar=bar_of(strip, trace, palette),
            )
        )
    frame(figure, palette, height, top=34, right=WITH_BAR)
    figure.update_layout(
        {
            "hovermode": "x",
            "hoversubplots": "axis",
            "xaxis": time_axis(trace, palette) | {"anchor": f"y{len(trace.strips) + 2}"},
            "yaxis": {"domain": lanes[0], "title_text": wave_title(trace.unit)},
            "yaxis2": {
                "domain": lanes[1],
                "title_text": "M<sub>s</sub> " + trace.strips[trace.chosen].name,
                "nticks": 4,
            },
        }
        | {
            f"yaxis{number + 3}": {
                "domain": lanes[number + 2],
                "range": [0, 1],
                "tickvals": [0.5],
                "ticktext": [f"<b>{strip.name}</b>" if number == trace.chosen else strip.name],
                "fixedrange": True,
            }
            for number, strip in enumerate(trace.strips)
        }
    )
    mark_strikes(figure, trace, palette)
    return figure


def _lanes(strips: int, height: int) -> list[tuple[float, float]]:
    """Domains of the y axes from top to bottom: waveform, step line, one a strip."""
    inner = height - 34 - 48
    strip, gap = STRIP_HEIGHT * 0.72 / inner, STRIP_HEIGHT * 0.28 / inner
    top = 1 - (strips * (strip + gap)) - 2 * gap
    wave = 0.72 * top
    lanes = [(1 - wave, 1.0), (1 - top, 1 - wave - 2 * gap)]
    floor = 1 - top - 2 * gap
    for _number in range(strips):
        lanes.append((max(floor - strip, 0.0), floor))
        floor -= strip + gap
    return lanes


def time_axis(trace: SpatialTrace, palette: Palette) -> dict[str, Any]:
    """The axis along a window, with a line through every lane where the pointer rests."""
    return {
        "title_text": f"{trace.axis.title} ({trace.axis.unit})",
        "range": [trace.strips[0].edges[0], trace.strips[0].edges[-1]],
        "showspikes": True,
        "spikemode": "across",
        "spikethickness": 1,
        "spikecolor": palette.muted,
        "spikedash": "solid",
        "hoverformat": ".1f",
    }


def shade_waveform(figure: go.Figure, trace: SpatialTrace, palette: Palette) -> None:
    """Put the chosen gate's shading behind the line of the signal."""
    middle = float(trace.waveform.mean())  # sensors may carry an offset much larger than what they measure
    reach = 1.08 * float(np.abs(trace.waveform - middle).max()) or 1.0
    ends = (middle - reach, middle + reach)
    chosen = trace.strips[trace.chosen]
    figure.add_trace(cells(chosen, palette, y=ends, hoverinfo="skip", showscale=False, opacity=0.6))
    figure.add_trace(
        go.Scatter(
            x=trace.place.astype(np.float32),
            y=trace.waveform.astype(np.float32),
            mode="lines",
            line={"color": palette.line, "width": 1},
            hovertemplate=f"%{{y:.3g}} {trace.unit}<extra></extra>",
        )
    )
    figure.update_layout(yaxis_range=ends)


def _step(figure: go.Figure, trace: SpatialTrace, palette: Palette) -> None:
    """Draw the chosen gate as a step a cell wide, over the dashed line of what is usual."""
    strip = trace.strips[trace.chosen]
    figure.add_trace(
        go.Scatter(
            x=((strip.edges[:-1] + strip.edges[1:]) / 2).astype(np.float32),
            y=strip.gate,
            mode="lines",
            line={"color": palette.accent, "width": 1.6, "shape": "hvh"},
            yaxis="y2",
            customdata=fields_of(strip),
            hovertemplate=f"M<sub>s</sub> %{{y:.3f}}, {_('sees')} %{{customdata}} {trace.axis.unit}<extra></extra>",
        )
    )
    figure.add_hline(strip.usual, line={"color": palette.muted, "width": 1, "dash": "dash"}, yref="y2")


def cells(strip: Strip, palette: Palette, **more: Any) -> go.Heatmap:
    """One block's gate as cells, each one stride wide at the centre of its receptive field."""
    return go.Heatmap(
        x=strip.edges.astype(np.float32),
        z=strip.gate[None],
        zmin=strip.low,
        zmax=strip.high,
        colorscale=palette.sequential,
        **more,
    )


def bar_of(strip: Strip, trace: SpatialTrace, palette: Palette) -> dict[str, Any]:
    """The colour bar of the chosen block, which says what its range is."""
    words = {"usual": _("usual range"), "unit": "0–1", "map": _("this map")}[trace.scale]
    return {
        "title": {"text": f"M<sub>s</sub> {strip.name}, {words}", "side": "right", "font": {"size": 12}},
        "thickness": 8,
        "len": 0.34,
        "y": 0.0,
        "yanchor": "bottom",
        "x": 1.01,
        "outlinewidth": 0,
        "tickvals": [strip.low, strip.high],
        "ticktext": [f"{strip.low:.2f}", f"{strip.high:.2f}"],
        "tickfont": {"size": 11, "color": palette.muted},
    }


def fields_of(strip: Strip) -> list[str]:
    """What each position sees, from and to."""
    return [f"{low:.1f}–{high:.1f}" for low, high in zip(strip.field_low, strip.field_high, strict=True)]


def mark_strikes(
    figure: go.Figure,
    trace: SpatialTrace,
    palette: Palette,
    xaxis: str = "x",
    left: float = 0,
    top: float = 1,
    lift: float = 1.0,
) -> None:
    """Tick the true impacts above the waveform, or else the fault's period, and say which it is.

    Parameters
    ----------
    xaxis : the ticks stand on.
    left, top : where on the paper the words begin and what they stand on, 0 to 1.
    lift : how far above that they stand, as a multiple of what Figure A has.
    """
    if trace.impacts is not None:
        places, colour, said = (
            trace.impacts,
            palette.accent,
            _("true impacts: {count}").format(count=len(trace.impacts)),
        )
    elif trace.line is not None:
        places, colour = trace.strikes, palette.opposite
        said = f"1/{trace.line.name} = {trace.line.period:.2f} {trace.axis.unit}"
    else:
        return
    figure.add_shape(
        type="path",
        path=" ".join(f"M{place:.4f},{top + 0.005 * lift}V{top + 0.03 * lift}" for place in places),
        xref=xaxis,
        yref="paper",
        line={"color": colour, "width": 1.5},
    )
    figure.add_annotation(
        text=said,
        x=left,
        xref="paper",
        xanchor="left",
        y=top + 0.035 * lift,
        yref="paper",
        yanchor="bottom",
        showarrow=False,
        font={"color": colour, "size": 12},
    )
