"""The views of a comparison, each with its caption and with words in place of it; both doors show these."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from cbam_viz.analysis.aligned import AlignedTrace, trace_aligned
from cbam_viz.analysis.class_channels import ClassOrder, trace_class_channels
from cbam_viz.analysis.class_trust import ClassTrustTrace
from cbam_viz.analysis.difference import trace_difference
from cbam_viz.analysis.distances import Measure, trace_distances
from cbam_viz.analysis.labelled import LabelledSet
from cbam_viz.analysis.pair import PairTrace, Side, trace_pair
from cbam_viz.analysis.plane import trace_plane
from cbam_viz.analysis.separation import trace_separation
from cbam_viz.analysis.since_pulse import trace_since_pulse
from cbam_viz.analysis.triggers import By
from cbam_viz.errors import InputError
from cbam_viz.figures.aligned import plot_aligned
from cbam_viz.figures.class_channels import plot_class_channels
from cbam_viz.figures.class_trust import plot_class_trust
from cbam_viz.figures.difference import plot_difference
from cbam_viz.figures.distances import plot_distances
from cbam_viz.figures.pair import plot_pair
from cbam_viz.figures.plane import plot_plane
from cbam_viz.figures.separation import plot_separation
from cbam_viz.figures.style import LIGHT, Figure, Palette
from cbam_viz.language import _
from cbam_viz.studies import aligned_words, class_trust_numbers, class_trust_words, class_words, set_words
from cbam_viz.studies.compare import Comparison, most_telling
from cbam_viz.studies.panels import Panel
from cbam_viz.studies.plain import plain


@dataclass(frozen=True)
class SetView:
    """What of a comparison is looked at.

    Parameters
    ----------
    block : index.
    order, absolute : of the channels, see `trace_class_channels`.
    first, second : numbers of two classes of the set.
    by, periods : see `trace_aligned`; a response to a pulse is aligned by that.
    measure : of the distances between classes.
    a, b : indices of the two recordings side by side; None for the first of the first class, and of the second.
    a_window, b_window : index of the window of each; None for its surest, see `most_telling`.
    stacked : whether A stands above B; no number depends on it.
    """

    block: int = 0
    order: ClassOrder = "frequency"
    absolute: bool = False
    first: int = 0
    second: int = 1
    by: By = "impacts"
    periods: int = 1
    measure: Measure = "euclidean"
    a: int | None = None
    b: int | None = None
    a_window: int | None = None
    b_window: int | None = None
    stacked: bool = False


@dataclass(frozen=True)
class _Kind:
    """How one view is made: its title, its numbers, its picture with options, what is said of it, and its JSON."""

    title: str
    trace: Callable[[Comparison, SetView], Any]
    plot: Callable[..., Figure]
    say: Callable[[Any], str]
    caption: Callable[[Any], str]
    options: Callable[[SetView], dict[str, Any]] = lambda _view: {}
    tell: Callable[[Any], Any] = plain


def find_sides(labelled: LabelledSet, view: SetView) -> tuple[tuple[int, int], tuple[int, int]]:
    """Index of the recording, and of the window within it, of A and of B."""
    a, b = (
        int((labelled.labels == label).argmax()) if side is None else side
        for label, side in enumerate((view.a, view.b))
    )
    return (
        (a, most_telling(labelled, a) if view.a_window is None else view.a_window),
        (b, most_telling(labelled, b) if view.b_window is None else view.b_window),
    )


def settle_view(comparison: Comparison, view: SetView) -> SetView:
    """The same view, with nothing in it left to follow from the set."""
    (a, a_window), (b, b_window) = find_sides(comparison.labelled, view)
    return replace(view, a=a, b=b, a_window=a_window, b_window=b_window)


def _trace_aligned(comparison: Comparison, view: SetView) -> AlignedTrace:
    """M_s behind the pulse where the network's windows begin at one, else as the view says."""
    if comparison.labelled.card.preparation.start == "pulse":
        return trace_since_pulse(comparison.labelled, view.block)
    return trace_aligned(comparison.labelled, view.block, view.by, view.periods)


def _trace_pair(comparison: Comparison, view: SetView) -> PairTrace:
    """Two windows of the set side by side."""
    labelled = comparison.labelled
    a, b = (_side(labelled, *side) for side in find_sides(labelled, view))
    return trace_pair(a, b, labelled.card, view.block)


def _side(labelled: LabelledSet, number: int, window: int) -> Side:
    """One window of one recording of the set."""
    member = labelled.members[number]
    rows = slice(int(labelled.starts[number]), int(labelled.starts[number + 1]))
    return Side(member.name, labelled.record.rows(rows), member.windows, window, member.unit)


