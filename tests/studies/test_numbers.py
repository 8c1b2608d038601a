"""The numbers that can be taken away are the record's own, in every form."""

import csv
import io
import json

import numpy as np
import pandas as pd
import pytest

from cbam_viz.studies.explain import explain
from cbam_viz.studies.numbers import explanation_csv, explanation_json, explanation_parquet

WORDS, WHOLE = ("signal", "network", "quantity", "block", "place"), ("window", "index")


@pytest.fixture(scope="module")
def numbers(explained):
    """The JSON as another program reads it, which knows no NaN."""
    return json.loads(explanation_json(explained), parse_constant=pytest.fail)


@pytest.fixture(scope="module")
def table(explained):
    """The Parquet as another program reads it."""
    return pd.read_parquet(io.BytesIO(explanation_parquet(explained)))


def test_json_has_the_agreed_keys(numbers):
    """Other programs rely on the names: these, and no others."""
    assert set(numbers) == {
        "signal", "network", "classes", "prepared_fs_hz", "window", "hop", "starts", "probabilities", "predicted",
        "blocks", "provenance",
    }  # fmt: skip
    assert set(numbers["signal"]) == {"name", "channel", "fs_hz", "samples"}
    assert set(numbers["provenance"]) == {
        "version", "signal_sha256", "unit", "shaft_hz", "bearing", "class_words", "training", "notes",
    }  # fmt: skip
    for block in numbers["blocks"]:
        assert set(block) == {"name", "channel_attention", "spatial_attention", "receptive_field"}
        assert set(block["receptive_field"]) == {"first_sample", "size", "stride"}


def test_json_describes_signal_and_network(numbers):
    """The file, its channel and rate as they were measured; the network's classes and windows."""
    assert numbers["signal"] == {"name": "inner_300lb.npz", "channel": "samples", "fs_hz": 48_828, "samples": 73_242}
    assert (numbers["network"], numbers["classes"]) == ("mfpt-3", ["normal", "inner", "outer"])
    assert (numbers["prepared_fs_hz"], numbers["window"], numbers["hop"]) == (12_207, 2048, 2048)
    assert numbers["starts"] == [2048 * number for number in range(8)]


def test_json_gives_the_record_back(numbers, explained):
    """Every number read as float32 is the record's, bit for bit."""
    record = explained.record

    np.testing.assert_array_equal(np.array(numbers["probabilities"], np.float32), record.probabilities)
    for told, block in zip(numbers["blocks"], record.blocks, strict=True):
        assert told["name"] == block.name
        np.testing.assert_array_equal(np.array(told["channel_attention"], np.float32), block.channel_attention)
        np.testing.assert_array_equal(np.array(told["spatial_attention"], np.float32), block.spatial_attention)


def test_json_tells_the_receptive_fields(numbers):
    """Worked out layer by layer for kernels 64, 7, 5, stride 8, pools of 2 and gates of 7."""
    first = {"first_sample": -28 - 3 * 8, "size": 64 + 6 * 8, "stride": 8}
    second = {"first_sample": -52 - (3 + 3) * 16, "size": 112 + 8 + (6 + 6) * 16, "stride": 16}
    third = {"first_sample": -148 - (2 + 3) * 32, "size": 312 + 16 + (4 + 6) * 32, "stride": 32}

    assert [block["receptive_field"] for block in numbers["blocks"]] == [first, second, third]


def test_predicted_is_the_arg_max_of_the_mean_probability(numbers):
    """It follows from the numbers beside it."""
    means = [sum(column) / len(column) for column in zip(*numbers["probabilities"], strict=True)]

    assert numbers["predicted"] == numbers["classes"][means.index(max(means))]


def test_table_and_json_hold_the_same_numbers(numbers, explained):
    """One value a row, with window, start, block and place from 1: put together they are the JSON, and none is left."""
    rows = list(csv.DictReader(io.StringIO(explanation_csv(explained))))
    found = {
        (int(row["window"]), row["quantity"], row["block"], int(row["index"])): float(row["value"]) for row in rows
    }
    expected = {}
    for window in range(8):
        for index, value in enumerate(numbers["probabilities"][window], 1):
            expected[window + 1, "probability", "", index] = value
        for block in numbers["blocks"]:
            for quantity in ("channel_attention", "spatial_attention"):
                for index, value in enumerate(block[quantity][window], 1):
                    expected[window + 1, quantity, block["name"], index] = value

    assert found == expected
    assert len(rows) == len(found)
    assert {float(row["start_s"]) for row in rows} == {round(start / 12_207, 6) for start in numbers["starts"]}


def test_what_is_passed_on_says_what_flatters_it(numbers, explained):
    """The numbers tell that the recording was in training, and can be traced to the signal."""
    assert numbers["provenance"]["training"] == "This recording was in training: its diagnosis proves nothing."
    assert numbers["provenance"]["signal_sha256"] == explained.signal.digest


def test_parquet_and_csv_are_one_table(table, explained):
    """Parquet read back has the columns, rows and words of the CSV, and its numbers to the digits that it writes."""
    rows = list(csv.DictReader(io.StringIO(explanation_csv(explained))))

    assert list(table.columns) == list(rows[0])
    for column in (*WORDS, *WHOLE):
        assert table[column].astype(str).tolist() == [row[column] for row in rows]
    assert [f"{start:.6f}" for start in table["start_s"]] == [row["start_s"] for row in rows]
    np.testing.assert_array_equal(table["value"].to_numpy(), np.array([row["value"] for row in rows], np.float32))


def test_parquet_knows_the_kind_of_every_column(table):
    """Values are the record's float32, counts whole numbers, times float64, and the rest words."""
    assert (table["value"].dtype, table["start_s"].dtype) == (np.float32, np.float64)
    assert {table[column].dtype for column in WHOLE} == {np.dtype(np.int32)}
    assert all(isinstance(word, str) for column in WORDS for word in table[column])


def test_table_is_as_the_csv_library_writes_it(write, network):
    """Names with a comma, a quote or a line's end, and values far below 1, stand as Python's own csv writes them."""
    samples = np.random.default_rng(0).normal(size=4096)
    explanation = explain(write(samples, name='a,"b"\n;c.npz'), network)
    explanation.record.probabilities[0] = [1e-30, 1.5e-5, 0.1]
    written = explanation_csv(explanation)
    rows = list(csv.reader(io.StringIO(written, newline="")))
    again = io.StringIO()
    csv.writer(again, lineterminator="\n").writerows(rows)

    assert written == again.getvalue()
    assert rows[1][0] == 'a,"b"\n;c.npz'
    assert [row[-1] for row in rows[1:4]] == ["1e-30", "1.5e-05", "0.1"]
