"""The samples that ship: excerpts of measured recordings, and simulated ones; listed in `sample_data/samples.csv`."""

import csv
from dataclasses import dataclass, replace
from pathlib import Path

from cbam_viz.datasets import simulated
from cbam_viz.datasets.labels import LabelledFile
from cbam_viz.datasets.mfpt import SOURCE
from cbam_viz.datasets.recording import check_complete
from cbam_viz.physics.simulate import draw_machine, simulate_bearing
from cbam_viz.signals.readers import list_channels, read_signal
from cbam_viz.signals.write import write_signal

SAMPLE_DATA = Path(__file__).parents[2] / "sample_data"
TABLE = "samples.csv"


@dataclass(frozen=True)
class Sample:
    """One sample of the app.

    Parameters
    ----------
    path : of the file.
    title : on screen.
    domain : group on screen, such as ``Bearing``.
    fault : key of the class, such as ``inner``; ``normal`` for a healthy machine.
    recording : name of the recording it was cut from, as the data set calls it.
    load : such as ``300 lb``.
    start_s : where it begins in the recording, in s.
    seconds : length in s.
    circuit : name of the circuit, None for a machine.
    deviation : true deviation of the circuit's faulty part, as a share of its nominal value; None if there is none.
    """

    path: Path
    title: str
    domain: str
    fault: str
    recording: str
    load: str
    start_s: float
    seconds: float
    circuit: str | None = None
    deviation: float | None = None


def list_samples(folder: Path = SAMPLE_DATA) -> tuple[Sample, ...]:
    """List the samples of a folder in the order of its table; no sample is read."""
    with (folder / TABLE).open(encoding="utf-8", newline="") as table:
        return tuple(
            Sample(
                path=folder / row["file"],
                title=row["title"],
                domain=row["domain"],
                fault=row["fault"],
                recording=row["recording"],
                load=row["load"],
                start_s=float(row["start_s"]),
                seconds=float(row["seconds"]),
            )
            for row in csv.DictReader(table)
        )


def label_samples(bearing: str | None, folder: Path = SAMPLE_DATA) -> tuple[LabelledFile, ...]:
    """The samples of one bearing with their classes; a simulated one is a machine of its own.

    Parameters
    ----------
    bearing : name of the bearing, as a network's card has it.
    folder : with the table.
    """
    return tuple(
        LabelledFile(
            sample.path,
            sample.fault,
            sample.title,
            sample.recording if sample.path.stem in simulated.SAMPLES else None,
        )
        for sample in list_samples(folder)
        if list_channels(sample.path)[0].bearing == bearing
    )


def write_samples(mfpt_folder: Path, folder: Path = SAMPLE_DATA) -> tuple[Path, ...]:
    """Make every sample of a folder's table, and give the paths that were written.

    Parameters
    ----------
    mfpt_folder : with the recordings of MFPT, which the measured samples are cut from.
    folder : with the table.

    Raises
    ------
    InputError
        If a recording is missing or cannot be read.
    """
    samples = list_samples(folder)
    measured = [sample for sample in samples if sample.path.stem not in simulated.SAMPLES]
    files = {sample.recording: mfpt_folder / f"{sample.recording}.mat" for sample in measured}
    check_complete([path.name for path in files.values() if not path.is_file()], mfpt_folder, SOURCE)
    for sample in measured:
        signal = read_signal(files[sample.recording])
        start = round(sample.start_s * signal.fs)
        stretch = signal.samples[start : start + round(sample.seconds * signal.fs)]
        write_signal(replace(signal, samples=stretch), sample.path)
    for sample in samples:
        if sample.path.stem in simulated.SAMPLES:
            seed, operation = simulated.SAMPLES[sample.path.stem]
            write_signal(simulate_bearing(draw_machine(seed), operation, seed).signal, sample.path)
    return tuple(sample.path for sample in samples)
