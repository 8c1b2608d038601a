"""The samples that ship with the app: short excerpts of measured recordings, listed in `sample_data/samples.csv`."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cbam_viz.datasets.mfpt import SOURCE
from cbam_viz.datasets.recording import check_complete
from cbam_viz.signals.readers import read_signal
from cbam_viz.signals.recognise import FACTS

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
    """

    path: Path
    title: str
    domain: str
    fault: str
    recording: str
    load: str
    start_s: float
    seconds: float


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


def write_samples(mfpt_folder: Path, folder: Path = SAMPLE_DATA) -> tuple[Path, ...]:
    """Cut every sample of a folder's table from the MFPT recordings, and give the paths that were written.

    Raises
    ------
    InputError
        If a recording is missing or cannot be read.
    """
    samples = list_samples(folder)
    files = {sample.recording: mfpt_folder / f"{sample.recording}.mat" for sample in samples}
    check_complete([path.name for path in files.values() if not path.is_file()], mfpt_folder, SOURCE)
    for sample in samples:
        signal = read_signal(files[sample.recording])
        start = round(sample.start_s * signal.fs)
        stretch = signal.samples[start : start + round(sample.seconds * signal.fs)]
        facts: dict[str, Any] = {name: getattr(signal, name) for name in FACTS if getattr(signal, name) is not None}
        np.savez_compressed(sample.path, samples=stretch.astype(np.float32), **facts)
    return tuple(sample.path for sample in samples)
