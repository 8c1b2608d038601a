"""The tab Trust of Inspect: every test of the gate in view, its control, and the verdict in one sentence.

And what stands on the network's card: the same over many recordings.
"""

from collections.abc import Callable, Sequence

import streamlit as st

from cbam_viz.analysis.score import Score
from cbam_viz.figures.style import Palette
from cbam_viz.language import _
from cbam_viz.network.card import Card
from cbam_viz.studies import trust_words as words
from cbam_viz.studies.assess_words import list_worth, say_worth
from cbam_viz.studies.explain import Explanation, score_controls
from cbam_viz.studies.panels import View
from cbam_viz.studies.trust import Step, Trust
from cbam_viz.studies.trust_panels import draw_trust
from cbam_viz.studies.trust_tables import list_trust
from cbam_viz.studies.words import say_controls
from cbam_viz.ui import choice
from cbam_viz.ui.loaders import begun_steps, known_trust, load_trust, trust_key
from cbam_viz.ui.show import show, show_table


def show_trust(explanation: Explanation, view: View, palette: Palette) -> None:
    """Show the quick tests first, the others as they come and, once all are done, the verdict."""
    block = explanation.record.blocks[view.block].name
    sentence, limits, figure = st.container(), st.empty(), st.empty()

    def draw(steps: Sequence[Step]) -> None:
        with figure.container():
            _show_tests([score for step in steps for score in step.scores], view, block, palette, f"trust {len(steps)}")

    with sentence:
        trust = examine(explanation, view, draw)
    if trust:
        sentence.markdown(say_trust(explanation, view))
    with limits.container():
        for said in words.say_limits(explanation, view.window, view.block, trust):
            st.caption(f":material/info: {said}")
    if trust:
        with figure.container():
            _show_tests(trust.scores, view, block, palette, "trust")


def _show_tests(scores: Sequence[Score], view: View, block: str, palette: Palette, key: str) -> None:
    """Show the tests of a block as a picture, and their numbers below it."""
    show(draw_trust(scores, view.window, block, palette), key)
    table = list_trust(scores, block)
    if table.rows:
        show_table(table)
        st.caption(table.note)


def examine(explanation: Explanation, view: View, on_step: Callable[[Sequence[Step]], None]) -> Trust | None:
    """Every test of the window in view; None where a person cancelled them, which is said with a way to go on.

    Parameters
    ----------
    on_step : shows the steps done so far; it is called with those of an earlier run too.
    """
    if known := known_trust(explanation, view.window):
        return known
    key, steps = trust_key(explanation, view.window), begun_steps(explanation, view.window)
    if steps:
        on_step(steps)
    if choice.is_stopped(key):
        st.info(words.say_cancelled(steps))
        st.button(_("Go on"), key="go_on", on_click=choice.stop_recording, type="primary")
        return None
    return load_trust(explanation, view.window, on_step, on_cancel=lambda: choice.stop_recording(key))


def say_trust(explanation: Explanation, view: View) -> str:
    """What is known of the gate in view: the verdict where the window was examined lately, else two quick controls."""
    if trust := known_trust(explanation, view.window):
        return words.say_verdict_of_gate(explanation, view.window, trust.verdicts[view.block], trust.scores)
    return say_controls(score_controls(explanation, view.window, view.block))


def show_worth(card: Card) -> None:
    """What the network's gates are worth over many recordings: the sentence, and the table below it."""
    table = list_worth(card)
    st.markdown(f"**{_('What its gates are worth')}.** {say_worth(card)}")
    if table:
        show_table(table)
        st.caption(table.note)
