"""The responses that ship: one for every class of every circuit, in `sample_data/circuits.csv` with its truth.

They are of no campaign that a network is trained or tested on: their seed is their own.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from cbam_viz.datasets.circuits import Campaign, Draw, draw_campaign, simulate_draws
from cbam_viz.datasets.labels import LabelledFile
from cbam_viz.datasets.samples import SAMPLE_DATA, Sample
from cbam_viz.physics.circuits import CIRCUITS, NORMAL, Circuit
from cbam_viz.signals.signal import Signal
from cbam_viz.signals.write import write_signal

TABLE = "circuits.csv"
SEED = 2_000_000
SIZE = (0.3, 0.55)
SNR_DB = 40.0
PULSE_S = 10e-6
"""After the first sample, as on an oscilloscope that records before its trigger."""


@dataclass(frozen=True, eq=False)
class Response:
    """One simulated response with its truth.

    Parameters
    ----------
    signal : as it is written.
    draw : what it was made of.
    deviation : true deviation of the faulty part, its tolerance included, as a share; None for a sound circuit.
    """

    signal: Signal
    draw: Draw
    deviation: float | None


def list_circuit_samples(folder: Path = SAMPLE_DATA) -> tuple[Sample, ...]:
    """List the responses of a folder in the order of its table; none is read."""
    with (folder / TABLE).open(encoding="utf-8", newline="") as table:
        return tuple(
            Sample(
                path=folder / row["file"],
                title=row["title"],
                domain="Circuit",
                fault=row["fault"],
                recording=row["recording"],
                load="",
                start_s=0.0,
                seconds=float(row["seconds"]),
                circuit=row["circuit"],
                deviation=float(row["deviation"]) if row["deviation"] else None,
            )
            for row in csv.DictReader(table)
        )


def label_circuit_samples(circuit: str, folder: Path = SAMPLE_DATA) -> tuple[LabelledFile, ...]:
    """The responses of one circuit with their classes; each is a circuit of its own.

    Parameters
    ----------
    circuit : its name.
    folder : with the table.
    """
    return tuple(
        LabelledFile(sample.path, sample.fault, sample.title, sample.recording)
        for sample in list_circuit_samples(folder)
        if sample.circuit == circuit
    )


def simulate_samples(circuit: Circuit) -> Iterator[Response]:
    """One response for each class of a circuit, with noise, its pulse some time after the first sample.

    Raises
    ------
    InputError
        If ngspice is not installed.
    """
    campaign = Campaign(circuit.name, size=SIZE, runs=1, seed=SEED, snr_db=SNR_DB)
    draws = sorted(draw_campaign(campaign), key=lambda draw: campaign.classes.index(draw.key))
    delayed = [replace(draw, pulse=replace(draw.pulse, delay_s=PULSE_S)) for draw in draws]
    found = simulate_draws(campaign, delayed, PULSE_S)
    faults = {fault.key: fault for fault in circuit.faults}
    for draw, volts in zip(delayed, found.responses.volts, strict=True):
        fault = faults.get(draw.key)
        place = circuit.names.index(fault.part) if fault else None
        signal = Signal(
            samples=volts,
            fs=1 / circuit.step_s,
            name=_stem(circuit, draw.key),
            unit="V",
            recording=f"{circuit.name} {draw.key}",
            circuit=circuit.name,
            pulse_s=PULSE_S,
        )
        yield Response(signal, draw, None if place is None else draw.values[place] / circuit.nominal[place] - 1)


def write_circuit_samples(folder: Path = SAMPLE_DATA) -> tuple[Path, ...]:
    """Make every response and their table, and give the paths of the responses.

    Raises
    ------
    InputError
        If ngspice is not installed.
    """
    paths, rows = [], []
    for circuit in CIRCUITS.values():
        for response in simulate_samples(circuit):
            signal, key = response.signal, response.draw.key
            paths.append(folder / f"{signal.name}.npz")
            write_signal(signal, paths[-1])
            off = "" if response.deviation is None else f"{response.deviation:.4f}"
            said = "sound" if key == NORMAL else f"{key[:-1]} {100 * float(off):+.0f} %".replace("-", "−")
            rows.append(
                {
                    "file": paths[-1].name,
                    "title": f"{circuit.title} · {said}",
                    "circuit": circuit.name,
                    "fault": key,
                    "deviation": off,
                    "recording": signal.recording,
                    "pulse_s": f"{PULSE_S:g}",
                    "seconds": f"{signal.duration:g}",
                }
            )
    with (folder / TABLE).open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return tuple(paths)


def _stem(circuit: Circuit, key: str) -> str:
    """Name of a file, such as ``sallen_key_C1_plus``."""
    return f"{circuit.name.replace('-', '_')}_{key.replace('+', '_plus').replace('-', '_minus')}"
