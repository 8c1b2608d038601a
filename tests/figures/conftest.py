"""Traces made by hand, of the shape that a shipped network gives, and a figure of each view."""

from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.analysis.channels import ChannelTrace
from cbam_viz.analysis.deletion import MASKS, DeletionTrace, MaskedCurves
from cbam_viz.analysis.diagnosis import DiagnosisTrace
from cbam_viz.analysis.distances import ClassDistances, DistanceTrace
from cbam_viz.analysis.envelope import EnvelopeTrace, FoundLine
from cbam_viz.analysis.gate_spectrum import GateSpectrumTrace
from cbam_viz.analysis.kurtogram import Band
from cbam_viz.analysis.lines import list_lines
from cbam_viz.analysis.methods import MethodsTrace, MethodStrip, list_areas
from cbam_viz.analysis.overview import OverviewTrace
from cbam_viz.analysis.pair import PairTrace
from cbam_viz.analysis.plane import PlaneTrace
from cbam_viz.analysis.separation import Separation, SeparationTrace
from cbam_viz.analysis.spatial import FaultLine, SpatialTrace, Strip
from cbam_viz.analysis.spectrum import ChannelBand, SpectrumTrace
from cbam_viz.analysis.tryout import TryoutTrace
from cbam_viz.figures.channels import plot_channels
from cbam_viz.figures.diagnosis import plot_diagnosis
from cbam_viz.figures.distances import plot_distances
from cbam_viz.figures.envelope import plot_envelope
from cbam_viz.figures.gate_spectrum import plot_gate_spectrum
from cbam_viz.figures.overview import plot_overview
from cbam_viz.figures.pair import plot_pair
from cbam_viz.figures.plane import plot_plane
from cbam_viz.figures.separation import plot_separation
from cbam_viz.figures.spatial import plot_spatial
from cbam_viz.figures.spectrum import plot_spectrum
from cbam_viz.figures.style import LIGHT
from cbam_viz.figures.tryout import plot_tryout
from cbam_viz.physics.bearing import SKF_6205
from cbam_viz.signals.windows import Axis

AXIS = Axis("time in the window", "ms", 1 / 12)
METHODS = ("block 2", "Grad-CAM block 2", "HiResCAM block 2", "integrated gradients", "occlusion", "envelope")
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
    untold = np.empty(0)
    return DiagnosisTrace(CLASSES, window, whole, 3, 7, np.zeros(7, int), ((),) * len(CLASSES), untold, untold)


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
def distances():
    """Nine classes in three spaces, in spreads."""
    rng = np.random.default_rng(3)
    matrices = []
    for space, far in (("channel", 8), ("logits", 20), ("envelope", 3)):
        half = np.triu(rng.uniform(0.5, far, (9, 9)), 1)
        matrices.append(ClassDistances(space, half + half.T, "spread"))
    return DistanceTrace(CLASSES, ((2, 3, 40),) * 9, "block 2", "euclidean", tuple(matrices))


@pytest.fixture(scope="session")
def plane():
    """As many points as there may be, of nine classes and 36 recordings."""
    rng = np.random.default_rng(4)
    member = np.sort(rng.integers(0, 36, 4000))
    return PlaneTrace(
        classes=CLASSES,
        known=CLASSES,
        names=tuple(f"recording_{number}.npz" for number in range(36)),
        block=None,
        place=rng.normal(size=(4000, 2)),
        shares=np.array([0.61, 0.2]),
        label=member // 4,
        member=member,
        window=rng.integers(1, 900, 4000),
        predicted=rng.integers(0, 9, 4000),
        windows=7200,
    )


@pytest.fixture(scope="session")
def separation():
    """Four spaces and three classes; one is left out."""
    rng = np.random.default_rng(5)
    scores = tuple(
        Separation(space, numbers, accuracy, rng.random(3), np.sort(rng.uniform(0.1, 0.6, 99)), 0.01)
        for space, numbers, accuracy in (
            ("channel", 112, 0.97), ("spatial", 21, 0.8), ("features", 256, 1.0), ("envelope", 8, 0.4)
        )
    )  # fmt: skip
    return SeparationTrace(CLASSES[:3], CLASSES[3:4], 3, scores)


@pytest.fixture(scope="session")
def pair(spatial):
    """Figure A beside one of another signal in another unit without a line; 32 channels."""
    rng = np.random.default_rng(6)
    other = replace(spatial, waveform=rng.normal(1, 4, 2048), unit="m/s²", line=None)
    peaks = np.sort(rng.uniform(100, 5000, 32))
    peaks[0] = 0  # no sine excites this one
    return PairTrace(
        names=("one.npz", "two.npz"),
        windows=(4, 7),
        start_s=(0.512, 1.024),
        sides=(spatial, other),
        block="block 2",
        channel=rng.permutation(32) + 1,
        difference=rng.normal(0, 0.1, 32),
        spread=rng.uniform(0.01, 0.1, 32),
        peak_hz=peaks,
    )


