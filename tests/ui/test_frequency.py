"""The tab Frequency, without a browser."""

import pytest

from tests.ui.screen import advice, sentences, verdict

OUTER = {"signal": "outer_300lb"}


def alts(app):
    """What is said of every figure to those who can't see it."""
    return [each.proto.alt for each in app.get("plotly_chart")]


def test_the_tab_shows_three_spectra_and_a_sentence(visit):
    """Physics speaks beside the network, and envelope, spectrum and gate are drawn."""
    app = visit(**OUTER)

    verdict(app)
    assert any(said.startswith("Physics: the lines of the outer race fit best") for said in sentences(app))
    assert [said.split(" of ")[0] for said in alts(app)[4:7]] == ["Envelope spectrum", "Spectrum", "Spectrum"]


def test_every_gate_stands_beside_chance(visit):
    """Three tests of three blocks, in four columns, so that they fit a phone."""
    table = visit(**OUTER).table[0].value

    assert list(table.columns) == ["test", "block", "value", "by chance (95 %)"]
    assert len(table) == 9


def test_its_choices_stand_in_the_url(visit):
    """Band, axis and speed come back from the URL, and the picture with them."""
    app = visit(**OUTER)
    app.slider(key="nudge").set_value(-0.5)
    app.toggle(key="orders").set_value(True)
    app.slider(key="band").set_value((1_000, 3_000)).run()

    assert {key: app.query_params[key] for key in ("nudge", "orders", "band_low", "band_high")} == {
        "nudge": "-0.5",
        "orders": "True",
        "band_low": "1000",
        "band_high": "3000",
    }
    again = visit(**app.query_params)
    assert "Band by hand: 1000–3000 Hz." in sentences(again)
    assert alts(again) == alts(app)


def test_a_band_that_is_too_narrow_is_said(visit):
    """One sentence; the slider stays where it was put, and the most impulsive band is heard."""
    app = visit(**OUTER)
    figures = len(alts(app))
    app.slider(key="band").set_value((3_000, 3_050)).run()
    again = visit(**app.query_params)

    for page in (app, again):
        assert advice(page).endswith(
            "at least 200 Hz wide, but 3000–3050 Hz was given. Give other edges, or none to hear the most impulsive "
            "band."
        )
        assert page.slider(key="band").value == (3_000, 3_050)
        assert any(said.startswith("Most impulsive band") for said in sentences(page))
        assert len(alts(page)) == figures


def test_the_automatic_band_comes_back(visit):
    """A button gives up the band by hand."""
    app = visit(**OUTER, band_low="1000", band_high="3000")
    app.button(key="automatic_band").click().run()

    assert any(said.startswith("Most impulsive band") for said in sentences(app))
    assert "band_high" not in app.query_params


def test_the_best_speed_can_be_taken(visit):
    """The suggested speed is one click away, and then is no longer offered."""
    app = visit(**OUTER)
    app.button(key="take_speed").click().run()

    verdict(app)
    assert float(app.query_params["nudge"]) == app.slider(key="nudge").value < 0
    assert "take_speed" not in {button.key for button in app.button}


@pytest.mark.parametrize(
    "query",
    [
        {"nudge": "99", "band_low": "-5", "band_high": "99999"},
        {"nudge": "nan", "band_low": "4000", "band_high": "3000", "tab": "unknown"},
    ],
    ids=["too large", "absurd"],
)
def test_what_the_url_can_not_mean_is_left_out(query, visit):
    """Choices outside what there is leave the page usable, and the URL."""
    app = visit(**OUTER, **query)

    verdict(app)
    assert not {key for key, text in query.items() if app.query_params.get(key) == text}


def test_without_a_speed_it_says_what_it_needs(visit):
    """Emptied, the shaft speed is asked for in one sentence, and the spectra are still there."""
    app = visit(**OUTER)
    app.number_input(key="shaft_rpm").set_value(None).run()

    verdict(app)
    assert any("the shaft speed is not known. Enter it in the sidebar, or" in said for said in sentences(app))
    assert len(alts(app)) == 8


def test_a_short_signal_says_so(visit):
    """The windows of a simulated second are too short for the gate, not for the signal."""
    app = visit(signal="sim_outer_10db", network="bearing-sim-4")

    verdict(app)
    assert any("Too short to say (gate over whole windows): 0.85 s, 1 s is needed." in said for said in sentences(app))


def test_a_simulation_is_long_enough(visit):
    """What the page simulates lasts long enough for its gates to be compared with the fault's line."""
    app = visit(signal="simulated", network="bearing-sim-4")

    verdict(app)
    assert not any("Too short to say" in said for said in sentences(app))
    assert len(app.table[0].value) == 9
