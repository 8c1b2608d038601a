"""A response beside what its circuit does."""

import numpy as np
import pytest

from cbam_viz.analysis.response import follow, trace_response
from cbam_viz.attention.record import record_attention
from cbam_viz.datasets.circuit_bands import read_band
from cbam_viz.datasets.samples import SAMPLE_DATA
from cbam_viz.network.checkpoint import read_network
from cbam_viz.network.receptive import ReceptiveField
from cbam_viz.signals.readers import read_signal
from cbam_viz.signals.windows import prepare_windows


def trace_sample(name):
    """The response of a shipped sample."""
    network = read_network("sallen-key-9")
    windows = prepare_windows(read_signal(SAMPLE_DATA / f"{name}.npz"), network.card.preparation)
    record = record_attention(network, windows.inputs)
    return trace_response(record, windows, network.card, read_band("sallen-key"), 0)


def test_a_sound_circuit_lies_within_the_band_and_a_faulty_one_does_not():
    """A sample with every part in tolerance leaves the band seldom where it is wider than the noise."""
    outside = {}
    for name in ("sallen_key_normal", "sallen_key_C1_minus"):
        trace = trace_sample(name)
        wide = trace.high - trace.low > 0.1
        off = (trace.measured < trace.low) | (trace.measured > trace.high)
        outside[name] = off[wide].mean()

    assert outside["sallen_key_normal"] < 0.3
    assert outside["sallen_key_C1_minus"] > 0.6


def test_everything_lies_on_the_network_s_own_axis():
    """The pulse begins at 0; before it the band is shut, and nominal is what the network takes away."""
    trace = trace_sample("sallen_key_normal")
    network = read_network("sallen-key-9")
    before = trace.place < 0

    assert np.count_nonzero(before) == network.card.preparation.lead
    assert np.all(trace.high[before] == 0)
    assert np.all(trace.fisher[before] == 0)
    assert trace.nominal.tolist() == list(network.card.preparation.nominal)


def test_a_gate_that_is_the_ratio_follows_it():
    """The rank correlation is 1 for the ratio itself, -1 for its reverse, and not a number for a gate that is still."""
    fisher = np.sin(np.linspace(0, 3, 64)) ** 2
    field = ReceptiveField(first_sample=0, size=4, stride=4, positions=16)
    seen = fisher.reshape(16, 4).mean(axis=1).astype(np.float32)

    assert follow(seen, fisher, field) == pytest.approx(1)
    assert follow(1 - seen, fisher, field) == pytest.approx(-1)
    assert np.isnan(follow(np.full(16, 0.5, np.float32), fisher, field))
