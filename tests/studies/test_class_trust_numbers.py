"""The numbers of a set's tests, to take away: names of the fields are interface."""

import io
import json
from dataclasses import replace

import pandas as pd
import pytest

from cbam_viz.datasets.samples import label_samples
from cbam_viz.studies.class_trust import examine_set
from cbam_viz.studies.class_trust_numbers import class_trust_json, class_trust_numbers
from cbam_viz.studies.compare import compare
from cbam_viz.studies.set_numbers import comparison_json, comparison_parquet
from cbam_viz.studies.set_panels import VIEWS, SetView, draw_view, views_of
from cbam_viz.studies.set_report import command_again, comparison_html

FIELDS = {"name", "block", "class", "value", "control", "low", "high", "p", "p_holm"}


@pytest.fixture(scope="module")
def compared(network):
    """Two healthy recordings and two of the inner race, with the tests of one window each."""
    samples = label_samples(network.card.bearing)
    chosen = [[each for each in samples if each.label == label][:2] for label in ("normal", "inner")]
    comparison = compare([*chosen[0], *chosen[1]], network)
    return replace(comparison, trust=examine_set(network, comparison.labelled, most=4))


def test_json_has_every_test_and_every_verdict(compared):
    """Each test with its control, interval and both p; a verdict a class and block, and that of the block in view."""
    told = json.loads(class_trust_json(compared, compared.trust, 1))

    assert {frozenset(test) for test in told["tests"]} == {frozenset(FIELDS)}
    assert len(told["tests"]) == len(compared.trust.scores)
    assert [(each["block"], each["class"]) for each in told["verdicts"]] == [
        (block, key) for block in ("block 1", "block 2", "block 3") for key in ("normal", "inner", "all")
    ]
    assert told["verdict"] == told["verdicts"][5]
    assert {"code", "sentence"} <= set(told["verdict"])
    assert [each["signal_sha256"] for each in told["recordings"]] == list(compared.digests)


def test_a_comparison_tells_its_tests_only_where_they_were_asked_for(compared):
    """As a view in the JSON, a table in the Parquet, a figure with a table in the report, and in the command."""
    plain, view = replace(compared, trust=None), SetView()

    assert views_of(plain) == tuple(VIEWS)[:-1]
    assert views_of(compared) == tuple(VIEWS)
    assert "class_trust" not in json.loads(comparison_json(plain, view))["views"]
    told = json.loads(comparison_json(compared, view))["views"]["class_trust"]
    assert told == json.loads(json.dumps(class_trust_numbers(compared.trust)))
    assert "tests.parquet" not in comparison_parquet(plain, view)
    table = pd.read_parquet(io.BytesIO(comparison_parquet(compared, view)["tests.parquet"]))
    assert set(table.columns) == FIELDS
    assert len(table) == len(compared.trust.scores)
    assert "--trust" in command_again(compared, view, [])
    assert "--trust" not in command_again(plain, view, [])


def test_the_figure_is_told_in_words(compared):
    """Who can't see it gets the verdicts; the same stands in the report, with a row a verdict."""
    panel = draw_view("class_trust", compared, SetView())
    page = comparison_html(compared, SetView(), "x")

    assert panel.alt.startswith("9 verdicts, one a block and class: ")
    assert panel.alt.split(";")[0] in page
    assert "Every verdict" in page
    assert "Every verdict" not in comparison_html(replace(compared, trust=None), SetView(), "x")
