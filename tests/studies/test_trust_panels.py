"""The pictures of the tests: each has its caption and the same in words."""

import re

from cbam_viz.studies.panels import View
from cbam_viz.studies.trust import examine_window
from cbam_viz.studies.trust_panels import draw_agreement, draw_deletion, draw_methods, draw_trust, gather_methods
from cbam_viz.studies.trust_tables import list_areas

MAPS = ("M_s block 2", "Grad-CAM", "HiResCAM", "integrated gradients", "occlusion", "envelope |x|")


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


def test_every_method_has_its_curves_and_areas(explained):
    """Each map of the tab, and random order, has a curve, and both areas with their ends for both ways of masking."""
    trust = examine_window(explained, 0)
    trace = gather_methods(explained, View(0, 1), trust)
    table = list_areas(trace)

    drawn = {line.name.replace("M<sub>s</sub>", "M_s") for line in draw_deletion(trace, trust).figure.data if line.name}
    assert drawn >= {*MAPS, "mean of random orders"}
    assert [row[:2] for row in table.rows] == [
        (name, mask) for mask in ("mean", "noise") for name in (*MAPS, "random orders")
    ]
    zero = trust.deletion.curves[0]
    occlusion = zero.areas("insertion")[trust.deletion.orders.index("occlusion")].mean()
    assert table.rows[4][3].startswith(f"{occlusion:.2f} (")
    assert table.rows[6][2].startswith(f"{zero.random_areas.mean():.2f} (")
    assert all(re.fullmatch(r"−?\d\.\d\d \(−?\d\.\d\d to −?\d\.\d\d\)", cell) for row in table.rows for cell in row[2:])
