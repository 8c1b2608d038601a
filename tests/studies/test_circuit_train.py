"""How a circuit's network is made and judged: a small campaign of ngspice, a small network, and what ships."""

from dataclasses import asdict, replace

import numpy as np
import pytest

from cbam_viz.attention.record import record_attention
from cbam_viz.network.card import PRETRAINED, list_networks, read_card
from cbam_viz.network.checkpoint import read_network, write_network
from cbam_viz.network.model import CBAMCNN
from cbam_viz.studies import circuit_limits, circuit_trials
from cbam_viz.studies.circuit_plans import CIRCUIT_PLANS
from cbam_viz.studies.circuit_set import ResponseSet, prepare_campaign, say_campaign
from cbam_viz.studies.circuit_train import CAMPAIGNS, merge_labels, tell_set, train_circuit
from cbam_viz.studies.circuit_trials import Exam, TrialPlan, kept_trials, run_trials

EACH_PLAN = pytest.mark.parametrize("plan", CIRCUIT_PLANS.values(), ids=CIRCUIT_PLANS)
EACH_NETWORK = pytest.mark.parametrize("name", [name for name in list_networks() if name in CIRCUIT_PLANS])
SHIPPED = CIRCUIT_PLANS["sallen-key-9"]


@pytest.fixture(scope="module")
def plan():
    """A shipped plan, made small."""
    few = replace(SHIPPED.few, epochs=2)
    return replace(SHIPPED, name="tiny", runs=6, recipe=replace(SHIPPED.recipe, epochs=12, batch=16), few=few)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where campaigns and unfinished work are kept."""
    return tmp_path_factory.mktemp("training")


@pytest.fixture(scope="module")
def network(plan, folder):
    """The network of the small plan."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(circuit_limits, "RUNS", 400)
        return train_circuit(plan, (), folder, lambda *_told: None)


# ---------------------------------------------------------------- plans


@EACH_PLAN
def test_weights_are_small_enough_to_ship(plan):
    """Every number of the network in four bytes stays below 250 kB."""
    assert 4 * sum(values.numel() for values in CBAMCNN(plan.config).state_dict().values()) < 250_000


@EACH_PLAN
def test_a_window_holds_a_response_of_the_circuit(plan):
    """From the pulse on the window is no longer than what the circuit's declaration simulates."""
    preparation = plan.preparation

    assert (preparation.window - preparation.lead) / preparation.fs <= plan.circuit.duration_s
    assert preparation.window == plan.config.window


@EACH_PLAN
def test_runs_of_training_and_test_are_others(plan):
    """No campaign of the training is that of the test, and none has its seed."""
    assert plan.unseen.seed not in {campaign.seed for campaign in plan.trained_on}
    assert plan.unseen.seed >= circuit_trials.SEEDS


@EACH_PLAN
def test_alike_classes_are_those_of_the_circuit(plan):
    """Classes are merged as the circuit merges them."""
    merged = merge_labels(plan, np.arange(len(plan.classes)))

    assert [plan.classes[number].key for number in merged] == [
        plan.circuit.merge_class(name.key) for name in plan.classes
    ]


# ---------------------------------------------------------------- training


def test_what_it_learned_is_better_than_chance(network, plan, folder):
    """Of circuits that it met, a network names far more than one of nine, and tells deviations to some ten points."""
    responses = prepare_campaign(plan.trained_on[0], network.card.preparation, folder / CAMPAIGNS)
    told = tell_set(plan, network.model, responses)

    assert (told.named == responses.labels).mean() > 0.4
    assert np.median(np.abs(told.percent - responses.percent)) < 15


def test_a_card_counts_every_unseen_run_once(network, plan):
    """The confusion and the groups by deviation have as many runs as the campaign, and one accuracy."""
    results = network.card.results
    groups = [(runs, share) for _words, runs, share in results.by_load]

    assert results.folds[0].windows == np.sum(results.folds[0].confusion) == 40 * 9
    assert sum(runs for runs, _ in groups) == 40 * 9
    assert sum(runs * share for runs, share in groups) == pytest.approx(40 * 9 * results.accuracy, abs=0.01)
    assert results.folds[0].held_out == (say_campaign(plan.unseen),)


