"""Compare as a person meets it, in a real browser: a set of their own, a window in Inspect, and the way back."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from cbam_viz.datasets.samples import list_samples
from tests.browser.conftest import DESKTOP, MOST_MS, PHONE, settle
from tests.browser.test_inspect import DRAWN, download, figure, grave_faults, hangs_over

VIEWS = ("class_channels", "aligned", "difference", "distances", "plane", "pair", "separation")
COUNTS = {
    "Healthy": "3 recordings · 24 windows",
    "Inner race": "5 recordings · 40 windows",
    "Outer race": "4 recordings · 32 windows",
}
ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36"
)
NESTED = re.compile(r"/compare/_stcore/")
"""Where Streamlit's own page looks for its server first when it is opened below the root."""


@pytest.fixture(scope="session")
def twelve(tmp_path_factory) -> list[Path]:
    """Twelve measured recordings whose names tell three classes."""
    folder = tmp_path_factory.mktemp("twelve")
    paths = []
    for sample in sorted(each.path for each in list_samples()):
        if not sample.stem.startswith("sim_"):
            paths.append(folder / sample.name.replace("normal", "healthy"))
            paths[-1].write_bytes(sample.read_bytes())
    return paths


def compared(page: Page) -> None:
    """Wait until a set is compared and every view is drawn."""
    for name in VIEWS:
        expect(figure(page, name).locator(DRAWN)).not_to_have_count(0)
    settle(page)


def go_to(page: Page, name: str) -> None:
    """Take the link to a page."""
    page.get_by_role("link", name=name).click()


def counted(page: Page) -> None:
    """The classes of the twelve recordings stand on the page, each with how many there are of it."""
    for name, count in COUNTS.items():
        expect(page.get_by_test_id("stMain").get_by_text(name, exact=True).first).to_be_visible()
        expect(page.get_by_text(count, exact=True)).to_be_visible()


def visit(browser, url: str, **options) -> Iterator[Page]:
    """A person's page at a URL below the root; in the end the browser must have complained of nothing else."""
    context = browser.new_context(**{"viewport": DESKTOP} | options)
    context.set_default_timeout(MOST_MS)
    page, complaints = context.new_page(), []
    page.on(
        "console",
        lambda said: (
            complaints.append(said.text) if said.type == "error" and not NESTED.search(said.location["url"]) else None
        ),
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url)
    compared(page)
    yield page
    context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def samples(browser, app) -> Iterator[Page]:
    """Compare as it opens."""
    yield from visit(browser, f"{app}compare")


@pytest.fixture(scope="module")
def small_and_dark(browser, app) -> Iterator[Page]:
    """The same on a small screen with a dark colour scheme."""
    yield from visit(browser, f"{app}compare", viewport=PHONE, color_scheme="dark", user_agent=ANDROID)


@pytest.fixture(scope="module")
def own_set(browser, app, twelve) -> Iterator[Page]:
    """Compare with twelve recordings that a person uploads at once."""
    for page in visit(browser, f"{app}compare"):
        page.get_by_text("Your files").click()
        expect(page.get_by_text("Add recordings of at least two classes")).to_be_visible()
        page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(twelve)
        expect(page).to_have_url(re.compile(r"set=[\w-]{22}"))
        compared(page)
        yield page


def test_it_opens_on_a_compared_set(samples):
    """The first picture needs nothing of the person: classes with their counts, and seven figures in words too."""
    counted(samples)
    for name in VIEWS:
        expect(figure(samples, name)).to_have_attribute("aria-label", re.compile(r"\w+"))


def test_everyone_can_use_it(samples):
    """No rule of accessibility is broken gravely on a large, light screen."""
    assert grave_faults(samples) == []


def test_everyone_can_use_it_on_a_phone_at_night(small_and_dark):
    """Nor on a small, dark one, which scrolls in one direction."""
    assert grave_faults(small_and_dark) == []
    assert hangs_over(small_and_dark) == []


def test_a_phone_has_a_above_b(small_and_dark, samples):
    """Beside each other they would be narrow there; a large screen has them side by side."""
    for page, layout, height in ((small_and_dark, "one above the other", 1_100), (samples, "side by side", 700)):
        assert page.get_by_role("radio", name=layout).is_checked()
        assert figure(page, "pair").bounding_box()["height"] == pytest.approx(height, rel=0.2)


