"""When does it happen? A recording and a network in; a row a window and an event on disk; bounded memory.

Results lie in three folders, a file a scan in each: `windows` and `events` are Parquet, `overview` is the outline. A
file appears there only when it is whole. Until then parts of it lie in a hidden folder beside it; a scan that is
stopped leaves them, and the next run of the same scan goes on from there.
"""

import contextlib
import fcntl
import json
import math
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from cbam_viz import __version__
from cbam_viz.analysis.extremes import bin_of, note_extremes
from cbam_viz.attention.record import AttentionRecord, record_attention
from cbam_viz.errors import InputError
from cbam_viz.network.card import Card
from cbam_viz.network.checkpoint import Network
from cbam_viz.signals.prepared import CutWindows, begin_reading, cut_stream, find_steps
from cbam_viz.signals.recording import Recording, read_blocks

OVERLAP = 4
"""Windows that see each sample, so that an event's ends are known to a part of a window."""
PART_S = 5.0
"""Of work between two parts that are written."""
ROW_GROUP = 1 << 16
"""Rows of the whole table that are written at a time."""
WINDOWS, EVENTS, OVERVIEW = "windows", "events", "overview"
ABOUT, EXTREMES = "scan.json", "extremes.f32"
METADATA = b"cbam_viz"


@dataclass(frozen=True)
class ScanFacts:
    """What is known of a scan beside its rows.

    Parameters
    ----------
    machine, file, channel : whose recording it is.
    unit : of the samples, empty where it is not known.
    samples, fs : of the recording; fs in Hz.
    bin : samples of each stretch of the outline.
    network, digest : name of the network, and SHA-256 of its weights.
    version : of this program.
    window_s, hop_s : of the windows.
    classes : keys of the classes, in the order of the network.
    missing, still : windows that were left out, since samples are missing or nothing moves.
    key : name of its files.
    """

    machine: str
    file: str
    channel: str
    unit: str
    samples: int
    fs: float
    bin: int
    network: str
    digest: str
    version: str
    window_s: float
    hop_s: float
    classes: tuple[str, ...]
    key: str
    missing: int = 0
    still: int = 0

    @property
    def duration(self) -> float:
        """Length of the recording in s."""
        return self.samples / self.fs


@dataclass(frozen=True)
class Progress:
    """How far a scan is.

    Parameters
    ----------
    done_s, all_s : of the recording.
    rate : seconds of the recording that are scanned in a second; 0 where it is not known yet.
    """

    done_s: float
    all_s: float
    rate: float

    @property
    def left_s(self) -> float:
        """Time until it is done, infinite where it is not known yet."""
        return (self.all_s - self.done_s) / self.rate if self.rate else math.inf


def state_facts(recording: Recording, network: Network, machine: str | None = None) -> ScanFacts:
    """What is known of a scan before it begins; the same recording and network give the same key.

    Parameters
    ----------
    recording, network : of the scan.
    machine : whose recording it is, None for the name of the folder it lies in.

    Raises
    ------
    InputError
        If the network reads its windows from a pulse on, or cannot read a recording at this rate.
    """
    card, digest = network.card, network.digest
    if card.preparation.start != "anywhere":
        raise InputError(
            f"A recording is scanned with a network whose windows begin anywhere, but those of {card.name} begin at a "
            "pulse. Choose another network."
        )
    find_steps(recording.fs, card.preparation)
    if recording.samples * card.preparation.fs < card.preparation.window * recording.fs:
        raise InputError(
            f"A recording must last one window, {card.preparation.window / card.preparation.fs:.3f} s, but "
            f"{recording.path.name} lasts {recording.duration:.3f} s. Give a longer recording."
        )
    preparation = _overlapping(card)
    name = re.sub(r"[^\w.-]+", "_", f"{recording.path.stem} {recording.channel.name} {card.name}")[:100].lstrip("._")
    return ScanFacts(
        machine=machine or recording.path.absolute().parent.name,
        file=recording.path.name,
        channel=recording.channel.name,
        unit=recording.channel.unit,
        samples=recording.samples,
        fs=recording.fs,
        bin=bin_of(recording.samples),
        network=card.name,
        digest=digest,
        version=__version__,
        window_s=preparation.window / preparation.fs,
        hop_s=preparation.hop / preparation.fs,
        classes=tuple(name.key for name in card.classes),
        key=f"{name}-{recording.digest[:8]}{digest[:4]}",
    )


