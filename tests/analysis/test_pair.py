"""A | B: each side is Figure A as it is alone, but on one scale; the bars are the difference of two gates."""

import numpy as np
import pytest

from cbam_viz.analysis.pair import Side, trace_pair
from cbam_viz.analysis.spatial import trace_spatial


@pytest.fixture
def sides(make_scene):
    """Two signals that one network read, and its card."""
    a, b = make_scene(seed=1), make_scene({600: 3.0}, seed=2)
    return Side("one", a.record, a.windows, 1, "g"), Side("two", b.record, b.windows, 4, "g"), a.card


def test_exchanging_the_sides_flips_the_difference(sides):
    """And exchanges the figures; nothing else changes."""
    a, b, card = sides
    one, other = trace_pair(a, b, card, 1), trace_pair(b, a, card, 1)

    np.testing.assert_array_equal(one.difference, -other.difference)
    np.testing.assert_array_equal(one.channel, other.channel)
    np.testing.assert_array_equal(one.sides[0].waveform, other.sides[1].waveform)
    assert (one.names, one.windows) == (other.names[::-1], other.windows[::-1]) == (("one", "two"), (2, 5))


def test_a_signal_beside_itself_does_not_differ(sides):
    """Every bar is 0."""
    a, _b, card = sides

    assert not trace_pair(a, a, card, 0).difference.any()


def test_bars_are_the_two_windows_by_frequency(sides):
    """M_c of A's window minus that of B's, from the channel with the lowest peak to that with the highest."""
    a, b, card = sides
    trace = trace_pair(a, b, card, 1)
    bands = np.array(card.reference[1].bands_hz)
    spread = np.array(card.reference[1].channel_spread)

    for place, channel in enumerate(trace.channel - 1):
        gates = [side.record.blocks[1].channel_attention[side.window, channel] for side in (a, b)]
        assert trace.difference[place] == pytest.approx(float(gates[0]) - float(gates[1]))
        assert trace.peak_hz[place] == bands[channel, 1]
        assert trace.spread[place] == pytest.approx(np.sqrt(spread[channel] ** 2 + spread[channel] ** 2))
    assert np.all(np.diff(trace.peak_hz) > 0)


@pytest.mark.parametrize("scale", ["usual", "unit"])
def test_each_side_is_its_own_figure(sides, scale):
    """Waveform, gates and colour ranges are those of Figure A of the same window."""
    a, b, card = sides
    for side, found in zip((a, b), trace_pair(a, b, card, 1, scale).sides, strict=True):
        alone = trace_spatial(side.record, side.windows, card, side.window, 1, "g", scale)
        np.testing.assert_array_equal(found.waveform, alone.waveform)
        for strip, expected in zip(found.strips, alone.strips, strict=True):
            np.testing.assert_array_equal(strip.gate, expected.gate)
            assert (strip.low, strip.high) == (expected.low, expected.high)


def test_this_map_is_the_range_of_both_maps(sides):
    """A colour means the same on both sides whatever the scale is."""
    a, b, card = sides
    left, right = trace_pair(a, b, card, 1, "map").sides

    for one, other in zip(left.strips, right.strips, strict=True):
        both = np.concatenate([one.gate, other.gate])
        assert (one.low, one.high) == (other.low, other.high) == (both.min(), both.max())


def test_waveforms_in_one_unit_share_their_range(sides):
    """From the lowest sample of both to the highest; in two units each has its own."""
    a, b, card = sides
    waves = a.windows.measured(1), b.windows.measured(4)
    trace = trace_pair(a, b, card, 0)
    apart = trace_pair(a, Side("two", b.record, b.windows, 4, "m/s²"), card, 0)

    assert trace.reach(0) == trace.reach(1) == (min(map(np.min, waves)), max(map(np.max, waves)))
    assert [apart.reach(side) for side in (0, 1)] == [(wave.min(), wave.max()) for wave in waves]
    assert (trace.one_unit, apart.one_unit) == (True, False)


def test_windows_are_named_as_a_person_counts(sides):
    """From 1, with where each begins in its recording."""
    a, b, card = sides
    trace = trace_pair(a, b, card, 0)

    assert trace.windows == (2, 5)
    assert trace.start_s == pytest.approx((256 / 2000, 4 * 256 / 2000))


def test_a_block_without_channel_gate_has_no_bars(make_scene):
    """The figures stand beside each other all the same."""
    from cbam_viz.network.config import BlockConfig, CBAMConfig

    blocks = (BlockConfig(channels=4, kernel=16, stride=8, pool=2, cbam=CBAMConfig(order="spatial")),)
    scene = make_scene(blocks=blocks)
    gates = scene.record.blocks[0]
    record = type(scene.record)(
        scene.record.logits,
        scene.record.probabilities,
        scene.record.features,
        (type(gates)(gates.name, np.empty((6, 0), np.float32), gates.spatial_attention, gates.receptive_field),),
    )
    side = Side("one", record, scene.windows, 0)

    assert trace_pair(side, side, scene.card, 0).difference.shape == (0,)
