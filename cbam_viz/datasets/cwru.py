"""The cwru-10 set: bearings of Case Western Reserve University (CWRU), healthy or with one of nine damages.

Drive-end accelerometer; inner race, ball, and outer race in the load zone, of 7, 14 and 21 mil, at four loads. What a
careful reader knows of these recordings (Smith & Randall 2015, Mech. Syst. Signal Process. 64-65:100) is held here:

* healthy records are sampled at 48 kHz, the faulty ones at 12 kHz: each `Signal` carries its own rate;
* the file of record 99 begins with the variables of 98: channels are picked by record number;
* records 98 and 100 may be there in pieces: each piece is a stretch of its own;
* each damage is one bearing, used at all loads, and there is one healthy bearing: `Recording.bearing` says which;
* the 28 mil damages are in bearings of another make, and are left out;
* records 236 and 237 are clipped: they stay, and their notes say so.

CWRU publishes no licence: the recordings are read here and never passed on.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cbam_viz.datasets.recording import Recording, check_complete
from cbam_viz.signals.readers import read_signal
from cbam_viz.signals.readers.checks import refusing
from cbam_viz.signals.readers.numpy_files import DAMAGED, KIND
from cbam_viz.signals.recognise import CwruRecord, cwru_records
from cbam_viz.signals.signal import Signal

SOURCE = "the download pages of the Case Western Reserve University Bearing Data Center (12k drive end and normal data)"
COMPACT = "records.npz"
SIZES_MIL = (7, 14, 21)
LOAD_ZONE = 6  # o'clock


def read_cwru(folder: Path) -> tuple[Recording, ...]:
    """Read the 40 recordings of the cwru-10 set, in order of their numbers.

    Parameters
    ----------
    folder : with the original files (``97.mat``, ``105.mat``, …), or with all records in one ``records.npz``: for
        record R, ``R_DE`` holds integers and ``R_DE_lsb`` what one of their steps is in g; ``R_DE_segments``, where it
        is there, the lengths of contiguous pieces.

    Raises
    ------
    InputError
        If a recording is missing or cannot be read.
    """
    records = tuple(record for record in cwru_records().values() if _belongs(record))
    if (folder / COMPACT).is_file():
        pieces = _read_compact(folder / COMPACT, records)
    else:
        pieces = _read_originals(folder, records)
    return tuple(
        Recording(str(record.number), _label(record), f"6205 DE {_label(record)}", f"{record.load_hp} hp", signals)
        for record, signals in zip(records, pieces, strict=True)
    )


def _label(record: CwruRecord) -> str:
    """Class of a record: ``normal``, or the damaged part with its size in mil such as ``IR007``."""
    return "normal" if record.fault == "normal" else f"{record.fault}{record.size_mil:03d}"


def _belongs(record: CwruRecord) -> bool:
    """Whether a record is in the cwru-10 set."""
    if record.fault == "normal":
        return True
    return record.bearing == "6205" and record.size_mil in SIZES_MIL and record.or_position in (None, LOAD_ZONE)


def _read_originals(folder: Path, records: tuple[CwruRecord, ...]) -> list[tuple[Signal, ...]]:
    """The signals of each record, from one .mat a record."""
    files = [folder / f"{record.number}.mat" for record in records]
    check_complete([path.name for path in files if not path.is_file()], folder, SOURCE)
    return [(read_signal(path, f"X{record.number:03d}_DE_time"),) for path, record in zip(files, records, strict=True)]


def _read_compact(path: Path, records: tuple[CwruRecord, ...]) -> list[tuple[Signal, ...]]:
    """The signals of each record, from one archive."""
    needed = [f"{record.number}_DE{part}" for record in records for part in ("", "_lsb")]
    with refusing(path, KIND, DAMAGED), np.load(path, allow_pickle=False) as archive:
        check_complete([name for name in needed if name not in archive], path, SOURCE)
        pieces = {name: archive[name] for name in archive if name in needed or name.endswith("_DE_segments")}
    return [_cut(record, pieces) for record in records]


def _cut(record: CwruRecord, pieces: dict[str, NDArray[np.generic]]) -> tuple[Signal, ...]:
    """One record of the archive in g, a signal for each contiguous piece."""
    key = f"{record.number}_DE"
    samples = pieces[key].astype(np.float64) * float(pieces[f"{key}_lsb"])
    lengths = pieces.get(f"{key}_segments", np.array([len(samples)])).astype(np.int64)
    return tuple(
        Signal(
            piece,
            fs=record.fs,
            name=f"CWRU {record.number}",
            channel="DE",
            unit="g",
            shaft_hz=record.shaft_hz,
            bearing="6205",
            recording=str(record.number),
            notes=(record.note,),
        )
        for piece in np.split(samples, np.cumsum(lengths)[:-1])
    )
