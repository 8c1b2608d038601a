"""Recordings that a person labels: by a table, or by a rule that finds a class's words in the names of the files."""

import csv
import io
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Protocol

from cbam_viz.errors import InputError
from cbam_viz.physics.bearing import Fault, check_shaft, read_bearing
from cbam_viz.signals.readers import EXTENSIONS, read_signal, unpack_archive
from cbam_viz.signals.signal import Signal, check_rate

COLUMNS = ("file", "class")
OPTIONAL = ("fs_hz", "shaft_hz", "bearing", "channel", "machine")
LONGEST_HEAD = 1000
"""Bytes of the first line of a table."""
Rule = Mapping[str, tuple[str, ...]]
"""The words of each class, by its key."""

SHORTEST_PART = 4
"""Letters of a word that may begin a longer one; a shorter word, such as ``ir``, stands between other signs."""
_FAULT_WORDS: dict[Fault | None, tuple[str, ...]] = {
    None: ("healthy", "normal", "baseline", "good"),
    "inner": ("inner", "ir"),
    "outer": ("outer", "or"),
    "ball": ("ball",),
    "cage": ("cage",),
}
_NO_CLASS = ("normaliz", "normalis")
"""How words begin that begin like those of a class, and tell none."""
_NO_LETTER_BEFORE, _NO_LETTER_AFTER = r"(?<![^\W\d_])", r"(?![^\W\d_])"
_NO_DIGIT_BEFORE, _NO_DIGIT_AFTER = r"(?<!\d)", r"(?!\d)"


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
    rows = csv.DictReader(io.StringIO(text, newline=""), restkey="beyond")
    try:
        return tuple(_rows(rows, table))
    except csv.Error as error:
        raise InputError(
            f"Labels are a CSV table with the columns file,class, but line {rows.reader.line_num} of {table.name} "
            f"can't be understood ({error}). Look for a quotation mark that is not closed."
        ) from None


def _rows(rows: "csv.DictReader[str]", table: Path) -> Iterator[LabelledFile]:
    """The recordings of a table, a line each."""
    heads = [head.strip().lower() for head in rows.fieldnames or ()]
    if lacking := [column for column in COLUMNS if column not in heads]:
        raise InputError(
            f"Labels are a CSV table with the columns file,class, but {table.name} lacks {' and '.join(lacking)} "
            f"(its first line is {','.join(heads)!r}). Name the columns in the first line."
        )
    rows.fieldnames = heads
    for row in rows:
        if (row["file"] or "").strip():
            yield _labelled(row, table.parent, f"line {rows.line_num} of {table.name}")


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
    """The class whose words stand in the name of a file, or else in those of its folders; empty for none or several.

    A long word may begin a longer one (``InnerRaceFault``), not end it (``abnormal``); a short one stands alone. A word
    within another one tells nothing: ``IR007`` is of a class ``IR007`` though a class ``IR`` is there too.

    Parameters
    ----------
    name : of the file, with the folders that may tell its class.
    rule : the words of each class.
    """
    *folders, last = re.split(r"[/\\]", name)
    told = _classes_in(last, rule) or set().union(*(_classes_in(folder, rule) for folder in folders))
    return told.pop() if len(told) == 1 else ""


def _classes_in(text: str, rule: Rule) -> set[str]:
    """Every class whose words stand in a text."""
    found = [
        (*match.span(), key)
        for key, words in {**rule, "": _NO_CLASS}.items()
        for word in words
        for match in re.finditer(_alone(word), text.lower())
    ]
    return {
        key
        for start, end, key in found
        if not any(first <= start and end <= last and last - first > end - start for first, last, _key in found)
    } - {""}


def _alone(word: str) -> str:
    """A pattern of a word where it begins, and, if it is short or ends in a number, where it ends too."""
    before = _NO_LETTER_BEFORE if word[0].isalpha() else _NO_DIGIT_BEFORE
    short = word.isalpha() and len(word) < SHORTEST_PART
    after = _NO_LETTER_AFTER if short else _NO_DIGIT_AFTER if word[-1].isdigit() else ""
    return before + re.escape(word) + after


def _find_files(places: Iterable[Path]) -> dict[Path, str]:
    """The files of these places, in order, those of folders with their path there; of a folder all a reader knows.

    Tables of labels that lie in a folder are no recordings.
    """
    found: dict[Path, str] = {}
    for place in places:
        if not place.is_dir():
            found.setdefault(place, "")
            continue
        for path in sorted(place.rglob("*")):
            if path.suffix.lower() in EXTENSIONS and path.is_file() and not _begins_as_table(path):
                found.setdefault(path, path.relative_to(place).as_posix())
    return found


