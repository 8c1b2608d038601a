"""Draws what a network says while one part of a circuit drifts, or two."""

import numpy as np
import plotly.graph_objects as go

from cbam_viz.analysis.drift import MapTrace, SweepTrace, Told
from cbam_viz.figures.style import LIGHT, SYMBOLS, WITH_BAR, Palette, frame
from cbam_viz.language import _
from cbam_viz.physics.circuits import NORMAL

HEIGHT = 720
LANES = ((0.70, 1.0), (0.47, 0.65), (0.19, 0.42), (0.0, 0.14))
LEAST = 0.05
"""A class that is never more probable is not drawn."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MAP_HEIGHT = 560
ROW = 22


def mark_class(palette: Palette, number: int) -> tuple[str, str]:
    """Colour and symbol of a class: a colour for each part, in which the symbols of too large and too small differ."""
    return palette.classes[(number + 1) // 2 % len(palette.classes)], SYMBOLS[number % len(SYMBOLS)]


def write_key(key: str) -> str:
    """A class in the fewest signs, such as ``C1−`` or ``C2+/R4+``."""
    return _("sound") if key == NORMAL else key.replace("-", "−")


def _tint(palette: Palette, number: int) -> str:
    """A class's colour as a ground for letters; that of a part that is too small is paler."""
    share = (0.3, 0.65)[number % 2]
    strong, ground = (
        [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
        for colour in (mark_class(palette, number)[0], palette.background)
    )
    mixed = (round(share * one + (1 - share) * other) for one, other in zip(strong, ground, strict=True))
    return "#" + "".join(f"{each:02x}" for each in mixed)


def plot_sweep(trace: SweepTrace, palette: Palette = LIGHT, now: float | None = None) -> go.Figure:
    """Draw the sweep of one part; `now` marks where it stands."""
    figure = go.Figure()
    shown = _probabilities(figure, trace, palette)
    _deviations(figure, trace, palette)
    figure.add_trace(
        go.Heatmap(
            x=trace.percent.astype(np.float32),
            y=((trace.edges[:-1] + trace.edges[1:]) / 2).astype(np.float32),
            z=trace.gate,
            zmin=trace.usual[0],
            zmax=trace.usual[1],
            colorscale=palette.sequential,
            yaxis="y3",
            hovertemplate=f"%{{y:.1f}} {trace.axis.unit}: M<sub>s</sub> %{{z:.3f}}<extra></extra>",
            colorbar={
                "title": {"text": f"M<sub>s</sub> {trace.block}", "side": "right", "font": {"size": 12}},
                "thickness": 8,
                "len": 0.26,
                "y": sum(LANES[2]) / 2,
                "x": 1.01,
                "outlinewidth": 0,
                "tickvals": list(trace.usual),
                "ticktext": [f"{value:.2f}" for value in trace.usual],
                "tickfont": {"size": 11, "color": palette.muted},
            },
        )
    )
    for values, words, colour, dash in (
        (trace.moved_spatial, "M<sub>s</sub>", palette.accent, "solid"),
        (trace.moved_channel, "M<sub>c</sub>", palette.opposite, "dot"),
    ):
        figure.add_trace(
            go.Scatter(
                x=trace.percent,
                y=values,
                mode="lines",
                line={"color": colour, "width": 1.8, "dash": dash},
                yaxis="y4",
                hovertemplate=f"{words} %{{y:.3f}}<extra></extra>",
            )
        )
        last = np.flatnonzero(np.isfinite(values))[-1:]
        for place in last:
            figure.add_annotation(
                text=words, x=1.005, xref="paper", y=float(values[place]), yref="y4", xanchor="left", showarrow=False,
                font={"color": colour, "size": 12},
            )  # fmt: skip
    rows = -(-len(shown) // 3)
    frame(figure, palette, HEIGHT + ROW * rows, top=12 + ROW * rows, right=WITH_BAR)
    figure.update_layout(
        hovermode="x",
        hoversubplots="axis",
        xaxis={
            "title_text": _("deviation of {part} (%)").format(part=trace.part),
            "anchor": "y4",
            "range": [trace.percent[0], trace.percent[-1]],
            "dtick": 20,
            "ticksuffix": " %",
        },
        yaxis={"domain": LANES[0], "title_text": _("probability"), "range": [-0.03, 1.05], "tickformat": ".0%"},
        yaxis2={"domain": LANES[1], "title_text": _("estimated<br>deviation (%)"), "nticks": 5},
        yaxis3={"domain": LANES[2], "title_text": f"{trace.axis.title}<br>({trace.axis.unit})"},
        yaxis4={"domain": LANES[3], "title_text": _("gates<br>moved by"), "nticks": 3, "rangemode": "tozero"},
    )
    _marks(figure, trace, palette, now)
    _legend(figure, shown, trace.told, palette)
    return figure


def _probabilities(figure: go.Figure, trace: SweepTrace, palette: Palette) -> list[int]:
    """A line a class that is ever probable; the numbers of these classes."""
    told = trace.told
    shown = [number for number in range(len(told.classes)) if np.nanmax(told.probabilities[:, number]) >= LEAST]
    for number in shown:
        colour, symbol = mark_class(palette, number)
        figure.add_trace(
            go.Scatter(
                x=trace.percent,
                y=told.probabilities[:, number],
                mode="lines+markers",
                line={"color": colour, "width": 1.6},
                marker={"symbol": symbol, "size": 6, "color": colour},
                hovertemplate=f"{told.classes[number]} %{{y:.1%}}<extra></extra>",
            )
        )
    return shown


def _deviations(figure: go.Figure, trace: SweepTrace, palette: Palette) -> None:
    """What is estimated for the part that is named, over the line on which it is true."""
    ends = [float(trace.percent[0]), float(trace.percent[-1])]
    if trace.known:
        figure.add_trace(
            go.Scatter(x=ends, y=ends, mode="lines", line={"color": palette.spread, "width": 3}, yaxis="y2",
                       hoverinfo="skip")
        )  # fmt: skip
    told = trace.told
    marks = [mark_class(palette, max(int(number), 0)) for number in told.named]
    figure.add_trace(
        go.Scatter(
            x=trace.percent,
            y=told.deviations,
            mode="markers",
            marker={
                "size": 7,
                "color": [colour for colour, _symbol in marks],
                "symbol": [symbol for _c, symbol in marks],
            },
            customdata=[told.keys[number] if number >= 0 else "" for number in told.named],
            yaxis="y2",
            hovertemplate="%{customdata} %{y:+.0f} %<extra></extra>",
        )
    )


def _marks(figure: go.Figure, trace: SweepTrace, palette: Palette, now: float | None) -> None:
    """Where the diagnosis changes, and where the part stands."""
    for change in trace.changes:
        figure.add_shape(
            type="line", x0=(change.low + change.high) / 2, x1=(change.low + change.high) / 2, y0=0, y1=1,
            yref="paper", line={"color": palette.muted, "width": 1, "dash": "dash"},
        )  # fmt: skip
    if now is not None:
        figure.add_shape(
            type="line", x0=now, x1=now, y0=0, y1=1, yref="paper", line={"color": palette.text, "width": 1.5}
        )


def _legend(figure: go.Figure, shown: list[int], told: Told, palette: Palette) -> None:
    """The classes that are drawn, as marks with their words, three in a row."""
    rows = -(-len(shown) // 3)
    for place, number in enumerate(shown):
        colour, _symbol = mark_class(palette, number)
        figure.add_annotation(
            text=f"{_glyph(number)} {write_key(told.keys[number])}",
            x=(place % 3) / 3,
            y=1,
            xref="paper",
            yref="paper",
            xanchor="left",
            yanchor="bottom",
            yshift=4 + ROW * (rows - 1 - place // 3),
            showarrow=False,
            font={"color": colour, "size": 12},
        )


def _glyph(number: int) -> str:
    """A class's symbol as a letter of the text."""
    return "●■◆▲✕✚★▼⬟⧗✦⋈"[number % 12]


def plot_map(trace: MapTrace, palette: Palette = LIGHT, now: tuple[float, float] | None = None) -> go.Figure:
    """Draw the map of two parts; `now` marks where they stand."""
    named, sure = trace.named, trace.sureness
    present = [int(number) for number in np.unique(named) if number >= 0]
    place = {number: index for index, number in enumerate(present)}
    letters = np.array(
        [
            [_letter(place.get(int(number), -1), share) for number, share in zip(row, shares, strict=True)]
            for row, shares in zip(named, sure, strict=True)
        ]
    )
    told = trace.told
    said = np.array([[told.classes[number] if number >= 0 else _("run failed") for number in row] for row in named])
    off = told.deviations.reshape(named.shape)
    text = np.array(
        [
            [f"{words}, {share:.0%}" + ("" if np.isnan(far) else f", {far:+.0f} %") for words, share, far in rows]
            for rows in (zip(*row, strict=True) for row in zip(said, sure, off, strict=True))
        ]
    )
    index = np.vectorize(lambda number: place.get(int(number), np.nan), otypes=[float])(named)
    colours = [_tint(palette, number) for number in present]
    scale = [(edge / len(present), colour) for number, colour in enumerate(colours) for edge in (number, number + 1)]
    figure = go.Figure(
        go.Heatmap(
            x=trace.percent,
            y=trace.percent,
            z=index,
            zmin=-0.5,
            zmax=len(present) - 0.5,
            colorscale=scale,
            text=letters,
            texttemplate="%{text}",
            textfont={"size": 11, "color": palette.text},
            customdata=text,
            hovertemplate=f"{trace.parts[0]} %{{x:+.0f}} %, {trace.parts[1]} %{{y:+.0f}} %: "
            "%{customdata}<extra></extra>",
            showscale=False,
            xgap=1,
            ygap=1,
        )
    )
    rows = -(-len(present) // 3)
    frame(figure, palette, MAP_HEIGHT + ROW * rows, top=12 + ROW * rows)
    step = float(trace.percent[1] - trace.percent[0]) / 2
    span = [float(trace.percent[0]) - step, float(trace.percent[-1]) + step]
    axis = {"range": span, "dtick": 20, "ticksuffix": " %", "constrain": "domain"}
    figure.update_layout(
        hovermode="closest",
        xaxis=axis | {"title_text": _("deviation of {part} (%)").format(part=trace.parts[0])},
        yaxis=axis | {"title_text": _("deviation of {part} (%)").format(part=trace.parts[1])},
    )
    for entry, number in enumerate(present):
        figure.add_annotation(
            text=f"<b>{_letter(entry, 1.0)}</b> {write_key(told.keys[number])}",
            x=(entry % 3) / 3,
            y=1,
            xref="paper",
            yref="paper",
            xanchor="left",
            yanchor="bottom",
            yshift=4 + ROW * (rows - 1 - entry // 3),
            showarrow=False,
            font={"color": mark_class(palette, number)[0], "size": 12},
        )
    if now is not None:
        figure.add_trace(
            go.Scatter(
                x=[now[0]],
                y=[now[1]],
                mode="markers",
                marker={"symbol": "circle-open", "size": 18, "color": palette.text, "line": {"width": 2.5}},
                hovertemplate=_("as set above") + "<extra></extra>",
            )
        )
    return figure


def _letter(number: int, sureness: float) -> str:
    """The letter of a class, small where it is unsure; a dash for a run that failed."""
    if number < 0:
        return "–"
    letter = LETTERS[number % len(LETTERS)]
    return letter if sureness >= 0.5 else letter.lower()
