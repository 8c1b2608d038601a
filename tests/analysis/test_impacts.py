"""Loud moments of a recording, held against simulations that know every impact."""

import numpy as np
import pytest

from cbam_viz.analysis.impacts import detect_impacts, squared_envelope
from cbam_viz.physics.simulate import Operation, draw_machine, simulate_bearing, with_slip


def simulate(fault, seed, snr):
    """A recording of 4 s, and the true frequency of its strikes in Hz."""
    machine = with_slip(draw_machine(seed), 0.01)
    signal = simulate_bearing(machine, Operation(fault, 29.95, snr_db=snr, seconds=4.0), seed).signal
    return signal, machine.bearing.fault_line(fault, 29.95)[1]


@pytest.mark.parametrize(
    ("fault", "snr", "precision", "recall"),
    [("outer", 10, 0.99, 0.9), ("outer", 0, 0.85, 0.3), ("inner", 10, 0.95, 0.5), ("ball", 10, 0.9, 0.3)],
)
def test_impacts_are_found_where_they_are(fault, snr, precision, recall):
    """Within 2 ms of a true one; in noise, and where strikes are faint, many are missed."""
    found_right = found = true = seen = 0
    for seed in range(4):
        signal, hz = simulate(fault, seed, snr)
        impacts, moments = np.array(signal.impacts), detect_impacts(signal.samples, signal.fs, 1 / hz)
        apart = np.abs(moments[:, None] - impacts)
        found, true = found + len(moments), true + len(impacts)
        found_right += (apart.min(axis=1) <= 0.002 * signal.fs).sum()
        seen += (apart.min(axis=0) <= 0.002 * signal.fs).sum()

    assert found_right / found >= precision
    assert seen / true >= recall


def test_the_envelope_of_a_modulated_tone_is_its_modulation():
    """(1 + m cos)^2, away from the ends."""
    time = np.arange(12_000) / 12_000
    modulation = 1 + 0.5 * np.cos(2 * np.pi * 20 * time)
    envelope = squared_envelope(modulation * np.sin(2 * np.pi * 3_000 * time))

    np.testing.assert_allclose(envelope[500:-500], modulation[500:-500] ** 2, rtol=1e-3)
