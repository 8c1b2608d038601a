"""9 APP: the door with a browser, and the only room that speaks Streamlit."""
