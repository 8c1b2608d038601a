"""The circuits that ship: every file of this package that declares a `CIRCUIT`; one more is one more file."""

import importlib
import pkgutil

from cbam_viz.errors import InputError
from cbam_viz.physics.circuits.circuit import (
    IDEAL,
    NORMAL,
    ONE_POLE,
    Circuit,
    Fault,
    OpAmp,
    Part,
    Pulse,
    find_ambiguous,
)
from cbam_viz.physics.circuits.drawing import Amp, Drawing

__all__ = [
    "CIRCUITS",
    "IDEAL",
    "NORMAL",
    "ONE_POLE",
    "Amp",
    "Circuit",
    "Drawing",
    "Fault",
    "OpAmp",
    "Part",
    "Pulse",
    "find_ambiguous",
    "find_circuit",
]

_DECLARED: list[Circuit] = [
    importlib.import_module(f"{__name__}.{module.name}").CIRCUIT
    for module in pkgutil.iter_modules(__path__)
    if module.name not in {"circuit", "drawing"}
]
CIRCUITS: dict[str, Circuit] = {circuit.name: circuit for circuit in _DECLARED}
"""By name."""


def find_circuit(name: str) -> Circuit:
    """The circuit of that name.

    Raises
    ------
    InputError
        If there is none.
    """
    if name not in CIRCUITS:
        raise InputError(f"A circuit is one of {', '.join(CIRCUITS)}, but {name!r} was given. Choose one of these.")
    return CIRCUITS[name]
