"""Figures as image files, by a real browser, or one sentence of advice."""

import xml.etree.ElementTree as ET

import plotly.graph_objects as go
import pytest

from cbam_viz.errors import InputError
from cbam_viz.figures.images import WIDTH, draw_images, lacking_browser

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def images(plot):
    """Two figures, drawn."""
    return draw_images({"channels": plot("channels"), "diagnosis": plot("diagnosis")})


def test_every_figure_is_drawn_in_every_kind(images):
    """The names say figure and kind."""
    assert list(images) == ["channels.svg", "channels.png", "diagnosis.svg", "diagnosis.png"]


@pytest.mark.parametrize("name", ["channels", "diagnosis"])
def test_an_image_is_as_large_as_it_says(images, plot, name):
    """SVG in the figure's pixels, PNG twice as fine."""
    svg, height = ET.fromstring(images[f"{name}.svg"]), plot(name).layout.height  # noqa: S314  # our own file
    content = images[f"{name}.png"]

    assert (svg.get("width"), svg.get("height")) == (str(WIDTH), str(height))
    assert content.startswith(PNG)
    assert int.from_bytes(content[16:20], "big") == 2 * WIDTH
    assert int.from_bytes(content[20:24], "big") == 2 * height


def test_an_svg_says_what_stands_on_the_axes(images):
    """Text stays text, so it can be searched and set anew."""
    assert "peak frequency" in images["channels.svg"].decode()


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("nowhere", "but no browser at nowhere was found. Install chromium or google-chrome"),
        ("{false}", "but the one that was found did not draw them (BrowserFailedError). Install another"),
    ],
    ids=["none", "one that does not start"],
)
def test_without_a_browser_there_is_advice(monkeypatch, tmp_path, path, found):
    """One sentence says what is needed, what was found, and what to do."""
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("BROWSER_PATH", path.format(false=broken))

    with pytest.raises(InputError) as advice:
        draw_images({"any": go.Figure()})
    assert str(advice.value).startswith(f"Images are drawn by Chrome or Chromium, {found}")
    assert "BROWSER_PATH" in str(advice.value)


def test_what_is_lacking_is_known_before_drawing(monkeypatch):
    """A door can say it before a person waits."""
    assert lacking_browser() is None
    monkeypatch.setenv("BROWSER_PATH", "nowhere")
    assert lacking_browser()
