"""A gate's spectrum stands over the envelope that it weights, beside the shifted gate's."""

import numpy as np

from cbam_viz.figures.gate_spectrum import plot_gate_spectrum


def test_the_band_of_shifts_lies_behind_the_weighted_envelope(gate_spectrum):
    """The gate above; below it a band from the low to the high quantile, and the weighted envelope in front."""
    gate, low, high, weighted, *_rows = plot_gate_spectrum(gate_spectrum).data

    np.testing.assert_allclose(gate.y, gate_spectrum.amplitude, rtol=1e-5)
    np.testing.assert_allclose(low.y, gate_spectrum.shifted_low, rtol=1e-5)
    np.testing.assert_allclose(high.y, gate_spectrum.shifted_high, rtol=1e-5)
    assert (low.fill, high.fill) == (None, "tonexty")
    assert {each.yaxis for each in (low, high, weighted)} == {"y2"}


def test_the_gates_nyquist_is_marked(gate_spectrum):
    """Where the gate can follow no more, a dashed line stands."""
    dashed = [shape for shape in plot_gate_spectrum(gate_spectrum).layout.shapes if shape.line.dash == "dash"]

    assert [shape.x0 for shape in dashed] == [375]
