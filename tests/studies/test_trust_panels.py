"""The pictures of the tests: each has its caption and the same in words."""

from cbam_viz.studies.panels import View
from cbam_viz.studies.trust import examine_window
from cbam_viz.studies.trust_panels import draw_agreement, draw_deletion, draw_methods, draw_trust, gather_methods


def test_every_panel_says_what_it_shows(explained):
    """A figure with something in it, a caption that ends, and words that name the block."""
    trust = examine_window(explained, 0)
    trace = gather_methods(explained, View(0, 1), trust)
    panels = [
        draw_trust(trust.scores, 0, "block 2"),
        draw_methods(trace),
        draw_agreement(trace),
        draw_deletion(trace, trust),
    ]

    for panel in panels:
        assert panel.figure.data
        assert panel.caption.endswith(".")
        assert "block 2" in panel.alt
