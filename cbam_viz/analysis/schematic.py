"""A circuit's schematic with the value of every part, and which of them are off."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cbam_viz.physics.circuits import Circuit, Drawing

PREFIXES = {-12: "p", -9: "n", -6: "µ", -3: "m", 0: "", 3: "k", 6: "M"}
SLIGHT = 1e-9
"""Of a nominal value: what rounding leaves of no deviation is less."""


@dataclass(frozen=True)
class PartMark:
    """One part as it stands in the schematic.

    Parameters
    ----------
    name, value : as written.
    deviation : from its nominal value, as a share.
    changed : whether a person moved it.
    """

    name: str
    value: str
    deviation: float
    changed: bool

    @property
    def off(self) -> str:
        """How far a moved part is off, such as `` −40 %``."""
        return f" {100 * self.deviation:+.0f} %".replace("-", "−") if self.changed else ""


@dataclass(frozen=True)
class SchematicTrace:
    """What the schematic draws.

    Parameters
    ----------
    title : of the circuit.
    drawing : where its symbols stand.
    marks : every part.
    """

    title: str
    drawing: Drawing
    marks: tuple[PartMark, ...]

    def mark(self, name: str) -> PartMark:
        """Of one part."""
        return next(mark for mark in self.marks if mark.name == name)


def trace_schematic(circuit: Circuit, values: NDArray[np.float64], changed: tuple[str, ...]) -> SchematicTrace | None:
    """The schematic with these values; None where the circuit has no drawing.

    Parameters
    ----------
    circuit : as declared.
    values : (P,) array, of its parts.
    changed : names of the parts that a person moved.
    """
    if circuit.drawing is None:
        return None
    marks = tuple(
        PartMark(part.name, write_value(float(value), part.unit), float(value) / part.nominal - 1, part.name in changed)
        for part, value in zip(circuit.parts, values, strict=True)
    )
    return SchematicTrace(circuit.title, circuit.drawing, marks)


def write_value(value: float, unit: str) -> str:
    """A value with three digits and a prefix, such as ``5.00 nF``."""
    rounded = float(f"{value:.2e}")
    power = min(max(3 * int(np.floor(np.log10(rounded) / 3 + SLIGHT)), min(PREFIXES)), max(PREFIXES))
    scaled = rounded / 10.0**power
    digits = max(2 - int(np.floor(np.log10(scaled) + SLIGHT)), 0)
    return f"{scaled:.{digits}f} {PREFIXES[power]}{unit}"
