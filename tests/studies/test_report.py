"""What can be taken away: the numbers are the record's own, and the page needs nothing but itself."""

import csv
import io
import json
import re
from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.analysis.diagnosis import trace_diagnosis
from cbam_viz.studies.explain import explain
from cbam_viz.studies.panels import View
from cbam_viz.studies.report import explanation_csv, explanation_html, explanation_json
from cbam_viz.studies.words import say_verdict

LOADING_TAG = re.compile(r"<(script|link|img|iframe|object|embed|source|base)\b([^>]*)>", re.IGNORECASE)


@pytest.fixture(scope="module")
def numbers(explained):
    """The JSON as another program reads it, which knows no NaN."""
    return json.loads(explanation_json(explained), parse_constant=pytest.fail)


@pytest.fixture(scope="module")
def written(explained):
    """The HTML of one window."""
    return explanation_html(explained, View(window=2, block=1, shaft_hz=25.0, bearing="NICE"))


def test_json_has_the_agreed_keys(numbers):
    """Other programs rely on the names: these, and no others."""
    assert set(numbers) == {
        "signal", "network", "classes", "prepared_fs_hz", "window", "hop", "starts", "probabilities", "predicted",
        "blocks", "provenance",
    }  # fmt: skip
    assert set(numbers["signal"]) == {"name", "channel", "fs_hz", "samples"}
    assert set(numbers["provenance"]) == {"version", "signal_sha256", "unit", "training", "notes"}
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


def test_page_opens_offline(written):
    """No tag of the page names a file to load; it has the program that draws, once, and four figures to draw."""
    tags = LOADING_TAG.findall(written)

    assert [attributes for _, attributes in tags if re.search(r"\b(src|href|data)\s*=", attributes)] == []
    assert not re.search(r"@import|url\(", written[: written.index("<script>")])
    assert written.count("* plotly.js v") == 1
    body = written.rpartition("<body>")[2]
    assert body.count("<figure>") == body.count("Plotly.newPlot(") == 4


def test_page_says_what_the_app_says(written, explained):
    """Verdict with runner-up, where the window lies, what was done to the signal, and the honest number."""
    best, rest = say_verdict(trace_diagnosis(explained.record, explained.card, 2))

    assert f"<h2>{best} · {rest}</h2>" in written
    assert f"Window 3 of 8, from {2 * 2048 / 12_207:.3f} s." in written
    for sentence in (*explained.notes, explained.card.results.protocol, explained.card.results.shared):
        assert sentence in written


def test_page_ticks_the_period_of_the_fault(explained):
    """With speed and bearing the period of the diagnosed fault is on the page, and without them it is not."""
    told = explanation_html(explained, View(2, shaft_hz=25.0, bearing="NICE"))
    untold = explanation_html(explained, View(2))

    assert "BPF" in told.rpartition("<body>")[2]
    assert "BPF" not in untold.rpartition("<body>")[2]


def test_words_of_a_file_stay_words(write, network, explained):
    """Names, units and classes that look like tags are text on the page, and no part of its program."""
    hostile = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
    samples = np.random.default_rng(0).normal(size=4096)
    explanation = explain(write(samples, name="a<b>&.npz", unit=hostile), network)
    classes = tuple(replace(name, words=hostile) for name in network.card.classes)
    named = replace(
        explanation,
        signal=replace(explanation.signal, channel=hostile),
        network=replace(network, card=replace(network.card, classes=classes)),
    )
    page = explanation_html(named, View(0))

    assert hostile not in page
    assert "<title>a&lt;b&gt;&amp;.npz, &lt;img src=x" in page
    assert page.count("<script") == explanation_html(explained, View(0)).count("<script")


@pytest.mark.parametrize("block", [0, 1, 2])
@pytest.mark.parametrize("scale", ["usual", "unit", "map"])
def test_page_shows_the_block_and_scale_that_were_asked_for(explained, block, scale):
    """What stands on the colour bar is what was asked for."""
    words = {"usual": "usual range", "unit": "0–1", "map": "this map"}[scale]
    page = explanation_html(explained, View(0, block, scale))
    title = json.dumps(f"M<sub>s</sub> block {block + 1}, {words}").replace("<", "\\u003c").replace(">", "\\u003e")

    assert title.replace("/", "\\u002f") in page


def test_what_is_passed_on_says_what_flatters_it(numbers, written, explained):
    """A report and its numbers tell that the recording was in training, and can be traced to the signal."""
    training = "This recording was in training: its diagnosis proves nothing."

    assert numbers["provenance"]["training"] == training
    assert training in written
    assert numbers["provenance"]["signal_sha256"] == explained.signal.digest
    assert explained.signal.digest[:12] in written
