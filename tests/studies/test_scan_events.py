"""Events of simulated recordings are found where they were planted, and false alarms are known before they come."""

from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.analysis.events import find_events
from cbam_viz.attention.passes import probabilities, run_passes
from cbam_viz.datasets.simulated import RESONANCE_HZ, SHAFT_HZ
from cbam_viz.errors import InputError
from cbam_viz.network.checkpoint import read_network
from cbam_viz.physics.simulate import FAULTS, Operation, draw_machine, simulate_bearing
from cbam_viz.signals.prepared import cut_stream
from cbam_viz.studies.scan_events import (
    DEFAULT_LEVEL,
    find_threshold,
    healthy_class,
    measure_alarms,
    read_alarms,
    write_alarms,
)

FS = 12_000
LENGTHS_S = (0.5, 0.6, 0.8, 1.0, 1.5, 3.0)


@pytest.fixture(scope="module")
def network():
    """The shipped network of simulated bearings."""
    return read_network("bearing-sim-4")


def plant(seed, fault, snr_db):
    """A machine that is healthy but for some stretches; samples, and where these are in s."""
    rng = np.random.default_rng([seed, 2])
    machine = draw_machine(seed, resonance_hz=float(rng.uniform(*RESONANCE_HZ)))
    seconds = sum(LENGTHS_S) + 1.5 * (len(LENGTHS_S) + 1)
    operation = Operation(fault, shaft_hz=float(rng.uniform(*SHAFT_HZ)), snr_db=snr_db, seconds=seconds)
    made = simulate_bearing(machine, operation, seed)
    damaged, truth, at = np.zeros(len(made.struck)), [], 1.5
    for length in LENGTHS_S:
        at += float(rng.uniform(-0.2, 0.2))
        truth.append((at, at + length))
        damaged[round(at * FS) : round((at + length) * FS)] = 1
        at += length + 1.5
    return made.struck * damaged + made.background + made.noise, truth


def detect(network, samples, level):
    """Events of samples."""
    preparation = replace(network.card.preparation, hop=512)
    (cut,) = cut_stream([samples], FS, preparation)
    found = probabilities(run_passes(network, cut.inputs))
    return find_events(cut.starts / FS, 2_048 / FS, 512 / FS, found, 0, level)


@pytest.mark.parametrize("snr_db", [0.0, 10.0])
def test_planted_events_are_found_with_their_ends_and_class(network, snr_db):
    """From 0 dB on, events of 0.5 s and more have an F1 of at least 0.95, and ends within half a window at the median.

    An event counts as found where its class is right and it overlaps the planted one by more than half of both.
    """
    level = find_threshold(network.digest, 1.0).level
    right, planted, named, off = 0, 0, 0, []
    for seed in range(3_000, 3_004):
        for fault in FAULTS:
            samples, truth = plant(seed, fault, snr_db)
            events = detect(network, samples, level)
            planted, named = planted + len(truth), named + len(events)
            for begin, end in truth:
                for event in events:
                    overlap = min(event.end_s, end) - max(event.start_s, begin)
                    if overlap > max(end - begin, event.end_s - event.start_s) / 2:
                        off += [abs(event.start_s - begin), abs(event.end_s - end)]
                        right += network.card.classes[event.label].fault == fault

    assert 2 * right / (planted + named) >= 0.95
    assert np.quantile(off, 0.95) <= 2_048 / FS / 2


def test_shipped_curve_is_what_counting_gives(network, tmp_path):
    """A short count writes the table that is read back, and the level for a rate follows from it."""
    counted = measure_alarms(network, 1 / 12)
    write_alarms("a", "0" * 64, counted, tmp_path / "alarms.csv")
    write_alarms("b", network.digest, counted, tmp_path / "alarms.csv")
    write_alarms("b", network.digest, counted, tmp_path / "alarms.csv")
    again = read_alarms(network.digest, tmp_path / "alarms.csv")

    assert len((tmp_path / "alarms.csv").read_text().splitlines()) == 1 + 4 * len(counted.simulated.levels)
    assert again.simulated.alarms == counted.simulated.alarms
    assert again.measured.hours == pytest.approx(counted.measured.hours, rel=1e-4)
    threshold = find_threshold(network.digest, 1e9, tmp_path / "alarms.csv")
    assert threshold.level == min(counted.simulated.levels)


def test_fewer_alarms_need_a_higher_level(network):
    """The fewer false alarms may be borne, the higher the level at which an event begins."""
    levels = [find_threshold(network.digest, an_hour).level for an_hour in (1e6, 10.0, 1.0, 1e-6)]

    assert levels == sorted(levels)


def test_a_network_nobody_counted_for_says_so(network):
    """Without a curve there is a level all the same, and nothing is claimed of its alarms."""
    threshold = find_threshold("f" * 64, 1.0)

    assert (threshold.level, threshold.alarms) == (DEFAULT_LEVEL, None)


def test_a_rate_that_is_none_is_refused(network):
    """Zero false alarms can't be had."""
    with pytest.raises(InputError, match="are a number above zero, but 0 was given"):
        find_threshold(network.digest, 0.0)
    assert healthy_class(network.card) == 0
