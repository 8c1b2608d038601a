"""Figure B: channel attention of one block, each channel beside its usual spread and the band it listens to."""

import plotly.graph_objects as go

from cbam_viz.analysis.channels import ChannelTrace, Order
from cbam_viz.figures.style import LIGHT, WITH_BAR, Palette, add_bars, frame
from cbam_viz.language import _

HEIGHT = 300
MOST_LABELS = 32
ORDERS: dict[Order, str] = {"frequency": _("by frequency"), "deviation": _("by deviation"), "number": _("by number")}


def plot_channels(trace: ChannelTrace, palette: Palette = LIGHT) -> go.Figure:
    """Draw channel attention as deviation from its data-set mean, or as it is."""
    place = list(range(len(trace.channel)))
    middle = trace.mean if trace.absolute else 0.0
    value = trace.gate if trace.absolute else trace.deviation
    figure = go.Figure()
    add_bars(figure, palette, value, trace.spread, [_hover(trace, number) for number in place], middle)
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
