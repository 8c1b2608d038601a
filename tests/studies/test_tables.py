"""The tables of a report say what the record and the card hold."""

from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.attention.record import AttentionRecord
from cbam_viz.language import percent
from cbam_viz.studies.panels import View
from cbam_viz.studies.tables import (
    MOST_WINDOWS,
    list_channels,
    list_confusion,
    list_gates,
    list_probabilities,
    list_windows,
)

VIEW = View(window=3, block=1)


def column(table, head):
    """What stands below a head."""
    return [row[table.heads.index(head)] for row in table.rows]


@pytest.mark.parametrize("make", [list_probabilities, list_gates, list_channels])
def test_every_row_is_as_long_as_the_heads(explained, make):
    """A table has no holes."""
    table = make(explained, VIEW)

    assert {len(row) for row in table.rows} == {len(table.heads)}


def test_probabilities_fall(explained):
    """The most probable class of the window stands first, beside the mean and the windows that are named so."""
    table, record = list_probabilities(explained, VIEW), explained.record
    order = np.argsort(-record.probabilities[3], kind="stable")

    assert column(table, "this window") == [percent(float(record.probabilities[3][each])) for each in order]
    assert column(table, "mean of all windows") == [percent(record.mean_probabilities[each]) for each in order]
    named = [int(said.split(" of ")[0]) for said in column(table, "windows named so")]
    assert sum(named) == len(record)


def test_gates_are_those_of_every_block(explained):
    """Lowest, median and highest M_s of the window, a row a block, whatever block is in view."""
    table = list_gates(explained, VIEW)

    for row, block in zip(table.rows, explained.record.blocks, strict=True):
        gate = block.spatial_attention[3]
        assert row[:4] == (block.name, *(f"{value:.3f}" for value in (gate.min(), np.median(gate), gate.max())))


def test_the_highest_gate_is_placed_at_the_centre_of_its_field(explained):
    """The time beside it is that of the middle of the samples which the position sees, in ms."""
    said = [float(each) for each in column(list_gates(explained, VIEW), "highest at (ms)")]
    expected = [
        1000 / 12_207 * block.receptive_field.centre(int(block.spatial_attention[3].argmax()))
        for block in explained.record.blocks
    ]

    assert said == pytest.approx(expected, abs=0.051)


def test_channels_are_all_of_the_block(explained):
    """Every channel of the block stands once, with its gate in this window and its usual mean."""
    table, reference = list_channels(explained, VIEW), explained.card.reference[1]
    gates = explained.record.blocks[1].channel_attention[3]

    assert sorted(map(int, column(table, "channel"))) == list(range(1, len(gates) + 1))
    for row in table.rows:
        number = int(row[0]) - 1
        assert row[1] == f"{gates[number]:.3f}"
        assert row[2].startswith(f"{reference.channel_mean[number]:.3f} ± ")


def test_windows_are_listed_one_by_one(explained):
    """Number, start, class and probability of each."""
    table, probabilities = list_windows(explained), explained.record.probabilities

    assert column(table, "window") == [str(number) for number in range(1, 9)]
    assert column(table, "from (s)") == [f"{2048 * number / 12_207:.3f}" for number in range(8)]
    assert column(table, "probability") == [percent(float(row.max())) for row in probabilities]
    assert table.note == ""


def test_a_long_recording_says_what_is_left_out(explained):
    """A page has room for so many windows; the rest is counted, and the files that hold it are named."""
    count = MOST_WINDOWS + 5
    record = AttentionRecord(
        *(np.resize(rows, (count, 3)) for rows in (explained.record.logits, explained.record.probabilities)),
        explained.record.features,
        (),
    )
    windows = replace(explained.windows, starts=np.arange(count))
    table = list_windows(replace(explained, record=record, windows=windows))

    assert len(table.rows) == MOST_WINDOWS
    assert table.note == "The last 5 are left out here; the tables as CSV or Parquet hold all."


def test_confusion_counts_every_window_of_the_evaluation_once(network):
    """Rows are what the windows are; summed over folds they are as many as the folds tested."""
    table, results = list_confusion(network.card), network.card.results
    counts = np.array([row[1:] for row in table.rows], dtype=int)

    assert counts.sum() == sum(fold.windows for fold in results.folds)
    right = sum(fold.accuracy * fold.windows for fold in results.folds)
    assert counts.trace() == pytest.approx(right, abs=0.5)
    assert column(table, "is / named as") == list(table.heads[1:])
