"""The pictures of a comparison, each with its caption and with words in place of it; both doors show these."""

from dataclasses import dataclass, replace
from typing import Literal

from cbam_viz.analysis.class_channels import ClassOrder, trace_class_channels
from cbam_viz.analysis.difference import trace_difference
from cbam_viz.analysis.distances import Measure, trace_distances
from cbam_viz.analysis.pair import Side, trace_pair
from cbam_viz.analysis.plane import trace_plane
from cbam_viz.analysis.separation import trace_separation
from cbam_viz.attention.record import AttentionRecord
from cbam_viz.figures.class_channels import plot_class_channels
from cbam_viz.figures.difference import plot_difference
from cbam_viz.figures.distances import plot_distances
from cbam_viz.figures.pair import plot_pair
from cbam_viz.figures.plane import plot_plane
from cbam_viz.figures.separation import plot_separation
from cbam_viz.figures.style import LIGHT, Palette
from cbam_viz.studies import class_words, set_words
from cbam_viz.studies.compare import Comparison
from cbam_viz.studies.panels import Panel


@dataclass(frozen=True)
class SetView:
    """What of a comparison is looked at."""

    block: int = 0
    order: ClassOrder = "frequency"
    absolute: bool = False
    first: int = 0
    second: int = 1
    by: Literal["impacts", "period"] = "impacts"
    periods: int = 1
    metric: Measure = "euclidean"


def draw_class_channels(comparison: Comparison, view: SetView, palette: Palette = LIGHT) -> Panel:
    """Mean channel attention of every class."""
    trace = trace_class_channels(comparison.labelled, view.block, view.order, view.absolute)
    return Panel(
        plot_class_channels(trace, palette),
        class_words.caption_class_channels(trace),
        class_words.say_class_channels(trace),
    )


def draw_difference(comparison: Comparison, view: SetView, palette: Palette = LIGHT) -> Panel:
    """The gates of two classes."""
    trace = trace_difference(comparison.labelled, view.first, view.second, view.block)
    return Panel(
        plot_difference(trace, palette), class_words.caption_difference(trace), class_words.say_difference(trace)
    )


def draw_distances(comparison: Comparison, view: SetView, palette: Palette = LIGHT) -> Panel:
    """How far apart the classes lie."""
    trace = trace_distances(comparison.labelled, view.block, view.metric)
    return Panel(plot_distances(trace, palette), set_words.caption_distances(trace), set_words.say_distances(trace))


def draw_plane(comparison: Comparison, view: SetView, palette: Palette = LIGHT) -> Panel:
    """All windows in a plane."""
    trace = trace_plane(comparison.labelled, view.block)
    return Panel(plot_plane(trace, palette), set_words.caption_plane(trace), set_words.say_plane(trace))


def draw_separation(comparison: Comparison, _view: SetView, palette: Palette = LIGHT) -> Panel:
    """What separates the classes."""
    trace = trace_separation(comparison.labelled)
    return Panel(plot_separation(trace, palette), set_words.caption_separation(trace), set_words.say_separation(trace))


def draw_pair(
    comparison: Comparison, a: tuple[int, int], b: tuple[int, int], block: int, palette: Palette = LIGHT
) -> Panel:
    """Two windows side by side, (recording, window) each."""
    labelled = comparison.labelled

    def side(member: int, window: int) -> Side:
        own, record = slice(*labelled.starts[member : member + 2]), labelled.record
        blocks = tuple(
            replace(each, channel_attention=each.channel_attention[own], spatial_attention=each.spatial_attention[own])
            for each in record.blocks
        )
        part = AttentionRecord(record.logits[own], record.probabilities[own], record.features[own], blocks)
        return Side(labelled.members[member].name, part, labelled.members[member].windows, window)

    trace = trace_pair(side(*a), side(*b), labelled.card, block)
    return Panel(plot_pair(trace, palette), set_words.caption_pair(trace), set_words.say_pair(trace))
