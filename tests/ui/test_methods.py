"""The tab Other methods: the gate in view beside attribution."""

from tests.ui.screen import verdict


def test_gate_and_methods_are_drawn(visit):
    """Three figures (along the window, how alike, what masking does), and the areas as a table of four columns."""
    app = visit(signal="inner_0lb", tab="Other methods", block="2")

    verdict(app)
    alts = [each.proto.alt for each in app.get("plotly_chart")]
    assert sum(alt.startswith("Rank correlation of the gate of block 2") for alt in alts) == 2
    assert sum(alt.startswith("Mean probability while masked") for alt in alts) == 1

    (areas,) = [table.value for table in app.table if "deletion" in table.value]
    assert areas.shape == (2 * 7, 4)
    assert "M_s block 2" in set(areas["map"])
