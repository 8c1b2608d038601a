"""The page Circuit where ngspice is missing: responses that were stored, and how to have the sliders."""

import streamlit as st

from cbam_viz.analysis.diagnosis import trace_diagnosis
from cbam_viz.language import _
from cbam_viz.network.card import Card
from cbam_viz.physics.circuits import Circuit
from cbam_viz.studies import words
from cbam_viz.studies.circuit import Setting
from cbam_viz.studies.circuit_panels import draw_response
from cbam_viz.studies.drift_words import INSTALL
from cbam_viz.studies.explain import Asked
from cbam_viz.studies.panels import View, draw_channels, draw_diagnosis
from cbam_viz.ui import choice
from cbam_viz.ui.circuit import show_schematic
from cbam_viz.ui.downloads import show_downloads
from cbam_viz.ui.loaders import load_explanation, load_samples
from cbam_viz.ui.show import ZOOM, show, theme_palette

KEY = "stored"


def show_stored(circuit: Circuit, card: Card) -> None:
    """Ask for one of the stored responses of this circuit, and show it."""
    st.info(INSTALL, icon=":material/info:")
    palette = theme_palette()
    samples = {name: sample for name, sample in load_samples().items() if sample.circuit == circuit.name}
    choice.offer(KEY, next(iter(samples)))
    choice.choose(KEY, choice.chosen(KEY) if choice.chosen(KEY) in samples else next(iter(samples)))
    name = st.selectbox(_("Stored response"), list(samples), format_func=lambda key: samples[key].title, key=KEY)
    picked = choice.publish_circuit()
    view = View(0, picked.block - 1, picked.scale, picked.order, picked.absolute)
    found = load_explanation(samples[name].path, card.name, Asked())
    best, rest = words.say_verdict(trace_diagnosis(found.record, card, 0))
    st.header(f":primary[{best}] :gray[· {rest}]", anchor=False)
    left, right = st.columns(2, gap="large")
    with left:
        deviation = samples[name].deviation
        off = () if deviation is None else ((samples[name].fault[:-1], 100 * deviation),)
        show_schematic(Setting(circuit.name, off), palette)
        show(draw_diagnosis(found, view, palette), "diagnosis")
    panel = draw_response(found, view.block, palette)
    with right:
        if panel:
            show(panel, "response", ZOOM)
    show(draw_channels(found, view, palette), "channels")
    show_downloads(found, lambda: view)
