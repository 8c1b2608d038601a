"""The parts of the page Circuit: which circuit, its parts and where they stand, and what follows from that."""

import base64
from html import escape

import streamlit as st

from cbam_viz.analysis.schematic import write_value
from cbam_viz.errors import InputError
from cbam_viz.figures.style import Palette
from cbam_viz.language import _
from cbam_viz.network.card import Card
from cbam_viz.physics.circuits import CIRCUITS, Circuit, Part, find_circuit
from cbam_viz.studies import words
from cbam_viz.studies.circuit import (
    HIGHEST_DB,
    LARGEST,
    LOWEST_DB,
    MOST_DRAWS,
    CircuitStudy,
    Drift,
    Setting,
    read_deviations,
    write_deviations,
)
from cbam_viz.studies.circuit_panels import draw_map, draw_schematic, draw_sweep
from cbam_viz.ui import choice
from cbam_viz.ui.loaders import load_cards, load_drift
from cbam_viz.ui.show import ZOOM, show

PARTS, TWO = "One part", "Two parts"
TABS = {PARTS: _("One part"), TWO: _("Two parts")}
STYLE = """<style>.cbam-schematic { overflow-x: auto; }
.cbam-schematic img { width: 100%; min-width: 28rem; max-width: 46rem; }</style>"""


def choose_circuit() -> Circuit:
    """Ask for the circuit."""
    choice.keep_to("circuit", list(CIRCUITS))
    st.selectbox(
        _("Circuit"),
        list(CIRCUITS),
        format_func=lambda name: CIRCUITS[name].title,
        key="circuit",
        on_change=choice.begin_circuit,
    )
    return find_circuit(choice.chosen("circuit"))


def choose_reader(circuit: Circuit) -> Card | None:
    """Ask for a network that reads this circuit; None where there is none."""
    cards = {name: card for name, card in load_cards().items() if card.circuit == circuit.name}
    if not cards:
        return None
    choice.follow("circuit_network", next(iter(cards)), list(cards))
    st.selectbox(
        _("Network, with its tested accuracy"),
        list(cards),
        format_func=lambda name: f"{name} · {words.say_accuracy(cards[name])}",
        key="circuit_network",
        help=words.say_results(cards[choice.chosen("circuit_network")]),
    )
    return cards[choice.chosen("circuit_network")]


def choose_bench() -> None:
    """Ask for the draw of the tolerances and for noise."""
    choice.keep_within("draw", 0, MOST_DRAWS)
    draw, noise = st.columns(2, vertical_alignment="bottom")
    draw.number_input(
        _("Tolerances, draw"),
        0,
        MOST_DRAWS,
        step=1,
        key="draw",
        help=_(
            "0: every part that is not moved is at its nominal value. Any other number draws all of them anew within "
            "their tolerance, and the noise."
        ),
    )
    if choice.chosen("noise_db") is not None:
        choice.keep_within("noise_db", LOWEST_DB, HIGHEST_DB)
    noise.number_input(
        _("SNR (dB)"),
        LOWEST_DB,
        HIGHEST_DB,
        value=None,
        step=5.0,
        format="%g",
        key="noise_db",
        placeholder=_("no noise"),
        help=_("Power of the response over that of white noise; emptied, there is none."),
    )
    st.button(_("Draw tolerances anew"), on_click=_draw_anew, width="stretch")


def _draw_anew() -> None:
    """The next draw."""
    choice.choose("draw", min(choice.chosen("draw") + 1, MOST_DRAWS))


def read_setting(circuit: Circuit) -> Setting:
    """What was picked; what a URL says that can't be is said and left out."""
    draw, noise = choice.chosen("draw"), choice.chosen("noise_db")
    try:
        return Setting(circuit.name, read_deviations(choice.chosen("drift")), draw, noise)
    except InputError as advice:
        st.error(f"{advice} " + _("No part is moved."), icon=":material/error:")
        choice.choose("drift", "")
        return Setting(circuit.name, (), draw, noise)


def show_schematic(setting: Setting, palette: Palette) -> None:
    """Put the schematic on the page; a wide one can be moved sideways where there is little room."""
    if panel := draw_schematic(setting, palette):
        svg = base64.b64encode(panel.svg.encode()).decode()
        image = f'<img alt="{escape(panel.alt, quote=True)}" src="data:image/svg+xml;base64,{svg}">'
        st.html(f'{STYLE}<div class="cbam-schematic" tabindex="0">{image}</div>')


