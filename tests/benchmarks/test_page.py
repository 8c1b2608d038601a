"""What a page costs once everything is cached, beside the figures it shows."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from cbam_viz.datasets.samples import list_samples
from cbam_viz.network.checkpoint import read_network
from cbam_viz.studies.explain import explain
from cbam_viz.studies.panels import View, draw_channels, draw_diagnosis, draw_overview, draw_spatial

APP = Path(__file__).parents[2] / "app.py"


def test_a_warm_page(compare):
    """A page that only moves to another window runs no reader; most of what it costs are its four figures."""
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    sample, network = list_samples()[0].path, read_network("mfpt-3")
    explanation = explain(sample, network)
    number = iter(range(10_000))

    def page():
        app.slider(key="window").set_value(1 + next(number) % 8).run()
        assert not app.exception
        assert not app.error

    def figures():
        for draw in (draw_spatial, draw_channels, draw_overview, draw_diagnosis):
            draw(explanation, View(next(number) % 8)).figure.to_json()

    compare(
        "A page that is warm",
        {
            "its four figures": figures,
            "the whole page run": page,
            "the sample read and explained": lambda: explain(sample, network),
        },
        aim="a page run under 300 ms",
    )