def scan(
    recording: Recording,
    network: Network,
    out: Path,
    machine: str | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> ScanFacts:
    """Write the windows and the outline of a recording; a scan that was stopped goes on where it ended.

    Parameters
    ----------
    recording, network : what is scanned.
    out : folder of the results.
    machine : whose recording it is, None for the name of the folder it lies in.
    progress : called after every stretch; raising in it ends the scan and keeps what was done.

    Raises
    ------
    InputError
        If the recording or the network can't be used, or another run scans the same into the same folder.
    """
    facts = state_facts(recording, network, machine)
    if windows_path(out, facts.key).exists() and overview_path(out, facts.key).exists():
        return read_facts(out, facts.key)
    parts = parts_path(out, facts.key)
    for folder in (parts, out / EVENTS, out / OVERVIEW):
        folder.mkdir(parents=True, exist_ok=True)
    with _alone(parts):
        about = parts / ABOUT
        if not about.exists():
            write_whole(about, lambda path: path.write_text(json.dumps(asdict(facts))))
        _scan_parts(recording, network, facts, parts, progress)
        facts = _join_parts(out, parts, facts)
    shutil.rmtree(parts)
    return facts


def _scan_parts(
    recording: Recording,
    network: Network,
    facts: ScanFacts,
    parts: Path,
    progress: Callable[[Progress], None] | None,
) -> None:
    """Write the parts that are not there yet; whatever ends the work, what was done is written."""
    preparation = _overlapping(network.card)
    first = _first_window(parts)
    begin = begin_reading(recording.fs, preparation, first)
    begun = written = time.monotonic()
    done: list[_Done] = []
    with (parts / EXTREMES).open("r+b" if (parts / EXTREMES).exists() else "w+b") as outline:
        blocks = note_extremes(read_blocks(recording, begin), outline, facts.bin, begin)
        try:
            for cut in cut_stream(blocks, recording.fs, preparation, first):
                if cut.following == first:  # the step where the last part ended holds no whole window of its own
                    continue
                rows = _rows(cut, record_attention(network, cut.inputs), network.card, facts)
                done.append(_Done(rows, cut.following, cut.missing, cut.still))
                if time.monotonic() - written > PART_S:
                    outline.flush()
                    _write_part(done, parts)
                    done, written = [], time.monotonic()
                if progress:
                    done_s = min(cut.following / preparation.fs, facts.duration)
                    rate = (done_s - first / preparation.fs) / max(time.monotonic() - begun, 1e-9)
                    progress(Progress(done_s, facts.duration, rate))
        finally:
            outline.flush()
            _write_part(done, parts)


class _Done(NamedTuple):
    """The rows of a stretch, where the next one begins, and how many windows were left out."""

    rows: pa.Table
    following: int
    missing: int
    still: int


def _overlapping(card: Card) -> Any:
    """The preparation of a network with windows that overlap."""
    return replace(card.preparation, hop=max(card.preparation.window // OVERLAP, 1))


def _rows(cut: CutWindows, record: AttentionRecord, card: Card, facts: ScanFacts) -> pa.Table:
    """A row a window."""
    preparation, start_s = card.preparation, cut.starts / card.preparation.fs
    label = record.probabilities.argmax(axis=1)
    columns: dict[str, Any] = {
        "machine": _same(facts.machine, len(start_s)),
        "file": _same(facts.file, len(start_s)),
        "channel": _same(facts.channel, len(start_s)),
        "start_s": start_s,
        "end_s": start_s + facts.window_s,
        "class": pa.DictionaryArray.from_arrays(pa.array(label.astype(np.int32)), pa.array(facts.classes)),
        "probability": record.probabilities.max(axis=1) if len(label) else np.empty(0, np.float32),
    }
    columns |= {f"p_{key}": record.probabilities[:, number] for number, key in enumerate(facts.classes)}
    for number, (block, usual) in enumerate(zip(record.blocks, card.reference, strict=True), 1):
        gate, channel = block.spatial_attention, block.channel_attention
        if gate.shape[1]:
            field = block.receptive_field
            place = field.first_sample + field.stride * gate.argmax(axis=1) + (field.size - 1) / 2
            columns[f"m_s_mean_{number}"] = gate.mean(axis=1)
            columns[f"m_s_peak_{number}"] = gate.max(axis=1)
            columns[f"m_s_peak_s_{number}"] = start_s + place.clip(0, preparation.window - 1) / preparation.fs
        if channel.shape[1]:
            spread = np.maximum(usual.channel_spread, 1e-6)
            away = (channel - np.array(usual.channel_mean)) / spread
            columns[f"m_c_away_{number}"] = np.sqrt((away**2).mean(axis=1)).astype(np.float32)
    columns["network"] = _same(facts.network, len(start_s))
    columns["network_digest"] = _same(facts.digest, len(start_s))
    columns["version"] = _same(facts.version, len(start_s))
    return pa.table(columns)


def _same(word: str, count: int) -> pa.DictionaryArray:
    """One word in every row."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([word]))


def _write_part(done: list[_Done], parts: Path) -> None:
    """Write stretches under the number of the window that comes after them."""
    if done:
        told = {"missing": sum(each.missing for each in done), "still": sum(each.still for each in done)}
        table = pa.concat_tables([each.rows for each in done])
        table = table.replace_schema_metadata({METADATA: json.dumps(told).encode()})
        write_whole(parts / f"{done[-1].following:015d}.parquet", lambda path: parquet.write_table(table, path))


def _first_window(parts: Path) -> int:
    """The sample at which the first window starts that is in no part."""
    return max((int(path.stem) for path in parts.glob("*.parquet")), default=0)


def _join_parts(out: Path, parts: Path, facts: ScanFacts) -> ScanFacts:
    """Make one table of the parts, and put it and the outline where results lie."""
    found = sorted(parts.glob("*.parquet"))
    told = [json.loads(parquet.read_schema(path).metadata[METADATA]) for path in found]
    facts = replace(facts, **{name: sum(each[name] for each in told) for name in ("missing", "still")})
    schema = parquet.read_schema(found[0]).with_metadata({METADATA: json.dumps(asdict(facts)).encode()})

    def join(path: Path) -> None:
        with parquet.ParquetWriter(path, schema) as writer:
            for part in found:
                writer.write_table(parquet.read_table(part).cast(schema), row_group_size=ROW_GROUP)

    write_whole(overview_path(out, facts.key), lambda path: shutil.copyfile(parts / EXTREMES, path))
    write_whole(windows_path(out, facts.key), join)
    return facts


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file under another name and rename it, so that it is there as a whole or not at all."""
    unfinished = path.with_name(f".{path.name}.part")
    try:
        write(unfinished)
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise InputError(
            f"Results need room to be written, but {path.parent} takes no more ({error.strerror or error}). What was "
            "done is kept: make room and run the scan again."
        ) from error


@contextlib.contextmanager
def _alone(parts: Path) -> Iterator[None]:
    """Hold the parts of a scan; whoever holds them lets go even if it is killed."""
    with (parts / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(
                f"One run at a time scans a recording into a folder, but another one is at it in {parts.parent.parent}."
                " Wait for it, or give another folder."
            ) from None
        yield


def windows_path(out: Path, key: str) -> Path:
    """Where the rows of a scan lie when it is done."""
    return out / WINDOWS / f"{key}.parquet"


def events_path(out: Path, key: str) -> Path:
    """Where the events of a scan lie."""
    return out / EVENTS / f"{key}.parquet"


def overview_path(out: Path, key: str) -> Path:
    """Where the outline of a scanned recording lies when it is done."""
    return out / OVERVIEW / f"{key}.f32"


def parts_path(out: Path, key: str) -> Path:
    """Where the parts of a scan lie until it is done; the name hides them from whoever reads all tables."""
    return out / WINDOWS / f".{key}.parts"


def read_facts(out: Path, key: str) -> ScanFacts:
    """What is known of a scan, done or not."""
    done = windows_path(out, key)
    text = parquet.read_schema(done).metadata[METADATA] if done.exists() else (parts_path(out, key) / ABOUT).read_text()
    told = json.loads(text)
    return ScanFacts(**{**told, "classes": tuple(told["classes"])})


def read_columns(out: Path, key: str, columns: list[str]) -> dict[str, NDArray[Any]]:
    """Some columns of all windows that are there, of a scan that is done or not, each (N,) array."""
    done = windows_path(out, key)
    files = [done] if done.exists() else sorted(parts_path(out, key).glob("*.parquet"))
    tables = [parquet.read_table(path, columns=columns) for path in files]
    if not tables:
        return {name: np.empty(0) for name in columns}
    table = pa.concat_tables(tables)
    return {name: table.column(name).to_numpy() for name in columns}
