"""Spatial attention lies where it was computed, on one axis with the waveform."""

from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.analysis.spatial import trace_spatial
from cbam_viz.network.config import BlockConfig

MS = 0.5
"""One sample at 2000 Hz."""


def seen_samples(position, layers):
    """First and last sample that a position sees, followed back through (kernel, stride, padding) of each layer."""
    low = high = position
    for kernel, stride, padding in reversed(layers):
        low, high = low * stride - padding, high * stride - padding + kernel - 1
    return low, high


FIRST = [(16, 8, 4), (7, 1, 3)]
SECOND = [(16, 8, 4), (2, 2, 0), (5, 1, 2), (7, 1, 3)]
"""From the signal to M_s of blocks 1 and 2; the gate of block 1 lies beside the path to block 2, and is added."""


def test_the_waveform_is_the_window_in_its_own_unit(scene):
    """Sample i of window w is sample 256 w + i of the recording, i / fs after the window's beginning."""
    trace = trace_spatial(*scene, window=2, block=0, unit="g")

    np.testing.assert_array_equal(trace.waveform, scene.windows.samples[512:768])
    np.testing.assert_allclose(trace.place, np.arange(256) / 2000 * 1000)
    assert (trace.axis.unit, trace.unit) == ("ms", "g")


def test_an_impact_lies_at_its_time(make_scene):
    """An impact at sample 300 of the recording is in the second window, 44 samples or 22 ms after its beginning."""
    trace = trace_spatial(*make_scene({300: 9.0}), window=1, block=0)

    assert trace.place[np.argmax(trace.waveform)] == pytest.approx(22.0)


def test_cells_are_one_stride_wide(scene):
    """A position of block 1 stands for 8 samples, one of block 2, after a pool, for 16: the cells tile the window."""
    strips = trace_spatial(*scene, window=0, block=0).strips

    for strip, stride in zip(strips, (8, 16), strict=True):
        np.testing.assert_allclose(np.diff(strip.edges), stride * MS)
        assert len(strip.gate) == len(strip.edges) - 1
        assert (strip.edges[0], strip.edges[-1]) == pytest.approx((-0.5 * MS, 255.5 * MS))


def test_cells_are_centred_on_the_samples_that_are_seen(scene):
    """The middle of a cell is the middle of what its position sees, followed back layer by layer."""
    first, second = trace_spatial(*scene, window=0, block=0).strips

    for strip, layers in ((first, FIRST), (second, SECOND)):
        seen = np.array([seen_samples(position, layers) for position in range(len(strip.gate))])
        np.testing.assert_allclose((strip.edges[:-1] + strip.edges[1:]) / 2, MS * seen.mean(axis=1))


def test_fields_end_with_the_window(scene):
    """A position sees what its layers reach, but nothing before the window and nothing after it."""
    strip = trace_spatial(*scene, window=0, block=0).strips[0]
    seen = np.array([seen_samples(position, FIRST) for position in range(32)])

    np.testing.assert_allclose(strip.field_low, MS * np.maximum(seen[:, 0], 0))
    np.testing.assert_allclose(strip.field_high, MS * np.minimum(seen[:, 1], 255))
    assert seen.min() < 0
    assert seen.max() > 255


def test_fields_reach_the_end_of_a_window_that_no_stride_divides(make_scene):
    """Cells that leave out the last samples of a window do not hide that these are seen."""
    scene = make_scene(blocks=(BlockConfig(channels=2, kernel=16, stride=8),), window=260)
    strip = trace_spatial(*scene, window=0, block=0).strips[0]

    assert strip.edges[-1] == pytest.approx(255.5 * MS)
    assert strip.field_high[-1] == pytest.approx(259 * MS)


def test_blocks_without_a_spatial_gate_have_no_strip(scene):
    """As many strips as gates, each with its block's name and values; the chosen one is found by its block."""
    trace = trace_spatial(*scene, window=3, block=1)

    assert [strip.name for strip in trace.strips] == ["block 1", "block 2"]
    assert trace.strips[trace.chosen].name == "block 2"
    for strip, block in zip(trace.strips, scene.record.blocks, strict=False):
        np.testing.assert_array_equal(strip.gate, block.spatial_attention[3])


def test_the_usual_scale_is_the_same_for_every_signal(make_scene):
    """By default colours are the card's, whatever the signal; a map's own range differs from signal to signal."""
    scenes = [make_scene(seed=seed) for seed in (1, 2)]
    ranges = {
        scale: [
            [(strip.low, strip.high) for strip in trace_spatial(*scene, 0, 0, scale=scale).strips] for scene in scenes
        ]
        for scale in ("usual", "map", "unit")
    }

    assert ranges["usual"][0] == ranges["usual"][1] == [(0.2, 0.8)] * 2
    assert ranges["unit"][0] == ranges["unit"][1] == [(0.0, 1.0)] * 2
    assert ranges["map"][0] != ranges["map"][1]


def test_the_scale_of_a_map_is_its_own_range(scene):
    """The smallest and the largest value of the map in view get the ends of the colour scale."""
    for strip in trace_spatial(*scene, window=0, block=0, scale="map").strips:
        assert (strip.low, strip.high) == (min(strip.gate), max(strip.gate))


def test_what_is_usual_is_the_median(scene):
    """The value beside which a gate is drawn is its median over the data set, from the card."""
    assert [strip.usual for strip in trace_spatial(*scene, window=0, block=0).strips] == [0.45, 0.45]


@pytest.mark.parametrize("sample", [0, 100, 255], ids=["first", "middle", "last"])
def test_strikes_are_one_period_apart_and_meet_the_loudest_sample(make_scene, sample):
    """The comb of a 60 Hz line has a tooth every 1000/60 ms in the whole window, and one of them on the impact."""
    trace = trace_spatial(*make_scene({sample: -9.0}), window=0, block=0, line=("BPFI", 60.0))

    np.testing.assert_allclose(np.diff(trace.strikes), 1000 / 60)
    assert np.abs(trace.strikes - MS * sample).min() < 1e-9
    assert trace.strikes[0] < 1000 / 60
    assert trace.strikes[-1] > 255 * MS - 1000 / 60
    assert trace.strikes.min() >= 0
    assert trace.strikes.max() <= 255 * MS + 1e-9


@pytest.mark.parametrize("hz", [1001.0, 54_000.0, 1e300])
def test_a_period_that_no_sample_resolves_has_no_strikes(scene, hz):
    """A line above half the sampling rate is not in the samples, and its comb would be a solid bar or endless."""
    assert trace_spatial(*scene, window=0, block=0, line=("BPFI", hz)).strikes.tolist() == []
    assert len(trace_spatial(*scene, window=0, block=0, line=("BPFI", 999.0)).strikes) in (127, 128)


def test_without_a_line_there_are_no_strikes(scene):
    """Nothing periodic is drawn into a signal of which no period is known."""
    assert trace_spatial(*scene, window=0, block=0).strikes.tolist() == []


def test_true_impacts_lie_at_their_samples(scene):
    """Those inside the window, on its axis; without truth there are none to draw."""
    record, windows, card = scene
    start = int(windows.starts[1])
    known = replace(windows, impacts=np.array([start - 1.0, start, start + 100.0, start + 256.0]))

    np.testing.assert_allclose(trace_spatial(record, known, card, window=1, block=0).impacts, [0, 100 * MS])
    assert trace_spatial(record, windows, card, window=1, block=0).impacts is None
