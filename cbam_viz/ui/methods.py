"""The tab Other methods of Inspect: the gate beside what attribution methods say of the same window."""

import streamlit as st

from cbam_viz.figures.style import Palette
from cbam_viz.language import _
from cbam_viz.studies.explain import Explanation
from cbam_viz.studies.panels import View
from cbam_viz.studies.trust_panels import draw_agreement, draw_deletion, draw_methods, gather_methods
from cbam_viz.studies.trust_tables import list_areas
from cbam_viz.ui.show import ZOOM, show, show_table
from cbam_viz.ui.trust import examine


def show_methods(explanation: Explanation, view: View, palette: Palette) -> None:
    """Show gate and methods on one axis, how alike they are, and what masking by each of them does."""
    block = explanation.record.blocks[view.block]
    if not block.spatial_attention.size:
        st.caption(
            _("{block} has no spatial gate to set beside other methods. Choose another block.").format(block=block.name)
        )
        return
    trust = examine(explanation, view, lambda _steps: None)
    if trust is None:
        return
    trace = gather_methods(explanation, view, trust)
    show(draw_methods(trace, palette), "methods", ZOOM)
    st.subheader(_("How alike they rank the moments"), anchor=False)
    show(draw_agreement(trace, palette), "agreement")
    st.subheader(_("What masking by each of them does"), anchor=False)
    show(draw_deletion(trace, trust, palette), "deletion")
    areas = list_areas(trace)
    show_table(areas)
    st.caption(areas.note)
