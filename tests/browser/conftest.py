"""A real browser, and the app as a person starts it, with an upload store of its own."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest
import scipy.io
from playwright.sync_api import Browser, Page, expect

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
MOST_MS = 30_000
expect.set_options(timeout=MOST_MS)


def settle(page: Page) -> None:
    """Wait until the page is drawn to its end and nothing more runs."""
    expect(page.get_by_role("button", name="Report")).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args) -> dict[str, Any]:
    """Start the installed browser; where there is none, Playwright's own."""
    installed = next(filter(None, map(shutil.which, BROWSERS)), None)
    return {**browser_type_launch_args, "args": FLAGS} | ({"executable_path": installed} if installed else {})


@pytest.fixture(scope="session")
def app(tmp_path_factory) -> Iterator[str]:
    """Address of the app, which runs until the end and must have logged no traceback by then."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {"port": port, "address": "127.0.0.1", "headless": "true", "fileWatcherType": "none"}
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    for name, value in options.items():
        command += [f"--server.{name}", str(value)]
    environment = os.environ | {"TMPDIR": str(tmp_path_factory.mktemp("app")), "PYTHONUNBUFFERED": "1"}
    server = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    log: list[str] = []
    while "URL: http" not in "".join(log):
        line = server.stdout.readline()
        assert line, "".join(log)  # it ended before it served
        log.append(line)
    listener = Thread(target=lambda: [log.append(line) for line in server.stdout])
    listener.start()
    yield f"http://127.0.0.1:{port}/"
    server.terminate()
    server.wait()
    listener.join()
    server.stdout.close()
    assert "Traceback" not in "".join(log), "".join(log)


def _visit(browser: Browser, url: str, **options: Any) -> Iterator[Page]:
    """A person's page with its figures drawn; in the end the browser must have complained of nothing."""
    context = browser.new_context(**{"viewport": DESKTOP} | options)
    context.set_default_timeout(MOST_MS)
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(f"{request.url} {request.failure}"))
    page.goto(url)
    settle(page)
    yield page
    context.close()
    assert complaints == []


def _upload(page: Page, path: Path) -> None:
    """Give a file to the app, and wait until it is explained."""
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(path)
    expect(page.get_by_role("combobox", name="Sample or upload")).to_have_value(path.name)
    settle(page)


@pytest.fixture(scope="module")
def first_visit(browser, app) -> Iterator[Page]:
    """The app as it opens."""
    yield from _visit(browser, app)


@pytest.fixture(scope="module")
def phone_at_night(browser, app) -> Iterator[Page]:
    """The same on a small screen with a dark colour scheme."""
    yield from _visit(browser, app, viewport=PHONE, color_scheme="dark")


@pytest.fixture(scope="module")
def uploaded(browser, app, recording) -> Iterator[Page]:
    """The app with a person's own recording, for tests that leave it at that."""
    for page in _visit(browser, app):
        _upload(page, recording)
        yield page


@pytest.fixture(scope="module")
def simulated(browser, app) -> Iterator[Page]:
    """The app with a bearing that a person simulates."""
    yield from _visit(browser, f"{app}?signal=simulated&network=bearing-sim-4")


@pytest.fixture
def visit(browser, app) -> Iterator[Page]:
    """The app as it opens, for one test."""
    yield from _visit(browser, app)


@pytest.fixture
def cwru_uploaded(browser, app, cwru_recording) -> Iterator[Page]:
    """The app with a recording of CWRU."""
    for page in _visit(browser, app):
        _upload(page, cwru_recording)
        yield page


@pytest.fixture(scope="session")
def recording(tmp_path_factory) -> Path:
    """A real inner-race fault as a .mat file in the form of the MFPT society."""
    path = tmp_path_factory.mktemp("upload") / "mine.mat"
    with np.load(ROOT / "sample_data/inner_300lb.npz") as sample:
        parts = {"gs": sample["samples"][:, None], "sr": 48_828.0, "rate": 25.0, "load": 300.0}
    scipy.io.savemat(path, {"bearing": parts})
    return path


@pytest.fixture(scope="session")
def cwru_recording(tmp_path_factory) -> Path:
    """A made-up signal under the names of a CWRU recording: 12 kHz, two channels, speed inside."""
    path = tmp_path_factory.mktemp("upload") / "105.mat"
    noise = np.random.default_rng(0).normal(size=(2, 36_000, 1))
    scipy.io.savemat(path, {"X105_DE_time": noise[0], "X105_FE_time": noise[1], "X105RPM": 1797.0})
    return path
