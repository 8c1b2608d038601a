"""What a circuit's closed form says of its response to a pulse, and how far ngspice and a real op-amp are from it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import signal as dsp

from cbam_viz.physics.circuits.circuit import IDEAL, ONE_POLE, Circuit, OpAmp, Pulse
from cbam_viz.physics.ngspice import simulate_responses

FINE_S = 10e-9
"""Step of the grid that holds the corners of a pulse."""


@dataclass(frozen=True)
class Agreement:
    """How far responses of the nominal circuit are from its closed form, at their worst instant.

    Parameters
    ----------
    peak_v : largest voltage of the closed form.
    ideal_v : of ngspice with ideal op-amps, in V: the error of the simulation.
    opamp_v : of ngspice with real op-amps, in V: what they do to the circuit.
    """

    peak_v: float
    ideal_v: float
    opamp_v: float


def closed_form_response(circuit: Circuit, values: NDArray[np.float64], pulse: Pulse) -> NDArray[np.float64]:
    """Response to a pulse by the transfer function alone, with ideal op-amps; (T,) array of V on the circuit's grid.

    Parameters
    ----------
    circuit : gives the transfer function.
    values : (P,) array, the value of every part.
    pulse : whose corners are brought to a grid of `FINE_S`.
    """
    grid = np.arange(round(circuit.duration_s / FINE_S), dtype=np.float64) * FINE_S
    form = circuit.transfer(dict(zip(circuit.names, values.tolist(), strict=True)))
    _, response, _ = dsp.lsim(form, pulse.at(grid), grid)
    return np.interp(circuit.times, grid, response)


def compare_with_closed_form(circuit: Circuit, opamp: OpAmp = ONE_POLE) -> Agreement:
    """Run the nominal circuit with ideal and with real op-amps, and set both beside the closed form.

    Raises
    ------
    InputError
        If ngspice is not installed.
    """
    expected = closed_form_response(circuit, circuit.nominal, circuit.pulse)
    found = simulate_responses(circuit, np.tile(circuit.nominal, (2, 1)), opamp=[IDEAL, opamp])
    ideal, real = np.abs(found.volts - expected).max(axis=1)
    return Agreement(float(np.abs(expected).max()), float(ideal), float(real))
