"""Traces made by hand, of the shape that a shipped network gives, and a figure of each view."""

import numpy as np
import pytest

from cbam_viz.analysis.channels import ChannelTrace
from cbam_viz.analysis.diagnosis import DiagnosisTrace
from cbam_viz.analysis.overview import OverviewTrace
from cbam_viz.analysis.spatial import FaultLine, SpatialTrace, Strip
from cbam_viz.figures.channels import plot_channels
from cbam_viz.figures.diagnosis import plot_diagnosis
from cbam_viz.figures.overview import plot_overview
from cbam_viz.figures.spatial import plot_spatial
from cbam_viz.figures.style import LIGHT
from cbam_viz.signals.windows import Axis

AXIS = Axis("time in the window", "ms", 1 / 12)
CLASSES = tuple(f"{part}, {mil} mil" for part in ("Inner race", "Ball", "Outer race") for mil in (7, 14, 21))


def strip(number, positions, rng):
    """The gate of one block over 2048 samples."""
    edges = np.linspace(-0.5, 2047.5, positions + 1) / 12
    return Strip(
        name=f"block {number}",
        gate=rng.random(positions, dtype=np.float32),
        edges=edges,
        field_low=np.maximum(edges[:-1] - 5, 0),
        field_high=np.minimum(edges[1:] + 5, 2047 / 12),
        low=0.1 * number,
        high=1 - 0.1 * number,
        usual=0.4,
    )


@pytest.fixture(scope="session")
def spatial():
    """One window of 2048 samples at 12 kHz, three blocks, and a line."""
    rng = np.random.default_rng(0)
    return SpatialTrace(
        axis=AXIS,
        place=np.arange(2048) / 12,
        waveform=rng.normal(0, 0.3, 2048),
        unit="g",
        strips=tuple(strip(number, positions, rng) for number, positions in ((1, 256), (2, 128), (3, 64))),
        chosen=1,
        scale="usual",
        line=FaultLine("BPFI", 162.2, 1000 / 162.2, 20.0),
    )


@pytest.fixture(scope="session")
def make_channels():
    """Makes channel attention of a block with a number of channels."""

    def make(count, absolute=False):
        rng = np.random.default_rng(count)
        peaks = np.sort(rng.uniform(100, 5000, count))
        peaks[0] = 0  # no sine excites this one
        return ChannelTrace(
            block="block 2",
            channel=rng.permutation(count) + 1,
            gate=rng.random(count),
            mean=rng.random(count),
            spread=rng.uniform(0.01, 0.1, count),
            bands_hz=np.stack([peaks / 2, peaks, 1.5 * peaks], axis=1),
            shares=rng.random(count),
            order="frequency",
            absolute=absolute,
        )

    return make


@pytest.fixture(scope="session")
def channels(make_channels):
    """Of a block with 16 channels."""
    return make_channels(16)


@pytest.fixture(scope="session")
def diagnosis():
    """Nine classes."""
    window, whole = np.random.default_rng(1).dirichlet(np.ones(9), 2)
    return DiagnosisTrace(CLASSES, window, whole, agreeing=3, windows=7)


@pytest.fixture(scope="session")
def overview():
    """Ten minutes at 12 kHz: the longest outline and as many marks as there may be."""
    rng = np.random.default_rng(2)
    edges = np.linspace(0, 600, 601)
    return OverviewTrace(
        outline_s=np.sort(rng.uniform(0, 600, 3000)),
        outline=rng.normal(size=3000),
        unit="g",
        start_s=edges[:-1],
        end_s=edges[1:],
        first_window=np.arange(600) * 6,
        predicted=rng.choice([1, 4, 8], 600),
        probability=rng.random(600),
        classes=CLASSES,
        chosen=(12.0, 12.2),
    )


@pytest.fixture(scope="session")
def plot(spatial, channels, diagnosis, overview):
    """Draws the view of a name, in a palette."""
    views = {
        "spatial": (plot_spatial, spatial),
        "channels": (plot_channels, channels),
        "diagnosis": (plot_diagnosis, diagnosis),
        "overview": (plot_overview, overview),
    }
    return lambda view, palette=LIGHT: views[view][0](views[view][1], palette)
