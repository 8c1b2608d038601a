"""What physics says beside the network: whose lines stand out, and whether a gate lets more of them through.

Physics looks at the bearing's kinematics and the signal alone; it knows no class and was trained on nothing. That
nothing stands out is no proof of health: an early fault may be too quiet, and some never ring (Smith & Randall 2015,
Mech. Syst. Signal Process. 64:100).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.envelope import AVOIDED, FoundLine, find_lines
from cbam_viz.analysis.gate_spectrum import StitchedGate, Weighted, raise_gate
from cbam_viz.analysis.lines import (
    DAMAGED,
    TOLERANCE,
    Line,
    Lines,
    draw_noise,
    draw_null,
    list_lines,
)
from cbam_viz.analysis.score import Score
from cbam_viz.physics.bearing import Bearing, Fault

COMBINED = 4_000
"""Draws of a fault's harmonics together."""
FALSE_ALARMS = 0.005
"""Of a healthy signal, shared by the faults that are looked for."""
WRONG_SPEEDS = 200
MOST_HARMONICS = 50
"""Whose energy is counted; a sharper course moves energy from the first to higher ones."""
FARTHEST = 0.4
"""Of the speed, that a wrong one is drawn from."""
NEAREST = 0.05
"""Of the speed, that a wrong one stays away from the true one."""


@dataclass(frozen=True)
class FaultEvidence:
    """How far one fault's harmonics stand out together.

    Parameters
    ----------
    fault : the part.
    line : name of its line, and `hz` its frequency.
    prominence : geometric mean over its harmonics, but for those that a stronger part explains too; NaN where the
        first is none of them.
    chance : what the same at random frequencies stays below in a healthy signal, all faults counted.
    found : its harmonics, each beside its own chance.
    """

    fault: Fault
    line: str
    hz: float
    prominence: float
    chance: float
    found: tuple[FoundLine, ...]

    @property
    def excess(self) -> float:
        """Prominence over chance; above 1 it stands out."""
        return self.prominence / self.chance


@dataclass(frozen=True)
class PhysicsVerdict:
    """The part whose physics fits best, None where no fault stands out; and all that it was chosen from.

    Parameters
    ----------
    fits : the fault that stands out farthest.
    faults : all that were looked for.
    seconds : that were listened to.
    """

    fits: Fault | None
    faults: tuple[FaultEvidence, ...]
    seconds: float

    @property
    def judged(self) -> bool:
        """Whether any fault's line lies within the spectrum."""
        return any(np.isfinite(each.excess) for each in self.faults)


def judge_faults(spectrum: Lines, bearing: Bearing, shaft_hz: float, seed: int = 0) -> PhysicsVerdict:
    """Whose lines stand out of an envelope spectrum?

    Parameters
    ----------
    spectrum : of the squared envelope.
    bearing, shaft_hz : of the machine.
    seed : of chance.
    """
    lines, known = list_lines(bearing, shaft_hz), list_lines(bearing, shaft_hz, AVOIDED)
    faults = tuple(
        _judge(fault, spectrum, [line for line in lines if line.family == fault and not line.sideband], known, seed)
        for fault in DAMAGED
    )
    ahead = [each for each in faults if each.excess > 1]
    fits = max(ahead, key=lambda each: each.excess).fault if ahead else None
    return PhysicsVerdict(fits, faults, spectrum.seconds)


def _judge(fault: Fault, spectrum: Lines, lines: Sequence[Line], known: Sequence[Line], seed: int) -> FaultEvidence:
    """One fault's harmonics together, beside as many at random frequencies."""
    found = find_lines(spectrum, lines, known)
    heard = [each for each in found if np.isfinite(each.prominence) and not each.also]
    rng = np.random.default_rng(seed)
    prominence = chance = float("nan")
    nulls = [draw_null(spectrum, each.line.hz, each.reach, known, seed) for each in heard]
    nulls = [null[np.isfinite(null)] for null in nulls]
    if heard and heard[0].line.harmonic == 1 and all(len(null) for null in nulls):
        prominence = float(np.exp(np.mean([np.log(max(each.prominence, 1e-12)) for each in heard])))
        noise = [draw_noise(each.reach, spectrum.seconds, seed) for each in heard]
        chance = max(_together(nulls, rng), _together(noise, rng))
    return FaultEvidence(fault, lines[0].name, lines[0].hz, prominence, chance, found)


def _together(nulls: Sequence[NDArray[np.float64]], rng: np.random.Generator) -> float:
    """What the geometric mean of one draw of each stays below, all faults counted."""
    draws = [np.log(np.maximum(rng.choice(null, COMBINED), 1e-12)) for null in nulls]
    return float(np.exp(np.quantile(np.mean(draws, axis=0), 1 - FALSE_ALARMS / len(DAMAGED))))