@pytest.fixture(scope="session")
def tryout(spatial):
    """Figure A before and after a mask, with nine classes."""
    rng = np.random.default_rng(7)
    other = replace(
        spatial,
        waveform=3 * spatial.waveform,
        strips=tuple(replace(each, gate=rng.random(len(each.gate), dtype=np.float32)) for each in spatial.strips),
    )
    return TryoutTrace(spatial, other, CLASSES, *rng.dirichlet(np.ones(9), 2), ((20.0, 40.0),))


@pytest.fixture(scope="session")
def spectrum():
    """As many lines as are drawn, and 64 channels of which three quarters have a band."""
    rng = np.random.default_rng(7)
    peaks = np.sort(rng.uniform(100, 5_000, 48))
    bands = tuple(
        ChannelBand(number, 0.8 * peak, peak, 1.2 * peak, rng.random()) for number, peak in enumerate(peaks, 1)
    )
    return SpectrumTrace(
        np.linspace(0, 6_000, 2_000), rng.random(2_000), "g", 6.0, "block 3", bands, 25.0 * np.arange(1, 11), 5_000.0
    )


@pytest.fixture(scope="session")
def found():
    """Every line of a bearing; that of the outer race stands out, and the ball's lies beyond the spectrum."""
    far = {"outer": 9.0, "ball": np.nan}
    return tuple(FoundLine(line, 2.5, far.get(line.family, 1.5), 3.0) for line in list_lines(SKF_6205, 25.0))


@pytest.fixture(scope="session")
def envelope(found):
    """Of 6 s, with every line."""
    rng = np.random.default_rng(8)
    return EnvelopeTrace(
        np.linspace(0.2, 450, 2_000), rng.random(2_000), "g", Band(2_000, 4_000, 3.1), 6.0, found, 25.0, False, 450.0
    )


@pytest.fixture(scope="session")
def gate_spectrum(found):
    """Of a gate that ends below the drawing."""
    rng = np.random.default_rng(9)
    hz, low = np.linspace(0.2, 450, 2_000), rng.random(2_000)
    return GateSpectrumTrace(
        block="block 2",
        seconds=5.9,
        hz=hz[hz < 375],
        amplitude=rng.random(np.count_nonzero(hz < 375)),
        nyquist_hz=375.0,
        found=found,
        beyond=("3 × BPFI",),
        weighted_hz=hz,
        weighted=rng.random(2_000),
        shifted_low=low,
        shifted_high=low + 0.5,
        top_hz=450.0,
        shaft_hz=25.0,
        orders=False,
    )


@pytest.fixture(scope="session")
def plot(
    spatial,
    channels,
    diagnosis,
    overview,
    distances,
    plane,
    separation,
    pair,
    spectrum,
    envelope,
    gate_spectrum,
    tryout,
):
    """Draws the view of a name, in a palette."""
    views = {
        "spatial": (plot_spatial, spatial),
        "channels": (plot_channels, channels),
        "diagnosis": (plot_diagnosis, diagnosis),
        "overview": (plot_overview, overview),
        "distances": (plot_distances, distances),
        "plane": (plot_plane, plane),
        "separation": (plot_separation, separation),
        "pair": (plot_pair, pair),
        "tryout": (plot_tryout, tryout),
        "spectrum": (plot_spectrum, spectrum),
        "envelope": (plot_envelope, envelope),
        "gate_spectrum": (plot_gate_spectrum, gate_spectrum),
    }
    return lambda view, palette=LIGHT: views[view][0](views[view][1], palette)


@pytest.fixture(scope="session")
def deletion():
    """Six orders by two masks, five rounds, fifty random orders, all drawn at random."""
    rng = np.random.default_rng(6)
    share = np.linspace(0, 1, 21)
    drawn = [rng.random(shape, dtype=np.float32) for _ in MASKS for shape in ((6, 5, 21), (6, 5, 21), (50, 21))]
    curves = (MaskedCurves(mask, share, *drawn[3 * number : 3 * number + 3]) for number, mask in enumerate(MASKS))
    return DeletionTrace(1, METHODS, tuple(curves))


@pytest.fixture(scope="session")
def methods(spatial, deletion):
    """Four methods beside the gate of block 2."""
    rng = np.random.default_rng(7)
    edges = spatial.strips[1].edges
    strips = tuple(MethodStrip(order, rng.normal(size=128), edges) for order in METHODS[1:5])
    correlation = np.corrcoef(rng.normal(size=(6, 64)))
    return MethodsTrace(spatial, "Ball", strips, METHODS, correlation, list_areas(deletion, METHODS), 64)
