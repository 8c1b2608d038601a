"""The outline of a signal keeps what a person would see."""

import numpy as np

from cbam_viz.analysis.outline import keep_outline, trace_outline
from cbam_viz.signals.signal import Signal


def test_impacts_survive():
    """One sample in 100,000 that stands out is among the 300 that are kept, at its time."""
    samples = np.random.default_rng(0).normal(size=100_000)
    samples[34_567] = 50.0
    trace = trace_outline(Signal(samples, 1_000.0, "a"))

    assert len(trace.samples) <= 300
    assert trace.time[trace.samples.argmax()] == 34.567


def test_a_short_signal_is_kept_whole():
    """Nothing is left out of what fits."""
    assert keep_outline(np.arange(300.0), 300).tolist() == list(range(300))
