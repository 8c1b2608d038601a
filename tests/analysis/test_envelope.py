"""Planted faults are heard where kinematics puts them."""

import numpy as np
import pytest
from scipy import signal as dsp

from cbam_viz.analysis.envelope import band_envelope, fit_speed, trace_envelope
from cbam_viz.analysis.kurtogram import Band
from cbam_viz.analysis.spectrum import amplitude_spectrum
from cbam_viz.physics.bearing import SIMULATED
from cbam_viz.physics.simulate import Operation, draw_machine, simulate_bearing

SHAFT_HZ = 29.95
FS = 12_000.0
BAND = Band(2_000.0, 4_000.0)


@pytest.fixture(scope="module")
def simulated():
    """Makes 2 s of a simulated bearing with a fault, at 5 dB, and of a shaft speed."""

    def make(fault, shaft_hz=SHAFT_HZ, seed=3):
        operation = Operation(fault=fault, shaft_hz=shaft_hz, seconds=2.0, snr_db=5.0)
        return simulate_bearing(draw_machine(seed), operation, seed).signal.samples

    return make


def test_modulation_gives_its_own_line():
    """(1 + m cos Ωt)² of a carrier has 2m at Ω and m²/2 at 2Ω, in the square of the unit."""
    time = np.arange(24_000) / FS
    samples = (1 + 0.5 * np.cos(2 * np.pi * 100 * time)) * np.sin(2 * np.pi * 3_000 * time)
    hz, amplitude = amplitude_spectrum(band_envelope(samples, FS, BAND), FS)

    assert amplitude[hz == 100] == pytest.approx(1.0, rel=0.02)
    assert amplitude[hz == 200] == pytest.approx(0.125, rel=0.02)


def test_it_agrees_with_scipy_alone(simulated):
    """A Butterworth filter, Hilbert transform and FFT written out give the same spectrum up to 400 Hz."""
    samples = simulated("outer")
    passed = dsp.sosfiltfilt(dsp.butter(8, [BAND.low, BAND.high], "bandpass", fs=FS, output="sos"), samples)
    power = np.abs(dsp.hilbert(passed)) ** 2
    window = np.hanning(len(power))
    other = 2 * np.abs(np.fft.rfft((power - power.mean()) * window)) / window.sum()
    hz, amplitude = amplitude_spectrum(band_envelope(samples, FS, BAND), FS)

    low = (hz > 5) & (hz < 400)
    assert np.corrcoef(amplitude[low], other[low])[0, 1] > 0.99
    assert amplitude[low].max() == pytest.approx(other[low].max(), rel=0.15)


@pytest.mark.parametrize(("fault", "line"), [("outer", "BPFO"), ("inner", "BPFI"), ("ball", "2×BSF")])
def test_a_planted_fault_is_found(simulated, fault, line):
    """The line of the damaged part stands out of chance, and farther than those of the others."""
    trace = trace_envelope(band_envelope(simulated(fault), FS, BAND), FS, BAND, "g", SIMULATED, SHAFT_HZ)
    found = {each.line.name: each for each in trace.found}

    assert found[line].stands_out
    assert found[line].prominence == max(found[name].prominence for name in ("BPFO", "BPFI", "2×BSF"))


def test_an_inner_race_has_sidebands_of_the_shaft(simulated):
    """Its load comes and goes with every turn: BPFI ± shaft stand out."""
    trace = trace_envelope(band_envelope(simulated("inner"), FS, BAND), FS, BAND, "g", SIMULATED, SHAFT_HZ)
    sides = [each for each in trace.found if each.line.family == "inner" and each.line.sideband]

    assert [each.stands_out for each in sides if each.line.harmonic == 1] == [True, True]


@pytest.mark.parametrize("off", [-0.02, 0.0, 0.025])
@pytest.mark.parametrize("fault", ["outer", "inner", "ball"])
def test_a_wrong_speed_is_corrected(simulated, fault, off):
    """Noted too slow or too fast, the speed that fits best is the true one, to the slip of half a per cent."""
    samples = simulated(fault)
    fitted = fit_speed(band_envelope(samples, FS, BAND), FS, SIMULATED, SHAFT_HZ * (1 + off))

    assert fitted.fault == fault
    assert fitted.shaft_hz == pytest.approx(SHAFT_HZ, rel=0.005)


def test_without_a_machine_no_line_is_looked_for(simulated):
    """Neither speed nor bearing: the spectrum alone, over Hz."""
    trace = trace_envelope(band_envelope(simulated("outer"), FS, BAND), FS, BAND, orders=True)

    assert trace.found == ()
    assert not trace.orders


def test_lines_beyond_the_spectrum_are_said_to_be(simulated):
    """At a speed whose lines no sampling rate here holds, no line is found and no speed fits."""
    loudness = band_envelope(simulated("outer"), FS, BAND)
    trace = trace_envelope(loudness, FS, BAND, "g", SIMULATED, 5_000.0)

    assert not any(each.stands_out for each in trace.found if each.line.family in {"outer", "inner", "ball"})
    assert fit_speed(loudness, FS, SIMULATED, 9_000.0) is None
