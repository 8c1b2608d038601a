"""``trust FILE`` or ``trust --set DIR``: does the attention of a window, or that over a labelled set, mean anything?"""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cbam_viz.cli.explain import read_shaft, unknown
from cbam_viz.cli.places import check_places, from_one, write
from cbam_viz.cli.wrong_options import read_rate
from cbam_viz.errors import InputError

if TYPE_CHECKING:
    from cbam_viz.analysis.class_trust import ClassTrustTrace
    from cbam_viz.analysis.score import Score

TEST_WIDTH = 52
"""Letters of the column with the tests."""


def trust(
    network: Annotated[str, typer.Option(metavar="NAME", help="Which network; `list` shows them.")],
    file: Annotated[Path | None, typer.Argument(help="The signal, as `explain` takes it; none with --set.")] = None,
    recordings: Annotated[
        Path | None,
        typer.Option("--set", metavar="DIR", help="In place of a file: a folder or zip, as `compare` takes it."),
    ] = None,
    labels: Annotated[
        Path | None, typer.Option(metavar="CSV", help="Classes of a set, as `compare` takes them; a set of its own.")
    ] = None,
    rule: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Words in a name that tell its class, as `compare` takes them.")
    ] = None,
    window: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="From 1 [default: the surest of the class].")
    ] = None,
    block: Annotated[int, typer.Option(metavar="NUMBER", help="Whose verdict is said first, from 1.")] = 1,
    channel: Annotated[str | None, typer.Option(metavar="C", help="Channel of the file [default: the first].")] = None,
    fs: Annotated[
        float | None, typer.Option(metavar="HZ", parser=read_rate, help="Sampling rate, where the file does not say.")
    ] = None,
    shaft: Annotated[
        str | None, typer.Option(metavar="HZ", help="Turns of the shaft a second, or unknown [default: the file's].")
    ] = None,
    bearing: Annotated[
        str | None, typer.Option(metavar="NAME|ORDERS", help="As `explain` takes it [default: the file's].")
    ] = None,
    interpolate: Annotated[bool, typer.Option("--interpolate", help="Bridge short gaps (NaN or Inf).")] = False,
    json: Annotated[Path | None, typer.Option(metavar="OUT", help="Write every test as JSON.")] = None,
) -> None:
    """Test whether a network's attention means anything, in a window or over a labelled set."""
    if recordings or labels:
        _check_set(
            file,
            recordings,
            {
                "--window": window is not None,
                "--channel": channel is not None,
                "--fs": fs is not None,
                "--shaft": shaft is not None,
                "--bearing": bearing is not None,
                "--interpolate": interpolate,
            },
        )
        _trust_set(recordings, labels, rule, network, block, json)
        return
    if file is None:
        raise InputError(
            "Tests need a signal or a labelled set, but neither was given. Give a file, or a folder with --set."
        )
    if rule:
        raise InputError(
            f"A rule tells the classes of a set, but --rule was given with the file {file}. Leave it out, or give "
            "--set."
        )
    _trust_file(file, network, window, block, channel, fs, shaft, bearing, interpolate, json)


def _check_set(file: Path | None, recordings: Path | None, given: dict[str, bool]) -> None:
    """Refuse what has no meaning for a set."""
    if file is not None:
        raise InputError(
            f"Tests are of one signal or of a set, but {file} and {recordings or '--labels'} were both given. "
            "Leave one out."
        )
    if wrong := [option for option, is_given in given.items() if is_given]:
        raise InputError(
            f"A set has its facts from its files or from the table of --labels, but {', '.join(wrong)} was given. "
            "Leave it out, or put it into the table."
        )
    if recordings and not recordings.exists():
        raise InputError(f"A set is a folder or a zip of recordings, but there is none at {recordings}. Give another.")


def _trust_set(
    recordings: Path | None, labels: Path | None, rule: str | None, network: str, block: int, json: Path | None
) -> None:
    """Test every gate over a labelled set."""
    from cbam_viz.cli.comparison import label_recordings, tell_recordings, tell_windows
    from cbam_viz.network.checkpoint import read_network
    from cbam_viz.studies.class_trust import examine_set
    from cbam_viz.studies.class_trust_numbers import class_trust_json
    from cbam_viz.studies.class_trust_words import say_class_verdict
    from cbam_viz.studies.compare import compare

    check_places([labels] if labels else [], [json] if json else [])
    used = read_network(network)
    in_view = from_one("block", block, len(used.card.config.blocks))
    with tempfile.TemporaryDirectory() as unpacked:
        named, left_out = label_recordings([recordings] if recordings else [], labels, rule, used.card, Path(unpacked))
        comparison = compare(named, used, tell_recordings, left_out)
    found = examine_set(used, comparison.labelled, tell_windows)
    if json:
        write(json, class_trust_json(comparison, found, in_view))
    for said in (*comparison.notes, *(say_class_verdict(found, verdict) for verdict in found.verdicts)):
        print(said)
    _print_set(found)
    for said in comparison.left_out:
        print(said, file=sys.stderr)


def _print_set(trace: "ClassTrustTrace") -> None:
    """A row a test, block and class: its number, its control, its interval, and p with and without correction."""
    from cbam_viz.studies.trust_words import say_number, say_test

    words, heads = dict(trace.classes), ("value", "control", "low", "high", "p", "p_holm")
    width = max(map(len, words.values()), default=0) + 2
    print(f"{'block':11}{'class':{width}}{'test':{TEST_WIDTH}}" + "".join(f"{head:>9}" for head in heads))
    for score in trace.scores:
        numbers = (score.value, score.control, score.low, score.high)
        print(
            f"{score.block:11}{words[score.label]:{width}}{say_test(score.name):{TEST_WIDTH}}"
            + "".join(f"{say_number(number):>9}" for number in numbers)
            + f"{score.p:9.2g}{score.p_holm:9.2g}"
        )


def _trust_file(
    file: Path,
    network: str,
    window: int | None,
    block: int,
    channel: str | None,
    fs: float | None,
    shaft: str | None,
    bearing: str | None,
    interpolate: bool,
    json: Path | None,
) -> None:
    """Test every gate in one window."""
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
    _print_tests(found.scores, explanation.card.block_names)


def _print_tests(scores: "tuple[Score, ...]", blocks: tuple[str, ...]) -> None:
    """What the tab Trust shows of each block, a row a test: its number, and its control with the band."""
    from cbam_viz.analysis.trust import trace_trust
    from cbam_viz.figures.trust import TITLES
    from cbam_viz.studies.trust_words import say_number, say_test

    shown = 0
    for block in blocks:
        print(f"{block:{TEST_WIDTH}}{'value':>9}{'control':>9}{'low':>9}{'high':>9}")
        for group in trace_trust(scores, block).groups:
            print(f"  {TITLES[group.kind].replace('<sub>', '_').replace('</sub>', '')}")
            for score in group.rows:
                numbers = (score.value, score.control, score.low, score.high)
                row = f"    {say_test(score.name)}"
                print(f"{row:{TEST_WIDTH}}" + "".join(f"{say_number(number):>9}" for number in numbers))
                shown += 1
    print(f"{len(scores) - shown} more tests are in --json, which calls each by its key.")


def _tell(done: int, steps: int, words: str) -> None:
    """Show how far it is, on one line."""
    if sys.stderr.isatty():
        print(f"\r{words:70}", end="\n" if done == steps else "", file=sys.stderr)
