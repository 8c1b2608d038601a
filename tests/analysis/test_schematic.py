"""Values as they stand in a schematic."""

import numpy as np
import pytest

from cbam_viz.analysis.schematic import trace_schematic, write_value
from cbam_viz.physics.circuits import find_circuit


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (5e-9, "F", "5.00 nF"),
        (1e3, "Ω", "1.00 kΩ"),
        (999.9, "Ω", "1.00 kΩ"),
        (62e3, "Ω", "62.0 kΩ"),
        (900e-12, "F", "900 pF"),
        (0.5e-12, "F", "0.500 pF"),
    ],
)
def test_a_value_has_three_digits_and_a_prefix(value, unit, text):
    """Engineers write 5.00 nF, and rounding never leaves 1000 of a smaller unit."""
    assert write_value(value, unit) == text


def test_only_moved_parts_say_how_far_they_are_off():
    """Tolerances are drawn for all parts, but only those that a person moved carry a deviation."""
    circuit = find_circuit("sallen-key")
    trace = trace_schematic(circuit, circuit.values("C1", -0.4) * np.linspace(0.99, 1.01, 7), ("C1",))

    assert trace.mark("C1").off == " −40 %"
    assert [mark.off for mark in trace.marks if mark.name != "C1"] == [""] * 6
    assert trace.mark("R1").deviation == pytest.approx(-0.01)
