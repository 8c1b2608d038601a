"""The pulse is found where the response leaves its rest, and a response that is cut is told from one that is not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbam_viz.signals.pulse import find_pulse

HIGH_PASS = ([-1, 0, 0], [1, 1 / 3.1e-5, 1 / (9.92e6 * 2.5e-17)])


def noisy(volts, snr_db, seed):
    """With white noise so much below the mean square."""
    noise = np.random.default_rng(seed).normal(size=len(volts))
    return volts + noise * np.sqrt(np.mean(volts**2)) * 10 ** (-snr_db / 20)


@given(
    delay_us=st.floats(0, 80),
    snr_db=st.floats(20, 80),
    offset=st.floats(-3, 3),
    gain=st.sampled_from([-1.0, 0.05, 1.0]),
    seed=st.integers(0, 10_000),
)
@settings(deadline=None, max_examples=60)
@pytest.mark.parametrize(("fs", "circuit"), [(1e6, None), (2e6, HIGH_PASS)])
def test_a_pulse_is_found_within_a_sample(respond_at, fs, circuit, delay_us, snr_db, offset, gain, seed):
    """Whatever offset and gain, with or without a rest before it, a pulse at 20 dB or better is found to a sample."""
    volts = respond_at(fs, 120e-6 + delay_us * 1e-6, delay_us * 1e-6, circuit)
    on = volts[int(delay_us * 1e-6 * fs) :]
    noise = np.random.default_rng(seed).normal(size=len(volts)) * np.sqrt(np.mean(on**2)) * 10 ** (-snr_db / 20)
    found = find_pulse(offset + gain * (volts + noise))
    assert found is not None
    assert found.place == pytest.approx(delay_us * 1e-6 * fs, abs=1.25)


@pytest.fixture(scope="module")
def respond_at():
    """The fixture of the folder, for a test that draws."""
    from scipy import signal as dsp

    def answer(fs, seconds, delay, circuit):
        times = np.arange(round(seconds * fs * 16) + 1) / fs / 16
        pulse = np.interp(times, delay + np.array([0, 1e-6, 11e-6, 12e-6]), [0, 5, 5, 0])
        return dsp.lsim(circuit or ([4e5, 0], [1, 1e6 / 3, 4e3 / (6e9 * 2.5e-17)]), pulse, times)[1][::16]

    return answer
