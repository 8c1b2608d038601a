"""What is compared: the samples that ship, simulated bearings, or a person's own files; each part gives recordings."""

import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import streamlit as st

from cbam_viz.datasets.labels import (
    COLUMNS,
    OPTIONAL,
    Labelled,
    LabelledFile,
    Rule,
    is_table,
    read_labels,
    read_rule,
    write_rule,
)
from cbam_viz.errors import InputError
from cbam_viz.language import _
from cbam_viz.network.card import Card
from cbam_viz.signals.readers import EXTENSIONS, list_channels, unpack_archive
from cbam_viz.ui import choice
from cbam_viz.ui.loaders import load_cards, load_labelled_samples
from cbam_viz.ui.manifest import (
    Manifest,
    add_items,
    add_table,
    keep_manifest,
    label_uploads,
    read_manifest,
    unknown_rows,
)
from cbam_viz.ui.show import plain
from cbam_viz.ui.simulation import choose_simulated_set
from cbam_viz.ui.uploads import drop_upload, keep_upload

KINDS = {"samples": _("Samples that ship"), "simulated": _("Simulated bearings"), "uploads": _("Your files")}
MOST_FILES = 100
"""In one upload; each file of an archive counts."""
MOST_SENTENCES = 3
SIMULATED_BEARING = "6205 simulated"


def choose_set(card: Card) -> tuple[tuple[Labelled, ...], tuple[str, ...]]:
    """Ask which set is compared; its recordings, and a sentence on each file that is lost."""
    st.subheader(_("Recordings"), anchor=False)
    kinds = [kind for kind in KINDS if kind != "simulated" or not card.circuit]
    choice.keep_to("kind", kinds)
    st.radio(_("Set"), kinds, format_func=KINDS.__getitem__, key="kind", on_change=_suggest_network)
    match choice.chosen("kind"):
        case "simulated":
            return choose_simulated_set(), ()
        case "uploads":
            return _choose_uploads(card)
        case _:
            return load_labelled_samples(card.bearing, card.circuit), ()


def _suggest_network() -> None:
    """Move to a network that knows the kind of set that was just picked."""
    if choice.chosen("kind") == "simulated":
        known = (name for name, card in load_cards().items() if card.bearing == SIMULATED_BEARING)
        choice.choose("network", next(known, choice.chosen("network")))


# ---------------------------------------------------------------- a person's own files


def _choose_uploads(card: Card) -> tuple[tuple[LabelledFile, ...], tuple[str, ...]]:
    """Ask for files and for the rule that names their classes."""
    token = choice.chosen("set")
    manifest = read_manifest(token) if token else Manifest()
    if manifest is None:
        st.warning(_("The set of this link is no longer kept. Upload its files again."))
        choice.choose("set", "")
        manifest = Manifest()
    key = choice.uploader_key("files")
    st.file_uploader(
        _("Add recordings, or a .zip of them"),
        help=_(
            "Up to {most} files at once. Formats: {extensions}. A CSV with the columns {columns} says the classes; "
            "it may also have {optional}."
        ).format(
            most=MOST_FILES,
            extensions=", ".join(EXTENSIONS),
            columns=",".join(COLUMNS),
            optional=", ".join(OPTIONAL),
        ),
        accept_multiple_files=True,
        key=key,
        on_change=_take_files,
        args=(key,),
    )
    if advice := choice.pop_advice():
        st.error(plain(advice), icon=":material/error:")
    rule = _choose_rule(manifest, card)
    if unknown := unknown_rows(manifest):
        said = _(
            "The table names files that are not here, or that share their name with others in other folders: {names}."
        ).format(names=_few(unknown))
        st.caption(plain(said))
    if manifest.items:
        st.button(_("Remove all files"), key="clear", on_click=_clear, width="stretch")
    return label_uploads(manifest, rule, card.classes)


