"""A shipped network, a shipped sample, and what the study says of it."""

import numpy as np
import pytest

from cbam_viz.datasets.samples import SAMPLE_DATA
from cbam_viz.network.checkpoint import read_network
from cbam_viz.studies.explain import explain

FS = 12_207.0
"""Sampling rate of the network in Hz."""


@pytest.fixture(scope="session")
def network():
    """The shipped network of three classes."""
    return read_network("mfpt-3")


@pytest.fixture(scope="session")
def sample():
    """Path of a shipped recording, sampled at four times the network's rate."""
    return SAMPLE_DATA / "inner_300lb.npz"


@pytest.fixture(scope="session")
def explained(network, sample):
    """All that was found out about the sample."""
    return explain(sample, network)


@pytest.fixture
def write(tmp_path):
    """Writes samples at the network's rate, with whatever else the file says of itself, and gives the path."""

    def write(samples, name="own.npz", **told):
        np.savez(tmp_path / name, samples=samples, fs=FS, **told)
        return tmp_path / name

    return write
