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
FLAT, FLAT_SHARE, FEWEST_FLAT = 1e-3, 0.02, 4
"""A response is cut where so little of its swing, for that part of its window and in so many samples, ends it."""
_POWERS = (1, 2, 3)
_FINE = 8
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

    The first samples that stay beyond the mean of all before them give it roughly; the place from which a power of time
    fits what follows gives it between the samples.

    Parameters
    ----------
    samples : (T,) array.
    """
    moved = samples - samples[0]
    crossing = _crossing(moved)
    if crossing is None:
        return None
    place = _refine(moved, crossing)
    rest = moved[: int(place) + 1]
    noise = float(np.std(rest, ddof=1)) if len(rest) >= FEWEST_REST else _noise(samples)
    return Onset(place, float(samples[0] + rest.mean()), noise, len(rest))


def _noise(samples: NDArray[np.float64]) -> float:
    """Standard deviation of what changes from sample to sample, robust to what changes slowly."""
    return float(np.median(np.abs(np.diff(samples, 2)))) * 1.4826 / 6**0.5 if len(samples) > 2 else 0.0


def _crossing(moved: NDArray[np.float64]) -> int | None:
    """First sample from which some in a row lie beyond all that came before."""
    count = np.arange(1, len(moved) - HELD + 1)
    if not len(count):
        return None
    before = np.cumsum(moved)[: len(count)] / count
    spread = np.sqrt(np.maximum(np.cumsum(moved**2)[: len(count)] / count - before**2, 0))
    least = max(_noise(moved), LEAST * float(np.ptp(moved)))
    limit = CROSSING * np.maximum(spread, least) * np.sqrt(1 + 1 / count)
    beyond = np.lib.stride_tricks.sliding_window_view(moved[1:], HELD)[: len(count)] - before[:, None]
    found = np.flatnonzero(beyond.min(axis=1) - limit > 0)
    below = np.flatnonzero(beyond.max(axis=1) + limit < 0)
    first = min((*found[:1].tolist(), *below[:1].tolist()), default=None)
    return None if first is None else first + 1


def _refine(moved: NDArray[np.float64], crossing: int) -> float:
    """The place from which rest + a · (time since)ᵖ fits the rise best."""
    level = np.median(moved[:crossing])
    half = np.abs(moved[crossing:] - level) >= np.abs(moved[crossing:] - level).max() / 2
    end = crossing + max(int(half.argmax()) + 1, HELD)
    reach = 2 * (end - crossing) + FEWEST_REST
    first = max(crossing - 2 * reach, 0)
    rise, at = moved[first:end], np.arange(first, end)
    best = (np.inf, float(crossing))
    for place in np.arange(max(crossing - reach, 0), crossing + 1 / _FINE, 1 / _FINE):
        for power in _POWERS:
            shape = np.maximum(at - place, 0) ** power
            best = min(best, (_residue(rise, shape), float(place)))
    return best[1]


def _residue(values: NDArray[np.float64], shape: NDArray[np.float64]) -> float:
    """Sum of squares that a level and a multiple of a shape leave."""
    values, shape = values - values.mean(), shape - shape.mean()
    power = float(shape @ shape)
    return float(values @ values) - (float(values @ shape) ** 2 / power if power else 0.0)


def longest_flat(samples: NDArray[np.float64], rest: float) -> int:
    """Most samples in a row that stay at the highest or lowest value, unless that is the level of rest.

    Parameters
    ----------
    samples : (T,) array, of a response.
    rest : its level before the pulse.
    """
    near = FLAT * float(np.ptp(samples))
    ends = [end for end in (samples.max(), samples.min()) if abs(end - rest) > 50 * near]
    return max((_longest_run(np.abs(samples - end) <= near) for end in ends), default=0)


def _longest_run(is_in: NDArray[np.bool_]) -> int:
    """Most True in a row."""
    breaks = np.flatnonzero(~np.r_[False, is_in, False])
    return int(np.diff(breaks).max()) - 1
