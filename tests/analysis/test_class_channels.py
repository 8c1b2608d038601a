"""The map of classes and channels: means over witnesses, on the network's own scale."""

from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.analysis.class_channels import SPREADS, trace_class_channels

RECORDINGS = [("a", "one", 3), ("b", "two", 2), ("b", "three", 4), ("c", "four", 1)]


@pytest.fixture
def labelled(make_set):
    """Four recordings of three classes."""
    return make_set(RECORDINGS)


def test_means_are_those_of_the_recordings(labelled):
    """Each recording counts once, whatever its length; a class of one has no spread."""
    trace, gates = trace_class_channels(labelled, 1, "number"), labelled.record.blocks[1].channel_attention
    two, three = gates[3:5].mean(axis=0, dtype=float), gates[5:9].mean(axis=0, dtype=float)

    np.testing.assert_allclose(trace.mean[0], gates[:3].mean(axis=0, dtype=float))
    np.testing.assert_allclose(trace.mean[1], (two + three) / 2)
    np.testing.assert_allclose(trace.spread[1], np.abs(two - three) / np.sqrt(2))
    assert np.isnan(trace.spread[[0, 2]]).all()
    np.testing.assert_allclose(trace.deviation, trace.mean - labelled.card.reference[1].channel_mean)
    assert trace.counts == ((1, 1, 3), (2, 2, 6), (1, 1, 1))


def test_the_scale_is_the_networks_own(labelled, make_set):
    """The same for every set, and as wide to either side; M_c itself is drawn from 0 to 1."""
    other = replace(make_set(RECORDINGS, seed=7), card=labelled.card)
    traces = [trace_class_channels(each, 0) for each in (labelled, other)]
    absolute = trace_class_channels(labelled, 0, absolute=True)

    assert traces[0].high == traces[1].high == SPREADS * max(labelled.card.reference[0].channel_spread)
    assert traces[0].low == -traces[0].high
    assert (absolute.low, absolute.high) == (0, 1)


def test_orders_sort_every_row_alike(labelled):
    """By the peak's frequency, by how far the classes lie apart, by number; every channel is there once."""
    for order in ("frequency", "difference", "cluster", "number"):
        trace = trace_class_channels(labelled, 1, order)
        assert sorted(trace.channel) == list(range(1, 7))
        np.testing.assert_array_equal(trace.bands_hz, np.array(labelled.card.reference[1].bands_hz)[trace.channel - 1])
    assert (np.diff(trace_class_channels(labelled, 1, "frequency").bands_hz[:, 1]) >= 0).all()
    assert (np.diff(np.ptp(trace_class_channels(labelled, 1, "difference").deviation, axis=0)) <= 0).all()
    assert trace_class_channels(labelled, 1, "number").channel.tolist() == list(range(1, 7))


def test_channels_that_do_alike_stand_together(labelled):
    """Two channels with one profile are neighbours, wherever they stood."""
    block = labelled.record.blocks[1]
    gates = block.channel_attention.copy()
    profile = np.repeat([0.9, 0.1, 0.2, 0.5], [3, 2, 4, 1])
    means = np.array(labelled.card.reference[1].channel_mean)
    gates[:, 0], gates[:, 5] = profile + means[0], profile + means[5]
    blocks = (labelled.record.blocks[0], replace(block, channel_attention=gates), *labelled.record.blocks[2:])
    trace = trace_class_channels(replace(labelled, record=replace(labelled.record, blocks=blocks)), 1, "cluster")
    places = [trace.channel.tolist().index(channel) for channel in (1, 6)]

    assert abs(places[0] - places[1]) == 1
