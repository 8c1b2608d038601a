"""What a simulated window costs, beside the noise that it is drowned in."""

import numpy as np

from cbam_viz.physics.simulate import FAULTS, Operation, draw_machine, simulate_bearing

WINDOWS, WINDOW = 100, 2_048


def noise() -> None:
    """White noise of as many windows, which any simulator has to draw."""
    for seed in range(WINDOWS):
        np.random.default_rng(seed).standard_normal(WINDOW)


def simulated() -> None:
    """As many windows, each of another machine."""
    for seed in range(WINDOWS):
        operation = Operation(FAULTS[seed % 3], seconds=WINDOW / 12_000)
        simulate_bearing(draw_machine(seed), operation, seed)


def test_a_hundred_windows(compare):
    """100 windows of 2,048 samples, each of a machine of its own."""
    ways = {"white noise alone": noise, "simulated bearings": simulated}
    compare("100 simulated windows of 2,048 samples", ways, "1,000 of them in less than 2 s")
