"""What a simulated window costs, beside the noise that it is drowned in."""

import numpy as np
import pytest

from cbam_viz.physics.simulate import FAULTS, Operation, draw_machine, simulate_bearing

WINDOWS, WINDOW = 1_000, 2_048


def noise() -> None:
    """White noise of as many windows, which any simulator has to draw."""
    for seed in range(WINDOWS):
        np.random.default_rng(seed).standard_normal(WINDOW)


def simulated() -> None:
    """As many windows, each of another machine."""
    for seed in range(WINDOWS):
        operation = Operation(FAULTS[seed % 3], seconds=WINDOW / 12_000)
        simulate_bearing(draw_machine(seed), operation, seed)


@pytest.mark.parametrize("work", [noise, simulated])
def test_a_thousand_windows(work, benchmark):
    """1,000 windows of 2,048 samples."""
    benchmark.pedantic(work, rounds=3)
