"""The table on the card of a circuit's network: it can be made again, and alike classes count as one."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import spearmanr

from cbam_viz.analysis.interventions import measure_margin, merge_alike
from cbam_viz.analysis.response import average_seen
from cbam_viz.attention.record import record_attention
from cbam_viz.network.card import PRETRAINED, read_card, write_card
from cbam_viz.network.checkpoint import read_network
from cbam_viz.studies import circuit_plans
from cbam_viz.studies.assess_words import list_worth, say_worth
from cbam_viz.studies.circuit_assess import assess_circuit
from cbam_viz.studies.circuit_plans import CIRCUIT_PLANS
from cbam_viz.studies.circuit_set import say_campaign
from cbam_viz.studies.gate_tests import JudgedSet, score_instants

TESTS = ("accuracy_flat", "flatten_spatial", "shuffle_spatial", "mean_channels", "permute_channels")


def nobody(*_told):
    """Hears nothing."""


def test_a_table_can_be_made_again(tmp_path, monkeypatch):
    """Two runs give the same table, with every test of every block, and it survives the card's file."""
    monkeypatch.setattr(circuit_plans, "JUDGED_RUNS", 2)
    network, plan = read_network("sallen-key-9"), CIRCUIT_PLANS["sallen-key-9"]
    first, second = (assess_circuit(network, plan, tmp_path / run, nobody) for run in ("a", "b"))
    card = replace(network.card, trust=first)
    write_card(card, tmp_path / "card.json")

    assert first == second
    assert read_card(tmp_path / "card.json") == card
    assert first.find("accuracy_flat", "all blocks").recordings == 2 * len(plan.classes)
    assert first.protocol[0].startswith("Gates held, shuffled or moved: 18 responses that it never met (sallen-key ")


@pytest.mark.parametrize("plan", CIRCUIT_PLANS.values(), ids=CIRCUIT_PLANS)
def test_every_shipped_network_was_assessed(plan):
    """All tests of all blocks on responses that no training met; no word of impacts, and the table has no gap."""
    card = read_card(PRETRAINED / f"{plan.name}.json")
    table = list_worth(card)

    assert say_campaign(plan.judged) in card.trust.protocol[0]
    assert say_campaign(plan.judged) not in (*card.trained_on, *card.results.folds[0].held_out)
    for block in card.block_names:
        for test in (*TESTS, "follow_fisher", "randomisation"):
            assert card.trust.find(test, block), (test, block)
    assert all(cell != "–" for row in table.rows for cell in row[1:4])
    assert " of the responses named rightly" in say_worth(card)
    assert "impact" not in say_worth(card) + "".join(row[0] for row in table.rows)


def test_the_correlation_on_a_card_is_over_the_responses():
    """The mean of each response's rank correlation; a ratio that the gate itself draws is followed best unmoved."""
    network = read_network("sallen-key-9")
    inputs = np.random.default_rng(0).normal(size=(3, 240)).astype(np.float32)
    fisher = np.exp(-np.arange(240) / 40.0)
    block = record_attention(network, inputs).blocks[0]
    seen = average_seen(fisher, block.receptive_field)
    row = score_instants(network, JudgedSet(inputs, np.zeros(3, np.int64), np.arange(3)), fisher)[0]

    expected = np.mean([spearmanr(gate, seen).statistic for gate in block.spatial_attention])
    assert row.value == pytest.approx(expected, abs=1e-4)
    assert row.low <= row.control <= row.high
    assert (row.name, row.block, row.recordings) == ("follow_fisher", "block 1", 3)


def test_classes_that_nobody_tells_apart_count_as_one():
    """Their probabilities are summed, and the margin is over the best class that is another."""
    card = read_card(PRETRAINED / "biquad-13.json")
    first, other = card.alike_numbers[0]
    logits = np.zeros((1, len(card.classes)), np.float32)
    logits[0, [first, other]] = 3.0
    merged = merge_alike(card, logits)

    assert np.exp(merged).sum() == pytest.approx(np.exp(logits).sum())
    assert merged[0, other] == -np.inf
    assert measure_margin(merged, first)[0] == pytest.approx(3.0)  # two alike over two alike
