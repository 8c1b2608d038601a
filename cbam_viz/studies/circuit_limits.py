"""How well a part's deviation can be told at all: from the transfer function itself, of which no response tells more.

The faulty part is known, there is no noise, and the runs never run out. What is left is what the tolerances of the
other parts hide.
"""

from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from cbam_viz.datasets.circuits import Campaign, Draw, draw_campaign
from cbam_viz.physics.circuits import Circuit, find_circuit
from cbam_viz.studies.circuit_set import deviation_percent

RUNS = 4000
"""Of each class, half of which the estimate is fitted to."""
DEGREE = 3
STILL = 1e-9


def limit_deviations(campaign: Campaign) -> dict[str, float]:
    """Median error in percentage points of the best estimate of the faulty part's deviation, for each fault class.

    Parameters
    ----------
    campaign : whose sizes and law count; its runs do not, and its bench is taken as declared.
    """
    circuit = find_circuit(campaign.circuit)
    draws: dict[str, list[Draw]] = {}
    for draw in draw_campaign(Campaign(campaign.circuit, size=campaign.size, law=campaign.law, runs=RUNS, seed=1)):
        draws.setdefault(draw.key, []).append(draw)
    return {fault.key: _limit(circuit, draws[fault.key], fault.part) for fault in circuit.faults}


def _limit(circuit: Circuit, draws: list[Draw], part: str) -> float:
    """Of one class: a polynomial of the logarithms of the coefficients, fitted to one half, tried on the other."""
    values = np.array([draw.values for draw in draws])
    percent = deviation_percent(circuit, values, part)
    terms, half = _polynomial(_coefficients(circuit, values)), len(draws) // 2
    fitted = np.linalg.lstsq(terms[:half], percent[:half])[0]
    return float(np.median(np.abs(terms[half:] @ fitted - percent[half:])))


def _coefficients(circuit: Circuit, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """All that a linear response at one node can tell of its circuit: (N, M), each of about unit spread."""
    rows = [
        np.concatenate([num, den]) / den[0]
        for num, den in (circuit.transfer(dict(zip(circuit.names, row, strict=True))) for row in values)
    ]
    found = np.array(rows)
    scale = np.abs(found).mean(axis=0)
    found = found[:, scale > 0] / scale[scale > 0]
    logs = np.where((found > 0).all(axis=0), np.log(np.maximum(found, STILL)), found)
    logs = logs[:, logs.std(axis=0) > STILL]
    return (logs - logs.mean(axis=0)) / logs.std(axis=0)


def _polynomial(features: NDArray[np.float64]) -> NDArray[np.float64]:
    """Every product of up to `DEGREE` features, (N, terms)."""
    columns = range(features.shape[1])
    products = [
        np.prod(features[:, list(chosen)], axis=1)
        for degree in range(DEGREE + 1)
        for chosen in combinations_with_replacement(columns, degree)
    ]
    return np.stack(products, axis=1)
