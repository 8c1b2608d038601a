"""Physics names the damaged part, says nothing of a sound one, and gates are scored beside chance."""

from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.analysis.envelope import AVOIDED, band_envelope, find_lines
from cbam_viz.analysis.evidence import judge_faults, score_gate_line, score_shares, strongest
from cbam_viz.analysis.gate_spectrum import StitchedGate, weigh_envelope
from cbam_viz.analysis.kurtogram import Band
from cbam_viz.analysis.lines import list_lines, raise_lines
from cbam_viz.analysis.spectrum import amplitude_spectrum
from cbam_viz.physics.bearing import SIMULATED, SKF_6205
from cbam_viz.physics.simulate import Operation, draw_machine, simulate_bearing

FS, SHAFT_HZ, STRIDE = 12_000.0, 29.95, 8
BAND = Band(2_000.0, 4_000.0)
BPFO = SIMULATED.bpfo(SHAFT_HZ)


def loudness(fault, seed, snr_db=5.0):
    """Squared envelope of 2 s of a simulated bearing."""
    operation = Operation(fault=fault, shaft_hz=SHAFT_HZ, seconds=2.0, snr_db=snr_db)
    return band_envelope(simulate_bearing(draw_machine(seed), operation, seed).signal.samples, FS, BAND)


def judge(envelope):
    """The verdict on a squared envelope."""
    hz, amplitude = amplitude_spectrum(envelope, FS)
    return judge_faults(raise_lines(amplitude[hz < 1_500], hz[1], len(envelope) / FS), SIMULATED, SHAFT_HZ)


def gate_from(course):
    """A stitched gate of block 1 from M_s at every eighth sample."""
    return StitchedGate(
        "block 1", course - course.mean(), FS / STRIDE, np.repeat(course, STRIDE), 0, bool(np.ptp(course) > 0)
    )


@pytest.fixture(scope="module")
def outer():
    """Squared envelope of a damaged outer race."""
    return loudness("outer", 3)


@pytest.mark.parametrize("seed", [11, 12, 13])
@pytest.mark.parametrize("fault", ["outer", "inner", "ball"])
def test_the_damaged_part_fits_best(fault, seed):
    """The part whose lines stand out farthest is the one that the simulator damaged."""
    assert judge(loudness(fault, seed)).fits == fault


def test_a_line_of_a_stronger_part_is_no_evidence():
    """An inner race alone, whose 2 × BPFI lies within the tolerance of 3 × BPFO: marked, not counted."""
    amplitude = np.random.default_rng(0).rayleigh(size=8_000)
    for harmonic in (1, 2, 3):
        amplitude[round(harmonic * SKF_6205.bpfi(25.0) / 0.1)] = 40.0
    spectrum = raise_lines(amplitude, 0.1, 10.0)
    known = list_lines(SKF_6205, 25.0, AVOIDED)
    found = {each.line.name: each for each in find_lines(spectrum, known, known)}
    outer, inner, _ball = judge_faults(spectrum, SKF_6205, 25.0).faults

    assert (found["3 × BPFO"].also, found["3 × BPFO"].stands_out) == ("2 × BPFI", False)
    assert found["3 × BPFO"].prominence > found["3 × BPFO"].chance
    assert [(found[name].also, found[name].stands_out) for name in ("BPFI", "2 × BPFI", "3 × BPFI")] == [("", True)] * 3
    counted = [each.prominence for each in outer.found[:2]]
    assert outer.prominence == pytest.approx(np.sqrt(np.prod(counted)))
    assert outer.excess < 1 < inner.excess


def test_a_sound_bearing_has_no_fault():
    """Of 30 healthy bearings at most one is called damaged: a false alarm in two hundred is allowed for."""
    assert sum(judge(loudness(None, seed)).fits is not None for seed in range(100, 130)) <= 1


def test_lines_beyond_the_spectrum_are_not_judged():
    """A spectrum that ends below every fault line gives no verdict and no number."""
    verdict = judge_faults(raise_lines(np.ones(60), 1.0, 1.0), SIMULATED, SHAFT_HZ)

    assert not verdict.judged
    assert verdict.fits is None
    assert strongest(verdict) is None


def test_a_gate_at_the_fault_line_scores_above_chance():
    """A gate that opens with every strike stands out of its band; one that opens at random does not."""
    time = np.arange(3_000) * STRIDE / FS
    rng = np.random.default_rng(0)
    noise = 0.05 * rng.normal(size=3_000)
    score = score_gate_line(
        gate_from(0.5 + 0.1 * np.cos(2 * np.pi * BPFO * time) + noise), SIMULATED, SHAFT_HZ, "outer"
    )
    other = score_gate_line(gate_from(0.5 + noise), SIMULATED, SHAFT_HZ, "outer")

    assert score.above
    assert score.value > 3 * score.high
    assert not other.above or other.value < 2 * other.high


def test_a_gate_that_follows_strikes_raises_their_share():
    """Open for 2 ms from each true strike, a gate raises the fault's share; shifted it mostly lowers it."""
    operation = Operation(fault="outer", shaft_hz=SHAFT_HZ, seconds=2.0, snr_db=0.0)
    signal = simulate_bearing(draw_machine(3), operation, 3).signal
    outer = band_envelope(signal.samples, FS, BAND)
    since = (np.arange(24_000)[:, None] - np.array(signal.impacts)).astype(float)
    since[since < 0] = np.inf
    gate = gate_from(np.where(since.min(axis=1) < 0.002 * FS, 0.9, 0.3)[::STRIDE])
    weighted = weigh_envelope(outer, FS, gate, 2_048, 500)
    speeds, shifts = score_shares(gate, weighted, SIMULATED, SHAFT_HZ, "outer")

    assert (speeds.name, shifts.name) == ("envelope_share", "envelope_share_shifted")
    assert speeds.value == shifts.value
    assert shifts.control < 1 < speeds.value


def test_a_gate_that_repeats_by_itself_does_not_pass():
    """On noise a gate at the fault's rate raises the share beside wrong speeds, but just as much when shifted."""
    noise = np.random.default_rng(4).exponential(size=24_000)
    time = np.arange(3_000) * STRIDE / FS
    gate = gate_from(0.5 + 0.3 * np.cos(2 * np.pi * BPFO * time))
    speeds, shifts = score_shares(gate, weigh_envelope(noise, FS, gate, 2_048, 500), SIMULATED, SHAFT_HZ, "outer")

    assert speeds.above
    assert shifts.low * 0.9 < shifts.value < shifts.high * 1.1


def test_a_constant_gate_scores_nothing(outer):
    """Where a gate never moves, every score is NaN, and neither above nor below chance."""
    gate = gate_from(np.full(3_000, 0.7))
    scores = (
        score_gate_line(gate, SIMULATED, SHAFT_HZ, "outer"),
        *score_shares(gate, weigh_envelope(outer, FS, gate, 2_048, 500), SIMULATED, SHAFT_HZ, "outer"),
    )

    assert all(np.isnan(score.value) and not score.above and not score.below for score in scores)


def test_a_line_beyond_the_gates_nyquist_has_no_score():
    """A gate sampled too slowly for the line gives NaN."""
    gate = replace(gate_from(np.random.default_rng(1).random(3_000)), fs=150.0)

    assert np.isnan(score_gate_line(gate, SIMULATED, SHAFT_HZ, "outer").value)
