"""Sentences about an explanation: true, physical, and never a reason."""

import re
from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.analysis.channels import trace_channels
from cbam_viz.analysis.diagnosis import trace_diagnosis
from cbam_viz.analysis.spatial import trace_spatial
from cbam_viz.network.card import PRETRAINED, ClassName, read_card
from cbam_viz.signals.signal import Channel
from cbam_viz.studies import words
from cbam_viz.studies.explain import Controls, score_controls

NEVER = re.compile(
    r"\b(because|important|importance|reason|explains?|thinks?|sees that|focus(es|ed)? on|pays|looks at|knows)\b", re.I
)


@pytest.fixture(scope="module")
def spatial(explained):
    """Of the second block, with a line."""
    return trace_spatial(explained.record, explained.windows, explained.card, 4, 1, "g", line=("BPFI", 118.9))


@pytest.fixture(scope="module")
def channels(explained):
    """Of the third block."""
    return trace_channels(explained.record, explained.card, 4, 2)


@pytest.fixture(scope="module")
def diagnosis(explained):
    """Of the fifth window."""
    return trace_diagnosis(explained.record, explained.card, 4)


def numbers(sentence):
    """Every number in a sentence."""
    return [float(number.replace("−", "-")) for number in re.findall(r"[-−+]?\d+(?:\.\d+)?", sentence)]


def test_no_sentence_gives_a_reason(explained, spatial, channels, diagnosis):
    """A gate lets pass; no sentence says why a class was chosen, or that a network thinks."""
    said = (
        *words.say_verdict(diagnosis),
        words.say_whole(diagnosis),
        words.say_spatial(spatial),
        words.caption_spatial(spatial),
        words.say_channels(channels),
        words.caption_channels(channels),
        words.say_card(explained.card),
        words.say_controls(score_controls(explained, 4, 1)),
        *TRAINING.values(),
        words.say_results(explained.card),
    )

    assert [sentence for sentence in said if NEVER.search(sentence)] == []
    assert all(len(sentence) > 5 for sentence in said)


def test_the_verdict_names_the_two_most_probable(diagnosis):
    """Class first, then its probability and the runner-up with its own."""
    best, second = sorted(range(3), key=lambda number: -diagnosis.window[number])[:2]
    name, rest = words.say_verdict(diagnosis)

    assert name == diagnosis.classes[best]
    assert rest == (
        f"{100 * diagnosis.window[best]:.1f}%, next: {diagnosis.classes[second]} {100 * diagnosis.window[second]:.1f}%"
    )


def test_the_whole_signal_is_said_with_how_many_agree(diagnosis):
    """Class, mean probability, and the count of windows of the same class."""
    best = int(np.argmax(diagnosis.whole))

    assert words.say_whole(diagnosis) == (
        f"Whole signal: {diagnosis.classes[best]}, mean probability {100 * diagnosis.whole[best]:.1f}%; "
        f"{diagnosis.agreeing} of 8 windows say so."
    )


def test_who_cannot_see_the_gate_reads_where_it_is_open(spatial):
    """Largest and smallest value with the middle of their cells in ms, and the usual value, in this order."""
    strip = spatial.strips[1]
    values = strip.gate.tolist()
    widest, least = values.index(max(values)), values.index(min(values))
    said = numbers(words.say_spatial(spatial).split(":", 1)[1])

    assert said == pytest.approx(
        [
            max(values), (strip.edges[widest] + strip.edges[widest + 1]) / 2,
            min(values), (strip.edges[least] + strip.edges[least + 1]) / 2,
            strip.usual,
        ],
        abs=0.051,
    )  # fmt: skip


def test_ticks_are_explained_where_they_are_drawn(explained, spatial):
    """The caption names line and frequency, and says that only the distance counts; without ticks it says nothing."""
    without = trace_spatial(explained.record, explained.windows, explained.card, 4, 1)

    assert "the period of BPFI at this speed (118.9 Hz)" in words.caption_spatial(spatial)
    assert "only their distance says something" in words.caption_spatial(spatial)
    assert "Ticks" not in words.caption_spatial(without)


def test_who_cannot_see_the_channels_reads_the_farthest(channels):
    """The channels with the largest and smallest deviation, with their deviation and peak."""
    deviations = dict(zip(channels.channel.tolist(), (channels.gate - channels.mean).tolist(), strict=True))
    peaks = dict(zip(channels.channel.tolist(), channels.bands_hz[:, 1].tolist(), strict=True))
    up, down = max(deviations, key=deviations.get), min(deviations, key=deviations.get)
    said = numbers(words.say_channels(channels).split(":", 1)[1])

    assert said == pytest.approx([up, deviations[up], peaks[up], down, deviations[down], peaks[down]], abs=0.51)


