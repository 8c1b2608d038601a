"""What does the machine's physics say of this signal, and of what a network lets through? Both doors call it.

The fault lines, the band that rings and the envelope are found without the network; its gates are laid beside them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.envelope import (
    SHORTEST_S,
    EnvelopeTrace,
    FittedSpeed,
    band_envelope,
    fit_speed,
    highest_line,
    trace_envelope,
)
from cbam_viz.analysis.evidence import PhysicsVerdict, judge_faults, score_gate_line, score_shares
from cbam_viz.analysis.gate_spectrum import (
    GateSpectrumTrace,
    StitchedGate,
    Weighted,
    find_run,
    stitch_gate,
    trace_gate_spectrum,
    weigh_envelope,
)
from cbam_viz.analysis.kurtogram import Band, measure_kurtogram
from cbam_viz.analysis.lines import DAMAGED, raise_lines
from cbam_viz.analysis.score import Score
from cbam_viz.analysis.spectrum import SpectrumTrace, amplitude_spectrum, trace_spectrum
from cbam_viz.errors import InputError
from cbam_viz.language import _
from cbam_viz.network.card import ClassName
from cbam_viz.physics.bearing import Bearing, Fault, read_bearing
from cbam_viz.signals.windows import Windows
from cbam_viz.studies.explain import Explanation
from cbam_viz.studies.panels import View

LONGEST_S = 10.0
"""Listened to at once; a shaft holds its speed that long."""
NARROWEST_HZ = 200.0
"""A band by hand, so that its filter is narrower than itself."""
LISTENED = 2.0
"""Highest fault lines that the kurtogram's narrowest band is wide: an envelope holds no line above its band's width."""


@dataclass(frozen=True, eq=False)
class Physics:
    """All that physics says of the signal around a window.

    Parameters
    ----------
    spectrum : of the signal.
    seconds : that were listened to, and ``gate_seconds`` of the gates' windows.
    said : class of the window by the network.
    band : that was listened to.
    shaft_hz : used, None where unknown.
    envelope, gate : None where the signal is too short for them.
    verdict : None where something is lacking.
    speed : that fits best, None where no fault stands out at any.
    scores : tests of the gates.
    lacking : sentences on what could not be done, and what it needs.
    """

    spectrum: SpectrumTrace
    seconds: float
    gate_seconds: float
    said: ClassName
    band: Band
    shaft_hz: float | None
    envelope: EnvelopeTrace | None
    gate: GateSpectrumTrace | None
    verdict: PhysicsVerdict | None
    speed: FittedSpeed | None
    scores: tuple[Score, ...]
    lacking: tuple[str, ...]


def study_physics(explanation: Explanation, view: View) -> Physics:
    """Lay the machine's physics beside what the network lets through, around the window in view.

    Parameters
    ----------
    view : its window, block, shaft speed, bearing, and how it looks at frequencies are used.

    Raises
    ------
    InputError
        If the bearing is no name, orders or geometry, or the band by hand can't be listened to.
    """
    windows, card, frequency = explanation.windows, explanation.card, view.frequency
    preparation = windows.preparation
    fs = preparation.fs
    bearing = read_bearing(view.bearing) if view.bearing else None
    shaft_hz = view.shaft_hz * (1 + frequency.nudge) if view.shaft_hz else None
    samples = listened_samples(windows, view.window)
    band = choose_band(samples, fs, preparation.top_hz, bearing, shaft_hz, frequency.band_hz)
    spectrum = trace_spectrum(
        samples,
        fs,
        card.block_names[view.block],
        card.reference[view.block],
        explanation.signal.unit,
        shaft_hz,
        preparation.top_hz,
    )
    run = find_run(windows, view.window, LONGEST_S)
    said = card.classes[int(explanation.record.probabilities[view.window].argmax())]
    if card.circuit:
        nothing = _("One response to a pulse repeats nothing, so there are no lines to look for.")
        seconds = len(samples) / fs
        return Physics(spectrum, seconds, seconds, said, band, None, None, None, None, None, (), (nothing,))
    lacking = [*_lacking_machine(view, bearing), *_lacking_length(_("signal"), len(samples) / fs)]
    envelope = verdict = speed = gate = None
    scores: tuple[Score, ...] = ()
    if len(samples) >= SHORTEST_S * fs:
        loudness = band_envelope(samples, fs, band)
        envelope = trace_envelope(loudness, fs, band, explanation.signal.unit, bearing, shaft_hz, frequency.orders)
        if bearing and view.shaft_hz and shaft_hz:
            lacking += _lacking_band(band, bearing, shaft_hz)
            verdict = _judge(loudness, fs, bearing, shaft_hz)
            speed = _fit(loudness, fs, bearing, view.shaft_hz)
        gate_seconds = len(run) * preparation.window / fs
        lacking += _lacking_length(_("gate over whole windows"), gate_seconds)
        if gate_seconds >= SHORTEST_S:
            fault = said.fault or (verdict.fits if verdict else None)
            gate, scores, more = _gates(
                explanation, view.block, run, band, (bearing, shaft_hz, fault), frequency.orders
            )
            lacking += more
    return Physics(
        spectrum,
        len(samples) / fs,
        len(run) * preparation.window / fs,
        said,
        band,
        shaft_hz,
        envelope,
        gate,
        verdict,
        speed,
        scores,
        tuple(lacking),
    )


def listened_samples(windows: Windows, window: int) -> NDArray[np.float64]:
    """The stretch around a window that is listened to, (T,) array: all of the prepared signal where it is not long."""
    fs, count = windows.preparation.fs, len(windows.samples)
    most = int(LONGEST_S * fs)
    middle = int(windows.starts[window]) + windows.preparation.window // 2
    first = min(max(middle - most // 2, 0), max(count - most, 0))
    return windows.samples[first : first + most]


def choose_band(
    samples: NDArray[np.float64],
    fs: float,
    top_hz: float,
    bearing: Bearing | None,
    shaft_hz: float | None,
    by_hand: tuple[float, float] | None = None,
) -> Band:
    """The band whose envelope is listened to: by hand, or else the most impulsive one above the fault lines.

    Parameters
    ----------
    samples : (T,) array.
    fs, top_hz : sampling rate, and upper edge of what the network reads, in Hz.
    bearing, shaft_hz : of the machine, None where unknown.
    by_hand : its edges in Hz.

    Raises
    ------
    InputError
        If a band by hand is too narrow, or not within what the network reads.
    """
    if by_hand:
        check_band(*by_hand, top_hz)
        return Band(*by_hand, by_hand=True)
    line = min(highest_line(bearing, shaft_hz), top_hz / 4)
    kurtogram = measure_kurtogram(samples, fs, LISTENED * line)
    return kurtogram.best(line, top_hz, LISTENED * line)


def check_band(low: float, high: float, top_hz: float) -> None:
    """Refuse a band by hand that can't be listened to; all in Hz."""
    if not (low >= 0 and high <= top_hz and high - low >= NARROWEST_HZ):
        raise InputError(
            f"A band to listen to lies between 0 and {top_hz:.10g} Hz, which the network reads, and is at least "
            f"{NARROWEST_HZ:g} Hz wide, but {low:g}–{high:g} Hz was given. Give other edges, or none to hear the most "
            "impulsive band."
        )


