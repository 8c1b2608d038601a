"""Which recording is looked at: one below the operator's folder, an upload, or one that is made to show the page."""

import os
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import soundfile
import streamlit as st

from cbam_viz.errors import InputError
from cbam_viz.language import _
from cbam_viz.physics.simulate import Operation, draw_machine, simulate_bearing
from cbam_viz.signals.recording import STREAMED, Recording, open_recording
from cbam_viz.ui import choice
from cbam_viz.ui.loaders import load_recorded
from cbam_viz.ui.uploads import drop_upload, find_upload, keep_made, keep_upload

DATA = "CBAM_VIZ_DATA"
"""Names the folder below which the app may read; without it, it reads uploads alone."""
MOST_LISTED = 1_000
"""Files of that folder that are offered; others are typed."""
MOST_SEEN = 20_000
"""Files of that folder that are looked at for that."""
EXAMPLE = ""
EXAMPLE_S, EXAMPLE_HZ = 60.0, 25_600.0
EVENTS_S = (("inner", 8.0, 10.5), ("outer", 22.0, 22.8), ("ball", 34.0, 41.0), ("outer", 50.0, 55.0))
"""Of the example: its damage, from when, to when."""


def choose_recording() -> Path:
    """Ask for the recording, and give its path.

    Raises
    ------
    InputError
        If a path is none below the operator's folder.
    """
    st.subheader(_("Recording"), anchor=False)
    token = choice.chosen("recording")
    if find_upload(token):
        choice.remember_upload(token)
    uploads = {
        known: path
        for known in choice.visit_uploads()
        if (path := find_upload(known)) and path.suffix.lower() in STREAMED
    }
    folder = data_folder()
    files = _listed(folder) if folder else []
    labels = {EXAMPLE: _("Simulated: a minute with four events")} | {key: path.name for key, path in uploads.items()}
    st.selectbox(
        _("Recording, or a path below {folder}").format(folder=folder.name) if folder else _("Recording"),
        list(dict.fromkeys([*labels, *files, token])),
        format_func=lambda key: labels.get(key, key),
        key="recording",
        accept_new_options=folder is not None,
        on_change=choice.begin_recording,
        help=None if folder else _("Whoever runs the app may name a folder of recordings in {name}.").format(name=DATA),
    )
    key = choice.uploader_key("recording upload")
    st.file_uploader(
        _("or upload one"),
        help=_("Formats: {extensions}").format(extensions=", ".join(STREAMED)),
        type=[extension[1:] for extension in STREAMED],
        accept_multiple_files=True,
        key=key,
        on_change=_take_uploads,
        args=(key,),
    )
    if advice := choice.pop_advice():
        st.error(advice, icon=":material/error:")
    token = choice.chosen("recording")
    if token in uploads:
        return uploads[token]
    return example_recording() if token == EXAMPLE else below(folder, token)


def _take_uploads(key: str) -> None:
    """Keep uploads and move to the first; those that can't be streamed leave everything as it was."""
    for file in reversed(choice.uploaded(key)):
        token, path = keep_upload(file.name, file.getvalue())
        try:
            load_recorded(path, _state(path))
        except InputError as advice:
            drop_upload(token)
            choice.refuse_upload(str(advice))
        else:
            choice.remember_upload(token)
            choice.choose("recording", token)
            choice.begin_recording()


def data_folder() -> Path | None:
    """The folder below which the operator lets the app read."""
    named = os.environ.get(DATA)
    return Path(named).resolve() if named and Path(named).is_dir() else None


def below(folder: Path | None, typed: str) -> Path:
    """The file that was typed, which lies below the operator's folder also where links lead.

    Raises
    ------
    InputError
        If it does not.
    """
    if folder is None:
        raise InputError(
            _(
                "A path is read only below the folder that {name} names, but it names none. Upload the recording, or "
                "choose another."
            ).format(name=DATA)
        )
    path = (folder / typed).resolve()
    if not path.is_relative_to(folder):
        raise InputError(
            _(
                "A path is read only below the folder {folder}, but {typed} leads out of it. Choose a file in it."
            ).format(folder=folder.name, typed=typed)
        )
    return path


def _listed(folder: Path) -> list[str]:
    """Recordings below a folder, of which no more than so many are looked at."""
    paths = (
        Path(parent, name)
        for parent, folders, names in os.walk(folder)
        if not folders.sort()  # walked in this order
        for name in sorted(names)
    )
    found = (path for path in islice(paths, MOST_SEEN) if path.suffix.lower() in STREAMED)
    return [str(path.relative_to(folder)) for path in islice(found, MOST_LISTED)]


def choose_track(path: Path) -> Recording:
    """Ask for the channel, and for its rate where the file does not say it.

    Raises
    ------
    InputError
        If the file can't be streamed, or its rate is not known.
    """
    if not path.is_file():
        raise InputError(
            _("A recording is a file, but there is none at {path}. Check the path.").format(path=path.name)
        )
    with st.spinner(_("Reading the file")):
        channels = {channel.name: channel for channel in load_recorded(path, _state(path))}
    choice.keep_to("track", list(channels))
    if len(channels) > 1:
        st.selectbox(_("Channel"), list(channels), key="track", on_change=choice.begin_recording)
    channel = channels[choice.chosen("track")]
    if channel.fs is None:
        st.number_input(_("Rate (Hz)"), value=None, key="track_hz", step=1.0, format="%.10g", placeholder=_("unknown"))
        return open_recording(path, channel.name, choice.chosen("track_hz"))
    choice.forget("track_hz")
    return Recording(path, channel, channel.fs)


def _state(path: Path) -> tuple[int, int]:
    """Size and time of writing."""
    state = path.stat()
    return state.st_size, state.st_mtime_ns


def example_recording() -> Path:
    """A simulated minute of a bearing that is damaged for four stretches of it."""
    return keep_made(f"recording {EVENTS_S}", "simulated minute.wav", _write_example)


def _write_example(path: Path) -> None:
    """Simulate it."""
    machine = draw_machine(5_000)
    simulate = partial(simulate_bearing, machine, seed=1)
    healthy = simulate(Operation(None, snr_db=3.0, seconds=EXAMPLE_S, fs=EXAMPLE_HZ))
    samples = healthy.background + healthy.noise
    for number, (fault, begin, end) in enumerate(EVENTS_S):
        operation = Operation(fault, snr_db=3.0, seconds=end - begin, fs=EXAMPLE_HZ)  # type: ignore[arg-type]
        struck = simulate_bearing(machine, operation, number).struck
        first = round(begin * EXAMPLE_HZ)
        samples[first : first + len(struck)] += struck
    soundfile.write(path, (samples / np.abs(samples).max()).astype(np.float32), int(EXAMPLE_HZ), "FLOAT")
