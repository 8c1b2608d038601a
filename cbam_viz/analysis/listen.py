"""A recording as sound: as it is, as one block's M_s weights it, and what the gate takes away.

A gate is laid over the samples as steps, at the places that its positions see; how the network's own features sound
nobody can hear. The rate is that of the network, so the band is the one it reads.
"""

import io
from dataclasses import dataclass

import numpy as np
import soundfile
from numpy.typing import NDArray

from cbam_viz.analysis.segments import cells_of_samples
from cbam_viz.attention.record import BlockRecord
from cbam_viz.signals.windows import Windows

LONGEST_S = 20.0
PEAK = 10 ** (-1 / 20)
"""Of full scale, 1 dB below: players that resample then do not clip."""


@dataclass(frozen=True, eq=False)
class Sound:
    """Three sounds of one stretch on one gain, so that their loudness can be compared.

    Parameters
    ----------
    fs : samples a second.
    start : first sample of the stretch in the recording.
    original, weighted, difference : (S,) arrays, -1 to 1; the first is the sum of the others unless levels are matched.
    gate : (S,) array, M_s as steps.
    gain : full scales a unit of the signal.
    """

    fs: float
    start: int
    original: NDArray[np.float64]
    weighted: NDArray[np.float64]
    difference: NDArray[np.float64]
    gate: NDArray[np.float64]
    gain: float


def span_of_window(windows: Windows, window: int) -> tuple[int, int]:
    """First sample of a window, and the one after its last."""
    start = int(windows.starts[window])
    return start, start + windows.preparation.window


def span_around(windows: Windows, window: int, longest_s: float = LONGEST_S) -> tuple[int, int]:
    """All that windows hold, or, where that is longer, so many seconds around one window."""
    low, high = int(windows.starts[0]), int(windows.starts[-1]) + windows.preparation.window
    most = max(int(longest_s * windows.preparation.fs), windows.preparation.window)
    if high - low <= most:
        return low, high
    middle = sum(span_of_window(windows, window)) // 2
    first = min(max(middle - most // 2, low), high - most)
    return first, first + most


def lay_gate(windows: Windows, block: BlockRecord, span: tuple[int, int]) -> NDArray[np.float64]:
    """One block's M_s over a stretch as steps, (S,) array; the mean where windows overlap, NaN where there is none."""
    size = windows.preparation.window
    position = cells_of_samples(block.receptive_field, size)
    total, count = np.zeros(span[1] - span[0]), np.zeros(span[1] - span[0])
    for window in np.flatnonzero((windows.starts < span[1]) & (windows.starts + size > span[0])):
        start = int(windows.starts[window])
        low, high = max(start, span[0]), min(start + size, span[1])
        total[low - span[0] : high - span[0]] += block.spatial_attention[window][position[low - start : high - start]]
        count[low - span[0] : high - span[0]] += 1
    return np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0)


def sound_of(windows: Windows, block: BlockRecord, span: tuple[int, int], level: bool = False) -> Sound:
    """A stretch of the recording as three sounds; without its offset, which nobody hears but a gate would chop.

    Parameters
    ----------
    windows : of the recording.
    block : whose M_s weights it; it has a spatial gate.
    span : from which sample to before which.
    level : give all three the same root mean square; otherwise one sounds as much weaker as it is.
    """
    gate = lay_gate(windows, block, span)
    heard = ~np.isnan(gate)  # nothing is said of samples that no window holds
    samples = windows.samples[span[0] : span[1]]
    original = np.where(heard, samples - samples[heard].mean(), 0.0)
    weighted = original * np.where(heard, gate, 0.0)
    sounds = [original, weighted, original - weighted]
    if level:
        loudness = _rms(original)
        sounds = [each * (loudness / _rms(each) if each.any() else 1.0) for each in sounds]
    gain = PEAK / (max(float(np.abs(each).max()) for each in sounds) or 1.0)
    original, weighted, difference = (each * gain for each in sounds)
    return Sound(windows.preparation.fs, span[0], original, weighted, difference, gate, gain)


def wave_bytes(samples: NDArray[np.float64], fs: float, slower: int = 1) -> bytes:
    """A sound as a WAV file of 16 bits.

    Parameters
    ----------
    samples : (S,) array, -1 to 1.
    fs : samples a second.
    slower : so many times; every pitch falls by the same factor.
    """
    out = io.BytesIO()
    soundfile.write(out, samples, max(round(fs / slower), 1), format="WAV", subtype="PCM_16")
    return out.getvalue()


def _rms(samples: NDArray[np.float64]) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(samples**2)))