def test_a_network_comes_back_from_its_files(network, tmp_path):
    """Card and weights, written and read, give the same logits and deviations."""
    write_network(network, tmp_path)
    again = read_network("tiny", tmp_path)
    inputs = np.random.default_rng(0).normal(0, 1, (3, SHIPPED.window)).astype(np.float32)
    one, other = record_attention(network, inputs), record_attention(again, inputs)

    assert again.card == network.card
    assert one.deviations.shape == (3, 9)
    np.testing.assert_array_equal(one.logits, other.logits)
    np.testing.assert_array_equal(one.deviations, other.deviations)
    np.testing.assert_array_equal(one.rows(slice(1, 3)).deviations, one.deviations[1:])


def test_probabilities_of_alike_classes_are_summed():
    """Two alike classes of 0.3 each win over one of 0.4, and the first of them stands for both."""

    class Model:
        def tell(self, inputs):
            shares = np.full((len(inputs), 13), 1e-9)
            shares[:, [0, 3, 11]] = 0.4, 0.3, 0.3
            return np.log(shares), np.zeros((len(inputs), 13), np.float32)

    plan = CIRCUIT_PLANS["biquad-13"]
    assert [plan.classes[number].key for number in (3, 11)] == ["C2+", "R4+"]
    told = tell_set(plan, Model(), ResponseSet(np.zeros((1, 4), np.float32), np.array([3]), np.zeros(1, np.float32)))

    assert (told.named.tolist(), told.merged.tolist()) == ([0], [3])


# ---------------------------------------------------------------- trials


def test_every_method_meets_every_protocol(plan, folder, monkeypatch):
    """Four methods for each test, an accuracy a seed; the majority is one of nine; done seeds are kept."""
    monkeypatch.setattr(circuit_trials, "RUNS", 5)
    monkeypatch.setattr(circuit_trials, "SEEDS", 2)
    trial = TrialPlan(0.5, "gaussian", (Exam("own fold"), Exam("noisy", snr_db=20), Exam("other", size=0.25)), folds=2)
    monkeypatch.setattr(circuit_trials, "TRIALS", (trial,))
    assert kept_trials(plan, folder) == ()
    trials = run_trials(plan, folder, lambda *_told: None)

    assert [(each.protocol, each.method) for each in trials] == [
        (protocol, method)
        for method in ("CBAM-CNN", "ExtraTrees", "LDA", "majority")
        for protocol in ("own fold", "noisy", "other")
    ]
    assert all(len(each.accuracies) == 2 and each.accuracies == each.merged for each in trials)
    assert {share for each in trials if each.method == "majority" for share in each.accuracies} == {round(1 / 9, 5)}
    assert next(each for each in trials if each.method == "ExtraTrees").accuracies[0] > 0.8
    assert kept_trials(plan, folder) == trials == run_trials(plan, folder, lambda *_told: None)


# ---------------------------------------------------------------- what ships


@EACH_NETWORK
def test_a_shipped_network_follows_its_plan(name):
    """Its card is what the plan would make, and its weights are small."""
    card, plan = read_card(PRETRAINED / f"{name}.json"), CIRCUIT_PLANS[name]

    assert (card.config, card.classes, card.recipe) == (plan.config, plan.classes, asdict(plan.recipe))
    assert replace(card.preparation, nominal=None, volts_scale=1.0) == plan.preparation
    assert card.trained_on == tuple(map(say_campaign, plan.trained_on))
    assert card.ambiguous == tuple(tuple(plan.classes[number].key for number in group) for group in plan.alike)
    assert [each.key for each in card.deviation_errors] == [fault.key for fault in plan.circuit.faults]
    assert (PRETRAINED / f"{name}.safetensors").stat().st_size < 250_000


@EACH_NETWORK
def test_the_nominal_circuit_is_sound(name):
    """The nominal response reads as zeros, and is named as in tolerance."""
    network = read_network(name)
    record = record_attention(network, np.zeros((1, network.card.config.window), np.float32))

    assert network.card.classes[int(record.probabilities[0].argmax())].key == "normal"
