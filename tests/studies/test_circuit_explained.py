"""Responses from outside, explained: worked out by the closed form with SciPy, not by ngspice."""

import json

import numpy as np
import pytest
from scipy import signal as dsp

from cbam_viz.analysis.diagnosis import trace_diagnosis
from cbam_viz.network.card import list_networks
from cbam_viz.physics.circuits import NORMAL
from cbam_viz.studies import words
from cbam_viz.studies.circuit_plans import CIRCUIT_PLANS
from cbam_viz.studies.explain import explain
from cbam_viz.studies.numbers import explanation_numbers, explanation_table

NAMES = [name for name in list_networks() if name in CIRCUIT_PLANS]
FINE = 20
"""Steps of the closed form in one of the circuit's grid."""


def write_response(path, circuit, part, deviation, delay_s=0.0, offset=0.0):
    """A CSV of time and volts of the circuit with ideal op-amps and one part off."""
    times = np.arange(round((circuit.duration_s + delay_s) / circuit.step_s * FINE) + 1) * circuit.step_s / FINE
    system = circuit.transfer(dict(zip(circuit.names, circuit.values(part, deviation), strict=True)))
    volts = dsp.lsim(system, circuit.pulse.at(times - delay_s), times)[1] + offset
    rows = [f"{time:.10g},{value:.6f}" for time, value in zip(times[::FINE], volts[::FINE], strict=True)]
    path.write_text("time (s),out (V)\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", NAMES)
def test_a_closed_form_is_diagnosed(name, tmp_path):
    """Every part 40 % off, up and down, is named, alone or among its like, and its deviation told to a few points."""
    circuit = CIRCUIT_PLANS[name].circuit
    for part in circuit.faulty:
        for deviation in (0.4, -0.4):
            explanation = explain(write_response(tmp_path / "response.csv", circuit, part, deviation), name)
            trace = trace_diagnosis(explanation.record, explanation.card, 0)
            best = int(trace.ranking[0])
            assert part in trace.parts[best], (part, deviation, words.say_verdict(trace))
            assert trace.deviations[best] == pytest.approx(100 * deviation, abs=12), (part, deviation)


@pytest.mark.parametrize("name", NAMES)
def test_a_sound_circuit_on_a_bench_is_sound(name, tmp_path):
    """With a delay nobody states and an offset, nothing is blamed."""
    path = write_response(
        tmp_path / "response.csv", CIRCUIT_PLANS[name].circuit, None, 0.0, delay_s=11.3e-6, offset=0.3
    )

    assert explain(path, name).predicted.key == NORMAL


def test_the_numbers_to_take_away_hold_the_deviations(tmp_path):
    """JSON and table have the deviation of every class, as the record has it."""
    circuit = CIRCUIT_PLANS[NAMES[0]].circuit
    explanation = explain(write_response(tmp_path / "response.csv", circuit, circuit.faulty[0], -0.3), NAMES[0])
    told = json.loads(json.dumps(explanation_numbers(explanation)))
    table = explanation_table(explanation)
    rows = table[table["quantity"] == "deviation_percent"]

    np.testing.assert_allclose(told["deviations_percent"], explanation.record.deviations, rtol=1e-6)
    assert told["alike_classes"] == [list(group) for group in explanation.card.ambiguous]
    assert rows["place"].tolist() == told["classes"]
    np.testing.assert_allclose(rows["value"], explanation.record.deviations[0])
