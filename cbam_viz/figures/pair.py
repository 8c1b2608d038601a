"""A | B: Figure A of two signals side by side on shared scales, and below it how their channel attention differs."""

from textwrap import wrap
from typing import Any

import numpy as np
import plotly.graph_objects as go

from cbam_viz.analysis.pair import PairTrace
from cbam_viz.figures.channels import kilohertz
from cbam_viz.figures.spatial import bar_of, cells, fields_of, mark_strikes
from cbam_viz.figures.style import LIGHT, WITH_BAR, Palette, add_bars, frame, wave_title
from cbam_viz.language import _, digits

WAVE_HEIGHT = 170
STEP_HEIGHT = 80
STRIP_HEIGHT = 32
BARS_HEIGHT = 150
TOP, BOTTOM, GAP, AXIS = 60, 66, 14, 80
LINE = 18
COLUMNS = ((0.0, 0.465), (0.535, 1.0))
MOST_LABELS = 24
MOST_LETTERS = 50
"""Of a line of words, so that it fits a narrow page."""
MOST_BELOW = 15
"""Letters of a line below one column there."""


def plot_pair(trace: PairTrace, palette: Palette = LIGHT) -> go.Figure:
    """Draw A on the left and B on the right; every lane has one scale, and zooming one in time zooms the other."""
    strips = trace.sides[0].strips
    heights = [WAVE_HEIGHT, STEP_HEIGHT, *[STRIP_HEIGHT] * len(strips), BARS_HEIGHT]
    inner = sum(heights) + GAP * (len(strips) + 1) + AXIS
    lanes = stack_lanes(heights, inner)
    figure = go.Figure()
    for side in (0, 1):
        _column(figure, trace, palette, side)
    _bars(figure, trace, palette)
    named = [line for side in (0, 1) for line in _named(trace, side)]
    top = TOP + LINE * len(named)
    frame(figure, palette, inner + top + BOTTOM, top=top, right=WITH_BAR)
    _axes(figure, trace, palette, lanes)
    for side, (left, _right) in enumerate(COLUMNS):
        mark_strikes(figure, trace.sides[side], palette, ("x", "x2")[side], left, lift=0.7)
        figure.add_annotation(
            text=f"<b>{'AB'[side]}</b>", x=left, y=1, yshift=32,
            xref="paper", yref="paper", xanchor="left", yanchor="bottom", showarrow=False,
        )  # fmt: skip
    figure.add_annotation(
        text="<br>".join(named), x=0, xshift=-60, y=1, yshift=52,
        xref="paper", yref="paper", xanchor="left", yanchor="bottom", align="left", showarrow=False,
    )  # fmt: skip
    return figure


def _named(trace: PairTrace, side: int) -> list[str]:
    """Which window of which signal stands in a column, in lines that fit a narrow page."""
    said = _("{name}, window {window}, from {start:.3f}\N{NO-BREAK SPACE}s").format(
        name=trace.names[side], window=trace.windows[side], start=trace.start_s[side]
    )
    first, *more = wrap(said, MOST_LETTERS)
    return [f"<b>{'AB'[side]}</b> · {first}", *more]


def stack_lanes(heights: list[int], inner: int) -> list[tuple[float, float]]:
    """Domains of lanes of these heights in pixels, from top to bottom; room for the axis of time before the last."""
    lanes, top = [], float(inner)
    for number, height in enumerate(heights):
        top -= 0 if number == 0 else AXIS if number == len(heights) - 1 else GAP
        lanes.append((max(top - height, 0) / inner, top / inner))
        top -= height
    return lanes


def _wave_axis(trace: PairTrace, side: int) -> str:
    """The axis of a waveform: one for both in one unit."""
    return "y" if side == 0 or trace.one_unit else f"y{len(trace.sides[0].strips) + 4}"


def _ends(trace: PairTrace, side: int) -> tuple[float, float]:
    """Range of the axis of a waveform."""
    low, high = trace.reach(side)
    room = 0.04 * (high - low) or 1.0
    return low - room, high + room