def test_the_caption_of_channels_says_what_is_drawn(explained, channels):
    """Deviation from the mean, or the gate itself: each with what the grey is."""
    absolute = trace_channels(explained.record, explained.card, 4, 2, absolute=True)

    assert words.caption_channels(channels).startswith(
        "Above zero: let through more than on average over the data set."
    )
    assert "mean ± one standard deviation" in words.caption_channels(absolute)


def test_a_network_is_told_with_its_worst_and_its_data(explained):
    """The mean never stands without the worst fold, the protocol, what was shared, and the licence."""
    card = explained.card
    said = words.say_card(card)
    mean, worst = (float(number) for number in re.findall(r"(\d+\.\d)%", said)[:2])

    assert mean == pytest.approx(100 * sum(fold.accuracy for fold in card.results.folds) / 20, abs=0.051)
    assert worst == pytest.approx(100 * sorted(fold.accuracy for fold in card.results.folds)[0], abs=0.051)
    for sentence in (card.results.protocol, card.results.shared, card.source, card.licence):
        assert sentence in said
    assert f"Trained on {len(card.trained_on)} recordings" in said


OWN_CLASSES = "; a network names one of its own classes, whatever it is given."
TRAINING = {
    ("InnerRaceFault_vload_7", "NICE"): "This recording was in training: its diagnosis proves nothing.",
    ("another", "NICE"): "This bearing, or one of its kind, was in training: a new machine will be harder.",
    (None, "NICE"): "This bearing, or one of its kind, was in training: a new machine will be harder.",
    ("105", "6205"): f"The file names a bearing that was not in training{OWN_CLASSES}",
    (None, None): f"Nothing in this file tells whether its bearing was in training{OWN_CLASSES}",
}


@pytest.mark.parametrize(("facts", "said"), TRAINING.items())
def test_training_is_told_as_far_as_it_is_known(explained, facts, said):
    """Only a bearing that is known to be another was not in training; where nothing is known, nothing is claimed."""
    recording, bearing = facts
    signal = replace(explained.signal, recording=recording, bearing=bearing)

    assert words.say_training(explained.card, signal) == said


@pytest.mark.parametrize("bearing", ["NICE", None])
def test_a_network_of_simulations_says_so_of_a_measured_signal(explained, bearing):
    """Also where the file names no bearing."""
    signal = replace(explained.signal, recording=None, bearing=bearing)

    assert words.say_training(read_card(PRETRAINED / "bearing-sim-4.json"), signal) == (
        f"bearing-sim-4 has seen only simulated bearings{OWN_CLASSES}"
    )


def test_the_control_says_when_the_class_changes():
    """A gate that is needed is told by the class that is named without it; one that stands still has no correlation."""
    inner, outer = ClassName("inner", "Inner race"), ClassName("outer", "Outer race")

    assert words.say_controls(Controls("block 1", (inner, 0.9), (outer, 0.6), 0.3, 0.5)) == (
        "With the gate of block 1 held at its mean, Inner race goes from 90.0% to 30.0%, and Outer race is named; "
        "the gate's rank correlation with loudness is +0.50."
    )
    assert words.say_controls(Controls("block 2", (inner, 0.9), (inner, 0.9), 0.9, float("nan"))) == (
        "With the gate of block 2 held at its mean, Inner race goes from 90.0% to 90.0%."
    )


@pytest.mark.parametrize("fs", [None, 0.0, -1.0, float("nan")])
def test_a_file_without_a_rate_is_told_in_samples(fs):
    """Nothing is divided by a rate that is none."""
    channel = Channel("a", 30_000)

    assert words.say_file([channel], channel, fs) == "1 channel · 30,000 samples · rate unknown"


def test_a_file_is_told_in_seconds():
    """Channels, rate and length of what was chosen."""
    channels = [Channel("a", 30_000), Channel("b", 60_000)]

    assert words.say_file(channels, channels[1], 12_000.0) == "2 channels · 12,000 Hz · 5 s"


def test_true_impacts_are_said_to_be_true(explained):
    """Where the impacts are known, no period is guessed at."""
    windows = replace(explained.windows, impacts=np.array([5.0, 9_000.0]))
    trace = trace_spatial(explained.record, windows, explained.card, 4, 1, line=("BPFI", 118.9))

    assert words.caption_spatial(trace).endswith("Ticks: the true impacts, which only a simulation knows.")


@pytest.mark.parametrize(("name", "said"), [("bearing-sim-4", "By SNR: -12 dB"), ("mfpt-3", "By load: 270 lb")])
def test_accuracies_are_listed_by_what_was_varied(name, said):
    """Noise is no load."""
    assert said in words.say_results(read_card(PRETRAINED / f"{name}.json"))
