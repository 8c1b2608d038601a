"""Four-op-amp biquad high-pass of Aminian, Aminian & Collins (2002, IEEE Trans. Instrum. Meas. 51(3):544, Fig. 2).

f0 10.1 kHz, Q 1.97, peak gain 2.035 at 10.83 kHz, -3 dB at 6.80 kHz. C2 and R4 enter only as their product, so their
faults are the same waveform at the output.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cbam_viz.physics.circuits.circuit import Circuit, Part, Pulse
from cbam_viz.physics.circuits.drawing import Amp, Drawing

NETLIST = """\
* U1, the lossy integrator
R3 in n1 {R3}
R1 n1 bp {R1}
C1 n1 bp {C1}
R2 inv n1 {R2}
XU1 0 n1 bp opamp
* U2, the integrator
R4 bp n2 {R4}
C2 n2 lp {C2}
XU2 0 n2 lp opamp
* U3, the inverter
R5 lp n3 {R5}
R6 n3 inv {R6}
XU3 0 n3 inv opamp
* U4, the sum
R7 bp g {R7}
R8 in g {R8}
R9 inv g {R9}
R10 g out {R10}
XU4 0 g out opamp
"""


def _transfer(values: Mapping[str, float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """H(s) by Kirchhoff's law at the four virtual grounds; only for R1 = R2 = R3 and R7 to R10 equal is it -s²/den."""
    R1, R2, R3, R4, R5, R6, R7, R8, R9, R10 = (values[f"R{number}"] for number in range(1, 11))
    C1, C2 = values["C1"], values["C2"]
    rate = R6 / (R5 * R4 * C2)
    den = np.array([1.0, 1 / (R1 * C1), rate / (R2 * C1)])
    return -R10 * (den / R8 - np.array([0.0, 1 / (R3 * C1 * R7), rate / (R3 * C1 * R9)])), den


DRAWING = Drawing(
    parts=(
        ("R3", (1, 9), (7, 9)),
        ("R1", (7, 3), (13, 3)),
        ("C1", (7, 6), (13, 6)),
        ("R2", (7, 0), (13, 0)),
        ("R4", (13.5, 9), (18.5, 9)),
        ("C2", (18.5, 6), (24, 6)),
        ("R5", (24.5, 9), (29.5, 9)),
        ("R6", (29.5, 6), (35, 6)),
        ("R7", (19, 17), (25, 17)),
        ("R8", (19, 20), (25, 20)),
        ("R9", (25, 15), (32, 15)),
        ("R10", (25, 23), (32, 23)),
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
        ((29.5, 9), (31, 9)),
        ((29.5, 9), (29.5, 6)),
        ((35, 6), (35, 10)),
        ((34, 10), (35, 10)),
        ((13, 0), (35, 0), (35, 6)),
        ((9, 11), (9, 12)),
        ((20, 11), (20, 12)),
        ((31, 11), (31, 12)),
        ((13, 10), (13, 17), (19, 17)),
        ((1, 9), (1, 20), (19, 20)),
        ((32, 15), (35, 15), (35, 10)),
        ((25, 15), (25, 17)),
        ((25, 17), (25, 18)),
        ((25, 18), (25, 20)),
        ((25, 20), (25, 23)),
        ((25, 18), (28, 18)),
        ((28, 20), (28, 21)),
        ((31, 19), (32, 19)),
        ((32, 19), (32, 23)),
        ((32, 19), (35, 19)),
    ),
    amps=(Amp(9, 10), Amp(20, 10), Amp(31, 10), Amp(28, 19)),
    grounds=((9, 12), (20, 12), (31, 12), (28, 21)),
    source=(1, 9),
    output=(35, 19),
)

CIRCUIT = Circuit(
    name="biquad",
    title="Four-op-amp biquad high-pass",
    netlist=NETLIST,
    parts=(
        Part.resistor("R1", 6.2e3),
        Part.resistor("R2", 6.2e3),
        Part.resistor("R3", 6.2e3),
        Part.resistor("R4", 1.6e3),
        Part.resistor("R5", 5.1e3),
        Part.resistor("R6", 5.1e3),
        Part.resistor("R7", 10e3),
        Part.resistor("R8", 10e3),
        Part.resistor("R9", 10e3),
        Part.resistor("R10", 10e3),
        Part.capacitor("C1", 5e-9),
        Part.capacitor("C2", 5e-9),
    ),
    pulse=Pulse(),
    output="out",
    duration_s=500e-6,
    step_s=0.5e-6,
    faulty=("C1", "C2", "R1", "R2", "R3", "R4"),
    ambiguous=(("C2", "R4"),),
    transfer=_transfer,
    drawing=DRAWING,
)
