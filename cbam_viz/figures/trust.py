"""Each test of a block a row: its number as a dot, 95 % of its control as a grey bar with a tick at its middle."""

import math
from collections.abc import Callable, Sequence

import plotly.graph_objects as go

from cbam_viz.analysis.score import Score
from cbam_viz.analysis.trust import TrustTrace, stands_out
from cbam_viz.figures.style import LIGHT, Palette, frame
from cbam_viz.language import _, digits

ROW, GAP, TOP = 24, 58, 12
"""Heights in pixels."""
BAR = 13
"""Width in pixels of a control's bar."""
TITLES = {
    "spatial": _("lost by the class, M<sub>s</sub> replaced (logits)"),
    "channel": _("lost by the class, M<sub>c</sub> replaced (logits)"),
    "rank": _("rank correlation"),
    "share": _("share, mean probability or AUC"),
}


def plot_trust(trace: TrustTrace, say_test: Callable[[str], str], palette: Palette = LIGHT) -> go.Figure:
    """Draw the tests of a block, a group of rows on each axis.

    Parameters
    ----------
    say_test : from the key of a test to its words.
    """
    figure, rows = go.Figure(), sum(len(group.rows) for group in trace.groups)
    inner = max(ROW * rows + GAP * (len(trace.groups) - 1), 1)
    top = 1.0
    for number, group in enumerate(trace.groups, 1):
        bottom = max(top - ROW * len(group.rows) / inner, 0.0)
        suffix = "" if number == 1 else str(number)
        words = [
            say_test(row.name).replace("M_s", "M<sub>s</sub>").replace("M_c", "M<sub>c</sub>") for row in group.rows
        ]
        for line in _lines(group.rows, words, palette):
            figure.add_trace(line.update(xaxis=f"x{suffix}", yaxis=f"y{suffix}"))
        figure.update_layout(
            {
                f"xaxis{suffix}": {
                    "title_text": TITLES[group.kind],
                    "range": [group.low, group.high],
                    "anchor": f"y{suffix}",
                    "fixedrange": True,
                    "zeroline": group.low < 0,
                    "zerolinecolor": palette.grid,
                },
                f"yaxis{suffix}": {
                    "domain": [bottom, top],
                    "range": [len(words) - 0.5, -0.5],
                    "tickvals": list(range(len(words))),
                    "ticktext": words,
                    "fixedrange": True,
                    "ticks": "",
                    "ticklabelstandoff": 8,
                    "anchor": f"x{suffix}",
                    "title_text": "",
                },
            }
        )
        for place, row in enumerate(group.rows):
            said = {"text": two_digits(row.value), "font": {"color": palette.text, "size": 12}, "showarrow": False}
            figure.add_annotation(x=1, xref="paper", xanchor="left", xshift=12, y=place, yref=f"y{suffix}", **said)
        top = bottom - GAP / inner
    frame(figure, palette, TOP + inner + 52, top=TOP, right=56)
    return figure


def _lines(rows: tuple[Score, ...], words: list[str], palette: Palette) -> list[go.Scatter]:
    """The numbers of one axis, filled where they differ from their controls."""
    said = [
        [word, *map(two_digits, (row.value, row.control, row.low, row.high))]
        for word, row in zip(words, rows, strict=True)
    ]
    hover = "%{customdata[0]}: %{customdata[1]}<br>" + _("control {middle}, 95 % of it from {low} to {high}").format(
        middle="%{customdata[2]}", low="%{customdata[3]}", high="%{customdata[4]}"
    )
    return lines_of_scores(rows, [stands_out(row) for row in rows], said, hover, palette)


def lines_of_scores(
    rows: Sequence[Score], filled: Sequence[bool], said: Sequence[Sequence[str]], hover: str, palette: Palette
) -> list[go.Scatter]:
    """Bars from low to high, ticks at the controls, and the dots of the numbers, a row each.

    Parameters
    ----------
    filled : whether a dot is.
    said : words of each row, which `hover` shows as Plotly's ``customdata``.
    """
    places = list(range(len(rows)))
    bars = [(row, place) for row, place in zip(rows, places, strict=True) if math.isfinite(row.low + row.high)]
    return [
        go.Scatter(
            x=[end for row, _place in bars for end in (row.low, row.high, None)],
            y=[end for _row, place in bars for end in (place, place, None)],
            mode="lines",
            line={"color": palette.spread, "width": BAR},
            hoverinfo="skip",
        ),
        go.Scatter(
            x=[row.control for row in rows],
            y=places,
            mode="markers",
            marker={"symbol": "line-ns", "size": BAR - 2, "line": {"color": palette.muted, "width": 1.5}},
            hoverinfo="skip",
        ),
        go.Scatter(
            x=[row.value for row in rows],
            y=places,
            mode="markers",
            cliponaxis=False,
            marker={
                "size": 10,
                "symbol": ["circle" if each else "circle-open" for each in filled],
                "color": palette.accent,
                "line": {"color": palette.accent, "width": 2},
            },
            customdata=said,
            hovertemplate=hover + "<extra></extra>",
        ),
    ]


def two_digits(value: float) -> str:
    """To two digits, with a real minus; a dash where there is none."""
    return "–" if math.isnan(value) else digits(value, ".2f")
