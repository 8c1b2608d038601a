"""``compare FILES``: how does attention differ between classes?"""

import shlex
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cbam_viz.cli.places import check_places, from_one, make_folder, write
from cbam_viz.errors import InputError

if TYPE_CHECKING:
    from cbam_viz.analysis.labelled import Member
    from cbam_viz.datasets.labels import Labelled, LabelledFile
    from cbam_viz.network.card import Card
    from cbam_viz.studies.compare import Comparison
    from cbam_viz.studies.set_panels import SetView


def compare(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Recordings, folders and zips of them [default: those of --labels, or the samples that ship]."
        ),
    ] = None,
    network: Annotated[str, typer.Option(metavar="NAME", help="Which network; `list` shows them.")] = "mfpt-3",
    labels: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="Table file,class[,fs_hz,shaft_hz,bearing,channel,machine], paths beside it."),
    ] = None,
    rule: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="Words in a file's name that tell its class: 'normal: healthy, good; inner: inner, ir' "
            "[default: the network's classes].",
        ),
    ] = None,
    simulated: Annotated[
        int | None, typer.Option(metavar="NUMBER", min=1, help="Compare so many simulated machines of each class.")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="NUMBER", min=0, help="Of the first simulated machine.")] = 5000,
    shaft: Annotated[float, typer.Option(metavar="HZ", help="Of simulated machines, as the following.")] = 29.95,
    load: Annotated[float, typer.Option(metavar="EPSILON", help="Load zone.")] = 0.5,
    snr: Annotated[float, typer.Option(metavar="DB", help="Of a fully grown damage, to the white noise.")] = 10.0,
    severity: Annotated[float, typer.Option(metavar="SHARE", help="Strength of the damage, 0 to 1.")] = 1.0,
    slip: Annotated[float | None, typer.Option(metavar="SHARE", help="[default: the machine's].")] = None,
    resonance: Annotated[float, typer.Option(metavar="HZ", help="Nominal main mode of the housing.")] = 3000.0,
    block: Annotated[int, typer.Option(metavar="NUMBER", help="In view, from 1.")] = 1,
    order: Annotated[
        Literal["frequency", "difference", "cluster", "number"], typer.Option(help="Of the channels.")
    ] = "frequency",
    absolute: Annotated[bool, typer.Option("--absolute", help="Show M_c itself, not its deviation.")] = False,
    first: Annotated[
        str | None, typer.Option(metavar="CLASS", help="[default: the first with 5 recordings or specimens].")
    ] = None,
    second: Annotated[str | None, typer.Option(metavar="CLASS", help="[default: the second with as many].")] = None,
    by: Annotated[
        Literal["impacts", "period"], typer.Option(help="What M_s is aligned by, unless by a pulse.")
    ] = "impacts",
    periods: Annotated[int, typer.Option(min=1, max=3, help="Fault periods in view.")] = 1,
    measure: Annotated[Literal["euclidean", "cosine"], typer.Option(help="Of the distance of classes.")] = "euclidean",
    a: Annotated[
        int | None,
        typer.Option(metavar="NUMBER", help="Recording on the left of A | B [default: first class's first]."),
    ] = None,
    b: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="Recording on the right [default: second class's first].")
    ] = None,
    a_window: Annotated[int | None, typer.Option(metavar="NUMBER", help="Of A, from 1 [default: its surest].")] = None,
    b_window: Annotated[int | None, typer.Option(metavar="NUMBER", help="Of B, from 1 [default: its surest].")] = None,
    trust: Annotated[
        bool, typer.Option("--trust", help="Test every gate in every window, too; takes a while.")
    ] = False,
    json: Annotated[Path | None, typer.Option(metavar="OUT", help="Write the numbers of every view as JSON.")] = None,
    csv: Annotated[Path | None, typer.Option(metavar="OUT", help="Write the gates of all windows, tidy.")] = None,
    parquet: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write gates, recordings and views as Parquet.")
    ] = None,
    html: Annotated[Path | None, typer.Option(metavar="OUT", help="Write the views as one offline page.")] = None,
) -> None:
    """Compare attention across the classes of a labelled set."""
    from cbam_viz.analysis.difference import choose_pair
    from cbam_viz.datasets.simulated import SIMULATED_S, simulate_classes
    from cbam_viz.network.checkpoint import read_network
    from cbam_viz.physics.simulate import Operation
    from cbam_viz.studies import compare as study
    from cbam_viz.studies import set_numbers, set_report
    from cbam_viz.studies.class_trust import examine_set
    from cbam_viz.studies.set_panels import SetView

    check_places([labels] if labels else [], [path for path in (json, csv, parquet, html) if path])
    used = read_network(network)
    in_view = from_one("block", block, len(used.card.config.blocks))
    with tempfile.TemporaryDirectory() as unpacked:
        if simulated:
            machines = simulate_classes(
                seed, simulated, Operation(None, shaft, load, snr, severity, seconds=SIMULATED_S), resonance, slip
            )
            _two_classes(first, second, machines, used.card)
            comparison = study.compare(machines, used, tell_recordings)
        else:
            recordings, left_out = label_recordings(files or [], labels, rule, used.card, Path(unpacked))
            _two_classes(first, second, recordings, used.card)
            comparison = study.compare(recordings, used, tell_recordings, left_out)
    of_first, of_second = choose_pair(
        comparison.labelled, *_two_classes(first, second, comparison.labelled.members, used.card)
    )
    view = SetView(
        block=in_view,
        order=order,
        absolute=absolute,
        first=of_first,
        second=of_second,
        by=by,
        periods=periods,
        measure=measure,
    )
    view = _choose_sides(comparison, view, (a, b), (a_window, b_window))
    if trust:
        comparison = replace(comparison, trust=examine_set(used, comparison.labelled, tell_windows))
    if json:
        write(json, set_numbers.comparison_json(comparison, view))
    if csv:
        write(csv, set_numbers.comparison_csv(comparison))
    if parquet:
        make_folder(parquet)
        for name, content in set_numbers.comparison_parquet(comparison, view).items():
            write(parquet / name, content)
    if html:
        command = shlex.join(["python", "-m", "cbam_viz", *sys.argv[1:]])
        write(html, set_report.comparison_html(comparison, view, command))
    _print_comparison(comparison, view)