def _tested(comparison: Comparison, _view: SetView) -> ClassTrustTrace:
    """The tests of every gate, which need passes of their own."""
    if comparison.trust is None:
        raise InputError(_("A verdict needs the tests of every gate, but none were run on this set. Run them."))
    return comparison.trust


VIEWS: dict[str, _Kind] = {
    "class_channels": _Kind(
        _("Which channels each class lets through"),
        lambda compared, view: trace_class_channels(compared.labelled, view.block, view.order, view.absolute),
        plot_class_channels,
        class_words.say_class_channels,
        class_words.caption_class_channels,
    ),
    "aligned": _Kind(
        _("When each class lets through"),
        _trace_aligned,
        plot_aligned,
        aligned_words.say_aligned,
        aligned_words.caption_aligned,
    ),
    "difference": _Kind(
        _("Two classes, and what chance allows"),
        lambda compared, view: trace_difference(compared.labelled, view.first, view.second, view.block),
        plot_difference,
        class_words.say_difference,
        class_words.caption_difference,
    ),
    "distances": _Kind(
        _("How far apart the classes lie"),
        lambda compared, view: trace_distances(compared.labelled, view.block, view.measure),
        plot_distances,
        set_words.say_distances,
        set_words.caption_distances,
    ),
    "plane": _Kind(
        _("All windows in a plane"),
        lambda compared, view: trace_plane(compared.labelled, view.block),
        plot_plane,
        set_words.say_plane,
        set_words.caption_plane,
    ),
    "pair": _Kind(
        "A | B",
        _trace_pair,
        plot_pair,
        set_words.say_pair,
        set_words.caption_pair,
        lambda view: {"stacked": view.stacked},
    ),
    "separation": _Kind(
        _("Is it attention that separates?"),
        lambda compared, _view: trace_separation(compared.labelled),
        plot_separation,
        set_words.say_separation,
        set_words.caption_separation,
    ),
    "class_trust": _Kind(
        _("Does the attention mean anything?"),
        _tested,
        plot_class_trust,
        class_trust_words.say_class_trust,
        class_trust_words.caption_class_trust,
        tell=class_trust_numbers.class_trust_numbers,
    ),
}
"""Every view of a set by its one name, in the order of the page."""


def views_of(comparison: Comparison) -> tuple[str, ...]:
    """Names of the views that a set has: all of them, that of the tests only where somebody asked for these."""
    return tuple(name for name in VIEWS if name != "class_trust" or comparison.trust)


@dataclass(frozen=True)
class Lacking:
    """What stands in place of a view that this set can't have: the advice."""

    advice: str


def trace_views(comparison: Comparison, view: SetView, names: Iterable[str] | None = None) -> dict[str, Any]:
    """The numbers of these views, or of all; of one that this set can't have, what it lacks."""
    found: dict[str, Any] = {}
    for name in views_of(comparison) if names is None else names:
        try:
            found[name] = VIEWS[name].trace(comparison, view)
        except InputError as advice:
            found[name] = Lacking(str(advice))
    return found


def draw_views(comparison: Comparison, view: SetView) -> tuple[dict[str, Panel], dict[str, str]]:
    """Every view as a picture, and of those that this set can't have, the advice."""
    traces = trace_views(comparison, view)
    lacking = {name: trace.advice for name, trace in traces.items() if isinstance(trace, Lacking)}
    return {name: _panel(name, trace, view, LIGHT) for name, trace in traces.items() if name not in lacking}, lacking


def tell_views(comparison: Comparison, view: SetView) -> dict[str, Any]:
    """The numbers of every view as plain values."""
    return {
        name: plain(trace) if isinstance(trace, Lacking) else VIEWS[name].tell(trace)
        for name, trace in trace_views(comparison, view).items()
    }


def draw_view(name: str, comparison: Comparison, view: SetView, palette: Palette = LIGHT) -> Panel:
    """One view as a picture, its caption below it, and what it shows in words."""
    return _panel(name, VIEWS[name].trace(comparison, view), view, palette)


def _panel(name: str, trace: Any, view: SetView, palette: Palette) -> Panel:
    """The picture of a view's numbers."""
    kind = VIEWS[name]
    return Panel(kind.plot(trace, palette, **kind.options(view)), kind.caption(trace), kind.say(trace))


def say_views(comparison: Comparison, view: SetView) -> Iterator[str]:
    """What each view shows, under its title."""
    for name, trace in trace_views(comparison, view).items():
        said = trace.advice if isinstance(trace, Lacking) else VIEWS[name].say(trace)
        yield f"{VIEWS[name].title}: {said}"
