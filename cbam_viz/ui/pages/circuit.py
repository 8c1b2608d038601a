"""Circuit: what happens when a part drifts?"""

import streamlit as st

from cbam_viz.analysis.diagnosis import trace_diagnosis
from cbam_viz.errors import InputError
from cbam_viz.figures.channels import ORDERS
from cbam_viz.language import _
from cbam_viz.network.card import Card
from cbam_viz.physics.circuits import Circuit
from cbam_viz.physics.ngspice import is_ngspice_here
from cbam_viz.studies import words
from cbam_viz.studies.circuit_panels import draw_study
from cbam_viz.studies.panels import View, draw_channels, draw_diagnosis
from cbam_viz.ui import choice
from cbam_viz.ui.circuit import (
    choose_bench,
    choose_circuit,
    choose_reader,
    choose_values,
    read_setting,
    show_drift,
    show_schematic,
)
from cbam_viz.ui.circuit_stored import show_stored
from cbam_viz.ui.downloads import show_circuit_downloads
from cbam_viz.ui.loaders import load_study
from cbam_viz.ui.show import ZOOM, show, theme_palette
from cbam_viz.ui.sidebar import choose_block

st.title(_("What happens when a part drifts?"), anchor=False)
choice.restore_choice()
choice.keep_to("order", list(ORDERS))
with st.sidebar:
    circuit = choose_circuit()
    card = choose_reader(circuit)
    if card:
        choose_block(card)
    choose_bench()


@st.fragment
def show_circuit(circuit: Circuit, card: Card) -> None:
    """All that a slider moves; the rest of the page stays as it is."""
    choice.keep_drift()
    palette, setting = theme_palette(), read_setting(circuit)
    picked = choice.publish_circuit()
    view = View(0, picked.block - 1, picked.scale, picked.order, picked.absolute)
    try:
        study = load_study(setting, card.name)
    except InputError as advice:  # the sliders stay
        st.error(str(advice), icon=":material/error:")
        choose_values(circuit, setting)
        return
    found = study.explanation
    best, rest = words.say_verdict(trace_diagnosis(found.record, card, 0))
    st.header(f":primary[{best}] :gray[· {rest}]", anchor=False)
    st.markdown(words.say_training(card, found.signal))
    left, right = st.columns(2, gap="large")
    with left:
        show_schematic(setting, palette)
        choose_values(circuit, setting)
    with right:
        show(draw_study(study, view.block, palette), "response", ZOOM)
    channels, classes = st.columns([3, 2], gap="large")
    with channels:
        show(draw_channels(found, view, palette), "channels")
    with classes:
        show(draw_diagnosis(found, view, palette), "diagnosis")
    drift = show_drift(study, view.block, palette)
    choice.publish_circuit()
    show_circuit_downloads(study, drift)


if card is None:
    st.info(_("No network that ships reads this circuit. Choose another one."), icon=":material/info:")
elif is_ngspice_here():
    show_circuit(circuit, card)
else:
    show_stored(circuit, card)
