"""The one window of a circuit's response: aligned to its pulse, at rest before it, long enough, not saturated."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from cbam_viz.errors import InputError
from cbam_viz.signals.preparation import Preparation
from cbam_viz.signals.pulse import FEWEST_FLAT, FEWEST_REST, FLAT_SHARE, Onset, find_pulse, longest_flat
from cbam_viz.signals.signal import Signal
from cbam_viz.signals.units import normalise

ON_GRID = 1e-3
"""Of a sample: a pulse this close to one lies on it."""
RINGING = 16
"""Samples at the network's rate that a filter rings before a step."""
SLACK = 2
"""Samples that a window may end after its recording, in which the last value holds."""


def begin_early(signal: Signal, preparation: Preparation) -> tuple[Signal, float]:
    """The signal with its first value held before it, and for how long in s.

    Long enough for the lead, and for a filter to ring before a response that begins with its recording.
    """
    ahead = int(np.ceil((preparation.lead + RINGING) * max(signal.fs / preparation.fs, 1)))
    return replace(signal, samples=np.pad(signal.samples, (ahead, 0), mode="edge")), ahead / signal.fs


def align_response(
    signal: Signal, samples: NDArray[np.float64], ahead_s: float, preparation: Preparation
) -> tuple[NDArray[np.float64], int, tuple[str, ...]]:
    """Move a response so that its pulse lies on a sample, and take the level of its rest away.

    Parameters
    ----------
    signal : as it was recorded, in which the pulse is found.
    samples : (T,) array, the same at the network's rate, begun early.
    ahead_s : how much earlier it begins, in s.
    preparation : of the network.

    Returns
    -------
    samples : (T,) array, moved by less than a sample; longer where the recording ends a little early.
    start : first sample of the window.
    notes : what was done.

    Raises
    ------
    InputError
        If the signal is no voltage, holds no pulse, or is too short or saturated behind it.
    """
    notes = _check_unit(signal, preparation)
    onset, begin_s, found = _begin(signal)
    _check_length(signal, begin_s, preparation)
    _check_limits(signal, begin_s, onset.offset, preparation)
    notes += (found,)
    if onset.rest >= FEWEST_REST:
        samples = samples - onset.offset
        notes += (
            f"Its level before the pulse, {onset.offset:.3g} V, is taken away (noise there {onset.noise:.2g} V).",
        )
    place = (begin_s + ahead_s) * preparation.fs
    start = round(place)
    if abs(place - start) > ON_GRID:
        at = np.arange(len(samples)) + place - start
        samples = CubicSpline(np.arange(len(samples)), samples)(at.clip(0, len(samples) - 1))
    missing = preparation.lead / preparation.fs - begin_s
    if missing > ON_GRID / preparation.fs:
        notes += (f"The {missing * 1e6:.3g} µs before the recording are taken to be at rest.",)
    first = max(round(begin_s * preparation.fs) - preparation.lead, 0)  # in the recording, whose beginning is kept
    samples = samples[start - preparation.lead - first :]
    after = max(first + preparation.window - len(samples), 0)
    return np.pad(samples, (0, after), mode="edge"), first, notes


def _check_unit(signal: Signal, preparation: Preparation) -> tuple[str, ...]:
    """Refuse what is no voltage where the network reads volts."""
    unit = normalise(signal.unit)
    if preparation.scaling != "none" or unit == "V":
        return ()
    if unit:
        raise InputError(
            f"This network reads a response in V, but {signal.origin} is in {unit}. Choose V as the unit to read it in."
        )
    return ("No unit is stated, so its numbers are read as V.",)


def _begin(signal: Signal) -> tuple[Onset, float, str]:
    """The rest before the pulse, when the pulse begins in s, and how that is known."""
    if signal.pulse_s is not None:
        rest = signal.samples[: max(int(signal.pulse_s * signal.fs + ON_GRID) + 1, 1)]
        noise = float(np.std(rest, ddof=1)) if len(rest) > 1 else 0.0
        known = Onset(signal.pulse_s * signal.fs, float(rest.mean()), noise, len(rest))
        return known, signal.pulse_s, f"The pulse begins {signal.pulse_s * 1e6:.6g} µs into the recording, as it says."
    onset = find_pulse(signal.samples)
    if onset is None:
        raise InputError(
            f"A response begins where it leaves its rest, but nothing in {signal.name} stands out of its noise for "
            "long enough. Record from before the pulse on, or choose the output of the circuit."
        )
    begin_s = onset.place / signal.fs
    micros = round(begin_s * 1e6, 3)
    said = f"The pulse begins {micros:.6g} µs into the recording: found where the response leaves its rest."
    return onset, begin_s, said


def _check_length(signal: Signal, begin_s: float, preparation: Preparation) -> None:
    """Refuse a recording that ends before the window does."""
    needed = (preparation.window - preparation.lead) / preparation.fs
    left = signal.duration - begin_s
    if left < needed - SLACK / preparation.fs:
        raise InputError(
            f"This network reads {needed * 1e6:.4g} µs from the pulse on, but {signal.name} ends "
            f"{max(left, 0) * 1e6:.4g} µs after it. Record a longer stretch after the pulse."
        )


def _check_limits(signal: Signal, begin_s: float, rest: float, preparation: Preparation) -> None:
    """Refuse a response that an amplifier or a recorder cuts at its highest or lowest value."""
    first = int(begin_s * signal.fs)
    length = (preparation.window - preparation.lead) / preparation.fs * signal.fs
    flat = longest_flat(signal.samples[first : first + int(length) + 1], rest)
    if flat > max(FLAT_SHARE * length, FEWEST_FLAT):
        raise InputError(
            f"A response must stay within the range of amplifier and recorder, but {signal.name} stays at its extreme "
            f"for {flat / signal.fs * 1e6:.3g} µs, as a saturated one does. Lower the pulse or widen the range."
        )
