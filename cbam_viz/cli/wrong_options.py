"""An option with a value of the wrong kind, said in one sentence: what it takes, what was found, what to write."""

from typing import Any

import typer
from typer.core import TyperGroup

from cbam_viz.errors import InputError

TAKES = {
    "int_parsing": "a whole number",
    "float_parsing": "a number",
    "greater_than_equal": "a number of at least {ge}",
    "less_than_equal": "a number of at most {le}",
}
"""By what Typer's checks call the fault."""


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
    takes = TAKES.get(fault["type"], f"one of {among}" if among else "another kind of value")
    takes = takes.format(**fault.get("ctx", {}))
    return f"{option} takes {takes}, but {str(fault['input'])!r} was given. Write such a value after {option}."
