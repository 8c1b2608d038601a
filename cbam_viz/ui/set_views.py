"""The views of a comparison, each with its heading, its widgets, its picture and the sentences about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import streamlit as st

from cbam_viz.analysis.difference import choose_pair
from cbam_viz.datasets.labels import Labelled
from cbam_viz.errors import InputError
from cbam_viz.figures.style import Palette
from cbam_viz.language import _
from cbam_viz.network.card import Card
from cbam_viz.studies.compare import Comparison, match_class, most_telling
from cbam_viz.studies.set_panels import VIEWS, SetView, draw_view, find_sides
from cbam_viz.ui import choice
from cbam_viz.ui.loaders import is_loaded, load_comparison, load_panel
from cbam_viz.ui.show import CALM, ZOOM, is_phone, plain, show

ORDERS = {
    "frequency": _("frequency"),
    "difference": _("difference"),
    "cluster": _("likeness"),
    "number": _("number"),
}
BY = {"impacts": _("impacts"), "period": _("fault period")}
MEASURES = {"euclidean": _("distance"), "cosine": _("direction")}
CLICKS = {"inspect": _("opens it in Inspect"), "pair": _("puts it beside A or B")}
LAYOUTS = {"beside": _("side by side"), "above": _("one above the other")}
SIDES = {"a": "A", "b": "B"}
FEW = 3
"""Sentences that are shown as they are; more are folded away."""


@dataclass(frozen=True, eq=False)
class Shown:
    """A comparison on the page.

    Parameters
    ----------
    comparison : the recordings and their attention.
    key : what it is kept under.
    recordings : those it was made of, by name.
    palette : of the theme.
    """

    comparison: Comparison
    key: tuple[Any, ...]
    recordings: dict[str, Labelled]
    palette: Palette

    @property
    def words(self) -> list[str]:
        """Of the classes."""
        return [name.words for name in self.comparison.labelled.classes]


def compare_set(recordings: tuple[Labelled, ...], lost: Sequence[str], card: Card, palette: Palette) -> Shown:
    """Record the set, or say what it lacks and end the page there."""
    key = (recordings, card.name, tuple(lost))
    classes = {match_class(recording.label, card.classes) for recording in recordings} - {""}
    if len(classes) < 2:
        _say_lost(lost, len(lost))
        st.info(_lacking(recordings, card))
        _end()
    if choice.is_stopped(key) and not is_loaded(*key):
        st.info(_("The recording of this set was cancelled."))
        st.button(_("Record it"), key="record", on_click=choice.stop_recording, type="primary")
        _end()
    with st.spinner(_("Recording the attention of {count} recordings").format(count=len(recordings))):
        comparison = load_comparison(*key, on_cancel=lambda: choice.stop_recording(key))
    return Shown(comparison, key, {recording.name: recording for recording in recordings}, palette)


def _lacking(recordings: Sequence[Labelled], card: Card) -> str:
    """What a set of fewer than two classes lacks."""
    if recordings:
        return _(
            "A comparison needs recordings of at least two classes, but these {count} have fewer. Add recordings of "
            "another class, or correct the classes in the table."
        ).format(count=len(recordings))
    if choice.chosen("kind") == "uploads":
        return _(
            "Add recordings of at least two classes, in any format that Inspect reads; a class is taken from the name "
            "of the file, and can be corrected in a table."
        )
    return _(
        "No recordings that {network} was made for ship with this program. Choose another network, or add files of "
        "your own."
    ).format(network=card.name)


def _end() -> NoReturn:
    """End the page here, for there is nothing to compare."""
    choice.leaving()
    st.stop()


def show_counts(shown: Shown) -> None:
    """Say of how many recordings each class is the mean, and what a person should know of them."""
    labelled = shown.comparison.labelled
    known = any(member.machine != member.name for member in labelled.members)
    with st.container(horizontal=True, gap="medium"):
        for name, (machines, recordings, windows) in zip(labelled.classes, labelled.counts, strict=True):
            told = [_count(machines, _("specimen"), _("specimens"))] if known else []
            told += [_count(recordings, _("recording"), _("recordings")), _count(windows, _("window"), _("windows"))]
            with st.container(width="content", gap=None):
                st.markdown(f"**{plain(name.words)}**")
                st.caption(" · ".join(told))
    _say_lost(shown.comparison.left_out, shown.comparison.lost)
    _fold(shown.comparison.notes, _("{count} notes on this set").format(count=len(shown.comparison.notes)), st.caption)


def _say_lost(sentences: Sequence[str], lost: int) -> None:
    """Say which recordings are not compared; one sentence may tell of several."""
    _fold(sentences, _("{count} recordings are left out").format(count=lost), st.warning)


def _fold(sentences: Sequence[str], title: str, say: Callable[[str], object]) -> None:
    """Say sentences, many of them folded away."""
    if not sentences:
        return
    if len(sentences) <= FEW:
        say("  \n".join(map(plain, sentences)))
    else:
        with st.expander(title):
            say("  \n".join(map(plain, sentences)))


def _count(number: int, one: str, many: str) -> str:
    """A number of things."""
    return f"{number} {one if number == 1 else many}"


def choose_set_block(card: Card) -> None:
    """Ask for the block that the gates are of."""
    numbers = list(range(1, len(card.config.blocks) + 1))
    choice.keep_to("block", numbers)
    st.segmented_control(_("Block"), numbers, key="block", required=True)


# ---------------------------------------------------------------- the views


def show_class_channels(shown: Shown) -> None:
    """Which channels each class lets through."""
    head("class_channels")
    choice.keep_to("ranked", list(ORDERS))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            _("Channels by"), list(ORDERS), format_func=ORDERS.__getitem__, key="ranked", required=True
        )
        st.toggle(_("absolute values"), key="absolute")
    draw(
        shown,
        "class_channels",
        SetView(_block(), choice.chosen("ranked"), choice.chosen("absolute")),
    )


def show_aligned(shown: Shown) -> None:
    """When each class lets signals through, around an impact or since the pulse."""
    head("aligned")
    if shown.comparison.labelled.card.preparation.start == "pulse":
        draw(shown, "aligned", SetView(_block()))
        return
    choice.keep_to("by", list(BY))
    choice.keep_to("periods", [1, 2, 3])
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(_("Aligned by"), list(BY), format_func=BY.__getitem__, key="by", required=True)
        if choice.chosen("by") == "period":
            st.segmented_control(_("Periods"), [1, 2, 3], key="periods", required=True)
    draw(shown, "aligned", SetView(_block(), by=choice.chosen("by"), periods=choice.chosen("periods")))


def show_difference(shown: Shown) -> None:
    """How two classes differ."""
    head("difference")
    labelled = shown.comparison.labelled
    keys = [name.key for name in labelled.classes]
    words = dict(zip(keys, shown.words, strict=True))
    choice.follow("first", keys[choose_pair(labelled)[0]], keys)
    first = keys.index(choice.chosen("first"))
    others = [*keys[:first], *keys[first + 1 :]]
    choice.follow("second", keys[choose_pair(labelled, first)[1]], others)
    minuend, subtrahend = st.columns(2)
    minuend.selectbox(_("Class"), others, format_func=words.__getitem__, key="second")
    subtrahend.selectbox(_("minus class"), keys, format_func=words.__getitem__, key="first")
    first, second = _two_classes(shown)
    draw(shown, "difference", SetView(_block(), first=first, second=second))


def _two_classes(shown: Shown) -> tuple[int, int]:
    """Numbers of the two classes whose difference is drawn."""
    keys = [name.key for name in shown.comparison.labelled.classes]
    return keys.index(choice.chosen("first")), keys.index(choice.chosen("second"))


def whole_view(shown: Shown) -> SetView:
    """All that is looked at on the page."""
    picked = choice.picked()
    first, second = _two_classes(shown)
    return SetView(
        block=picked.block - 1,
        order=picked.ranked,
        absolute=picked.absolute,
        first=first,
        second=second,
        by=picked.by,
        periods=picked.periods,
        measure=picked.measure,
        a=picked.a - 1,
        b=picked.b - 1,
        a_window=picked.a_window - 1,
        b_window=picked.b_window - 1,
    )


def show_distances(shown: Shown) -> None:
    """How far apart the classes lie."""
    head("distances")
    choice.keep_to("measure", list(MEASURES))
    st.segmented_control(
        _("Classes compared by"),
        list(MEASURES),
        format_func=MEASURES.__getitem__,
        key="measure",
        required=True,
        help=_("distance: euclidean. Direction: cosine, from the data set's mean."),
    )
    draw(shown, "distances", SetView(_block(), measure=choice.chosen("measure")))


def show_plane(shown: Shown) -> None:
    """All windows in a plane; a click opens one."""
    head("plane")
    choice.keep_to("click", list(CLICKS))
    st.segmented_control(
        _("A click on a point"), list(CLICKS), format_func=CLICKS.__getitem__, key="click", required=True
    )
    key = choice.clickable_key("plane")
    with st.container(key="plane"):
        draw(shown, "plane", SetView(_block()), lambda: _take_click(key), says=False, key=key)


def _take_click(key: str) -> None:
    """Take the window whose point was clicked to Inspect, or beside the one that is pinned."""
    point = choice.clicked_point(key)
    if point is None:
        return
    recording, window = point
    if choice.chosen("click") == "inspect":
        choice.leave_for(recording, window)
    else:
        side = "b" if choice.chosen("pinned") == "a" else "a"
        choice.pick(side, recording + 1)
        choice.pick(f"{side}_window", window)


def show_pair(shown: Shown) -> None:
    """Two windows side by side."""
    head("pair")
    choice.keep_to("pinned", list(SIDES))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            _("Pinned"),
            list(SIDES),
            format_func=SIDES.__getitem__,
            key="pinned",
            required=True,
            help=_("Stays as it is when a window of the plane is put beside it."),
        )
        st.button(_("Swap"), key="swap", on_click=choice.swap, args=(("a", "b"), ("a_window", "b_window")))
        choice.follow("layout", "above" if is_phone() else "beside", list(LAYOUTS))
        st.segmented_control(_("Layout"), list(LAYOUTS), format_func=LAYOUTS.__getitem__, key="layout", required=True)
    sides = []
    natural = find_sides(shown.comparison.labelled, SetView())
    for (side, letter), (member, _surest), half in zip(SIDES.items(), natural, st.columns(2), strict=True):
        with half:
            sides.append(_choose_side(shown, side, letter, member + 1))
    (a, a_window), (b, b_window) = sides
    view = SetView(_block(), a=a, b=b, a_window=a_window, b_window=b_window, stacked=choice.chosen("layout") == "above")
    draw(shown, "pair", view, says=False, config=ZOOM)


def _choose_side(shown: Shown, side: str, letter: str, natural: int) -> tuple[int, int]:
    """Ask for the recording and the window of one side, and give their indices."""
    labelled, window = shown.comparison.labelled, f"{side}_window"
    words = {name.key: name.words for name in labelled.classes}
    numbers = list(range(1, len(labelled.members) + 1))
    choice.follow(side, natural, numbers)
    st.selectbox(
        letter,
        numbers,
        format_func=lambda number: f"{labelled.members[number - 1].name} · {words[labelled.members[number - 1].label]}",
        key=side,
        on_change=choice.choose,
        args=(window, 0),
    )
    member = choice.chosen(side) - 1
    count = len(labelled.members[member].windows)
    choice.follow(window, most_telling(labelled, member) + 1, range(1, count + 1))
    if count > 1:
        st.slider(_("Window of {letter} (of {count})").format(letter=letter, count=count), 1, count, key=window)
    st.button(
        _("Open {letter} in Inspect").format(letter=letter),
        key=f"open {side}",
        on_click=choice.leave_for,
        args=(member, choice.chosen(window)),
        type="tertiary",
        icon=":material/open_in_new:",
    )
    return member, choice.chosen(window) - 1


def show_separation(shown: Shown) -> None:
    """Whether attention alone tells the classes apart."""
    head("separation")
    draw(shown, "separation", SetView())


def head(name: str) -> None:
    """Heading of a view."""
    st.subheader(VIEWS[name].title, anchor=False)


def _block() -> int:
    """Index of the chosen block."""
    return int(choice.chosen("block")) - 1


def draw(
    shown: Shown,
    name: str,
    view: SetView,
    on_select: Any = "ignore",
    says: bool = True,
    config: dict[str, Any] = CALM,
    key: str = "",
) -> None:
    """Put a picture on the page, below the sentence about it; what it lacks is said in its place.

    `view` holds what the picture depends on, and defaults elsewhere.
    """
    try:
        panel = load_panel(
            (*shown.key, shown.palette, name, view), lambda: draw_view(name, shown.comparison, view, shown.palette)
        )
    except InputError as advice:
        st.info(plain(str(advice)))
        return
    if says:
        st.markdown(plain(panel.alt))
    show(panel, key or name, config, on_select)
