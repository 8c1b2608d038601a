"""The last part of Compare: every gate tested, once somebody asks, with a verdict a block and class."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from cbam_viz.errors import InputError
from cbam_viz.language import _
from cbam_viz.studies import class_trust_words as words
from cbam_viz.studies.class_trust import pick_windows
from cbam_viz.studies.compare import Comparison
from cbam_viz.studies.set_panels import SetView
from cbam_viz.ui import choice
from cbam_viz.ui.loaders import load_class_trust
from cbam_viz.ui.set_views import Shown, draw, head
from cbam_viz.ui.show import plain


def show_class_trust(shown: Shown) -> Comparison:
    """Offer the tests, or show what they say; the comparison with them, where they are done."""
    head("class_trust")
    comparison = shown.comparison
    if not choice.chosen("tested"):
        st.markdown(
            _(
                "In each of {windows} windows every gate over time is held at its mean, shuffled and moved, and every "
                "stretch of the signal masked: hundreds of passes each, so this takes a while."
            ).format(windows=len(pick_windows(comparison.labelled)))
        )
        st.button(_("Test every gate"), key="test", on_click=choice.choose, args=("tested", True))
        return comparison
    try:
        trust = load_class_trust(comparison, on_cancel=lambda: choice.choose("tested", False))
    except InputError as advice:
        st.info(plain(str(advice)))
        return comparison
    tested = replace(comparison, trust=trust)
    block = comparison.labelled.card.block_names[choice.chosen("block") - 1]
    st.markdown(plain(f"{words.say_counts(trust)} {words.say_block(trust, block)}"))
    draw(replace(shown, comparison=tested), "class_trust", SetView(), says=False)
    table = words.list_class_trust(trust)
    with st.expander(_("Every verdict, with what it rests on ({count})").format(count=len(table.rows))):
        st.dataframe(pd.DataFrame(table.rows, columns=list(table.heads)), hide_index=True, width="stretch")
        st.caption(table.note)
    return tested
