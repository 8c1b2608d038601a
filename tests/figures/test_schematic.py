"""The schematic as SVG."""

from xml.etree import ElementTree

import pytest

from cbam_viz.analysis.schematic import trace_schematic
from cbam_viz.figures.schematic import plot_schematic
from cbam_viz.figures.style import DARK, LIGHT
from cbam_viz.physics.circuits import CIRCUITS

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("circuit", CIRCUITS.values(), ids=list(CIRCUITS))
def test_every_part_stands_there_with_its_value(circuit, palette):
    """The drawing is well-formed, names each part once with its value, and lies within its own box."""
    trace = trace_schematic(circuit, circuit.values("C1", -0.4), ("C1",))
    drawn = ElementTree.fromstring(plot_schematic(trace, palette))  # noqa: S314 - our own
    texts = ["".join(text.itertext()) for text in drawn.iter(f"{SVG}text")]
    left, top, width, height = map(float, drawn.attrib["viewBox"].split())

    for mark in trace.marks:
        assert texts.count(f"{mark.name}{mark.off}") == 1
        assert mark.value in texts
    for text in drawn.iter(f"{SVG}text"):
        assert left < float(text.attrib["x"]) < left + width
        assert top < float(text.attrib["y"]) < top + height


def test_a_moved_part_stands_out_by_more_than_colour():
    """Its symbol has a thicker line, and its deviation is written beside it."""
    circuit = CIRCUITS["sallen-key"]
    plain, moved = (
        plot_schematic(trace_schematic(circuit, circuit.values("C1", off), changed))
        for off, changed in ((0.0, ()), (-0.4, ("C1",)))
    )

    assert 'stroke-width="2.4"' not in plain
    assert moved.count('stroke-width="2.4"') == 1
    assert " −40 %" in moved
