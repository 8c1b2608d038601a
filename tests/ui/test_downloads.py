"""What the page offers to take away, without a browser."""

import io

import pandas as pd
import pytest

from cbam_viz.analysis.edits import read_edits
from cbam_viz.datasets.samples import SAMPLE_DATA
from cbam_viz.studies.explain import explain
from cbam_viz.studies.panels import View
from cbam_viz.ui.downloads import list_downloads
from tests.ui.screen import verdict


@pytest.fixture
def explained():
    """A shipped sample by a shipped network."""
    return explain(SAMPLE_DATA / "inner_300lb.npz", "mfpt-3")


def taken(explanation, view):
    """What each button but that of the figures gives, by its ending."""
    kinds = list_downloads(explanation, lambda: view)
    return {kind.ending: kind.write() for kind in kinds if kind.ending != "zip"}


def buttons(app):
    """The download buttons by their labels, in order."""
    return {button.proto.label: button.proto for button in app.get("download_button")}


def test_the_report_comes_first(visit):
    """One button is the main one; the others follow, each with a word on what it gives, and all can be pressed."""
    offered = buttons(visit(tab="Try it"))

    assert list(offered) == ["Report", "Figures", "CSV", "JSON", "Parquet"]
    assert [label for label, button in offered.items() if button.type == "primary"] == ["Report"]
    assert all(button.help and not button.disabled for button in offered.values())


def test_without_a_browser_only_the_figures_are_not_offered(visit, monkeypatch):
    """The page stays usable; the button can't be pressed and says what to install."""
    monkeypatch.setenv("BROWSER_PATH", "nowhere")
    app = visit()
    offered = buttons(app)

    assert verdict(app)
    assert [label for label, button in offered.items() if button.disabled] == ["Figures"]
    assert offered["Figures"].help.startswith("Images are drawn by Chrome or Chromium, but no browser at nowhere was")


def test_no_edited_file_looks_untouched(explained):
    """Whatever is taken away tells the edits that were tried, and without edits none does."""
    edited, plain = (taken(explained, View(2, edits=edits)) for edits in (read_edits("mute:1.3"), ()))

    for files, found in ((edited, True), (plain, False)):
        table = pd.read_parquet(io.BytesIO(files["parquet"]))
        assert ("mute:1.3" in set(table["place"])) == found
        assert all(("mute:1.3" in files[kind]) == found for kind in ("csv", "json"))
        assert ("--edits mute:1.3" in files["html"]) == found
