"""*Try it*: change the window or a gate, and see the maps and the diagnosis move beside what they were."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from cbam_viz.analysis.edits import KINDS, Edit, read_edits, text_of
from cbam_viz.errors import InputError
from cbam_viz.figures.style import Palette
from cbam_viz.language import _
from cbam_viz.signals.windows import Preparation
from cbam_viz.studies.explain import Explanation
from cbam_viz.studies.panels import View, draw_tryout
from cbam_viz.studies.tryout import Tryout, try_edits
from cbam_viz.studies.tryout_words import say_change, say_edit
from cbam_viz.ui import choice
from cbam_viz.ui.show import SELECT, show

NAMES = {
    "mask": _("Mask a span"),
    "notch": _("Notch a band"),
    "noise": _("Add noise"),
    "shift": _("Shift"),
    "scale": _("Scale"),
    "resample": _("Change the speed"),
    "mute": _("Mute a channel"),
    "boost": _("Boost a channel"),
    "flatten": _("Flatten the time gate"),
    "shuffle": _("Shuffle the time gate"),
    "gate": _("Another window's time gate"),
    "channels": _("Another window's channel gate"),
}
KIND = "tried"
"""Key of the widget that picks the kind."""


@dataclass(frozen=True)
class Ask:
    """One number that is asked for: its words, where it starts, what it may be, and its step."""

    label: str
    first: float
    low: float
    high: float
    step: float


def possible_edits(explanation: Explanation, window: int, text: str) -> tuple[Edit, ...]:
    """The edits of a text, none where they can't be made on this window."""
    try:
        return try_edits(explanation, window, read_edits(text)).edits if text else ()
    except InputError:
        return ()


def say_impossible(explanation: Explanation, window: int, text: str) -> None:
    """Say why the edits of a link can't be made, where this part of the page is closed."""
    if text:
        _try(explanation, window, text)


@st.fragment
def show_tryout(explanation: Explanation, view: View, palette: Palette) -> None:
    """Ask for changes, list them, and draw before | after; an edit runs this part of the page alone."""
    text = choice.publish_choice().edits
    _choose_edit(explanation, view)
    if advice := choice.pop_refusal():
        st.error(advice, icon=":material/error:")
    tryout = _try(explanation, view.window, text)
    _list_edits(text)
    if tryout.edits:
        st.markdown(say_change(tryout, explanation.card))
    show(
        draw_tryout(explanation, replace(view, edits=tryout.edits), palette, tryout),
        "tryout",
        SELECT,
        on_select=_take_span,
        advice=_("Drag over the signal to choose a span to mask."),
        select="box",
    )


def _try(explanation: Explanation, window: int, text: str) -> Tryout:
    """The window before and after; edits that can't be made on it are said and left out."""
    try:
        return try_edits(explanation, window, read_edits(text))
    except InputError as advice:
        st.error(f"{advice} " + _("What was tried is left out."), icon=":material/error:")
        return try_edits(explanation, window, ())


def _choose_edit(explanation: Explanation, view: View) -> None:
    """One row: the kind of change, its numbers, and the buttons."""
    choice.offer(KIND, "mask")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        kind = st.selectbox(_("Change"), list(NAMES), format_func=NAMES.__getitem__, key=KIND, width=230)
        for number, ask in enumerate(_asks(kind, explanation, view)):
            key = f"{kind} {number}"
            choice.offer(key, ask.first)
            choice.choose(key, type(ask.first)(min(max(choice.chosen(key), ask.low), ask.high)))
            st.number_input(
                ask.label, min_value=ask.low, max_value=ask.high, step=ask.step, format=_format(ask), key=key, width=150
            )
        st.button(_("Add"), key="add", type="primary", on_click=_add, args=(explanation, view.window))
        st.button(_("Undo"), key="undo", on_click=choice.undo_edits, disabled=not choice.can_undo(), shortcut="Alt+Z")
        st.button(
            _("Reset"), key="reset", on_click=choice.change_edits, args=("",), disabled=not choice.chosen("edits")
        )


def _format(ask: Ask) -> str:
    """Whole numbers without a point, others as short as they are."""
    return "%d" if isinstance(ask.step, int) else "%.6g"


