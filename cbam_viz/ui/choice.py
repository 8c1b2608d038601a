"""What the person picked: the one home of session state and of the URL, which carries every choice of a view."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

import streamlit as st

from cbam_viz.analysis.channels import Order
from cbam_viz.analysis.class_channels import ClassOrder
from cbam_viz.analysis.distances import Measure
from cbam_viz.analysis.spatial import Scale
from cbam_viz.analysis.triggers import By
from cbam_viz.studies.explain import Asked

Heard = Literal["window", "all"]
Kind = Literal["samples", "simulated", "uploads"]


@dataclass(frozen=True)
class Choice:
    """Every choice, with its value on a first visit. The names are the keys of the widgets and of the URL.

    Parameters
    ----------
    signal : short name of a sample, token of an upload, or ``simulated``.
    fault, machine, load, slip, snr, resonance, severity : of the simulated bearing, see `simulate`; slip in percent.
    speed : of its shaft, in rpm.
    channel, unit, rate_hz, shaft_rpm, bearing : of the signal; None and "" stand for unknown.
    bridge : whether short gaps are interpolated.
    network : name.
    block : number of the block that is drawn, from 1.
    scale, order, absolute : see `trace_spatial` and `trace_channels`.
    window : number of the window that is drawn, from 1; 0 is the one surest of the diagnosis.
    band_low, band_high : edges in Hz of the band whose envelope is listened to, 0 for the most impulsive band.
    orders : whether it is drawn over orders of the shaft.
    nudge : change of the shaft speed, in percent.
    edits : what is tried on the window, see `read_edits`.
    tab : which part below the figures is open.
    heard, level, slower : what is listened to, see `ui/listen.py`.
    kind : which set is compared; ``set`` is the token of its manifest if it is made of uploads.
    machines : simulated for each class.
    ranked : order of the channels in a comparison.
    first, second : keys of the two classes whose difference is drawn; empty for the first two there are.
    by, periods, measure : see `SetView`.
    a, b : numbers of the recordings that stand side by side, from 1, and 0 for the first of the first two classes.
    a_window, b_window : numbers of their windows, from 1; 0 is the surest.
    layout : of the two, ``beside`` or ``above``; empty for what the screen has room for.
    pinned : which of the two stays when a window is clicked; ``click`` says what that does.
    tested : whether every gate of the set is tested.
    circuit : name of the circuit whose parts drift; ``circuit_network`` reads it.
    drift : of its parts, see `read_deviations`.
    draw, noise_db : see `Setting`.
    drifted : which part below the figures is open.
    swept, along, up : names of the parts of the sweep and of the map; empty for the first there are.
    """

    signal: str = "inner_300lb"
    fault: str = "inner"
    machine: int = 3000
    speed: float = 1797.0
    load: float = 0.5
    slip: float = 1.0
    snr: float = 10.0
    resonance: float = 3000.0
    severity: float = 1.0
    channel: str = ""
    unit: str = ""
    rate_hz: float | None = None
    shaft_rpm: float | None = None
    bearing: str = ""
    bridge: bool = False
    network: str = "mfpt-3"
    block: int = 1
    scale: Scale = "usual"
    window: int = 0
    order: Order = "frequency"
    absolute: bool = False
    tab: str = "Frequency"
    band_low: int = 0
    band_high: int = 0
    orders: bool = False
    nudge: float = 0.0
    edits: str = ""
    heard: Heard = "window"
    level: bool = False
    slower: int = 1
    kind: Kind = "samples"
    set: str = ""
    machines: int = 6
    ranked: ClassOrder = "frequency"
    first: str = ""
    second: str = ""
    by: By = "impacts"
    periods: int = 1
    measure: Measure = "euclidean"
    a: int = 0
    a_window: int = 0
    b: int = 0
    b_window: int = 0
    layout: str = ""
    pinned: str = "a"
    click: str = "inspect"
    tested: bool = False
    circuit: str = "sallen-key"
    circuit_network: str = ""
    drift: str = "C1=-40"
    draw: int = 0
    noise_db: float | None = None
    drifted: str = "One part"
    swept: str = ""
    along: str = ""
    up: str = ""


DEFAULTS = {field.name: field.default for field in fields(Choice)}
_CIRCUIT = tuple(DEFAULTS)[tuple(DEFAULTS).index("circuit") :]
_COMPARED = tuple(DEFAULTS)[tuple(DEFAULTS).index("kind") : -len(_CIRCUIT)]
_MACHINE = ("speed", "load", "slip", "snr", "resonance", "severity")
INSPECT = tuple(key for key in DEFAULTS if key not in (*_COMPARED, *_CIRCUIT))
"""What the URL of Inspect carries, and nothing of another page: whoever gets a link gets what is seen there."""
_OF_ONE_KIND = {"samples": (), "simulated": ("machines", *_MACHINE), "uploads": ("set",)}
"""What only one kind of set is made by."""


def restore_choice() -> None:
    """Take the choices from the URL on the first run of a visit, and keep those whose widget is not drawn now."""
    for key, default in DEFAULTS.items():
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]
        else:
            st.session_state[key] = _read(st.query_params.get(key), default)
            if key in st.query_params:
                st.session_state.setdefault("given", set()).add(key)


def picked() -> Choice:
    """All choices."""
    return Choice(**{key: st.session_state[key] for key in DEFAULTS})


def publish_choice(keys: Sequence[str] = INSPECT) -> Choice:
    """Put those of a page's choices that do not follow from the others into the URL, and give all choices."""
    plain = DEFAULTS | st.session_state.get("known", {}) | st.session_state.get("followed", {})
    told = {key: st.session_state[key] for key in keys}
    st.query_params.from_dict({key: str(value) for key, value in told.items() if value != plain[key]})
    published().update(told)
    return picked()


