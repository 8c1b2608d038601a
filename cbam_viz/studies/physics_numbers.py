"""The numbers of the physics beside an explanation, to take away: as named values, and as rows of the tidy table.

The rows are made of the named values, so the two can't differ.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from cbam_viz.analysis.envelope import FoundLine
from cbam_viz.analysis.score import Score
from cbam_viz.studies.physics import Physics

Row = tuple[str, str, str, float]
"""Quantity, block (empty for the signal itself), place, value."""
LINES = ("hz", "reach_hz", "prominence", "chance")
FAULTS = ("hz", "prominence", "chance")
SCORES = ("value", "control", "low", "high")


def physics_numbers(physics: Physics) -> dict[str, Any]:
    """Every number that physics gave, as plain values; what is not known is None, and what has no lines has none."""
    envelope, gate, verdict, speed = physics.envelope, physics.gate, physics.verdict, physics.speed
    spectrum, band = physics.spectrum, physics.band
    return {
        "seconds": _plain(physics.seconds),
        "gate_seconds": _plain(physics.gate_seconds),
        "shaft_hz": _plain(physics.shaft_hz),
        "class": physics.said.key,
        "fits": verdict.fits if verdict else None,
        "faults": [
            {"fault": each.fault, "line": each.line}
            | {key: _plain(getattr(each, key)) for key in FAULTS}
            | {"stands_out": bool(each.excess > 1)}
            for each in (verdict.faults if verdict else ())
        ],
        "best_speed": {
            "shaft_hz": _plain(speed.shaft_hz),
            "change": _plain(speed.change),
            "fault": speed.fault,
        }
        if speed
        else None,
        "band": {
            "low_hz": _plain(band.low),
            "high_hz": _plain(band.high),
            "kurtosis": _plain(band.kurtosis),
            "by_hand": band.by_hand,
        },
        "spectrum": _curve(spectrum.hz, spectrum.amplitude)
        | {"unit": spectrum.unit, "shaft_hz": list(map(_plain, spectrum.shaft_hz))},
        "envelope_spectrum": _curve(envelope.hz, envelope.amplitude) | {"lines": _lines(envelope.found)}
        if envelope
        else None,
        "gate_spectrum": {"block": gate.block}
        | _curve(gate.hz, gate.amplitude)
        | {"nyquist_hz": _plain(gate.nyquist_hz), "lines": _lines(gate.found), "beyond": list(gate.beyond)}
        if gate
        else None,
        "tests": [_test(score) for score in physics.scores],
        "lacking": list(physics.lacking),
    }


def physics_rows(numbers: dict[str, Any]) -> Iterator[Row]:
    """The same as rows; what is not known has none.

    Parameters
    ----------
    numbers : as `physics_numbers` gives them.
    """
    for quantity, block, place, value in _all_rows(numbers):
        if value is not None:
            yield quantity, block, place, value


def _all_rows(numbers: dict[str, Any]) -> Iterator[tuple[str, str, str, float | None]]:
    """The rows, those without a value too."""
    for name in ("seconds", "gate_seconds", "shaft_hz"):
        yield name, "", "", numbers[name]
    if numbers["fits"]:
        yield "fits", "", numbers["fits"], 1.0
    for fault in numbers["faults"]:
        for key in FAULTS:
            yield f"fault_{key}", "", fault["fault"], fault[key]
    if speed := numbers["best_speed"]:
        yield "best_speed_hz", "", speed["fault"], speed["shaft_hz"]
        yield "best_speed_change", "", speed["fault"], speed["change"]
    for key in ("low_hz", "high_hz", "kurtosis"):
        yield f"band_{key}", "", "", numbers["band"][key]
    for harmonic, hz in enumerate(numbers["spectrum"]["shaft_hz"], 1):
        yield "shaft_line_hz", "", str(harmonic), hz
    for name in ("spectrum", "envelope_spectrum", "gate_spectrum"):
        yield from _curve_rows(name, numbers[name] or {"hz": (), "amplitude": ()})
    for test in numbers["tests"]:
        for key in SCORES:
            yield test["name"], test["block"], key, test[key]


def _curve_rows(name: str, curve: dict[str, Any]) -> Iterator[tuple[str, str, str, float | None]]:
    """The rows of one spectrum and of the lines that were looked for in it."""
    block = curve.get("block", "")
    for hz, amplitude in zip(curve["hz"], curve["amplitude"], strict=True):
        yield name, block, str(hz), amplitude
    for line in curve.get("lines", ()):
        for key in LINES:
            yield f"{name.removesuffix('_spectrum')}_line_{key}", block, line["name"], line[key]


def _curve(hz: np.ndarray, amplitude: np.ndarray) -> dict[str, list[float | None]]:
    """A spectrum as it is drawn."""
    return {"hz": list(map(_plain, hz)), "amplitude": list(map(_plain, amplitude))}


def _lines(found: tuple[FoundLine, ...]) -> list[dict[str, Any]]:
    """Lines that were looked for, each beside chance."""
    return [
        {
            "name": each.line.name,
            "family": each.line.family,
            "hz": _plain(each.line.hz),
            "reach_hz": _plain(each.reach),
            "prominence": _plain(each.prominence),
            "chance": _plain(each.chance),
            "stands_out": bool(each.stands_out),
            "also": each.also or None,
        }
        for each in found
    ]


def _test(score: Score) -> dict[str, Any]:
    """One test of a gate beside its control."""
    return {"name": score.name, "block": score.block} | {key: _plain(getattr(score, key)) for key in SCORES}


def _plain(number: float | None) -> float | None:
    """A number in the shortest digits that give its float32 back, as in the table; None for what is none."""
    return None if number is None or not math.isfinite(number) else float(str(np.float32(number)))
