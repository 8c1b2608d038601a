"""The pictures that both doors show."""

import numpy as np
import pytest

from cbam_viz.datasets.samples import list_samples
from cbam_viz.figures.style import DARK, LIGHT
from cbam_viz.studies.explain import explain
from cbam_viz.studies.panels import View, draw_channels, draw_diagnosis, draw_overview, draw_spatial

DRAW = (draw_spatial, draw_channels, draw_overview, draw_diagnosis)


@pytest.fixture(scope="module")
def explained():
    """A sample through the network that knows its bearing."""
    return explain(list_samples()[0].path, "mfpt-3")


@pytest.mark.parametrize("draw", DRAW)
def test_every_panel_says_itself_in_words(explained, draw):
    """A picture has a caption, and words that differ from window to window for those who can't see it."""
    first, last = draw(explained, View(0)), draw(explained, View(len(explained.windows) - 1))

    assert first.caption
    if draw is not draw_overview:  # it shows all windows
        assert first.alt != last.alt


@pytest.mark.parametrize("draw", DRAW)
def test_a_theme_changes_colours_and_no_numbers(explained, draw):
    """The same numbers are drawn in light and dark."""
    light, dark = (draw(explained, View(1), palette).figure for palette in (LIGHT, DARK))

    assert light.to_json() != dark.to_json()
    for one, other in zip(light.data, dark.data, strict=True):
        np.testing.assert_array_equal(one.y, other.y)


def test_the_view_chooses_order_and_kind_of_channels(explained):
    """Sorted by deviation the bars fall from left to right; absolute bars are the gates themselves."""
    fallen = draw_channels(explained, View(0, order="deviation")).figure.data[1].y
    gates = draw_channels(explained, View(0, order="number", absolute=True)).figure.data[1].y

    assert (np.diff(fallen) <= 0).all()
    np.testing.assert_allclose(gates, explained.record.blocks[0].channel_attention[0], rtol=1e-6)
