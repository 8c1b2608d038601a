"""Channel attention of every class as a map: a row a class, a column a channel."""

import plotly.graph_objects as go

from cbam_viz.analysis.class_channels import ClassChannelsTrace, ClassOrder
from cbam_viz.figures.channels import MOST_LABELS, kilohertz
from cbam_viz.figures.style import LIGHT, WITH_BAR, Palette, frame
from cbam_viz.language import _, digits

ROW_HEIGHT = 40
AROUND = 96
CLASS_ORDERS: dict[ClassOrder, str] = {
    "frequency": _("by frequency"),
    "difference": _("by difference"),
    "cluster": _("by likeness"),
    "number": _("by number"),
}


def plot_class_channels(trace: ClassChannelsTrace, palette: Palette = LIGHT) -> go.Figure:
    """Draw the mean M_c of every class as deviation from its data-set mean, or as it is."""
    channels, classes = len(trace.channel), len(trace.classes)
    title = _("M<sub>c</sub>") if trace.absolute else _("M<sub>c</sub> − its mean")
    figure = go.Figure(
        go.Heatmap(
            z=trace.mean if trace.absolute else trace.deviation,
            zmin=trace.low,
            zmax=trace.high,
            colorscale=palette.sequential if trace.absolute else palette.diverging,
            ygap=2,
            customdata=[[_hover(trace, row, place) for place in range(channels)] for row in range(classes)],
            hovertemplate="%{customdata}<extra></extra>",
            colorbar={
                "title": {"text": title, "side": "right", "font": {"size": 12}},
                "thickness": 8,
                "x": 1.01,
                "outlinewidth": 0,
                "nticks": 5,
                "tickfont": {"size": 11, "color": palette.muted},
            },
        )
    )
    frame(figure, palette, ROW_HEIGHT * classes + AROUND, right=WITH_BAR)
    step = -(-channels // MOST_LABELS)
    figure.update_xaxes(
        title_text=_("channels of {block}, {order} · label: peak frequency (kHz)").format(
            block=trace.block, order=CLASS_ORDERS[trace.order]
        ),
        tickvals=list(range(0, channels, step)),
        ticktext=[kilohertz(band[1]) for band in trace.bands_hz[::step]],
        autotickangles=[0, -90],
    )
    figure.update_yaxes(
        tickvals=list(range(classes)),
        ticktext=list(trace.classes),
        range=[classes - 0.5, -0.5],
        ticks="",
    )
    return figure


def _hover(trace: ClassChannelsTrace, row: int, place: int) -> str:
    """What is said of one cell."""
    witnesses, recordings, windows = trace.counts[row]
    low, peak, high = trace.bands_hz[place]
    spread = trace.spread[row, place]
    varies = _("± {spread:.3f} over").format(spread=spread) if witnesses > 1 else _("of")
    return (
        f"{trace.classes[row]}, {_('channel')} {trace.channel[place]}<br>"
        f"M<sub>c</sub> {trace.mean[row, place]:.3f} {varies} {count_witnesses(witnesses, recordings)}, "
        f"{windows} {_('windows')}<br>{_('usually')} {trace.usual[place]:.3f} "
        f"({digits(trace.deviation[row, place], '+.3f')})<br>"
        + (_("listens to {low:.0f}–{high:.0f} Hz").format(low=low, high=high) if peak else _("no sine excites it"))
    )


def count_witnesses(witnesses: int, recordings: int) -> str:
    """Recordings, and the specimens they are of where there are fewer."""
    said = _("1 recording") if recordings == 1 else _("{count} recordings").format(count=recordings)
    if witnesses == recordings:
        return said
    specimens = _("1 specimen") if witnesses == 1 else _("{count} specimens").format(count=witnesses)
    return _("{recordings} of {specimens}").format(recordings=said, specimens=specimens)
