"""Scans of the app: a child process, a file of progress, and results that take no more room than they may."""

import time

import numpy as np
import pytest

from cbam_viz.network.checkpoint import read_network
from cbam_viz.signals.recording import open_recording
from cbam_viz.studies.scan import scan, state_facts
from cbam_viz.ui.scans import (
    has_begun,
    is_done,
    is_running,
    make_room,
    read_progress,
    scan_store,
    start_scan,
    stop_scan,
)

FS = 12_000


@pytest.fixture(scope="module")
def network():
    """The shipped network of simulated bearings."""
    return read_network("bearing-sim-4")


def written(path, seconds):
    """A recording of noise."""
    np.save(path, np.random.default_rng(0).normal(size=seconds * FS).astype(np.float32))
    return open_recording(path, fs=FS)


def wait_for(condition):
    """Wait until something holds, at most a minute."""
    begin = time.monotonic()
    while not condition():
        assert time.monotonic() - begin < 60
        time.sleep(0.05)


def test_a_started_scan_ends_with_its_results(network, store, tmp_path):
    """The child writes what a scan in this process would, and tells when it is done."""
    recording = written(tmp_path / "a.npy", 5)
    facts = state_facts(recording, network)
    assert not has_begun(facts)
    start_scan(recording, facts, is_given=True)
    wait_for(lambda: not is_running(facts))

    assert is_done(facts)
    assert read_progress(facts)["state"] == "done"


def test_a_stopped_scan_is_not_done_and_says_so(network, store, tmp_path):
    """Stopped, the child ends, keeps what it did and is not taken for done."""
    recording = written(tmp_path / "long.npy", 1_500)
    facts = state_facts(recording, network)
    start_scan(recording, facts, is_given=True)
    wait_for(lambda: read_progress(facts).get("state") == "running")
    stop_scan(facts)

    assert not is_running(facts)
    assert not is_done(facts)
    assert has_begun(facts)
    assert read_progress(facts)["state"] == "stopped"


def test_the_oldest_results_make_room(network, store, tmp_path):
    """Above the bound the results written longest ago go, of a scan all its files; those that are needed stay."""
    facts = []
    for name in "abc":
        recording = written(tmp_path / f"{name}.npy", 2)
        facts.append(scan(recording, network, scan_store()))
        time.sleep(0.02)
    make_room(scan_store(), [facts[0].key], most_bytes=1)

    assert [is_done(each) for each in facts] == [True, False, False]
    assert not list((scan_store() / "overview").glob(f"{facts[2].key}*"))
