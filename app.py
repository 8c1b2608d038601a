"""The frame of the app: page configuration, navigation, and advice in place of an error that a person can put right."""

import streamlit as st

from cbam_viz.errors import InputError
from cbam_viz.language import _

st.set_page_config(page_title="cbam-viz", page_icon=":material/graphic_eq:", layout="wide")
page = st.navigation(
    [st.Page("cbam_viz/ui/pages/inspect.py", title=_("Inspect"), icon=":material/graphic_eq:", url_path="inspect")],
    position="hidden",
)
try:
    page.run()
except InputError as advice:
    st.error(str(advice), icon=":material/error:")
