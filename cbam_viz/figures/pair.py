"""A | B: Figure A of two signals on shared scales, and below it how their channel attention differs.

The two stand beside each other, or one above the other where a page is too narrow for that.
"""

from textwrap import wrap
from typing import Any

import numpy as np
import plotly.graph_objects as go

from cbam_viz.analysis.pair import PairTrace
from cbam_viz.figures.channels import kilohertz
from cbam_viz.figures.spatial import bar_of, cells, fields_of, mark_strikes, time_axis
from cbam_viz.figures.style import LIGHT, WITH_BAR, Palette, add_bars, frame, wave_title, write_above
from cbam_viz.language import _, digits

WAVE_HEIGHT = 170
STEP_HEIGHT = 80
STRIP_HEIGHT = 32
BARS_HEIGHT = 150
TOP, BOTTOM, GAP, AXIS, NEXT = 60, 66, 14, 80, 66
LINE = 18
COLUMNS = ((0.0, 0.465), (0.535, 1.0))
BAR = (0.34, 0.2)
"""Length of the colour bar beside each other, and one above the other."""
WHOLE = ((0.0, 1.0), (0.0, 1.0))
MOST_LABELS = 24
MOST_LETTERS = 50
"""Of a line of words, so that it fits a narrow page."""
MOST_BELOW = 15
"""Letters of a line below one column there."""


