"""Sallen-Key band-pass of Aminian, Aminian & Collins (2002, IEEE Trans. Instrum. Meas. 51(3):544).

f0 26.0 kHz, peak gain 1.2, -3 dB at 10.6 and 63.4 kHz. K = 1 + R5/R4 = 2. The circuit of the same authors' paper of
2000 is another one, and hypersensitive.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cbam_viz.physics.circuits.circuit import Circuit, Part, Pulse
from cbam_viz.physics.circuits.drawing import Amp, Drawing

NETLIST = """\
R1 in a {R1}
R2 a out {R2}
C1 a 0 {C1}
C2 a b {C2}
R3 b 0 {R3}
R4 fb 0 {R4}
R5 out fb {R5}
XU1 b fb out opamp
"""


def _transfer(values: Mapping[str, float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """H(s) = K s / (R1 C1) over the polynomial of the paper."""
    R1, R2, R3, R4, R5 = (values[f"R{number}"] for number in range(1, 6))
    C1, C2 = values["C1"], values["C2"]
    K = 1 + R5 / R4
    middle = 1 / (R1 * C1) + 1 / (R3 * C2) + 1 / (R3 * C1) + (1 - K) / (R2 * C1)
    return np.array([K / (R1 * C1), 0.0]), np.array([1.0, middle, (R1 + R2) / (R1 * R2 * R3 * C1 * C2)])


DRAWING = Drawing(
    parts=(
        ("R1", (1, 4), (6, 4)),
        ("R2", (6, 0), (19, 0)),
        ("C1", (6, 4), (6, 9)),
        ("C2", (6, 4), (11, 4)),
        ("R3", (11, 4), (11, 9)),
        ("R4", (15, 9), (15, 14)),
        ("R5", (15, 9), (20, 9)),
    ),
    wires=(
        ((6, 4), (6, 0)),
        ((19, 0), (20, 0), (20, 5)),
        ((11, 4), (15, 4)),
        ((15, 6), (15, 9)),
        ((18, 5), (20, 5)),
        ((20, 9), (20, 5)),
        ((20, 5), (22, 5)),
    ),
    amps=(Amp(15, 5, plus_up=True),),
    grounds=((6, 9), (11, 9), (15, 14)),
    source=(1, 4),
    output=(22, 5),
)

CIRCUIT = Circuit(
    name="sallen-key",
    title="Sallen-Key band-pass",
    netlist=NETLIST,
    parts=(
        Part.resistor("R1", 1e3),
        Part.resistor("R2", 3e3),
        Part.resistor("R3", 2e3),
        Part.resistor("R4", 4e3),
        Part.resistor("R5", 4e3),
        Part.capacitor("C1", 5e-9),
        Part.capacitor("C2", 5e-9),
    ),
    pulse=Pulse(),
    output="out",
    duration_s=120e-6,
    step_s=0.5e-6,
    faulty=("C1", "C2", "R2", "R3"),
    ambiguous=(),
    transfer=_transfer,
    drawing=DRAWING,
)
