"""The parts of the page Recording: the scan that runs, the stretch that was picked, and what can be taken away."""

import streamlit as st

from cbam_viz.analysis.events import Event
from cbam_viz.language import _
from cbam_viz.signals.recording import Recording
from cbam_viz.signals.write import write_signal
from cbam_viz.studies import scan_panels
from cbam_viz.studies.scan import ScanFacts
from cbam_viz.studies.scan_events import Threshold
from cbam_viz.studies.scan_words import say_length
from cbam_viz.ui import choice
from cbam_viz.ui.downloads import PARQUET, Kind, offer_files
from cbam_viz.ui.scans import (
    has_begun,
    is_done,
    is_running,
    may_start,
    read_progress,
    scan_store,
    start_scan,
    stop_scan,
)
from cbam_viz.ui.show import plain
from cbam_viz.ui.uploads import keep_made

AT_ONCE_S = 600.0
"""A recording this short is scanned without being asked for."""
LOOK_S = 1.0
"""Between two looks at the progress of a scan."""


def offer_scan(recording: Recording, facts: ScanFacts) -> None:
    """Show how far the scan is, with a button that stops it; where none runs, offer to start it."""
    if is_done(facts):
        return
    told = read_progress(facts)
    if not told and facts.duration <= AT_ONCE_S and may_start():
        start_scan(recording, facts, choice.chosen("track_hz") is not None)
    if is_running(facts):
        _watch(facts)
        return
    if told.get("state") == "failed":
        st.error(plain(told["advice"]) or _("The scan ended before it was done."), icon=":material/error:")
    label = _("Go on") if has_begun(facts) else _("Scan {length}").format(length=say_length(facts.duration))
    st.button(
        label,
        key="scan",
        type="primary",
        icon=":material/play_arrow:",
        on_click=start_scan,
        args=(recording, facts, choice.chosen("track_hz") is not None),
        disabled=not may_start(),
        help=None if may_start() else _("Other scans are running. Ask again when they are done."),
    )


@st.fragment(run_every=LOOK_S)
def _watch(facts: ScanFacts) -> None:
    """Show how far a scan is, until it ends."""
    if not is_running(facts):
        st.rerun()
    told = read_progress(facts)
    done, all_s, rate = (told.get(name, 0.0) for name in ("done_s", "all_s", "rate"))
    words = _("Beginning")
    if all_s and rate:
        words = _("{done} of {all}, {rate:.0f} times as fast as it was recorded, {left} left").format(
            done=say_length(done), all=say_length(all_s), rate=rate, left=say_length((all_s - done) / rate)
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(min(done / all_s, 1.0) if all_s else 0.0, words)
        if st.button(_("Stop"), key="stop", help=_("What is done is kept.")):
            stop_scan(facts)
            st.rerun()


def show_stretch(recording: Recording, facts: ScanFacts, span: tuple[float, float]) -> None:
    """Offer what can be done with the stretch that was picked, and the way back to the whole."""
    begin, end = choice.chosen("picked_from"), choice.chosen("picked_to")
    begin, end = max(begin, 0.0), min(end, facts.duration)
    with st.container(horizontal=True, vertical_alignment="center"):
        if end > begin:
            st.markdown(_("Picked: {stretch}").format(stretch=scan_panels.say_stretch((begin, end))))
            st.button(
                _("Look closer"), key="closer", icon=":material/zoom_in:", on_click=choice.look_at, args=(begin, end)
            )
            if st.button(
                _("Open in Inspect"),
                key="inspect",
                icon=":material/search:",
                help=_("At most {length} of it, from its beginning.").format(
                    length=say_length(scan_panels.LONGEST_STRETCH_S)
                ),
            ):
                _open_stretch(recording, (begin, end))
        if span != (0.0, facts.duration):
            st.button(
                _("Whole recording"), key="whole", icon=":material/zoom_out_map:", on_click=choice.look_at, args=(0, 0)
            )


def _open_stretch(recording: Recording, span: tuple[float, float]) -> None:
    """Have Inspect show a stretch, with the same network."""
    path = keep_made(
        f"{recording.digest} {span}",
        f"{scan_panels.stretch_name(recording, span)}.npz",
        lambda path: write_signal(scan_panels.cut_stretch(recording, span), path),
    )
    token = path.parent.name
    choice.remember_upload(token)
    choice.open_signal(0, {}, signal=token, channel="")
    st.switch_page("cbam_viz/ui/pages/inspect.py")


def show_scan_downloads(events: tuple[Event, ...], facts: ScanFacts, threshold: Threshold) -> None:
    """Put all that can be taken away of a scan in one row."""
    kinds = [
        Kind("events.csv", _("Events, CSV"), "text/csv", lambda: scan_panels.events_csv(events, facts, threshold)),
        Kind("events.json", "JSON", "application/json", lambda: scan_panels.scan_json(events, facts, threshold)),
        Kind("events.parquet", "Parquet", PARQUET, lambda: scan_panels.events_parquet(events, facts, threshold)),
    ]
    if is_done(facts):
        kinds.append(
            Kind("windows.parquet", _("All windows"), PARQUET, lambda: scan_panels.windows_bytes(scan_store(), facts))
        )
    offer_files(kinds, lambda ending: f"{facts.key}.{ending}")
