"""What happens when a part drifts."""

import io
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cbam_viz.errors import InputError
from cbam_viz.network.checkpoint import read_network
from cbam_viz.physics.circuits import find_circuit
from cbam_viz.signals.readers import read_signal
from cbam_viz.signals.write import write_signal
from cbam_viz.studies.circuit import (
    Setting,
    map_parts,
    read_deviations,
    study_setting,
    sweep_part,
    write_deviations,
)
from cbam_viz.studies.circuit_panels import draw_map, draw_response, draw_schematic, draw_study, draw_sweep
from cbam_viz.studies.drift_numbers import drift_parquet, drift_table, response_csv, study_json
from cbam_viz.studies.explain import Asked, explain_signal


@pytest.fixture(scope="module")
def network():
    """The network of the Sallen-Key band-pass."""
    return read_network("sallen-key-9")


@pytest.fixture(scope="module")
def sweep(network):
    """C1 in nine steps."""
    return sweep_part(Setting("sallen-key"), network, "C1", steps=9)


@pytest.mark.parametrize(("part", "percent"), [("C1", -40.0), ("C2", 40.0), ("R2", -50.0), ("R3", 50.0)])
def test_a_part_that_is_far_off_is_named_with_its_deviation(part, percent, network):
    """A planted fault of a known size is found, and its size within 10 points."""
    study = study_setting(Setting("sallen-key", ((part, percent),)), network)
    best = int(study.explanation.record.probabilities[0].argmax())

    assert network.card.classes[best].key == f"{part}{'+' if percent > 0 else '-'}"
    assert study.explanation.record.deviations[0, best] == pytest.approx(percent, abs=10)


def test_the_nominal_circuit_is_sound_and_lies_on_its_band(network):
    """With nothing moved the response is the stored nominal one."""
    study = study_setting(Setting("sallen-key"), network)
    measured = study.explanation.windows.measured(0)

    assert study.explanation.predicted.key == "normal"
    assert measured == pytest.approx(np.array(network.card.preparation.nominal), abs=1e-3)
    assert study.explanation.record.probabilities == pytest.approx(study.sound.record.probabilities, abs=1e-3)


def test_the_page_goes_the_way_of_a_file(network, tmp_path):
    """The same response, written to a file and read, is diagnosed alike: there is one way through the network."""
    study = study_setting(Setting("sallen-key", (("C1", -40.0),), draw=3, snr_db=40.0), network)
    write_signal(study.explanation.signal, tmp_path / "own.npz")
    again = explain_signal(read_signal(tmp_path / "own.npz"), network, Asked())

    assert again.record.logits == pytest.approx(study.explanation.record.logits, abs=1e-3)


def test_equal_settings_give_equal_responses(network):
    """A draw is a number: the same again gives the same values and noise, and the next one others."""
    setting = Setting("sallen-key", (("R2", 20.0),), draw=5, snr_db=30.0)
    one, same, other = (
        study_setting(each, network).explanation.signal.samples for each in (setting, setting, replace(setting, draw=6))
    )

    assert np.array_equal(one, same)
    assert not np.allclose(one, other, atol=1e-3)


def test_tolerances_stay_round_what_was_set():
    """Drawn values spread by a third of their tolerance round the place of a slider."""
    circuit = find_circuit("sallen-key")
    drawn = np.array([Setting("sallen-key", (("C1", -40.0),), draw=draw).values for draw in range(1, 400)])
    off = drawn / circuit.values("C1", -0.4) - 1

    assert off.mean(axis=0) == pytest.approx(np.zeros(7), abs=0.006)
    assert off.std(axis=0) * 3 == pytest.approx([part.tolerance for part in circuit.parts], rel=0.15)


def test_a_step_of_a_sweep_is_that_setting(sweep, network):
    """The sweep's response at -30 % is what moving the part to -30 % gives, and its windows are read in one pass."""
    study = study_setting(Setting("sallen-key", (("C1", -30.0),)), network)

    assert sweep.percent[2] == -30
    assert sweep.record.logits[2] == pytest.approx(study.explanation.record.logits[0], abs=1e-3)


def test_the_diagnosis_changes_on_the_way(sweep, network):
    """From too small over sound to too large, in words and numbers."""
    named = drift_table(sweep, network.card)["named"]

    assert (named.iloc[0], named.iloc[4], named.iloc[-1]) == ("C1-", "normal", "C1+")
    assert draw_sweep(sweep, network.card, 0).alt.startswith("Along the drift of C1 the diagnosis changes at −")


