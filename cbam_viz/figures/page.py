"""Figures outside the app: as parts of a page that opens offline."""

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["sendChartToCloud"]}
"""No button of a page with a person's own data sends it anywhere."""


def drawing(figure: go.Figure) -> str:
    """One figure as HTML; the page needs `drawing_script` once."""
    return str(figure.to_html(full_html=False, include_plotlyjs=False, config=CONFIG))


def drawing_script() -> str:
    """The program that draws, some megabytes of JavaScript."""
    return str(get_plotlyjs())
