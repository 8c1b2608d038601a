"""What a page asks first: signal, network, block and window; each part draws its widgets and gives what was picked."""

import contextlib
from dataclasses import replace
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cbam_viz.errors import InputError
from cbam_viz.figures.style import Palette
from cbam_viz.language import _, digits
from cbam_viz.network.card import Card
from cbam_viz.physics.bearing import BEARINGS, FASTEST_SHAFT_HZ, check_shaft, read_bearing
from cbam_viz.signals.readers import EXTENSIONS
from cbam_viz.signals.signal import Channel, GapsError
from cbam_viz.signals.units import UNITS, readable
from cbam_viz.studies import words
from cbam_viz.studies.assess_words import say_worth
from cbam_viz.studies.explain import Explanation, most_telling_window
from cbam_viz.studies.panels import draw_outline
from cbam_viz.ui import choice
from cbam_viz.ui.loaders import load_cards, load_channels, load_explanation, load_samples, load_signal
from cbam_viz.ui.show import plain
from cbam_viz.ui.simulation import SIMULATED, choose_simulation
from cbam_viz.ui.uploads import drop_upload, find_upload, keep_upload

SCALES = {"usual": _("usual"), "unit": "0–1", "map": _("this map")}


def choose_signal() -> Path:
    """Ask for a sample, an upload or a simulation, and give the path of the file."""
    st.subheader(_("Signal"), anchor=False)
    samples = load_samples()
    token = choice.chosen("signal")
    ours = {SIMULATED: _("Simulated bearing, set by you")} | {name: sample.title for name, sample in samples.items()}
    if token not in ours and find_upload(token):
        choice.remember_upload(token)  # a reload, or a link: only the URL knows it
    uploads = {known: path for known in choice.visit_uploads() if (path := find_upload(known))}
    if token not in ours and token not in uploads:
        st.warning(_("The upload of this link is no longer kept. Upload the file again."))
        choice.begin_signal(next(iter(samples)))
    labels = _labels(uploads) | ours
    st.selectbox(
        _("Sample or upload"),
        list(labels),
        format_func=labels.__getitem__,
        key="signal",
        on_change=choice.begin_signal,
    )
    token = choice.chosen("signal")
    simulated = choose_simulation() if token == SIMULATED else None
    key = choice.uploader_key()
    st.file_uploader(
        _("or upload your own, one or several"),
        help=_("Formats: {extensions}").format(extensions=", ".join(EXTENSIONS)),
        accept_multiple_files=True,
        key=key,
        on_change=_take_uploads,
        args=(key,),
    )
    if advice := choice.pop_advice():
        st.error(advice + " " + _("{name} is shown.").format(name=labels[token]), icon=":material/error:")
    return simulated or (uploads[token] if token in uploads else samples[token].path)


def _labels(uploads: dict[str, Path]) -> dict[str, str]:
    """A name for each upload; Streamlit tells options apart by what is shown, so no two are the same."""
    labels: dict[str, str] = {}
    for token, path in reversed(uploads.items()):  # the oldest keeps its plain name
        again = sum(other.name == path.name for other in map(uploads.__getitem__, labels))
        labels[token] = f"{path.name} ({again + 1})" if again else path.name
    return {token: labels[token] for token in uploads}


def _take_uploads(key: str) -> None:
    """Keep uploads and move to the first; those that can't be read leave everything as it was."""
    taken = []
    for file in choice.uploaded(key):
        token, path = keep_upload(file.name, file.getvalue())
        try:
            load_channels(path)
        except InputError as advice:
            drop_upload(token)
            choice.refuse_upload(str(advice))
        else:
            choice.remember_upload(token)
            taken.append(token)
    if taken:
        choice.begin_signal(taken[0])


