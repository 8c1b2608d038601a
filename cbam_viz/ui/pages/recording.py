"""Recording: when does it happen?"""

import pandas as pd
import streamlit as st

from cbam_viz.language import _, percent
from cbam_viz.studies import scan_panels, scan_words
from cbam_viz.studies.scan import read_facts, state_facts
from cbam_viz.studies.scan_events import detect, events_table, find_threshold, trend
from cbam_viz.ui import choice
from cbam_viz.ui.loaders import load_network
from cbam_viz.ui.recordings import choose_recording, choose_track
from cbam_viz.ui.scan_views import offer_scan, show_scan_downloads, show_stretch
from cbam_viz.ui.scans import has_begun, is_done, scan_store
from cbam_viz.ui.show import SELECT, show, theme_palette
from cbam_viz.ui.sidebar import choose_network

st.title(_("When does it happen?"), anchor=False)
choice.restore_choice()
with st.sidebar:
    path = choose_recording()
    recording = choose_track(path)
    card = choose_network(anywhere=True)
    with_gate = [number for number, block in enumerate(card.config.blocks, 1) if block.has_spatial]
    choice.keep_to("block", with_gate)
    st.segmented_control(_("Block"), with_gate, key="block", required=True, width="stretch")
    choice.keep_within("alarms", 1e-3, 1e4)
    st.number_input(
        _("False alarms that may be borne (an hour)"),
        min_value=1e-3,
        max_value=1e4,
        key="alarms",
        format="%g",
        help=_("Sets the probability at which an event begins, by simulated healthy hours."),
    )
network = load_network(card.name)
threshold = find_threshold(network.digest, choice.chosen("alarms"))
facts = state_facts(recording, network)
offer_scan(recording, facts)
picked = choice.publish_recording()
if not has_begun(facts):
    st.stop()

facts = read_facts(scan_store(), facts.key)
events = detect(scan_store(), facts, card, threshold)
st.header(f":primary[{scan_words.say_events(events)}] :gray[· {scan_words.say_recording(facts)}]", anchor=False)
if not is_done(facts):
    st.warning(_("So far: the scan is not done."), icon=":material/hourglass_top:")
for said in scan_words.say_onset(trend(scan_store(), facts, card)):
    st.markdown(said)
for said in scan_words.say_left_out(facts):
    st.caption(said)
span = (picked.view_from, picked.view_to) if picked.view_to > picked.view_from else (0.0, facts.duration)
trace = scan_panels.trace_scan(scan_store(), facts, card, events, threshold, picked.block - 1, span)
key = choice.clickable_key("timeline")
show(
    scan_panels.draw_timeline(trace, facts, events, theme_palette()),
    key,
    SELECT,
    lambda: choice.pick_span(key),
    _("Draw a box over a stretch to look closer, or to open it in Inspect."),
    "box",
)
show_stretch(recording, facts, span)

st.subheader(_("Events"), anchor=False)
for said in scan_words.say_threshold(threshold):
    st.caption(said)
if events:
    words = {name.key: name.words for name in card.classes}
    table: pd.DataFrame = events_table(events, facts, threshold).to_pandas()
    shown = pd.DataFrame(
        {
            _("from (s)"): table["start_s"].round(3),
            _("to (s)"): table["end_s"].round(3),
            _("lasts (s)"): (table["end_s"] - table["start_s"]).round(3),
            _("class"): table["class"].map(words),
            _("probability"): table["probability"].map(percent),
            _("surest window at (s)"): table["peak_window_s"].round(3),
        }
    )
    st.dataframe(shown, hide_index=True, key="events")
show_scan_downloads(events, facts, threshold)
