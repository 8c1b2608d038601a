"""The table on a card: it can be made again, and what ships is what the command gives."""

from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.datasets.recording import Recording
from cbam_viz.network.card import PRETRAINED, read_card, write_card
from cbam_viz.network.checkpoint import read_network
from cbam_viz.signals.signal import Signal
from cbam_viz.studies.assess import MACHINES, SEEDS, assess_network, cut_judged, simulate_known, train_twins
from cbam_viz.studies.gate_tests import score_struck
from cbam_viz.studies.plans import PLANS, find_plan

FS = 12_207.0
TONES_HZ = {"normal": 900.0, "inner": 2100.0, "outer": 3500.0}
PLAN = replace(PLANS["mfpt-3"], recipe=replace(PLANS["mfpt-3"].recipe, epochs=1, batch=8, hop=2048))


def nobody(*_told):
    """Hears nothing."""


@pytest.fixture(scope="module")
def recordings():
    """Two recordings of each label, a tone in noise; the second is longer."""
    rng = np.random.default_rng(0)
    made = []
    for label, tone in TONES_HZ.items():
        for windows in (2, 7):
            time = np.arange(windows * 2048) / FS
            samples = np.sin(2 * np.pi * tone * time) + rng.normal(0, 0.3, len(time))
            made.append(Recording(f"{label} {windows}", label, label, "", (Signal(samples, FS, label),)))
    return tuple(made)


def test_a_table_can_be_made_again(recordings, tmp_path):
    """Two runs give the same table, with every test of every block, and it survives the card's file."""
    network = read_network("mfpt-3")
    first, second = (
        assess_network(network, PLAN, recordings, tmp_path / run, nobody, range(4_000, 4_002)) for run in ("a", "b")
    )
    card = replace(network.card, trust=first)
    write_card(card, tmp_path / "mfpt-3.json")

    assert first == second
    assert read_card(tmp_path / "mfpt-3.json") == card
    tests = {(row.name, row.block) for row in first.rows}
    for block in network.card.block_names:
        assert {(name, block) for name in ("truth_auc", "shuffle_spatial", "randomisation", "agreement")} <= tests
    assert first.command == "python -m cbam_viz assess mfpt-3 --data DIR"
    assert "16 windows" not in first.protocol[1]
    assert first.protocol[1].startswith("Gates held, shuffled or moved: 18 windows of 6 recordings of its training")


def test_twins_differ_from_the_network_and_from_each_other(recordings, tmp_path):
    """Same recipe, other seeds: other weights, and none has the seed that ships."""
    network = read_network("mfpt-3")
    twins = train_twins(network, PLAN, recordings, tmp_path, nobody)

    assert len({network.digest, *(twin.digest for twin in twins)}) == 1 + len(SEEDS)
    assert PLAN.recipe.seed not in SEEDS


def test_windows_are_spread_over_a_recording(recordings):
    """At most four of each, the first and the last among them, with the label of their recording."""
    judged = cut_judged(recordings, PLAN)

    assert np.bincount(judged.owners).tolist() == [2, 4] * 3
    assert judged.labels.tolist() == [0] * 6 + [1] * 6 + [2] * 6
    assert judged.size == (18, 6)


@pytest.mark.parametrize("name", PLANS)
def test_simulated_machines_suit_the_network(name):
    """They have its bearing, its rate, the damages that it knows, and all impacts of what its windows hold."""
    plan = find_plan(name)
    made = simulate_known(plan, range(4_000, 4_001))

    assert {each.label for each in made} == {known.fault for known in plan.classes if known.fault}
    for each in made:
        (signal,) = each.signals
        assert signal.fs == plan.preparation.fs
        assert signal.bearing == plan.bearing
        assert signal.impacts


@pytest.mark.parametrize("name", PLANS)
def test_every_shipped_network_was_assessed(name):
    """All tests of all its blocks, each on a counted set, with the seeds said."""
    table = read_card(PRETRAINED / f"{name}.json").trust

    assert f"seeds {MACHINES[0]} to {MACHINES[-1]}" in table.protocol[0]
    assert f"seeds {', '.join(map(str, SEEDS))}" in table.protocol[3]
    for block in ("block 1", "block 2", "block 3"):
        for test in (
            "truth_auc",
            "truth_auc_loudness",
            "accuracy_flat",
            "shuffle_spatial",
            "randomisation",
            "agreement",
        ):
            assert table.find(test, block).recordings > 1, (test, block)


def test_the_truth_on_a_card_is_what_the_command_gives():
    """The rows on true impacts of a shipped network, made again."""
    network = read_network("mfpt-3")
    table = network.card.trust

    for row in score_struck(network, simulate_known(find_plan("mfpt-3")), nobody):
        assert table.find(row.name, row.block).value == pytest.approx(row.value, abs=2e-4)
