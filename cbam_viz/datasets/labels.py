"""Recordings that a person labels: by a table, or by a rule that finds a class's words in the names of the files."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from cbam_viz.errors import InputError
from cbam_viz.physics.bearing import Fault, check_shaft, read_bearing
from cbam_viz.signals.readers import EXTENSIONS, read_signal, unpack_archive
from cbam_viz.signals.signal import Signal, check_rate

COLUMNS = ("file", "class")
OPTIONAL = ("fs_hz", "shaft_hz", "bearing", "channel", "machine")
LONGEST_HEAD = 1000
"""Letters of the first line of a table."""
Rule = Mapping[str, tuple[str, ...]]
"""The words of each class, by its key."""

SHORTEST_PART = 4
"""Letters of a word that may be part of a longer one; a shorter word, such as ``ir``, stands between other signs."""
_FAULT_WORDS: dict[Fault | None, tuple[str, ...]] = {
    None: ("healthy", "normal", "baseline", "good"),
    "inner": ("inner", "ir"),
    "outer": ("outer", "or"),
    "ball": ("ball",),
    "cage": ("cage",),
}
_LETTERS = re.compile(r"[^\W\d_]+")


class Labelled(Protocol):
    """A recording that can be read, and its class."""

    @property
    def name(self) -> str:
        """Of the recording, as the person knows it."""
        ...

    @property
    def label(self) -> str:
        """Key or words of its class; empty where it has none."""
        ...

    @property
    def machine(self) -> str | None:
        """Which bearing it was measured on, None where nobody knows."""
        ...

    def read(self) -> Signal:
        """The signal, with what the label knows of its machine."""
        ...


@dataclass(frozen=True)
class LabelledFile:
    """A file and its class.

    Parameters
    ----------
    path : of the file.
    label, name, machine : see `Labelled`.
    channel : of the file, None for the first.
    fs : sampling rate in Hz, None for what the file says.
    shaft_hz : shaft speed in Hz, None for what the file says.
    bearing : as `read_bearing` takes it, None for what the file says.
    """

    path: Path
    label: str
    name: str
    machine: str | None = None
    channel: str | None = None
    fs: float | None = None
    shaft_hz: float | None = None
    bearing: str | None = None

    def read(self) -> Signal:
        """The signal, with what the label knows of its machine.

        Raises
        ------
        InputError
            If the file can't be read.
        """
        signal = read_signal(self.path, self.channel, self.fs)
        return replace(signal, shaft_hz=self.shaft_hz or signal.shaft_hz, bearing=self.bearing or signal.bearing)


def read_labels(table: Path) -> tuple[LabelledFile, ...]:
    """Read a table of labels: CSV with the columns ``file,class``, paths relative to the table itself.

    It may also have ``fs_hz``, ``shaft_hz``, ``bearing``, ``channel``, and ``machine``, which says what was measured on
    one bearing.

    Raises
    ------
    InputError
        If the table can't be read, lacks a column, or a cell can't be understood; with the number of its line.
    """
    try:
        text = table.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"Labels are a CSV table in UTF-8 with the columns file,class, but {table} can't be read ({error}). "
            "Check the path, or save it again."
        ) from None
    rows = csv.DictReader(text.splitlines(), restkey="beyond")
    heads = [head.strip().lower() for head in rows.fieldnames or ()]
    if lacking := [column for column in COLUMNS if column not in heads]:
        raise InputError(
            f"Labels are a CSV table with the columns file,class, but {table.name} lacks {' and '.join(lacking)} "
            f"(its first line is {','.join(heads)!r}). Name the columns in the first line."
        )
    rows.fieldnames = heads
    return tuple(
        _labelled(row, table.parent, f"line {rows.line_num} of {table.name}")
        for row in rows
        if (row["file"] or "").strip()
    )


def _labelled(row: dict[str, str | None], folder: Path, where: str) -> LabelledFile:
    """One line of a table."""
    cells = {column: (row.get(column) or "").strip() for column in (*COLUMNS, *OPTIONAL)}
    try:
        fs, shaft_hz = (float(cells[column]) if cells[column] else None for column in ("fs_hz", "shaft_hz"))
    except ValueError:
        raise InputError(
            f"A rate and a speed are numbers in Hz, but {where} has {cells['fs_hz']!r} and {cells['shaft_hz']!r}. "
            "Write numbers with a decimal point, or leave them empty."
        ) from None
    try:
        if fs is not None:
            check_rate(fs)
        if shaft_hz is not None:
            check_shaft(shaft_hz)
        if cells["bearing"]:
            read_bearing(cells["bearing"])
    except InputError as advice:
        raise InputError(f"{advice} It stands in {where}.") from None
    return LabelledFile(
        folder / cells["file"],
        cells["class"],
        cells["file"],
        cells["machine"] or None,
        cells["channel"] or None,
        fs,
        shaft_hz,
        cells["bearing"] or None,
    )


def default_rule(faults: Mapping[str, Fault | None]) -> dict[str, tuple[str, ...]]:
    """The words by which a file's name tells its class: its key, and those of its fault if no other class has it.

    Parameters
    ----------
    faults : of each class, by its key; None for a healthy machine.
    """
    alone = [fault for fault, count in Counter(faults.values()).items() if count == 1]
    return {
        key: tuple(dict.fromkeys([key.lower(), *(_FAULT_WORDS[fault] if fault in alone else ())]))
        for key, fault in faults.items()
    }


def write_rule(rule: Rule) -> str:
    """A rule as a person reads and changes it: ``normal: healthy, good; inner: inner, ir``."""
    return "; ".join(f"{key}: {', '.join(words)}" for key, words in rule.items())


def read_rule(text: str) -> dict[str, tuple[str, ...]]:
    """Understand a rule as `write_rule` writes it; a class may have any name.

    Raises
    ------
    InputError
        If a part is no class with its words.
    """
    rule = {}
    for part in filter(str.strip, text.split(";")):
        key, colon, words = part.partition(":")
        found = tuple(word.strip().lower() for word in words.split(",") if word.strip())
        if not (colon and key.strip() and found):
            raise InputError(
                f"A rule names each class with the words that tell it, such as inner: inner, ir; but {part.strip()!r} "
                "does not. Write the class, a colon, and its words with commas between them."
            )
        rule[key.strip()] = found
    return rule


def label_of_name(name: str, rule: Rule) -> str:
    """The class whose words stand in the name of a file; empty where none, or those of several classes, do.

    A longer word goes before a shorter one: ``IR007`` tells a class ``IR007`` though a class ``IR`` is there too.
    """
    low = name.lower()
    letters = set(_LETTERS.findall(low))
    told = {
        (len(word), key)
        for key, words in rule.items()
        for word in words
        if (word in low if len(word) >= SHORTEST_PART or not word.isalpha() else word in letters)
    }
    longest = {key for length, key in told if length == max(told)[0]}
    return longest.pop() if len(longest) == 1 else ""


def list_files(places: Iterable[Path]) -> tuple[Path, ...]:
    """The files of these places, in order; of a folder, and of those within it, every file that a reader knows.

    Tables of labels that lie in a folder are no recordings.
    """
    found: list[Path] = []
    for place in places:
        within = sorted(place.rglob("*")) if place.is_dir() else [place]
        known = [path for path in within if path.suffix.lower() in EXTENSIONS and path.is_file()]
        found += [path for path in known if not _is_table(path)] if place.is_dir() else within
    return tuple(dict.fromkeys(found))


def _is_table(path: Path) -> bool:
    """Whether a file begins like a table of labels."""
    if path.suffix.lower() != ".csv":
        return False
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            heads = file.readline(LONGEST_HEAD).split(",")
    except OSError:  # its reader says why
        return False
    return {head.strip().strip('"').lower() for head in heads} >= set(COLUMNS)


def label_files(
    places: Sequence[Path], labels: Sequence[LabelledFile], rule: Rule, unpacked: Path
) -> tuple[tuple[LabelledFile, ...], tuple[str, ...]]:
    """Give every file its class.

    Parameters
    ----------
    places : files, folders, and archives of several recordings. None of them: the files of the table.
    labels : of a table; they win over the rule.
    rule : by which names tell a class.
    unpacked : an empty folder for the files of archives, which must stay as long as they are read.

    Returns
    -------
    files : those without a class have an empty one.
    left_out : a sentence on every file of an archive that can't be unpacked.
    """
    if not places:
        return tuple(labels), ()
    by_path = {label.path.resolve(): label for label in labels}
    by_name = {label.path.name: label for label in labels}
    files: list[LabelledFile] = []
    left_out: list[str] = []
    for number, path in enumerate(list_files(places)):
        for name, inside in _inside(path, unpacked / str(number)).items():
            if isinstance(inside, InputError):
                left_out.append(f"{name}: {inside}")
                continue
            known = by_path.get(path.resolve()) or by_name.get(inside.name)
            files.append(
                replace(known, path=inside) if known else LabelledFile(inside, label_of_name(name, rule), name)
            )
    return tuple(files), tuple(left_out)


def _inside(path: Path, folder: Path) -> dict[str, Path | InputError]:
    """A file by its name; of an archive every file, or the advice why it can't be had."""
    if path.suffix.lower() != ".zip":
        return {str(path): path}
    try:
        return {f"{path}/{name}": inside for name, inside in unpack_archive(path, folder).items()}
    except InputError as advice:
        return {str(path): advice}
