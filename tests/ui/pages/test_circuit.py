"""The page Circuit, without a browser: parts move, and the URL brings it all back."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from cbam_viz.datasets.circuit_samples import list_circuit_samples
from cbam_viz.network.card import PRETRAINED, list_networks, read_card
from tests.ui.conftest import APP, MOST_S
from tests.ui.screen import sentences, verdict

NETWORKS = {card.circuit: card for card in (read_card(PRETRAINED / f"{name}.json") for name in list_networks())}
SAMPLES = [sample for sample in list_circuit_samples() if sample.circuit in NETWORKS]


@pytest.fixture
def circuit():
    """Open the page with these query parameters."""

    def open_page(**query):
        app = AppTest.from_file(APP, default_timeout=MOST_S)
        app.query_params.update(query)
        app.run()
        app.switch_page("cbam_viz/ui/pages/circuit.py")
        app.query_params.update(query)
        return app.run()

    return open_page


def figures(app):
    """Words in place of every figure."""
    return [chart.proto.alt for chart in app.get("plotly_chart")]


def test_the_first_picture_is_there_at_once(circuit):
    """With nothing chosen a part has drifted: a verdict with its deviation, four figures, and where it changes."""
    app = circuit()

    assert re.match(r":primary\[C1 −\d\d % \(± \d+\)\]", verdict(app))
    assert [alt.split()[0] for alt in figures(app)] == ["Response", "Channel", "C1", "Along"]


def test_a_slider_moves_the_diagnosis_and_the_number(circuit):
    """The part's number follows its slider, the verdict follows both, and Undo and Reset bring them back."""
    app = circuit(drift="")
    assert "Every part within its tolerance" in verdict(app)

    app.slider(key="sallen-key R3 slider").set_value(50.0).run()
    assert verdict(app).startswith(":primary[R3 +")
    assert app.number_input(key="sallen-key R3 number").value == 50
    assert app.query_params["drift"] == "R3=50"

    app.number_input(key="sallen-key R3 number").set_value(-40.0).run()
    assert verdict(app).startswith(":primary[R3 −")
    assert app.slider(key="sallen-key R3 slider").value == -40

    app.button(key="undo drift").click().run()
    assert verdict(app).startswith(":primary[R3 +")
    app.button(key="reset drift").click().run()
    assert "Every part within its tolerance" in verdict(app)
    assert app.button(key="reset drift").disabled


def test_the_url_reproduces_the_page(circuit):
    """Draw, noise, block, part and where it stands come back, and the verdict with them."""
    query = {"drift": "C2=45", "draw": "7", "noise_db": "35.0", "block": "2", "swept": "R2"}
    app, again = circuit(**query), circuit(**query)

    assert verdict(app) == verdict(again)
    assert figures(app) == figures(again)
    assert {key: app.query_params[key] for key in query} == query
    assert "of R2" in figures(app)[-1] or figures(app)[-1].startswith("R2 from")


def test_tolerances_are_drawn_on_demand(circuit):
    """The button draws the next ones, and the schematic's circuit is another."""
    app = circuit(drift="")
    before = figures(app)[0]
    next(button for button in app.button if button.label == "Draw tolerances anew").click().run()

    verdict(app)
    assert app.query_params["draw"] == "1"
    assert figures(app)[0] != before


def test_a_map_is_drawn_when_it_is_asked_for(circuit):
    """Not before the button, and with the two parts that were chosen."""
    app = circuit(drifted="Two parts", along="C1", up="R3")
    assert "Diagnoses" not in figures(app)[-1]
    next(button for button in app.button if button.label == "Draw the map").click().run()

    verdict(app)
    assert figures(app)[-1].startswith("Diagnoses while C1 and R3 drift at once")


def test_a_url_that_can_not_be_is_said(circuit):
    """A part that is none is said in one sentence, and the page stays usable."""
    app = circuit(drift="C77=10")

    assert [error.value.split(",")[0] for error in app.error] == ["A part of sallen-key is one of R1"]
    assert "Every part within its tolerance" in app.header[0].value


def test_another_circuit_begins_with_its_own_parts(circuit):
    """Nothing of the last circuit is left, and C2 and R4 of the biquad are told as one."""
    app = circuit()
    app.selectbox(key="circuit").set_value("biquad").run()
    assert "Every part within its tolerance" in verdict(app)

    app.slider(key="biquad R4 slider").set_value(45.0).run()
    assert verdict(app).startswith(":primary[C2 or R4 +")


def test_without_ngspice_stored_responses_serve(circuit, monkeypatch):
    """The page says how to install it, and shows a sample of the same circuit."""
    monkeypatch.setenv("PATH", "")
    app = circuit()

    assert "apt-get install ngspice" in app.info[0].value
    assert "sallen-key-9" in sentences(app)[0] or verdict(app)
    assert any(alt.startswith("Response to the pulse") for alt in figures(app))
    assert not app.slider


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.path.stem for sample in SAMPLES])
def test_every_sample_opens_in_inspect_as_what_it_is(sample, visit):
    """The circuit's network names every sample rightly, and nothing on the page speaks of bearings or a shaft."""
    app = visit(signal=sample.path.stem)
    said = verdict(app)
    group = NETWORKS[sample.circuit].alike(sample.fault)

    if sample.fault == "normal":
        assert "Every part within its tolerance" in said
    else:
        told = " or ".join(key[:-1] for key in group)
        assert said.startswith(f":primary[{told} {'+' if sample.fault[-1] == '+' else '−'}")
    words = " ".join([*sentences(app), *figures(app), *(each.label for each in (*app.number_input, *app.selectbox))])
    assert not re.search(r"bearing|shaft|rpm", words, re.IGNORECASE)


@pytest.mark.parametrize("tab", ["Frequency", "Trust", "Try it", "Listen", "Other methods"])
def test_every_tab_of_inspect_serves_a_circuit(tab, visit):
    """Each is drawn or says in one sentence why it has nothing to say, and none speaks of bearings."""
    app = visit(signal="sallen_key_C1_plus", tab=tab)

    verdict(app)
    assert not re.search(r"bearing|shaft|impact", " ".join([*sentences(app), *figures(app)]), re.IGNORECASE)
