"""Figure B: channel attention of one block, each channel beside its usual spread and the band it listens to."""

import plotly.graph_objects as go

from cbam_viz.analysis.channels import ChannelTrace, Order
from cbam_viz.figures.style import LIGHT, WITH_BAR, Palette, frame
from cbam_viz.language import _

HEIGHT = 300
MOST_LABELS = 32
ORDERS: dict[Order, str] = {"frequency": _("by frequency"), "deviation": _("by deviation"), "number": _("by number")}


def plot_channels(trace: ChannelTrace, palette: Palette = LIGHT) -> go.Figure:
    """Draw channel attention as deviation from its data-set mean, or as it is."""
    place = list(range(len(trace.channel)))
    base = trace.mean if trace.absolute else 0 * trace.mean
    value = trace.gate if trace.absolute else trace.deviation
    figure = go.Figure()
    figure.add_trace(
        go.Bar(
            x=place,
            y=2 * trace.spread,
            base=base - trace.spread,
            width=0.9,
            marker={"color": palette.spread, "line_width": 0},
            hoverinfo="skip",
        )
    )
    figure.add_trace(
        go.Bar(
            x=place,
            y=value,
            width=0.6,
            marker={
                "color": [palette.accent if each >= 0 else palette.opposite for each in trace.deviation],
                "line_width": 0,
            },
            customdata=[_hover(trace, number) for number in place],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    frame(figure, palette, HEIGHT, right=WITH_BAR)
    step = -(-len(place) // MOST_LABELS)
    title = _("M<sub>c</sub>") if trace.absolute else _("M<sub>c</sub> − its mean")
    figure.update_layout(barmode="overlay", bargap=0, hovermode="closest")
    figure.update_yaxes(title_text=title, range=[0, 1] if trace.absolute else None, nticks=6)
    figure.update_xaxes(
        title_text=_("channels of {block}, {order} · label: peak frequency (kHz)").format(
            block=trace.block, order=ORDERS[trace.order]
        ),
        tickvals=place[::step],
        ticktext=[kilohertz(band[1]) for band in trace.bands_hz[::step]],
        range=[-0.6, len(place) - 0.4],
    )
    figure.add_hline(0, line={"color": palette.muted, "width": 1})
    return figure


def kilohertz(hertz: float) -> str:
    """A channel's peak in kHz; a dash where no sine excites it."""
    return f"{hertz / 1000:.1f}" if hertz else "–"


def _hover(trace: ChannelTrace, place: int) -> str:
    """What is said of one channel."""
    low, peak, high = trace.bands_hz[place]
    listens = (
        _("listens most to {peak:.0f} Hz; {share:.0%} of its response lies in {low:.0f}–{high:.0f} Hz").format(
            low=low, high=high, peak=peak, share=trace.shares[place]
        )
        if peak
        else _("no sine excites it")
    )
    return (
        f"{_('channel')} {trace.channel[place]}<br>M<sub>c</sub> {trace.gate[place]:.3f}"
        f"<br>{_('usually')} {trace.mean[place]:.3f} ± {trace.spread[place]:.3f}<br>{listens}"
    )
