"""Figures outside the app: as parts of a page that opens offline."""

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from cbam_viz.figures.style import on_paper

CONFIG = {"displaylogo": False, "modeBarButtons": [["zoom2d", "pan2d", "resetScale2d"]]}
"""No button of a page with a person's own data sends it anywhere."""


def drawing(figure: go.Figure, name: str) -> str:
    """One figure as HTML, in an element of this name; the page needs `drawing_script` once."""
    return str(on_paper(figure).to_html(full_html=False, include_plotlyjs=False, config=CONFIG, div_id=name))


def drawing_script() -> str:
    """The program that draws, some megabytes of JavaScript."""
    return str(get_plotlyjs())
