"""The pulse is found where the response leaves its rest, and a flat top is told from a round one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbam_viz.signals.pulse import find_pulse, longest_flat


@pytest.mark.parametrize("circuit", ["band-pass", "high-pass"])
@given(
    delay=st.just(0.0) | st.floats(2, 80),
    snr_db=st.floats(20, 80),
    offset=st.floats(-3, 3),
    gain=st.sampled_from([-1.0, 0.05, 1.0]),
    seed=st.integers(0, 10_000),
)
@settings(max_examples=50, derandomize=True)
def test_a_pulse_is_found_to_a_sample_or_two(respond, circuit, delay, snr_db, offset, gain, seed):
    """Whatever offset and gain, with a rest before it or none, a pulse is found at 1 MHz to 1 µs, below 30 dB to 2."""
    volts = respond(1e6, 200e-6, delay * 1e-6, circuit)
    level = np.sqrt(np.mean(volts[int(delay) : int(delay) + 120] ** 2)) * 10 ** (-snr_db / 20)
    found = find_pulse(offset + gain * (volts + level * np.random.default_rng(seed).normal(size=len(volts))))
    assert found is not None
    assert found.place == pytest.approx(delay, abs=1 if snr_db >= 30 else 2)


def test_the_rest_tells_offset_and_noise(respond):
    """A stretch before the pulse gives the level and the noise of the recorder."""
    noise = 0.05 * np.random.default_rng(3).normal(size=701)
    found = find_pulse(1.3 + noise + respond(2e6, 350e-6, 150e-6))
    assert found.rest == pytest.approx(300, abs=3)
    assert (found.offset, found.noise) == (pytest.approx(1.3, abs=0.01), pytest.approx(0.05, rel=0.15))


def test_a_recorder_of_eight_bits_hides_no_pulse(respond):
    """Steps of a 256th of the range before the pulse are no onset."""
    volts = respond(2e6, 300e-6, 100e-6) + 0.004 * np.random.default_rng(1).normal(size=601)
    found = find_pulse(np.round(volts / 0.05) * 0.05)
    assert found.place == pytest.approx(200, abs=1.5)


@pytest.mark.parametrize("seed", range(20))
def test_noise_has_no_pulse(seed):
    """What never leaves its noise for some samples has none."""
    assert find_pulse(np.random.default_rng(seed).normal(size=3_000)) is None


def test_a_single_stray_sample_is_no_pulse():
    """Nor are two."""
    samples = 0.01 * np.random.default_rng(0).normal(size=500)
    samples[[100, 101, 300]] = 5
    assert find_pulse(samples) is None


def test_a_flat_top_is_told_from_a_round_one(respond):
    """Half of the height cut off leaves a long flat stretch; the rest after the response is none."""
    volts = respond(2e6, 300e-6, 20e-6)
    assert longest_flat(volts, 0.0) < 5
    assert longest_flat(volts.clip(max=volts.max() / 2), 0.0) > 15