def score_gate_line(gate: StitchedGate, bearing: Bearing, shaft_hz: float, fault: Fault) -> Score:
    """Prominence of a fault's line in the gate's own spectrum, beside that at random frequencies.

    NaN for a constant gate, and for a line beyond the gate's Nyquist frequency.

    Parameters
    ----------
    gate : of one block.
    bearing, shaft_hz, fault : whose line.
    """
    _name, hz = bearing.fault_line(fault, shaft_hz)
    spectrum = raise_gate(gate)
    reach = float(spectrum.tolerance(hz))
    value = float(spectrum.highest(np.array([hz]), np.array([reach]))[0]) if gate.moves else np.nan
    null = draw_null(spectrum, hz, reach, list_lines(bearing, shaft_hz, AVOIDED)) if gate.moves else np.empty(0)
    score = _score("gate_line", gate.block, value, null)
    noise = float(np.quantile(draw_noise(reach, spectrum.seconds), 0.975))
    return replace(score, high=max(score.high, noise)) if np.isfinite(score.high) else score


def score_shares(
    gate: StitchedGate, weighted: Weighted, bearing: Bearing, shaft_hz: float, fault: Fault, seed: int = 0
) -> tuple[Score, Score]:
    """Does the gate raise a fault's share of the envelope's energy? Beside wrong speeds, and beside the gate shifted.

    Each value is the share at the fault's harmonics with the gate over that without: above 1 it is raised. NaN for a
    constant gate, and where no harmonic lies within the spectrum.

    Parameters
    ----------
    gate, weighted : of one block, over the same windows.
    bearing, shaft_hz, fault : whose lines.
    seed : of the wrong speeds.
    """
    hz = bearing.fault_line(fault, shaft_hz)[1]
    spectra = np.stack([weighted.plain, weighted.by_gate, *weighted.by_shifted]) ** 2  # (2 + R, F)
    seconds = gate.seconds
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = _shares(weighted.hz, spectra, np.array([hz]), seconds)[:, 0]  # (2 + R,)
        value = float(shares[1] / shares[0]) if gate.moves else np.nan
        wrong = _shares(weighted.hz, spectra[:2], hz * _wrong_speeds(seed), seconds)
        by_speed, by_shift = wrong[1] / wrong[0], shares[2:] / shares[0]
    return (
        _score("envelope_share", gate.block, value, by_speed if gate.moves else np.empty(0)),
        _score("envelope_share_shifted", gate.block, value, by_shift if gate.moves else np.empty(0)),
    )


def _wrong_speeds(seed: int) -> NDArray[np.float64]:
    """Speeds that are not the shaft's, as multiples of it, (n,) array."""
    drawn = np.random.default_rng(seed).uniform(NEAREST, FARTHEST, WRONG_SPEEDS)
    return np.concatenate([1 + drawn[::2], 1 - drawn[1::2]])


def _shares(
    hz: NDArray[np.float64], power: NDArray[np.float64], lines: NDArray[np.float64], seconds: float
) -> NDArray[np.float64]:
    """Part of the power above 0 Hz that lies at the harmonics of each line: (S, F) and (n,) arrays to (S, n)."""
    floor = 1.5 / seconds  # below it stands what is left of the mean
    total = np.where(hz > floor, power, 0)
    running = np.concatenate([np.zeros((len(power), 1)), np.cumsum(total, axis=1)], axis=1)
    count = int(hz[-1] / max(float(lines.min()), 1e-9))
    centres = lines[:, None] * np.arange(1, max(min(count, MOST_HARMONICS), 1) + 1)  # (n, H)
    reach = np.maximum(TOLERANCE * centres, 1 / seconds)
    low, high = (np.searchsorted(hz, centres + side * reach) for side in (-1, 1))
    inside = (running[:, high] - running[:, low]).sum(axis=2)  # (S, n)
    shares = inside / running[:, -1:]
    return np.where(lines < hz[-1], shares, np.nan)


def _score(name: str, block: str, value: float, null: NDArray[np.float64]) -> Score:
    """A value beside the middle and the ends of its null; NaN where there is none."""
    null = null[np.isfinite(null)]
    if not len(null) or not np.isfinite(value):
        return Score(name, block, float(value))
    low, middle, high = np.quantile(null, [0.025, 0.5, 0.975])
    return Score(name, block, value, float(middle), float(low), float(high))


def strongest(verdict: PhysicsVerdict) -> FaultEvidence | None:
    """The fault that stands out farthest, or would; None where none could be judged."""
    judged = [each for each in verdict.faults if np.isfinite(each.excess)]
    return max(judged, key=lambda each: each.excess, default=None)
