"""The other door: whatever the app shows, the command line can write.

Exit code 0: done, 2: input to be put right, 1: a bug, 141: whoever read what is written stopped, as ``head`` does.

One file a command. Each command imports what it needs, so that ``--help`` answers at once.
"""

import os
import sys

import typer

from cbam_viz.cli.circuit import circuit
from cbam_viz.cli.circuit_simulation import simulate_circuit
from cbam_viz.cli.comparison import compare
from cbam_viz.cli.explain import explain
from cbam_viz.cli.listing import list_
from cbam_viz.cli.simulation import simulate_bearing
from cbam_viz.cli.training import assess, evaluate, train
from cbam_viz.cli.trust import trust
from cbam_viz.cli.wrong_options import Verbs
from cbam_viz.errors import InputError

BROKEN_PIPE = 141
"""Exit code of a program that a broken pipe ends, 128 and the number of the signal."""

app = typer.Typer(
    cls=Verbs, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
)
simulate = typer.Typer(no_args_is_help=True, help="Make signals whose right answer is known.", rich_markup_mode=None)


@app.callback()
def cbam_viz() -> None:
    """Look inside attention networks for signals."""


app.command()(explain)
app.command()(compare)
app.command()(circuit)
app.command()(trust)
app.command("list")(list_)
app.command()(train)
app.command()(evaluate)
app.command()(assess)
app.add_typer(simulate, name="simulate")
simulate.command("bearing")(simulate_bearing)
simulate.command("circuit")(simulate_circuit)


def main() -> None:
    """Run a command; input that can be put right ends with its sentence and exit code 2."""
    try:
        try:
            app(prog_name="cbam_viz")
        except InputError as advice:
            print(advice, file=sys.stderr)
            sys.exit(2)
        finally:
            sys.stdout.flush()  # the end of what is written may be what nobody reads
    except (BrokenPipeError, SystemExit) as end:
        if BrokenPipeError not in (type(end), type(end.__context__)):  # Typer makes an exit of code 1 of it
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is left is written nowhere
        sys.exit(BROKEN_PIPE)
