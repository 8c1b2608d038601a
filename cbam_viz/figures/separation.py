"""What separates the classes: one accuracy a space, in front of what shuffled labels give."""

import plotly.graph_objects as go

from cbam_viz.analysis.separation import SeparationTrace
from cbam_viz.figures.distances import SPACES
from cbam_viz.figures.style import LIGHT, Palette, frame
from cbam_viz.language import _, percent

ROW_HEIGHT = 44


def plot_separation(trace: SeparationTrace, palette: Palette = LIGHT) -> go.Figure:
    """Draw every accuracy as a mark with its number, over a grey band of shuffled labels and the line of chance."""
    names = [f"{SPACES[score.space]} ({score.numbers})" for score in trace.scores]
    bands = [score.band for score in trace.scores]
    figure = go.Figure()
    figure.add_trace(
        go.Bar(
            y=names,
            x=[high - low for low, high in bands],
            base=[low for low, _high in bands],
            orientation="h",
            width=0.5,
            marker={"color": palette.spread, "line_width": 0},
            customdata=[f"{percent(low)} – {percent(high)}" for low, high in bands],
            hovertemplate=_("with shuffled labels: %{customdata}") + "<extra></extra>",
        )
    )
    figure.add_trace(
        go.Scatter(
            y=names,
            x=[score.accuracy for score in trace.scores],
            mode="markers+text",
            marker={"color": palette.accent, "symbol": "diamond", "size": 13},
            text=[percent(score.accuracy) for score in trace.scores],
            textposition=["middle left" if score.accuracy > 0.9 else "middle right" for score in trace.scores],
            customdata=[_hover(trace, number) for number in range(len(names))],
            hovertemplate="%{customdata}<extra></extra>",
            cliponaxis=False,
        )
    )
    frame(figure, palette, ROW_HEIGHT * max(len(names), 2) + 80, top=24)
    figure.update_layout(
        hovermode="closest",
        xaxis={
            "title_text": _("balanced accuracy<br>on recordings or specimens never met"),
            "range": [0, 1],
            "tickformat": ".0%",
        },
        yaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": names[::-1],
            "range": [-0.6, max(len(names), 1) - 0.4],
        },
    )
    _chance(figure, trace, palette)
    return figure


def _chance(figure: go.Figure, trace: SeparationTrace, palette: Palette) -> None:
    """The line of chance with its words; where there is no score, words in its place."""
    if not trace.folds:
        figure.add_annotation(
            text=_("no two classes with two recordings or specimens each:<br>nothing to learn from and test on"),
            x=0.5,
            y=0.5,
            xref="paper",
            yref="paper",
            showarrow=False,
            font={"color": palette.muted},
        )
        figure.update_layout(yaxis={"showticklabels": False})
        return
    figure.add_vline(trace.chance, line={"color": palette.muted, "width": 1, "dash": "dash"})
    figure.add_annotation(
        text=_("chance {chance}").format(chance=percent(trace.chance)),
        x=trace.chance,
        y=1,
        yref="paper",
        yanchor="bottom",
        showarrow=False,
        font={"color": palette.muted, "size": 12},
    )


def _hover(trace: SeparationTrace, number: int) -> str:
    """What is said of one space."""
    score = trace.scores[number]
    recalls = "<br>".join(
        f"{name}: {percent(recall)}" for name, recall in zip(trace.classes, score.recalls, strict=True)
    )
    return _("{space}, {numbers} numbers a window: {accuracy}; p = {p:.2g} of shuffled labels<br>{recalls}").format(
        space=SPACES[score.space],
        numbers=score.numbers,
        accuracy=percent(score.accuracy),
        p=score.p,
        recalls=recalls,
    )
