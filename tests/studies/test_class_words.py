"""Sentences about classes: what stands out, that nothing does, or that there are too few to tell."""

from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.analysis.class_channels import trace_class_channels
from cbam_viz.analysis.difference import trace_difference
from cbam_viz.datasets.samples import label_samples
from cbam_viz.datasets.simulated import simulate_classes
from cbam_viz.physics.simulate import Operation
from cbam_viz.studies.class_words import (
    caption_class_channels,
    caption_difference,
    say_class_channels,
    say_difference,
)
from cbam_viz.studies.compare import compare


@pytest.fixture(scope="module")
def simulated():
    """Five simulated machines of each class."""
    return compare(simulate_classes(5_000, 5, Operation(seconds=0.4)), "bearing-sim-4").labelled


@pytest.fixture(scope="module")
def measured(network):
    """The samples of the rig: three healthy, five inner, four outer."""
    return compare(label_samples("NICE"), network).labelled


def test_what_stands_out_is_named_with_its_number(simulated):
    """The channel, what it listens to, and the smallest p that five and five can reach."""
    trace = trace_difference(simulated, 0, 1, 0)
    said, place = say_difference(trace), trace.channels.standing_out[0]

    assert said.startswith(
        f"Healthy (5) and Inner race (5): {len(trace.channels.standing_out)} of 16 channels (channel "
    )
    assert f"channel {trace.channel[place]} (peak {trace.bands_hz[place, 1]:.0f} Hz)" in said
    assert said.endswith("differ more than chance allows; p can be no smaller than 0.008 here.")
    assert "252 ways of labelling" in caption_difference(trace)


def test_what_may_mislead_the_comparison_is_said(simulated):
    """Uneven classes and bearings measured in both, each in a sentence of its own; neither where it is not so."""
    trace = trace_difference(simulated, 0, 1, 0)
    told = caption_difference(replace(trace, witnesses=(5, 12), shared=4))

    assert "stars come more often" in told
    assert "4 specimens were measured in both classes" in told
    assert "stars come" not in caption_difference(trace)
    assert "measured in both" not in caption_difference(trace)


def test_that_nothing_stands_out_is_said(simulated):
    """With the same sentence."""
    trace = trace_difference(simulated, 0, 1, 0)
    same = replace(trace.channels, p=np.ones(16))
    still = replace(trace.positions, p=np.ones(len(trace.place)))

    assert "0 of 16 channels and 0 of 256 moments differ more than chance allows" in say_difference(
        replace(trace, channels=same, positions=still)
    )


def test_too_few_recordings_are_said(measured):
    """Only effect sizes, and the largest of them."""
    trace = trace_difference(measured, 0, 1, 2)

    assert say_difference(trace).startswith(
        "Healthy (3) and Inner race (5): with fewer than 5 recordings or bearings a class chance cannot be ruled "
        "out, so only effect sizes are given. The largest is that of channel "
    )
    assert caption_difference(trace).endswith("No band: it takes 5 recordings or bearings of each class.")


def test_one_recording_has_no_effect_size(measured):
    """Which class it is is said; that nothing varies would be false."""
    trace = trace_difference(measured, 0, 1, 2)
    said = say_difference(
        replace(trace, witnesses=(1, 2), channels=replace(trace.channels, effect=np.full(64, np.nan)), positions=None)
    )

    assert said.startswith("Healthy (1) and Inner race (2): no effect size can be given, for Healthy has one recording")
    assert "nothing varies" not in said


def test_the_map_in_words_names_the_channel_that_tells_most(measured):
    """Where the class means lie farthest apart, with both ends."""
    trace = trace_class_channels(measured, 1)
    reach = np.ptp(trace.deviation, axis=0)

    assert f"farthest apart in channel {trace.channel[reach.argmax()]} (peak" in say_class_channels(trace)
    assert "Inner race 5 recordings" in say_class_channels(trace)
    assert f"±{trace.high:.2f}" in caption_class_channels(trace)
    assert "0 to 1" in caption_class_channels(replace(trace, absolute=True))
