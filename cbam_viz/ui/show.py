"""A picture on a page: the figure, its words for those who can't see it, and the caption below."""

import re
from typing import Any, Literal

import streamlit as st

from cbam_viz.figures.style import DARK, LIGHT, Palette
from cbam_viz.studies.panels import Panel
from cbam_viz.studies.tables import Table

CALM = {"displayModeBar": False}
SELECT = {"displaylogo": False, "modeBarButtons": [["toImage", "select2d", "zoom2d", "pan2d", "resetScale2d"]]}
ZOOM = {"displaylogo": False, "modeBarButtons": [["toImage", "zoom2d", "pan2d", "resetScale2d"]]}


_MARKS = re.compile(r"([\\`*_{}\[\]<>$~#|])")


def plain(text: str) -> str:
    """A text in which a file's name may stand, such that Markdown shows it as it is."""
    return _MARKS.sub(r"\\\1", text)


def theme_palette() -> Palette:
    """The colours of the theme that is seen."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def is_phone() -> bool:
    """Whether the browser says that it is one of a small screen."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def show(
    panel: Panel,
    key: str,
    config: dict[str, Any] = CALM,
    on_select: Any = "ignore",
    advice: str = "",
    select: Literal["points", "box"] = "points",
) -> None:
    """Put a picture on the page, with its caption."""
    st.plotly_chart(
        panel.figure,
        theme=None,
        config=config,
        key=key,
        on_select=on_select,
        selection_mode=select,
        alt=panel.alt,
    )
    st.caption(f"{panel.caption} {advice}")


def show_table(table: Table) -> None:
    """Put rows of words on the page, which wrap where it is narrow."""
    columns = dict(zip(table.heads, zip(*table.rows, strict=True), strict=True))
    st.table(columns, hide_index=True, border="horizontal", alt=table.title)
