"""An option with a value of the wrong kind, said in one sentence: what it takes, what was found, what to write."""

import re
from typing import Any

import typer
from typer.core import TyperGroup

from cbam_viz.errors import InputError

TAKES = {
    "int_parsing": "a whole number",
    "float_parsing": "a number",
    "value_error": "a number of Hz, or one with its unit such as 20kHz",
    "greater_than_equal": "a number of at least {ge}",
    "less_than_equal": "a number of at most {le}",
}
"""By what Typer's checks call the fault."""


_RATE = re.compile(r"(?P<number>[^a-z]+?)\s*(?P<larger>[km]?)hz", re.IGNORECASE)
_LARGER = {"": 1.0, "k": 1e3, "m": 1e6}


def read_rate(text: str | float) -> float:
    """A rate in Hz from what was written after an option, with a unit or without.

    Raises
    ------
    ValueError
        If it is none, which Typer takes for a value of the wrong kind.
    """
    match = _RATE.fullmatch(str(text).strip())
    return float(match["number"]) * _LARGER[match["larger"].lower()] if match else float(text)


class Verbs(TyperGroup):
    """The commands; a value that an option can't take is advice as any other."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for.

        Raises
        ------
        InputError
            If an option has a value of the wrong kind.
        """
        try:
            return super().invoke(ctx)
        except typer.BadParameter as wrong:
            if sentence := say_wrong_value(wrong):
                raise InputError(sentence) from None
            raise


def say_wrong_value(wrong: typer.BadParameter) -> str | None:
    """The sentence about a value that an option can't take; None for any other fault, which Typer says itself."""
    faults = getattr(wrong.__cause__, "errors", None)
    if faults is None or wrong.param is None:
        return None
    fault = faults()[0]
    option = max(wrong.param.opts, key=len)
    among = fault["msg"].partition(" is not one of ")[2].rstrip(".").replace("'", "")
    takes = f"one of {among}" if among else TAKES.get(fault["type"], "another kind of value")
    takes = takes.format(**fault.get("ctx", {}))
    return f"{option} takes {takes}, but {str(fault['input'])!r} was given. Write such a value after {option}."