def choose_channel(path: Path, palette: Palette) -> Channel:
    """Ask for the channel, its sampling rate, and the machine; what the file says is filled in, and shown small."""
    with st.spinner(_("Reading the file")):
        channels = {channel.name: channel for channel in load_channels(path)}
    if choice.chosen("channel") not in channels:
        choice.choose("channel", next(iter(channels)))
    preview = st.container(gap="xsmall")
    if len(channels) > 1:
        st.selectbox(_("Channel"), list(channels), key="channel", on_change=choice.begin_channel)
    channel = channels[choice.chosen("channel")]
    known: dict[str, str | float | None] = {
        "unit": channel.unit,
        "rate_hz": channel.fs,
        "shaft_rpm": round(60 * channel.shaft_hz, 1) if channel.shaft_hz else None,
        "bearing": channel.bearing or "",
    }
    choice.fill(f"{path} {channel.name}", known)
    if choice.chosen("signal") == SIMULATED:  # the sliders say all that is asked below
        return channel
    _choose_facts(channel)
    with preview:
        _preview(path, list(channels.values()), channel, palette)
    return channel


def _choose_facts(channel: Channel) -> None:
    """Ask for the rate, the unit and, unless it is a circuit that was measured, the shaft speed and the bearing."""
    units = readable(channel.unit) if channel.unit else ("", *UNITS)
    choice.keep_to("unit", units)
    rate, speed = st.columns(2)
    rate.number_input(
        _("Rate (Hz)"),
        value=None,
        key="rate_hz",
        step=1.0,
        format="%.10g",
        placeholder=_("unknown"),
        help=_("Samples a second; emptied, it is what the file says."),
    )
    if channel.circuit:
        _choose_unit(speed, units)
        return
    speed.number_input(
        _("Shaft (rpm)"),
        value=None,
        key="shaft_rpm",
        step=1.0,
        placeholder=_("unknown"),
        format="%g",
        help=_("Draws the fault period."),
    )
    machine, unit = st.columns([5, 4])
    machine.selectbox(
        _("Bearing"),
        list(dict.fromkeys(["", *BEARINGS, choice.chosen("bearing")])),
        format_func=lambda name: name or _("unknown"),
        key="bearing",
        accept_new_options=True,
        help=_(
            "A name, fault orders (bpfo=3.58;bpfi=5.42;bsf=2.36;ftf=0.40) or geometry (balls=9;ball=7.94;pitch=39.04)."
        ),
    )
    _choose_unit(unit, units)


def _choose_unit(place: DeltaGenerator, units: tuple[str, ...]) -> None:
    """Ask for the unit."""
    place.selectbox(
        _("Unit"),
        units,
        format_func=lambda unit: unit or _("unknown"),
        key="unit",
        help=_(
            "Of the samples, on every axis. A unit of the same quantity converts them; another corrects what the file "
            "says. What the network reads is scaled, so it changes no diagnosis."
        ),
    )


def _preview(path: Path, channels: list[Channel], channel: Channel, palette: Palette) -> None:
    """Show what is in the file before it is explained; what is wrong with its samples is said there."""
    asked = choice.asked_of_file()
    said = words.say_file(channels, channel, asked.fs or channel.fs)
    st.caption(said)
    with contextlib.suppress(InputError):
        signal = load_signal(path, asked if asked.fs or channel.fs else replace(asked, fs=1.0))
        st.plotly_chart(draw_outline(signal, palette), theme=None, config={"staticPlot": True}, key="outline", alt=said)


def check_bearing(text: str) -> str | None:
    """The bearing as it was typed, None where it is unknown; one that can't be understood is said and left out."""
    try:
        return text if text and read_bearing(text) else None
    except InputError as advice:
        st.error(plain(str(advice)), icon=":material/error:")
        return None


def check_speed(rpm: float | None) -> float | None:
    """The shaft speed in Hz, None where it is unknown; one that no shaft has is said and left out."""
    if rpm is None:
        return None
    try:
        check_shaft(rpm / 60)
    except InputError:
        st.error(
            _(
                "A shaft speed lies between 0 and {most:.0f} rpm, but {rpm} rpm was given. Enter its turns a minute, "
                "or empty the field where nobody knows them."
            ).format(most=60 * FASTEST_SHAFT_HZ, rpm=digits(rpm, ".10g")),
            icon=":material/error:",
        )
        return None
    return rpm / 60


