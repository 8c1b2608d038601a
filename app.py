"""The frame of the app: page configuration, navigation, and advice in place of an error that a person can put right."""

import streamlit as st

from cbam_viz.errors import InputError
from cbam_viz.language import _
from cbam_viz.ui.show import plain

ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
<rect width="16" height="16" rx="3" fill="#0a736e"/>
<path d="M2 8h2l1-2 1 4 2-8 2 11 1-5h3" fill="none" stroke="#fff" stroke-width="1.2" stroke-linejoin="round"/></svg>"""
CLOSER = "<style>.stMainBlockContainer { padding-top: 2.2rem; } .stSidebar h3 { padding-top: 0; }</style>"

st.set_page_config(page_title="cbam-viz", page_icon=ICON, layout="wide")
st.html(CLOSER)
page = st.navigation(
    [
        st.Page("cbam_viz/ui/pages/inspect.py", title=_("Inspect"), url_path="inspect", default=True),
        st.Page("cbam_viz/ui/pages/compare.py", title=_("Compare"), url_path="compare"),
        st.Page("cbam_viz/ui/pages/circuit.py", title=_("Circuit"), url_path="circuit"),
    ],
    position="top",
)
try:
    page.run()
except InputError as advice:
    st.error(plain(str(advice)), icon=":material/error:")
