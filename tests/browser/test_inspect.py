"""Inspect as a person meets it, in a real browser. Tests share pages, and each leaves its page usable for the next."""

import contextlib
import json
import re
import subprocess
import sys
import zipfile

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Download, Locator, expect

from tests.browser.conftest import DESKTOP, PHONE

GRAVE = {"serious", "critical"}
PAPER = {"width": 680, "height": 1001}
"""A4 without the margins of a report, in pixels."""
MEDIA_BOX = re.compile(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]")
WIDER = """most => [...document.querySelectorAll("body, body :not(svg *), svg text")]
    .filter(part => part.getBoundingClientRect().right > most + 1)
    .map(part => `${part.tagName} ${part.className} ${part.getBoundingClientRect().right}`)"""
NOTE_WIDTHS = """addEventListener("beforeprint", () => {
    window.printed = [...document.querySelectorAll("figure .svg-container")].map(each => each.offsetWidth)})"""
DRAWN = ".overplot .trace, .overplot .hm"  # Plotly's lines and cells


def window(page) -> Locator:
    """The slider that picks the window."""
    return page.get_by_role("slider", name="Window")


def block(page, number: int) -> Locator:
    """The button that picks a block."""
    return page.get_by_role("radiogroup", name="Block").get_by_role("radio", name=str(number))


def verdict(page) -> Locator:
    """The line that says what the window is diagnosed as."""
    return page.get_by_test_id("stMain").get_by_role("heading").filter(has_text="next:")


def figure(page, name: str, saying: str = "") -> Locator:
    """One figure by its key, once it says this to people who can't see it."""
    said = f"[aria-label*='{saying}']" if saying else ""
    return page.locator(f".st-key-{name} [role=figure]{said}")


def download(page, name: str) -> Download:
    """Press a download button."""
    with page.expect_download() as begun:
        page.get_by_role("button", name=re.compile(rf"^(?!Download as ).*{name}$")).click()  # tables offer their own
    return begun.value


def grave_faults(page) -> list[str]:
    """What axe calls serious or critical, and where."""
    return [
        f"{fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in Axe().run(page).response["violations"]
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
    ]


def hangs_over(page) -> list[str]:
    """The scrolling parts of the page that are wider than what is seen of them."""
    return page.evaluate(
        """() => [document.documentElement, ...document.querySelectorAll(
            "[data-testid=stMain], [data-testid=stSidebar][aria-expanded=true] > *")]
            .filter(part => part.scrollWidth > part.clientWidth)
            .map(part => `${part.tagName} ${part.dataset.testid} ${part.scrollWidth} > ${part.clientWidth}`)"""
    )


def test_it_opens_on_an_explained_sample(first_visit):
    """The first picture needs nothing of the person: a verdict, and four figures with something in them."""
    expect(verdict(first_visit)).to_contain_text("Inner race")
    for name in ("spatial", "channels", "overview", "diagnosis"):
        expect(figure(first_visit, name).locator(DRAWN).first).to_be_visible()
        expect(figure(first_visit, name)).to_have_attribute("aria-label", re.compile(r"\w+"))


def test_tab_reaches_the_signal_first(first_visit):
    """After the link that skips the sidebar, the keyboard's first stop is the signal."""
    page = first_visit
    page.get_by_role("link", name="Skip to main content").focus()
    page.keyboard.press("Tab")

    expect(page.get_by_role("combobox", name="Sample or upload")).to_be_focused()


def test_everyone_can_use_it(first_visit):
    """No rule of accessibility is broken gravely on a large, light screen."""
    assert grave_faults(first_visit) == []


def test_everyone_can_use_it_on_a_phone_at_night(phone_at_night):
    """Nor on a small, dark one."""
    background = phone_at_night.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")

    assert background == "rgb(18, 23, 31)"
    assert grave_faults(phone_at_night) == []


def test_a_phone_scrolls_in_one_direction(phone_at_night):
    """On a screen of 390 pixels nothing hangs over, with the sidebar closed or open."""
    page = phone_at_night
    assert hangs_over(page) == []

    page.get_by_test_id("stExpandSidebarButton").click()
    expect(page.get_by_role("combobox", name="Sample or upload")).to_be_in_viewport()
    assert hangs_over(page) == []


def test_an_upload_is_explained(uploaded):
    """A real inner-race fault, uploaded with nothing typed, is called one, and the URL carries its token."""
    expect(uploaded).to_have_url(re.compile(r"signal=[\w-]{22}&"))
    expect(verdict(uploaded)).to_contain_text("Inner race")
    expect(uploaded.get_by_role("spinbutton", name="Rate (Hz)")).to_have_value("48828")
    expect(uploaded.get_by_role("spinbutton", name="Shaft (rpm)")).to_have_value("1500")


