"""Recording as a person meets it, in a real browser: the minute it opens on, a box, a closer look, and Inspect."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, MOST_MS
from tests.browser.test_inspect import grave_faults

WIDE = re.compile(r"[?&]view_to=")


@pytest.fixture
def page(browser, app) -> Iterator[Page]:
    """The page as it opens, scanned; in the end the browser must have complained of nothing."""
    context = browser.new_context(viewport=DESKTOP)
    context.set_default_timeout(2 * MOST_MS)
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{app}recording?network=bearing-sim-4")
    scanned(page)
    yield page
    context.close()
    assert [said for said in complaints if "404" not in said] == []  # Streamlit looks for its server below the page


def scanned(page: Page) -> None:
    """Wait until the events are there and nothing more runs."""
    expect(page.get_by_role("button", name="Events, CSV")).to_be_visible(timeout=2 * MOST_MS)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def draw_box(page: Page, begin: float, end: float) -> None:
    """Draw a box over a part of the picture, as shares of its axis of time."""
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    box = page.locator(".js-plotly-plot .nsewdrag").first.bounding_box()
    height = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + begin * box["width"], height)
    page.mouse.down()
    page.mouse.move(box["x"] + (begin + end) / 2 * box["width"], height)
    page.mouse.move(box["x"] + end * box["width"], height)
    page.mouse.up()


def test_a_box_is_looked_at_closer_and_opened_in_inspect(page):
    """The page says what it found; a box gives its stretch, which fills the picture, and then opens in Inspect."""
    expect(page.get_by_role("heading", name="4 events")).to_be_visible()
    assert grave_faults(page) == []
    draw_box(page, 7 / 60, 12 / 60)
    expect(page.get_by_text("Picked:")).to_be_visible()
    page.get_by_role("button", name="Look closer").click()
    expect(page).to_have_url(WIDE)
    scanned(page)
    axis = page.evaluate("document.querySelector('.js-plotly-plot').layout.xaxis.range")
    assert axis == [pytest.approx(7, abs=0.2), pytest.approx(12, abs=0.2)]
    draw_box(page, 0.3, 0.5)
    page.get_by_role("button", name="Open in Inspect").click()
    expect(page.get_by_role("heading", name="What does it look at in this signal?")).to_be_visible()
    expect(page.get_by_role("heading", name="Inner race")).to_be_visible()
    expect(page.get_by_role("combobox", name="Sample or upload")).to_have_value(re.compile("simulated minute 8"))
