"""The tests on a card: the table survives its file, a card without one is whole, one that makes no sense is not."""

import json
import re
from dataclasses import replace

import pytest

from cbam_viz.errors import InputError
from cbam_viz.network.card import read_card, write_card
from cbam_viz.network.trust_table import TrustRow, TrustTable

ROW = TrustRow("truth_auc", "block 1", 0.62, 0.5, 0.6, 0.64, 160, 40)
TABLE = TrustTable(
    ("Twenty machines, seeds 0 to 19.",),
    "python -m cbam_viz assess small",
    (ROW, replace(ROW, block="all blocks", value=None, low=None, high=None, windows=0, recordings=0)),
)


@pytest.fixture
def path(card, tmp_path):
    """A card with a table, written."""
    write_card(replace(card, trust=TABLE), tmp_path / "small.json")
    return tmp_path / "small.json"


def change(path, edit):
    """Write a card again with its table changed."""
    content = json.loads(path.read_text(encoding="utf-8"))
    edit(content["trust"])
    path.write_text(json.dumps(content), encoding="utf-8")


def test_a_table_reads_as_it_was_written(path):
    """Every number of it, and what has none."""
    assert read_card(path).trust == TABLE


def test_a_card_without_a_table_is_whole(card, path):
    """One that was written before there were tables, and one of a network that nobody assessed."""
    content = json.loads(path.read_text(encoding="utf-8"))
    for told in (content | {"trust": None}, {key: value for key, value in content.items() if key != "trust"}):
        path.write_text(json.dumps(told), encoding="utf-8")
        assert read_card(path) == card


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda table: table["rows"][0].update(block="block 9"), "a test of 'block 9', which the network has not"),
        (lambda table: table["rows"][0].update(value=float("nan")), "holds numbers that are not finite"),
        (lambda table: table["rows"][0].update(low=0.7), "has a band from 0.7 down to 0.64"),
        (lambda table: table["rows"][0].update(recordings=161), "counts 161 recordings, 160 windows"),
        (lambda table: table["rows"][0].pop("control"), "'control'"),
        (lambda table: table.pop("protocol"), "'protocol'"),
    ],
    ids=["block", "not finite", "band", "counts", "part of a row", "protocol"],
)
def test_a_table_that_makes_no_sense_is_refused(path, edit, reason):
    """The card's sentence names what is wrong with it."""
    change(path, edit)

    with pytest.raises(InputError, match=re.escape(reason)):
        read_card(path)


@pytest.mark.parametrize(
    ("changes", "differs"),
    [
        ({}, True),
        ({"control": 0.61}, False),
        ({"control": 0.9}, True),
        ({"value": 0.3, "control": 0.62}, True),
        ({"control": None}, False),
        ({"low": None, "high": None}, False),
    ],
)
def test_value_and_control_differ_where_one_lies_outside(changes, differs):
    """On either side; what has no control or no band is told apart from nothing."""
    assert replace(ROW, **changes).differs is differs


def test_a_row_is_found_by_test_and_block():
    """One without a number is as none."""
    assert TABLE.find("truth_auc", "block 1") is ROW
    assert TABLE.find("truth_auc", "all blocks") is None
    assert TABLE.find("agreement", "block 1") is None
