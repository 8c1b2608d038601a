"""The figures as files: four views, two kinds, drawn by a real browser."""

import io
import zipfile

import pytest

from cbam_viz.studies.panels import View, draw_panels
from cbam_viz.studies.physics import study_physics
from cbam_viz.studies.physics_panels import draw_physics
from cbam_viz.studies.pictures import explanation_zip


def opened(content):
    """The files of a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def images(explained):
    """All figures of a window, as a person gets them."""
    return opened(explanation_zip(explained, View(2)))


def test_every_view_is_drawn_in_both_kinds(images, explained):
    """The zip holds an SVG and a PNG of each picture of the page, and nothing else."""
    views = draw_panels(explained, View(2)) | draw_physics(study_physics(explained, View(2)))

    assert set(images) == {f"{view}.{kind}" for view in views for kind in ("svg", "png")}


def test_figures_keep_their_height(images, explained):
    """A PNG has twice the pixels of the figure on the page."""
    for view, panel in draw_panels(explained, View(2)).items():
        content = images[f"{view}.png"]
        assert int.from_bytes(content[20:24], "big") == 2 * panel.figure.layout.height


def test_without_a_browser_the_zip_holds_the_advice(explained, monkeypatch):
    """A download can't show an error, so the sentence comes in place of the images."""
    monkeypatch.setenv("BROWSER_PATH", "nowhere")
    files = opened(explanation_zip(explained, View(2)))

    assert list(files) == ["no images.txt"]
    assert files["no images.txt"].startswith(b"Images are drawn by Chrome or Chromium, but no browser at nowhere was")
