"""A gate's own spectrum, and the lines that a repeating gate makes by itself."""

import numpy as np
import pytest

from cbam_viz.analysis.gate_spectrum import find_run, stitch_gate, trace_gate_spectrum, weigh_envelope
from cbam_viz.attention.record import BlockRecord
from cbam_viz.network.receptive import ReceptiveField
from cbam_viz.physics.bearing import SIMULATED
from cbam_viz.signals.windows import Preparation, Windows

FS, WINDOW, STRIDE = 12_000.0, 2_048, 8
FIELD = ReceptiveField(first_sample=-52, size=112, stride=STRIDE, positions=WINDOW // STRIDE)
SHAFT_HZ = 30.0


def windows_at(starts, count=24_576, hop=WINDOW):
    """Windows of noise at these samples."""
    samples = np.random.default_rng(0).normal(size=count)
    return Windows(samples, np.array(starts), Preparation(FS, WINDOW, hop), 0, ())


@pytest.fixture
def twelve():
    """Twelve windows that follow each other, 2.05 s."""
    return windows_at(np.arange(12) * WINDOW)


def gate_of(hz, windows, phase=0.0, field=FIELD):
    """A gate that opens and closes at a frequency, at the true place of its positions."""
    at = windows.starts[:, None] + field.centre(0) + np.arange(field.positions) * field.stride
    gate = 0.5 + 0.3 * np.cos(2 * np.pi * hz * at / FS + phase)
    return BlockRecord("block 1", np.empty((len(windows), 0), np.float32), gate.astype(np.float32), field)


def test_a_run_has_no_gap_and_no_overlap():
    """Windows are taken only as long as one begins where the last ends, and no more than asked for."""
    gap = windows_at([0, 2048, 4096, 8192, 10_240])
    overlap = windows_at(np.arange(0, 20_480, 1_024), hop=1_024)

    assert list(find_run(gap, 1, 10.0)) == [0, 1, 2]
    assert list(find_run(gap, 4, 10.0)) == [3, 4]
    assert list(find_run(overlap, 3, 10.0)) == [*range(1, 20, 2)]
    assert list(find_run(gap, 1, 2.5 * WINDOW / FS)) == [0, 1]


@pytest.mark.parametrize("hz", [40.0, 107.3, 320.0])
def test_a_gate_that_repeats_has_its_line(twelve, hz):
    """The highest line of a stitched gate is the frequency at which it opens, across the edges of windows."""
    gate = stitch_gate(gate_of(hz, twelve), twelve, np.arange(12))
    trace = trace_gate_spectrum(gate, weigh_envelope(twelve.samples**2, FS, gate, WINDOW, 500))

    assert trace.hz[trace.amplitude.argmax()] == pytest.approx(hz, abs=1 / trace.seconds)
    assert trace.amplitude.max() == pytest.approx(0.3, rel=0.25)


def test_what_is_locked_to_windows_is_no_line(twelve):
    """The same course in every window, as padding makes it, leaves nothing."""
    course = np.tile(np.random.default_rng(1).random(FIELD.positions, dtype=np.float32), (12, 1))
    gate = stitch_gate(BlockRecord("b", np.empty((12, 0), np.float32), course, FIELD), twelve, np.arange(12))

    np.testing.assert_allclose(gate.gate, 0, atol=1e-6)
    assert gate.moves


def test_steps_stand_at_their_true_place(twelve):
    """Every sample has the gate of the position whose field is centred nearest to it, one stride wide."""
    record = gate_of(60.0, twelve)
    steps = stitch_gate(record, twelve, np.arange(12)).steps
    sample = 1_000
    nearest = np.abs(FIELD.centre(0) + np.arange(FIELD.positions) * STRIDE - sample).argmin()

    assert len(steps) == 12 * WINDOW
    assert steps[3 * WINDOW + sample] == record.spatial_attention[3, nearest]


def test_lines_beyond_its_nyquist_are_said(twelve):
    """Nothing above half of the rate of its positions is compared, and its name is kept."""
    field = ReceptiveField(0, 128, 128, 16)
    gate = stitch_gate(gate_of(20.0, twelve, field=field), twelve, np.arange(12))
    trace = trace_gate_spectrum(gate, weigh_envelope(twelve.samples**2, FS, gate, WINDOW, 500), SIMULATED, SHAFT_HZ)

    assert trace.nyquist_hz == pytest.approx(46.875)
    assert {"BPFO", "BPFI", "2×BSF"} <= set(trace.beyond)
    assert all(each.line.hz < trace.nyquist_hz for each in trace.found)


def test_a_repeating_gate_makes_its_own_line(twelve):
    """Noise without any line has one at the gate's frequency once weighted; the shifted gate makes the same one."""
    gate = stitch_gate(gate_of(107.0, twelve), twelve, np.arange(12))
    envelope = np.random.default_rng(2).exponential(size=len(twelve.samples))  # of Gaussian noise
    weighted = weigh_envelope(envelope, FS, gate, WINDOW, 400)
    at = int(np.abs(weighted.hz - 107).argmin())

    assert weighted.by_gate[at] > 20 * np.median(weighted.by_gate)
    assert weighted.plain[at] < 5 * np.median(weighted.plain)
    low, high = np.quantile(weighted.by_shifted[:, at], [0.025, 0.975])
    assert 0.8 * low < weighted.by_gate[at] < 1.2 * high


def test_an_even_gate_changes_nothing(twelve):
    """A gate that never moves gives the envelope spectrum of the signal itself, and finds no line."""
    even = BlockRecord("b", np.empty((12, 0), np.float32), np.full((12, 256), 0.7, np.float32), FIELD)
    gate = stitch_gate(even, twelve, np.arange(12))
    weighted = weigh_envelope(twelve.samples**2, FS, gate, WINDOW, 400)

    np.testing.assert_allclose(weighted.by_gate, weighted.plain)
    assert not gate.moves
    assert trace_gate_spectrum(gate, weighted, SIMULATED, SHAFT_HZ).found == ()


def test_weighting_the_envelope_is_weighting_the_signal(twelve):
    """The gate squared times the squared envelope is the envelope of the gated signal, as SciPy has it."""
    from scipy import signal as dsp

    from cbam_viz.analysis.envelope import band_envelope
    from cbam_viz.analysis.kurtogram import Band

    gate = stitch_gate(gate_of(60.0, twelve), twelve, np.arange(12))
    loudness = band_envelope(twelve.samples, FS, Band(2_000, 4_000))
    passed = dsp.sosfiltfilt(
        dsp.butter(8, [2_000, 4_000], "bandpass", fs=FS, output="sos"), twelve.samples * gate.steps
    )

    assert np.corrcoef(loudness * gate.steps**2, np.abs(dsp.hilbert(passed)) ** 2)[0, 1] > 0.97
