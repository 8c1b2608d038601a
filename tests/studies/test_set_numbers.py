"""The numbers of a comparison to take away: every gate value once, under its place, as it was recorded."""

import io
import json

import numpy as np
import pandas as pd
import pytest

from cbam_viz.analysis.labelled import LabelledSet
from cbam_viz.studies.compare import Comparison
from cbam_viz.studies.set_numbers import comparison_csv, comparison_json, comparison_parquet, comparison_table
from cbam_viz.studies.set_panels import SetView, find_sides, trace_views, views_of
from cbam_viz.studies.set_tables import view_tables

RECORDINGS = [("a", "m1", 3), ("b", "m2", 1), ("a", "m3", 2), ("b", "m2", 4)]
KEYS = ["class", "recording", "window", "quantity", "block", "index"]


@pytest.fixture
def compared(make_set, network):
    """Four recordings of two classes with unequal numbers of windows; the last block has no spatial gate."""
    return Comparison(network, make_set(RECORDINGS), (), 0, ())


def by_hand(labelled: LabelledSet):
    """Every gate value by its place, gathered one by one."""
    found, row = {}, 0
    for member in labelled.members:
        for window in range(1, len(member.windows) + 1):
            for block in labelled.record.blocks:
                for quantity in ("channel_attention", "spatial_attention"):
                    for index, value in enumerate(getattr(block, quantity)[row], start=1):
                        found[member.label, member.name, window, quantity, block.name, index] = value
            row += 1
    return found


def tables(compared):
    """The gates as CSV gives them and as Parquet does."""
    csv = pd.read_csv(io.StringIO(comparison_csv(compared)), dtype={"value": np.float32})
    return csv, pd.read_parquet(io.BytesIO(comparison_parquet(compared, SetView())["gates.parquet"]))


def test_tables_hold_every_gate_value_once(compared):
    """Class, recording, window, block and channel or position lead to the recorded value, bit for bit."""
    expected = by_hand(compared.labelled)
    for table in tables(compared):
        found = dict(zip(table[KEYS].itertuples(index=False, name=None), table["value"], strict=True))

        assert len(table) == len(found)
        assert found == expected


def test_a_block_without_a_gate_has_no_rows_of_it(compared):
    """What was not recorded is not made up."""
    table = comparison_table(compared)
    last = table[table["block"] == compared.labelled.record.blocks[-1].name]

    assert set(last["quantity"]) == {"channel_attention"}


def test_a_pair_is_of_the_first_recordings_of_two_classes(compared):
    """Where nothing else is said, each by the window that is surest of what its recording is named."""
    labelled = compared.labelled
    probabilities = labelled.record.probabilities
    first, second = probabilities[:3], probabilities[3:4]

    assert find_sides(labelled, SetView()) == (
        (0, int(first[:, first.mean(axis=0).argmax()].argmax())),
        (1, int(second[:, second.mean(axis=0).argmax()].argmax())),
    )
    assert find_sides(labelled, SetView(a=2, b=3, a_window=1, b_window=2)) == ((2, 1), (3, 2))


def test_a_pair_shows_the_windows_it_is_asked_for(compared):
    """The difference of M_c is that of those two windows."""
    pair = trace_views(compared, SetView(a=2, b=3, a_window=1, b_window=2), ["pair"])["pair"]
    gate = compared.labelled.record.blocks[0].channel_attention.astype(float)

    np.testing.assert_allclose(pair.difference, (gate[5] - gate[8])[pair.channel - 1])
    assert pair.names == (compared.labelled.members[2].name, compared.labelled.members[3].name)
    assert pair.windows == (2, 3)


def test_json_has_an_entry_a_view_and_says_which_it_was(compared):
    """What followed from the set stands there as a number."""
    told = json.loads(comparison_json(compared, SetView()))
    (a, a_window), (b, b_window) = find_sides(compared.labelled, SetView())

    assert list(told["views"]) == list(views_of(compared))
    assert [told["view"][key] for key in ("a", "a_window", "b", "b_window")] == [a, a_window, b, b_window]
    assert told["views"]["pair"]["windows"] == [a_window + 1, b_window + 1]


def test_each_view_is_a_tidy_table(compared):
    """Its rows lead to the numbers of the view: by class and channel, or by recording and window."""
    view = SetView(block=1)
    tables = view_tables(compared, view)
    traces = trace_views(compared, view)
    channels, trace = tables["class_channels"], traces["class_channels"]
    keys = [name.key for name in compared.labelled.classes]
    row = channels[(channels["class"] == keys[1]) & (channels["channel"] == trace.channel[2])]
    assert row["mean"].item() == trace.mean[1, 2]
    plane = tables["plane"].set_index(["recording", "window"])
    assert len(plane) == len(compared.labelled.record)
    place = compared.labelled.members[1].name, 1
    assert tuple(plane.loc[place, ["first", "second"]]) == tuple(traces["plane"].place[3])
    assert set(tables["distances"]["class"]) | set(tables["distances"]["other"]) == set(keys)