def _column(figure: go.Figure, trace: PairTrace, palette: Palette, side: int) -> None:
    """Waveform over the chosen gate's shading, that gate as a step, and a strip for every block."""
    spatial, xaxis, wave = trace.sides[side], ("x", "x2")[side], _wave_axis(trace, side)
    chosen, unit = spatial.strips[spatial.chosen], spatial.axis.unit
    shading = {"hoverinfo": "skip", "showscale": False, "opacity": 0.6, "xaxis": xaxis, "yaxis": wave}
    figure.add_trace(cells(chosen, palette, y=_ends(trace, side), **shading))
    figure.add_trace(
        go.Scatter(
            x=spatial.place.astype(np.float32),
            y=spatial.waveform.astype(np.float32),
            xaxis=xaxis,
            yaxis=wave,
            mode="lines",
            line={"color": palette.line, "width": 1},
            hovertemplate=f"%{{y:.3g}} {spatial.unit}<extra></extra>",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=((chosen.edges[:-1] + chosen.edges[1:]) / 2).astype(np.float32),
            y=chosen.gate,
            xaxis=xaxis,
            yaxis="y2",
            mode="lines",
            line={"color": palette.accent, "width": 1.6, "shape": "hvh"},
            customdata=fields_of(chosen),
            hovertemplate=f"M<sub>s</sub> %{{y:.3f}}, {_('sees')} %{{customdata}} {unit}<extra></extra>",
        )
    )
    figure.add_hline(chosen.usual, line={"color": palette.muted, "width": 1, "dash": "dash"}, xref=xaxis, yref="y2")
    for number, strip in enumerate(spatial.strips):
        figure.add_trace(
            cells(
                strip,
                palette,
                y=(0.0, 1.0),
                xaxis=xaxis,
                yaxis=f"y{number + 3}",
                customdata=[fields_of(strip)],
                hovertemplate=f"{strip.name} %{{z:.3f}}, {_('sees')} %{{customdata}} {unit}<extra></extra>",
                showscale=side == 1 and number == spatial.chosen,
                colorbar=bar_of(strip, spatial, palette) | {"y": 1.0, "yanchor": "top"},
            )
        )


def _bars(figure: go.Figure, trace: PairTrace, palette: Palette) -> None:
    """The difference of M_c over the band of one standard deviation, by the frequency of the channels."""
    said = [_hover(trace, number) for number in range(len(trace.channel))]
    lane: dict[str, Any] = {"xaxis": "x3", "yaxis": f"y{len(trace.sides[0].strips) + 3}"}
    add_bars(figure, palette, trace.difference, trace.spread, said, **lane)


def _hover(trace: PairTrace, place: int) -> str:
    """What is said of one channel."""
    peak = trace.peak_hz[place]
    listens = _("listens most to {peak:.0f} Hz").format(peak=peak) if peak else _("no sine excites it")
    return _(
        "channel {number}: A − B {difference}<br>two windows of the data set usually differ by {spread:.3f}<br>"
        "{listens}"
    ).format(
        number=trace.channel[place],
        difference=digits(trace.difference[place], "+.3f"),
        spread=trace.spread[place],
        listens=listens,
    )


def _axes(figure: go.Figure, trace: PairTrace, palette: Palette, lanes: list[tuple[float, float]]) -> None:
    """Give every lane its axis; the two axes of time move together."""
    left, right = trace.sides
    strips, chosen = left.strips, left.strips[left.chosen]
    count = len(strips)
    spikes = {
        "showspikes": True,
        "spikemode": "across",
        "spikethickness": 1,
        "spikecolor": palette.muted,
        "spikedash": "solid",
        "hoverformat": ".1f",
    }
    time = {
        "title_text": "<br>".join(wrap(f"{left.axis.title} ({left.axis.unit})", MOST_BELOW)),
        "anchor": f"y{count + 2}",
        "range": [strips[0].edges[0], strips[0].edges[-1]],
        **spikes,
    }
    figure.update_layout(
        hovermode="x",
        hoversubplots="axis",
        barmode="overlay",
        bargap=0,
        xaxis={**time, "domain": COLUMNS[0]},
        xaxis2={**time, "domain": COLUMNS[1], "matches": "x"},
        yaxis={"domain": lanes[0], "title_text": wave_title(left.unit), "range": _ends(trace, 0)},
        yaxis2={"domain": lanes[1], "title_text": "M<sub>s</sub> " + chosen.name, "nticks": 4},
    )
    for number, strip in enumerate(strips):
        named = f"<b>{strip.name}</b>" if number == left.chosen else strip.name
        figure.update_layout(
            {
                f"yaxis{number + 3}": {
                    "domain": lanes[number + 2],
                    "range": [0, 1],
                    "tickvals": [0.5],
                    "ticktext": [named],
                    "fixedrange": True,
                }
            }
        )
    if not trace.one_unit:
        figure.update_layout(
            {
                f"yaxis{count + 4}": {
                    "domain": lanes[0],
                    "anchor": "x2",
                    "title_text": wave_title(right.unit),
                    "range": _ends(trace, 1),
                }
            }
        )
    step = max(1, -(-len(trace.channel) // MOST_LABELS))
    figure.update_layout(
        {
            "xaxis3": {
                "anchor": f"y{count + 3}",
                "title_text": _("channels of {block}, by frequency<br>label: peak frequency (kHz)").format(
                    block=trace.block
                ),
                "tickvals": list(range(0, len(trace.channel), step)),
                "ticktext": [kilohertz(hertz) for hertz in trace.peak_hz[::step]],
                "range": [-0.6, len(trace.channel) - 0.4],
                "autotickangles": [0, -90],
            },
            f"yaxis{count + 3}": {
                "domain": lanes[-1],
                "anchor": "x3",
                "title_text": "M<sub>c</sub> A − B",
                "nticks": 6,
            },
        }
    )
    figure.add_hline(0, line={"color": palette.muted, "width": 1}, xref="x3", yref=f"y{count + 3}")
