"""The mean gate behind triggers, against loops and gates whose mean is known."""

import tracemalloc

import numpy as np
import pytest

from cbam_viz.analysis.folding import AT_ONCE, fold_gate

WINDOW, GRID = 64, (3.5, 8)
MIDDLES = GRID[0] + GRID[1] * np.arange(8)


def plain_fold(gate, starts, triggers, offsets):
    """The same, trigger by trigger and cell by cell."""
    sums, counts = np.zeros(len(offsets)), np.zeros(len(offsets))
    for trigger in triggers:
        for window, start in enumerate(starts):
            following = starts[window + 1] if window + 1 < len(starts) else np.inf
            if not start <= trigger < min(start + WINDOW, following):
                continue
            for cell, offset in enumerate(offsets):
                apart = np.abs(MIDDLES - (trigger - start + offset))
                if apart.min() <= GRID[1] / 2:
                    sums[cell] += gate[window, apart.argmin()]
                    counts[cell] += 1
    return np.divide(sums, counts, out=np.full(len(offsets), np.nan), where=counts > 0)


@pytest.mark.parametrize("hop", [40, 64, 100])
def test_it_agrees_with_loops(hop):
    """Where windows overlap, follow on each other or leave gaps; before a trigger and far behind it."""
    rng = np.random.default_rng(hop)
    gate, starts = rng.random((5, 8), dtype=np.float32), 10 + hop * np.arange(5)
    draws = [rng.uniform(-20, 5 * hop + 80, count) for count in (30, 1, 0)]
    offsets = np.array([-900.0, -63.3, -17.1, 0.0, 5.2, 40.7, 64.4, 900.0])
    found = fold_gate(gate, starts, WINDOW, GRID, draws, offsets)

    for row, triggers in zip(found, draws, strict=True):
        np.testing.assert_allclose(row, plain_fold(gate, starts, triggers, offsets), atol=1e-7)


def test_a_recording_of_any_length_is_averaged_whole():
    """More triggers than are in memory at once give the mean over all of them."""
    gate = np.linspace(0, 1, 8, dtype=np.float32)[None]
    triggers = np.resize(MIDDLES, 2 * AT_ONCE + 8)

    assert fold_gate(gate, np.array([0]), WINDOW, GRID, [triggers], np.zeros(1))[0] == pytest.approx(0.5)


def test_memory_does_not_grow_with_the_triggers():
    """Ten times as many take no more than twice as much."""

    def peak(count):
        triggers = [np.resize(MIDDLES, count)]
        tracemalloc.start()
        fold_gate(np.ones((1, 8), np.float32), np.array([0]), WINDOW, GRID, triggers, np.arange(50.0))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(20 * AT_ONCE) < 2 * peak(2 * AT_ONCE)
