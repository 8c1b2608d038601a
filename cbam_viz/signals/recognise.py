"""Public recordings known by their own marks, so that a person types neither rate nor speed nor bearing.

The recordings of Case Western Reserve University (CWRU) tell no sampling rate: `cwru_records.csv` does, by record
number. A number that is not in it may be a recording at 12 or at 48 kHz, and is asked for, never guessed.
"""

import csv
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from cbam_viz.signals.signal import Channel

FACTS = ("fs", "unit", "shaft_hz", "bearing", "recording", "circuit", "pulse_s")
"""Names of the single values by which a file of arrays may describe itself."""

_CWRU_KEY = re.compile(r"X(\d{1,9})_(DE|FE|BA)_time")
_CWRU_PLACES = ("DE", "FE", "BA")  # drive end, fan end, base
_CWRU_BEARINGS = {"DE": "6205", "FE": "6203"}  # beside the sensor
_CWRU_CLIPPED = (236, 237)
_MFPT_NAME = re.compile(r"baseline_[1-3]|OuterRaceFault_[1-3]|(?:Inner|Outer)RaceFault_vload_[1-7]")
_CWRU_TABLE = Path(__file__).with_name("cwru_records.csv")


@dataclass(frozen=True)
class CwruRecord:
    """What is known of one recording of CWRU.

    Parameters
    ----------
    number : of the record, which names its file and the variables in it.
    fs : sampling rate in Hz.
    bearing : the one that carries the fault, ``6205`` (drive end) or ``6203`` (fan end); empty for a healthy record.
    fault : ``normal``, ``IR`` (inner race), ``B`` (ball) or ``OR`` (outer race).
    size_mil : diameter of the fault in 0.001 in.
    or_position : of an outer-race fault on the clock; 6 is in the load zone. None for other faults.
    load_hp : motor load in hp.
    rpm : shaft speed in turns a minute, None where it was not noted.
    """

    number: int
    fs: float
    bearing: str
    fault: str
    size_mil: int
    or_position: int | None
    load_hp: int
    rpm: float | None

    @property
    def shaft_hz(self) -> float | None:
        """Shaft speed in Hz, None where it was not noted."""
        return self.rpm / 60 if self.rpm else None

    @property
    def note(self) -> str:
        """One sentence on what it is and what a careful reader should know of it."""
        clipped = "; its peaks are clipped by the recorder" if self.number in _CWRU_CLIPPED else ""
        return f"CWRU record {self.number} at {self.fs:.10g} Hz{clipped}."


@cache
def cwru_records() -> Mapping[int, CwruRecord]:
    """Every record of CWRU whose sampling rate is known, by number."""
    with _CWRU_TABLE.open(encoding="ascii", newline="") as table:
        rows = list(csv.DictReader(table))
    return {
        int(row["record"]): CwruRecord(
            number=int(row["record"]),
            fs=float(row["fs_hz"]),
            bearing=row["bearing"],
            fault=row["fault"],
            size_mil=int(row["size_mil"]),
            or_position=int(row["or_position"]) if row["or_position"] else None,
            load_hp=int(row["load_hp"]),
            rpm=float(row["rpm"]) if row["rpm"] else None,
        )
        for row in rows
    }


def mounted_bearing(bearing: str | None, recording: str | None) -> str | None:
    """Which single bearing a public recording was made on, as far as anybody knows; None for any other.

    Each fault of CWRU is one mounted bearing, measured at every load, and so is the healthy one.

    Parameters
    ----------
    bearing, recording : of the signal.
    """
    match = re.match(r"(\d+)(?: FE| BA)?$", recording or "")
    record = cwru_records().get(int(match[1])) if match and bearing in _CWRU_BEARINGS.values() else None
    if record is None:
        return None
    clock = "" if record.or_position is None else f" at {record.or_position} o'clock"
    damage = "healthy" if record.fault == "normal" else f"{record.bearing} {record.fault} {record.size_mil} mil{clock}"
    return f"CWRU {damage}"