def published() -> dict[str, Any]:
    """The choices as they are by now, in one dictionary that lives on: a file to take away is made outside any run."""
    return st.session_state.setdefault("published", {})


def asked_of_file() -> Asked:
    """What is asked for of the signal's file, beyond what it says itself."""
    known = st.session_state["known"]
    fs, unit = (chosen(key) if chosen(key) != known[key] else None for key in ("rate_hz", "unit"))
    return Asked(chosen("channel"), fs, chosen("bridge"), unit or None)


def chosen(key: str) -> Any:
    """One choice."""
    return st.session_state[key]


def choose(key: str, value: str | float | bool) -> None:
    """Set one choice, before its widget is drawn or in a callback."""
    st.session_state[key] = value


def fill(origin: str, known: dict[str, str | float | None]) -> None:
    """Once for each origin set choices to what is known there, other than those that came with the URL.

    Where nothing is known, what a person typed last stays. They may change all of it afterwards, also to "unknown".
    """
    if st.session_state.get("filled") != origin:
        given, typed = st.session_state.pop("given", set()), st.session_state.setdefault("typed", {})
        before = st.session_state.get("known", {})
        typed.update({key: value for key in before if (value := st.session_state[key]) != before[key]})
        st.session_state.update(
            {key: value or typed.get(key, value) for key, value in known.items() if key not in given}
        )
        st.session_state["filled"] = origin
    st.session_state["known"] = known


def keep_to(key: str, options: Sequence[str | int]) -> None:
    """Bring a choice back among the options, where a URL or another network left it outside."""
    if st.session_state[key] not in options:
        st.session_state[key] = DEFAULTS[key] if DEFAULTS[key] in options else options[0]


def keep_within(key: str, low: float, high: float) -> None:
    """Bring a number back between its ends, where a URL left it outside."""
    st.session_state[key] = min(max(st.session_state[key], low), high)


def publish_comparison() -> Choice:
    """Put the choices of a comparison into the URL; those that another kind of set is made by are left out."""
    always = [key for key in _COMPARED if key not in {"machines", "set"}]
    return publish_choice(["network", "block", "absolute", *always, *_OF_ONE_KIND[st.session_state["kind"]]])


def publish_circuit() -> Choice:
    """Put the choices of a circuit into the URL."""
    return publish_choice(["block", "scale", "order", "absolute", *_CIRCUIT])


def follow(key: str, natural: str | int, options: Sequence[str | int]) -> None:
    """Let a choice follow from the others as long as nobody made another one of the options."""
    followed = st.session_state.setdefault("followed", {})
    if st.session_state[key] not in options or st.session_state[key] == followed.get(key):
        st.session_state[key] = natural
    followed[key] = natural


