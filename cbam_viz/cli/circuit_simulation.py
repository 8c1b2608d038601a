"""``simulate circuit``: many responses of a circuit, sound or with one part off."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cbam_viz.cli.places import no_place
from cbam_viz.errors import InputError


def simulate_circuit(
    name: Annotated[str, typer.Argument(help="sallen-key, biquad or tow-thomas.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where NAME.parquet goes; made if it is not there.")],
    runs: Annotated[int, typer.Option(metavar="NUMBER", help="Of each class.")] = 100,
    seed: Annotated[int, typer.Option(metavar="NUMBER", help="Of all draws.")] = 0,
    size: Annotated[
        str,
        typer.Option(metavar="PERCENT", help="Deviation of the faulty part, such as 50; or a range, such as 10-60."),
    ] = "50",
    law: Annotated[
        str, typer.Option(metavar="LAW", help="Of the tolerances: gaussian (3 sigma = tolerance) or uniform.")
    ] = "gaussian",
    snr: Annotated[
        float | None, typer.Option(metavar="DB", help="Of the response to white noise [default: no noise].")
    ] = None,
    varied: Annotated[
        bool, typer.Option("--varied", help="Draw op-amp, edges, delay, offset and simulator steps for each run too.")
    ] = False,
) -> None:
    """Simulate a campaign in ngspice; one that was interrupted goes on where it was."""
    from cbam_viz.datasets.circuit_files import read_campaign, simulate_campaign
    from cbam_viz.datasets.circuits import Campaign, read_law
    from cbam_viz.physics.closed_form import compare_with_closed_form

    campaign = Campaign(name, None, _size(size), read_law(law), runs, seed, snr, varied)
    try:
        path = simulate_campaign(campaign, out, _tell)
    except OSError as error:
        raise no_place(out, error) from None
    status = read_campaign(path).status
    failed = status[status != "ok"]
    print(f"wrote {path}")
    print(f"{len(status)} runs of {len(campaign.classes)} classes, {len(failed)} failed")
    if len(failed):
        print(f"the first that failed: {failed[0]}")
    agreement = compare_with_closed_form(campaign.recorded)
    print(
        f"the nominal response peaks at {agreement.peak_v:.3f} V; with ideal op-amps it is the closed form's within "
        f"{1e3 * agreement.ideal_v:.2g} mV, and op-amps of 10 MHz move it by up to {1e3 * agreement.opamp_v:.0f} mV"
    )


def _size(text: str) -> float | tuple[float, float]:
    """A size, or a range of sizes, as shares."""
    try:
        low, *high = (float(part) / 100 for part in text.split("-"))
        if len(high) > 1:
            raise ValueError
    except ValueError:
        raise InputError(
            f"The size of a fault is a number in per cent such as 50, or two such as 10-60, but {text!r} was given. "
            "Write it in one of these ways."
        ) from None
    return (low, high[0]) if high else low


def _tell(done: int, count: int) -> None:
    print(f"{done} of {count} runs", file=sys.stderr)
