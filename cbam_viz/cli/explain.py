"""``explain FILE``: what does a network look at in this signal?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cbam_viz.cli.places import check_places, from_one, make_folder, write
from cbam_viz.cli.wrong_options import read_rate
from cbam_viz.errors import InputError

if TYPE_CHECKING:
    from cbam_viz.studies.explain import Explanation
    from cbam_viz.studies.panels import View
    from cbam_viz.studies.physics import Physics
    from cbam_viz.studies.tryout import Tryout


def explain(
    file: Annotated[
        Path,
        typer.Argument(
            help="The signal: csv, txt, tsv, lvm (also gzipped), npy, npz, mat, h5, hdf5, tdms, uff, unv, wav, flac, "
            "parquet, feather, xlsx, raw (SPICE), or a zip of them."
        ),
    ],
    network: Annotated[str, typer.Option(metavar="NAME", help="Which network; `list` shows them.")],
    channel: Annotated[str | None, typer.Option(metavar="C", help="Channel of the file [default: the first].")] = None,
    fs: Annotated[
        float | None, typer.Option(metavar="HZ", parser=read_rate, help="Sampling rate, where the file does not say.")
    ] = None,
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
    edits: Annotated[
        str,
        typer.Option(
            metavar="LIST",
            help="Tried on the window: mask:10.5-14.2 (ms), notch:2800-3200 (Hz), noise:10:1 (dB, draw), "
            "shift:3.5 (ms), scale:2, resample:1.02, mute:1.7 (block.channel), boost:1.7:2, flatten:1 (block), "
            "shuffle:1:1, gate:2:5 (block, window), channels:2:5; several with a semicolon between.",
        ),
    ] = "",
    band: Annotated[
        str | None,
        typer.Option(metavar="HZ-HZ", help="Whose envelope is listened to [default: the most impulsive one]."),
    ] = None,
    nudge: Annotated[float, typer.Option(metavar="PERCENT", help="Change of the shaft speed, for fault lines.")] = 0.0,
    orders: Annotated[bool, typer.Option("--orders", help="Draw the envelope over orders of the shaft.")] = False,
    json: Annotated[Path | None, typer.Option(metavar="OUT", help="Write all numbers as JSON.")] = None,
    csv: Annotated[Path | None, typer.Option(metavar="OUT", help="Write all numbers as a tidy table.")] = None,
    parquet: Annotated[Path | None, typer.Option(metavar="OUT", help="Write the same table as Parquet.")] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Write the view as a report, one HTML file that opens offline.")
    ] = None,
    figures: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the view's figures as SVG and PNG; needs Chrome or Chromium."),
    ] = None,
) -> None:
    """Show what a network looks at in a signal."""
    from cbam_viz.analysis.edits import read_edits
    from cbam_viz.physics.bearing import read_bearing
    from cbam_viz.studies import explain as study
    from cbam_viz.studies import numbers, pictures, report
    from cbam_viz.studies.panels import FrequencyView, View
    from cbam_viz.studies.physics import study_physics
    from cbam_viz.studies.tryout import try_edits

    check_places([file], [path for path in (json, csv, parquet, html, figures) if path])
    speed = read_shaft(shaft)
    if bearing and not unknown(bearing):
        read_bearing(bearing)  # before the long work
    asked = read_edits(edits)
    frequency = FrequencyView(_read_band(band), _read_nudge(nudge), orders)
    if figures:
        _check_browser()
    explanation = study.explain(file, network, channel, fs, interpolate, unit=unit)
    signal, surest = explanation.signal, study.most_telling_window(explanation) + 1
    view = View(
        window=from_one("window", surest if window is None else window, len(explanation.windows)),
        block=from_one("block", block, len(explanation.card.config.blocks)),
        scale=scale,
        order=order,
        absolute=absolute,
        shaft_hz=None if unknown(shaft) else speed or signal.shaft_hz,
        bearing=None if unknown(bearing) else bearing or signal.bearing,
        edits=asked,
        frequency=frequency,
    )
    if view.bearing:
        read_bearing(view.bearing)  # the file's own may be none
    tryout = try_edits(explanation, view.window, asked) if asked else None
    physics = study_physics(explanation, view)
    if json:
        write(json, numbers.explanation_json(explanation, tryout, physics))
    if csv:
        write(csv, numbers.explanation_csv(explanation, view.window, physics, tryout))
    if parquet:
        write(parquet, numbers.explanation_parquet(explanation, view.window, physics, tryout))
    if html:
        write(html, report.explanation_html(explanation, view))
    if figures:
        make_folder(figures)
        for name, image in pictures.explanation_images(explanation, view).items():
            write(figures / name, image)
    _print_explanation(explanation, view, tryout, physics)


def unknown(text: str | None) -> bool:
    """Whether a speed or a bearing is said to be unknown, whatever the file says."""
    return text is not None and text.strip().lower() in ("", "unknown")


def read_shaft(text: str | None) -> float | None:
    """The shaft speed in Hz, None where none was given or it is said to be unknown."""
    from cbam_viz.physics.bearing import check_shaft

    if text is None or unknown(text):
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


def _print_explanation(explanation: "Explanation", view: "View", tryout: "Tryout | None", physics: "Physics") -> None:
    """Say what was found, with what flatters it."""
    from cbam_viz.analysis.diagnosis import trace_diagnosis
    from cbam_viz.studies import physics_words, tryout_words, words
    from cbam_viz.studies.explain import line_of_diagnosis, score_controls

    signal, card = explanation.signal, explanation.card
    unit = f" in {signal.unit}" if signal.unit else ""
    print(f"{signal.origin}: {len(signal.samples)} samples{unit} at {signal.fs:.10g} Hz")
    for note in explanation.notes:
        print(note)
    for name, probability in zip(card.classes, explanation.record.mean_probabilities, strict=True):
        print(f"{name.key:10} {probability:7.2%}  {name.words}")
    print(f"{explanation.predicted.words}, over {len(explanation.windows)} windows, by {card.name}.")
    print(words.say_training(card, signal))
    best, rest = words.say_verdict(trace_diagnosis(explanation.record, card, view.window))
    print(f"{words.say_view(explanation, view.window)}: {best}, {rest}")
    print(words.say_controls(score_controls(explanation, view.window, view.block)))
    if tryout:
        print(tryout_words.say_tryout(tryout, card))
    if view.shaft_hz:
        print(f"Shaft at {view.shaft_hz:g} Hz, which is {60 * view.shaft_hz:g} rpm.")
    if line := line_of_diagnosis(explanation, view.window, view.shaft_hz, view.bearing):
        print(f"{line[0]} {line[1]:.2f} Hz, one strike every {1000 / line[1]:.2f} ms")
    if physics.verdict:
        print(physics_words.say_physics(physics.verdict, physics.said))
    for sentence in physics.lacking:
        print(sentence)


def _read_band(text: str | None) -> tuple[float, float] | None:
    """The edges of a band in Hz, None where none was given."""
    if text is None:
        return None
    try:
        low, high = map(float, text.split("-"))
    except ValueError:
        raise InputError(
            f"A band is two frequencies in Hz with a hyphen between, but {text!r} was given. Give it like 1000-3000."
        ) from None
    if not 0 <= low < high < float("inf"):
        raise InputError(f"A band ends above its beginning, but {text!r} does not. Give the lower frequency first.")
    return low, high


def _read_nudge(percent: float) -> float:
    """A change of speed as a share of it."""
    from cbam_viz.analysis.envelope import SEARCHED

    if not abs(percent) <= 100 * SEARCHED:
        raise InputError(
            f"A shaft speed is nudged by at most {100 * SEARCHED:g} %, but {percent:g} % was given. Give the speed "
            "itself by --shaft."
        )
    return percent / 100
