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
    from collections.abc import Callable

    from cbam_viz.datasets.recording import Recording
    from cbam_viz.network.card import FoldResult
    from cbam_viz.studies.explain import Explanation
    from cbam_viz.studies.panels import View
    from cbam_viz.studies.plans import Plan

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
simulate = typer.Typer(no_args_is_help=True, help="Make signals whose right answer is known.", rich_markup_mode=None)
app.add_typer(simulate, name="simulate")

Data = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Folder of the data set's recordings; a simulated set needs none.")
]


@app.callback()
def cbam_viz() -> None:
    """Look inside attention networks for signals."""


@app.command()
def explain(
    file: Annotated[
        Path, typer.Argument(help="The signal: csv, txt, tsv, npy, npz, mat, wav, flac or xlsx, or a zip of them.")
    ],
    network: Annotated[str, typer.Option(metavar="NAME", help="Which network; `list` shows them.")],
    channel: Annotated[str | None, typer.Option(metavar="C", help="Channel of the file [default: the first].")] = None,
    fs: Annotated[float | None, typer.Option(metavar="HZ", help="Sampling rate, where the file does not say.")] = None,
    unit: Annotated[str | None, typer.Option(metavar="UNIT", help="Of the samples: g, m/s², V or mV.")] = None,
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

    _check_places([path for path in (file, json, csv, parquet, html, figures) if path])
    speed = _read_shaft(shaft)
    if bearing and not _unknown(bearing):
        read_bearing(bearing)  # before the long work
    if figures:
        _check_browser()
    explanation = study.explain(file, network, channel, fs, interpolate, unit=unit)
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
    if view.bearing:
        read_bearing(view.bearing)  # the file's own may be none
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
            unit = f" in {channel.unit}" if channel.unit else ""
            print(f"{channel.name}  {channel.samples} samples{unit}, {rate}{shaft}  {channel.note}".rstrip())
        return
    for name in list_networks():
        card = read_card(PRETRAINED / f"{name}.json")
        print(f"{name}  {card.summary}. {say_results(card)}")
    for sample in list_samples():
        print(f"{sample.path.relative_to(sample.path.parents[1])}  {sample.title}")


@app.command()
def train(
    name: Annotated[str, typer.Argument(help="A network with a plan: bearing-sim-4, cwru-10 or mfpt-3.")],
    data: Data = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where weights and card go.")] = Path("pretrained"),
) -> None:
    """Train a network and its evaluation folds; an interrupted run goes on from its last finished epoch."""
    import shutil

    from cbam_viz.network.checkpoint import write_network
    from cbam_viz.studies import train as study
    from cbam_viz.studies.plans import find_plan

    plan = find_plan(name)
    state = Path(".training") / name
    network = study.train_network(plan, _recordings(plan, data), state, _tell)
    print(f"wrote {write_network(network, out)} and its weights")
    shutil.rmtree(state)
    _print_results(network.card.results.folds, network.card.results.accuracy)


@app.command()
def evaluate(
    name: Annotated[str, typer.Argument(help="A network with a plan: bearing-sim-4, cwru-10 or mfpt-3.")],
    data: Data = None,
) -> None:
    """Train and test a network's evaluation folds again, and set the result beside its card's."""
    import shutil

    from cbam_viz.network.card import PRETRAINED, read_card
    from cbam_viz.studies import train as study
    from cbam_viz.studies.plans import find_plan

    plan, card = find_plan(name), read_card(PRETRAINED / f"{name}.json")
    state = Path(".training") / f"{name} evaluation"
    results = study.evaluate_plan(plan, _recordings(plan, data), state, _tell)
    shutil.rmtree(state)
    _print_results(results.folds, results.accuracy)
    print(f"{card.results.accuracy:7.2%} on its card")
    if results.folds != card.results.folds:
        print(
            "The folds are not those of the card: train the network again, or look for what differs.", file=sys.stderr
        )
        raise typer.Exit(1)


@simulate.command("bearing")
def simulate_bearing(
    out: Annotated[Path, typer.Option(metavar="FILE.npz", help="Where the signal and its true impacts go.")],
    fault: Annotated[str, typer.Option(metavar="FAULT", help="none, inner, outer or ball.")] = "inner",
    seed: Annotated[
        int, typer.Option(metavar="NUMBER", min=0, help="Names the machine; bearing-sim-4 was trained on 0 to 159.")
    ] = 3000,
    shaft: Annotated[float, typer.Option(metavar="HZ", help="Turns of the shaft a second (rpm / 60).")] = 29.95,
    load: Annotated[float, typer.Option(metavar="EPSILON", help="Load zone: 0.5 is half of the circumference.")] = 0.5,
    snr: Annotated[float, typer.Option(metavar="DB", help="Of a fully grown damage, to the white noise.")] = 10.0,
    severity: Annotated[float, typer.Option(metavar="SHARE", help="Strength of the damage, 0 to 1.")] = 1.0,
    slip: Annotated[
        float | None, typer.Option(metavar="SHARE", help="Of the time between strikes [default: the machine's].")
    ] = None,
    resonance: Annotated[float, typer.Option(metavar="HZ", help="Nominal main mode of the housing.")] = 3000.0,
    drift: Annotated[float, typer.Option(metavar="SHARE", help="Change of the speed from first to last sample.")] = 0.0,
    clip: Annotated[float | None, typer.Option(metavar="G", help="Where the recorder clips [default: never].")] = None,
    bearing: Annotated[str, typer.Option(metavar="NAME|ORDERS", help="As for explain.")] = "6205 simulated",
    seconds: Annotated[float, typer.Option(metavar="S", help="Length.")] = 1.0,
    fs: Annotated[float, typer.Option(metavar="HZ", help="Sampling rate.")] = 12000.0,
) -> None:
    """Simulate the vibration of a bearing whose every impact is known."""
    from cbam_viz.physics import simulate as physics
    from cbam_viz.physics.bearing import read_bearing
    from cbam_viz.signals.write import write_signal

    machine = physics.draw_machine(seed, read_bearing(bearing), resonance)
    operation = physics.Operation(
        physics.read_fault(fault), shaft, load, snr, severity, drift, clip_g=clip, seconds=seconds, fs=fs
    )
    signal = physics.simulate_bearing(
        machine if slip is None else physics.with_slip(machine, slip), operation, seed
    ).signal
    if out.suffix.lower() != ".npz":
        raise InputError(
            f"A simulated signal is written as .npz, but {out} has the extension {out.suffix!r}. Name it so."
        )
    _save(out, lambda: write_signal(signal, out))
    print(signal.notes[0])
    print(f"{len(signal.samples)} samples at {fs:.10g} Hz, {len(signal.impacts or ())} impacts")


def _recordings(plan: "Plan", data: Path | None) -> "tuple[Recording, ...]":
    """The labelled recordings of a plan."""
    if plan.measured and data is None:
        raise InputError(
            f"{plan.name} is trained on measured recordings, but no folder of them was given. "
            f"Give it with --data; they come from {plan.source}."
        )
    return plan.read(data or Path())


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
    from cbam_viz.analysis.diagnosis import trace_diagnosis
    from cbam_viz.studies import words
    from cbam_viz.studies.explain import line_of_diagnosis, score_controls

    signal, card = explanation.signal, explanation.card
    print(f"{signal.origin}: {len(signal.samples)} samples at {signal.fs:.10g} Hz")
    for note in explanation.notes:
        print(note)
    for name, probability in zip(card.classes, explanation.record.mean_probabilities, strict=True):
        print(f"{name.key:10} {probability:7.2%}  {name.words}")
    print(f"{explanation.predicted.words}, over {len(explanation.windows)} windows, by {card.name}.")
    print(words.say_training(card, signal))
    best, rest = words.say_verdict(trace_diagnosis(explanation.record, card, view.window))
    print(f"{words.say_view(explanation, view.window)}: {best}, {rest}")
    print(words.say_controls(score_controls(explanation, view.window, view.block)))
    if view.shaft_hz:
        print(f"Shaft at {view.shaft_hz:g} Hz, which is {60 * view.shaft_hz:g} rpm.")
    if line := line_of_diagnosis(explanation, view.window, view.shaft_hz, view.bearing):
        print(f"{line[0]} {line[1]:.2f} Hz, one strike every {1000 / line[1]:.2f} ms")


def _write(path: Path, content: str | bytes) -> None:
    """Write a text or bytes and say so."""
    _save(path, lambda: path.write_bytes(content.encode() if isinstance(content, str) else content))


def _save(path: Path, write: "Callable[[], object]") -> None:
    """Write a file and say so."""
    try:
        write()
    except OSError as error:
        raise _no_place(path, error) from None
    print(f"wrote {path}")


def _tell(words: str, _done: float) -> None:
    print(words, file=sys.stderr)


def _print_results(folds: "tuple[FoldResult, ...]", accuracy: float) -> None:
    for fold in folds:
        held_out = ", ".join(fold.held_out[:5]) + (f" and {len(fold.held_out) - 5} more" if fold.held_out[5:] else "")
        print(f"{fold.accuracy:7.2%} of {fold.windows} windows, held out: {held_out}")
    print(f"{accuracy:7.2%} mean of {len(folds)} folds")


def main() -> None:
    """Run a command; input that can be put right ends with its sentence and exit code 2."""
    try:
        app(prog_name="cbam_viz")
    except InputError as advice:
        print(advice, file=sys.stderr)
        sys.exit(2)
