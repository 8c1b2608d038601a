"""The fault's period and the loud moments of a recording, held against simulations that know both."""

import numpy as np
import pytest

from cbam_viz.analysis.impacts import detect_impacts, squared_envelope
from cbam_viz.analysis.period import find_period_starts, refine_frequency
from cbam_viz.physics.simulate import Operation, draw_machine, simulate_bearing, with_slip

SHAFT_HZ = 29.95


def simulate(fault, seed=0, snr=10.0, slip=0.0):
    """A recording of 4 s, and the true frequency of its strikes in Hz."""
    machine = with_slip(draw_machine(seed), slip)
    signal = simulate_bearing(machine, Operation(fault, SHAFT_HZ, snr_db=snr, seconds=4.0), seed).signal
    return signal, machine.bearing.fault_line(fault, SHAFT_HZ)[1]


@pytest.mark.parametrize("fault", ["inner", "outer", "ball"])
@pytest.mark.parametrize("off", [-0.01, 0.0, 0.02])
def test_a_speed_that_is_off_is_put_right(fault, off):
    """Told 1 or 2 % too low or too high, the period is found to a part in a thousand."""
    signal, hz = simulate(fault)

    assert refine_frequency(squared_envelope(signal.samples), signal.fs, (1 + off) * hz) == pytest.approx(hz, rel=1e-3)


def test_periods_begin_where_the_bearing_is_struck():
    """The crest of an outer race's envelope follows its strikes by the same part of a period, all through 4 s."""
    signal, hz = simulate("outer")
    starts, impacts = find_period_starts(signal.samples, signal.fs, 1.01 * hz), np.array(signal.impacts)
    behind = (starts - impacts[np.searchsorted(impacts, starts) - 1])[1:] * hz / signal.fs % 1.0

    assert len(starts) == pytest.approx(4 * hz, abs=2)
    turn = np.exp(2j * np.pi * behind)
    assert np.abs(turn.mean()) > 0.98  # 1 where all are the same


def test_a_sine_is_found_to_a_thousandth():
    """With no noise and one harmonic, wherever in the search it lies."""
    time = np.arange(24_000) / 12_000
    for hz in (97.3, 100.0, 102.6):
        assert refine_frequency(1 + np.cos(2 * np.pi * hz * time), 12_000, 100.0) == pytest.approx(hz, rel=1e-3)


@pytest.mark.parametrize(
    ("fault", "snr", "precision", "recall"),
    [("outer", 10, 0.99, 0.9), ("outer", 0, 0.85, 0.3), ("inner", 10, 0.95, 0.5), ("ball", 10, 0.9, 0.3)],
)
def test_impacts_are_found_where_they_are(fault, snr, precision, recall):
    """Within 2 ms of a true one; in noise, and where strikes are faint, many are missed."""
    found_right = found = true = seen = 0
    for seed in range(4):
        signal, hz = simulate(fault, seed, snr, slip=0.01)
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
