"""Colours, fonts and margins that all figures share. One hue for attention, a second only for the other sign.

Both scales are safe for the common kinds of colour blindness: the sequential one changes lightness, the signed one is
teal against orange.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from cbam_viz.language import _

Figure = go.Figure
"""What every `plot_` gives; rooms that only pass figures on name it without Plotly."""


@dataclass(frozen=True)
class Palette:
    """One theme's colours, as CSS."""

    text: str
    muted: str
    line: str
    grid: str
    spread: str
    accent: str
    opposite: str
    low: str
    high: str
    background: str
    classes: tuple[str, ...]

    @property
    def sequential(self) -> list[tuple[float, str]]:
        """Colour scale of a gate: from the background's neighbour to the full accent."""
        return [(0.0, self.low), (1.0, self.high)]

    @property
    def diverging(self) -> list[tuple[float, str]]:
        """Colour scale of a signed value: one hue a sign, through the background."""
        return [(0.0, self.opposite), (0.5, self.background), (1.0, self.accent)]

    def mark(self, number: int) -> tuple[str, str]:
        """Colour and symbol of a class by its number; the symbol alone tells the first twelve apart."""
        return self.classes[number % len(self.classes)], SYMBOLS[number % len(SYMBOLS)]


LIGHT = Palette(
    text="#1f2733",
    muted="#6b7482",
    line="#1f2733",
    grid="#d5dae3",
    spread="#e6e8ee",
    accent="#0a736e",
    opposite="#b5500b",
    low="#e9f4f3",
    high="#0a5c58",
    background="#ffffff",
    classes=("#0a736e", "#b5500b", "#3f5fb8", "#a8327e", "#8a6d00", "#6b7482", "#7a3fc0"),
)
DARK = Palette(
    text="#e8ecf2",
    muted="#9aa5b4",
    line="#f2f5f9",
    grid="#39424f",
    spread="#343d49",
    accent="#35b5ab",
    opposite="#f0904a",
    low="#15282b",
    high="#2fa79e",
    background="#12171e",
    classes=("#35b5ab", "#f0904a", "#86a8f5", "#ee86c2", "#d9bd4e", "#a7b0bd", "#b896f2"),
)
SYMBOLS = (
    "circle", "square", "diamond", "triangle-up", "x", "cross", "star", "triangle-down", "pentagon", "hourglass",
    "star-diamond", "bowtie",
)  # fmt: skip
"""Of the classes, in their order."""
WITH_BAR = 84
"""Right margin in pixels of a figure with a colour bar, and of those that stand in line with it."""
FONT = "'Source Sans', 'Source Sans Pro', 'Segoe UI', 'Noto Sans', sans-serif"


def frame(figure: go.Figure, palette: Palette, height: int, top: int = 8, right: int = 16) -> go.Figure:
    """Give a figure the shared look, its height and its margins in pixels, and give it back."""
    figure.layout.template = _look(palette)
    figure.layout.height = height
    figure.layout.margin = {"l": 72, "r": right, "t": top, "b": 48}
    return figure


@cache
def _look(palette: Palette) -> go.layout.Template:
    """What all figures and all their axes share; built once, since Plotly checks every value of it."""
    axis = {
        "automargin": True,
        "gridcolor": palette.grid,
        "linecolor": palette.grid,
        "showgrid": False,
        "tickfont": {"color": palette.muted, "size": 12},
        "ticks": "outside",
        "tickcolor": palette.grid,
        "title": {"font": {"color": palette.text, "size": 13}, "standoff": 8},
        "zeroline": False,
    }
    return go.layout.Template(
        layout={
            "xaxis": axis,
            "yaxis": axis,
            "font": {"family": FONT, "color": palette.text, "size": 13},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,
            "hoverlabel": {
                "bgcolor": palette.background,
                "font": {"color": palette.text},
                "bordercolor": palette.grid,
            },
            "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": palette.muted, "activecolor": palette.accent},
        }
    )


def write_above(figure: go.Figure, text: str, x: float = 0, y: float = 1, shift: float | None = None) -> None:
    """Write a line that stands on a place of the paper, 0 to 1 each way, and so many pixels higher."""
    figure.add_annotation(
        text=text, x=x, y=y, yshift=shift, xref="paper", yref="paper", xanchor="left", yanchor="bottom", showarrow=False
    )


def add_bars(
    figure: go.Figure,
    palette: Palette,
    value: NDArray[np.floating],
    band: NDArray[np.floating],
    said: Sequence[str],
    middle: NDArray[np.floating] | float = 0.0,
    **axes: Any,
) -> None:
    """Draw a bar a value, in one of two colours by its sign, over what is usual or by chance.

    Parameters
    ----------
    value : (C,) array, where each bar ends.
    band : (C,) array, how far what is usual or by chance reaches to either side of the middle.
    said : of each bar where the pointer rests on it.
    middle : where the sign changes, (C,) array or one for all.
    axes : Plotly's ``xaxis`` and ``yaxis``.
    """
    place = list(range(len(value)))
    figure.add_trace(
        go.Bar(
            x=place,
            y=2 * band,
            base=middle - band,
            width=0.9,
            marker={"color": palette.spread, "line_width": 0},
            hoverinfo="skip",
            **axes,
        )
    )
    figure.add_trace(
        go.Bar(
            x=place,
            y=value,
            width=0.6,
            marker={
                "color": [palette.accent if each >= 0 else palette.opposite for each in value - middle],
                "line_width": 0,
            },
            customdata=list(said),
            hovertemplate="%{customdata}<extra></extra>",
            **axes,
        )
    )


def on_paper(figure: go.Figure) -> go.Figure:
    """A copy of a figure that stands on white, wherever it is put."""
    return go.Figure(figure).update_layout(paper_bgcolor=LIGHT.background)


def wave_title(unit: str) -> str:
    """Title of an axis of the signal itself, with its unit where that is known."""
    name = {"g": _("acceleration"), "m/s²": _("acceleration"), "V": _("voltage")}.get(unit, _("signal"))
    return f"{name} ({unit})" if unit else name
