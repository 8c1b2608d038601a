"""Compare: how does attention differ between fault classes?"""

import streamlit as st

from cbam_viz.language import _
from cbam_viz.ui import choice
from cbam_viz.ui.class_trust import show_class_trust
from cbam_viz.ui.downloads import show_set_downloads
from cbam_viz.ui.set_files import open_window, show_files, words_of
from cbam_viz.ui.set_views import (
    choose_set_block,
    compare_set,
    show_aligned,
    show_class_channels,
    show_counts,
    show_difference,
    show_distances,
    show_pair,
    show_plane,
    show_separation,
    whole_view,
)
from cbam_viz.ui.sets import choose_set
from cbam_viz.ui.show import theme_palette
from cbam_viz.ui.sidebar import choose_network

st.title(_("How does attention differ between fault classes?"), anchor=False)
choice.restore_choice()
with st.sidebar:
    card = choose_network()
    recordings, lost = choose_set(card)
if choice.chosen("kind") == "uploads":
    show_files(card)
choice.publish_comparison()
shown = compare_set(recordings, lost, card, theme_palette())
if going := choice.leaving():
    open_window(shown.recordings[shown.comparison.labelled.members[going[0]].name], going[1])
    st.switch_page("cbam_viz/ui/pages/inspect.py")

show_counts(shown)
choose_set_block(card)
show_class_channels(shown)
show_aligned(shown)
show_difference(shown)
show_distances(shown)
show_plane(shown)
show_pair(shown)
show_separation(shown)
choice.publish_comparison()
comparison = show_class_trust(shown)
show_set_downloads(comparison, whole_view(shown), *words_of(recordings))
