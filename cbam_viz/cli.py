"""The other door: whatever the app shows, the command line can write.

Exit code 0: done, 2: input to be put right, 1: a bug.

Each command imports what it needs, so that ``--help`` answers at once.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cbam_viz.errors import InputError

if TYPE_CHECKING:
    from cbam_viz.network.card import FoldResult
    from cbam_viz.studies.explain import Explanation
    from cbam_viz.studies.panels import View

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

Data = Annotated[Path, typer.Option(metavar="DIR", help="Folder of the data set's recordings.")]


@app.callback()
def cbam_viz() -> None:
    """Look inside attention networks for signals."""


@app.command()
def explain(
    file: Annotated[Path, typer.Argument(help="The signal: csv, txt, tsv, npy, npz, mat or wav.")],
    network: Annotated[str, typer.Option(metavar="NAME", help="Which network; `list` shows them.")],
    channel: Annotated[str | None, typer.Option(metavar="C", help="Channel of the file [default: the first].")] = None,
    fs: Annotated[float | None, typer.Option(metavar="HZ", help="Sampling rate, where the file does not say.")] = None,
    shaft: Annotated[
        str | None, typer.Option(metavar="HZ", help="Turns of the shaft a second (rpm / 60), or unknown.")
    ] = None,
    bearing: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|ORDERS",
            help="Such as 6205, bpfo=3.58;bpfi=5.42;bsf=2.36;ftf=0.40, balls=9;ball=7.94;pitch=39.04, or unknown.",
        ),
    ] = None,
    interpolate: Annotated[bool, typer.Option("--interpolate", help="Bridge short gaps (NaN or Inf).")] = False,
    window: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="In view, from 1 [default: the surest of the class].")
    ] = None,
    block: Annotated[int, typer.Option(metavar="NUMBER", help="In view, from 1.")] = 1,
    scale: Annotated[Literal["usual", "unit", "map"], typer.Option(help="Colour range of M_s.")] = "usual",
    order: Annotated[Literal["frequency", "deviation", "number"], typer.Option(help="Of the channels.")] = "frequency",
    absolute: Annotated[bool, typer.Option("--absolute", help="Draw M_c itself, not its deviation.")] = False,
    json: Annotated[Path | None, typer.Option(metavar="OUT", help="Write all numbers as JSON.")] = None,
    csv: Annotated[Path | None, typer.Option(metavar="OUT", help="Write all numbers as a tidy table.")] = None,
    parquet: Annotated[Path | None, typer.Option(metavar="OUT", help="Write the same table as Parquet.")] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Write the view as a report, one offline page.")
    ] = None,
    figures: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the view's figures as SVG and PNG; needs Chrome or Chromium."),
    ] = None,
) -> None:
    """Show what a network looks at in a signal."""
    from cbam_viz.physics.bearing import read_bearing
    from cbam_viz.studies import explain as study
    from cbam_viz.studies import numbers, pictures, report
    from cbam_viz.studies.panels import View

    _check_places([path for path in (json, csv, parquet, html, figures) if path])
    speed = _read_shaft(shaft)
    if bearing and not _unknown(bearing):
        read_bearing(bearing)  # before the long work
    if figures:
        _check_browser()
    explanation = study.explain(file, network, channel, fs, interpolate)
    signal, surest = explanation.signal, study.most_telling_window(explanation) + 1
    view = View(
        window=_from_one("window", surest if window is None else window, len(explanation.windows)),
        block=_from_one("block", block, len(explanation.card.config.blocks)),
        scale=scale,
        order=order,
        absolute=absolute,
        shaft_hz=None if _unknown(shaft) else speed or signal.shaft_hz,
        bearing=None if _unknown(bearing) else bearing or signal.bearing,
    )
    if json:
        _write(json, numbers.explanation_json(explanation))
    if csv:
        _write(csv, numbers.explanation_csv(explanation))
    if parquet:
        _write(parquet, numbers.explanation_parquet(explanation))
    if html:
        _write(html, report.explanation_html(explanation, view))
    if figures:
        _make_folder(figures)
        for name, image in pictures.explanation_images(explanation, view).items():
            _write(figures / name, image)
    _print_explanation(explanation, view)


@app.command("list")
def list_(
    file: Annotated[Path | None, typer.Argument(help="A file, to list its channels.")] = None,
) -> None:
    """List the networks and the samples that ship, or the channels of a file."""
    from cbam_viz.datasets.samples import list_samples
    from cbam_viz.network.card import PRETRAINED, list_networks, read_card
    from cbam_viz.signals.readers import list_channels
    from cbam_viz.studies.words import say_results

    if file:
        for channel in list_channels(file):
            rate = f"{channel.fs:g} Hz" if channel.fs else "rate unknown"
            shaft = f", shaft {channel.shaft_hz:g} Hz" if channel.shaft_hz else ""
            print(f"{channel.name}  {channel.samples} samples, {rate}{shaft}  {channel.note}".rstrip())
        return
    for name in list_networks():
        card = read_card(PRETRAINED / f"{name}.json")
        print(f"{name}  {card.summary}. {say_results(card)}")
    for sample in list_samples():
        print(f"{sample.path.relative_to(sample.path.parents[1])}  {sample.title}")


@app.command()
def train(
    name: Annotated[str, typer.Argument(help="A network with a plan: cwru-10 or mfpt-3.")],
    data: Data,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where weights and card go.")] = Path("pretrained"),
) -> None:
    """Train a network and its evaluation folds; an interrupted run goes on from its last finished epoch."""
    import shutil

    from cbam_viz.network.checkpoint import write_network
    from cbam_viz.studies import train as study

    plan = study.find_plan(name)
    state = Path(".training") / name
    network = study.train_network(plan, plan.read(data), state, _tell)
    print(f"wrote {write_network(network, out)} and its weights")
    shutil.rmtree(state)
    _print_results(network.card.results.folds, network.card.results.accuracy)


@app.command()
def evaluate(
    name: Annotated[str, typer.Argument(help="A network with a plan: cwru-10 or mfpt-3.")],
    data: Data,
) -> None:
    """Train and test a network's evaluation folds again, and set the result beside its card's."""
    import shutil

    from cbam_viz.network.card import PRETRAINED, read_card
    from cbam_viz.studies import train as study

    plan, card = study.find_plan(name), read_card(PRETRAINED / f"{name}.json")
    state = Path(".training") / f"{name} evaluation"
    results = study.evaluate_plan(plan, plan.read(data), state, _tell)
    shutil.rmtree(state)
    _print_results(results.folds, results.accuracy)
    print(f"{card.results.accuracy:7.2%} on its card")
    if results.folds != card.results.folds:
        print(
            "The folds are not those of the card: train the network again, or look for what differs.", file=sys.stderr
        )
        raise typer.Exit(1)


def _check_places(paths: list[Path]) -> None:
    """Refuse to write one result over another."""
    if len({path.resolve() for path in paths}) < len(paths):
        raise InputError(
            f"Every result needs a file of its own, but {', '.join(map(str, paths))} are not all different. "
            "Give each another name."
        )


def _unknown(text: str | None) -> bool:
    """Whether a speed or a bearing is said to be unknown, whatever the file says."""
    return text is not None and text.strip().lower() in ("", "unknown")


def _read_shaft(text: str | None) -> float | None:
    """The shaft speed in Hz, None where none was given or it is said to be unknown."""
    from cbam_viz.physics.bearing import check_shaft

    if text is None or _unknown(text):
        return None
    try:
        shaft_hz = float(text)
    except ValueError:
        raise InputError(
            f"A shaft speed is a number in Hz or the word unknown, but {text!r} was given. Give revolutions per second."
        ) from None
    check_shaft(shaft_hz)
    return shaft_hz


def _check_browser() -> None:
    """Refuse images where no browser can draw them, before the long work."""
    from cbam_viz.figures.images import lacking_browser

    if advice := lacking_browser():
        raise InputError(advice)


def _make_folder(folder: Path) -> None:
    """Make a folder for results, unless it is there."""
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise _no_place(folder, error) from None


def _no_place(path: Path, error: OSError) -> InputError:
    """The advice where nothing can be written."""
    return InputError(
        f"A result needs a place it can be written to, but {path} is none ({error.strerror}). Give another."
    )


def _from_one(what: str, number: int, count: int) -> int:
    """The index of something that people count from 1."""
    if not 1 <= number <= count:
        raise InputError(f"A {what} is a number from 1 to {count}, but {number} was given. Give one of these.")
    return number - 1


def _print_explanation(explanation: "Explanation", view: "View") -> None:
    """Say what was found, with what flatters it."""
    from cbam_viz.studies import words
    from cbam_viz.studies.explain import line_of_diagnosis

    signal, card = explanation.signal, explanation.card
    print(f"{signal.origin}: {len(signal.samples)} samples at {signal.fs:.10g} Hz")
    for note in explanation.notes:
        print(note)
    for name, probability in zip(card.classes, explanation.record.mean_probabilities, strict=True):
        print(f"{name.key:10} {probability:7.2%}  {name.words}")
    print(f"{explanation.predicted.words}, over {len(explanation.windows)} windows, by {card.name}.")
    print(words.say_training(card, signal))
    if view.shaft_hz:
        print(f"Shaft at {view.shaft_hz:g} Hz, which is {60 * view.shaft_hz:g} rpm.")
    if line := line_of_diagnosis(explanation, view.window, view.shaft_hz, view.bearing):
        print(f"{line[0]} {line[1]:.2f} Hz, one strike every {1000 / line[1]:.2f} ms")


def _write(path: Path, content: str | bytes) -> None:
    """Write a file and say so."""
    try:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise _no_place(path, error) from None
    print(f"wrote {path}")


def _tell(words: str, _done: float) -> None:
    print(words, file=sys.stderr)


def _print_results(folds: "tuple[FoldResult, ...]", accuracy: float) -> None:
    for fold in folds:
        print(f"{fold.accuracy:7.2%} of {fold.windows} windows, held out: {', '.join(fold.held_out)}")
    print(f"{accuracy:7.2%} mean of {len(folds)} folds")


def main() -> None:
    """Run a command; input that can be put right ends with its sentence and exit code 2."""
    try:
        app(prog_name="cbam_viz")
    except InputError as advice:
        print(advice, file=sys.stderr)
        sys.exit(2)
