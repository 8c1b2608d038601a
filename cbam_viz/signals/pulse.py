"""Where the pulse begins that a circuit answers, found as the onset of its response; and whether the response is cut.

It trusts nothing but the samples: it refuses those that never leave their rest.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CROSSING = 5.0
"""Times the noise by which an onset leaves the rest before it."""
HELD = 3
"""Samples in a row that must do so: one that strays is no onset."""
LEAST = 1e-3
"""Of the whole swing: a response quieter than this beside its noise is as good as without noise."""
FEWEST_REST = 8
"""Samples before the pulse that tell the offset."""
FLAT, FLAT_SHARE, FEWEST_FLAT = 2e-4, 0.02, 4
"""A response is cut where so little of its swing, for that part of its window and in so many samples, ends it."""
FAR = 0.05
"""Of the swing: an end nearer to the rest is the shallow undershoot of a slow circuit, not a limit."""
MOST_RISE = 32
"""Samples of a rise that are looked at; a longer one is averaged to fewer."""
_ENDS, _QUIET = (0.15, 0.5), 20.0
"""Of its greatest departure from rest: how far a rise is followed; with little noise less far, to so many noises."""
_FINE = 4
"""Places tried a sample."""


@dataclass(frozen=True)
class Onset:
    """Where a response begins.

    Parameters
    ----------
    place : in samples, between two of them as well.
    offset : level before it.
    noise : standard deviation before it, as far as it can be told.
    rest : whole samples before it.
    """

    place: float
    offset: float
    noise: float
    rest: int


def find_pulse(samples: NDArray[np.float64]) -> Onset | None:
    """The onset of a response, or None where nothing leaves the noise.

    The first samples in a row that lie beyond the level before them give it roughly; the place from which a rise fits
    what follows gives it between the samples.

    Parameters
    ----------
    samples : (T,) array.
    """
    moved = samples - samples[0]
    noise = max(_noise(moved), LEAST * float(np.ptp(moved)))
    crossing = _crossing(moved, noise)
    if crossing is None:
        return None
    place = _refine(moved, crossing, noise)
    rest = moved[: int(place) + 1]
    measured = float(np.std(rest, ddof=1)) if len(rest) >= FEWEST_REST else _noise(moved)
    return Onset(place, float(samples[0] + rest.mean()), measured, len(rest))


def _noise(samples: NDArray[np.float64]) -> float:
    """Standard deviation of what changes from sample to sample, robust to what changes slowly."""
    return float(np.median(np.abs(np.diff(samples, 2)))) * 1.4826 / 6**0.5 if len(samples) > 2 else 0.0


def _crossing(moved: NDArray[np.float64], noise: float) -> int | None:
    """First sample from which some in a row lie beyond the first half of all that came before."""
    tried = np.arange(1, len(moved) - HELD + 1)
    if not len(tried):
        return None
    count = (tried + 1) // 2  # the half that holds nothing of a slow rise
    before = np.cumsum(moved)[count - 1] / count
    spread = np.sqrt(np.maximum(np.cumsum(moved**2)[count - 1] / count - before**2, 0))
    limit = CROSSING * np.maximum(spread, noise) * np.sqrt(1 + 1 / count)
    beyond = np.lib.stride_tricks.sliding_window_view(moved[1:], HELD)[: len(tried)] - before[:, None]
    found = np.flatnonzero((beyond.min(axis=1) > limit) | (beyond.max(axis=1) < -limit))
    return int(tried[found[0]]) if len(found) else None


def _refine(moved: NDArray[np.float64], crossing: int, noise: float) -> float:
    """The mean of the places from which a rise may begin, each by how likely it is in such noise."""
    away = np.abs(moved[crossing:] - np.median(moved[: (crossing + 1) // 2]))
    shares = np.clip(_QUIET * noise / away.max(), *_ENDS)
    rise = max(int((away >= shares * away.max()).argmax()) + 1, HELD)
    step = -(-rise // MOST_RISE)
    reach = 2 * rise + FEWEST_REST * step
    first, end = max(crossing - 2 * reach, 0), crossing + rise
    values = moved[first : first + (end - first) // step * step].reshape(-1, step).mean(axis=1)
    at = first + (step - 1) / 2 + step * np.arange(len(values))
    places = np.arange(max(crossing - reach, 0), crossing + step / _FINE, step / _FINE)
    lengths = step * np.exp2(np.arange(-1.0, 6.0))
    shapes = _rises(at - places[:, None], lengths)  # (shapes, places, samples)
    residues = _residues(values, shapes)
    likely = np.exp((residues.min() - residues) / (2 * noise**2 / step)).sum(axis=0)
    return float(likely @ places / likely.sum())


def _rises(since: NDArray[np.float64], lengths: NDArray[np.float64]) -> NDArray[np.float64]:
    """How a circuit at rest begins to answer a ramp of some length: at first as a power of the time since its begin.

    Parameters
    ----------
    since : (places, samples) array, time since each place.
    lengths : of the ramp.
    """
    after = np.maximum(since, 0)
    later = np.maximum(since - lengths[:, None, None], 0)
    return np.concatenate([after**power - later**power for power in (1, 2, 3)])


def _residues(values: NDArray[np.float64], shapes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum of squares that a level and a multiple of each shape leave, without the last axis of `shapes`."""
    values, shapes = values - values.mean(), shapes - shapes.mean(axis=-1, keepdims=True)
    power = (shapes**2).sum(axis=-1)
    return float(values @ values) - (shapes @ values) ** 2 / np.where(power > 0, power, np.inf)


def longest_flat(samples: NDArray[np.float64], rest: float) -> int:
    """Most samples in a row that stay at the highest or lowest value, unless that is near the level of rest.

    Parameters
    ----------
    samples : (T,) array, of a response.
    rest : its level before the pulse.
    """
    swing = float(np.ptp(samples))
    ends = [end for end in (samples.max(), samples.min()) if abs(end - rest) > FAR * swing]
    return max((_longest_run(np.abs(samples - end) <= FLAT * swing) for end in ends), default=0)


def _longest_run(is_in: NDArray[np.bool_]) -> int:
    """Most True in a row."""
    breaks = np.flatnonzero(~np.r_[False, is_in, False])
    return int(np.diff(breaks).max()) - 1