def pick(key: str, value: str | int) -> None:
    """Make a choice that follows from no other, in a callback."""
    st.session_state[key] = value
    st.session_state.setdefault("followed", {}).pop(key, None)


def begin_channel() -> None:
    """Begin anew with another channel, whose windows are not those of the last, nor is what was tried on them."""
    st.session_state["window"] = DEFAULTS["window"]
    st.session_state["edits"] = DEFAULTS["edits"]
    st.session_state["undone"] = []


def begin_signal(token: str | None = None) -> None:
    """Begin anew with another signal: the one just picked, or that of a token."""
    st.session_state["signal"] = token or st.session_state["signal"]
    st.session_state["channel"], st.session_state["bridge"] = DEFAULTS["channel"], DEFAULTS["bridge"]
    st.session_state["suggest_network"] = True
    begin_channel()


def take_suggestion(network: str | None) -> None:
    """Once after a change of signal, move to the suggested network, if there is one."""
    if st.session_state.pop("suggest_network", False) and network:
        st.session_state["network"] = network


def step_window(step: int) -> None:
    """Move to a window before or after the one in view."""
    st.session_state["window"] += step


def change_edits(text: str) -> None:
    """Try other edits on the window; undoing brings back those before."""
    st.session_state.setdefault("undone", []).append(st.session_state["edits"])
    st.session_state["edits"] = text


def undo_edits() -> None:
    """Go back to the edits before the last change; a link brings no such past, and then the last edit goes."""
    past = st.session_state.setdefault("undone", [])
    st.session_state["edits"] = past.pop() if past else st.session_state["edits"].rpartition(";")[0]


def can_undo() -> bool:
    """Whether there are edits to go back from."""
    return bool(st.session_state["edits"] or st.session_state.get("undone"))


def change_drift(text: str) -> None:
    """Move parts of a circuit; undoing brings back where they were."""
    if text != st.session_state["drift"]:
        st.session_state.setdefault("drifts", []).append(st.session_state["drift"])
        st.session_state["drift"] = text


def undo_drift() -> None:
    """Bring the parts of a circuit back to where they were before the last change."""
    past = st.session_state.setdefault("drifts", [])
    st.session_state["drift"] = past.pop() if past else ""


def can_undo_drift() -> bool:
    """Whether there is a change of parts to go back from."""
    return bool(st.session_state.get("drifts"))


def keep_drift() -> None:
    """Keep those choices of a circuit whose widget is not drawn now; a slider's own run begins here."""
    for key in ("drifted", "swept", "along", "up"):
        st.session_state[key] = st.session_state[key]


def begin_circuit() -> None:
    """Begin anew with another circuit, whose parts are not those of the last."""
    for key in ("drift", "swept", "along", "up", "circuit_network"):
        st.session_state[key] = ""
    st.session_state["drifts"] = []


def ask_map(key: object = None) -> None:
    """Note which map of two parts is to be worked out; None for none."""
    st.session_state["mapped"] = key


def is_map_asked(key: object) -> bool:
    """Whether this map was asked for."""
    return st.session_state.get("mapped") == key


def refuse_edit(advice: str) -> None:
    """Keep the sentence about an edit that can't be made."""
    st.session_state["edit_advice"] = advice


def pop_refusal() -> str | None:
    """The sentence about the last edit, once."""
    return st.session_state.pop("edit_advice", None)


def offer(key: str, value: float | str) -> None:
    """Put a first value into a widget that is no choice of its own."""
    st.session_state.setdefault(key, value)


def drawn_span(key: str) -> tuple[float, float] | None:
    """From where to where along the axis of time a box was drawn over a figure; None where there is none."""
    boxes = st.session_state[key].selection.box
    on_time = [box["x"] for box in boxes if box["xref"] == "x"]
    return (min(on_time[-1]), max(on_time[-1])) if on_time else None


def visit_uploads() -> list[str]:
    """Tokens of this visit's uploads, the newest first."""
    return st.session_state.setdefault("uploads", [])


def remember_upload(token: str) -> None:
    """Keep an upload among those of this visit."""
    if token not in visit_uploads():
        visit_uploads().insert(0, token)


def uploader_key(name: str = "upload") -> str:
    """Key of an upload widget; a new one after each upload empties it."""
    return f"{name} {st.session_state.setdefault('uploads_taken', 0)}"


