"""What a circuit's network reads, and the truth about it: from ngspice, against the closed form and by hand."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import signal as dsp

from cbam_viz.datasets.circuits import Campaign, draw_campaign
from cbam_viz.physics.circuits import CIRCUITS, find_circuit
from cbam_viz.studies.circuit_plans import CIRCUIT_PLANS
from cbam_viz.studies.circuit_set import deviation_percent, folds_of, join_sets, measure_nominal, prepare_campaign

PLAN = CIRCUIT_PLANS["sallen-key-9"]
CAMPAIGN = Campaign("sallen-key", runs=3, seed=5)


@pytest.fixture(scope="module")
def preparation():
    """Of the Sallen-Key network, with the nominal response."""
    return measure_nominal(PLAN.circuit, PLAN.preparation)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where campaigns are kept."""
    return tmp_path_factory.mktemp("campaigns")


@pytest.fixture(scope="module")
def responses(preparation, folder):
    """Three runs of each class."""
    return prepare_campaign(CAMPAIGN, preparation, folder)


def test_the_nominal_response_is_that_of_the_closed_form(preparation):
    """From the pulse on it is the pulse response of H(s) by `lsim`, but for what a real op-amp adds; before, zero."""
    circuit = PLAN.circuit
    times = np.arange(2400) * 50e-9
    system = circuit.transfer(dict(zip(circuit.names, circuit.nominal, strict=True)))
    expected = dsp.lsim(system, circuit.pulse.at(times), times)[1][::10]
    lead, found = preparation.lead, np.array(preparation.nominal)

    np.testing.assert_allclose(found[lead:], expected[: len(found) - lead], atol=0.05 * np.ptp(expected))
    assert np.abs(found[:lead]).max() < 1e-3
    assert preparation.volts_scale == pytest.approx(np.sqrt(np.mean(found**2)), rel=1e-4)


def test_every_run_is_read_as_what_it_is(responses):
    """Three rows of each class; sound circuits deviate by nothing, faulty ones to the side of their class."""
    classes = PLAN.circuit.classes
    sides = np.array([0, *(fault.sign for fault in PLAN.circuit.faults)])

    assert responses.inputs.shape == (3 * len(classes), PLAN.window)
    assert np.bincount(responses.labels).tolist() == [3] * len(classes)
    np.testing.assert_array_equal(np.sign(responses.percent), sides[responses.labels])
    np.testing.assert_allclose(np.abs(responses.percent[responses.labels > 0]), 50, atol=16)


def test_a_sound_circuit_is_nearer_to_the_nominal(responses):
    """What is read is the difference from the nominal response: every fault has more of it than any sound circuit."""
    size = np.sqrt(np.mean(responses.inputs**2, axis=1))

    assert size[responses.labels == 0].max() < size[responses.labels > 0].min()


def test_a_kept_campaign_is_read_as_it_was_made(responses, preparation, folder):
    """A second call gives the same bits."""
    again = prepare_campaign(CAMPAIGN, preparation, folder)

    np.testing.assert_array_equal(again.inputs, responses.inputs)
    np.testing.assert_array_equal(again.percent, responses.percent)


def test_folds_share_the_classes(responses):
    """Each run is held out once, and every class has one run in each of three folds."""
    folds = list(folds_of(responses.labels, 3))

    np.testing.assert_array_equal(np.sum(folds, axis=0), 1)
    assert all(np.bincount(responses.labels[fold]).tolist() == [1] * 9 for fold in folds)
    joined = join_sets([responses.only(fold) for fold in folds])
    assert sorted(joined.percent) == sorted(responses.percent)


@pytest.mark.parametrize("circuit", CIRCUITS.values(), ids=CIRCUITS)
def test_a_deviation_is_that_of_the_part_or_of_the_product_it_enters(circuit):
    """One part 20 % up is told as +20 %; of two alike parts, 20 and 10 % up, both are told as 1.2 · 1.1."""
    part = circuit.faulty[0] if not circuit.ambiguous else circuit.ambiguous[0][0]
    assert deviation_percent(circuit, circuit.values(part, 0.2)[None], part) == pytest.approx(20)
    for group in circuit.ambiguous:
        values = circuit.values(group[0], 0.2) * circuit.values(group[1], 0.1) / circuit.nominal
        for name in group:
            assert deviation_percent(circuit, values[None], name) == pytest.approx(32)


def test_alike_parts_have_one_distribution():
    """Of the biquad's C2 and R4 the told deviations are alike in law: mean and spread agree over many runs."""
    circuit = find_circuit("biquad")
    draws = draw_campaign(replace(CAMPAIGN, circuit="biquad", faults=("C2+", "R4+"), runs=2000))
    told = [
        deviation_percent(circuit, np.array([draw.values for draw in draws if draw.key == key]), key[:-1])
        for key in ("C2+", "R4+")
    ]

    assert np.mean(told[0]) == pytest.approx(np.mean(told[1]), abs=0.7)
    assert np.std(told[0]) == pytest.approx(np.std(told[1]), rel=0.1)
