"""Responses of a circuit, by ngspice: a simulator of circuits that knows nothing of their closed forms.

The time grid of a response is the circuit's own, fixed and uniform, whatever steps the simulator took: a grid that
follows the response would tell its class. The runs go over all cores in some tens a process; a run that fails is kept,
with its status.
"""

import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from cbam_viz.errors import InputError
from cbam_viz.physics.circuits.circuit import ONE_POLE, Circuit, OpAmp, Pulse
from cbam_viz.physics.ngspice_deck import Run, Sweep, Transient
from cbam_viz.physics.ngspice_process import OK, Answer, is_ngspice_here, run_decks

__all__ = [
    "OK",
    "FrequencyResponses",
    "Responses",
    "check_values",
    "is_ngspice_here",
    "simulate_frequency_responses",
    "simulate_responses",
]

TIMEOUT_S = 5.0
"""That one run may take; a usual one takes some milliseconds."""
FINE = 4
"""Steps of the simulator, at least, in one of the time grid."""
TOGETHER = 25
"""Runs in one process, at most."""
Kind = TypeVar("Kind")
Progress = Callable[[int, int], None]
"""Called with the number of runs that are done, and of all; what it raises ends the work."""


@dataclass(frozen=True, eq=False)
class Responses:
    """Responses to a pulse.

    Parameters
    ----------
    times : (T,) array in s, uniform.
    volts : (N, T) array at the output; NaN where a run failed.
    status : N times ``ok``, or why the run failed.
    """

    times: NDArray[np.float64]
    volts: NDArray[np.float64]
    status: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class FrequencyResponses:
    """Responses over frequency.

    Parameters
    ----------
    hertz : (F,) array.
    gain : (N, F) array, complex, output over input; NaN where a run failed.
    status : N times ``ok``, or why the run failed.
    """

    hertz: NDArray[np.float64]
    gain: NDArray[np.complex128]
    status: tuple[str, ...]


def simulate_responses(
    circuit: Circuit,
    values: NDArray[np.float64],
    *,
    pulse: Pulse | Sequence[Pulse] | None = None,
    opamp: OpAmp | Sequence[OpAmp] | None = None,
    step_s: float | Sequence[float | None] | None = None,
    timeout_s: float = TIMEOUT_S,
    progress: Progress | None = None,
) -> Responses:
    """Responses of a circuit to its pulse at its output.

    Parameters
    ----------
    circuit : as declared.
    values : (N, P) array, the value of every part in every run, in the order of `circuit.parts`.
    pulse : one for all runs or one a run; None for the circuit's own.
    opamp : one for all runs or one a run; None for `ONE_POLE`.
    step_s : largest step of the simulator in s, one for all runs or one a run; None for a quarter of the time grid's.
    timeout_s : that one run may take.
    progress : see `Progress`.

    Raises
    ------
    InputError
        If a value is not above 0, or ngspice is not installed. A run that fails raises nothing.
    """
    times, stop = circuit.times, circuit.duration_s + circuit.step_s  # the grid ends inside what is simulated
    runs = [
        Run(tuple(row), own_opamp, Transient(own_pulse, stop, own_step or circuit.step_s / FINE))
        for row, own_pulse, own_opamp, own_step in zip(
            check_values(circuit, values).tolist(),
            _each(pulse or circuit.pulse, len(values)),
            _each(opamp or ONE_POLE, len(values)),
            _each(step_s, len(values)),
            strict=True,
        )
    ]
    answers = _run(circuit, runs, timeout_s, progress)
    volts = np.full((len(runs), len(times)), np.nan)
    for row, (status, axis, found) in zip(volts, answers, strict=True):
        if status == OK:
            row[:] = np.interp(times, axis, found.real)
    return Responses(times, volts, tuple(status for status, *_ in answers))


def simulate_frequency_responses(
    circuit: Circuit,
    values: NDArray[np.float64],
    *,
    low_hz: float = 100.0,
    high_hz: float = 1e6,
    each: int = 50,
    opamp: OpAmp | None = None,
) -> FrequencyResponses:
    """Responses of a circuit over frequency, by ngspice's small-signal analysis.

    Parameters
    ----------
    circuit, values, opamp : as for `simulate_responses`.
    low_hz, high_hz, each : ends of the axis, and points a decade.

    Raises
    ------
    InputError
        As for `simulate_responses`.
    """
    sweep = Sweep(low_hz, high_hz, each)
    runs = [Run(tuple(row), opamp or ONE_POLE, sweep) for row in check_values(circuit, values).tolist()]
    answers = _run(circuit, runs, TIMEOUT_S, None)
    hertz = next((axis for status, axis, _ in answers if status == OK), np.empty(0))
    gain = np.full((len(runs), len(hertz)), np.nan, np.complex128)
    for row, (status, _, found) in zip(gain, answers, strict=True):
        if status == OK:
            row[:] = found
    return FrequencyResponses(hertz, gain, tuple(status for status, *_ in answers))


def check_values(circuit: Circuit, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values, if they are those of parts; (N, P) array.

    Raises
    ------
    InputError
        If one of them is not above 0.
    """
    if values.ndim != 2 or values.shape[1] != len(circuit.parts):
        raise InputError(
            f"A run of {circuit.name} needs a value for each of {', '.join(circuit.names)}, but the values have the "
            f"shape {values.shape}. Give one row a run and one column a part."
        )
    bad = np.argwhere(~((values > 0) & (values < math.inf)))
    if len(bad):
        run, place = bad[0]
        part = circuit.parts[place]
        raise InputError(
            f"The value of a part is above 0, but {part.name} is {values[run, place]:g} {part.unit}. "
            f"Give one near its nominal {part.nominal:g} {part.unit}."
        )
    return values


def _each(given: Kind | Sequence[Kind], count: int) -> Sequence[Kind]:
    """One for every run."""
    return given if isinstance(given, Sequence) else [given] * count


def _run(circuit: Circuit, runs: Sequence[Run], timeout_s: float, progress: Progress | None) -> list[Answer]:
    """Run all decks over all cores."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    size = min(TOGETHER, math.ceil(len(runs) / cores)) or 1
    batches = [runs[start : start + size] for start in range(0, len(runs), size)]
    answers: list[Answer] = []
    pool = ThreadPoolExecutor(cores)
    try:
        for done in pool.map(lambda batch: run_decks(circuit, batch, timeout_s), batches):
            answers += done
            if progress:
                progress(len(answers), len(runs))
    finally:
        pool.shutdown(cancel_futures=True)
    return answers
