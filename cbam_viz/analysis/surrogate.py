"""Noise that has a window's spectrum and nothing of its timing: what a stretch is replaced by without a hole in it."""

import numpy as np
from numpy.typing import NDArray
from scipy import fft


def draw_surrogates(samples: NDArray[np.floating], count: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Stretches of noise with the amplitude spectrum and the mean of a window, (count, T) array.

    The phases are drawn at random (Theiler et al. 1992, Physica D 58:77), so power is kept and impacts are not.

    Parameters
    ----------
    samples : (T,) array.
    count : how many to draw.
    rng : draws the phases.
    """
    spectrum = fft.rfft(samples)  # (T // 2 + 1,)
    turned = spectrum * np.exp(2j * np.pi * rng.random((count, len(spectrum))))
    turned[:, 0] = spectrum[0]
    if len(samples) % 2 == 0:
        turned[:, -1] = spectrum[-1] * rng.choice([-1, 1], count)  # at half the rate there are two phases
    return fft.irfft(turned, len(samples), axis=1).astype(np.float32)
