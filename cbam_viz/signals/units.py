"""Units of samples: one spelling for each, and conversion inside a quantity. An unknown unit stays as it is written."""

import re

import numpy as np
from numpy.typing import NDArray

from cbam_viz.errors import InputError

STANDARD_GRAVITY = 9.80665
"""In m/s², by definition."""
QUANTITIES = {"acceleration": {"g": STANDARD_GRAVITY, "m/s²": 1.0}, "voltage": {"V": 1.0, "mV": 1e-3}}
"""The size of each unit, in the unit of its quantity that is 1."""
UNITS = tuple(unit for sizes in QUANTITIES.values() for unit in sizes)
"""Those that are known, in the order in which they are offered."""

_PLAIN = str.maketrans({"²": "2", "⁻": "-", "−": "-", "’": "'", "₀": "0", "ₙ": "n"})
_SPELLINGS = {
    "g": ("g", "gn", "g0", "g_n", "gs", "g's", "gee", "gravity", "gravities", "standardgravity"),
    "m/s²": ("m/s2", "ms-2", "m/s/s", "m/sec2", "meter/s2", "metre/s2", "meterspersecondsquared"),
    "V": ("v", "volt", "volts", "vdc", "vac"),
    "mV": ("mv", "mvolt", "mvolts", "millivolt", "millivolts"),
}
_KNOWN = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings}
_MEGA = re.compile(r"M[Vv]")
"""How no millivolt is written."""


def normalise(unit: str) -> str:
    """The one spelling of a unit, such as ``m/s²``; one that is not known comes back as it was written."""
    plain = re.sub(r"[\s^*·.]", "", unit.translate(_PLAIN))
    return unit.strip() if _MEGA.match(plain) else _KNOWN.get(plain.casefold(), unit.strip())


def readable(unit: str) -> tuple[str, ...]:
    """The units in which samples may be read: their own, those it converts to, then those it may be mistaken for."""
    own = normalise(unit)
    return tuple(dict.fromkeys(filter(None, (own, *_sizes(own), *UNITS))))


def _sizes(own: str) -> dict[str, float]:
    """The units of the same quantity with their sizes; none where the unit is not known."""
    return next((sizes for sizes in QUANTITIES.values() if own in sizes), {})


def convert(samples: NDArray[np.float64], unit: str, asked: str) -> tuple[NDArray[np.float64], str, tuple[str, ...]]:
    """Bring samples to another unit of the same quantity.

    Samples without a unit take the one that is asked for, and so do those whose unit is of another quantity: a recorder
    that writes V for every channel is common, and no factor leads from there to g.

    Parameters
    ----------
    samples : (T,) array, in `unit`.
    unit : of the samples; empty when unknown.
    asked : unit of the result, in any spelling; empty leaves the samples as they are.

    Returns
    -------
    converted : (T,) array.
    unit : of `converted`, in its one spelling.
    notes : what was done; empty when the samples stayed as they are.

    Raises
    ------
    InputError
        If the unit that is asked for is none that is known.
    """
    own, wanted = normalise(unit), normalise(asked)
    if wanted in {"", own}:
        return samples, own, ()
    if wanted not in UNITS:
        raise InputError(
            f"Samples may be read as {' or '.join(readable(own))}, but {wanted!r} was asked for. "
            "Choose one of these, or leave the unit as it is."
        )
    if not own:
        return samples, wanted, ()
    sizes = _sizes(own)
    if wanted not in sizes:
        return samples, wanted, (f"The file says {own}; its numbers are read as {wanted}, as they stand.",)
    return samples * (sizes[own] / sizes[wanted]), wanted, (f"Converted from {own} to {wanted}.",)
