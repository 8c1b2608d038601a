"""*Try it* and *Listen* as a person meets them: a span is dragged, and sound runs with a cursor until one leaves."""

import json
import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

COUNT_STOPPED = """() => {
    window.running = 0;
    const { start, stop } = AudioBufferSourceNode.prototype;
    AudioBufferSourceNode.prototype.start = function (...when) { window.running += 1; return start.apply(this, when) };
    AudioBufferSourceNode.prototype.stop = function (...when) { window.running -= 1; return stop.apply(this, when) };
}"""

CANCEL = """() => new MutationObserver((_seen, watch) => {
    const button = document.querySelector(".st-key-cancel button");
    const bar = document.querySelector("[data-testid=stProgress]");
    if (!button || !bar) return;
    watch.disconnect();
    window.said = bar.innerText;
    button.click();
}).observe(document.body, { childList: true, subtree: true })"""
"""The tests take a second or two: the button is pressed as soon as it is there."""


DRAWN = """() => {
    const figure = document.querySelector(".st-key-tryout .js-plotly-plot"), traces = figure._fullData;
    const ends = values => [Math.min(...values), Math.max(...values)];
    const lines = traces.filter(each => each.type === "scatter" && each.yaxis === "y");
    const hatched = lines.filter(each => each.fillpattern?.shape);
    return {
        range: figure._fullLayout.yaxis.range,
        waves: lines.filter(each => !hatched.includes(each)).map(each => ends(each.y)),
        strips: traces.filter(each => each.type === "heatmap").map(each => [each.yaxis, each.zmin, each.zmax]),
        masked: hatched.map(each => ends(each.x)),
    };
}"""
"""The scales of before | after as the browser has them."""


def still(page):
    """Wait until the app has done all it was asked."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def drag(page, low, high):
    """Draw a box over the signal, from one share of its width to another."""
    figure = page.locator(".st-key-tryout .js-plotly-plot")
    expect(figure.locator(".main-svg").first).to_be_visible()
    figure.scroll_into_view_if_needed()
    place = page.locator(".st-key-tryout .nsewdrag").first.bounding_box()
    across, down = place["width"], place["y"] + 60
    page.mouse.move(place["x"] + low * across, down)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(place["x"] + (low + step * (high - low) / 5) * across, down + step)
    page.mouse.up()


@pytest.fixture
def faults():
    """What axe calls serious or critical on a page."""
    return lambda page: [
        (fault["id"], node["target"])
        for fault in Axe().run(page).response["violations"]
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"]
    ]


def test_a_dragged_span_is_masked_and_undone(visit, faults):
    """The span fills the fields, Add masks it and puts it into the URL, Undo takes it back."""
    page = visit
    page.get_by_role("tab", name="Try it").click()
    drag(page, 0.25, 0.5)
    expect(page.get_by_role("spinbutton", name="From (ms)")).to_have_value(re.compile(r"^4[12]"))
    expect(page.get_by_role("spinbutton", name="To (ms)")).to_have_value(re.compile(r"^8[345]"))

    page.get_by_role("button", name="Add", exact=True).click()
    expect(page).to_have_url(re.compile(r"edits=mask%3A4[12]"))
    expect(page.get_by_text(re.compile("^Inner race goes from 97.7% to"))).to_be_visible()
    still(page)
    assert faults(page) == []

    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_text("Nothing is changed yet")).to_be_visible()
    still(page)
    assert "edits" not in page.url


def test_sound_runs_and_ends_with_the_tab(visit, faults):
    """Play moves the cursor, another sound goes on at the same place, and leaving the tab ends it."""
    page = visit
    page.evaluate(COUNT_STOPPED)
    page.get_by_role("tab", name="Listen").click()
    place = page.get_by_role("slider", name="Place in the sound")
    expect(place).to_be_visible()
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    seen = set()
    for _look in range(10):
        seen.add(place.input_value())
        time.sleep(0.02)
    assert len(seen) > 1

    page.get_by_role("radio", name="weighted").click()
    expect(page.get_by_role("radio", name="weighted")).to_be_checked()
    assert page.evaluate("window.running") == 3
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="difference")).to_be_focused()
    assert faults(page) == []

    page.get_by_role("tab", name="Try it").click()
    page.wait_for_function("window.running === 0")
    still(page)


def test_an_edit_runs_its_part_alone(visit):
    """Adding and undoing leaves the figures above as they were, and the report that is saved holds the edit."""
    page = visit
    page.get_by_role("tab", name="Try it").click()
    expect(page.locator(".st-key-tryout .js-plotly-plot .main-svg").first).to_be_visible()
    still(page)
    page.evaluate("document.querySelector('.st-key-spatial .js-plotly-plot').mark = 'the same'")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text(re.compile("^Inner race goes from 97.7% to"))).to_be_visible()
    expect(page).to_have_url(re.compile("edits=mask"))
    still(page)
    with page.expect_download() as begun:
        page.get_by_role("button", name="JSON").click()
    assert json.loads(begun.value.path().read_text(encoding="utf-8"))["edits"].startswith("mask:")
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(page.get_by_text("Nothing is changed yet")).to_be_visible()
    still(page)
    assert "edits" not in page.url
    assert page.evaluate("document.querySelector('.st-key-spatial .js-plotly-plot').mark") == "the same"


def test_before_and_after_keep_one_scale(visit):
    """A mask and loud noise, each run in its part alone: one axis holds both signals, one range each pair of strips."""
    page = visit
    page.get_by_role("tab", name="Try it").click()
    drag(page, 0.25, 0.5)
    expect(page.get_by_role("spinbutton", name="From (ms)")).to_have_value(re.compile(r"^4[12]"))
    asked = [float(page.get_by_role("spinbutton", name=name).input_value()) for name in ("From (ms)", "To (ms)")]
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page).to_have_url(re.compile("edits=mask"))
    page.get_by_role("combobox", name="Change").click()
    page.get_by_role("option", name="Add noise").click()
    page.get_by_role("spinbutton", name="SNR (dB)").fill("-20")
    page.get_by_role("spinbutton", name="SNR (dB)").press("Enter")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page).to_have_url(re.compile("noise%3A-20"))
    still(page)

    drawn = page.evaluate(DRAWN)
    (low, high), (before, after) = drawn["range"], drawn["waves"]
    assert low < min(before[0], after[0])
    assert high > max(before[1], after[1]) > 3 * before[1]
    assert len(drawn["strips"]) == 2 * len({tuple(each) for each in drawn["strips"]}) == 6
    assert drawn["masked"] == [asked]


def test_tests_are_cancelled_and_go_on(visit):
    """Cancel ends the tests between two batches, says what is missing, and what is done is kept for going on."""
    page = visit
    page.evaluate(CANCEL)
    page.get_by_role("tab", name="Trust").click()
    said = page.get_by_text(re.compile("^Cancelled: [0-4] of 5 tests are done. Missing: .*stretches masked in order"))
    expect(said).to_be_visible()
    assert re.match("test [1-5] of 5: ", page.evaluate("window.said"))
    still(page)
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".st-key-trust .js-plotly-plot .main-svg").first).to_be_visible()
    expect(said).to_have_count(0)
    still(page)
