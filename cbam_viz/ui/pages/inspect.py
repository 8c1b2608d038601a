"""Inspect: what does it look at in this signal?"""

from pathlib import Path

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
from cbam_viz.network.card import Card
from cbam_viz.signals.signal import GapsError
from cbam_viz.studies import report, words
from cbam_viz.studies.explain import Explanation, line_of_diagnosis, most_telling_window, say_control
from cbam_viz.ui import choice
from cbam_viz.ui.choice import Choice
from cbam_viz.ui.loaders import load_explanation
from cbam_viz.ui.sidebar import check_bearing, choose_channel, choose_network, choose_signal, say_training

SCALES = {"usual": _("usual"), "unit": "0–1", "map": _("this map")}
ORDERS = {"frequency": _("by frequency"), "deviation": _("by deviation"), "number": _("by number")}
CALM = {"displayModeBar": False}
ZOOM = {"displaylogo": False, "modeBarButtons": [["toImage", "zoom2d", "pan2d", "resetScale2d"]]}


def choose_view(card: Card) -> None:
    """Ask for the block and the scale of M_s."""
    st.subheader(_("Show"), anchor=False)
    with_gate = [number for number, block in enumerate(card.config.blocks, 1) if block.cbam and block.cbam.has_spatial]
    choice.keep_to("block", with_gate)
    choice.keep_to("scale", list(SCALES))
    st.segmented_control(_("Block"), with_gate, default=None, key="block", required=True, width="stretch")
    st.segmented_control(
        _("Scale of M_s"),
        list(SCALES),
        format_func=SCALES.__getitem__,
        key="scale",
        required=True,
        width="stretch",
        help=_("usual: the 1–99 % range of this gate over the data set, the same for every signal."),
    )


def explain_choice(path: Path, picked: Choice) -> Explanation:
    """Record the attention of what was picked; gaps in the samples bring up the switch that bridges them."""
    if picked.bridge:
        st.toggle(_("Bridge short gaps"), key="bridge")
    try:
        return load_explanation(path, picked.network, picked.channel, picked.rate_hz or None, picked.bridge)
    except GapsError:
        st.toggle(_("Bridge short gaps"), key="bridge")
        raise


def choose_window(explanation: Explanation) -> int:
    """Ask for the window, and give its index."""
    count = len(explanation.windows)
    if not 1 <= choice.chosen("window") <= count:
        choice.choose("window", most_telling_window(explanation) + 1)
    number = choice.chosen("window")
    if count > 1:
        st.slider(_("Window (of {count})").format(count=count), 1, count, key="window")
        back, on = st.columns(2)
        back.button(
            _("Previous"),
            on_click=choice.step_window,
            args=(-1,),
            disabled=number == 1,
            width="stretch",
            shortcut="Left",
        )
        on.button(
            _("Next"),
            on_click=choice.step_window,
            args=(1,),
            disabled=number == count,
            width="stretch",
            shortcut="Right",
        )
    return number - 1


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
    choose_view(card)
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
csv, json, html = st.columns(3)
csv.download_button(
    _("Numbers as CSV"),
    lambda: report.explanation_csv(explanation),
    f"{stem}.csv",
    "text/csv",
    on_click="ignore",
    width="stretch",
    key="csv",
)
json.download_button(
    _("Numbers as JSON"),
    lambda: report.explanation_json(explanation),
    f"{stem}.json",
    "application/json",
    on_click="ignore",
    width="stretch",
    key="json",
)
html.download_button(
    _("Figures as HTML"),
    lambda: report.explanation_html(explanation, window, block, picked.scale, shaft_hz, bearing),
    f"{stem}.html",
    "text/html",
    on_click="ignore",
    width="stretch",
    key="html",
)
