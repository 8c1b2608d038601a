"""Simulated bearings obey the physics they are made of."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import signal as dsp

from cbam_viz.errors import InputError
from cbam_viz.physics.bearing import NICE, SIMULATED, read_bearing
from cbam_viz.physics.simulate import (
    FAULTS,
    LEAD_S,
    STRUCK_G,
    Operation,
    draw_machine,
    load_zone,
    read_fault,
    simulate_bearing,
    with_slip,
)

SHAFT_HZ = 29.95
EACH_FAULT = pytest.mark.parametrize("fault", FAULTS)


def long(fault, seed=3, **operation):
    """Ten seconds of one machine."""
    return simulate_bearing(draw_machine(seed), Operation(fault, seconds=10.0, **operation), seed)


def squared_envelope(samples, fs=12_000.0):
    """Frequencies in Hz and amplitudes of the squared envelope's spectrum."""
    envelope = np.abs(dsp.hilbert(samples)) ** 2
    spectrum = np.abs(np.fft.rfft((envelope - envelope.mean()) * np.hanning(len(envelope))))
    return np.fft.rfftfreq(len(envelope), 1 / fs), spectrum


def highest(hertz, spectrum, low, high):
    """Frequency in Hz of the highest line between two frequencies."""
    inside = (hertz >= low) & (hertz <= high)
    return hertz[inside][spectrum[inside].argmax()]


# ---------------------------------------------------------------- the noise


def test_white_noise_is_normal():
    """The kurtosis of white noise is 3; with 120,000 samples its standard deviation is 0.014."""
    noise = long("inner").noise

    assert np.mean((noise - noise.mean()) ** 4) / np.var(noise) ** 2 == pytest.approx(3, abs=0.1)
    assert np.max(np.abs(np.correlate(noise[:5000], noise[:5000], "full")[5000:] / np.sum(noise[:5000] ** 2))) < 0.07


@EACH_FAULT
@pytest.mark.parametrize("snr_db", [-6.0, 0.0, 10.0])
@pytest.mark.parametrize("severity", [0.25, 1.0])
def test_the_snr_is_exact(fault, snr_db, severity):
    """Power of the answer over power of the noise is what was asked, less 20 dB for every tenth of severity lost."""
    made = simulate_bearing(draw_machine(5), Operation(fault, snr_db=snr_db, severity=severity), 1)
    found = 10 * np.log10(np.mean(made.struck**2) / np.mean(made.noise**2))

    assert found == pytest.approx(snr_db + 20 * np.log10(severity), abs=1e-9)
    assert np.sqrt(np.mean(made.struck**2)) == pytest.approx(severity * STRUCK_G)


def test_the_signal_is_the_sum_of_its_parts():
    """Nothing is in the samples but the answer to the strikes, the background and the noise."""
    made = long("ball")

    np.testing.assert_array_equal(made.signal.samples, made.struck + made.background + made.noise)


def test_a_recorder_clips_where_it_is_told_to():
    """No sample is beyond the level, some lie on it, and those below are untouched."""
    free, clipped = (simulate_bearing(draw_machine(2), Operation("outer", clip_g=clip)) for clip in (None, 0.5))
    inside = np.abs(free.signal.samples) <= 0.5

    assert np.abs(clipped.signal.samples).max() == 0.5
    np.testing.assert_array_equal(clipped.signal.samples[inside], free.signal.samples[inside])
    assert not inside.all()


# ---------------------------------------------------------------- the strikes


@EACH_FAULT
@pytest.mark.parametrize("seed", [3, 4, 5])
def test_the_envelope_has_the_line_of_the_fault(fault, seed):
    """The highest line near the fault's own lies within 1 % of it."""
    line = SIMULATED.fault_line(fault, SHAFT_HZ)[1]
    hertz, spectrum = squared_envelope(long(fault, seed).signal.samples)

    assert highest(hertz, spectrum, 0.95 * line, 1.05 * line) == pytest.approx(line, rel=0.01)
    near = (hertz > 0.8 * line) & (hertz < 1.2 * line)
    assert spectrum[near].max() > 5 * np.median(spectrum[near])