def is_table(name: str, beginning: bytes) -> bool:
    """Whether a file is a table of labels: CSV whose first line names both columns.

    Parameters
    ----------
    name : of the file.
    beginning : of its content, `LONGEST_HEAD` bytes or more.
    """
    if not name.lower().endswith(".csv"):
        return False
    first = next(iter(beginning[:LONGEST_HEAD].decode("utf-8-sig", "replace").splitlines()), "")
    return {head.strip().strip('"').lower() for head in first.split(",")} >= set(COLUMNS)


def _begins_as_table(path: Path) -> bool:
    """Whether a file in a folder is a table of labels."""
    try:
        with path.open("rb") as file:
            return is_table(path.name, file.read(LONGEST_HEAD))
    except OSError:  # its reader says why
        return False


def label_files(
    places: Sequence[Path], labels: Sequence[LabelledFile], rule: Rule, unpacked: Path
) -> tuple[tuple[LabelledFile, ...], tuple[str, ...]]:
    """Give every file its class.

    A file is called by its path in the folder or archive that was given, or in the folder that holds all of them. A row
    of the table is that of the file at its path, else of the only one with its path within a folder or archive,
    else of the only one with its last name, if no other row has it. A file with several rows is as many recordings.

    Parameters
    ----------
    places : files, folders, and archives of several recordings. None of them: the files of the table.
    labels : of a table; they win over the rule.
    rule : by which names tell a class; of folders and archives only what lies within the places is asked.
    unpacked : an empty folder for the files of archives, which must stay as long as they are read.

    Returns
    -------
    files : those without a class have an empty one.
    left_out : a sentence on every file of an archive that can't be unpacked.
    """
    if not places:
        return tuple(labels), ()
    found: list[_Found] = []
    left_out: list[str] = []
    given = [place.resolve() if place.is_dir() else place.parent.resolve() / place.name for place in places]
    for number, (path, within) in enumerate(_find_files(given).items()):
        try:
            found += _inside(path, within, unpacked / str(number), left_out)
        except InputError as advice:
            left_out.append(f"{within or path.name}: {advice}")
    files: list[LabelledFile] = []
    base = _holds_all(given)
    for file, rows in zip(found, _rows_of(found, labels), strict=True):
        name = file.place.relative_to(base).as_posix()
        unknown = LabelledFile(file.path, label_of_name(file.told, rule), name)
        files += [replace(row, path=file.path, name=name) for row in rows] or [unknown]
    return tuple(files), tuple(left_out)


def _holds_all(places: Sequence[Path]) -> Path:
    """The folder or archive that holds all that was given."""
    holds = [place if place.is_dir() or place.suffix.lower() == ".zip" else place.parent for place in places]
    return Path(os.path.commonpath(holds))


@dataclass(frozen=True)
class _Found:
    """A file of a place.

    Parameters
    ----------
    path : where it can be read.
    place : where a person has it; of a file in an archive, below the archive.
    told : its path below the folder or archive that was given, which may tell its class.
    within : the same, but for a file in an archive its path there.
    """

    path: Path
    place: Path
    told: str
    within: str


def _rows_of(found: Sequence[_Found], labels: Sequence[LabelledFile]) -> list[list[LabelledFile]]:
    """The rows of a table for each file."""
    rows: dict[Path, list[LabelledFile]] = {}
    for label in labels:
        rows.setdefault(label.path.resolve(), []).append(label)
    matched = [rows.get(file.place.resolve(), []) for file in found]
    for shorten in (PurePosixPath.as_posix, lambda path: path.name):
        keys = [shorten(PurePosixPath(file.within)) for file in found]
        names = {path: shorten(PurePosixPath(same[0].name)) for path, same in rows.items()}
        files_of, rows_of = Counter(keys), Counter(names.values())
        only = {name: rows[path] for path, name in names.items() if rows_of[name] == files_of[name] == 1}
        matched = [known or only.get(key, []) for known, key in zip(matched, keys, strict=True)]
    return matched


def _inside(path: Path, within: str, folder: Path, left_out: list[str]) -> list[_Found]:
    """A file, or those of an archive; on each that can't be unpacked there a sentence is added.

    Raises
    ------
    InputError
        If an archive can't be unpacked at all.
    """
    if path.suffix.lower() != ".zip":
        return [_Found(path, path, within or path.name, within or path.name)]
    found = []
    for name, inside in unpack_archive(path, folder).items():
        if isinstance(inside, InputError):
            left_out.append(f"{within or path.name}/{name}: {inside}")
        else:
            found.append(_Found(inside, path / name, f"{within}/{name}", name))
    return found
