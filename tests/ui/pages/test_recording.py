"""The page Recording, without a browser."""

import time

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

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
        while not app.get("download_button") and not app.error and time.monotonic() - begin < MOST_S:
            time.sleep(0.5)
            app.run()
        return app

    return open_page


def test_page_opens_on_a_minute_whose_events_are_known(recording):
    """Without anything given, a simulated minute is scanned and its four events are found, each where it is."""
    app = recording()

    assert "4 events" in app.header[0].value
    table = app.dataframe[0].value
    np.testing.assert_allclose(table.iloc[:, 0], [8, 22, 34, 50], atol=0.09)
    np.testing.assert_allclose(table.iloc[:, 1], [10.5, 22.8, 41, 55], atol=0.09)
    assert table["class"].tolist() == ["Inner race", "Outer race", "Ball", "Outer race"]