def _asks(kind: str, explanation: Explanation, view: View) -> Sequence[Ask]:
    """What a kind of change asks for, with values to start from that show something."""
    preparation = explanation.windows.preparation
    axis, top = preparation.axis, preparation.top_hz
    length = preparation.window * axis.per_sample
    if kind == "mask":
        low, high = _loudest(explanation, view.window, length)
        first, end = axis.first, axis.first + length
        return (
            Ask(_("From ({unit})").format(unit=axis.unit), low, first, end, 0.5),
            Ask(_("To ({unit})").format(unit=axis.unit), high, first, end, 0.5),
        )
    if kind == "notch":
        low, high = round(0.5 * top), round(0.6 * top)
        return Ask(_("From (Hz)"), float(low), 0.0, top, 50.0), Ask(_("To (Hz)"), float(high), 0.0, top, 50.0)
    draw = Ask(_("Draw"), 1, 0, 1_000_000, 1)
    blocks = Ask(_("Block"), view.block + 1, 1, len(explanation.record.blocks), 1)
    width = max(explanation.record.blocks[_block(kind, view)].channel_attention.shape[1], 1)
    channel = Ask(_("Channel"), 1, 1, width, 1)
    other = Ask(_("Window"), view.window + 2 if view.window + 1 < len(explanation.record) else 1, 1,
                len(explanation.record), 1)  # fmt: skip
    return {
        "noise": (Ask(_("SNR (dB)"), 0.0, -60.0, 120.0, 1.0), draw),
        "shift": (Ask(_("Later by ({unit})").format(unit=axis.unit), 5.0, -length, length, 0.5),),
        "scale": (Ask(_("Factor"), 2.0, -1000.0, 1000.0, 0.5),),
        "resample": (Ask(_("Speed (times)"), 1.1, 0.5, 2.0, 0.01),),
        "mute": (blocks, channel),
        "boost": (blocks, channel, Ask(_("Times"), 2.0, 0.0, 100.0, 0.5)),
        "flatten": (blocks,),
        "shuffle": (blocks, draw),
        "gate": (blocks, other),
        "channels": (blocks, other),
    }[kind]


def _block(kind: str, view: View) -> int:
    """Index of the block in the widget of a kind."""
    choice.offer(f"{kind} 0", view.block + 1)
    return int(choice.chosen(f"{kind} 0")) - 1 if kind in {"mute", "boost"} else view.block


def _loudest(explanation: Explanation, window: int, length: float) -> tuple[float, float]:
    """A span in the axis' unit around the loudest sample."""
    measured, axis = explanation.windows.measured(window), explanation.windows.preparation.axis
    at = float(np.abs(measured - measured.mean()).argmax()) * axis.per_sample
    low, high = max(at - 0.02 * length, 0.0), min(at + 0.03 * length, length)
    return round(axis.first + low, 1), round(axis.first + high, 1)


def _add(explanation: Explanation, window: int) -> None:
    """Try one edit more; one that can't be made is said and leaves everything as it was."""
    kind = choice.chosen(KIND)
    values = tuple(float(choice.chosen(f"{kind} {number}")) for number in range(len(KINDS[kind].fields)))
    edit = Edit(kind, _in_ms(kind, values, explanation.windows.preparation))
    try:
        edits = read_edits(f"{choice.chosen('edits')};{edit}")
        try_edits(explanation, window, edits)
    except InputError as advice:
        choice.refuse_edit(str(advice))
    else:
        choice.change_edits(text_of(edits))


def _in_ms(kind: str, values: tuple[float, ...], preparation: Preparation) -> tuple[float, ...]:
    """Numbers that were asked for in the axis' unit as an edit has them: in ms from the window's beginning."""
    ms = 1000 / preparation.fs / preparation.axis.per_sample
    if kind not in {"mask", "shift"} or ms == 1:
        return values
    first = preparation.axis.first if kind == "mask" else 0.0
    return tuple(round((value - first) * ms, 9) for value in values)


def _take_span() -> None:
    """Put the span that was drawn over the figure into the fields of a mask."""
    if span := choice.drawn_span("tryout"):
        choice.choose(KIND, "mask")
        for number, end in enumerate(span):
            choice.choose(f"mask {number}", round(end, 1))


def _list_edits(text: str) -> None:
    """What was done, each with a button that takes it back."""
    parts = [part for part in text.split(";") if part]
    if not parts:
        st.caption(_("Nothing is changed yet: before and after are the same."))
        return
    with st.container(horizontal=True, gap="xsmall"):
        for number, part in enumerate(parts):
            rest = ";".join(parts[:number] + parts[number + 1 :])
            st.button(
                f"{number + 1}. {_told(part)}",
                key=f"edit {number}",
                icon=":material/close:",
                icon_position="right",
                help=_("Take this back"),
                on_click=choice.change_edits,
                args=(rest,),
            )


def _told(part: str) -> str:
    """What one edit did, or its text where it can't be read."""
    try:
        return say_edit(read_edits(part)[0])
    except InputError:
        return part