def plot_pair(trace: PairTrace, palette: Palette = LIGHT, stacked: bool = False) -> go.Figure:
    """Draw A beside B, or above it; every lane has one scale, and zooming one in time zooms the other.

    Parameters
    ----------
    trace : of both.
    palette : of the theme.
    stacked : whether A stands above B, each as wide as the page.
    """
    heights = [WAVE_HEIGHT, STEP_HEIGHT, *[STRIP_HEIGHT] * len(trace.sides[0].strips)]
    gaps = [GAP] * (len(heights) - 1)
    if stacked:
        heights, gaps = heights * 2, [*gaps, NEXT, *gaps]
    heights, gaps = [*heights, BARS_HEIGHT], [*gaps, AXIS]
    inner = sum(heights) + sum(gaps)
    lanes = stack_lanes(heights, gaps)
    figure = go.Figure()
    for side in (0, 1):
        _column(figure, trace, palette, side, stacked)
    _bars(figure, trace, palette)
    named = [line for side in (0, 1) for line in _named(trace, side)]
    top = TOP + LINE * len(named)
    frame(figure, palette, inner + top + BOTTOM, top=top, right=WITH_BAR)
    _axes(figure, trace, palette, lanes, stacked)
    for side, (left, _right) in enumerate(WHOLE if stacked else COLUMNS):
        upper = lanes[len(lanes) // 2][1] if stacked and side == 1 else 1.0
        mark_strikes(figure, trace.sides[side], palette, ("x", "x2")[side], left, upper, lift=0.35 if stacked else 0.7)
        write_above(figure, f"<b>{'AB'[side]}</b>", left, upper, shift=32)
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


def stack_lanes(heights: list[int], gaps: list[int]) -> list[tuple[float, float]]:
    """Domains of lanes of these heights in pixels, from top to bottom, with these gaps between them."""
    inner = float(sum(heights) + sum(gaps))
    lanes, top = [], inner
    for height, gap in zip(heights, [*gaps, 0], strict=True):
        lanes.append((max(top - height, 0) / inner, top / inner))
        top -= height + gap
    return lanes


def _axis(trace: PairTrace, side: int, lane: int, stacked: bool) -> str:
    """Axis of a lane, 0 for the waveform: beside each other both sides share it, but for waveforms in two units."""
    shared = side == 0 or (not stacked and (lane > 0 or trace.one_unit))
    number = lane + 1 if shared else len(trace.sides[0].strips) + 4 + lane
    return f"y{number}" if number > 1 else "y"


def _ends(trace: PairTrace, side: int) -> tuple[float, float]:
    """Range of the axis of a waveform."""
    low, high = trace.reach(side)
    room = 0.04 * (high - low) or 1.0
    return low - room, high + room


def _column(figure: go.Figure, trace: PairTrace, palette: Palette, side: int, stacked: bool) -> None:
    """Waveform over the chosen gate's shading, that gate as a step, and a strip for every block."""
    spatial, xaxis = trace.sides[side], ("x", "x2")[side]
    wave, step, *below = (_axis(trace, side, lane, stacked) for lane in range(len(spatial.strips) + 2))
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
            yaxis=step,
            mode="lines",
            line={"color": palette.accent, "width": 1.6, "shape": "hvh"},
            customdata=fields_of(chosen),
            hovertemplate=f"M<sub>s</sub> %{{y:.3f}}, {_('sees')} %{{customdata}} {unit}<extra></extra>",
        )
    )
    figure.add_hline(chosen.usual, line={"color": palette.muted, "width": 1, "dash": "dash"}, xref=xaxis, yref=step)
    for number, (strip, lane) in enumerate(zip(spatial.strips, below, strict=True)):
        figure.add_trace(
            cells(
                strip,
                palette,
                y=(0.0, 1.0),
                xaxis=xaxis,
                yaxis=lane,
                customdata=[fields_of(strip)],
                hovertemplate=f"{strip.name} %{{z:.3f}}, {_('sees')} %{{customdata}} {unit}<extra></extra>",
                showscale=side == (0 if stacked else 1) and number == spatial.chosen,
                colorbar=bar_of(strip, spatial, palette) | {"y": 1.0, "yanchor": "top", "len": BAR[stacked]},
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


def _axes(
    figure: go.Figure, trace: PairTrace, palette: Palette, lanes: list[tuple[float, float]], stacked: bool
) -> None:
    """Give every lane its axis; the two axes of time move together."""
    left = trace.sides[0]
    time = time_axis(left, palette)
    if not stacked:
        time["title_text"] = "<br>".join(wrap(time["title_text"], MOST_BELOW))
    domains, lowest = WHOLE if stacked else COLUMNS, len(left.strips) + 1
    figure.update_layout(
        hovermode="x",
        hoversubplots="axis",
        barmode="overlay",
        bargap=0,
        xaxis={**time, "domain": domains[0], "anchor": _axis(trace, 0, lowest, stacked)},
        xaxis2={**time, "domain": domains[1], "anchor": _axis(trace, 1, lowest, stacked), "matches": "x"},
    )
    if stacked:  # one axis below serves both
        figure.update_layout(xaxis={"title_text": None, "showticklabels": False, "ticks": ""})
    of_side = len(lanes) // 2
    _lane_axes(figure, trace, 0, lanes, stacked)
    _lane_axes(figure, trace, 1, lanes[of_side:] if stacked else lanes, stacked)
    _bar_axes(figure, trace, palette, lanes[-1])


def _lane_axes(figure: go.Figure, trace: PairTrace, side: int, lanes: list[tuple[float, float]], stacked: bool) -> None:
    """The axes of waveform, step and strips of one side; what both sides share is set twice alike."""
    spatial = trace.sides[side]
    chosen = spatial.strips[spatial.chosen]
    axes: list[dict[str, Any]] = [
        {"title_text": wave_title(spatial.unit), "range": _ends(trace, side)},
        {"title_text": "M<sub>s</sub> " + chosen.name, "nticks": 4, "range": _gate_ends(trace)},
    ]
    for strip in spatial.strips:
        named = f"<b>{strip.name}</b>" if strip is chosen else strip.name
        axes.append({"range": [0, 1], "tickvals": [0.5], "ticktext": [named], "fixedrange": True})
    for lane, (axis, domain) in enumerate(zip(axes, lanes, strict=False)):
        own = _axis(trace, side, lane, stacked)
        anchor = {"anchor": "x2"} if own != _axis(trace, 0, lane, stacked) else {}
        figure.update_layout({f"yaxis{own[1:]}": {**axis, "domain": domain, **anchor}})


def _gate_ends(trace: PairTrace) -> tuple[float, float]:
    """Range of the steps: what the chosen gate reaches on either side, and its usual mean."""
    chosen = [spatial.strips[spatial.chosen] for spatial in trace.sides]
    low = min(min(float(strip.gate.min()), strip.usual) for strip in chosen)
    high = max(max(float(strip.gate.max()), strip.usual) for strip in chosen)
    room = 0.05 * (high - low) or 0.05
    return low - room, high + room


def _bar_axes(figure: go.Figure, trace: PairTrace, palette: Palette, lane: tuple[float, float]) -> None:
    """The axes of the bars."""
    axis = f"y{len(trace.sides[0].strips) + 3}"
    step = max(1, -(-len(trace.channel) // MOST_LABELS))
    figure.update_layout(
        {
            "xaxis3": {
                "anchor": axis,
                "title_text": _("channels of {block}, by frequency<br>label: peak frequency (kHz)").format(
                    block=trace.block
                ),
                "tickvals": list(range(0, len(trace.channel), step)),
                "ticktext": [kilohertz(hertz) for hertz in trace.peak_hz[::step]],
                "range": [-0.6, len(trace.channel) - 0.4],
                "autotickangles": [0, -90],
            },
            f"yaxis{axis[1:]}": {
                "domain": lane,
                "anchor": "x3",
                "title_text": "M<sub>c</sub> A − B",
                "nticks": 6,
            },
        }
    )
    figure.add_hline(0, line={"color": palette.muted, "width": 1}, xref="x3", yref=axis)
