"""The other door: whatever the app shows, the command line can write.

Exit code 0: done, 2: input to be put right, 1: a bug.

Each command imports what it needs, so that ``--help`` answers at once.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cbam_viz.errors import InputError

if TYPE_CHECKING:
    from cbam_viz.network.card import FoldResult

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
    shaft: Annotated[float | None, typer.Option(metavar="HZ", help="Shaft speed, for the fault-period ticks.")] = None,
    bearing: Annotated[
        str | None,
        typer.Option(metavar="NAME|ORDERS", help="Such as 6205, or bpfo=3.58;bpfi=5.42;bsf=2.36;ftf=0.40."),
    ] = None,
    interpolate: Annotated[bool, typer.Option("--interpolate", help="Bridge short gaps (NaN or Inf).")] = False,
    json: Annotated[Path | None, typer.Option(metavar="OUT", help="Write all numbers as JSON.")] = None,
    csv: Annotated[Path | None, typer.Option(metavar="OUT", help="Write all numbers as a tidy table.")] = None,
    html: Annotated[Path | None, typer.Option(metavar="OUT", help="Write the figures as one offline page.")] = None,
) -> None:
    """Show what a network looks at in a signal."""
    from cbam_viz.physics.bearing import check_shaft, read_bearing
    from cbam_viz.studies import explain as study
    from cbam_viz.studies import report
    from cbam_viz.studies.panels import View

    if shaft is not None:
        check_shaft(shaft)
    if bearing:
        read_bearing(bearing)  # before the long work
    explanation = study.explain(file, network, channel, fs, interpolate)
    window = study.most_telling_window(explanation)
    signal = explanation.signal
    speed, mounted = shaft or signal.shaft_hz, bearing or signal.bearing
    line = study.line_of_diagnosis(explanation, window, speed, mounted)
    if json:
        _write(json, report.explanation_json(explanation))
    if csv:
        _write(csv, report.explanation_csv(explanation))
    if html:
        _write(html, report.explanation_html(explanation, View(window, shaft_hz=speed, bearing=mounted)))
    print(f"{signal.name}, channel {signal.channel or '-'}: {len(signal.samples)} samples at {signal.fs:g} Hz")
    for note in explanation.notes:
        print(note)
    for name, probability in zip(explanation.card.classes, explanation.record.mean_probabilities, strict=True):
        print(f"{name.key:10} {probability:7.2%}  {name.words}")
    print(f"{explanation.predicted.words}, over {len(explanation.windows)} windows, by {network}.")
    if line:
        print(f"{line[0]} {line[1]:.2f} Hz, one strike every {1000 / line[1]:.2f} ms")


@app.command("list")
def list_(
    file: Annotated[Path | None, typer.Argument(help="A file, to list its channels.")] = None,
) -> None:
    """List the networks and the samples that ship, or the channels of a file."""
    from cbam_viz.datasets.samples import list_samples
    from cbam_viz.network.card import PRETRAINED, list_networks, read_card
    from cbam_viz.signals.readers import list_channels

    if file:
        for channel in list_channels(file):
            rate = f"{channel.fs:g} Hz" if channel.fs else "rate unknown"
            shaft = f", shaft {channel.shaft_hz:g} Hz" if channel.shaft_hz else ""
            print(f"{channel.name}  {channel.samples} samples, {rate}{shaft}  {channel.note}".rstrip())
        return
    for name in list_networks():
        card = read_card(PRETRAINED / f"{name}.json")
        print(f"{name}  {card.summary}. {card.results.accuracy:.1%}: {card.results.protocol}")
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


def _write(path: Path, text: str) -> None:
    """Write a file and say so."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"A result needs a place it can be written to, but {path} is none ({error.strerror}). Give another."
        ) from None
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