def test_next_and_previous_move_the_window(uploaded):
    """The buttons move by one window, and the figure with it."""
    number, drawn = int(window(uploaded).input_value()), figure(uploaded, "spatial").get_attribute("aria-label")
    assert drawn
    uploaded.get_by_role("button", name="Next").click()

    expect(window(uploaded)).to_have_value(str(number + 1))
    expect(figure(uploaded, "spatial", drawn)).to_have_count(0)

    uploaded.get_by_role("button", name="Previous").click()
    expect(window(uploaded)).to_have_value(str(number))
    expect(figure(uploaded, "spatial", drawn)).to_be_visible()


def test_arrow_keys_move_the_window(uploaded):
    """Left and right move by one window from anywhere on the page, also on the slider, and never by two."""
    number = int(window(uploaded).input_value())
    verdict(uploaded).click()
    uploaded.keyboard.press("ArrowLeft")
    expect(uploaded).to_have_url(re.compile(rf"window={number - 1}\b"))
    window(uploaded).focus()
    uploaded.keyboard.press("ArrowRight")

    expect(uploaded).to_have_url(re.compile(rf"window={number}\b"))
    expect(window(uploaded)).to_have_value(str(number))


def test_arrow_keys_in_a_field_stay_there(uploaded):
    """Moving the cursor in a number leaves the window alone."""
    number = window(uploaded).input_value()
    uploaded.get_by_role("spinbutton", name="Rate (Hz)").focus()
    uploaded.keyboard.press("ArrowLeft")
    block(uploaded, 3).click()  # the next thing that happens

    expect(figure(uploaded, "spatial", "block 3")).to_be_visible()
    expect(window(uploaded)).to_have_value(number)


def test_another_block_is_drawn(uploaded):
    """Both figures follow the block."""
    block(uploaded, 2).click()

    for name in ("spatial", "channels"):
        expect(figure(uploaded, name, "block 2")).to_be_visible()


def test_a_mark_opens_its_window(uploaded):
    """A click on a mark of the whole signal goes to that window."""
    for number in (7, 4):
        expect(uploaded.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        marks = figure(uploaded, "overview").locator(".points path")
        for _attempt in range(5):  # a click while Plotly draws anew is lost
            marks.nth(number - 1).click(force=True)  # Plotly's own layer takes the click
            with contextlib.suppress(AssertionError):
                expect(window(uploaded)).to_have_value(str(number), timeout=3_000)
                break
        expect(window(uploaded)).to_have_value(str(number))


def test_the_numbers_are_those_of_the_command_line(uploaded, recording, tmp_path):
    """JSON, CSV and Parquet of the page are, digit for digit, what the command line writes of the same file."""
    outputs = {kind: tmp_path / f"cli.{kind}" for kind in ("json", "csv", "parquet")}
    command = [sys.executable, "-m", "cbam_viz", "explain", recording, "--network", "mfpt-3"]
    for name, number in re.findall(r"[?&](block|window)=(\d)", uploaded.url):  # what other tests left in view
        command += [f"--{name}", number]
    for kind, path in outputs.items():
        command += [f"--{kind}", path]
    subprocess.run(command, check=True, capture_output=True)
    saved = {
        kind: download(uploaded, name) for kind, name in (("json", "JSON"), ("csv", "CSV"), ("parquet", "Parquet"))
    }

    assert {file.suggested_filename for file in saved.values()} == {
        f"mine bearing.gs mfpt-3.{kind}" for kind in outputs
    }
    assert json.loads(saved["json"].path().read_text()) == json.loads(outputs["json"].read_text())
    assert saved["csv"].path().read_text() == outputs["csv"].read_text()
    pd.testing.assert_frame_equal(pd.read_parquet(saved["parquet"].path()), pd.read_parquet(outputs["parquet"]))


def test_the_figures_are_drawn_when_asked_for(uploaded):
    """The zip holds every figure as SVG and PNG, drawn after the button is pressed."""
    saved = download(uploaded, "Figures")

    assert saved.suggested_filename == "mine bearing.gs mfpt-3.zip"
    with zipfile.ZipFile(saved.path()) as archive:
        assert len(archive.namelist()) == 14
        assert all(archive.read(name)[:4] in {b"<svg", b"\x89PNG"} for name in archive.namelist())


@pytest.fixture
def report(uploaded, browser, tmp_path):
    """The downloaded report, opened from a disk without a network; in the end it must have asked for nothing."""
    download(uploaded, "Report").save_as(saved := tmp_path / "report.html")
    requests, errors = [], []
    context = browser.new_context(offline=True, viewport=DESKTOP)
    page = context.new_page()
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type in {"error", "warning"} else None)
    page.goto(saved.as_uri())
    for drawn in page.locator("figure").all():
        expect(drawn.locator(DRAWN).first).to_be_visible()
    yield page
    context.close()
    assert [url for url in requests if not url.startswith("blob:")] == [saved.as_uri()]
    assert errors == []


