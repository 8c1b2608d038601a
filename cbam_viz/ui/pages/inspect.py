"""Inspect: what does it look at in this signal?"""

from dataclasses import replace

import streamlit as st

from cbam_viz.analysis.diagnosis import trace_diagnosis
from cbam_viz.figures.channels import ORDERS
from cbam_viz.language import _
from cbam_viz.studies import words
from cbam_viz.studies.circuit_panels import draw_response
from cbam_viz.studies.panels import View, draw_channels, draw_diagnosis, draw_overview, draw_spatial
from cbam_viz.ui import choice
from cbam_viz.ui.downloads import show_downloads
from cbam_viz.ui.frequency import keep_frequency, show_frequency, view_frequency
from cbam_viz.ui.listen import keep_listening, show_listen
from cbam_viz.ui.methods import show_methods
from cbam_viz.ui.show import ZOOM, show, theme_palette
from cbam_viz.ui.sidebar import (
    check_bearing,
    check_speed,
    choose_block,
    choose_channel,
    choose_network,
    choose_signal,
    choose_window,
    explain_choice,
    say_switch,
)
from cbam_viz.ui.simulation import SIMULATED, say_simulation
from cbam_viz.ui.trust import say_trust, show_trust, show_worth
from cbam_viz.ui.tryout import possible_edits, say_impossible, show_tryout

TRY_IT = _("Try it")
TABS = {
    _("Frequency"): show_frequency,
    _("Trust"): show_trust,
    TRY_IT: show_tryout,
    _("Listen"): show_listen,
    _("Other methods"): show_methods,
}


def open_clicked() -> None:
    """Open the window whose mark was clicked."""
    if number := choice.clicked_window("overview"):
        choice.choose("window", number)


st.title(_("What does it look at in this signal?"), anchor=False)
choice.restore_choice()
choice.keep_to("order", list(ORDERS))
choice.keep_to("tab", list(TABS))
keep_listening()
palette = theme_palette()
with st.sidebar:
    path = choose_signal()
    channel = choose_channel(path, palette)
    card = choose_network(channel)
    window_place = st.container()
    choose_block(card)
    explanation = explain_choice(path)
    with window_place:
        window = choose_window(explanation)
keep_frequency(card.preparation.top_hz)
picked = choice.publish_choice()
view = View(
    window=window,
    block=picked.block - 1,
    scale=picked.scale,
    order=picked.order,
    absolute=picked.absolute,
    shaft_hz=None if card.circuit else check_speed(picked.shaft_rpm),
    bearing=None if card.circuit else check_bearing(picked.bearing),
)
if picked.tab != TRY_IT:
    say_impossible(explanation, window, picked.edits)

st.caption(words.say_view(explanation, window))
best, rest = words.say_verdict(trace_diagnosis(explanation.record, card, window))
st.header(f":primary[{best}] :gray[· {rest}]", anchor=False)
if said := say_switch(card, channel):
    st.markdown(said)
st.markdown(words.say_training(card, explanation.signal))
if explanation.signal.notes:
    st.caption(" ".join(explanation.signal.notes))
trust_place = st.empty()
trust_place.caption(say_trust(explanation, view))
show(draw_spatial(explanation, view, palette), "spatial", ZOOM)
if response := draw_response(explanation, view.block, palette):
    show(response, "response", ZOOM)

with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
    st.segmented_control(_("Channels"), list(ORDERS), format_func=ORDERS.__getitem__, key="order", required=True)
    st.toggle(_("absolute values"), key="absolute")
show(draw_channels(explanation, view, palette), "channels")

whole, classes = st.columns([3, 2], gap="large")
with whole:
    if card.preparation.start == "anywhere":
        st.subheader(_("All windows"), anchor=False)
        advice = _("Stronger colour: more probable. Click a mark to open its window.")
        show(draw_overview(explanation, view, palette), "overview", on_select=open_clicked, advice=advice)
    else:
        st.subheader(_("How it was cut"), anchor=False)
    for note in explanation.windows.notes:
        st.caption(note)
with classes:
    st.subheader(_("Probabilities"), anchor=False)
    show(draw_diagnosis(explanation, view, palette), "diagnosis")

for tab, show_part in zip(st.tabs(list(TABS), key="tab", on_change="rerun"), TABS.values(), strict=True):
    if tab.open:  # what is closed is not worked out
        with tab:
            show_part(explanation, view, palette)
trust_place.caption(say_trust(explanation, view))  # a tab may have examined the window

with st.expander(_("About {name}").format(name=card.name)):
    st.markdown(words.say_card(card))
    show_worth(card)
told = choice.published()
show_downloads(
    explanation,
    lambda: replace(view, edits=possible_edits(explanation, window, told["edits"]), frequency=view_frequency(told)),
    say_simulation(picked, path) if picked.signal == SIMULATED else "",
)