def recognise(channels: Iterable[Channel], values: Mapping[str, float | str], stem: str) -> tuple[Channel, ...]:
    """Fill in what the marks of a file tell of its channels, and put first what a person most likely wants.

    Parameters
    ----------
    channels : as the file names them.
    values : the single numbers and words that stand beside them.
    stem : name of the file without its extension. A file of CWRU may hold variables of another record too
        (``99.mat`` begins with those of 98), so the channels of the record that the file is named after come first.
    """
    own = {int(digits) for digits in re.findall(r"\d+", stem)}
    return tuple(
        sorted(
            (_recognise(channel, values, stem) for channel in channels), key=lambda channel: _rank(channel.name, own)
        )
    )


def _recognise(channel: Channel, values: Mapping[str, float | str], stem: str) -> Channel:
    """One channel with all that is known of it."""
    if match := _CWRU_KEY.fullmatch(channel.name):
        return _recognise_cwru(channel, int(match[1]), match[2], _positive(values.get(f"X{match[1]}RPM")))
    parent = channel.name.rpartition(".")[0]
    if channel.name == f"{parent}.gs" and {f"{parent}.sr", f"{parent}.rate"} <= values.keys():
        return _recognise_mfpt(channel, values, parent, stem)
    own = {key.lower(): value for key, value in values.items() if key.lower() in FACTS}
    return replace(
        channel,
        fs=None if "fs_unit" in (key.lower() for key in values) else _number(own.get("fs")),
        unit=str(own.get("unit", "")),
        shaft_hz=_positive(own.get("shaft_hz")),
        bearing=str(own["bearing"]) if "bearing" in own else None,
        recording=str(own["recording"]) if "recording" in own else None,
        circuit=str(own["circuit"]) if "circuit" in own else None,
        pulse_s=_from_zero(own.get("pulse_s")),
    )


def _recognise_cwru(channel: Channel, number: int, place: str, rpm: float | None) -> Channel:
    """A channel of CWRU; its bearing is the damaged one, whichever sensor heard it, and that at the sensor if none is.

    A data set names the recording of the drive end by its number alone; what another sensor heard is another one. The
    speed noted in the file wins over the table's.
    """
    record = cwru_records().get(number)
    known = replace(
        channel,
        unit="g",
        shaft_hz=rpm / 60 if rpm else None,
        bearing=(record and record.bearing) or _CWRU_BEARINGS.get(place),
        recording=str(number) if place == "DE" else f"{number} {place}",
    )
    if record is None:
        unknown = f"CWRU record {number} may have been taken at 12000 or at 48000 Hz; its download page tells."
        return replace(known, note=unknown)
    return replace(known, fs=record.fs, shaft_hz=known.shaft_hz or record.shaft_hz, note=record.note)


def _recognise_mfpt(channel: Channel, values: Mapping[str, float | str], parent: str, stem: str) -> Channel:
    """A channel of the bearing fault data set of the MFPT society; its own fault frequencies are not used."""
    load = _number(values.get(f"{parent}.load"))
    return replace(
        channel,
        fs=_number(values[f"{parent}.sr"]),
        unit="g",
        shaft_hz=_positive(values[f"{parent}.rate"]),
        bearing="NICE",
        note="MFPT recording." if load is None else f"MFPT recording at a load of {load:g} lb.",
        recording=stem if _MFPT_NAME.fullmatch(stem) else None,
    )


def _rank(name: str, own: set[int]) -> tuple[bool, int]:
    """Sorting key: the file's own record before others, drive end before fan end before base."""
    match = _CWRU_KEY.fullmatch(name)
    return (int(match[1]) not in own, _CWRU_PLACES.index(match[2])) if match else (True, len(_CWRU_PLACES))


def _number(value: float | str | None) -> float | None:
    """A number, also where it was written as text; None if it is none."""
    try:
        return None if value is None else float(value)
    except ValueError:
        return None


def _positive(value: float | str | None) -> float | None:
    """A number above zero; None if it is none."""
    number = _number(value)
    return number if number is not None and 0 < number < math.inf else None


def _from_zero(value: float | str | None) -> float | None:
    """A number from zero on; None if it is none."""
    number = _number(value)
    return number if number is not None and 0 <= number < math.inf else None