def test_the_report_opens_offline(report):
    """It draws the same figures and says the same verdict; nothing on it sends anything anywhere."""
    expect(report.get_by_role("heading", level=2).first).to_contain_text("Inner race")
    expect(report.locator("figure")).to_have_count(7)
    expect(report.get_by_role("button", name="Share")).to_have_count(0)  # Plotly's own would upload the figure


def test_everyone_can_use_the_report(report):
    """No rule of accessibility is broken gravely, with every table open."""
    report.get_by_text("All 8 windows").click()

    assert grave_faults(report) == []


@pytest.mark.parametrize("kind", ["SVG", "PNG"])
def test_each_figure_of_the_report_can_be_saved(report, kind):
    """The buttons beside a figure give it as a file, without a server."""
    saved = download(report, f"Save spatial as {kind}")

    assert saved.suggested_filename == f"spatial.{kind.lower()}"
    assert saved.path().read_bytes()[:4] in {b"<svg", b"\x89PNG"}


def test_the_report_fits_a_phone(report):
    """On a screen of 390 pixels the page scrolls in one direction."""
    report.set_viewport_size(PHONE)

    for drawn in report.locator("figure").all():  # Plotly draws anew in a while
        expect(drawn.locator(".main-svg").first).to_have_attribute("width", re.compile(r"^3\d\d$"))
    assert report.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_report_prints_on_a4(report):
    """On paper nothing is wider than the page, no button is left, every table is open, and no figure is cut in two."""
    report.set_viewport_size(PAPER)
    report.emulate_media(media="print")
    report.evaluate("dispatchEvent(new Event('beforeprint'))")

    assert report.evaluate(WIDER, PAPER["width"]) == []
    expect(report.get_by_role("button")).to_have_count(0)
    expect(report.get_by_role("rowheader", name="8", exact=True).last).to_be_visible()
    for drawn in report.locator("figure").all():
        expect(drawn).to_have_css("break-inside", "avoid")
        assert drawn.bounding_box()["height"] < PAPER["height"]


def test_the_printed_report_is_a4(report):
    """Printing gives A4 pages with figures as wide as the paper allows; afterwards they are as wide as before."""
    width = report.locator("figure .main-svg").first.bounding_box()["width"]
    report.evaluate(NOTE_WIDTHS)
    content = report.pdf(prefer_css_page_size=True)

    assert set(report.evaluate("printed")) == {PAPER["width"]}
    assert {tuple(map(round, map(float, box))) for box in MEDIA_BOX.findall(content)} == {(595, 842)}
    assert report.locator("figure .main-svg").first.bounding_box()["width"] == width


def test_a_reload_is_where_it_was(uploaded, recording):
    """The URL brings back the upload, the window and the block."""
    page = uploaded
    block(page, 3).click()
    expect(figure(page, "spatial", "block 3")).to_be_visible()
    url, number, said = page.url, window(page).input_value(), verdict(page).inner_text()
    page.reload()

    expect(page.get_by_role("combobox", name="Sample or upload")).to_have_value(recording.name)
    expect(window(page)).to_have_value(number)
    expect(block(page, 3)).to_be_checked()
    expect(verdict(page)).to_have_text(said)
    expect(figure(page, "spatial", "block 3").locator(DRAWN).first).to_be_visible()
    assert page.url == url


def test_a_recording_of_cwru_goes_to_its_network(cwru_uploaded):
    """Channels, rate, speed and network come from the file."""
    page = cwru_uploaded

    expect(page.get_by_role("combobox", name="Channel")).to_have_value("X105_DE_time")
    expect(page.get_by_role("combobox", name="Network")).to_have_value(re.compile("cwru-10"))
    expect(page.get_by_role("spinbutton", name="Rate (Hz)")).to_have_value("12000")
    expect(page.get_by_role("spinbutton", name="Shaft (rpm)")).to_have_value("1797")