def uploaded(key: str) -> list[Any]:
    """The files in an upload widget, each once; the widget is emptied.

    A run that a click interrupts has not emptied the widget yet, and then the same files come again.
    """
    taken = st.session_state.setdefault("files_taken", set())
    files = [file for file in st.session_state.get(key) or () if file.file_id not in taken]
    if files:
        taken.update(file.file_id for file in files)
        st.session_state["uploads_taken"] += 1
    return files


def refuse_upload(advice: str) -> None:
    """Keep the sentence about an upload that can't be used, beside those that are kept."""
    st.session_state["advice"] = "\n\n".join(filter(None, [st.session_state.get("advice"), advice]))


def pop_advice() -> str | None:
    """The sentences about the last uploads, once."""
    return st.session_state.pop("advice", None)


def clicked_window(key: str) -> int | None:
    """The window whose mark was clicked in an overview figure, from 1; None where the click hit nothing."""
    points = st.session_state[key].selection.points
    return int(points[0]["customdata"]) if points and "customdata" in points[0] else None


def clickable_key(name: str) -> str:
    """Key of a picture whose points are clicked; a new one after each click, so that one can be hit again."""
    return f"{name} {st.session_state.setdefault('clicks_taken', 0)}"


def clicked_point(key: str) -> tuple[int, int] | None:
    """Recording (from 0) and window (from 1) of the point that was clicked in a plane; None where none was hit."""
    points = st.session_state[key].selection.points
    st.session_state["clicks_taken"] += 1
    if not points or "customdata" not in points[0]:
        return None
    recording, window = list(points[0]["customdata"])[:2]
    return int(recording), int(window)


def swap(*pairs: tuple[str, str]) -> None:
    """Exchange two choices of each pair."""
    for one, other in pairs:
        first, second = st.session_state[one], st.session_state[other]
        pick(one, second)
        pick(other, first)


def leave_for(recording: int, window: int) -> None:
    """Note that a window of the set is to be opened in Inspect, as soon as the set is there."""
    st.session_state["leaving"] = recording, window


def leaving() -> tuple[int, int] | None:
    """The window that is to be opened in Inspect, once."""
    return st.session_state.pop("leaving", None)


def open_signal(window: int, facts: dict[str, Any], **signal: str | int) -> None:
    """Show one window of a signal in Inspect, by the network that is chosen.

    Parameters
    ----------
    window : its number, from 1.
    facts : of the signal, which win over what its file says.
    signal : choices that say which one it is.
    """
    begin_signal(str(signal["signal"]))
    st.session_state.pop("suggest_network")
    st.session_state.pop("filled", None)
    st.session_state.update(signal | facts | {"window": window})
    st.session_state["given"] = set(facts)


def edits(key: str) -> tuple[dict[int, dict[str, Any]], list[int]]:
    """Cells that were changed and rows that were removed in a table since it began."""
    state = st.session_state[key]
    return state["edited_rows"], state["deleted_rows"]


def show_in(key: str, value: str | tuple[int, int]) -> None:
    """Put a value into a widget that is no choice of its own, whenever it changed elsewhere."""
    if st.session_state.get(f"{key} shown") != value or key not in st.session_state:
        st.session_state[key] = st.session_state[f"{key} shown"] = value


def begin_edit(token: str) -> None:
    """Begin a new table on a set that changed in another way than by the table."""
    st.session_state["edited"] = token


def edited(name: str) -> str:
    """Token of the set that a table began with; one that is drawn anew begins with the set in view."""
    if f"{name} {st.session_state.get('edited')}" not in st.session_state:
        st.session_state["edited"] = st.session_state["set"]
    return st.session_state["edited"]


def stop_recording(key: object = None) -> None:
    """Note that a set is not to be recorded until the person says so."""
    st.session_state["stopped"] = key


def is_stopped(key: object) -> bool:
    """Whether the recording of this set was stopped."""
    return st.session_state.get("stopped") == key


def _read(text: str | None, default: Any) -> Any:
    """A choice from the URL in the type of its default, which stands for what can't be read."""
    if text is None:
        return default
    if isinstance(default, bool):
        return text == "True"
    try:
        value = float(text) if default is None else type(default)(text)
    except ValueError:
        return default
    return default if isinstance(value, float) and not math.isfinite(value) else value
