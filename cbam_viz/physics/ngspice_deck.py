"""A circuit as text for ngspice, and what ngspice writes back."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cbam_viz.physics.circuits.circuit import Circuit, OpAmp, Pulse


@dataclass(frozen=True)
class Transient:
    """The response to a pulse, from 0 s to `stop_s`, in steps of at most `step_s`."""

    pulse: Pulse
    stop_s: float
    step_s: float

    @property
    def last(self) -> float:
        """Where a whole result ends, in s."""
        return self.stop_s

    def lines(self) -> tuple[str, str]:
        """Source and analysis."""
        pulse = self.pulse
        times = f"{pulse.delay_s!r} {pulse.rise_s!r} {pulse.fall_s!r} {pulse.width_s!r} {10 * self.stop_s + 1!r}"
        return (
            f"Vsource in 0 PULSE(0 {pulse.volts!r} {times})",
            f".tran {self.step_s!r} {self.stop_s!r} 0 {self.step_s!r}",
        )


@dataclass(frozen=True)
class Sweep:
    """The frequency response, at `each` frequencies a decade between two in Hz."""

    low_hz: float
    high_hz: float
    each: int

    @property
    def last(self) -> float:
        """Where a whole result ends at the earliest, in Hz: a decade is divided evenly, and may miss the end."""
        return self.high_hz / 10 ** (1 / self.each)

    def lines(self) -> tuple[str, str]:
        """Source and analysis."""
        return "Vsource in 0 AC 1", f".ac dec {self.each} {self.low_hz!r} {self.high_hz!r}"


@dataclass(frozen=True)
class Run:
    """One run of ngspice: the value of every part, the op-amps and the analysis."""

    values: tuple[float, ...]
    opamp: OpAmp
    analysis: Transient | Sweep


def write_deck(circuit: Circuit, run: Run) -> str:
    """The text of one run; ``ngspice -b`` takes it as it stands."""
    values = " ".join(f"{name}={value!r}" for name, value in zip(circuit.names, run.values, strict=True))
    source, analysis = run.analysis.lines()
    lines = (f"* {circuit.title}", f".param {values}", *_opamp(run.opamp), source, circuit.netlist, analysis, ".end")
    return "\n".join(lines) + "\n"


def _opamp(opamp: OpAmp) -> tuple[str, ...]:
    """The subcircuit: a transconductance into the pole's resistor and capacitor, and the output behind a buffer."""
    has_pole, has_rout = math.isfinite(opamp.gbw_hz), opamp.rout > 0
    gain = ("Gpole 0 x plus minus 1", f"Rpole x 0 {opamp.gain!r}", f"Cpole x 0 {1 / (2 * math.pi * opamp.gbw_hz)!r}")
    output = "y" if has_rout else "out"
    return (
        ".subckt opamp plus minus out",
        *((f"Rin plus minus {opamp.rin!r}",) if math.isfinite(opamp.rin) else ()),
        *((*gain, f"Ebuffer {output} 0 x 0 1") if has_pole else (f"Egain {output} 0 plus minus {opamp.gain!r}",)),
        *((f"Rout y out {opamp.rout!r}",) if has_rout else ()),
        ".ends",
    )


def write_batch(count: int, output: str) -> str:
    """The text that runs decks 0 to `count` in one process; ``N.done`` appears when run N has ended, well or not.

    The results of one run are gone before the next begins, so none is ever taken for another's.
    """
    runs = [
        line
        for number in range(count)
        for line in (
            f"source {number}.cir",
            "run",
            f"write {number}.raw v({output})",
            f"echo done > {number}.done",
            "destroy all",
            "remcirc",
        )
    ]
    return "\n".join(("* batch", ".control", "set filetype=binary", *runs, "quit", ".endc", ".end")) + "\n"


def read_raw(path: Path) -> tuple[NDArray[np.float64], NDArray[np.float64] | NDArray[np.complex128]]:
    """Axis, (T,) array, s or Hz, and volts, (T,) array, complex where frequencies are swept; of one binary raw file."""
    head, _, body = path.read_bytes().partition(b"Binary:\n")
    if b"Flags: complex" in head:
        swept = np.frombuffer(body, np.complex128).reshape(-1, 2)
        return swept[:, 0].real, swept[:, 1]
    rows = np.frombuffer(body, np.float64).reshape(-1, 2)
    return rows[:, 0], rows[:, 1]
