"""``circuit NAME``: what happens when a part of a circuit drifts; what the page Circuit shows, as words and numbers."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cbam_viz.cli.places import no_place
from cbam_viz.errors import InputError

if TYPE_CHECKING:
    from cbam_viz.network.checkpoint import Network


def circuit(
    name: Annotated[str, typer.Argument(help="sallen-key, biquad or tow-thomas.")],
    moved: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PART=PERCENT", help="Deviation of a part, such as C1=-40; may be repeated."),
    ] = None,
    network: Annotated[
        str | None, typer.Option(metavar="NAME", help="That reads the response [default: the circuit's own].")
    ] = None,
    draw: Annotated[int, typer.Option(metavar="NUMBER", help="Of all tolerances and the noise; 0: none drawn.")] = 0,
    snr: Annotated[
        float | None, typer.Option(metavar="DB", help="Of the response to white noise [default: no noise].")
    ] = None,
    sweep: Annotated[str | None, typer.Option(metavar="PART", help="Follow this part from -60 to 60 %.")] = None,
    both: Annotated[
        str | None, typer.Option("--map", metavar="PART,PART", help="Follow two parts at once, each from -60 to 60 %.")
    ] = None,
    json_: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Where all numbers go.")] = None,
) -> None:
    """Move parts of a circuit and see what a network says of the response that ngspice gives."""
    from cbam_viz.analysis.diagnosis import trace_diagnosis
    from cbam_viz.studies import circuit as study
    from cbam_viz.studies.circuit_panels import draw_map, draw_study, draw_sweep
    from cbam_viz.studies.drift_numbers import drift_numbers, study_numbers
    from cbam_viz.studies.words import say_verdict

    if sweep and both:
        raise InputError("One part or two drift, but --sweep and --map were given. Give one of them.")
    setting = study.Setting(name, study.read_deviations(";".join(moved or [])), draw, snr)
    used = _network(name, network)
    found = study.study_setting(setting, used)
    print(" · ".join(say_verdict(trace_diagnosis(found.explanation.record, used.card, 0))))
    print(draw_study(found, _block(used)).alt)
    numbers = study_numbers(found)
    if sweep or both:
        drift = (
            study.sweep_part(setting, used, sweep, _tell)
            if sweep
            else study.map_parts(setting, used, (both or "").split(","), _tell)
        )
        print(draw_sweep(drift, used.card, _block(used)).alt if sweep else draw_map(drift, used.card).alt)
        numbers["drift"] = drift_numbers(drift, used.card)
    if json_:
        try:
            json_.write_text(json.dumps(numbers, ensure_ascii=False) + "\n", encoding="utf-8")
        except OSError as error:
            raise no_place(json_, error) from None
        print(f"wrote {json_}", file=sys.stderr)


def _network(circuit: str, name: str | None) -> "Network":
    """The network of that name, or the first that reads the circuit."""
    from cbam_viz.network.card import PRETRAINED, list_networks, read_card
    from cbam_viz.network.checkpoint import read_network

    fitting = [each for each in list_networks() if read_card(PRETRAINED / f"{each}.json").circuit == circuit]
    if name is None and not fitting:
        raise InputError(f"A network must read {circuit}, but none that ships does. Name your own with --network.")
    return read_network(name or fitting[0])


def _block(network: "Network") -> int:
    """The first block with a spatial gate."""
    return next(number for number, block in enumerate(network.card.config.blocks) if block.has_spatial)


def _tell(done: int, runs: int) -> None:
    print(f"{done} of {runs} runs", file=sys.stderr)
