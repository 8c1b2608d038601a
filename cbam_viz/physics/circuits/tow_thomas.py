"""Tow-Thomas biquad (Thomas 1971, IEEE Trans. Circuit Theory 18:350), measured at its low-pass output.

f0 = sqrt(R6 / (R3 R4 R5 C1 C2)) / 2π = 10.6 kHz, Q = 2π f0 R2 C1 = 1.5, gain at 0 Hz R3 R5 / (R1 R6) = 1. The values
are this project's own. The low-pass output is the richest: three numbers, 1/(R1 R4 C1 C2), Q's and f0's, are all that a
linear response at one node can tell, and there R4 moves two of them where the band-pass output would give it only one.

C2 and R4 enter only as their product, so their faults are the same waveform. R3 and R5 would be another such group,
and R6 its inverse: of these three only R3 is a class.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cbam_viz.physics.circuits.circuit import Circuit, Part, Pulse
from cbam_viz.physics.circuits.drawing import Amp, Drawing

NETLIST = """\
* U1, the lossy integrator
R1 in n1 {R1}
R2 n1 bp {R2}
C1 n1 bp {C1}
R3 inv n1 {R3}
XU1 0 n1 bp opamp
* U2, the integrator
R4 bp n2 {R4}
C2 n2 out {C2}
XU2 0 n2 out opamp
* U3, the inverter
R5 out n3 {R5}
R6 n3 inv {R6}
XU3 0 n3 inv opamp
"""


def _transfer(values: Mapping[str, float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """H(s) by Kirchhoff's law at the three virtual grounds."""
    R1, R2, R3, R4, R5, R6 = (values[f"R{number}"] for number in range(1, 7))
    C1, C2 = values["C1"], values["C2"]
    return (
        np.array([1 / (R1 * R4 * C1 * C2)]),
        np.array([1.0, 1 / (R2 * C1), R6 / (R3 * R4 * R5 * C1 * C2)]),
    )


DRAWING = Drawing(
    parts=(
        ("R1", (1, 9), (7, 9)),
        ("R2", (7, 3), (13, 3)),
        ("C1", (7, 6), (13, 6)),
        ("R3", (7, 0), (13, 0)),
        ("R4", (13.5, 9), (18.5, 9)),
        ("C2", (18.5, 6), (24, 6)),
        ("R5", (24.5, 9), (29.5, 9)),
        ("R6", (29.5, 6), (35, 6)),
    ),
    wires=(
        ((7, 9), (9, 9)),
        ((7, 9), (7, 6)),
        ((7, 6), (7, 3)),
        ((7, 3), (7, 0)),
        ((13, 3), (13, 6)),
        ((13, 6), (13, 10)),
        ((12, 10), (13, 10)),
        ((13, 10), (13.5, 10), (13.5, 9)),
        ((18.5, 9), (20, 9)),
        ((18.5, 9), (18.5, 6)),
        ((24, 6), (24, 10)),
        ((23, 10), (24, 10)),
        ((24, 10), (24.5, 10), (24.5, 9)),
        ((24, 10), (24, 14), (35, 14)),
        ((29.5, 9), (31, 9)),
        ((29.5, 9), (29.5, 6)),
        ((34, 10), (35, 10), (35, 6)),
        ((13, 0), (35, 0), (35, 6)),
        ((9, 11), (9, 12)),
        ((20, 11), (20, 12)),
        ((31, 11), (31, 12)),
    ),
    amps=(Amp(9, 10), Amp(20, 10), Amp(31, 10)),
    grounds=((9, 12), (20, 12), (31, 12)),
    source=(1, 9),
    output=(35, 14),
)

CIRCUIT = Circuit(
    name="tow-thomas",
    title="Tow-Thomas biquad low-pass",
    netlist=NETLIST,
    parts=(
        Part.resistor("R1", 10e3),
        Part.resistor("R2", 15e3),
        Part.resistor("R3", 10e3),
        Part.resistor("R4", 10e3),
        Part.resistor("R5", 10e3),
        Part.resistor("R6", 10e3),
        Part.capacitor("C1", 1.5e-9),
        Part.capacitor("C2", 1.5e-9),
    ),
    pulse=Pulse(),
    output="out",
    duration_s=300e-6,
    step_s=0.5e-6,
    faulty=("C1", "C2", "R1", "R2", "R3", "R4"),
    ambiguous=(("C2", "R4"),),
    transfer=_transfer,
    drawing=DRAWING,
)
