"""Inspect: what does it look at in this signal?"""

import streamlit as st

from cbam_viz.analysis.channels import trace_channels
from cbam_viz.analysis.diagnosis import trace_diagnosis
from cbam_viz.analysis.overview import trace_overview
from cbam_viz.analysis.spatial import trace_spatial
from cbam_viz.figures.channels import plot_channels
from cbam_viz.figures.diagnosis import plot_diagnosis
from cbam_viz.figures.overview import plot_overview
from cbam_viz.figures.spatial import plot_spatial
from cbam_viz.figures.style import DARK, LIGHT
from cbam_viz.language import _
from cbam_viz.studies import report, words
from cbam_viz.studies.explain import line_of_diagnosis, say_control
from cbam_viz.ui import choice
from cbam_viz.ui.sidebar import (
    check_bearing,
    choose_block,
    choose_channel,
    choose_network,
    choose_signal,
    choose_window,
    explain_choice,
    say_training,
)

ORDERS = {"frequency": _("by frequency"), "deviation": _("by deviation"), "number": _("by number")}
CALM = {"displayModeBar": False}
ZOOM = {"displaylogo": False, "modeBarButtons": [["toImage", "zoom2d", "pan2d", "resetScale2d"]]}


def open_clicked() -> None:
    """Open the window whose mark was clicked."""
    if number := choice.clicked_window("overview"):
        choice.choose("window", number)


st.title(_("What does it look at in this signal?"), anchor=False)
choice.restore_choice()
choice.keep_to("order", list(ORDERS))
with st.sidebar:
    path = choose_signal()
    channel = choose_channel(path)
    card = choose_network(channel)
    st.caption(say_training(card, channel))
    choose_block(card)
    picked = choice.publish_choice()
    explanation = explain_choice(path, picked)
    window = choose_window(explanation)
picked = choice.publish_choice()

record, windows, unit, block = explanation.record, explanation.windows, explanation.signal.unit, picked.block - 1
palette = DARK if st.context.theme.type == "dark" else LIGHT
shaft_hz, bearing = picked.shaft_rpm / 60 or None, check_bearing(picked.bearing)

diagnosis = trace_diagnosis(record, card, window)
best, rest = words.say_verdict(diagnosis)
st.markdown(f"##### :primary[{best}] :gray[· {rest}]")
st.caption(say_control(explanation, window, block))

line = line_of_diagnosis(explanation, window, shaft_hz, bearing)
spatial = trace_spatial(record, windows, card, window, block, unit, picked.scale, line)
st.plotly_chart(plot_spatial(spatial, palette), theme=None, config=ZOOM, key="spatial", alt=words.say_spatial(spatial))
st.caption(words.caption_spatial(spatial))

with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
    st.segmented_control(_("Channels"), list(ORDERS), format_func=ORDERS.__getitem__, key="order", required=True)
    st.toggle(_("absolute M_c"), key="absolute")
channels = trace_channels(record, card, window, block, picked.order, picked.absolute)
st.plotly_chart(
    plot_channels(channels, palette), theme=None, config=CALM, key="channels", alt=words.say_channels(channels)
)
st.caption(words.caption_channels(channels))

whole, classes = st.columns([3, 2], gap="large")
with whole:
    st.subheader(_("All windows"), anchor=False)
    overview = trace_overview(record, windows, card, window, unit)
    st.plotly_chart(
        plot_overview(overview, palette),
        theme=None,
        config=CALM,
        key="overview",
        on_select=open_clicked,
        selection_mode="points",
        alt=words.say_whole(diagnosis),
    )
    st.caption(words.say_whole(diagnosis) + " " + _("Click a mark to open its window."))
with classes:
    st.subheader(_("Probabilities"), anchor=False)
    st.plotly_chart(
        plot_diagnosis(diagnosis, palette),
        theme=None,
        config=CALM,
        key="diagnosis",
        alt=" · ".join(words.say_verdict(diagnosis)),
    )
    st.caption(_("Bars: this window. Marks: the mean over all windows."))

for note in explanation.notes:
    st.caption(note)
with st.expander(_("About {name}").format(name=card.name)):
    st.markdown(words.say_card(card))
stem = f"{path.stem} {card.name}"
downloads = (
    ("csv", _("Numbers as CSV"), "text/csv", lambda: report.explanation_csv(explanation)),
    ("json", _("Numbers as JSON"), "application/json", lambda: report.explanation_json(explanation)),
    (
        "html",
        _("Figures as HTML"),
        "text/html",
        lambda: report.explanation_html(explanation, window, block, picked.scale, shaft_hz, bearing),
    ),
)
for column, (kind, label, mime, write) in zip(st.columns(3), downloads, strict=True):
    column.download_button(label, write, f"{stem}.{kind}", mime, key=kind, on_click="ignore", width="stretch")
