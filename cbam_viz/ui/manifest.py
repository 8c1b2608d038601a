"""A set of uploads as it is kept: which files, what was typed about them, and the rule that names their classes.

A manifest is small JSON in the store of uploads, and its token stands in the URL. Every change makes another one, so a
link shows what it showed. It may come from anybody, so nothing in it is believed before it is checked.
"""

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path, PurePosixPath
from typing import Any

from cbam_viz.datasets.labels import COLUMNS, OPTIONAL, LabelledFile, Rule, default_rule, label_of_name, read_rule
from cbam_viz.errors import InputError
from cbam_viz.language import _
from cbam_viz.network.card import ClassName
from cbam_viz.studies.compare import match_class
from cbam_viz.ui.uploads import find_upload, keep_made

FILE_NAME = "set.json"
MOST_JSON = 2_000_000
"""Bytes of a manifest."""


@dataclass(frozen=True)
class Facts:
    """What is told about a file, by a table or by hand; empty and None stand for nothing.

    Parameters
    ----------
    label : key or words of its class.
    fs, shaft_rpm : in Hz, and turns a minute.
    bearing, channel, machine : see `LabelledFile`.
    """

    label: str = ""
    fs: float | None = None
    shaft_rpm: float | None = None
    bearing: str = ""
    channel: str = ""
    machine: str = ""

    def over(self, other: "Facts") -> "Facts":
        """These facts where they say something, the other's where they do not."""
        return Facts(*(mine or theirs for mine, theirs in zip(_values(self), _values(other), strict=True)))


@dataclass(frozen=True)
class Item:
    """One file of a set: the token of its upload, its name, and what was typed about it."""

    token: str
    name: str
    typed: Facts = Facts()


@dataclass(frozen=True)
class Manifest:
    """A set of uploads.

    Parameters
    ----------
    items : its files, each under another name.
    rule : by which names tell a class, as `read_rule` takes it; empty for that of the network.
    table : what a table of labels said, by the names of files; also of those that are not here yet.
    """

    items: tuple[Item, ...] = ()
    rule: str = ""
    table: Mapping[str, Facts] = field(default_factory=dict)

    def facts(self, item: Item, rule: Rule, classes: Sequence[ClassName]) -> Facts:
        """All that is known of a file: what was typed, else what the table says, else the class its name tells."""
        told = self.table.get(self.row_of(item), Facts())
        found = item.typed.over(told).over(Facts(label_of_name(item.name, rule)))
        return replace(found, label=match_class(found.label, classes))

    def row_of(self, item: Item) -> str:
        """Name of the row of a file: its own, or its last name where one row and one file have it; else empty."""
        if item.name in self.table:
            return item.name
        last = _last(item.name)
        rows = [name for name in self.table if _last(name) == last]
        alone = len(rows) == 1 and sum(_last(other.name) == last for other in self.items) == 1
        return rows[0] if alone else ""

    def rule_for(self, classes: Sequence[ClassName]) -> dict[str, tuple[str, ...]]:
        """The rule of this set, or that of a network's classes where it has none."""
        return read_rule(self.rule) if self.rule else default_rule({name.key: name.fault for name in classes})


def read_manifest(token: str) -> Manifest | None:
    """The set of a token, None where it is unknown, too old, or no set."""
    path = find_upload(token)
    if path is None or path.name != FILE_NAME or path.stat().st_size > MOST_JSON:
        return None
    try:
        return parse_manifest(path.read_text(encoding="utf-8"))
    except (InputError, ValueError, TypeError, KeyError, AttributeError, RecursionError, OSError):
        return None


def parse_manifest(text: str) -> Manifest:
    """Understand a manifest as `write_manifest` writes it; anything else raises one of what JSON and types raise."""
    content = json.loads(text)
    items = tuple(Item(_text(each["token"]), _text(each["name"]), _facts(each["typed"])) for each in content["items"])
    rule, table = _text(content["rule"]), {_text(name): _facts(told) for name, told in content["table"].items()}
    if rule:
        read_rule(rule)
    return Manifest(items, rule, table)


def write_manifest(manifest: Manifest) -> str:
    """A manifest as JSON; what is not known is left out."""

    def told(facts: Facts) -> dict[str, Any]:
        return {key: value for key, value in asdict(facts).items() if value}

    return json.dumps(
        {
            "items": [{"token": each.token, "name": each.name, "typed": told(each.typed)} for each in manifest.items],
            "rule": manifest.rule,
            "table": {name: told(facts) for name, facts in manifest.table.items()},
        },
        ensure_ascii=False,
    )


def keep_manifest(manifest: Manifest) -> str:
    """Keep a set among the uploads, and give its token; it is as hard to guess as those of its files.

    Raises
    ------
    InputError
        If so much is told of it that nobody would read it again.
    """
    text = write_manifest(manifest)
    if (size := len(text.encode())) > MOST_JSON:
        raise InputError(
            _(
                "What is told of a set takes up to {most:g} MB, but that of this one takes {size:.1f} MB. Add fewer "
                "files, or a table of labels for these files alone."
            ).format(most=MOST_JSON / 1e6, size=size / 1e6)
        )
    return keep_made(f"set {text}", FILE_NAME, lambda path: path.write_text(text, encoding="utf-8")).parent.name


