"""``trust FILE``: does the attention of a window mean anything?"""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cbam_viz.cli.explain import read_shaft, unknown
from cbam_viz.cli.places import check_places, from_one, write

if TYPE_CHECKING:
    from cbam_viz.analysis.score import Score


def trust(
    file: Annotated[Path, typer.Argument(help="The signal, as `explain` takes it.")],
    network: Annotated[str, typer.Option(metavar="NAME", help="Which network; `list` shows them.")],
    window: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="From 1 [default: the surest of the class].")
    ] = None,
    block: Annotated[int, typer.Option(metavar="NUMBER", help="Whose verdict is said first, from 1.")] = 1,
    channel: Annotated[str | None, typer.Option(metavar="C", help="Channel of the file [default: the first].")] = None,
    fs: Annotated[float | None, typer.Option(metavar="HZ", help="Sampling rate, where the file does not say.")] = None,
    shaft: Annotated[
        str | None, typer.Option(metavar="HZ", help="Turns of the shaft a second, or unknown [default: the file's].")
    ] = None,
    bearing: Annotated[
        str | None, typer.Option(metavar="NAME|ORDERS", help="As `explain` takes it [default: the file's].")
    ] = None,
    interpolate: Annotated[bool, typer.Option("--interpolate", help="Bridge short gaps (NaN or Inf).")] = False,
    json: Annotated[Path | None, typer.Option(metavar="OUT", help="Write every test as JSON.")] = None,
) -> None:
    """Test whether a network's attention means anything in a window."""
    from cbam_viz.studies import trust_numbers, trust_words
    from cbam_viz.studies.explain import explain, most_telling_window
    from cbam_viz.studies.panels import View
    from cbam_viz.studies.physics import study_physics
    from cbam_viz.studies.trust import examine_window
    from cbam_viz.studies.words import say_view

    speed = read_shaft(shaft)
    check_places([file], [json] if json else [])
    explanation = explain(file, network, channel, fs, interpolate)
    surest = most_telling_window(explanation) + 1
    number = from_one("window", surest if window is None else window, len(explanation.windows))
    in_view = from_one("block", block, len(explanation.card.config.blocks))
    signal = explanation.signal
    view = View(
        number,
        in_view,
        shaft_hz=None if unknown(shaft) else speed or signal.shaft_hz,
        bearing=None if unknown(bearing) else bearing or signal.bearing,
    )
    physics = study_physics(explanation, view)
    found = examine_window(explanation, number, _tell)
    found = replace(found, scores=(*found.scores, *physics.scores))
    if json:
        write(json, trust_numbers.trust_json(explanation, found, in_view))
    print(say_view(explanation, number))
    for verdict in (found.verdicts[in_view], *found.verdicts[:in_view], *found.verdicts[in_view + 1 :]):
        print(trust_words.say_verdict_of_gate(explanation, number, verdict, found.scores))
    for said in (*trust_words.say_limits(explanation, number, in_view, found), *physics.lacking):
        print(said)
    _print_tests(found.scores)


def _print_tests(scores: "tuple[Score, ...]") -> None:
    """A row a test: its number, and its control with the band."""
    from cbam_viz.studies.trust_words import say_number

    print(f"{'block':11}{'test':26}{'value':>9}{'control':>9}{'low':>9}{'high':>9}")
    for score in scores:
        numbers = (score.value, score.control, score.low, score.high)
        print(f"{score.block:11}{score.name:26}" + "".join(f"{say_number(number):>9}" for number in numbers))


def _tell(done: int, steps: int, words: str) -> None:
    """Show how far it is, on one line."""
    if sys.stderr.isatty():
        print(f"\r{words:70}", end="\n" if done == steps else "", file=sys.stderr)