def test_a_map_changes_its_first_part_fastest(network):
    """Runs of a row differ in the first part, rows in the second; the middle is the nominal circuit."""
    drift = map_parts(Setting("sallen-key"), network, ("C1", "R3"), steps=3)
    table = drift_table(drift, network.card)

    assert table["C1_percent"].tolist() == [-60, 0, 60] * 3
    assert table["R3_percent"].tolist() == [-60] * 3 + [0] * 3 + [60] * 3
    assert table["C1"].iloc[0] == pytest.approx(2e-9)
    assert table["named"].iloc[4] == "normal"
    assert "C1 and R3 drift at once" in draw_map(drift, network.card).alt


def test_progress_is_told_and_may_end_the_work(network):
    """Runs are counted to their end, and what the listener raises comes through."""
    seen = []
    sweep_part(Setting("sallen-key"), network, "R1", lambda *told: seen.append(told), steps=5)

    assert seen[-1] == (5, 5)
    with pytest.raises(KeyboardInterrupt):
        sweep_part(Setting("sallen-key"), network, "R1", _interrupt, steps=5)


def _interrupt(_done, _runs):
    raise KeyboardInterrupt


def test_all_numbers_can_be_taken_away(sweep, network):
    """JSON, CSV and Parquet hold the setting, the response and each run of the sweep."""
    study = study_setting(sweep.setting.moved({"C1": -30.0}), network)
    numbers = json.loads(study_json(study, sweep))
    table = pd.read_parquet(io.BytesIO(drift_parquet(sweep, network.card)))

    assert numbers["setting"]["deviations_percent"] == {"C1": -30.0}
    assert numbers["verdict"].startswith("C1 −")
    assert len(numbers["drift"]["runs"]) == len(table) == 9
    assert len(pd.read_csv(io.StringIO(response_csv(study)))) == network.card.config.window


def test_pictures_have_words_in_their_place(network):
    """The response, its schematic, and a response from a file each say in words what they show."""
    study = study_setting(Setting("sallen-key", (("C1", -40.0),)), network)

    assert draw_study(study, 0).alt.startswith("Response to the pulse: farthest from nominal (")
    assert draw_schematic(study.setting).alt.startswith("Schematic: Sallen-Key band-pass; C1 3.00 nF −40 %, R1 1.00 kΩ")
    assert draw_response(study.explanation, 0).alt == draw_study(study, 0).alt


@pytest.mark.parametrize(
    ("make", "advice"),
    [
        (lambda: Setting("sallen-key", (("C9", 10.0),)), "A part of sallen-key is one of R1, R2"),
        (lambda: Setting("sallen-key", (("C1", -100.0),)), "A part is off by -60 to 60 %, but C1 -100 % was given"),
        (
            lambda: Setting("sallen-key", (("C1", float("nan")),)),
            "A part is off by .* but C1 nan % was given",
        ),
        (lambda: Setting("sallen-key", (("C1", 1.0), ("C1", 2.0))), "Every part is set once"),
        (lambda: Setting("sallen-key", draw=-1), "A draw is a number from 0 to"),
        (lambda: Setting("sallen-key", snr_db=-3.0), "A signal-to-noise ratio lies between 0 and 120 dB"),
        (lambda: Setting("rc"), "A circuit is one of"),
        (lambda: read_deviations("C1"), "A deviation is a part and per cent, such as C1=-40, but 'C1' was given"),
    ],
)
def test_what_can_not_be_set_is_said(make, advice):
    """One sentence says what must hold, what was found and what to do."""
    with pytest.raises(InputError, match=advice):
        make()


def test_a_map_needs_two_parts_and_a_network_its_circuit(network):
    """The same part twice is no map, and a network of bearings reads no response."""
    with pytest.raises(InputError, match="A map is of two parts, but C1, C1 was given"):
        map_parts(Setting("sallen-key"), network, ("C1", "C1"))
    with pytest.raises(InputError, match="must read responses of biquad, but sallen-key-9 does not"):
        study_setting(Setting("biquad"), network)


def test_deviations_survive_the_url():
    """What is written is read back, and a part that is not moved is left out."""
    assert read_deviations(write_deviations({"C1": -40.0, "R2": 0.0, "R3": 12.5})) == (("C1", -40.0), ("R3", 12.5))
