"""``simulate bearing``: make a signal whose right answer is known."""

from pathlib import Path
from typing import Annotated

import typer

from cbam_viz.cli.places import save
from cbam_viz.cli.wrong_options import read_rate
from cbam_viz.errors import InputError


def simulate_bearing(
    out: Annotated[Path, typer.Option(metavar="FILE.npz", help="Where the signal and its true impacts go.")],
    fault: Annotated[str, typer.Option(metavar="FAULT", help="none, inner, outer or ball.")] = "inner",
    seed: Annotated[
        int, typer.Option(metavar="NUMBER", min=0, help="Names the machine; bearing-sim-4 was trained on 0 to 159.")
    ] = 3000,
    shaft: Annotated[float, typer.Option(metavar="HZ", help="Turns of the shaft a second (rpm / 60).")] = 29.95,
    load: Annotated[
        float, typer.Option(metavar="EPSILON", help="Load zone, 0.05 to 1: 0.5 is half of the circumference.")
    ] = 0.5,
    snr: Annotated[
        float, typer.Option(metavar="DB", help="Of a fully grown damage, to the white noise; -40 to 80.")
    ] = 10.0,
    severity: Annotated[float, typer.Option(metavar="SHARE", help="Strength of the damage, 0 to 1.")] = 1.0,
    slip: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="Of the time between strikes, 0 to 0.1 [default: the machine's]."),
    ] = None,
    resonance: Annotated[
        float,
        typer.Option(
            metavar="HZ",
            help="Nominal main mode of the housing; its modes, up to 1.5 of it, must lie below 0.45 of the rate.",
        ),
    ] = 3000.0,
    drift: Annotated[
        float, typer.Option(metavar="SHARE", help="Change of the speed from first to last sample, -0.5 to 0.5.")
    ] = 0.0,
    clip: Annotated[float | None, typer.Option(metavar="G", help="Where the recorder clips [default: never].")] = None,
    bearing: Annotated[str, typer.Option(metavar="NAME|ORDERS", help="As for explain.")] = "6205 simulated",
    seconds: Annotated[float, typer.Option(metavar="S", help="Length, 0.1 to 600.")] = 2.0,
    fs: Annotated[float, typer.Option(metavar="HZ", parser=read_rate, help="Sampling rate.")] = 12000.0,
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
            f"A simulated signal is written as .npz, but {out} has the extension {out.suffix!r}. "
            f"Name it {out.stem}.npz."
        )
    save(out, lambda: write_signal(signal, out))
    print(signal.notes[0])
    print(f"{len(signal.samples)} samples at {fs:.10g} Hz, {len(signal.impacts or ())} impacts")
