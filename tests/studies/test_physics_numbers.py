"""The numbers of physics are the same in every place that they are taken away from."""

import csv
import io
import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cbam_viz.studies.numbers import explanation_csv, explanation_json, explanation_parquet, physics_csv
from cbam_viz.studies.panels import FrequencyView, View
from cbam_viz.studies.physics import study_physics
from cbam_viz.studies.physics_numbers import physics_numbers, physics_rows
from cbam_viz.studies.physics_tables import list_lines
from cbam_viz.studies.report import explanation_html

VIEW = View(2, shaft_hz=25.0, bearing="NICE", frequency=FrequencyView((2_000.0, 4_000.0), 0.01))


@pytest.fixture(scope="module")
def physics(explained):
    """Of a damaged inner race, in a band by hand."""
    return study_physics(explained, VIEW)


@pytest.fixture(scope="module")
def rows(physics):
    """The numbers as rows: quantity, block, place, value."""
    return list(physics_rows(physics_numbers(physics)))


def told(lines):
    """Rows of a table as text that are not of the windows."""
    gates = {"probability", "channel_attention", "spatial_attention"}
    return [
        (line["quantity"], line["block"], line["place"], float(line["value"]))
        for line in lines
        if line["quantity"] not in gates
    ]


def test_every_table_holds_the_same(explained, physics, rows):
    """The download of the tab, the CSV and the Parquet hold the very rows that the JSON has as named values."""
    alone = told(csv.DictReader(io.StringIO(physics_csv(explained, 2, physics))))
    whole = told(csv.DictReader(io.StringIO(explanation_csv(explained, 2, physics))))
    packed = pd.read_parquet(io.BytesIO(explanation_parquet(explained, 2, physics)))
    kept = packed[~packed["quantity"].isin(["probability", "channel_attention", "spatial_attention"])]

    assert alone == whole == rows
    assert kept["value"].dtype == np.float32
    assert kept["value"].to_numpy().astype("U").astype(float).tolist() == [value for *_names, value in rows]
    assert set(kept["window"]) == {3}
    named = json.loads(explanation_json(explained, None, physics), parse_constant=pytest.fail)["physics"]
    assert list(physics_rows(named)) == rows


def test_the_numbers_are_those_on_screen(physics, rows):
    """Lines, faults, speed, band and tests are what the tab draws and says, to the digits of a float32."""
    found = {(quantity, block, place): value for quantity, block, place, value in rows}

    for each in physics.envelope.found:
        assert found["envelope_line_hz", "", each.line.name] == pytest.approx(each.line.hz, rel=1e-6)
        assert found["envelope_line_prominence", "", each.line.name] == pytest.approx(each.prominence, rel=1e-6)
    for each in physics.gate.found:
        assert found["gate_line_chance", "block 1", each.line.name] == pytest.approx(each.chance, rel=1e-6)
    for score in physics.scores:
        assert found[score.name, score.block, "control"] == pytest.approx(score.control, rel=1e-6)
    assert found["fits", "", physics.verdict.fits] == 1
    assert found["best_speed_hz", "", physics.speed.fault] == pytest.approx(physics.speed.shaft_hz, rel=1e-6)
    assert (found["band_low_hz", "", ""], found["band_high_hz", "", ""]) == (2_000, 4_000)
    drawn = [value for quantity, _block, _place, value in rows if quantity == "envelope_spectrum"]
    np.testing.assert_allclose(drawn, physics.envelope.amplitude, rtol=1e-6)


def test_the_report_shows_the_same_lines(explained, physics):
    """Each line of the envelope stands in the report with its numbers, below the pictures and the verdict."""
    page = explanation_html(explained, VIEW)
    cells = re.findall(r'<th scope="row">(.*?)</th><td>envelope</td><td>(.*?)</td><td>.*?</td><td>(.*?)</td>', page)

    assert cells == [
        (each.line.name, f"{each.line.hz:.2f}", "–" if np.isnan(each.prominence) else f"{each.prominence:.2f}")
        for each in physics.envelope.found
    ]
    assert "Physics: " in page
    assert "--band 2000-4000 --nudge 1" in page
    assert page.count("<figure") == 7


def test_without_a_machine_there_are_no_lines(explained):
    """No speed: spectra and band are written, lines and tests are not, and it is said what is lacking."""
    numbers = physics_numbers(study_physics(explained, View(2)))

    assert (numbers["fits"], numbers["faults"], numbers["best_speed"], numbers["tests"]) == (None, [], None, [])
    assert numbers["envelope_spectrum"]["lines"] == []
    assert numbers["lacking"][0].startswith("Fault lines need the speed of the shaft")
    assert {quantity for quantity, *_rest in physics_rows(numbers)} >= {"spectrum", "envelope_spectrum", "band_low_hz"}


def test_a_line_of_a_stronger_part_is_marked(physics):
    """The JSON names the line that the amplitude is too, the table says so, and neither lets it stand out."""
    first, *others = physics.envelope.found
    shared = replace(first, prominence=9.0, chance=3.0, also="2 × BPFI")
    marked = replace(physics, envelope=replace(physics.envelope, found=(shared, *others)))
    line = physics_numbers(marked)["envelope_spectrum"]["lines"][0]

    assert (line["also"], line["stands_out"]) == ("2 × BPFI", False)
    assert list_lines(marked).rows[0][-1] == "no, also 2 × BPFI’s"
