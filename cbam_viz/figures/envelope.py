"""Draws a squared-envelope spectrum under the lines at which a bearing is heard."""

from collections.abc import Sequence
from math import isfinite

import numpy as np
import plotly.graph_objects as go

from cbam_viz.analysis.envelope import EnvelopeTrace, FoundLine
from cbam_viz.analysis.lines import FAMILIES, Family
from cbam_viz.figures.style import LIGHT, Palette, frame
from cbam_viz.language import _

HEIGHT = 400
LANE = 0.3
"""Of the figure's height, for the lines."""
ROWS: dict[Family, str] = {"outer": "BPFO", "inner": "BPFI", "ball": "2×BSF", "cage": "FTF", "shaft": _("shaft")}


def plot_envelope(trace: EnvelopeTrace, palette: Palette = LIGHT) -> go.Figure:
    """Draw the spectrum, and above it every line as a bar as wide as its tolerance."""
    figure = go.Figure()
    scale = trace.shaft_hz if trace.orders and trace.shaft_hz else 1.0
    figure.add_trace(
        go.Scatter(
            x=(trace.hz / scale).astype(np.float32),
            y=trace.amplitude.astype(np.float32),
            mode="lines",
            line={"color": palette.line, "width": 1.2},
            hovertemplate="%{x:.2f}: %{y:.3g}<extra></extra>",
        )
    )
    frame(figure, palette, HEIGHT, top=8)
    unit = {"": "", "g": " (g²)"}.get(trace.unit, f" (({trace.unit})²)")
    figure.update_layout(
        hovermode="closest",
        xaxis=frequency_axis(trace.top_hz, scale, trace.orders) | {"anchor": "y"},
        yaxis={
            "title_text": _("squared envelope") + unit,
            "domain": [0, 1 - LANE - 0.02 if trace.found else 1],
            "rangemode": "tozero",
            "nticks": 5,
        },
    )
    if trace.found:
        mark_lines(figure, trace.found, palette, scale, "y2", (1 - LANE, 1.0), ("y",))
    return figure


def frequency_axis(top_hz: float, scale: float, orders: bool) -> dict[str, object]:
    """An axis of frequencies in Hz, or in orders of the shaft."""
    title = _("orders of the shaft") if orders else _("frequency (Hz)")
    return {"title_text": title, "range": [0, top_hz / scale]}


def mark_lines(
    figure: go.Figure,
    found: Sequence[FoundLine],
    palette: Palette,
    scale: float,
    yaxis: str,
    domain: tuple[float, float],
    below: Sequence[str],
) -> None:
    """Put every line as a bar into a lane of its own, a row a part; those that stand out are full and reach down.

    Parameters
    ----------
    scale : Hz a unit of the axis.
    yaxis, domain : of the lane.
    below : axes on which lines that stand out are shaded.
    """
    for row, family in enumerate(FAMILIES):
        lines = [each for each in found if each.line.family == family]
        figure.add_trace(
            go.Bar(
                y=[len(FAMILIES) - 1 - row] * len(lines),
                base=[(each.line.hz - each.reach) / scale for each in lines],
                x=[2 * each.reach / scale for each in lines],
                orientation="h",
                width=[0.35 if each.line.sideband else 0.75 for each in lines],
                yaxis=yaxis,
                marker={
                    "color": palette.classes[row],
                    "opacity": [1.0 if each.stands_out else 0.3 for each in lines],
                    "line_width": 0,
                },
                customdata=[say_line(each) for each in lines],
                hovertemplate="%{customdata}<extra></extra>",
            )
        )
        for each in lines:
            if each.stands_out and not each.line.sideband:
                _shade(figure, each, palette.classes[row], scale, below)
    figure.update_layout(
        {
            "barmode": "overlay",
            f"yaxis{yaxis[1:]}": {
                "domain": domain,
                "range": [-0.6, len(FAMILIES) - 0.4],
                "tickvals": list(range(len(FAMILIES))),
                "ticktext": [ROWS[family] for family in reversed(FAMILIES)],
                "ticks": "",
            },
        }
    )


def say_line(found: FoundLine) -> str:
    """What is said of a line that is pointed at."""
    line = found.line
    place = f"{line.name}: {line.hz:.1f} ± {found.reach:.1f} Hz"
    if not isfinite(found.prominence):
        return place + "<br>" + _("beyond this spectrum")
    said = _("{times:.1f} times what is around").format(times=found.prominence)
    if isfinite(found.chance):
        said += _(", by chance up to {times:.1f}").format(times=found.chance)
    if found.also:
        said += "<br>" + say_also(found.also)
    return f"{place}<br>{said}"


def say_also(line: str) -> str:
    """That an amplitude is a stronger part's too."""
    return _("also {line}’s").format(line=line)


def _shade(figure: go.Figure, found: FoundLine, colour: str, scale: float, below: Sequence[str]) -> None:
    """Lay a line's tolerance over the spectra below it."""
    for axis in below:
        figure.add_shape(
            type="rect",
            x0=(found.line.hz - found.reach) / scale,
            x1=(found.line.hz + found.reach) / scale,
            y0=0,
            y1=1,
            xref="x",
            yref=f"{axis} domain",
            fillcolor=colour,
            opacity=0.22,
            line_width=0,
            layer="below",
        )
