"""The verdict over a labelled set on gates whose truth is known, and how often it is wrong."""

import os
from dataclasses import replace

import numpy as np
import pytest
import torch

from cbam_viz.analysis.class_scores import TESTS, score_window
from cbam_viz.attention.record import record_attention
from cbam_viz.errors import InputError
from cbam_viz.network.card import ClassName
from cbam_viz.network.untrained import draw_network
from cbam_viz.studies.class_trust import examine_set, pick_windows
from tests.studies.hand_made import build, labelled_bursts
from tests.studies.test_trust import KNOWN

CASES = int(os.environ.get("CASES", "20"))
"""Of the share of wrong verdicts; `make verify` looks at 200."""
SHARP = 8
"""Times the weights that a spatial gate is drawn with: at first it is nearly constant, and could matter to nothing."""


def case(known, seed, **options):
    """The verdicts on one network and one set of one kind, by class."""
    built, loud = KNOWN[known]
    network = build(seed=seed, **built)
    trace = examine_set(network, labelled_bursts(network, seed, loud), **options)
    return {verdict.label: verdict.code for verdict in trace.verdicts}


@pytest.mark.parametrize("known", KNOWN)
def test_a_gate_built_by_hand_gets_its_verdict(known):
    """One that matters, one that follows the loudest, one that is constant, one not listened to, one inverted."""
    assert case(known, 1)["tone"] == known.replace("deaf", "no_matter")


def test_few_verdicts_are_wrong():
    """Of the gates built by hand at most 5 % get the verdict of another; "not enough evidence" is never wrong.

    One that matters may also be told as no better than loudness: that it is better is a claim of its own.
    """
    kinds, wrong, right = list(KNOWN), 0, 0
    for seed in range(1, CASES + 1):
        known = kinds[seed % len(kinds)]
        code = case(known, seed)["tone"]
        true = known.replace("deaf", "no_matter")
        right += code == true
        wrong += code not in ({"matters", "loud"} if true == "matters" else {true}) | {"not_enough"}

    assert wrong <= 0.05 * CASES, f"{wrong} of {CASES} wrong"
    assert right >= 0.7 * CASES, f"{right} of {CASES} right"


@pytest.mark.parametrize("gate", ["sharp", "constant"])
def test_random_weights_seldom_raise_an_alarm(gate):
    """Of sets seen by a network that learned nothing at most 5 % have any gate that matters; constant gates never do.

    The last layer is scaled until the classes are 4 logits apart, or nothing that is done to a gate would show.
    """
    alarms = 0
    for seed in range(CASES):
        network = draw_network(build(1.0), seed)
        labelled = labelled_bursts(network, seed, loud=1.5)
        with torch.no_grad():
            for block in network.model.each_block:
                block.cbam.spatial.conv.weight *= SHARP if gate == "sharp" else 0
            logits = record_attention(network, inputs_of(labelled)).logits
            apart = 4 / np.median(np.abs(logits[:, 0] - logits[:, 1]))
            network.model.linear.weight *= float(apart)
            network.model.linear.bias *= float(apart)
        labelled = replace(labelled, record=record_attention(network, inputs_of(labelled)))
        codes = {verdict.code for verdict in examine_set(network, labelled).verdicts}
        alarms += "matters" in codes
        assert gate == "sharp" or codes == {"no_matter"}

    assert alarms <= 0.05 * CASES, f"{alarms} of {CASES}"


def inputs_of(labelled):
    """All windows of a set."""
    return np.concatenate([member.windows.inputs for member in labelled.members])


def test_windows_are_averaged_to_recordings_first(make_set, network):
    """A recording of many windows counts as one of few: the means are those of the recordings' means."""
    network = build(8.0, weight=8.0)
    labelled = labelled_bursts(network, 3, count=2)
    long, short = labelled.members[0], labelled.members[1]
    windows = replace(long.windows, samples=np.tile(long.windows.samples, 3), starts=np.arange(3) * 1024)
    members = (replace(long, windows=windows), short, *labelled.members[2:])
    inputs = np.concatenate([member.windows.inputs for member in members])
    uneven = replace(labelled, members=members, record=record_attention(network, inputs))
    own = [
        np.mean([score_window(network, each[None], record_attention(network, each[None]), 0, seed)[0] for seed, each
                 in enumerate(member.windows.inputs)], axis=0)
        for member in members[:2]
    ]  # fmt: skip
    row = examine_set(network, uneven).score("pointing_zero", "block 1", "tone")

    assert row.value == pytest.approx(np.mean(own, axis=0)[TESTS.index("pointing_zero"), 0])


def test_a_large_set_is_looked_at_evenly(make_set):
    """Every recording gives as many windows as any other, from its first to its last."""
    labelled = make_set([("a", "m", 6), ("b", "n", 6), ("x", "o", 6)])

    assert pick_windows(labelled, 12) == [(member, window) for member in (0, 1) for window in range(6)]
    assert pick_windows(labelled, 6) == [(member, window) for member in (0, 1) for window in (0, 2, 5)]
    assert pick_windows(labelled, 1) == [(0, 0), (1, 0)]


def test_progress_is_told_and_ends_the_work():
    """It counts the windows, and raising in it leaves nothing done."""
    told = []
    case("matters", 0, progress=lambda *step: told.append(step), most=4)

    assert told == [(done, 18) for done in range(1, 19)]

    def cancel(*_step):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        case("matters", 0, progress=cancel)


def test_a_set_that_can_not_be_tested_says_why(make_set, network):
    """No class that the network knows, or no gate over time."""
    labelled = labelled_bursts(build(8.0), 0, count=1)
    card = replace(labelled.card, classes=(ClassName("x", "X"), ClassName("y", "Y")))
    with pytest.raises(InputError, match="hand-made knows none of Tone, No tone"):
        examine_set(build(8.0), replace(labelled, card=card))
    block = replace(labelled.record.blocks[0], spatial_attention=np.empty((2, 0), np.float32))
    with pytest.raises(InputError, match="gates over time, but hand-made has none"):
        examine_set(build(8.0), replace(labelled, record=replace(labelled.record, blocks=(block,))))
