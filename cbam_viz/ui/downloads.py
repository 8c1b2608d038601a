"""What a person can take away from a page: the report, the figures, the numbers."""

import streamlit as st

from cbam_viz.figures.images import lacking_browser
from cbam_viz.language import _
from cbam_viz.studies import numbers, pictures, report
from cbam_viz.studies.command import output_name
from cbam_viz.studies.explain import Explanation
from cbam_viz.studies.panels import View

PARQUET = "application/vnd.apache.parquet"
HELP = {
    "html": _("One page for colleagues that opens offline: figures, numbers, the network, and how to make it again."),
    "zip": _("The four figures as SVG and PNG, drawn by the browser of the machine that runs the app; takes seconds."),
    "csv": _("All numbers as a table, one value a row."),
    "json": _("All numbers with their names."),
    "parquet": _("The same table as the CSV, with types."),
}


def show_downloads(explanation: Explanation, view: View) -> None:
    """Put all that can be taken away in one row; each is made when its button is pressed."""
    advice = lacking_browser()
    kinds = (
        ("html", _("Report"), "text/html", lambda: report.explanation_html(explanation, view), None),
        ("zip", _("Figures"), "application/zip", lambda: pictures.explanation_zip(explanation, view), advice),
        ("csv", "CSV", "text/csv", lambda: numbers.explanation_csv(explanation), None),
        ("json", "JSON", "application/json", lambda: numbers.explanation_json(explanation), None),
        ("parquet", "Parquet", PARQUET, lambda: numbers.explanation_parquet(explanation), None),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        for kind, label, mime, write, lacking in kinds:
            st.download_button(
                label,
                write,
                output_name(explanation, kind),
                mime,
                key=kind,
                help=lacking or HELP[kind],
                on_click="ignore",
                type="primary" if kind == "html" else "secondary",
                icon=":material/download:" if kind == "html" else None,
                disabled=lacking is not None,
            )
