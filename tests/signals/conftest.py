"""Responses of two circuits in closed form, each from its transfer function."""

import numpy as np
import pytest
from scipy import signal as dsp

CIRCUITS = {
    "band-pass": ([4e5, 0], [1, 1e6 / 3, 4e3 / (6e9 * 2.5e-17)]),
    "high-pass": ([-1, 0, 0], [1, 1 / 3.1e-5, 1 / (9.92e6 * 2.5e-17)]),
}
"""Sallen-Key band-pass and biquad of Aminian et al. 2002 with their nominal values."""


@pytest.fixture(scope="session")
def respond():
    """Gives the response to a 5 V pulse of 10 µs with edges of 1 µs, (T,) array from time 0 on."""

    def answer(fs, seconds, delay=0.0, circuit="band-pass"):
        times = np.arange(round(seconds * fs) * 16 + 1) / fs / 16
        pulse = np.interp(times, delay + np.array([0, 1e-6, 11e-6, 12e-6]), [0, 5, 5, 0])
        return dsp.lsim(CIRCUITS[circuit], pulse, times)[1][::16]

    return answer
