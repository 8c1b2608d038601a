"""Draws the spectrum of a signal under the bands that a block's channels listen to."""

import numpy as np
import plotly.graph_objects as go

from cbam_viz.analysis.spectrum import SpectrumTrace
from cbam_viz.figures.style import LIGHT, Palette, frame, wave_title
from cbam_viz.language import _

HEIGHT = 360
KILO = 1_000.0


def plot_spectrum(trace: SpectrumTrace, palette: Palette = LIGHT) -> go.Figure:
    """Draw amplitudes over frequency, and above them a bar for each channel's band."""
    figure = go.Figure()
    rows = list(range(len(trace.bands)))
    figure.add_trace(
        go.Bar(
            y=rows,
            base=[band.low / KILO for band in trace.bands],
            x=[(band.high - band.low) / KILO for band in trace.bands],
            orientation="h",
            width=0.6,
            yaxis="y2",
            marker={"color": palette.accent, "line_width": 0},
            customdata=[
                _("channel {number}: {share:.0%} of its response lies in {low:.0f}–{high:.0f} Hz").format(
                    number=band.channel, share=band.share, low=band.low, high=band.high
                )
                for band in trace.bands
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=(trace.hz / KILO).astype(np.float32),
            y=trace.amplitude.astype(np.float32),
            mode="lines",
            line={"color": palette.line, "width": 1},
            hovertemplate=f"%{{x:.4f}} kHz: %{{y:.3g}} {trace.unit}<extra></extra>",
        )
    )
    frame(figure, palette, HEIGHT, top=8)
    figure.update_layout(
        hovermode="closest",
        xaxis={"title_text": _("frequency (kHz)"), "range": [0, trace.top_hz / KILO], "anchor": "y"},
        yaxis={"title_text": _amplitude(trace.unit), "domain": [0, 0.62], "rangemode": "tozero", "nticks": 5},
        yaxis2={
            "title_text": trace.block,
            "domain": [0.66, 1],
            "range": [-1, max(len(rows), 1)],
            "tickvals": [0, len(rows) - 1] if len(rows) > 1 else [],
            "ticktext": [_("low"), _("high")] if len(rows) > 1 else [],
            "showgrid": False,
        },
    )
    if len(trace.shaft_hz):
        _mark_shaft(figure, trace, palette)
    return figure


def _amplitude(unit: str) -> str:
    """Title of the axis of amplitudes."""
    return wave_title(unit) if unit else _("amplitude")


def _mark_shaft(figure: go.Figure, trace: SpectrumTrace, palette: Palette) -> None:
    """Tick the harmonics of the shaft above the spectrum."""
    figure.add_shape(
        type="path",
        path=" ".join(f"M{hz / KILO:.5f},0.62V0.65" for hz in trace.shaft_hz),
        xref="x",
        yref="paper",
        line={"color": palette.opposite, "width": 1},
    )
    figure.add_annotation(
        text=_("shaft {hz:.1f} Hz and harmonics").format(hz=trace.shaft_hz[0]),
        x=trace.shaft_hz[-1] / KILO,
        xanchor="left",
        y=0.66,
        yref="paper",
        yanchor="top",
        showarrow=False,
        font={"color": palette.opposite, "size": 12},
    )
