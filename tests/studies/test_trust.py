"""The verdict on gates whose truth is known, and how often it is wrong."""

import itertools
import os
from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.datasets.samples import list_samples
from cbam_viz.network.checkpoint import read_network
from cbam_viz.signals.readers import read_signal
from cbam_viz.signals.windows import prepare_windows
from cbam_viz.studies.explain import Asked, explain_signal
from cbam_viz.studies.trust import examine_gates, examine_steps, examine_window, sum_up, words_of_missing
from tests.studies.hand_made import build, bursts, draw_sure, struck_bearing
from tests.studies.hand_made import explained as explain_bursts

CASES = int(os.environ.get("CASES", "20"))
"""Of the share of wrong verdicts; `make verify` looks at 200."""
KNOWN = {
    "matters": ({"gate": 8.0, "weight": 8.0}, 1.5),
    "loud": ({"gate": 8.0, "weight": 8.0}, 0.0),
    "no_matter": ({"gate": 0.0, "weight": 8.0}, 1.5),
    "deaf": ({"gate": 8.0, "weight": 0.0}, 1.5),
    "inverted": ({"gate": -8.0, "weight": 8.0}, 1.5),
}
"""Gate and weight of a network built by hand, and how loud what means nothing is."""


def case(known, seed, **options):
    """The verdict on one network and one window of one kind."""
    (built, loud), window = KNOWN[known], seed % 3
    return examine_window(explain_bursts(build(seed=seed, **built), bursts(seed, loud)), window, **options)


@pytest.mark.parametrize("known", KNOWN)
def test_a_gate_built_by_hand_gets_its_verdict(known):
    """One that matters, one that follows the loudest, one that is constant, one not listened to, one inverted."""
    assert case(known, 0).verdicts[0].code == known.replace("deaf", "no_matter")


def test_few_verdicts_are_wrong():
    """Of the gates built by hand at most 5 % get the verdict of another; "not enough evidence" is never wrong."""
    kinds = list(KNOWN)
    wrong = right = 0
    for seed in range(1, CASES + 1):
        known = kinds[seed % len(kinds)]
        code = case(known, seed).verdicts[0].code
        right += code == known.replace("deaf", "no_matter")
        wrong += code not in {known.replace("deaf", "no_matter"), "not_enough"}

    assert wrong <= 0.05 * CASES, f"{wrong} of {CASES} wrong"
    assert right >= 0.8 * CASES, f"{right} of {CASES} right"


@pytest.mark.parametrize(
    ("carrier", "gate", "code"), [(30.0, 8.0, "matters"), (0.0, 8.0, "loud"), (30.0, 0.0, "no_matter")]
)
def test_a_simulated_bearing_gets_its_verdict(carrier, gate, code):
    """A gate on the resonance opens at the true impacts; where interference drowns them, loudness does not find them.

    Without interference the loudest moments are the impacts, and the gate is no better. Never another verdict.
    """
    judged = [examine_window(struck_bearing(seed, carrier, gate), 2).verdicts[0] for seed in range(6)]

    assert {each.code for each in judged} <= {code, "not_enough"}
    assert sum(each.code == code for each in judged) > len(judged) / 2
    assert all(each.at_impacts for each in judged) == bool(gate)


def test_random_weights_seldom_raise_an_alarm():
    """A network that learned nothing is said to point at something, or away from it, in at most 5 % of the blocks."""
    samples, alarms, blocks = list_samples(), 0, 0
    for seed in range(CASES // 5):
        sample = samples[seed % len(samples)]
        network = read_network("bearing-sim-4" if sample.domain == "Simulated bearing" else "mfpt-3")
        signal = read_signal(sample.path)
        signal = replace(signal, samples=signal.samples[: int(signal.fs)])
        windows = prepare_windows(signal, network.card.preparation)
        window = seed % len(windows)
        explanation = explain_signal(signal, draw_sure(network, seed, windows, window), Asked())
        for verdict in examine_window(explanation, window).verdicts:
            blocks += 1
            alarms += verdict.code in {"matters", "loud", "inverted"}

    assert alarms <= 0.05 * blocks, f"{alarms} of {blocks}"


def test_progress_is_told_and_ends_the_work():
    """It counts up to all steps, names each, and raising in it leaves nothing done."""
    told = []
    case("matters", 0, progress=lambda *step: told.append(step))
    done, every, words = zip(*told, strict=True)

    assert list(done) == sorted(done)
    assert done[-1] == every[-1] == every[0]
    assert all(words)

    def cancel(done, _every, _words):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        case("matters", 0, progress=cancel)


def test_the_quick_tests_are_the_first_of_all(explained):
    """Interventions alone are the same as among all tests."""
    assert examine_window(explained, 1).scores[: len(examine_gates(explained, 1))] == examine_gates(explained, 1)


def test_every_block_has_a_verdict_and_every_test_a_block(explained):
    """Names of blocks are those of the record, or all of them."""
    trust = examine_window(explained, 0)
    names = [block.name for block in explained.record.blocks]

    assert [verdict.block for verdict in trust.verdicts] == names
    assert {score.block for score in trust.scores} == {*names, "all blocks"}
    assert not trust.truths
    assert all(np.isfinite(score.value) for score in trust.scores)


def test_what_was_done_before_an_end_is_kept(explained):
    """Ended after two steps and taken up again, the tests give what they give in one go, and tell what is missing."""
    steps = tuple(itertools.islice(examine_steps(explained, 1), 2))
    told = []
    rest = tuple(examine_steps(explained, 1, steps, lambda done, every, words: told.append((done, every, words))))

    assert words_of_missing(steps) == (
        "the window shifted, noise added",
        "untrained networks",
        "stretches masked in order, other methods beside",
    )
    assert told[0] == (2, 14, "test 3 of 5: the window shifted, noise added")
    assert told[-1] == (14, 14, "test 5 of 5: stretches masked in order, other methods beside")
    np.testing.assert_equal(sum_up(explained, 1, steps + rest).scores, examine_window(explained, 1).scores)


def test_the_last_step_ends_between_two_batches(explained):
    """Raising in the progress of a round ends the work there, and no later round is begun."""
    told = []

    def cancel(done, _every, _words):
        told.append(done)
        if done == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(examine_steps(explained, 1, progress=cancel))
    assert told[-1] == 6
