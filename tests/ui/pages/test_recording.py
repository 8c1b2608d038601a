"""The page Recording, without a browser: what it shows, what it refuses, and the URL that brings it back."""

import time

import numpy as np
import pytest
import soundfile
from streamlit.testing.v1 import AppTest

from cbam_viz.ui.recordings import DATA
from tests.ui.screen import advice

PAGE = "cbam_viz/ui/pages/recording.py"
MOST_S = 60


@pytest.fixture
def recording(visit):
    """Open Recording at a URL with these query parameters, and wait until its scan is done."""

    def open_page(**query: str) -> AppTest:
        app = AppTest.from_file(visit()._script_path, default_timeout=60)
        app.query_params.update({"network": "bearing-sim-4"} | query)
        app.switch_page(PAGE).run()
        begin = time.monotonic()
        while len(app.get("download_button")) < 4 and not app.error and time.monotonic() - begin < MOST_S:
            time.sleep(0.3)
            app.run()
        return app

    return open_page


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The operator's folder with one recording of two channels; the second is damaged in its middle."""
    with np.load("sample_data/sim_outer_10db.npz") as damaged, np.load("sample_data/sim_healthy_1.npz") as healthy:
        second = np.concatenate([healthy["samples"], damaged["samples"], healthy["samples"]]) / 20
    first = np.tile(second[: len(second) // 3], 3)
    (tmp_path / "data/pump").mkdir(parents=True)
    soundfile.write(tmp_path / "data/pump/night.wav", np.stack([first, second], axis=1), 12_000, "FLOAT")
    monkeypatch.setenv(DATA, str(tmp_path / "data"))
    return tmp_path / "data"


def test_page_opens_on_a_minute_whose_events_are_known(recording):
    """Without anything given, a simulated minute is scanned and its four events are found, each where it is."""
    app = recording()

    assert "4 events" in app.header[0].value
    table = app.dataframe[0].value
    np.testing.assert_allclose(table.iloc[:, 0], [8, 22, 34, 50], atol=0.09)
    np.testing.assert_allclose(table.iloc[:, 1], [10.5, 22.8, 41, 55], atol=0.09)
    assert table["class"].tolist() == ["Inner race", "Outer race", "Ball", "Outer race"]
    assert any("h of simulated healthy running" in said.value for said in app.caption)


def test_a_path_and_a_channel_of_the_operators_folder_come_with_the_url(recording, folder):
    """The URL brings back recording, channel and stretch; the machine is named after the folder."""
    app = recording(recording="pump/night.wav", track="channel 2", view_from="0.5", view_to="2.5")

    assert [each.value for each in (*app.exception, *app.error)] == []
    assert "night.wav, channel 2" in app.header[0].value
    assert app.dataframe[0].value["class"].tolist() == ["Outer race"]
    assert {key: app.query_params[key] for key in ("recording", "track", "view_to")} == {
        "recording": "pump/night.wav", "track": "channel 2", "view_to": "2.5",
    }  # fmt: skip
    app.button(key="whole").click().run()
    assert "view_to" not in app.query_params


@pytest.mark.parametrize("typed", ["../secret.wav", "/etc/passwd"])
def test_a_path_out_of_the_folder_is_one_sentence(recording, folder, typed):
    """A URL reads nothing outside the operator's folder."""
    assert "leads out of it" in advice(recording(recording=typed))


def test_a_path_without_a_folder_is_one_sentence(recording, monkeypatch):
    """Where the operator names no folder, a URL reads no path at all."""
    monkeypatch.delenv(DATA, raising=False)

    assert "it names none" in advice(recording(recording="/etc/passwd"))


def test_a_picked_stretch_opens_in_inspect_with_the_same_network(recording, folder):
    """Inspect shows the very stretch, by the network that scanned it."""
    app = recording(
        recording="pump/night.wav", track="channel 2", picked_from="1.25", picked_to="2.25", network="bearing-sim-4"
    )
    app.button(key="inspect").click().run()

    assert [each.value for each in (*app.exception, *app.error)] == []
    assert app.title[0].value == "What does it look at in this signal?"
    assert app.selectbox(key="network").value == "bearing-sim-4"
    box = app.selectbox(key="signal")
    assert box.format_func(box.value) == "night 1.25-2.25 s.npz"


def test_fewer_false_alarms_ask_for_more(recording):
    """The level follows from the false alarms that may be borne, without another scan."""
    app = recording(network="mfpt-3")
    levels = []
    for alarms in (1e4, 1e-3):
        app.number_input(key="alarms").set_value(alarms).run()
        levels.append(next(said.value for said in app.caption if "An event begins" in said.value))

    assert levels == [
        "An event begins where the probability of any fault reaches 0.2.",
        "An event begins where the probability of any fault reaches 0.7.",
    ]
