"""Draws a circuit's response: volts, difference from nominal, where the classes differ, and M_s, on one axis."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from cbam_viz.analysis.response import ResponseTrace
from cbam_viz.figures.spatial import fields_of
from cbam_viz.figures.style import LIGHT, Palette, frame
from cbam_viz.language import _

HEIGHT = 560
LANES = ((0.62, 1.0), (0.37, 0.57), (0.19, 0.32), (0.0, 0.14))


def plot_response(trace: ResponseTrace, palette: Palette = LIGHT) -> go.Figure:
    """Draw one response."""
    figure = go.Figure()
    _band(figure, trace, palette, trace.low, trace.high, "y")
    _line(figure, trace.place, trace.nominal, _("nominal"), palette.muted, "y", unit="V", dash="dash")
    _line(figure, trace.place, trace.measured, _("this circuit"), palette.accent, "y", unit="V")
    _band(figure, trace, palette, 1e3 * (trace.low - trace.nominal), 1e3 * (trace.high - trace.nominal), "y2")
    away = 1e3 * (trace.measured - trace.nominal)
    _line(figure, trace.place, away, _("difference"), palette.accent, "y2", unit="mV")
    figure.add_trace(
        go.Scatter(
            x=trace.place.astype(np.float32),
            y=trace.fisher.astype(np.float32),
            mode="lines",
            fill="tozeroy",
            line={"color": palette.opposite, "width": 1.2},
            yaxis="y3",
            hovertemplate=_("classes differ") + " %{y:.2f}<extra></extra>",
        )
    )
    _gate(figure, trace, palette)
    frame(figure, palette, HEIGHT, top=30)
    figure.update_layout(
        hovermode="x",
        hoversubplots="axis",
        xaxis={
            "title_text": f"{trace.axis.title} ({trace.axis.unit})",
            "anchor": "y4",
            "range": [trace.place[0], trace.place[-1]],
            "showspikes": True,
            "spikemode": "across",
            "spikethickness": 1,
            "spikecolor": palette.muted,
            "spikedash": "solid",
            "hoverformat": ".1f",
        },
        yaxis={"domain": LANES[0], "title_text": _("voltage (V)")},
        yaxis2={"domain": LANES[1], "title_text": _("difference<br>(mV)"), "nticks": 4},
        yaxis3={"domain": LANES[2], "title_text": _("Fisher<br>ratio"), "nticks": 3, "rangemode": "tozero"},
        yaxis4={"domain": LANES[3], "title_text": f"M<sub>s</sub><br>{trace.strip.name}", "nticks": 4},
    )
    _legend(figure, palette)
    return figure


def _legend(figure: go.Figure, palette: Palette) -> None:
    """What the lines above are, in their colours."""
    said = [
        (f"<b>━ {_('this circuit')}</b>", palette.accent),
        (f"╌ {_('nominal')}", palette.muted),
        (f"▮ {_('95 % of sound ones')}", palette.muted),
    ]
    text = "   ".join(f'<span style="color:{colour}">{words}</span>' for words, colour in said)
    figure.add_annotation(
        text=text, x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", showarrow=False, yshift=4
    )


def _band(
    figure: go.Figure,
    trace: ResponseTrace,
    palette: Palette,
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    yaxis: str,
) -> None:
    """What sound circuits do."""
    figure.add_trace(
        go.Scatter(
            x=np.concatenate([trace.place, trace.place[::-1]]).astype(np.float32),
            y=np.concatenate([high, low[::-1]]).astype(np.float32),
            fill="toself",
            fillcolor=palette.spread,
            mode="lines",
            line={"width": 0},
            hoverinfo="skip",
            yaxis=yaxis,
        )
    )


def _line(
    figure: go.Figure,
    place: NDArray[np.float64],
    values: NDArray[np.float64],
    words: str,
    colour: str,
    yaxis: str,
    unit: str,
    dash: str = "solid",
) -> None:
    """One curve."""
    figure.add_trace(
        go.Scatter(
            x=place.astype(np.float32),
            y=values.astype(np.float32),
            mode="lines",
            line={"color": colour, "width": 1.6, "dash": dash},
            yaxis=yaxis,
            hovertemplate=f"{words} %{{y:.4g}} {unit}<extra></extra>",
        )
    )


def _gate(figure: go.Figure, trace: ResponseTrace, palette: Palette) -> None:
    """M_s as a step a cell wide, over that of the nominal circuit."""
    strip = trace.strip
    middle = ((strip.edges[:-1] + strip.edges[1:]) / 2).astype(np.float32)
    if trace.beside is not None:
        figure.add_trace(
            go.Scatter(
                x=middle,
                y=trace.beside,
                mode="lines",
                line={"color": palette.muted, "width": 1.4, "shape": "hvh", "dash": "dot"},
                yaxis="y4",
                hovertemplate=_("nominal") + " %{y:.3f}<extra></extra>",
            )
        )
    figure.add_trace(
        go.Scatter(
            x=middle,
            y=strip.gate,
            mode="lines",
            line={"color": palette.accent, "width": 1.6, "shape": "hvh"},
            yaxis="y4",
            customdata=fields_of(strip),
            hovertemplate=f"M<sub>s</sub> %{{y:.3f}}, {_('sees')} %{{customdata}} {trace.axis.unit}<extra></extra>",
        )
    )
