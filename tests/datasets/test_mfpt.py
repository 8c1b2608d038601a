"""The MFPT set: 20 recordings, three labels, one rate each."""

import numpy as np
import pytest
import scipy.io

from cbam_viz.datasets.mfpt import LOADS_LB, read_mfpt
from cbam_viz.errors import InputError
from cbam_viz.physics.bearing import BEARINGS

WRONG_FTF = 14.8375


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Twenty short files with the structure of the real ones."""
    folder = tmp_path_factory.mktemp("mfpt")
    for loads in LOADS_LB.values():
        for seed, (name, load) in enumerate(loads.items()):
            samples = np.random.default_rng(seed).normal(size=(200, 1))
            bearing = {"sr": 48_828 if "vload" in name else 97_656, "gs": samples, "load": str(load), "rate": 25}
            beside = {"BPFO": 81.125, "BPFI": 118.875, "BSF": 63.91, "FTF": WRONG_FTF}
            scipy.io.savemat(folder / f"{name}.mat", {"bearing": bearing, **beside}, do_compression=True)
    return folder


def test_the_set_is_whole(folder):
    """3 healthy, 10 outer-race and 7 inner-race recordings, each a single stretch."""
    recordings = read_mfpt(folder)
    labels = [recording.label for recording in recordings]
    assert {label: labels.count(label) for label in labels} == {"normal": 3, "outer": 10, "inner": 7}
    assert all(len(recording.signals) == 1 for recording in recordings)


def test_class_and_rate_go_together(folder):
    """Healthy recordings are at 97,656 Hz, inner-race ones at 48,828 Hz: the rate would give the class away."""
    rates = {}
    for recording in read_mfpt(folder):
        rates.setdefault(recording.label, set()).add(recording.signals[0].fs)
    assert rates == {"normal": {97_656}, "outer": {97_656, 48_828}, "inner": {48_828}}


def test_loads_agree_with_the_files(folder):
    """The load of a recording is the one that its file carries."""
    for recording in read_mfpt(folder):
        assert recording.signals[0].notes == (f"MFPT recording at a load of {recording.load}.",)


def test_the_files_cage_frequency_is_not_used(folder):
    """The bearing is known by name, so its cage turns at 10.14 Hz by the geometry, not at the 14.84 Hz of the files."""
    for recording in read_mfpt(folder):
        (signal,) = recording.signals
        cage = BEARINGS[signal.bearing].ftf(signal.shaft_hz)
        assert cage == pytest.approx(10.14, abs=0.01)
        assert cage != pytest.approx(WRONG_FTF, abs=1)


def test_recordings_of_a_label_share_a_bearing(folder):
    """Recordings of one label count as one bearing, recordings of two labels never do."""
    bearings = {(recording.label, recording.bearing) for recording in read_mfpt(folder)}
    assert bearings == {("normal", "NICE normal"), ("outer", "NICE outer"), ("inner", "NICE inner")}


def test_a_missing_file_is_named(folder, tmp_path):
    """A folder that lacks files is refused; the message says which and where they are to be had."""
    for path in folder.iterdir():
        if path.name != "baseline_2.mat":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    with pytest.raises(
        InputError, match=r"lacks 1 parts: baseline_2\.mat\. Get them from the bearing fault data set of"
    ):
        read_mfpt(tmp_path)
