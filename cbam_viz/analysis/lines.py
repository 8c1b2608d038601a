"""Where damage is heard in a spectrum, and how far a line there stands out of what is beside it.

A line that was looked for is always found somewhere within its tolerance, so each stands beside its null: the same
search at frequencies at which no line is expected.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from cbam_viz.physics.bearing import Bearing, Fault

Family = Literal["outer", "inner", "ball", "cage", "shaft"]
FAMILIES: tuple[Family, ...] = ("outer", "inner", "ball", "cage", "shaft")
DAMAGED: tuple[Fault, ...] = ("outer", "inner", "ball")
"""What a verdict is given on; a damaged cage, and a shaft out of balance, are heard where other things are too."""
HARMONICS = 3
TOLERANCE = 0.02
"""Of a line's frequency, by slip; never less than the resolution 1 / T."""
NEIGHBOURHOOD_HZ = 40.0
"""To either side, whose median is what a line stands out of; never less than `NEIGHBOURS` lines of the spectrum."""
NEIGHBOURS = 20
DRAWS = 400
"""Frequencies at which no line is expected, for a null."""


@dataclass(frozen=True)
class Line:
    """A place in a spectrum.

    Parameters
    ----------
    name : such as ``BPFO``, ``2 BPFI + shaft``.
    family : the part that is heard there.
    hz : its frequency.
    harmonic : 1 for the first.
    sideband : -1 below, 1 above, 0 for the line itself.
    """

    name: str
    family: Family
    hz: float
    harmonic: int = 1
    sideband: int = 0


@dataclass(frozen=True, eq=False)
class Lines:
    """A spectrum as it stands out of its neighbourhood: amplitude over the median around each line.

    Parameters
    ----------
    prominence : (F,) array.
    step_hz : between its lines, from 0 Hz on.
    seconds : T, of the signal; 1 / T is resolved.
    """

    prominence: NDArray[np.float64]
    step_hz: float
    seconds: float

    @property
    def top_hz(self) -> float:
        """The highest frequency."""
        return (len(self.prominence) - 1) * self.step_hz

    def tolerance(self, hz: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """To either side of a line at `hz`, in Hz."""
        return np.maximum(TOLERANCE * np.asarray(hz, float), 1 / self.seconds)

    def highest(self, hz: NDArray[np.float64], reach: NDArray[np.float64]) -> NDArray[np.float64]:
        """The greatest prominence within `reach` of each frequency, NaN beyond the spectrum; all (n,) arrays in Hz."""
        spans = np.stack(self._ends(hz, reach), axis=1).ravel()
        found = np.maximum.reduceat(np.append(self.prominence, 0.0), spans)[::2] if len(hz) else np.empty(0)
        return np.where((hz > 0) & (hz + reach <= self.top_hz), found, np.nan)

    def place(self, hz: NDArray[np.float64], reach: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where that greatest prominence is, in Hz."""
        ends = zip(*self._ends(hz, reach), strict=True)
        return np.array([low + self.prominence[low:beyond].argmax() for low, beyond in ends]) * self.step_hz

    def _ends(self, hz: NDArray[np.float64], reach: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The first place within `reach` of each frequency, and the first beyond it."""
        last = len(self.prominence) - 1
        low = np.clip(np.ceil((hz - reach) / self.step_hz - 1e-9), 1, last).astype(np.int64)
        high = np.clip(np.floor((hz + reach) / self.step_hz + 1e-9), low, last).astype(np.int64)
        return low, high + 1


def raise_lines(amplitude: NDArray[np.float64], step_hz: float, seconds: float) -> Lines:
    """A spectrum divided by the median of its neighbourhood; NaN where the neighbourhood is still.

    Parameters
    ----------
    amplitude : (F,) array, from 0 Hz on.
    step_hz : between its lines.
    seconds : of the signal.
    """
    reach = max(round(NEIGHBOURHOOD_HZ / step_hz), NEIGHBOURS)
    size = min(2 * reach + 1, len(amplitude))
    median = ndimage.median_filter(amplitude[1:], size, mode="reflect") if len(amplitude) > 1 else amplitude[1:]
    moving = median > 1e-12 * max(float(amplitude.max(initial=0.0)), 1e-200)
    prominence = np.where(moving, amplitude[1:] / np.where(moving, median, 1), np.nan)
    return Lines(np.concatenate([[0.0], prominence]), step_hz, seconds)


def list_lines(bearing: Bearing, shaft_hz: float, harmonics: int = HARMONICS) -> tuple[Line, ...]:
    """Every line that a bearing and its shaft may be heard at, with sidebands.

    Parameters
    ----------
    shaft_hz : speed of the shaft in Hz.
    harmonics : of each line.
    """
    cage = bearing.ftf(shaft_hz)
    around: dict[Family, tuple[str, float]] = {"inner": ("shaft", shaft_hz), "ball": ("FTF", cage)}
    lines = []
    for family in FAMILIES:
        name, hz = ("shaft", shaft_hz) if family == "shaft" else bearing.fault_line(family, shaft_hz)
        for harmonic in range(1, harmonics + 1):
            said = name if harmonic == 1 else f"{harmonic} × {name.replace('2×BSF', '(2×BSF)')}"
            lines.append(Line(said, family, harmonic * hz, harmonic))
            if family in around:
                other, apart = around[family]
                lines += [
                    Line(f"{said} {sign} {other}", family, harmonic * hz + side * apart, harmonic, side)
                    for side, sign in ((-1, "−"), (1, "+"))
                ]
    return tuple(line for line in lines if line.hz > 0)


def draw_noise(reach: float, seconds: float, seed: int = 0, draws: int = DRAWS) -> NDArray[np.float64]:
    """Prominences that Gaussian noise has within `reach` in Hz of any frequency, (D,) array.

    Its amplitudes follow Rayleigh, of which 2 ** -x² lie above x medians, and about 2 reach T of them are independent.

    Parameters
    ----------
    reach : in Hz, to either side.
    seconds : T, of the signal.
    seed : of the draws.
    """
    below = np.random.default_rng(seed).random(draws) ** (1 / max(2 * reach * seconds, 1))
    return np.asarray(np.sqrt(-np.log2(1 - below)), np.float64)


def draw_null(
    spectrum: Lines, hz: float, reach: float, known: Sequence[Line], seed: int = 0, draws: int = DRAWS
) -> NDArray[np.float64]:
    """Prominences of what is no line, searched as a line is: (D,) array; empty where all of the spectrum is lines.

    Parameters
    ----------
    hz, reach : of the line, in Hz; it is drawn from half to twice its frequency, searched within the same reach.
    known : lines that are stayed away from.
    seed : of the draws.
    """
    low, high = max(hz / 2, 2 * reach, 2 * spectrum.step_hz), min(2 * hz, spectrum.top_hz - reach)
    if low >= high:
        return np.empty(0)
    centres = np.random.default_rng(seed).uniform(low, high, draws * 4)
    places = np.array([line.hz for line in known])
    apart = np.abs(centres[:, None] - places) - spectrum.tolerance(places)  # (D, lines)
    clear = (apart > reach).all(axis=1)
    kept = centres[clear] if np.count_nonzero(clear) >= draws // 8 else centres[(apart > 0).all(axis=1)]
    kept = kept[:draws]
    return spectrum.highest(kept, np.full(len(kept), reach))