def choose_values(circuit: Circuit, setting: Setting) -> None:
    """A slider and a number for every part, and the way back."""
    back, reset = st.columns(2)
    back.button(
        _("Undo"), key="undo drift", on_click=choice.undo_drift, disabled=not choice.can_undo_drift(),
        shortcut="Alt+Z", width="stretch",
    )  # fmt: skip
    reset.button(
        _("Reset all parts"), key="reset drift", on_click=choice.change_drift, args=("",),
        disabled=not choice.chosen("drift"), width="stretch",
    )  # fmt: skip
    off = dict(setting.deviations)
    for place in range(0, len(circuit.parts), 2):
        halves = st.columns(2, gap="medium")
        for half, part in zip(halves, circuit.parts[place : place + 2], strict=False):
            with half.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
                _choose_value(circuit, part, float(off.get(part.name, 0.0)))


def _choose_value(circuit: Circuit, part: Part, percent: float) -> None:
    """One part."""
    slider, number = (f"{circuit.name} {part.name} {kind}" for kind in ("slider", "number"))
    for key in (slider, number):
        choice.offer(key, percent)
        if choice.chosen(key) != percent:  # what is set again unchanged would undo a move that is on its way
            choice.choose(key, percent)
    label = f"{part.name} · {write_value(part.nominal, part.unit)}"
    st.slider(
        label,
        -LARGEST,
        LARGEST,
        step=1.0,
        format="%+.0f %%",
        key=slider,
        on_change=_move,
        args=(part.name, slider),
        width=132,
    )
    st.number_input(
        _("{part} in per cent").format(part=part.name), -LARGEST, LARGEST, step=1.0, format="%g", key=number,
        on_change=_move, args=(part.name, number), label_visibility="collapsed", width=78,
    )  # fmt: skip


def _move(part: str, key: str) -> None:
    """A part was moved."""
    try:
        off = dict(read_deviations(choice.chosen("drift")))
    except InputError:
        off = {}
    choice.change_drift(write_deviations(off | {part: choice.chosen(key)}))


def show_drift(study: CircuitStudy, block: int, palette: Palette) -> Drift | None:
    """The sweep of one part, or the map of two, where it is open."""
    choice.keep_to("drifted", list(TABS))
    found = None
    for tab, name in zip(st.tabs(list(TABS), key="drifted", on_change="rerun"), TABS, strict=True):
        if tab.open:
            with tab:
                found = _show_sweep(study, block, palette) if name == PARTS else _show_map(study, palette)
    return found


def _show_sweep(study: CircuitStudy, block: int, palette: Palette) -> Drift | None:
    """One part from end to end."""
    names = study.circuit.names
    choice.follow("swept", (study.setting.parts or study.circuit.faulty)[0], names)
    st.selectbox(_("Part that drifts"), list(names), key="swept", width=200)
    part, card = choice.chosen("swept"), study.explanation.card
    drift = load_drift(study.setting, card.name, (part,), choice.ask_map)
    panel = draw_sweep(drift, card, block, palette, dict(study.setting.deviations).get(part, 0.0))
    st.markdown(panel.alt)
    show(panel, "sweep", ZOOM)
    return drift


def _show_map(study: CircuitStudy, palette: Palette) -> Drift | None:
    """Two parts, each from end to end; it takes seconds, so it is asked for."""
    names, faulty = list(study.circuit.names), study.circuit.faulty
    choice.follow("along", faulty[0], names)
    choice.follow("up", faulty[1], names)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(_("Along the map"), names, key="along", width=160)
        st.selectbox(_("Up the map"), names, key="up", width=160)
        parts = (choice.chosen("along"), choice.chosen("up"))
        asked = (study.setting.moved(dict.fromkeys(parts, 0.0)), parts)
        alike = parts[0] == parts[1]
        st.button(_("Draw the map"), type="primary", on_click=choice.ask_map, args=(asked,), disabled=alike)
    if alike:
        st.caption(_("A map is of two parts. Choose two that differ."))
        return None
    if not choice.is_map_asked(asked):
        st.caption(_("441 runs of ngspice, some seconds; all other parts stay as they are set above."))
        return None
    card = study.explanation.card
    drift = load_drift(study.setting, card.name, parts, choice.ask_map)
    off = dict(study.setting.deviations)
    panel = draw_map(drift, card, palette, (off.get(parts[0], 0.0), off.get(parts[1], 0.0)))
    show(panel, "map", ZOOM)
    return drift
