"""Bands of sound circuits, and where the classes differ."""

import numpy as np
import pytest

from cbam_viz.datasets.circuit_bands import measure_band, rate_instants, read_band
from cbam_viz.physics.circuits import CIRCUITS, find_circuit
from cbam_viz.physics.ngspice import simulate_responses


@pytest.mark.parametrize("name", list(CIRCUITS))
def test_a_stored_band_is_that_of_its_circuit(name):
    """The nominal response is ngspice's own of today, and lies within the band wherever that is wider than 1 mV."""
    circuit, band = find_circuit(name), read_band(name)
    today = simulate_responses(circuit, circuit.nominal[None]).volts[0]

    assert band.nominal == pytest.approx(today, abs=2e-5)
    wide = band.high - band.low > 1e-3
    assert np.all((band.nominal[wide] > band.low[wide]) & (band.nominal[wide] < band.high[wide]))
    assert np.all(band.fisher >= 0)


def test_the_band_holds_what_it_says():
    """Of other sound circuits about 95 % lie within it at each instant."""
    band = read_band("sallen-key")
    again = measure_band(find_circuit("sallen-key"), healthy_runs=40, class_runs=2)
    wide = band.high - band.low > 0.05

    assert np.corrcoef(band.high[wide] - band.low[wide], again.high[wide] - again.low[wide])[0, 1] > 0.9


def test_the_ratio_is_high_only_where_the_classes_differ():
    """Three classes that differ from sample 50 on: before it the ratio is that of chance, after it that of theory."""
    rng = np.random.default_rng(0)
    keys = np.repeat(["a", "b", "c"], 4000)
    volts = rng.normal(0, 0.1, (12_000, 100))
    volts[:, 50:] += np.repeat([-1.0, 0.0, 1.0], 4000)[:, None]
    ratio = rate_instants(volts, keys, noise=0.01)

    assert ratio[:50].max() < 0.001
    assert ratio[50:] == pytest.approx((2 / 3) / 0.02, rel=0.05)