def label_recordings(
    files: list[Path], labels: Path | None, rule: str | None, card: "Card", unpacked: Path
) -> "tuple[tuple[LabelledFile, ...], tuple[str, ...]]":
    """The recordings that were asked for, with their classes."""
    from cbam_viz.datasets.labels import default_rule, label_files, read_labels, read_rule
    from cbam_viz.datasets.samples import label_samples

    if not files and labels is None:
        if samples := label_samples(card.bearing):
            return samples, ()
        raise InputError(
            f"A comparison needs recordings, but none was given and no sample of {card.name} ships. "
            "Give files, or a table with --labels."
        )
    table = read_labels(labels) if labels else []
    words = read_rule(rule) if rule else default_rule({name.key: name.fault for name in card.classes})
    return label_files(files, table, words, unpacked)


def _two_classes(
    first: str | None, second: str | None, recordings: "Iterable[Labelled | Member]", card: "Card"
) -> tuple[int | None, int | None]:
    """Numbers of the two classes of these recordings that were asked for, None where none was."""
    from cbam_viz.analysis.labelled import order_classes
    from cbam_viz.studies.compare import match_class

    labels = [match_class(recording.label, card.classes) for recording in recordings]
    keys = [name.key for name in order_classes(card.classes, [label for label in labels if label])]
    asked = [None if words is None else match_class(words, card.classes) for words in (first, second)]
    if len(keys) < 2:
        return None, None  # the study refuses the set, with the reasons
    for key, words in zip(asked, (first, second), strict=True):
        if key is not None and key not in keys:
            raise InputError(f"A class is one of {', '.join(keys)}, but {words!r} was given. Give one of these.")
    if asked[0] is not None and asked[0] == asked[1]:
        raise InputError(f"A difference is that of two classes, but {asked[0]!r} was given as both. Give another.")
    one, other = (None if key is None else keys.index(key) for key in asked)
    return one, other


def _choose_sides(
    comparison: "Comparison",
    view: "SetView",
    numbers: tuple[int | None, int | None],
    windows: tuple[int | None, int | None],
) -> "SetView":
    """The view with the recordings and windows of A | B that were asked for."""
    from cbam_viz.studies.set_panels import find_sides

    members = comparison.labelled.members
    a, b = (None if number is None else from_one("recording", number, len(members)) for number in numbers)
    view = replace(view, a=a, b=b)
    a_window, b_window = (
        None if number is None else from_one("window", number, len(members[member].windows))
        for number, (member, _surest) in zip(windows, find_sides(comparison.labelled, view), strict=True)
    )
    return replace(view, a_window=a_window, b_window=b_window)


def _print_comparison(comparison: "Comparison", view: "SetView") -> None:
    """Say what was compared, what was left out, and what each view shows."""
    from cbam_viz.figures.class_channels import count_witnesses
    from cbam_viz.studies.set_panels import say_views

    labelled = comparison.labelled
    for name, (witnesses, recordings, windows) in zip(labelled.classes, labelled.counts, strict=True):
        print(f"{name.key:10} {count_witnesses(witnesses, recordings)}, {windows} windows  {name.words}")
    for said in (*comparison.notes, *say_views(comparison, view)):
        print(said)
    for said in comparison.left_out:
        print(said, file=sys.stderr)


def tell_recordings(done: int, recordings: int) -> None:
    """Show how far the recording of a set is, on one line."""
    _tell(done, recordings, "recordings")


def tell_windows(done: int, windows: int) -> None:
    """Show how far the tests of a set are, on one line."""
    _tell(done, windows, "windows tested")


def _tell(done: int, count: int, what: str) -> None:
    """Show how many are done, on one line."""
    if sys.stderr.isatty():
        print(f"\r{done} of {count} {what}", end="\n" if done == count else "", file=sys.stderr)
