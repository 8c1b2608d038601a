"""The figure of a response."""

import numpy as np

from cbam_viz.analysis.response import ResponseTrace
from cbam_viz.analysis.spatial import Strip
from cbam_viz.figures.response import plot_response
from cbam_viz.signals.windows import Axis


def trace(beside):
    """A response made by hand."""
    place = np.arange(-4.0, 36.0)
    nominal = np.sin(place / 6)
    edges = np.linspace(-4.5, 35.5, 11)
    gate = np.linspace(0.4, 0.6, 10, dtype=np.float32)
    strip = Strip("block 1", gate, edges, edges[:-1] - 2, edges[1:] + 2, 0.4, 0.6, 0.5)
    return ResponseTrace(
        Axis("time since the pulse", "µs", 1.0, -4.0), place, nominal + 0.1, nominal, nominal - 0.05, nominal + 0.05,
        np.abs(nominal), strip, beside, 0.5, 1.0,
    )  # fmt: skip


def test_every_axis_says_what_it_is_and_in_which_unit():
    """Volts, millivolts, the ratio, the gate, and microseconds since the pulse."""
    layout = plot_response(trace(None)).layout
    titles = [layout[axis].title.text for axis in ("yaxis", "yaxis2", "yaxis3", "yaxis4", "xaxis")]

    assert titles == [
        "voltage (V)", "difference<br>(mV)", "Fisher<br>ratio", "M<sub>s</sub><br>block 1", "time since the pulse (µs)"
    ]  # fmt: skip


def test_the_difference_is_drawn_in_millivolts():
    """A response 0.1 V above nominal is drawn 100 mV above it."""
    lines = [each for each in plot_response(trace(None)).data if each.yaxis == "y2" and each.fill is None]

    assert np.allclose(lines[0].y, 100, atol=1e-3)


def test_the_nominal_gate_is_drawn_where_it_is_known():
    """One line more, in the lane of the gate."""
    lanes = [
        [each for each in plot_response(trace(beside)).data if each.yaxis == "y4"]
        for beside in (None, np.full(10, 0.5, np.float32))
    ]

    assert [len(lane) for lane in lanes] == [1, 2]
