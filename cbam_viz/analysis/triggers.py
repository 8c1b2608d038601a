"""The moments by which gates are aligned: impacts, or crests at the fault's period; each with moments by chance.

By chance are random moments beside impacts, and wrong periods beside the fault's: each is found on the same envelope in
the same way, so that what finding alone brings is in the control too.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.impacts import detect_impacts
from cbam_viz.analysis.labelled import LabelledSet, Member
from cbam_viz.analysis.period import FEWEST_PERIODS, SHORTEST_S, cut_stretches, find_period_starts
from cbam_viz.errors import InputError

By = Literal["impacts", "period"]
WRONG = (0.62, 1.6)
RIGHT = 0.06
"""Wrong periods are drawn from so much of the fault's frequency, and none so close to it."""


@dataclass(frozen=True, eq=False)
class Triggers:
    """Moments of one recording, in samples of it.

    Parameters
    ----------
    member : number of the recording in its set.
    period : of its fault, or of the set's first where it has none; NaN where it is not known.
    own : (I,) array, the impacts, or one moment a period.
    by_chance : the moments of every draw.
    """

    member: int
    period: float
    own: NDArray[np.float64]
    by_chance: tuple[NDArray[np.float64], ...]


def find_triggers(labelled: LabelledSet, by: By, draws: int, seed: int) -> tuple[list[Triggers], list[str]]:
    """Triggers of every recording that has some, and a sentence on each that has none.

    Parameters
    ----------
    labelled : the set.
    by : ``impacts``, the true ones of a simulation or those found in the signal, or the fault's ``period``.
    draws : of triggers by chance.
    seed : of the draws.

    Raises
    ------
    InputError
        If no recording has any.
    """
    rng, found, left_out = np.random.default_rng(seed), [], []
    wrong = _wrong_shares(draws, rng)
    for number, member in enumerate(labelled.members):
        line, fs = _line(labelled, member), member.windows.preparation.fs
        period = fs / line if line else np.nan
        if by == "impacts":
            own = _impacts(member, fs, line)
            reason = "" if len(own) else "has no moment that stands out of its noise"
            if not reason:
                found.append(Triggers(number, period, own, _anywhere(member, len(own), draws, rng)))
        elif not (reason := _no_period(member, line, fs)):
            own, *by_chance = _crests(member, fs, fs / period, wrong)
            found.append(Triggers(number, period, own, tuple(by_chance)))
        if reason:
            left_out.append(f"{member.name} {reason}")
    if not found:
        raise InputError(
            "To align a gate, a recording needs a shaft speed and a bearing, or moments that stand out of its noise, "
            f"but none of {len(labelled.members)} has them ({left_out[0]}). Give speed and bearing with the labels."
        )
    return found, left_out


def _line(labelled: LabelledSet, member: Member) -> float | None:
    """Nominal frequency in Hz of a recording's own fault, or of the set's first where it has none; None if unknown."""
    if member.bearing is None or member.shaft_hz is None:
        return None
    faults = {name.key: name.fault for name in labelled.classes}
    fault = faults[member.label] or next((fault for fault in faults.values() if fault), None)
    return member.bearing.fault_line(fault, member.shaft_hz)[1] if fault else None


def _impacts(member: Member, fs: float, line: float | None) -> NDArray[np.float64]:
    """The true impacts of a simulation, else those found in the signal, (I,) array."""
    true = member.windows.impacts
    if true is not None and len(true):
        return true
    return detect_impacts(member.windows.samples, fs, 1 / line if line else None)


def _anywhere(member: Member, count: int, draws: int, rng: np.random.Generator) -> tuple[NDArray[np.float64], ...]:
    """As many moments at random in the windows of a recording, (I,) array a draw."""
    first, last = member.windows.starts[[0, -1]]
    return tuple(rng.uniform(first, last + member.windows.preparation.window, (draws, count)))


def _crests(member: Member, fs: float, line: float, wrong: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """One moment a period, at the fault's own frequency and at every wrong one."""
    stretches = cut_stretches(member.windows.samples, fs, line, WRONG[1] * line)
    return find_period_starts(stretches, fs, line * np.array([1.0, *wrong]))


def _wrong_shares(draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Frequencies as shares of the fault's, away from it and from those at which its own periods line up again."""
    own = np.array([2 / 3, 3 / 4, 4 / 5, 1, 5 / 4, 4 / 3, 3 / 2])
    shares = np.linspace(*WRONG, 2_000)
    apart = np.abs(shares[:, None] / own - 1).min(axis=1)
    return rng.choice(shares[(np.abs(shares - 1) > RIGHT) & (apart > RIGHT / 3)], draws)


def _no_period(member: Member, line: float | None, fs: float) -> str:
    """Why a recording has no fault period to fold at; empty if it has one."""
    samples = member.windows.samples
    if member.bearing is None or member.shaft_hz is None:
        return "tells no shaft speed or no bearing"
    if line is None:
        return "has no fault whose period is known, nor has any class of the set"
    if len(samples) < SHORTEST_S * fs:
        return f"lasts {len(samples) / fs:.2f} s, too short to refine its period (it takes {SHORTEST_S:g} s)"
    if line <= 0 or len(samples) < FEWEST_PERIODS * fs / line:
        return f"holds too few fault periods to refine one (it takes {FEWEST_PERIODS})"
    if line * 2 > fs / 2:
        return f"has a fault line at {line:.0f} Hz, beyond what its windows resolve"
    return ""
