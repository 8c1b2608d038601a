"""The page Circuit as a person meets it: a slider by keyboard moves picture and verdict at once."""

import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, MOST_MS, PHONE


def open_page(browser, app, query="", **options):
    """The page with its figures drawn."""
    page = browser.new_context(**{"viewport": DESKTOP} | options).new_page()
    page.set_default_timeout(MOST_MS)
    page.goto(f"{app}circuit{query}")
    settle(page)
    return page


def settle(page):
    """Wait until nothing more runs."""
    expect(page.get_by_role("button", name="Drift, CSV")).to_be_visible(timeout=3 * MOST_MS)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def faults(page):
    """What axe calls serious or critical."""
    return [
        (fault["id"], node["target"])
        for fault in Axe().run(page).response["violations"]
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"]
    ]


@pytest.fixture
def page(browser, app):
    """The page on a desk."""
    page = open_page(browser, app)
    yield page
    page.context.close()


def test_a_slider_moves_everything_by_keyboard(page):
    """An arrow key moves the part: schematic, verdict, number and URL follow; a reload brings the same back."""
    slider = page.get_by_role("slider", name="C1 · 5.00 nF")
    slider.focus()
    for _step in range(20):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_alt_text(re.compile("Schematic: .*; C1 4.00 nF −20 %"))).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("C1 −"))).to_be_visible()
    expect(page.get_by_role("spinbutton", name="C1 in per cent")).to_have_value("-20")
    expect(page).to_have_url(re.compile("drift=C1%3D-20"))
    said = page.get_by_role("heading", level=2).first.inner_text()
    page.reload()
    settle(page)

    assert page.get_by_role("heading", level=2).first.inner_text() == said


def test_a_move_is_seen_at_once(page):
    """From the key to the picture it takes less than it took to open the page, by far."""
    schematic = page.get_by_alt_text(re.compile("Schematic"))
    slider = page.get_by_role("slider", name="R3 · 2.00 kΩ")
    slider.focus()
    taken = []
    for percent in range(1, 6):
        began = time.monotonic()
        page.keyboard.press("ArrowRight")
        expect(schematic).to_have_attribute("alt", re.compile(rf"R3 \S+ kΩ \+{percent} %"))
        taken.append(time.monotonic() - began)
    began = time.monotonic()
    page.reload()
    settle(page)

    assert sorted(taken)[2] < (time.monotonic() - began) / 2, taken


def test_everyone_can_use_it(page):
    """Nothing that axe calls serious."""
    assert faults(page) == []


def test_it_fits_on_a_phone_at_night(browser, app):
    """Nothing reaches beyond a small screen but the schematic, which scrolls by itself; nothing serious for axe."""
    page = open_page(browser, app, viewport=PHONE, color_scheme="dark")

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert faults(page) == []
    page.context.close()
