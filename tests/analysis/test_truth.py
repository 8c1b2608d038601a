"""A map that lies on the impacts is told from one that lies between them, and from one that cannot tell."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from cbam_viz.analysis.orders import LOUDNESS, gather_orders
from cbam_viz.analysis.truth import (
    RING_S,
    mark_struck,
    measure_auc,
    measure_mass,
    measure_pointing,
    score_truth,
    trace_truth,
)
from cbam_viz.attention.record import AttentionRecord, BlockRecord
from cbam_viz.network.receptive import ReceptiveField
from cbam_viz.physics.simulate import draw_machine

FS, T = 12_000.0, 2048
IMPACTS = np.arange(40, T, 160)
RING = 38


def record_of(**strides):
    """A record of gates at some strides, drawn at random."""
    rng = np.random.default_rng(0)
    blocks = tuple(
        BlockRecord(
            name.replace("_", " "),
            np.empty((1, 0), np.float32),
            rng.random((1, T // stride), dtype=np.float32),
            ReceptiveField(0, stride, stride, T // stride),
        )
        for name, stride in strides.items()
    )
    empty = np.empty((1, 0), np.float32)
    return AttentionRecord(empty, empty, empty, blocks)


def truths(gate=None, impacts=IMPACTS, **more):
    """The truth of one block of stride 8 whose gate is set by hand, and of a coarse one."""
    record = record_of(block_1=8, block_2=64)
    if gate is not None:
        first = replace(record.blocks[0], spatial_attention=gate[None].astype(np.float32))
        record = replace(record, blocks=(first, record.blocks[1]))
    orders = gather_orders(record, np.random.default_rng(5).normal(size=(1, T)).astype(np.float32))
    return trace_truth(record, orders, impacts, FS, **more)


def cells_struck():
    """Whether each cell of 8 samples meets a ring-down, counted one by one."""
    inside = [any(impact <= sample < impact + RING for impact in IMPACTS) for sample in range(T)]
    return np.array(inside).reshape(-1, 8).any(axis=1)


def test_a_gate_on_the_impacts():
    """It is right of every pair, has all its mass there, points there, and lies above all impacts elsewhere."""
    struck = cells_struck()
    fine, _coarse = truths(struck * 0.9)
    auc, beside, mass, _beside, pointing, _other = score_truth([fine])

    assert fine.struck == pytest.approx(struck.mean())
    assert (auc.value, mass.value, pointing.value) == pytest.approx((1, 1 / struck.mean(), 1))
    assert auc.above
    assert mass.above
    loudness = next(row for row in fine.rows if row.order == LOUDNESS)
    assert (beside.value, beside.control) == (auc.value, loudness.auc)


def test_a_gate_between_the_impacts():
    """Turned round it is wrong of every pair, and lies below all impacts elsewhere."""
    auc, _beside, mass, _other, pointing, _third = score_truth(truths(1.0 - cells_struck())[:1])

    assert (auc.value, mass.value, pointing.value) == pytest.approx((0, 0, 0))
    assert auc.below
    assert mass.below


def test_chance_is_chance():
    """On impacts elsewhere a random gate is right of half of the pairs, and its mass is spread evenly."""
    chance = truths()[0].chance

    assert chance["auc"][0] == pytest.approx(0.5, abs=0.02)
    assert chance["mass"][0] == pytest.approx(1, abs=0.02)
    assert all(low <= mean <= high for mean, low, high in chance.values())


def test_false_alarms_of_random_gates_are_few():
    """About 5 of 100 gates that know nothing lie outside the band; gates as smooth as real ones do not, either."""
    rng, outside = np.random.default_rng(1), 0
    for _ in range(100):
        smooth = np.convolve(rng.random(T // 8 + 10), np.ones(11), mode="valid")
        (auc, *_rest) = score_truth(truths(smooth, rng.uniform(0, 160) + IMPACTS[:-1])[:1])
        outside += auc.above or auc.below

    assert outside <= 12


def test_a_coarse_block_has_no_numbers():
    """Cells of 64 samples can't tell impacts 160 samples apart."""
    fine, coarse = truths()

    assert (fine.too_coarse, coarse.too_coarse) == (False, True)
    assert all(np.isnan(score.value) and not score.above for score in score_truth([coarse]))


@pytest.mark.parametrize("impacts", [np.empty(0), np.array([700])], ids=["healthy", "one strike"])
def test_without_two_impacts_there_are_no_numbers(impacts):
    """Where nothing strikes, or only once, there is no time between impacts to compare a stride with."""
    assert all(np.isnan(score.value) for score in score_truth(truths(impacts=impacts)))


def test_impacts_outside_the_window_do_not_count():
    """Those of the whole recording give what those of the window give."""
    far = np.concatenate([IMPACTS - 20 * 160, IMPACTS + 20 * 160, IMPACTS])

    assert truths(impacts=far)[0] == truths()[0]


def test_a_slow_ring_down_leaves_something_unstruck():
    """A machine that rings longer than until the next impact is cut at half of the time between two."""
    assert truths(ring_s=1.0)[0].struck == pytest.approx(0.5, abs=0.06)


def test_the_usual_ring_down_is_one_of_the_simulated():
    """It lies among those of the machines that the simulator draws: time for the main mode to fall to 5 %."""
    machines = [draw_machine(seed) for seed in range(50)]
    rings = [np.log(20) / (2 * np.pi * machine.modes_hz[0] * machine.damping[0]) for machine in machines]

    assert np.quantile(rings, 0.1) < RING_S < np.quantile(rings, 0.9)


@pytest.mark.parametrize("levels", [1000, 4], ids=["no ties", "ties"])
def test_auc_is_that_of_scikit_learn(levels):
    """Rank sums, with ties at half."""
    rng = np.random.default_rng(2)
    values, struck = rng.integers(0, levels, 100).astype(float), rng.random((3, 100)) < 0.3

    np.testing.assert_allclose(measure_auc(values, struck), [roc_auc_score(row, values) for row in struck])


def test_mass_and_pointing_by_hand():
    """Of the mass 1, 3 and a negative value, 3 lie on the half that is struck; the largest of all is among them."""
    values, struck = np.array([1.0, 3.0, -5.0, 0.0]), np.array([[False, True, True, False], [True, False, False, True]])

    np.testing.assert_allclose(measure_mass(values, struck), [0.75 / 0.5, 0.25 / 0.5])
    np.testing.assert_allclose(measure_pointing(values, struck), [1, 0])


def test_marks_run_from_an_impact_to_its_end():
    """An impact between two samples begins at the next; one before the window counts while it rings."""
    marks = mark_struck(np.array([[-2.0, 4.5, 9.0], [0.0, 0.0, 20.0]]), 3, 10)

    np.testing.assert_array_equal(np.flatnonzero(marks[0]), [0, 5, 6, 7, 9])
    np.testing.assert_array_equal(np.flatnonzero(marks[1]), [0, 1, 2])