def add_items(manifest: Manifest, uploads: Iterable[tuple[str, str]]) -> Manifest:
    """Add uploads, (token, name) each; a name that is there already gets a number."""
    items, names = list(manifest.items), {item.name for item in manifest.items}
    for token, name in uploads:
        free = next(_numbered(name, names))
        names.add(free)
        items.append(Item(token, free))
    return replace(manifest, items=tuple(items))


def add_table(manifest: Manifest, labels: Iterable[LabelledFile]) -> Manifest:
    """Let a table of labels say what it knows of the files it names, over what an earlier one said.

    Raises
    ------
    InputError
        If it says two things of one file.
    """
    told: dict[str, Facts] = {}
    for each in labels:
        rpm = each.shaft_hz and 60 * each.shaft_hz
        facts = Facts(each.label, each.fs, rpm, each.bearing or "", each.channel or "", each.machine or "")
        if told.setdefault(each.name, facts) != facts:
            raise InputError(
                _(
                    "A table of labels has one row a file, but two rows of {name} differ, of the classes {first} and "
                    "{second}. Keep the right one, and add the table again."
                ).format(name=each.name, first=told[each.name].label or _("none"), second=facts.label or _("none"))
            )
    return replace(manifest, table={**manifest.table, **told})


def edit_items(
    manifest: Manifest, shown: Sequence[Facts], cells: Mapping[int, Mapping[str, Any]], removed: Iterable[int]
) -> Manifest:
    """Take over what was changed in the table of files.

    Parameters
    ----------
    manifest : as it was when the table began.
    shown : what the table began with, a row each file; a cell that is put back to it is no longer typed.
    cells : what was changed, by row and by field of `Facts`.
    removed : rows.
    """
    gone = set(removed)
    items = []
    for row, item in enumerate(manifest.items):
        if row in gone:
            continue
        changed = {key: _clean(value) for key, value in cells.get(row, {}).items() if key in _FIELDS}
        plain = {key: value for key, value in changed.items() if value != getattr(shown[row], key)}
        items.append(replace(item, typed=replace(item.typed, **plain)))
    return replace(manifest, items=tuple(items))


def unknown_rows(manifest: Manifest) -> list[str]:
    """Names in the table of labels that are of no file of the set, or of none of several with that last name."""
    used = {manifest.row_of(item) for item in manifest.items}
    return [name for name in manifest.table if name not in used]


def label_uploads(
    manifest: Manifest, rule: Rule, classes: Sequence[ClassName]
) -> tuple[tuple[LabelledFile, ...], tuple[str, ...]]:
    """The recordings of a set, and a sentence on each file that is no longer kept."""
    kept, lost = [], []
    for item in manifest.items:
        path = find_upload(item.token)
        if path is None:
            lost.append(_("{name} is no longer kept. Upload it again.").format(name=item.name))
            continue
        kept.append(_labelled(path, item.name, manifest.facts(item, rule, classes)))
    return tuple(kept), tuple(lost)


def write_labels(files: Iterable[LabelledFile]) -> str:
    """The files of a set as a table of labels, which `read_labels` reads."""
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow([*COLUMNS, *OPTIONAL])
    for file in files:
        facts = (file.fs, file.shaft_hz, file.bearing, file.channel, file.machine)
        rows.writerow([file.name, file.label, *("" if fact is None else fact for fact in facts)])
    return table.getvalue()


_FIELDS = tuple(each.name for each in fields(Facts))


def _labelled(path: Path, name: str, facts: Facts) -> LabelledFile:
    """One file with what is known of it."""
    return LabelledFile(
        path,
        facts.label,
        name,
        facts.machine or None,
        facts.channel or None,
        facts.fs or None,
        facts.shaft_rpm / 60 if facts.shaft_rpm else None,
        facts.bearing or None,
    )


def _values(facts: Facts) -> tuple[Any, ...]:
    """The fields in their order."""
    return tuple(getattr(facts, key) for key in _FIELDS)


def _last(name: str) -> str:
    """The name of a file without its folders."""
    return name.rpartition("/")[2]


def _numbered(name: str, names: set[str]) -> Iterator[str]:
    """A name, or the same with a number before its extension, that is not among these."""
    path, number = PurePosixPath(name), 1
    while True:
        tried = name if number == 1 else str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
        if tried not in names:
            yield tried
        number += 1


def _clean(value: Any) -> Any:
    """A cell as it is kept."""
    return value.strip() if isinstance(value, str) else value


def _text(value: Any) -> str:
    """A text of a manifest.

    Raises
    ------
    TypeError
        If it is none.
    """
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _facts(told: Mapping[str, Any]) -> Facts:
    """What a manifest tells of a file.

    Raises
    ------
    TypeError, ValueError
        If a part is of another kind, or no finite number.
    """
    numbers = {key: float(told[key]) for key in ("fs", "shaft_rpm") if told.get(key) is not None}
    if not all(map(math.isfinite, numbers.values())):
        raise ValueError("a number is not finite")
    words = {key: _text(value) for key, value in told.items() if key not in ("fs", "shaft_rpm")}
    return Facts(**words, **numbers)  # type: ignore[arg-type]
