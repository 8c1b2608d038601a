"""What the page offers to take away, without a browser."""

import html
import io
import json
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

from cbam_viz.analysis.edits import read_edits
from cbam_viz.datasets.samples import SAMPLE_DATA
from cbam_viz.studies.explain import explain
from cbam_viz.studies.panels import View
from cbam_viz.studies.physics_numbers import SCORES
from cbam_viz.studies.trust_numbers import trust_json
from cbam_viz.studies.trust_words import say_verdict_of_gate
from cbam_viz.ui.downloads import list_downloads
from cbam_viz.ui.loaders import load_trust
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


def test_the_tests_are_taken_along_once_they_were_run(explained):
    """Report, JSON, CSV and Parquet hold the verdict and each test of the window in view, made outside any run."""
    trust = load_trust(explained, 2, lambda _steps: None, lambda: None)
    with ThreadPoolExecutor(1) as outside:
        files = outside.submit(taken, explained, View(2, 1)).result()
    told = json.loads(files["json"], parse_constant=pytest.fail)["trust"]
    sentence = say_verdict_of_gate(explained, 2, trust.verdicts[1], trust.scores)
    table = pd.read_parquet(io.BytesIO(files["parquet"]))
    written = pd.read_csv(io.StringIO(files["csv"]), dtype={"place": str})

    named = json.loads(trust_json(explained, trust, 1))
    assert told == {key: named[key] for key in ("window", "tests", "verdict", "verdicts")}
    assert told["verdict"] == {"code": trust.verdicts[1].code, "block": "block 2", "sentence": sentence}
    assert html.escape(sentence, quote=False) in html.unescape(files["html"])
    assert "<caption>Tests of block 2</caption>" in files["html"]
    assert "python -m cbam_viz trust inner_300lb.npz --network mfpt-3" in files["html"]
    for found in (table, written):
        assert sentence in set(found["place"])
        for test in told["tests"]:
            own = found[(found["quantity"] == test["name"]) & (found["block"] == test["block"])]
            known = {key: value for key in SCORES if (value := test[key]) is not None}
            assert dict(zip(own["place"], own["value"], strict=True)) == pytest.approx(known, rel=1e-6)


def test_without_tests_the_report_says_so(explained):
    """In one line, with what runs them; nothing else speaks of tests, of a window whose neighbour was tested too."""
    load_trust(explained, 2, lambda _steps: None, lambda: None)
    files = taken(explained, View(3))

    assert files["html"].count("The tests of the gates were not run for window 4: the tab Trust of Inspect") == 1
    assert "Tests of block" not in files["html"]
    assert "trust" not in json.loads(files["json"])
    assert not {"verdict", "flatten_spatial"} & set(pd.read_parquet(io.BytesIO(files["parquet"]))["quantity"])
