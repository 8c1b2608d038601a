"""Edits of one window or of its gates as a short text, which goes through a URL and the command line.

``mask:10.5-14.2;noise:10:1;mute:1.7`` masks a span in ms, adds noise at 10 dB, then mutes channel 7 of block 1.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cbam_viz.errors import InputError

MOST = 100
"""Edits in one list; a person makes a few, a link could hold any number."""


@dataclass(frozen=True)
class Field:
    """One number of an edit: the lowest and the highest it may be, whether it is whole, and what it is if left out."""

    low: float
    high: float
    whole: bool = False
    default: float | None = None


@dataclass(frozen=True)
class Kind:
    """One kind of edit.

    Parameters
    ----------
    form : of its text, with a brace for each number.
    example : such a text.
    fields : of its numbers, in order.
    gate : whether it changes a gate, not the signal.
    """

    form: str
    example: str
    fields: tuple[Field, ...]
    gate: bool = False

    @property
    def is_span(self) -> bool:
        """Whether its two numbers are the ends of a span."""
        return "-" in self.form


_COUNT = Field(1, 10_000, whole=True)
_SEED = Field(0, 1_000_000, whole=True, default=1)
_END = Field(0, 1_000_000)
KINDS = {
    "mask": Kind("{}-{}", "mask:10.5-14.2", (_END, _END)),  # ms
    "notch": Kind("{}-{}", "notch:2800-3200", (_END, _END)),  # Hz
    "noise": Kind("{}:{}", "noise:10:1", (Field(-60, 120), _SEED)),  # dB, seed
    "shift": Kind("{}", "shift:3.5", (Field(-10_000, 10_000),)),  # ms
    "scale": Kind("{}", "scale:2", (Field(-1000, 1000),)),
    "resample": Kind("{}", "resample:1.02", (Field(0.5, 2),)),
    "mute": Kind("{}.{}", "mute:1.7", (_COUNT, _COUNT), gate=True),  # block, channel
    "boost": Kind("{}.{}:{}", "boost:1.7:2", (_COUNT, _COUNT, Field(0, 100, default=2)), gate=True),
    "flatten": Kind("{}", "flatten:1", (_COUNT,), gate=True),  # block
    "shuffle": Kind("{}:{}", "shuffle:1:1", (_COUNT, _SEED), gate=True),  # block, seed
    "gate": Kind("{}:{}", "gate:2:5", (_COUNT, _COUNT), gate=True),  # block, window
    "channels": Kind("{}:{}", "channels:2:5", (_COUNT, _COUNT), gate=True),  # block, window
}
"""All kinds; `edited.py` says what each does."""


@dataclass(frozen=True)
class Edit:
    """One edit: its kind and its numbers in the units of its text, counted from 1 as on screen."""

    kind: str
    values: tuple[float, ...]

    @property
    def block(self) -> int:
        """Index of the block whose gate it changes."""
        return int(self.values[0]) - 1

    def __str__(self) -> str:
        numbers = (np.format_float_positional(value, trim="-") for value in self.values)
        return f"{self.kind}:{KINDS[self.kind].form.format(*numbers)}"


def text_of(edits: Sequence[Edit]) -> str:
    """Edits as the text that `read_edits` reads."""
    return ";".join(map(str, edits))


def read_edits(text: str) -> tuple[Edit, ...]:
    """Edits from their text, in order; none from an empty one.

    Raises
    ------
    InputError
        If a part is no edit or one of its numbers is out of range.
    """
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if len(parts) > MOST:
        raise InputError(f"A list holds at most {MOST} edits, but {len(parts)} were given. Leave some out.")
    return tuple(map(_read, parts))


def _read(text: str) -> Edit:
    """One edit."""
    name, _colon, rest = text.partition(":")
    kind = KINDS.get(name)
    if kind is None:
        raise InputError(f"An edit is one of {', '.join(KINDS)}, but {name!r} was given. Write such as mask:10.5-14.2.")
    match = re.fullmatch(_pattern(kind), rest)
    if match is None:
        raise InputError(f"An edit of this kind is written like {kind.example}, but {text!r} was given. Write it so.")
    values = []
    for number, field in zip(match.groups(), kind.fields, strict=True):
        value = float(field.default if number is None and field.default is not None else number)
        if not field.low <= value <= field.high:
            raise InputError(
                f"This number of an edit lies between {field.low:.10g} and {field.high:.10g}, but {text!r} has "
                f"{value:.10g}. Give one between."
            )
        values.append(value)
    if kind.is_span and not values[0] < values[1]:
        raise InputError(f"A span ends after it begins, but {text!r} does not. Give the lower end first.")
    if name == "scale" and values[0] == 0:
        raise InputError(f"A scale is any factor but 0, but {text!r} was given. Mask the window to silence it.")
    return Edit(name, tuple(values))


def _pattern(kind: Kind) -> str:
    """What the numbers of a kind look like; those with a default may be left out, with the colon before them."""
    pattern = ""
    for field, before in zip(kind.fields, re.split(r"\{\}", kind.form), strict=False):
        number = r"(\d{1,9})" if field.whole else r"([+-]?\d{1,9}(?:\.\d{0,17})?)"
        part = re.escape(before) + number
        pattern += f"(?:{part})?" if field.default is not None else part
    return pattern
