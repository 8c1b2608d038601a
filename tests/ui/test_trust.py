"""The tab Trust: the tests of the gate in view, the verdict on it, and what keeps a test from saying anything."""

import pytest
from streamlit.testing.v1 import AppTest

from cbam_viz.network.card import PRETRAINED, read_card
from cbam_viz.studies.assess_words import list_worth, say_worth
from tests.ui.screen import sentences, verdict


@pytest.mark.parametrize("block", [1, 2])
def test_the_tab_says_the_verdict_with_its_controls(block, visit):
    """The sentence names the block in view, stands in the tab and at the top, and has numbers and their controls."""
    app = visit(signal="inner_0lb", tab="Trust", block=str(block))

    verdict(app)
    said = [each for each in sentences(app) if each.startswith(f"Block {block} ") and " logits with M_s " in each]
    assert len(said) == 2
    assert said[0] == said[1]
    assert "(95 %: " in said[0]


def test_the_figure_speaks_of_every_test(visit):
    """Who can't see it gets each number with its control."""
    app = visit(signal="inner_0lb", tab="Trust")
    alt = next(each.proto.alt for each in app.get("plotly_chart") if each.proto.alt.startswith("Tests of block 1"))

    assert "M_s held at its mean" in alt
    assert "highest moments masked first" in alt


def test_the_numbers_stand_below_the_figure(visit):
    """A row a test that is drawn, in four columns: what it is, its number, its control, and the band."""
    app = visit(signal="inner_0lb", tab="Trust")
    table = next(each.value for each in app.table if "control" in each.value.columns)
    alt = next(each.proto.alt for each in app.get("plotly_chart") if each.proto.alt.startswith("Tests of block 1"))

    assert list(table.columns) == ["test", "number", "control", "band"]
    for test, number, control, band in table.itertuples(index=False):
        assert f"{test}: {number}, control {control} ({band.replace('–', '– to –')})" in alt


def test_nobody_knows_the_impacts_of_a_measured_bearing(visit):
    """It is said, and for a simulated one it is not."""
    measured, simulated = visit(signal="inner_0lb", tab="Trust"), visit(signal="sim_inner_10db", tab="Trust")

    assert any("Nobody knows the true impacts" in each for each in sentences(measured))
    assert not any("Nobody knows the true impacts" in each for each in sentences(simulated))


@pytest.mark.parametrize(
    ("gate", "weight", "said"),
    [
        (0.0, 8.0, "The gate of block 1 is constant in this window: it ranks no moment above another."),
        (8.0, 80.0, "The probability is saturated, so the verdict looks at the margin in logits."),
        (8.0, 8.0, "No impact falls into this window, so the gate can't be compared with the truth."),
    ],
    ids=["constant", "saturated", "no impact"],
)
def test_what_a_test_can_not_say_is_one_sentence(gate, weight, said):
    """A constant gate, a saturated softmax, a window that nothing strikes: one sentence each, and a verdict above."""

    def tab(gate, weight):
        """The tab alone, on a network built by hand; impacts fall before the window."""
        from dataclasses import replace

        import numpy as np

        from cbam_viz.figures.style import LIGHT
        from cbam_viz.studies.panels import View
        from cbam_viz.ui.trust import show_trust
        from tests.studies.hand_made import T, build, bursts, explained

        explanation = explained(build(gate, weight=weight), bursts(0))
        struck = replace(explanation.windows, impacts=np.array([T / 2]))
        show_trust(replace(explanation, windows=struck), View(1), LIGHT)

    app = AppTest.from_function(tab, default_timeout=60, args=(gate, weight)).run()

    assert [each.value for each in (*app.exception, *app.error)] == []
    assert sum(said in each for each in sentences(app)) == 1
    assert any(each.startswith("Block 1 ") and " logits with M_s " in each for each in sentences(app))


def test_what_a_network_s_gates_are_worth_stands_below_its_results(visit):
    """The sentence of the card, where the network is chosen and above the table, which has every row."""
    app = visit(signal="inner_0lb")
    card = read_card(PRETRAINED / "mfpt-3.json")

    assert any(said.endswith(say_worth(card)) for said in sentences(app))
    assert app.selectbox(key="network").help.endswith(say_worth(card))
    *_others, table = app.table
    assert table.value.shape == (len(list_worth(card).rows), len(list_worth(card).heads))
