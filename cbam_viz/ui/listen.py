"""*Listen*: the recording, what one block's gate lets through of it, and what it takes away."""

import base64

import numpy as np
import streamlit as st

from cbam_viz.analysis.listen import Sound, sound_of, span_around, span_of_window, wave_bytes
from cbam_viz.figures.style import Palette
from cbam_viz.language import _
from cbam_viz.studies.command import output_name
from cbam_viz.studies.explain import Explanation
from cbam_viz.studies.panels import View
from cbam_viz.ui import choice
from cbam_viz.ui.downloads import ZIP, pack
from cbam_viz.ui.player import play

HEARD = {"window": _("this window, again and again"), "all": _("the recording")}
SLOWER = {1: "1×", 2: "½×", 4: "¼×", 8: "⅛×"}
COLUMNS = 720
"""Of the small picture above the buttons."""


def keep_listening() -> None:
    """Bring what is listened to back among what there is, where a URL left it outside."""
    choice.keep_to("heard", list(HEARD))
    choice.keep_to("slower", list(SLOWER))


@st.fragment
def show_listen(explanation: Explanation, view: View, palette: Palette) -> None:
    """Ask what is heard and how, and put the player on the page; a choice made here runs this part alone."""
    if explanation.card.circuit:
        st.caption(_("A response lasts less than a millisecond, too short to be heard."))
        return
    choice.publish_choice()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        heard = st.segmented_control(_("Sound"), list(HEARD), format_func=HEARD.__getitem__, key="heard", required=True)
        st.segmented_control(_("Speed"), list(SLOWER), format_func=SLOWER.__getitem__, key="slower", required=True)
        level = st.toggle(_("same loudness"), key="level")
    slower = int(choice.chosen("slower"))
    windows, block = explanation.windows, explanation.record.blocks[view.block]
    span = span_of_window(windows, view.window) if heard == "window" else span_around(windows, view.window)
    sound = sound_of(windows, block, span, level)
    sounds = {_("original"): sound.original, _("weighted"): sound.weighted, _("difference"): sound.difference}
    play(
        {
            "name": f"{explanation.signal.digest} {explanation.card.name} {view.block} {span} {level}",
            "labels": list(sounds),
            "waves": [base64.b64encode(wave_bytes(each, sound.fs)).decode() for each in sounds.values()],
            "loop": heard == "window",
            "slower": slower,
            "seconds": len(sound.original) / sound.fs,
            "start": sound.start / sound.fs,
            "colours": {"line": palette.line, "muted": palette.muted, "gate": palette.high, "cursor": palette.opposite},
            "words": {
                "play": _("Play"),
                "stop": _("Stop"),
                "place": _("Place in the sound"),
                "choose": _("Which sound"),
                "none": _("This browser plays no sound. Save the three sounds instead."),
            },
            **_outline(sound, list(sounds.values()), explanation.card.reference[view.block].spatial_quantiles),
        }
    )
    st.caption(_caption(explanation, view, slower=slower, level=level))
    st.download_button(
        _("Save the three sounds"),
        lambda: pack({f"{name}.wav": wave_bytes(each, sound.fs, slower) for name, each in sounds.items()}),
        output_name(explanation, "sounds.zip"),
        ZIP,
        key="sounds",
        on_click="ignore",
        help=_("Three WAV files of 16 bits in a zip."),
    )


def _outline(
    sound: Sound, sounds: list[np.ndarray], usual: tuple[float, ...]
) -> dict[str, list[float] | list[list[float]]]:
    """Lowest and highest sample of each sound, and the gate on its usual range, column by column of a small picture."""
    starts = np.unique(np.linspace(0, len(sound.gate) - 1, min(COLUMNS, len(sound.gate))).astype(np.int64))
    gate = np.nan_to_num(sound.gate[starts], nan=usual[0])
    return {
        "low": [np.minimum.reduceat(each, starts).round(4).tolist() for each in sounds],
        "high": [np.maximum.reduceat(each, starts).round(4).tolist() for each in sounds],
        "gate": ((gate - usual[0]) / (usual[-1] - usual[0] or 1)).clip(0, 1).round(3).tolist(),
    }


def _caption(explanation: Explanation, view: View, slower: int, level: bool) -> str:
    """What is heard, and what is not."""
    said = _(
        "Weighted: each sample times the spatial attention of {block} that lies over it, as steps. "
        "Difference: original minus weighted. Up to {top:g} Hz, which is what the network reads. "
    ).format(block=explanation.record.blocks[view.block].name, top=explanation.card.preparation.top_hz)
    said += (
        _("All three are as loud as the original, so only their character can be compared.")
        if level
        else _("All three have one gain, so what sounds weaker is weaker.")
    )
    if slower > 1:
        said += " " + _("Slowed down {slower} times, every pitch falls by that factor.").format(slower=slower)
    return said
