"""The pictures of the tests of a gate and of the methods beside it, each with its caption and the same in words."""

from collections.abc import Sequence

from cbam_viz.analysis.methods import MethodsTrace, trace_methods
from cbam_viz.analysis.score import Score
from cbam_viz.analysis.trust import trace_trust
from cbam_viz.figures.deletion import plot_deletion
from cbam_viz.figures.methods import plot_agreement, plot_methods
from cbam_viz.figures.style import LIGHT, Palette
from cbam_viz.figures.trust import plot_trust
from cbam_viz.studies import trust_words as words
from cbam_viz.studies.explain import Explanation
from cbam_viz.studies.panels import Panel, View, trace_view
from cbam_viz.studies.trust import Trust


def draw_trust(scores: Sequence[Score], window: int, block: str, palette: Palette = LIGHT) -> Panel:
    """The tests of one block, each number beside its control.

    Parameters
    ----------
    scores : as many as there are yet.
    window : index.
    block : its name.
    """
    figure = plot_trust(trace_trust(scores, block), words.say_test, palette)
    return Panel(figure, words.caption_trust(window, block), words.say_trust(scores, block))


def gather_methods(explanation: Explanation, view: View, trust: Trust) -> MethodsTrace:
    """The gate in view beside the other methods; the block must have a spatial gate."""
    inputs = explanation.windows.cut(slice(view.window, view.window + 1))  # (1, T)
    named = explanation.card.classes[trust.attributions.target].words
    return trace_methods(
        trace_view(explanation, view),
        explanation.record.only(view.window),
        inputs,
        trust.attributions,
        trust.deletion,
        named,
    )


def draw_methods(trace: MethodsTrace, palette: Palette = LIGHT) -> Panel:
    """The gate and the methods along the window."""
    return Panel(plot_methods(trace, palette), words.caption_methods(trace.words), words.say_methods(trace))


def draw_agreement(trace: MethodsTrace, palette: Palette = LIGHT) -> Panel:
    """How alike the maps rank the moments."""
    return Panel(plot_agreement(trace, palette), words.caption_agreement(), words.say_methods(trace))


def draw_deletion(trace: MethodsTrace, trust: Trust, palette: Palette = LIGHT) -> Panel:
    """Deletion and insertion by the gate, every method and the envelope."""
    figure = plot_deletion(trust.deletion, trace.words, trace.orders, palette)
    return Panel(figure, words.caption_deletion(), words.say_areas(trace))
