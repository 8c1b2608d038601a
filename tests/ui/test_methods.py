"""The tab Other methods: the gate in view beside attribution."""

from tests.ui.screen import verdict


def test_gate_and_methods_are_drawn(visit):
    """Three figures: along the window, how alike, and what masking does."""
    app = visit(signal="inner_0lb", tab="Other methods", block="2")

    verdict(app)
    alts = [each.proto.alt for each in app.get("plotly_chart")]
    assert sum(alt.startswith("Rank correlation of the gate of block 2") for alt in alts) == 2
    assert sum(alt.startswith("Mean probability while masked") for alt in alts) == 1
