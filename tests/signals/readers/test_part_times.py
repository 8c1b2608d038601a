"""Files of arrays: times beside the samples give the rate, and are no channel."""

import h5py
import numpy as np
import pytest
from scipy.io import savemat

from cbam_viz.signals.readers import list_channels, read_signal

SAMPLES = np.random.default_rng(0).normal(size=600)
TIMES = np.arange(600) / 12_800


def write_hdf5(path, arrays):
    """A dataset each."""
    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            file[name] = array


WRITERS = {
    "x.npz": lambda path, arrays: np.savez(path, **arrays),
    "x.mat": savemat,
    "x.h5": write_hdf5,
}


@pytest.fixture(params=WRITERS)
def write(request, tmp_path):
    """Writes arrays in one of the formats and gives the path."""

    def write(**arrays):
        WRITERS[request.param](tmp_path / request.param, arrays)
        return tmp_path / request.param

    return write


@pytest.mark.parametrize(("name", "times"), [("t", TIMES), ("time", 0.5 + TIMES), ("time_ms", 1000 * TIMES)])
def test_even_times_give_the_rate(write, name, times):
    """In their unit, wherever they begin; the samples come back as they are."""
    path = write(**{name: times, "x": SAMPLES})
    (channel,) = list_channels(path)
    signal = read_signal(path)

    assert (channel.name, channel.note) == ("x", "The sampling rate was read from the column of times.")
    assert signal.fs == 12_800
    np.testing.assert_array_equal(signal.samples, SAMPLES)


@pytest.mark.parametrize("times", [TIMES[::-1], TIMES**2, TIMES[:500], np.where(np.arange(600) == 300, np.nan, TIMES)])
def test_what_is_no_even_time_is_a_channel(write, times):
    """It grows by equal steps and is as long as the samples, or it is no time of theirs."""
    channels = list_channels(write(t=times, x=SAMPLES))

    assert {channel.name: channel.fs for channel in channels} == {"t": None, "x": None}


def test_times_alone_are_a_channel(write):
    """What else should be read?"""
    assert [channel.name for channel in list_channels(write(t=TIMES))] == ["t"]


def test_a_stated_rate_wins(write):
    """A file that says its rate is believed."""
    path = write(t=TIMES, x=SAMPLES, fs=6_400.0)

    assert read_signal(path).fs == 6_400


def test_times_hold_within_their_group(tmp_path):
    """Two runs of one length have a rate each, and times above a group hold for all of it that is as long."""
    write_hdf5(
        tmp_path / "x.h5",
        {"a/time": TIMES, "a/x": SAMPLES, "b/time": 2 * TIMES, "b/x": SAMPLES, "b/short": SAMPLES[:9]},
    )
    rates = {channel.name: channel.fs for channel in list_channels(tmp_path / "x.h5")}

    assert rates == {"a/x": 12_800, "b/x": 6_400, "b/short": None}