def test_every_gate_is_tested_on_request(samples):
    """A click tests the set; the verdicts are there in words too, open to all, and the URL brings them back at once."""
    page = samples
    assert figure(page, "class_trust").count() == 0
    page.get_by_role("button", name="Test every gate").click()
    expect(figure(page, "class_trust").locator(DRAWN).first).to_be_visible(timeout=8 * MOST_MS)
    settle(page)
    assert "tested=True" in page.url
    said = figure(page, "class_trust").get_attribute("aria-label")
    assert said.startswith("12 verdicts, one a block and class: ")
    page.get_by_text("Every verdict, with what it rests on (12)").click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    assert grave_faults(page) == []
    told = json.loads(download(page, "JSON").path().read_text())
    assert len(told["views"]["class_trust"]["verdicts"]) == 12

    page.reload()
    compared(page)
    expect(figure(page, "class_trust")).to_have_attribute("aria-label", said)


def test_a_phone_finds_the_other_page(small_and_dark):
    """On a small screen the links to the pages are in the sidebar."""
    small_and_dark.get_by_test_id("stExpandSidebarButton").click()

    expect(small_and_dark.get_by_role("link", name="Inspect")).to_be_in_viewport()
    assert hangs_over(small_and_dark) == []


def test_twelve_uploads_are_a_set(own_set):
    """Names tell the three classes; the map says in words what it shows of how many recordings."""
    counted(own_set)
    said = figure(own_set, "class_channels").get_attribute("aria-label")
    assert "Healthy 3 recordings; Inner race 5 recordings; Outer race 4 recordings" in said


def test_everyone_can_use_the_table_of_files(own_set):
    """The table in which classes are corrected is open to all."""
    own_set.get_by_text("Files and their classes (12)").click()
    expect(own_set.get_by_test_id("stDataFrame")).to_be_visible()
    assert grave_faults(own_set) == []
    own_set.get_by_text("Files and their classes (12)").click()


def test_the_numbers_are_those_of_the_command_line(own_set, twelve, tmp_path):
    """JSON and CSV of the page are, digit for digit, what the command line writes of the same files."""
    outputs = {kind: tmp_path / f"cli.{kind}" for kind in ("json", "csv")}
    labels = download(own_set, "Labels").path().read_text()
    assert set(pd.read_csv(download(own_set, "Labels").path())["class"]) == {"normal", "inner", "outer"}
    (twelve[0].parent / "labels.csv").write_text(labels)
    command = [sys.executable, "-m", "cbam_viz", "compare", "--labels", "labels.csv", "--network", "mfpt-3"]
    for kind, path in outputs.items():
        command += [f"--{kind}", path]
    environment = {"PYTHONPATH": str(Path(__file__).parents[2])}
    subprocess.run(command, cwd=twelve[0].parent, env=environment, check=True, capture_output=True)
    saved = {kind: download(own_set, name) for kind, name in (("json", "JSON"), ("csv", "CSV"))}

    assert json.loads(saved["json"].path().read_text()) == json.loads(outputs["json"].read_text())
    assert saved["csv"].path().read_text() == outputs["csv"].read_text()


def test_a_reload_is_where_it_was(own_set):
    """The URL brings back the set and what is looked at."""
    page = own_set
    page.get_by_role("radiogroup", name="Block").get_by_role("radio", name="2").click()
    expect(figure(page, "class_channels", "block 2").locator(DRAWN).first).to_be_visible()
    page.get_by_role("radio", name="likeness").click()
    expect(page).to_have_url(re.compile("ranked=cluster"))
    compared(page)
    url, said = page.url, [figure(page, name).get_attribute("aria-label") for name in VIEWS]
    page.reload()
    compared(page)

    assert page.url == url
    assert [figure(page, name).get_attribute("aria-label") for name in VIEWS] == said
    counted(page)


def test_a_point_opens_its_window_and_the_set_is_still_there(own_set):
    """A click on a window of the plane shows it in Inspect; the way back leads to the same set and view."""
    page = own_set
    said = figure(page, "class_channels").get_attribute("aria-label")
    for number in (30, 30, 4):
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        figure(page, "plane").scroll_into_view_if_needed()
        figure(page, "plane").locator(".points path").nth(number).click(
            force=True
        )  # Plotly's own layer takes the click
        expect(page.get_by_role("heading", name="What does it look at in this signal?")).to_be_visible()
        expect(page).to_have_url(re.compile(r"signal=[\w-]{22}.*window=\d"))
        expect(page.get_by_role("combobox", name="Sample or upload")).to_have_value(re.compile(r"\.npz$"))
        settle(page)
        assert "set=" not in page.url

        go_to(page, "Compare")
        compared(page)
        assert figure(page, "class_channels").get_attribute("aria-label") == said
        counted(page)
