"""A summary is what a record says, without keeping its gates; windows are cut while they are needed."""

import tracemalloc

import numpy as np
import pytest

from cbam_viz.attention.record import record_attention
from cbam_viz.attention.summary import summarise_attention
from cbam_viz.signals.signal import Signal
from cbam_viz.signals.windows import prepare_windows


@pytest.fixture(scope="module")
def cut(network):
    """1,500 windows of a signal of noise."""
    samples = np.random.default_rng(0).normal(3, 2, 1_500 * 256)
    return prepare_windows(Signal(samples, 12_000.0, "noise"), network.card.preparation)


def test_a_summary_is_that_of_the_record(network, windows):
    """Mean, peak and place of M_s are those of the recorded gate; M_c, logits and features are kept as they are."""
    record, summary = record_attention(network, windows), summarise_attention(network, windows)

    np.testing.assert_array_equal(summary.probabilities, record.probabilities)
    np.testing.assert_array_equal(summary.features, record.features)
    for block, whole in zip(summary.blocks, record.blocks, strict=True):
        gate = whole.spatial_attention
        np.testing.assert_array_equal(block.channel_attention, whole.channel_attention)
        if gate.size:
            np.testing.assert_array_equal(block.spatial_mean, gate.mean(axis=1))
            np.testing.assert_array_equal(block.spatial_peak, gate[np.arange(len(gate)), block.peak_position])
            assert (block.spatial_peak[:, None] >= gate).all()
        else:
            assert np.isnan(block.spatial_mean).all()
            assert set(block.peak_position) == {-1}


def test_windows_are_what_is_cut_from_them(network, cut):
    """Windows that are cut while they are needed give what they give when all are cut before."""
    np.testing.assert_array_equal(record_attention(network, cut).logits, record_attention(network, cut.inputs).logits)


def test_a_summary_keeps_no_window_and_no_gate(network, cut):
    """Beside what it keeps, a summary of windows takes less memory than a third of the windows."""
    summary = summarise_attention(network, cut)
    kept = summary.features.nbytes + 2 * summary.logits.nbytes
    kept += sum(block.channel_attention.nbytes + 3 * block.spatial_mean.nbytes for block in summary.blocks)
    tracemalloc.start()
    try:
        summarise_attention(network, cut)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak - kept < cut.inputs.nbytes / 3


def test_cutting_takes_little_beside_what_is_cut(cut):
    """All windows at once take at most 1.5 times their own memory while they are cut and scaled."""
    tracemalloc.start()
    try:
        inputs = cut.inputs
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 1.5 * inputs.nbytes
