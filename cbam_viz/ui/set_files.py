"""The files of a set: a table in which each can be corrected, and the way to Inspect and to the command line."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from cbam_viz.datasets.labels import Labelled, LabelledFile
from cbam_viz.datasets.simulated import SimulatedRecording
from cbam_viz.errors import InputError
from cbam_viz.language import _
from cbam_viz.network.card import Card
from cbam_viz.physics.bearing import FASTEST_SHAFT_HZ
from cbam_viz.ui import choice
from cbam_viz.ui.downloads import LABELS
from cbam_viz.ui.manifest import edit_items, keep_manifest, read_manifest, write_labels
from cbam_viz.ui.simulation import SIMULATED, words_of_set
from cbam_viz.ui.uploads import find_upload


def show_files(card: Card) -> None:
    """Show the files of a set with their classes, where each can be corrected or removed."""
    table = f"files as {card.name} names them"
    token = choice.edited(table)
    manifest = read_manifest(token) if token else None
    if not (manifest and manifest.items):
        return
    rule = manifest.rule_for(card.classes)
    shown = [manifest.facts(item, rule, card.classes) for item in manifest.items]
    words = {name.key: name.words for name in card.classes}
    labels = list(dict.fromkeys([*words, *rule, *(facts.label for facts in shown)]))
    lacking = sum(not facts.label for facts in shown)
    title = _("Files and their classes ({count})").format(count=len(shown))
    if lacking:
        title += " · " + _("{count} without a class").format(count=lacking)
    key = f"{table} {token}"
    with st.expander(title, expanded=bool(lacking)):
        st.data_editor(
            pd.DataFrame(
                {
                    "name": [item.name for item in manifest.items],
                    "label": [facts.label or None for facts in shown],
                    "shaft_rpm": pd.Series([facts.shaft_rpm for facts in shown], dtype="float64"),
                    "bearing": [facts.bearing for facts in shown],
                    "fs": pd.Series([facts.fs for facts in shown], dtype="float64"),
                }
            ),
            column_config={
                "name": st.column_config.TextColumn(_("File"), disabled=True, width="medium"),
                "label": st.column_config.SelectboxColumn(
                    _("Class"),
                    options=[label for label in labels if label],
                    format_func=lambda key: words.get(str(key), str(key)),
                ),
                "shaft_rpm": st.column_config.NumberColumn(
                    _("Shaft (rpm)"), min_value=0.0, max_value=60 * FASTEST_SHAFT_HZ
                ),
                "bearing": st.column_config.TextColumn(_("Bearing"), max_chars=200),
                "fs": st.column_config.NumberColumn(_("Rate (Hz)"), min_value=1.0),
            },
            num_rows="delete",
            placeholder="–",
            hide_index=True,
            key=key,
            on_change=_edit,
            args=(key, token, shown),
            alt=_("Files of the set with class, shaft speed, bearing and sampling rate"),
        )
        st.caption(
            _(
                "A dash: as the file says. Mark rows at their left edge to remove them. A class of your own is named "
                "in the rule, or in a table of labels (CSV)."
            )
        )


def _edit(key: str, token: str, shown: Sequence[Any]) -> None:
    """Take over what was changed in the table; the table itself stays as it is."""
    manifest = read_manifest(token)
    if manifest:
        cells, removed = choice.edits(key)
        try:
            choice.choose("set", keep_manifest(edit_items(manifest, shown, cells, removed)))
        except InputError as advice:
            choice.refuse_upload(str(advice))


def words_of(recordings: Sequence[Labelled]) -> tuple[list[str], str | None]:
    """What the command line takes for the same set, and the table of labels that it needs, if it needs one."""
    match choice.chosen("kind"):
        case "simulated":
            return words_of_set(choice.picked()), None
        case "uploads":
            files = [recording for recording in recordings if isinstance(recording, LabelledFile)]
            return ["--labels", LABELS], write_labels(files)
        case _:
            return [], None


def open_window(recording: Labelled, window: int) -> None:
    """Have Inspect show one window of a recording as it was compared."""
    if isinstance(recording, SimulatedRecording):
        fault = recording.operation.fault or "none"
        choice.open_signal(window, {}, signal=SIMULATED, fault=fault, machine=recording.seed)
    elif isinstance(recording, LabelledFile):
        rpm = round(60 * recording.shaft_hz, 6) if recording.shaft_hz else None
        known = {"rate_hz": recording.fs, "shaft_rpm": rpm, "bearing": recording.bearing}
        facts = {key: value for key, value in known.items() if value}
        token = recording.path.parent.name
        ours = find_upload(token) == recording.path
        choice.open_signal(
            window, facts, signal=token if ours else recording.path.stem, channel=recording.channel or ""
        )
