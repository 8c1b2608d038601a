"""What a file states of its channels beside the samples: sampling rate and unit, under the names in common use.

Names are compared by their letters and digits alone, so ``Sampling Rate (Hz)`` is ``samplingrate_hz``.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from cbam_viz.signals.readers.rows import Value
from cbam_viz.signals.readers.times import SECONDS, rate_of_step
from cbam_viz.signals.signal import Channel

RATES = ("fs", "samplingrate", "samplerate", "samplingfrequency", "samplefrequency")
"""Names of a sampling rate, in Hz where no unit stands behind, such as in ``fs_kHz``, or beside, as ``fs_unit``."""
STEPS = ("dt", "wfincrement", "timestep", "samplinginterval", "sampleinterval", "samplingperiod")
"""Names of the step between two samples, in s where no unit is stated."""
UNITS = ("unit", "units", "unitstring", "niunitdescription")
"""Names of the unit of the samples."""
UNIT_LISTS = (*UNITS, "channelunit", "channelunits")
"""Names of a list of units, one a channel."""
NAME_LISTS = ("channel", "channels", "channelname", "channelnames", "name", "names", "labels", "columns", "columnnames")
"""Names of a list of names, one a channel."""

LONGEST_TEXT = 1_000
"""Letters; a longer text is no name of anything."""

_HZ = {
    **dict.fromkeys(("hz", "hertz", "sps", "ss", "sas", "1s"), 1.0),
    **dict.fromkeys(("khz", "kilohertz", "ksps", "kss", "ksas"), 1e3),
    **dict.fromkeys(("mhz", "megahertz", "msps", "mss", "msas"), 1e6),
}
"""Units of a rate in Hz, by their letters."""
_BEHIND_RATE, _BEHIND_STEP = ("hz", "khz", "mhz"), ("ms", "us", "µs", "μs", "ns")
"""Units that may end a name; with an s alone, a time step becomes a number of time steps."""
T = TypeVar("T")
_NO_LETTERS = re.compile(r"[\W_]+")


def state(channel: Channel, scopes: Sequence[Mapping[str, Value]]) -> Channel:
    """A channel with the rate and unit of the closest scope that states one, unless its marks told them (`recognise`).

    Parameters
    ----------
    channel : as far as it is known.
    scopes : single numbers and words by name, from the closest to the channel to the whole file.
    """
    if channel.note:
        return channel
    return replace(channel, fs=stated_rate(scopes) or channel.fs, unit=stated_unit(scopes) or channel.unit)


def scopes_of(name: str, values: Mapping[str, Value]) -> list[dict[str, Value]]:
    """The values that stand beside a channel ``run.acc``, in ``run``, and those beside that, from the closest.

    Parameters
    ----------
    name : of the channel.
    values : single numbers and words by their whole names, such as ``run.fs``.
    """
    above = name.split(".")[:-1]
    parents = [".".join(above[:depth]) for depth in range(len(above), -1, -1)]
    return [
        {key.rpartition(".")[2]: value for key, value in values.items() if key.rpartition(".")[0] == parent}
        for parent in parents
    ]


def stated_rate(scopes: Sequence[Mapping[str, Value]]) -> float | None:
    """Sampling rate in Hz from the first scope that states one, from the closest to the whole file."""
    for values in scopes:
        told = _by_letters(values)
        rates = _scaled(told, RATES, _BEHIND_RATE, _HZ)
        steps = _scaled(told, (*STEPS, "dts"), _BEHIND_STEP, SECONDS)
        found = [rate for rate in rates if 0 < rate < math.inf]
        found += [rate for step in steps if (rate := rate_of_step(step)) is not None]
        if found:
            return found[0]
    return None


def stated_unit(scopes: Sequence[Mapping[str, Value]]) -> str:
    """Unit of the samples as the closest scope writes it, empty if none does."""
    for values in scopes:
        told = _by_letters(values)
        for name in UNITS:
            if name in told and (unit := str(told[name]).strip()):
                return unit
    return ""


def stated_list(lists: Mapping[str, tuple[str, ...]], names: Sequence[str], count: int) -> tuple[str, ...]:
    """The first of the lists under these names that has an entry for each of so many channels, empty if none has."""
    told = _by_letters(lists)
    return next((told[name] for name in names if len(told.get(name, ())) == count), ())


def _scaled(
    told: Mapping[str, Value], names: Sequence[str], behind: Sequence[str], sizes: Mapping[str, float]
) -> list[float]:
    """The numbers under these names, in the unit that ends the name or stands beside it; in an unknown one it is none.

    Parameters
    ----------
    told : by the letters of their names.
    names, behind : what a name begins with, and the units that may follow.
    sizes : of the units that may stand beside.
    """
    found = []
    for name in names:
        for own, size in ((name, 1.0), *((name + unit, sizes[unit]) for unit in behind)):
            beside = next((str(told[key]) for key in (f"{own}unit", f"{own}units") if key in told), None)
            scale = size if beside is None else sizes.get(_letters(beside))
            value = _number(told[own]) if own in told else None
            if value is not None and scale is not None:
                found.append(value * scale)
    return found


def _letters(name: str) -> str:
    """The small letters and digits of a name."""
    return _NO_LETTERS.sub("", name).lower()


def _by_letters(values: Mapping[str, T]) -> dict[str, T]:
    """Values by the small letters of their names."""
    return {_letters(name): value for name, value in values.items()}


def _number(value: Value) -> float | None:
    """A number, also where it was written as text; None if it is none."""
    try:
        return float(value)
    except ValueError:
        return None
