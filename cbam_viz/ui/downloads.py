"""What a person can take away from a page: the report, the figures, the numbers."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from cbam_viz.figures.images import lacking_browser
from cbam_viz.language import _
from cbam_viz.studies import drift_numbers, numbers, pictures, report, set_numbers, set_report
from cbam_viz.studies.circuit import CircuitStudy, Drift
from cbam_viz.studies.command import output_name
from cbam_viz.studies.compare import Comparison
from cbam_viz.studies.explain import Explanation
from cbam_viz.studies.panels import View
from cbam_viz.studies.physics import study_physics
from cbam_viz.studies.set_panels import SetView
from cbam_viz.studies.tryout import Tryout, try_edits
from cbam_viz.ui.loaders import known_trust

PARQUET = "application/vnd.apache.parquet"
ZIP = "application/zip"
LABELS = "labels.csv"
Written = TypeVar("Written", str, bytes)
HELP = {
    "html": _("One page for colleagues that opens offline: figures, numbers, the network, and how to make it again."),
    "zip": _("The figures as SVG and PNG, drawn by the browser of the machine that runs the app; takes seconds."),
    "csv": _("All numbers as a table, one value a row."),
    "json": _("All numbers with their names."),
    "parquet": _("The same table as the CSV, with types."),
}


@dataclass(frozen=True)
class Kind:
    """One file to take away.

    Parameters
    ----------
    ending : of its name; also the key of its button.
    label, mime, help : of the button; help is that of the ending where it is empty.
    write : makes the content.
    lacking : why it can't be had, None where it can.
    """

    ending: str
    label: str
    mime: str
    write: Callable[[], str | bytes]
    help: str = ""
    lacking: str | None = None


def show_downloads(explanation: Explanation, look: Callable[[], View], made_by: str = "") -> None:
    """Put all that can be taken away of an explanation in one row; see `list_downloads`."""
    offer_files(list_downloads(explanation, look, made_by), lambda kind: output_name(explanation, kind))


def list_downloads(explanation: Explanation, look: Callable[[], View], made_by: str = "") -> list[Kind]:
    """All that can be taken away of an explanation.

    Parameters
    ----------
    look : gives what is looked at by the time that a button is pressed; a part of the page may have changed it since.
    made_by : the command that makes the file of the signal.
    """
    advice = lacking_browser()
    return [
        Kind("html", _("Report"), "text/html", lambda: _report(explanation, look(), made_by)),
        Kind("zip", _("Figures"), ZIP, lambda: pictures.explanation_zip(explanation, look()), lacking=advice),
        Kind("csv", "CSV", "text/csv", lambda: _table(numbers.explanation_csv, explanation, look())),
        Kind("json", "JSON", "application/json", lambda: _json(explanation, look())),
        Kind("parquet", "Parquet", PARQUET, lambda: _table(numbers.explanation_parquet, explanation, look())),
    ]


def _report(explanation: Explanation, view: View, made_by: str) -> str:
    """The report, with the tests of the window in view where they were run."""
    return report.explanation_html(explanation, view, made_by, known_trust(explanation, view.window))


def _json(explanation: Explanation, view: View) -> str:
    """The numbers, with those of physics, of what was tried and of the tests that were run."""
    physics, trust = study_physics(explanation, view), known_trust(explanation, view.window)
    return numbers.explanation_json(explanation, _try(explanation, view), physics, trust, view.block)


def _table(write: Callable[..., Written], explanation: Explanation, view: View) -> Written:
    """The numbers as a table, with all that the JSON has."""
    physics, trust = study_physics(explanation, view), known_trust(explanation, view.window)
    return write(explanation, view.window, physics, _try(explanation, view), trust)


def _try(explanation: Explanation, view: View) -> Tryout | None:
    """The window in view before and after its edits, None where there are none."""
    return try_edits(explanation, view.window, view.edits) if view.edits else None


def show_set_downloads(comparison: Comparison, view: SetView, source: Sequence[str], labels: str | None) -> None:
    """Put all that can be taken away of a comparison in one row.

    Parameters
    ----------
    comparison, view : what is looked at.
    source : words of the command line that give the same set.
    labels : the set as a table of labels, None for a set that needs none.
    """

    def page() -> str:
        return set_report.comparison_html(comparison, view, set_report.command_again(comparison, view, source))

    kinds = [
        Kind("html", _("Report"), "text/html", page),
        Kind("csv", "CSV", "text/csv", lambda: set_numbers.comparison_csv(comparison), _("Both gates, tidy.")),
        Kind("json", "JSON", "application/json", lambda: set_numbers.comparison_json(comparison, view)),
        Kind(
            "zip",
            "Parquet",
            ZIP,
            lambda: pack(set_numbers.comparison_parquet(comparison, view)),
            _("Gates, recordings, views."),
        ),
    ]
    if labels is not None:
        kinds.append(Kind("labels.csv", _("Labels"), "text/csv", lambda: labels, _("The classes, for the next set.")))
    offer_files(kinds, lambda kind: kind if kind == LABELS else f"comparison {comparison.labelled.card.name}.{kind}")


def offer_files(kinds: Sequence[Kind], name: Callable[[str], str]) -> None:
    """Put files in one row; each is made when its button is pressed."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        for kind in kinds:
            st.download_button(
                kind.label,
                kind.write,
                name(kind.ending),
                kind.mime,
                key=kind.ending,
                help=kind.lacking or kind.help or HELP[kind.ending.rpartition(".")[2]],
                on_click="ignore",
                type="primary" if kind.ending == "html" else "secondary",
                icon=":material/download:" if kind.ending == "html" else None,
                disabled=kind.lacking is not None,
            )


def show_circuit_downloads(study: CircuitStudy, drift: Drift | None) -> None:
    """Put all that can be taken away of a circuit that was set in one row, with the sweep or map that is shown."""
    card = study.explanation.card
    response = _("The response, one sample a row, beside the nominal one and the band.")
    kinds = [
        Kind("csv", _("Response"), "text/csv", lambda: drift_numbers.response_csv(study), response),
        Kind("json", "JSON", "application/json", lambda: drift_numbers.study_json(study, drift)),
        Kind("parquet", "Parquet", PARQUET, lambda: numbers.explanation_parquet(study.explanation), _("Both gates.")),
    ]
    if drift is not None:
        every = _("One circuit a row: where its parts stand, and what the network says.")
        kinds += [
            Kind("drift.csv", _("Drift, CSV"), "text/csv", lambda: drift_numbers.drift_csv(drift, card), every),
            Kind(
                "drift.parquet", _("Drift, Parquet"), PARQUET, lambda: drift_numbers.drift_parquet(drift, card), every
            ),
        ]
    offer_files(kinds, lambda kind: f"{study.explanation.signal.name}.{kind}")


def pack(files: Mapping[str, bytes]) -> bytes:
    """Files by their names as one archive; the same files give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return packed.getvalue()