def _choose_rule(manifest: Manifest, card: Card) -> Rule:
    """Ask by which words names tell a class."""
    natural = Manifest().rule_for(card.classes)
    choice.show_in("rule", manifest.rule or write_rule(natural))
    st.text_area(
        _("Classes by name"),
        key="rule",
        height=110,
        help=_(
            "Each class with the words that tell it in a file's name: class: word, word; next class: word. "
            "Emptied, it is the rule of the network."
        ),
        on_change=_change_rule,
        args=(card,),
    )
    return manifest.rule_for(card.classes)


def _change_rule(card: Card) -> None:
    """Keep the rule as it was typed, if it is one."""
    text = choice.chosen("rule").strip()
    try:
        rule = read_rule(text)
    except InputError as advice:
        choice.refuse_upload(str(advice))
        return
    choice.choose("rule shown", "")
    natural = not rule or rule == Manifest().rule_for(card.classes)
    manifest = _current()
    _keep(Manifest(manifest.items, "" if natural else write_rule(rule), manifest.table))


def _take_files(key: str) -> None:
    """Keep files, unpack archives, and take over tables of labels; what can't be read costs a sentence each."""
    manifest = _current()
    taken: list[tuple[str, str]] = []
    refused: list[str] = []
    for file in choice.uploaded(key):
        name, content = file.name, file.getvalue()
        try:
            if is_table(name, content):
                manifest = add_table(manifest, _read_table(name, content))
            elif name.lower().endswith(".zip"):
                taken += _unpack(name, content, MOST_FILES - len(taken), refused)
            elif len(taken) < MOST_FILES:
                taken.append(_keep_one(name, content))
            else:
                refused.append(_too_many(name))
        except InputError as advice:
            refused.append(str(advice))
    for sentence in refused[:MOST_SENTENCES]:
        choice.refuse_upload(sentence)
    if len(refused) > MOST_SENTENCES:
        choice.refuse_upload(_("{count} more can't be used either.").format(count=len(refused) - MOST_SENTENCES))
    _keep(add_items(manifest, taken))


def _keep_one(name: str, content: bytes) -> tuple[str, str]:
    """Token and name of one file.

    Raises
    ------
    InputError
        If it can't be read.
    """
    token, path = keep_upload(name, content)
    try:
        list_channels(path)
    except InputError:
        drop_upload(token)
        raise
    return token, name


def _unpack(name: str, content: bytes, most: int, refused: list[str]) -> list[tuple[str, str]]:
    """Token and name of every file of an archive."""
    taken: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        packed = Path(folder) / "packed.zip"
        packed.write_bytes(content)
        try:
            inside = unpack_archive(packed, Path(folder) / "inside")
        except InputError as advice:
            raise InputError(str(advice).replace(packed.name, name)) from None
        for within, path in inside.items():
            try:
                if isinstance(path, InputError):
                    raise path
                if len(taken) == most:
                    raise InputError(_too_many(within))
                token, _name = _keep_one(path.name, path.read_bytes())
            except InputError as advice:
                refused.append(str(advice))
            else:
                taken.append((token, within))
    return taken


def _too_many(name: str) -> str:
    """Why a file was left out."""
    return _("Up to {most} files are taken at once, and {name} is one more. Add it afterwards.").format(
        most=MOST_FILES, name=name
    )


def _read_table(name: str, content: bytes) -> tuple[LabelledFile, ...]:
    """The rows of a table of labels."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (PurePosixPath(name).name or "labels.csv")
        path.write_bytes(content)
        return read_labels(path)


def _clear() -> None:
    """Begin a new set."""
    _keep(Manifest())


def _current() -> Manifest:
    """The set in view."""
    token = choice.chosen("set")
    return (read_manifest(token) if token else None) or Manifest()


def _keep(manifest: Manifest) -> None:
    """Make this the set in view, in a table of its own, unless it is too large."""
    try:
        token = keep_manifest(manifest) if manifest != Manifest() else ""
    except InputError as advice:
        choice.refuse_upload(str(advice))
        return
    choice.choose("set", token)
    choice.begin_edit(token)


def _few(names: Sequence[str]) -> str:
    """The first names of many."""
    shown = ", ".join(names[:MOST_SENTENCES])
    return f"{shown}, …" if len(names) > MOST_SENTENCES else shown