def choose_network(channel: Channel | None = None, anywhere: bool = False) -> Card:
    """Ask for the network; after a change of signal it is the one that knows its bearing or circuit, if any.

    Where the signal tells which it is, networks that read the other kind are not offered; where windows must begin
    `anywhere`, neither are those that read from a pulse on.
    """
    st.subheader(_("Network"), anchor=False)
    known = {name: card for name, card in load_cards().items() if not anywhere or card.preparation.start == "anywhere"}
    cards = {name: card for name, card in known.items() if channel is None or _fits(card, channel)} or known
    if channel:
        choice.take_suggestion(next((name for name, card in cards.items() if _is_made_for(card, channel)), None))
    asked = choice.chosen("network")
    if asked in known and asked not in cards:
        asked = next(iter(cards))
        choice.choose("network", asked)
    choice.keep_to("network", list(cards))
    if asked not in cards:
        st.warning(_("There is no network {asked} here.").format(asked=asked))
    st.selectbox(
        _("Network, with its tested accuracy"),
        list(cards),
        format_func=lambda name: f"{name} · {words.say_accuracy(cards[name])}",
        key="network",
        on_change=choice.keep_network,
        help=f"{words.say_results(cards[choice.chosen('network')])} {say_worth(cards[choice.chosen('network')])}",
    )
    return cards[choice.chosen("network")]


def say_switch(card: Card, channel: Channel | None = None) -> str:
    """That another network was moved to for this signal, or for a simulated set; empty where none was."""
    before = choice.network_before()
    if not before or not (_is_made_for(card, channel) if channel else card.seen_only_simulated):
        return ""
    return _("Switched from {before} to {name}, which was trained on this kind of signal.").format(
        before=before, name=card.name
    )


def _fits(card: Card, channel: Channel) -> bool:
    """Whether a network reads this kind of signal, as far as its file tells."""
    if channel.circuit:
        return card.circuit == channel.circuit
    return card.circuit is None or channel.bearing is None


def _is_made_for(card: Card, channel: Channel) -> bool:
    """Whether a network knows the bearing or the circuit of a signal."""
    if channel.circuit:
        return card.circuit == channel.circuit
    return channel.bearing is not None and card.bearing == channel.bearing


def choose_block(card: Card) -> None:
    """Ask for the block and the scale of M_s."""
    with_gate = [number for number, block in enumerate(card.config.blocks, 1) if block.has_spatial]
    choice.keep_to("block", with_gate)
    choice.keep_to("scale", list(SCALES))
    st.segmented_control(_("Block"), with_gate, default=None, key="block", required=True, width="stretch")
    st.segmented_control(
        _("Colour range of the gate"),
        list(SCALES),
        format_func=SCALES.__getitem__,
        key="scale",
        required=True,
        width="stretch",
        help=_("usual: the 1–99 % range of this gate over the data set, the same for every signal."),
    )


def explain_choice(path: Path) -> Explanation:
    """Record the attention of what was picked; gaps in the samples bring up the switch that bridges them."""
    if choice.chosen("bridge"):
        st.toggle(_("Bridge short gaps"), key="bridge")
    try:
        with st.spinner(_("Recording its attention")):
            return load_explanation(path, choice.chosen("network"), choice.asked_of_file())
    except GapsError:
        st.toggle(_("Bridge short gaps"), key="bridge")
        raise


def choose_window(explanation: Explanation) -> int:
    """Ask for the window, and give its index."""
    st.subheader(_("Show"), anchor=False)
    count = len(explanation.windows)
    asked = choice.chosen("window")
    number = min(max(asked, 1), count) if asked else most_telling_window(explanation) + 1
    choice.choose("window", number)
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
