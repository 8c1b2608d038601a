"""The difference of two classes: channel by channel and moment by moment, with what chance allows."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from cbam_viz.analysis.difference import DifferenceTrace
from cbam_viz.analysis.permutation import Tested
from cbam_viz.figures.channels import MOST_LABELS, kilohertz
from cbam_viz.figures.style import LIGHT, WITH_BAR, Palette, add_bars, frame, write_above
from cbam_viz.language import _, digits

HEIGHT = 520
GAP = 0.24
"""Between the two pictures, as a share of the height."""


def plot_difference(trace: DifferenceTrace, palette: Palette = LIGHT) -> go.Figure:
    """Draw the second class minus the first: M_c above, M_s below, each with its band; what is beyond it is starred."""
    figure = go.Figure()
    both = trace.channels is not None and trace.positions is not None
    middle = (1 + GAP) / 2 if both else 0.0
    if trace.channels is not None:
        _channels(figure, trace, trace.channels, palette)
        figure.update_yaxes(title_text=_("difference in M<sub>c</sub>"), nticks=6, domain=[middle, 1])
    if trace.positions is not None:
        _positions(figure, trace, trace.positions, palette)
        figure.update_layout(
            xaxis2={"title": {"text": f"{trace.axis.title} ({trace.axis.unit})"}, "anchor": "y2"},
            yaxis2={
                "title": {"text": _("difference in M<sub>s</sub>")},
                "nticks": 6,
                "anchor": "x2",
                "domain": [0, middle - GAP if both else 1],
            },
        )
    frame(figure, palette, HEIGHT if both else HEIGHT // 2, top=28, right=WITH_BAR)
    figure.update_layout(barmode="overlay", bargap=0, hovermode="closest")
    write_above(figure, _("<b>{second} − {first}</b>").format(second=trace.second, first=trace.first))
    return figure


def _channels(figure: go.Figure, trace: DifferenceTrace, tested: Tested, palette: Palette) -> None:
    """Bars of M_c over the channels, from low to high frequency."""
    place = list(range(len(trace.channel)))
    add_bars(
        figure, palette, tested.difference, tested.band, [_hover_channel(trace, tested, number) for number in place]
    )
    _stars(figure, tested, place, "", palette)
    step = -(-len(place) // MOST_LABELS)
    figure.update_xaxes(
        title_text=_("channels of {block}, by frequency · label: peak frequency (kHz)").format(block=trace.block),
        tickvals=place[::step],
        ticktext=[kilohertz(band[1]) for band in trace.bands_hz[::step]],
        autotickangles=[0, -90],
        range=[-0.6, len(place) - 0.4],
        anchor="y",
    )
    figure.add_hline(0, line={"color": palette.muted, "width": 1})


def _positions(figure: go.Figure, trace: DifferenceTrace, tested: Tested, palette: Palette) -> None:
    """A step line of M_s over the window, with its band."""
    if trace.tested:
        figure.add_trace(
            go.Scatter(
                x=np.concatenate([trace.place, trace.place[::-1]]),
                y=np.concatenate([tested.band, -tested.band[::-1]]),
                fill="toself",
                fillcolor=palette.spread,
                line={"width": 0},
                mode="lines",
                hoverinfo="skip",
                xaxis="x2",
                yaxis="y2",
            )
        )
    figure.add_trace(
        go.Scatter(
            x=trace.place,
            y=tested.difference,
            mode="lines",
            line={"color": palette.accent, "width": 1.6, "shape": "hvh"},
            customdata=[_hover_chance(tested, number) for number in range(len(trace.place))],
            hovertemplate=f"%{{x:.1f}} {trace.axis.unit}<br>M<sub>s</sub> %{{y:+.4f}}%{{customdata}}<extra></extra>",
            xaxis="x2",
            yaxis="y2",
        )
    )
    _stars(figure, tested, trace.place.tolist(), "2", palette)


def _stars(figure: go.Figure, tested: Tested, place: Sequence[float], axes: str, palette: Palette) -> None:
    """A star on every value beyond the band."""
    beyond = tested.standing_out
    figure.add_trace(
        go.Scatter(
            x=[place[number] for number in beyond],
            y=tested.difference[beyond],
            mode="markers",
            marker={"symbol": "star", "size": 9, "color": palette.text},
            hoverinfo="skip",
            xaxis=f"x{axes}",
            yaxis=f"y{axes}",
        )
    )


def _hover_channel(trace: DifferenceTrace, tested: Tested, place: int) -> str:
    """What is said of one channel."""
    low, peak, high = trace.bands_hz[place]
    listens = _("listens to {low:.0f}–{high:.0f} Hz").format(low=low, high=high) if peak else _("no sine excites it")
    return (
        f"{_('channel')} {trace.channel[place]}<br>M<sub>c</sub> {digits(tested.difference[place], '+.3f')}"
        f"{_hover_chance(tested, place)}<br>{listens}"
    )


def _hover_chance(tested: Tested, place: int) -> str:
    """How large a difference is beside the spread, and how often chance gives as much."""
    said = _("<br>effect size {effect}").format(effect=digits(tested.effect[place], "+.2f"))
    if tested.arrangements:
        said += _("<br>chance allows ± {band:.3f}; p {p:.3f}").format(band=tested.band[place], p=tested.p[place])
    return said
