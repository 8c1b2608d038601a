"""The tab Trust of Inspect: every test of the gate in view, its control, and the verdict in one sentence.

And what stands on the network's card: the same over many recordings.
"""

import streamlit as st

from cbam_viz.figures.style import Palette
from cbam_viz.language import _
from cbam_viz.network.card import Card
from cbam_viz.studies import trust_words as words
from cbam_viz.studies.assess_words import list_worth, say_worth
from cbam_viz.studies.explain import Explanation, score_controls
from cbam_viz.studies.panels import View
from cbam_viz.studies.trust_panels import draw_trust
from cbam_viz.studies.words import say_controls
from cbam_viz.ui.loaders import is_examined, load_gates, load_trust
from cbam_viz.ui.show import show


def show_trust(explanation: Explanation, view: View, palette: Palette) -> None:
    """Show the quick tests first and, once they are done, all of them with the verdict."""
    block = explanation.record.blocks[view.block].name
    sentence, limits, figure = st.empty(), st.empty(), st.empty()
    if not is_examined(explanation, view.window):
        with figure.container():
            show(draw_trust(load_gates(explanation, view.window), view.window, block, palette), "gates")
    trust = load_trust(explanation, view.window)
    sentence.markdown(say_trust(explanation, view))
    with limits.container():
        for said in words.say_limits(explanation, view.window, view.block, trust):
            st.caption(f":material/info: {said}")
    with figure.container():
        show(draw_trust(trust.scores, view.window, block, palette), "trust")


def say_trust(explanation: Explanation, view: View) -> str:
    """What is known of the gate in view: the verdict where the window was examined lately, else two quick controls."""
    if is_examined(explanation, view.window):
        trust = load_trust(explanation, view.window)
        return words.say_verdict_of_gate(explanation, view.window, trust.verdicts[view.block], trust.scores)
    return say_controls(score_controls(explanation, view.window, view.block))


def show_worth(card: Card) -> None:
    """What the network's gates are worth over many recordings: the sentence, and the table below it."""
    table = list_worth(card)
    st.markdown(f"**{_('What its gates are worth')}.** {say_worth(card)}")
    if table:
        columns = dict(zip(table.heads, zip(*table.rows, strict=True), strict=True))
        st.table(columns, hide_index=True, border="horizontal", alt=table.title)
        st.caption(table.note)