def _judge(loudness: NDArray[np.float64], fs: float, bearing: Bearing, shaft_hz: float) -> PhysicsVerdict:
    """The verdict from a squared envelope at one speed."""
    hz, amplitude = amplitude_spectrum(loudness, fs)
    kept = hz <= 3 * highest_line(bearing, shaft_hz)
    return judge_faults(raise_lines(amplitude[kept], float(hz[1]), len(loudness) / fs), bearing, shaft_hz)


def _fit(loudness: NDArray[np.float64], fs: float, bearing: Bearing, shaft_hz: float) -> FittedSpeed | None:
    """The speed that fits best, None where no fault stands out there either."""
    fitted = fit_speed(loudness, fs, bearing, shaft_hz)
    return fitted if fitted and _judge(loudness, fs, bearing, fitted.shaft_hz).fits == fitted.fault else None


def _gates(
    explanation: Explanation,
    shown: int,
    run: NDArray[np.int64],
    band: Band,
    machine: tuple[Bearing | None, float | None, Fault | None],
    orders: bool,
) -> tuple[GateSpectrumTrace | None, tuple[Score, ...], list[str]]:
    """The spectrum of the gate in view, the scores of all, and sentences on those that have none."""
    windows, (bearing, shaft_hz, fault) = explanation.windows, machine
    fs, size = windows.preparation.fs, windows.preparation.window
    first = int(windows.starts[run[0]])
    loudness = band_envelope(windows.samples[first : first + len(run) * size], fs, band)
    top = 1.05 * highest_line(bearing, shaft_hz)
    drawn: GateSpectrumTrace | None = None
    scores: list[Score] = []
    lacking: list[str] = []
    for number, block in enumerate(explanation.record.blocks):
        if not block.spatial_attention.size:
            continue
        gate = stitch_gate(block, windows, run)
        weighted = weigh_envelope(loudness, fs, gate, size, top)
        if number == shown:
            drawn = trace_gate_spectrum(gate, weighted, bearing, shaft_hz, orders)
        if bearing and shaft_hz and fault:
            scores += _score_gate(gate, weighted, bearing, shaft_hz, fault)
            lacking += _lacking_gate(gate, bearing, shaft_hz, fault)
    if bearing and shaft_hz and not fault:
        lacking.append(_("No fault is named and none stands out, so the gates have no line to be compared with."))
    return drawn, tuple(scores), lacking


