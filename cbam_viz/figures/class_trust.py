"""The verdict on every gate for every class: what moving it costs with an interval, a block on each axis."""

import math

import plotly.graph_objects as go

from cbam_viz.analysis.class_trust import PLACE, ClassScore, ClassTrustTrace, ClassVerdict
from cbam_viz.analysis.permutation import LEVEL
from cbam_viz.analysis.trust import LEAST_MARGIN
from cbam_viz.figures.style import LIGHT, Palette, frame, write_above
from cbam_viz.figures.trust import lines_of_scores, two_digits
from cbam_viz.language import _

ROW, GAP, TOP = 26, 34, 30
"""Heights in pixels."""
WIDE = 200
"""Right margin in pixels, for the verdicts."""
VERDICTS = {
    "matters": _("matters"),
    "loud": _("no better than loudness"),
    "no_matter": _("does not matter"),
    "inverted": _("inverted"),
    "not_enough": _("not enough evidence"),
}


def plot_class_trust(trace: ClassTrustTrace, palette: Palette = LIGHT) -> go.Figure:
    """Draw the loss by moving each gate, with its interval, and write the verdict and its corrected p beside it."""
    figure, rows = go.Figure(), len(trace.classes)
    inner = ROW * rows * len(trace.blocks) + GAP * (len(trace.blocks) - 1)
    words, reach = [word for _key, word in trace.classes], _reach(trace)
    for number, block in enumerate(trace.blocks):
        suffix = "" if number == 0 else str(number + 1)
        top = 1 - number * (ROW * rows + GAP) / inner
        scores = [trace.score(PLACE[1], block, key) for key, _word in trace.classes]
        for line in _lines(scores, words, palette):
            figure.add_trace(line.update(xaxis=f"x{suffix}", yaxis=f"y{suffix}"))
        last = number == len(trace.blocks) - 1
        figure.update_layout(
            {
                f"xaxis{suffix}": {
                    "range": [-reach, reach],
                    "anchor": f"y{suffix}",
                    "fixedrange": True,
                    "zeroline": True,
                    "zerolinecolor": palette.grid,
                    "showticklabels": last,
                    "ticks": "outside" if last else "",
                    "title_text": _("lost by the class, M<sub>s</sub> moved (logits)") if last else "",
                },
                f"yaxis{suffix}": {
                    "domain": [max(top - ROW * rows / inner, 0.0), top],
                    "range": [rows - 0.5, -0.5],
                    "tickvals": list(range(rows)),
                    "ticktext": words,
                    "fixedrange": True,
                    "ticks": "",
                    "ticklabelstandoff": 8,
                    "anchor": f"x{suffix}",
                },
            }
        )
        write_above(figure, f"<b>{block}</b>", y=top, shift=4)
        _write_verdicts(figure, trace, block, f"y{suffix}", palette)
    frame(figure, palette, TOP + inner + 52, top=TOP, right=WIDE)
    return figure


def _write_verdicts(figure: go.Figure, trace: ClassTrustTrace, block: str, axis: str, palette: Palette) -> None:
    """The verdict and its corrected p, right of each row of a block."""
    for verdict in trace.verdicts:
        if verdict.block == block:
            unsure = verdict.code == "not_enough"
            figure.add_annotation(
                x=1,
                xref="paper",
                xanchor="left",
                xshift=12,
                y=[key for key, _word in trace.classes].index(verdict.label),
                yref=axis,
                text=_said(verdict),
                font={"color": palette.muted if unsure else palette.text, "size": 12},
                showarrow=False,
            )


def _said(verdict: ClassVerdict) -> str:
    """A verdict with its corrected p; that a gate does nothing is told by its interval, not by p."""
    said = VERDICTS[verdict.code]
    return said if verdict.code == "no_matter" else f"{said} · p {say_p(verdict.p_holm)}"


def _lines(scores: list[ClassScore], words: list[str], palette: Palette) -> list[go.Scatter]:
    """The losses of one block, filled where they are no chance."""
    said = [
        [word, *map(two_digits, (score.value, score.low, score.high)), say_p(score.p_holm)]
        for word, score in zip(words, scores, strict=True)
    ]
    hover = _("{word}: {value} logits<br>95 % from {low} to {high}, corrected p {p}").format(
        word="%{customdata[0]}",
        value="%{customdata[1]}",
        low="%{customdata[2]}",
        high="%{customdata[3]}",
        p="%{customdata[4]}",
    )
    return lines_of_scores(scores, [score.p_holm <= LEVEL for score in scores], said, hover, palette)


def _reach(trace: ClassTrustTrace) -> float:
    """End of the one axis that holds every loss and interval, and zero in its middle."""
    drawn = [score for score in trace.scores if score.name == PLACE[1]]
    ends = [abs(end) for score in drawn for end in (score.value, score.low, score.high) if math.isfinite(end)]
    return 1.1 * max([LEAST_MARGIN, *ends])


def say_p(p: float) -> str:
    """A p to two digits; from so few witnesses none is exactly 0."""
    return "<0.001" if p < 0.001 else f"{p:.2g}"
