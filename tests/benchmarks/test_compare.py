"""What a comparison costs beside the network's own pass over the same windows: 9 classes of 200 windows each."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch

from cbam_viz.network.checkpoint import read_network
from cbam_viz.signals.signal import Signal
from cbam_viz.studies import compare as study
from cbam_viz.studies.set_panels import SetView, trace_views

CLASSES, RECORDINGS, WINDOWS = 9, 5, 40


@dataclass(frozen=True, eq=False)
class Noise:
    """A recording in memory; see `datasets.labels.Labelled`."""

    name: str
    label: str
    signal: Signal
    machine: str | None = None

    def read(self):
        """The signal."""
        return self.signal


@pytest.fixture(scope="module")
def network():
    """The network of three classes."""
    return read_network("mfpt-3")


@pytest.fixture(scope="module")
def recordings(network):
    """Noise with strikes of another rate for every class."""
    fs, rng = network.card.preparation.fs, np.random.default_rng(0)
    found = []
    for label in range(CLASSES):
        for number in range(RECORDINGS):
            samples = rng.normal(size=WINDOWS * network.card.preparation.window)
            samples[:: 90 + 10 * label] += 8
            name = f"{label} {number}"
            known = {0: "inner", 1: "outer"}.get(label, f"class {label}")  # a fault's period to fold all of them at
            found.append(Noise(name, known, Signal(samples, fs, name, shaft_hz=25.0, bearing="NICE")))
    return found


def test_comparing(compare, network, recordings):
    """Recording the set, and each view of it, against the forward pass alone."""
    compared = study.compare(recordings, network)
    inputs = [torch.from_numpy(member.windows.inputs) for member in compared.labelled.members]

    def forward():
        with torch.inference_mode():
            for windows in inputs:
                network.model(windows)

    views = trace_views(compared, SetView(second=1))
    folded = trace_views(compared, SetView(by="period", periods=3), ["aligned"])["aligned"]
    assert len(compared.labelled.record) == CLASSES * RECORDINGS * WINDOWS
    assert len(folded.classes) == CLASSES
    compare(
        "Comparing 9 classes of 200 windows",
        {"forward pass": forward, "recorded": lambda: study.compare(recordings, network)}
        | {name: lambda name=name: trace_views(compared, SetView(second=1), [name]) for name in views}
        | {"aligned by period": lambda: trace_views(compared, SetView(by="period", periods=3), ["aligned"])},
        aim="recorded in under 3 s, a view in under 0.5 s, two classes' difference in under 1 s",
    )
