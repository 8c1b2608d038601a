"""The fault's period, held against simulations that know it."""

import numpy as np
import pytest

from cbam_viz.analysis.period import cut_stretches, find_period_starts, refine_frequency
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

    for stretch in cut_stretches(signal.samples, signal.fs, (1 + off) * hz):
        assert refine_frequency(stretch, np.array([(1 + off) * hz])) == pytest.approx(hz, rel=2e-3)


def test_periods_begin_where_the_bearing_is_struck():
    """The crest of an outer race's envelope follows its strikes by the same part of a period, all through 4 s."""
    signal, hz = simulate("outer")
    stretches = cut_stretches(signal.samples, signal.fs, 1.01 * hz)
    (starts,), impacts = find_period_starts(stretches, signal.fs, np.array([1.01 * hz])), np.array(signal.impacts)
    behind = (starts - impacts[np.searchsorted(impacts, starts) - 1])[1:] * hz / signal.fs % 1.0

    assert len(starts) == pytest.approx(4 * hz, abs=2)
    turn = np.exp(2j * np.pi * behind)
    assert np.abs(turn.mean()) > 0.98  # 1 where all are the same


@pytest.mark.parametrize("hz", [97.3, 100.0, 102.6])
@pytest.mark.parametrize("highest", [None, 160.0])
def test_a_modulated_tone_has_its_period_and_its_crest(hz, highest):
    """A tone that swells once a period: period to a thousandth and crest to a part in 25 of it, wherever it lies."""
    time = np.arange(24_000) / 12_000
    swelling = 1 + 0.5 * np.cos(2 * np.pi * hz * (time - 0.0031))
    stretches = cut_stretches(swelling * np.sin(2 * np.pi * 3_000 * time), 12_000, 100.0, highest)
    (starts,) = find_period_starts(stretches, 12_000, np.array([100.0]))

    assert refine_frequency(stretches[0], np.array([100.0])) == pytest.approx(hz, rel=1e-3)
    behind = (starts / 12_000 - 0.0031) * hz
    assert behind - behind.round() == pytest.approx(0, abs=0.04)


def test_a_slow_fault_is_followed_over_enough_of_its_periods():
    """At 3 Hz no 2 s hold twenty, so the whole recording has one period."""
    time = np.arange(20_000) / 2_000
    noise = np.random.default_rng(0).normal(size=len(time))
    stretches = cut_stretches((1 + 0.5 * np.cos(2 * np.pi * 3.0 * time)) * noise, 2_000, 1.01 * 3.0)
    (starts,) = find_period_starts(stretches, 2_000, np.array([1.01 * 3.0]))

    assert np.diff(starts) * 3.0 / 2_000 == pytest.approx(1.0, rel=0.01)


def test_each_of_many_periods_is_sought_as_if_alone():
    """Asked together or one by one, every nominal frequency has the same refined one and the same starts."""
    signal, hz = simulate("inner")
    nominal = hz * np.array([1.0, 0.62, 1.3, 1.6])
    stretches = cut_stretches(signal.samples, signal.fs, hz, nominal.max())
    alone = [refine_frequency(stretches[0], nominal[[number]])[0] for number in range(len(nominal))]

    np.testing.assert_array_equal(refine_frequency(stretches[0], nominal), alone)
    for number, starts in enumerate(find_period_starts(stretches, signal.fs, nominal)):
        np.testing.assert_array_equal(starts, find_period_starts(stretches, signal.fs, nominal[[number]])[0])
