"""What sound circuits of a kind do, and where in time the classes differ: `sample_data/circuit_bands.npz`.

Both are of the circuit alone: no network has a part in them, so a gate can be set against them.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cbam_viz.datasets.circuits import Campaign, draw_campaign, simulate_draws
from cbam_viz.datasets.samples import SAMPLE_DATA
from cbam_viz.physics.circuits import CIRCUITS, Circuit, find_circuit
from cbam_viz.physics.ngspice import OK, Responses, simulate_responses

TABLE = "circuit_bands.npz"
SEED = 3_000_000
HEALTHY_RUNS, CLASS_RUNS = 200, 60
SIZE = 0.5
BAND = (0.025, 0.975)
NOISE_DB = 40.0
"""Below the nominal response: what two classes must differ by more than, in each sample, to be told apart there."""
_ROWS = ("nominal", "low", "high", "fisher")


@dataclass(frozen=True, eq=False)
class CircuitBand:
    """A circuit's nominal response, the band of sound ones, and how well each instant parts the classes.

    Parameters
    ----------
    times : (T,) array, in s since the pulse.
    nominal : (T,) array in V, of the circuit without deviations.
    low, high : (T,) arrays in V, between which 95 % of sound circuits lie at each instant.
    fisher : (T,) array, variance between the classes' means over the mean variance within a class, noise included.
    """

    times: NDArray[np.float64]
    nominal: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    fisher: NDArray[np.float64]


def read_band(circuit: str, folder: Path = SAMPLE_DATA) -> CircuitBand:
    """The band of one circuit.

    Parameters
    ----------
    circuit : its name.
    folder : with the table.
    """
    with np.load(folder / TABLE) as table:
        rows = dict(zip(_ROWS, table[circuit].astype(np.float64), strict=True))
    return CircuitBand(find_circuit(circuit).times, **rows)


def measure_band(circuit: Circuit, healthy_runs: int = HEALTHY_RUNS, class_runs: int = CLASS_RUNS) -> CircuitBand:
    """Simulate what a circuit's band is made of; tolerances are Gaussian.

    Raises
    ------
    InputError
        If ngspice is not installed.
    """
    nominal = simulate_responses(circuit, circuit.nominal[None]).volts[0]
    _keys, healthy = _simulate(Campaign(circuit.name, faults=(), runs=healthy_runs, seed=SEED))
    keys, volts = _simulate(Campaign(circuit.name, size=SIZE, runs=class_runs, seed=SEED))
    low, high = np.quantile(healthy, BAND, axis=0)
    noise = float(np.mean(nominal**2)) * 10 ** (-NOISE_DB / 10)
    return CircuitBand(circuit.times, nominal, low, high, rate_instants(volts, keys, noise))


def rate_instants(volts: NDArray[np.float64], keys: NDArray[np.str_], noise: float) -> NDArray[np.float64]:
    """Fisher's ratio of the classes at each instant, (T,) array.

    Parameters
    ----------
    volts : (N, T) array.
    keys : (N,) array, class of each.
    noise : variance of the noise in each sample, in V².
    """
    groups = [volts[keys == key] for key in np.unique(keys)]
    between = np.var([group.mean(axis=0) for group in groups], axis=0)
    within = np.mean([group.var(axis=0) for group in groups], axis=0)
    return np.asarray(between / (within + noise))


def write_bands(folder: Path = SAMPLE_DATA) -> Path:
    """Make the bands of every circuit, and give the path of their file.

    Raises
    ------
    InputError
        If ngspice is not installed.
    """
    bands = {name: measure_band(circuit) for name, circuit in CIRCUITS.items()}
    rows = {
        name: np.array([getattr(band, row) for row in _ROWS]).astype(np.float32).round(7)
        for name, band in bands.items()
    }
    np.savez_compressed(folder / TABLE, allow_pickle=False, **rows)
    return folder / TABLE


def _simulate(campaign: Campaign) -> tuple[NDArray[np.str_], NDArray[np.float64]]:
    """Classes and responses of a campaign's runs that went well."""
    draws = draw_campaign(campaign)
    found: Responses = simulate_draws(campaign, draws).responses
    good = np.array(found.status) == OK
    return np.array([draw.key for draw in draws])[good], found.volts[good]
