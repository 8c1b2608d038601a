"""A fault that grows slowly is noticed where it begins to, and nothing else is taken for it."""

from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.analysis.onset import find_onset
from cbam_viz.attention.passes import probabilities, run_passes
from cbam_viz.network.checkpoint import read_network
from cbam_viz.physics.simulate import Operation, draw_machine, simulate_bearing
from cbam_viz.signals.prepared import cut_stream

TIME = np.arange(0, 1_000, 0.5)


def rising(begin, end=1_000.0, top=0.9):
    """A probability that rises evenly from a time to another, with noise."""
    noise = np.random.default_rng(0).normal(0, 0.05, len(TIME))
    return (np.interp(TIME, [0, begin, end, 1_000], [0.03, 0.03, top, top]) + noise).clip(0, 1)


@pytest.mark.parametrize("begin", [200, 500, 700])
def test_a_slow_rise_is_found_where_it_begins(begin):
    """The onset of a straight rise is known to a twentieth of the recording."""
    found = find_onset(TIME, rising(begin))

    assert found.start_s == pytest.approx(begin, abs=50)
    assert found.before == pytest.approx(0.04, abs=0.03)
    assert found.at_end > 0.7


def test_what_does_not_stay_is_no_onset():
    """Events that end, a healthy recording, one that is faulty throughout, and one that heals, have none."""
    events = np.where((TIME % 250 > 100) & (TIME % 250 < 130), 0.95, 0.03)
    for fault in (events, np.full(len(TIME), 0.03), np.full(len(TIME), 0.97), rising(300)[::-1]):
        assert find_onset(TIME, fault) is None


def test_too_little_shows_no_trend():
    """A few windows are no trend, however they rise."""
    assert find_onset(TIME[:40], np.linspace(0, 1, 40)) is None


def test_a_simulated_fault_that_grows_is_found_before_it_is_grown_by_half():
    """Damage begins after a minute and grows for three: the onset lies after it begins, before half its strength."""
    network = read_network("bearing-sim-4")
    for seed, fault in ((3_100, "outer"), (3_101, "inner")):
        made = simulate_bearing(draw_machine(seed), Operation(fault, snr_db=3.0, seconds=240.0), seed)
        grown = np.interp(np.arange(len(made.struck)) / 12_000, [0, 60, 240], [0, 0, 1])
        cuts = list(cut_stream([made.struck * grown + made.background + made.noise], 12_000, replace(
            network.card.preparation, hop=1_024)))  # fmt: skip
        found = [probabilities(run_passes(network, cut.inputs)) for cut in cuts if len(cut.starts)]
        starts = np.concatenate([cut.starts for cut in cuts]) / 12_000
        onset = find_onset(starts, 1 - np.concatenate(found)[:, 0])
        assert 60 <= onset.start_s <= 150