@pytest.mark.parametrize(("fault", "modulation"), [("inner", 1.0), ("ball", SIMULATED.order_ftf)])
def test_sidebands_lie_where_the_load_zone_is_crossed(fault, modulation):
    """A spot on the inner race crosses the load zone once a turn of the shaft, a ball once a turn of the cage."""
    line = SIMULATED.fault_line(fault, SHAFT_HZ)[1]
    hertz, spectrum = squared_envelope(simulate_bearing(
        replace(draw_machine(3), slip=0.001, ball_ratio=1.0), Operation(fault, seconds=10.0, snr_db=20), 3
    ).signal.samples)  # fmt: skip
    step = modulation * SHAFT_HZ
    floor = np.median(spectrum[(hertz > 0.5 * line) & (hertz < 1.5 * line)])

    for side in (-1, 1):
        at = line + side * step
        assert highest(hertz, spectrum, at - 0.3 * step, at + 0.3 * step) == pytest.approx(at, abs=0.02 * step + 0.3)
        assert spectrum[np.abs(hertz - at) < 0.5].max() > 5 * floor


def test_the_outer_race_has_no_sidebands():
    """A spot that stands in the load zone is struck equally hard at every angle of the shaft."""
    line = SIMULATED.bpfo(SHAFT_HZ)
    machine = replace(draw_machine(3), slip=0.001, harmonics=(), carrier=0.0)
    hertz, spectrum = squared_envelope(
        simulate_bearing(machine, Operation("outer", seconds=10.0, snr_db=20), 3).signal.samples
    )

    sides = np.abs(np.abs(hertz - line) - SHAFT_HZ) < 0.5
    assert spectrum[sides].max() < 0.1 * spectrum[np.abs(hertz - line) < 0.5].max()


def test_strikes_slip_and_the_slip_adds_up():
    """Times between strikes spread by the slip; over k strikes their spread is the root of k as wide."""
    machine = with_slip(draw_machine(7), 0.01)
    times = (
        np.array(simulate_bearing(machine, Operation("outer", seconds=200.0, fs=12_000.0), 7).signal.impacts) / 12_000
    )
    period = 1 / SIMULATED.bpfo(SHAFT_HZ)
    for count in (25, 100):  # long enough that rounding to whole samples does not matter
        spans = times[count:] - times[:-count]
        assert spans.mean() == pytest.approx(count * period, rel=1e-3)
        assert spans[::count].std() == pytest.approx(0.01 * period * np.sqrt(count), rel=0.25)


def test_impacts_are_where_the_ringing_begins():
    """Without noise nothing moves in a machine before its first strike after a pause, and it does at it."""
    machine = replace(draw_machine(3), slip=0.0, damping=(0.3,), modes_hz=(3000.0,), gains=(1.0,), spread=0.0)
    made = simulate_bearing(machine, Operation("outer"), 3)
    impacts = np.array(made.signal.impacts)
    largest = np.abs(made.struck).max()

    assert all(np.abs(made.struck[at - 12 : at]).max() < 1e-3 * largest for at in impacts[1:])
    assert all(np.abs(made.struck[at : at + 4]).max() > 0.3 * largest for at in impacts[1:-1])


def test_a_changing_speed_changes_the_rate_of_the_strikes():
    """In the angle domain all strikes are alike: with a drift of 20 % the last are 20 % closer than the first."""
    machine = with_slip(draw_machine(7), 0.0)
    gaps = np.diff(simulate_bearing(machine, Operation("outer", seconds=20.0, drift=0.2), 7).signal.impacts)

    assert gaps[:20].mean() / gaps[-20:].mean() == pytest.approx(1.1 / 0.9, rel=0.01)
    assert len(gaps) / 20 == pytest.approx(SIMULATED.bpfo(SHAFT_HZ), rel=0.005)


def test_no_strikes_without_damage():
    """A healthy bearing, and a damage of no severity, are struck nowhere."""
    for operation in (Operation(None), Operation("inner", severity=0.0)):
        made = simulate_bearing(draw_machine(1), operation)
        assert made.signal.impacts == ()
        assert not made.struck.any()


def test_the_load_zone_is_stribecks():
    """Full load in its middle, none outside, and half of the circumference at epsilon 0.5."""
    angles = np.deg2rad([0, 45, 89.9, 90.1, 180, 315])

    loads = load_zone(angles, 0.5)
    np.testing.assert_allclose(loads[[0, 1, 5]], [1, np.cos(np.pi / 4) ** 1.5, np.cos(np.pi / 4) ** 1.5])
    assert loads[2] > 0 == loads[3] == loads[4]
    assert load_zone(np.array([np.pi - 0.01]), 1.0)[0] > 0


def test_it_rings_before_the_first_sample():
    """A recording begins in the middle of things: over many, the first samples are as loud as any."""
    machine = draw_machine(3)
    made = [simulate_bearing(machine, Operation("outer", seconds=2 * LEAD_S), seed).struck for seed in range(200)]
    power = np.mean(np.square(made), axis=0)

    assert power[:100].mean() == pytest.approx(power[-100:].mean(), rel=0.25)


