"""A page that opens offline: the drawing program once, and figures that need nothing else."""

import re

import plotly.graph_objects as go
import pytest

from cbam_viz.figures.page import drawing, drawing_script

TAG = re.compile(r"<(script|link|img|iframe|object|embed|source|video|audio)\b([^>]*)>", re.IGNORECASE)


@pytest.mark.parametrize("view", ["spatial", "channels", "diagnosis", "overview"])
def test_a_drawing_loads_nothing(plot, view):
    """No tag of a drawing names a file to load, here or elsewhere."""
    tags = TAG.findall(drawing(plot(view), view))

    assert [name.lower() for name, _ in tags].count("script") >= 1
    assert [attributes for _, attributes in tags if re.search(r"\b(src|href|data)\s*=", attributes)] == []


def test_a_drawing_stands_where_it_is_put(plot):
    """The element bears the name that was given, so the page can speak to it, and the same again is the same text."""
    one, again = drawing(plot("diagnosis"), "one"), drawing(plot("diagnosis"), "one")

    assert re.findall(r'<div id="([^"]+)"', one) == ["one"]
    assert one == again


def test_a_drawing_stands_on_white(plot):
    """What is saved from the page is readable on any ground; the figure that was given stays as it was."""
    figure = plot("diagnosis")

    assert '"paper_bgcolor":"#ffffff"' in drawing(figure, "any").replace(" ", "")
    assert figure.layout.paper_bgcolor is None


def test_words_in_a_figure_cannot_become_part_of_the_page():
    """A unit or a name from a file that looks like a tag stays a text within the figure."""
    hostile = "</script><script>alert(1)</script>"
    page = drawing(go.Figure(layout={"title": {"text": hostile}}), "any")

    assert hostile not in page
    assert "alert(1)" in page


def test_the_program_does_not_end_the_tag_it_stands_in():
    """The drawing program is Plotly's own, and can stand within a script tag."""
    script = drawing_script()

    assert script.startswith("/**\n* plotly.js v")
    assert "</script" not in script
