"""The tab Frequency of Inspect: the physics of the machine beside what the network lets through."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from cbam_viz.analysis.envelope import SEARCHED
from cbam_viz.errors import InputError
from cbam_viz.figures.style import Palette
from cbam_viz.language import _
from cbam_viz.studies import physics_words as words
from cbam_viz.studies.command import output_name
from cbam_viz.studies.explain import Explanation
from cbam_viz.studies.numbers import physics_csv
from cbam_viz.studies.panels import FrequencyView, View
from cbam_viz.studies.physics import NARROWEST_HZ, Physics, check_band, study_physics
from cbam_viz.studies.physics_panels import draw_envelope, draw_gate_spectrum, draw_spectrum
from cbam_viz.studies.physics_tables import list_tests
from cbam_viz.ui import choice
from cbam_viz.ui.show import plain, show, show_table

MOST_NUDGE = 100 * SEARCHED
"""Of the shaft speed, in percent: as far as the speed that fits best is looked for."""
BAND_STEP_HZ = 50


def keep_frequency(top_hz: float) -> None:
    """Bring the choices of this tab within what there is, where a URL left them outside.

    Parameters
    ----------
    top_hz : upper edge of what the network reads.
    """
    choice.keep_within("nudge", -MOST_NUDGE, MOST_NUDGE)
    choice.keep_within("band_high", 0, int(top_hz))
    low, high = choice.chosen("band_low"), choice.chosen("band_high")
    if high and not 0 <= low <= high:
        reset_band()


def view_frequency(told: Mapping[str, Any]) -> FrequencyView:
    """How frequencies are looked at, by the choices as they are told; a band that is too narrow is left out."""
    band = (float(told["band_low"]), float(told["band_high"]))
    return FrequencyView(band if band[1] - band[0] >= NARROWEST_HZ else None, told["nudge"] / 100, told["orders"])


@st.fragment
def show_frequency(explanation: Explanation, view: View, palette: Palette) -> None:
    """Show band, speed, verdict and the three spectra; a choice made here runs this part of the page alone."""
    if explanation.card.circuit:
        st.caption(_("One response to a pulse repeats nothing, so there are no lines to look for."))
        return
    keep_frequency(explanation.card.preparation.top_hz)
    choice.publish_choice()
    physics = study_physics(explanation, replace(view, frequency=view_frequency(choice.published())))
    if physics.verdict:
        st.markdown(words.say_physics(physics.verdict, physics.said))
    for sentence in physics.lacking:
        st.caption(f":material/info: {sentence}")
    if physics.envelope:
        _choose(physics, view, int(explanation.card.preparation.top_hz))
        show(draw_envelope(physics.envelope, palette), "envelope")
    show(draw_spectrum(physics, palette), "spectrum")
    if physics.gate:
        show(draw_gate_spectrum(physics.gate, palette), "gate_spectrum")
    if physics.scores:
        show_table(list_tests(physics))
    st.download_button(
        _("Save these numbers"),
        lambda: physics_csv(explanation, view.window, physics),
        output_name(explanation, "frequency.csv"),
        "text/csv",
        key="frequency.csv",
        on_click="ignore",
        help=_("Band, lines, spectra and tests as a table; the CSV, JSON and Parquet of the page hold the same."),
    )


def _choose(physics: Physics, view: View, top_hz: int) -> None:
    """Ask for the band, the speed and the axis."""
    band, speed = st.columns(2, gap="large")
    low, high = choice.chosen("band_low"), choice.chosen("band_high")
    with band:
        choice.show_in("band", (low, high) if high else (round(physics.band.low), round(physics.band.high)))
        st.slider(_("Band whose envelope is drawn (Hz)"), 0, top_hz, step=BAND_STEP_HZ, key="band", on_change=take_band)
        try:
            check_band(low, high or top_hz, top_hz)
        except InputError as advice:
            st.error(plain(str(advice)), icon=":material/error:")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(words.say_band(physics.band))
            if high:
                st.button(_("Most impulsive band"), on_click=reset_band, type="tertiary", key="automatic_band")
    if not view.shaft_hz:
        return
    with speed:
        st.slider(_("Nudge the shaft speed (%)"), -MOST_NUDGE, MOST_NUDGE, step=0.1, format="%+.1f", key="nudge")
        with st.container(horizontal=True, vertical_alignment="center"):
            if view.bearing:
                st.caption(words.say_speed(physics.speed))
            if physics.speed and (best := round(100 * physics.speed.change, 1)) != choice.chosen("nudge"):
                st.button(_("Take it"), on_click=choice.choose, args=("nudge", best), type="tertiary", key="take_speed")
    st.toggle(_("orders of the shaft"), key="orders")


def take_band() -> None:
    """Listen to the band that the slider says."""
    low, high = choice.chosen("band")
    choice.choose("band_high", max(high, 1))  # 0 stands for no band by hand
    choice.choose("band_low", low)


def reset_band() -> None:
    """Listen to the most impulsive band again."""
    choice.choose("band_low", 0)
    choice.choose("band_high", 0)