def _score_gate(
    gate: StitchedGate, weighted: Weighted, bearing: Bearing, shaft_hz: float, fault: Fault
) -> tuple[Score, ...]:
    """All that is scored of one gate."""
    return (
        score_gate_line(gate, bearing, shaft_hz, fault),
        *score_shares(gate, weighted, bearing, shaft_hz, fault),
    )


def _lacking_machine(view: View, bearing: Bearing | None) -> list[str]:
    """What the machine's physics needs and does not have."""
    if view.shaft_hz and bearing:
        return []
    needed = [word for word, there in ((_("the shaft speed"), view.shaft_hz), (_("the bearing"), bearing)) if not there]
    if len(needed) == 1:
        option = "--bearing" if view.shaft_hz else "--shaft"
        return [
            _(
                "Fault lines need the speed of the shaft and the bearing; {what} is not known. Enter it in the "
                "sidebar, or give {option} on the command line."
            ).format(what=needed[0], option=option)
        ]
    return [
        _(
            "Fault lines need the speed of the shaft and the bearing; {what} are not known. Enter them in the sidebar, "
            "or give --shaft and --bearing on the command line."
        ).format(what=_(" and ").join(needed))
    ]


def _lacking_length(what: str, seconds: float) -> list[str]:
    """Whether something is too short for lines to be told apart."""
    if seconds >= SHORTEST_S:
        return []
    return [
        _("Too short to say ({what}): {seconds:.2f} s, {needed:g} s is needed.").format(
            what=what, seconds=seconds, needed=SHORTEST_S
        )
    ]


def _lacking_band(band: Band, bearing: Bearing, shaft_hz: float) -> list[str]:
    """Which fault lines the envelope of a band by hand can't hold; one that was looked for is wide enough."""
    width = band.high - band.low
    lines = [bearing.fault_line(fault, shaft_hz) for fault in DAMAGED] if band.by_hand else []
    beyond = [f"{name} ({hz:.0f} Hz)" for name, hz in lines if hz > width]
    if not beyond:
        return []
    return [
        _("The envelope of a band holds no line above its width, here {width:.0f} Hz: not {names}. Widen it.").format(
            width=width, names=", ".join(beyond)
        )
    ]


def _lacking_gate(gate: StitchedGate, bearing: Bearing, shaft_hz: float, fault: Fault) -> list[str]:
    """Why a gate has no score."""
    name, hz = bearing.fault_line(fault, shaft_hz)
    if not gate.moves:
        return [_("The gate of {block} is constant: it repeats nothing.").format(block=gate.block)]
    if hz >= gate.fs / 2:
        return [
            _("{line} ({hz:.0f} Hz) lies above what the gate of {block} can follow ({nyquist:.0f} Hz).").format(
                line=name, hz=hz, block=gate.block, nyquist=gate.fs / 2
            )
        ]
    return []
