"""What a file states of its channels beside the samples: sampling rate and unit, under the names in common use.

Names are compared by their letters and digits alone, so ``Sampling Rate (Hz)`` is ``samplingrate_hz``.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from cbam_viz.signals.readers.rows import Value
from cbam_viz.signals.readers.times import rate_of_step
from cbam_viz.signals.signal import Channel

RATES = ("fs", "samplingrate", "samplerate", "samplingfrequency", "samplefrequency")
"""Names of a sampling rate in Hz, with or without ``Hz`` behind."""
STEPS = ("dt", "wfincrement", "timestep", "samplinginterval", "sampleinterval", "samplingperiod")
"""Names of the step between two samples in s."""
UNITS = ("unit", "units", "unitstring", "niunitdescription")
"""Names of the unit of the samples."""

LONGEST_TEXT = 1_000
"""Letters; a longer text is no name of anything."""

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
        rates = [_number(told[name]) for rate in RATES for name in (rate, f"{rate}hz") if name in told]
        steps = [_number(told[name]) for name in STEPS if name in told]
        found = [rate for rate in rates if rate is not None and 0 < rate < math.inf]
        found += [rate for step in steps if step is not None and (rate := rate_of_step(step)) is not None]
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


def _by_letters(values: Mapping[str, Value]) -> dict[str, Value]:
    """Values by the small letters of their names."""
    return {_NO_LETTERS.sub("", name).lower(): value for name, value in values.items()}


def _number(value: Value) -> float | None:
    """A number, also where it was written as text; None if it is none."""
    try:
        return float(value)
    except ValueError:
        return None