# ---------------------------------------------------------------- machines


def test_a_machine_is_drawn_once():
    """The same seed gives the same machine and the same samples; another seed another machine."""
    assert draw_machine(9) == draw_machine(9) != draw_machine(10)
    one, two = (simulate_bearing(draw_machine(9), Operation("ball"), 4).signal for _ in range(2))
    np.testing.assert_array_equal(one.samples, two.samples)
    assert one.impacts == two.impacts


def test_recordings_of_a_machine_differ():
    """Another seed of the recording gives other noise and other strikes of the same modes."""
    one, two = (simulate_bearing(draw_machine(9), Operation("ball"), seed).signal for seed in (1, 2))

    assert one.impacts != two.impacts
    assert abs(np.corrcoef(one.samples, two.samples)[0, 1]) < 0.2


def test_machines_lie_in_their_bounds():
    """Of 300 machines: one to three modes within 10 % of their nominal ones, and slip and damping as in bearings."""
    machines = [draw_machine(seed) for seed in range(300)]

    assert {len(machine.modes_hz) for machine in machines} == {1, 2, 3}
    for machine in machines:
        np.testing.assert_allclose(machine.modes_hz, np.array([3000, 2100, 4050])[: len(machine.modes_hz)], rtol=0.1)
        assert all(0.02 <= damping <= 0.08 for damping in machine.damping)
        assert 0.005 <= machine.slip <= 0.02
        assert 0.05 <= machine.spread <= 0.3


def test_any_bearing_can_be_simulated():
    """The orders are the bearing's own, and the file says them in words that give them back."""
    own = read_bearing("balls=12;ball=7.94;pitch=39.04")
    for bearing in (NICE, own):
        signal = simulate_bearing(draw_machine(1, bearing), Operation("outer", seconds=4.0)).signal
        assert len(signal.impacts) / 4 == pytest.approx(bearing.bpfo(SHAFT_HZ), rel=0.02)
        assert read_bearing(signal.bearing).order_bpfo == pytest.approx(bearing.order_bpfo, rel=1e-5)


# ---------------------------------------------------------------- what can't be


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"fault": "cage"}, "A simulated damage is one of inner, outer, ball or none, but 'cage' was given"),
        ({"shaft_hz": 0.0}, "A shaft speed lies between 0 and 10000 Hz, but 0 Hz was given"),
        ({"load": 0.0}, r"The load zone lies between 0\.05 and 1, but 0 was given"),
        ({"snr_db": float("nan")}, "The signal-to-noise ratio in dB lies between -40 and 80, but nan was given"),
        ({"severity": 1.5}, r"The severity lies between 0 and 1, but 1\.5 was given"),
        ({"drift": 0.9}, r"The drift of the speed lies between -0\.5 and 0\.5, but 0\.9 was given"),
        ({"seconds": 1e6}, r"The length in s lies between 0\.1 and 600, but 1e\+06 was given"),
        (
            {"seconds": 600.0, "fs": 2e5},
            "A simulation has up to 20000000 samples, but 600 s at 200000 Hz are 120000000",
        ),
        ({"fs": 10.0}, "The rate of the simulation in Hz lies between 1000 and 200000, but 10 was given"),
        ({"clip_g": 0.0}, r"The level in g at which the recorder clips lies between 0\.001 and inf, but 0 was given"),
    ],
)
def test_an_operation_that_no_machine_has(wrong, said):
    """Each setting out of its range is refused with the range and what was found."""
    with pytest.raises(InputError, match=said):
        Operation(**wrong)


def test_a_mode_above_the_band_is_refused():
    """A machine that rings above what the rate holds would be heard at a frequency it does not have."""
    with pytest.raises(InputError, match=r"must lie below 0\.45 of the sampling rate, 1800 Hz, but one is at"):
        simulate_bearing(draw_machine(0), Operation(fs=4_000.0))
    with pytest.raises(
        InputError, match="The resonance of a housing lies between 500 and 40000 Hz, but 5 Hz was given"
    ):
        draw_machine(0, resonance_hz=5.0)
    with pytest.raises(InputError, match=r"A slip lies between 0 and 0\.1, but 0\.5 was given"):
        with_slip(draw_machine(0), 0.5)


def test_a_damage_is_read_from_its_words():
    """`none` and its kin are healthy; what can't be simulated is refused."""
    assert [read_fault(words) for words in ("none", "Healthy", " inner ")] == [None, None, "inner"]
    with pytest.raises(InputError, match="one of none, inner, outer, ball, but 'cage' was given"):
        read_fault("cage")
