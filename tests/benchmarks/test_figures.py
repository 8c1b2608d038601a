"""What it costs to show a signal: an array of 12,000 samples to figures as JSON, beside the network's own forward."""

import numpy as np
import pytest
import torch

from cbam_viz.analysis.channels import trace_channels
from cbam_viz.analysis.diagnosis import trace_diagnosis
from cbam_viz.analysis.overview import trace_overview
from cbam_viz.analysis.spatial import trace_spatial
from cbam_viz.attention.record import record_attention
from cbam_viz.figures.channels import plot_channels
from cbam_viz.figures.diagnosis import plot_diagnosis
from cbam_viz.figures.overview import plot_overview
from cbam_viz.figures.spatial import plot_spatial
from cbam_viz.network.checkpoint import read_network
from cbam_viz.signals.signal import Signal
from cbam_viz.signals.windows import prepare_windows

SAMPLES = np.random.default_rng(0).normal(size=12_000)
MOST_JSON = 400_000


@pytest.fixture(scope="module")
def network():
    """A shipped network."""
    return read_network("mfpt-3")


def prepared(network):
    """The array as windows of the network."""
    return prepare_windows(Signal(SAMPLES, 12_000.0, "array", unit="g"), network.card.preparation)


def traced(network, windows, record):
    """The numbers of every view, of one window and one block."""
    card = network.card
    return (
        trace_spatial(record, windows, card, 1, 0, "g", line=("BPFI", 118.9)),
        trace_channels(record, card, 1, 0),
        trace_diagnosis(record, card, 1),
        trace_overview(record, windows, card, 1, "g"),
    )


def plotted(traces):
    """The figure of every view."""
    plots = (plot_spatial, plot_channels, plot_diagnosis, plot_overview)
    return [plot(trace) for plot, trace in zip(plots, traces, strict=True)]


def shown(network):
    """From the array to what a browser is sent."""
    windows = prepared(network)
    figures = plotted(traced(network, windows, record_attention(network, windows.inputs)))
    return [figure.to_json() for figure in figures]


def test_array_to_figures(compare, network):
    """The whole way, and each part of it alone, beside the network's own forward of the same windows."""
    windows = prepared(network)
    record = record_attention(network, windows.inputs)
    traces = traced(network, windows, record)
    figures = plotted(traces)
    inputs = torch.from_numpy(windows.inputs)

    def forward():
        with torch.inference_mode():
            return network.model(inputs)

    compare(
        "12,000 samples to four figures as JSON",
        {
            "the network's own forward": forward,
            "all: array to JSON": lambda: shown(network),
            "windows": lambda: prepared(network).inputs,
            "record": lambda: record_attention(network, windows.inputs),
            "numbers of the views": lambda: traced(network, windows, record),
            "figures": lambda: plotted(traces),
            "JSON": lambda: [figure.to_json() for figure in figures],
        },
        aim="all under 150 ms",
    )


def test_what_a_browser_is_sent_is_small(network):
    """Each figure of a 12,000-sample signal is less than 400 kB of JSON."""
    assert max(len(figure) for figure in shown(network)) < MOST_JSON
