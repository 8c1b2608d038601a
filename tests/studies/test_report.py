"""The page for colleagues: it needs nothing but itself, and says what was found, where, and by which network."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from cbam_viz import __version__
from cbam_viz.analysis.diagnosis import trace_diagnosis
from cbam_viz.language import percent
from cbam_viz.studies.assess_words import list_worth, say_worth
from cbam_viz.studies.explain import explain
from cbam_viz.studies.panels import View, draw_panels
from cbam_viz.studies.report import explanation_html
from cbam_viz.studies.words import say_verdict

LOADING_TAG = re.compile(r"<(script|link|img|iframe|object|embed|source|base)\b([^>]*)>", re.IGNORECASE)
VIEW = View(window=2, block=1, shaft_hz=25.0, bearing="NICE")


@pytest.fixture(scope="module")
def written(explained):
    """The report of one window."""
    return explanation_html(explained, VIEW)


def body(page):
    """All that a person sees of a page."""
    return page.rpartition("<body>")[2]


def facts(page):
    """Every term of the page, and what is said of it."""
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", body(page)))


def test_page_opens_offline(written):
    """No tag of the page names a file to load; it has the program that draws, once, and seven figures to draw."""
    tags = LOADING_TAG.findall(written)

    assert [attributes for _, attributes in tags if re.search(r"\b(src|href|data)\s*=", attributes)] == []
    assert not re.search(r"@import|url\(", written[: written.index("<script>")])
    assert written.count("* plotly.js v") == 1
    assert body(written).count("<figure ") == body(written).count("Plotly.newPlot(") == 7


def test_page_forbids_itself_the_network(written):
    """Its own policy lets nothing be fetched, not even by what a figure's words might smuggle in."""
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', written)[1]

    assert policy.startswith("default-src 'none';")
    assert not re.search(r"https?:|\*|'self'", policy)


def test_page_says_what_the_app_says(written, explained):
    """Verdict with runner-up, where the window lies, what was done to the signal, and the honest numbers."""
    best, rest = say_verdict(trace_diagnosis(explained.record, explained.card, 2))
    results, told = explained.card.results, facts(written)

    assert f'<h2 class="verdict">{best} · {rest}</h2>' in written
    assert "This recording was in training: its diagnosis proves nothing." in written
    start = 2 * 2048 / 12_207
    assert told["Window"] == f"3 of 8, from {start:.3f} s to {start + 2048 / 12_207:.3f} s"
    for sentence in (*explained.notes, results.protocol, results.shared):
        assert sentence in written
    assert told["What its gates are worth"] == say_worth(explained.card)
    assert f"<caption>{list_worth(explained.card).title}</caption>" in written
    assert told["Accuracy"] == (
        f"{percent(results.accuracy)} a window, mean of {len(results.folds)} folds; "
        f"{percent(results.worst)} in the worst fold"
    )


def test_page_tells_signal_and_machine(written):
    """File, channel, unit, rate, length, speed and bearing, and the line of the fault that they give."""
    told = facts(written)

    assert {term: told[term] for term in ("File", "Channel", "Unit", "Sampling rate", "Length", "Bearing")} == {
        "File": "inner_300lb.npz",
        "Channel": "samples",
        "Unit": "g",
        "Sampling rate": "48828 Hz",
        "Length": "73242 samples, 1.500 s",
        "Bearing": "NICE",
    }
    assert told["Shaft"] == "25 Hz, which is 1500 rpm"
    assert told["BPFI"] == "118.88 Hz, one strike every 8.41 ms"


def test_page_can_be_traced(written, explained):
    """Program, samples and weights are named so that nobody can mistake them."""
    told = facts(written)

    assert told["Program"] == f"cbam-viz {__version__}"
    assert told["SHA-256 of samples and rate"] == explained.signal.digest
    assert told["SHA-256 of the weights"] == explained.network.digest


def test_every_figure_has_caption_and_words_in_its_place(written, explained):
    """Each picture says below what it shows, and to those who can't see it, what is seen."""
    for panel in draw_panels(explained, VIEW).values():
        assert f'<figure aria-label="{panel.alt}">' in written
        assert f"<figcaption>{panel.caption}</figcaption>" in written


def test_what_is_not_known_is_said(explained):
    """Without speed and bearing both are said to be unknown, and no line is drawn."""
    page = explanation_html(explained, View(2))

    assert (facts(page)["Shaft"], facts(page)["Bearing"]) == ("not known", "not known")
    assert "BPF" not in body(page)
    assert "BPFI = 8.41 ms" in body(explanation_html(explained, VIEW))


def test_the_same_view_gives_the_same_page(written, explained):
    """Nothing on the page is of the moment it was written, so two pages can be compared as files."""
    assert explanation_html(explained, VIEW) == written


def test_words_of_a_file_stay_words(write, network, explained):
    """Names, units and classes that look like tags are text on the page, and no part of its program."""
    hostile = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
    samples = np.random.default_rng(0).normal(size=3 * 12_207)
    explanation = explain(write(samples, name="a<b>&.npz", unit=hostile), network)
    classes = tuple(replace(name, words=hostile) for name in network.card.classes)
    named = replace(
        explanation,
        signal=replace(explanation.signal, channel=hostile),
        network=replace(network, card=replace(network.card, classes=classes)),
    )
    page = explanation_html(named, View(0))

    assert hostile not in page
    assert "<title>a&lt;b&gt;&amp;.npz, &lt;img src=x" in page
    assert page.count("<script") == explanation_html(explained, View(0)).count("<script")


@pytest.mark.parametrize("block", [0, 1, 2])
@pytest.mark.parametrize("scale", ["usual", "unit", "map"])
def test_page_shows_the_block_and_scale_that_were_asked_for(explained, block, scale):
    """What stands on the colour bar is what was asked for."""
    words = {"usual": "usual range", "unit": "0–1", "map": "this map"}[scale]
    page = explanation_html(explained, View(0, block, scale))
    title = json.dumps(f"M<sub>s</sub> block {block + 1}, {words}").replace("<", "\\u003c").replace(">", "\\u003e")

    assert title.replace("/", "\\u002f") in page
