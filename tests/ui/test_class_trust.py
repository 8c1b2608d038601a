"""The last part of Compare: it tests every gate once it is asked to, and the URL, the downloads and a cancel follow."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from cbam_viz.studies.compare import compare
from cbam_viz.ui.loaders import load_class_trust, load_labelled_samples, load_network
from tests.ui.screen import sentences


@pytest.fixture(scope="module")
def few():
    """One healthy recording and one of the inner race."""
    samples = load_labelled_samples(load_network("mfpt-3").card.bearing)
    return tuple(next(each for each in samples if each.label == label) for label in ("normal", "inner"))


def page() -> None:
    """Compare's last part alone, over two recordings."""
    import streamlit as st

    from cbam_viz.figures.style import LIGHT
    from cbam_viz.studies.set_panels import views_of
    from cbam_viz.ui import choice
    from cbam_viz.ui.class_trust import show_class_trust
    from cbam_viz.ui.loaders import load_cards, load_labelled_samples
    from cbam_viz.ui.set_views import compare_set

    choice.restore_choice()
    card = load_cards()["mfpt-3"]
    samples = load_labelled_samples(card.bearing)
    chosen = tuple(next(each for each in samples if each.label == label) for label in ("normal", "inner"))
    choice.publish_comparison()
    comparison = show_class_trust(compare_set(chosen, (), card, LIGHT))
    st.text(", ".join(views_of(comparison)))


def test_nothing_is_tested_before_it_is_asked_for():
    """A button says what it will do; a click gives the figure, in words too, the table, and a URL that brings it."""
    app = AppTest.from_function(page, default_timeout=120).run()
    assert not app.get("plotly_chart")
    assert any("In each of 16 windows every gate over time" in said for said in sentences(app))
    assert "class_trust" not in app.text[0].value

    app.button(key="test").click().run()
    assert [each.value for each in (*app.exception, *app.error)] == []
    (chart,) = app.get("plotly_chart")
    assert chart.proto.alt.startswith("9 verdicts, one a block and class: ")
    assert len(app.dataframe[0].value) == 9
    assert app.text[0].value.endswith("class_trust")
    assert app.query_params["tested"] in ("True", ["True"])


def test_the_same_signals_are_tested_once(few):
    """By their digests: another comparison of them, made anew, is answered at once, other classes are not."""
    network = load_network("mfpt-3")
    first = load_class_trust(compare(few, network), lambda: None)
    assert load_class_trust(compare(few, network), lambda: None) is first

    swapped = [replace(few[0], label="inner"), replace(few[1], label="normal")]
    assert load_class_trust(compare(swapped, network), lambda: None) is not first
