"""Sentences about a labelled set: true to the numbers, and never a reason."""

import re
from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.analysis.distances import ClassDistances, DistanceTrace
from cbam_viz.analysis.pair import Side, trace_pair
from cbam_viz.analysis.plane import PlaneTrace
from cbam_viz.analysis.separation import Separation, SeparationTrace
from cbam_viz.language import digits
from cbam_viz.studies import set_words as words

NEVER = re.compile(
    r"\b(because|important|importance|reason|explains?|thinks?|sees that|focus(es|ed)? on|pays|looks at|knows)\b", re.I
)
CLASSES = ("Healthy", "Inner race", "Outer race")


def matrix(space, near, far, ruler="spread"):
    """Healthy is near the inner race and far from the outer."""
    middle = (near + far) / 2
    return ClassDistances(space, np.array([[0, near, far], [near, 0, middle], [far, middle, 0]]), ruler)


@pytest.fixture(scope="module")
def distances():
    """Two spaces, both in spreads."""
    return DistanceTrace(
        CLASSES, ((2, 3, 9),) * 3, None, "euclidean", (matrix("channel", 1.5, 8.25), matrix("envelope", 0.5, 2))
    )


@pytest.fixture(scope="module")
def plane():
    """Six windows of 60."""
    return PlaneTrace(
        CLASSES, CLASSES, ("one",), None, np.array([[1.0, 2], [3, 4], [-1, 0], [-1, 1], [0, 0], [0, 5]]),
        np.array([0.5, 0.2]), np.array([0, 0, 1, 1, 2, 2]), np.zeros(6, int), np.arange(1, 7), np.zeros(6, int), 60,
    )  # fmt: skip


@pytest.fixture(scope="module")
def separation():
    """One space, one class left out."""
    score = Separation("channel", 9, 0.875, np.array([1, 0.75]), np.linspace(0.3, 0.7, 99), 0.01)
    return SeparationTrace(CLASSES[:2], CLASSES[2:], 4, (score,))


@pytest.fixture(scope="module")
def pair(explained):
    """Two windows of one signal."""
    one, other = (
        Side(name, explained.record, explained.windows, window, "g") for name, window in (("one", 1), ("two", 6))
    )
    return trace_pair(one, other, explained.card, 1)


def test_no_sentence_gives_a_reason(distances, plane, separation, pair):
    """Classes differ in what passes; no sentence says why one was chosen."""
    said = (
        words.say_distances(distances), words.caption_distances(distances),
        words.caption_distances(replace(distances, measure="cosine")),
        words.say_plane(plane), words.caption_plane(plane),
        words.say_separation(separation), words.caption_separation(separation),
        words.say_pair(pair), words.caption_pair(pair),
    )  # fmt: skip

    assert [sentence for sentence in said if NEVER.search(sentence)] == []
    assert all(len(sentence) > 5 for sentence in said)


def test_the_closest_and_the_farthest_classes_are_said(distances):
    """In every space, with their distance and what it is in."""
    assert words.say_distances(distances) == (
        "In channel attention: closest Healthy and Inner race (1.50 spreads), farthest Healthy and Outer race "
        "(8.25 spreads). In plain envelope: closest Healthy and Inner race (0.50 spreads), farthest Healthy and Outer "
        "race (2.00 spreads)."
    )


def test_two_classes_have_one_distance_and_one_has_none(distances):
    """It is said once."""
    two = replace(
        distances,
        classes=CLASSES[:2],
        matrices=(ClassDistances("logits", np.array([[0, 0.5], [0.5, 0]]), "none"),),
    )

    assert words.say_distances(two) == "In logits: Healthy and Inner race (0.50)."
    assert words.say_distances(replace(two, classes=CLASSES[:1])) == "One class alone has no distance to another."


def test_the_caption_says_where_there_was_no_spread(distances):
    """One witness a class gives another ruler, and chance is then unknown."""
    fallen = replace(distances, matrices=tuple(matrix(each.space, 1, 2, "mean") for each in distances.matrices))

    assert "√(1/n + 1/m) spreads apart" in words.caption_distances(distances)
    assert "no class has two recordings or specimens that differ" not in words.caption_distances(distances)
    assert "nothing says what chance gives: channel attention, plain envelope." in words.caption_distances(fallen)
    assert "spreads" not in words.caption_distances(fallen)


def test_who_cannot_see_the_plane_reads_the_middles(plane):
    """The mean place of the windows of each class."""
    assert words.say_plane(plane) == (
        "Windows: 60. Middle of each class in the plane: Healthy (+2.00, +3.00), Inner race (−1.00, +0.50), "
        "Outer race (+0.00, +2.50)."
    )


def test_thinning_is_said(plane):
    """Where some windows are not drawn, and only there."""
    assert "Drawn: 6 of 60 windows, evenly from every class." in words.caption_plane(plane)
    assert "Drawn" not in words.caption_plane(replace(plane, windows=6))


def test_an_accuracy_never_stands_without_its_control(separation):
    """Accuracy, what shuffled labels gave, p, and who was left out."""
    assert words.say_separation(separation) == (
        "Left out, with one recording or specimen each: Outer race. By channel attention: 87.5% (shuffled labels 32.0% "
        "to 68.0%, p = 0.01)."
    )
    caption = words.caption_separation(separation)
    assert "in 4 folds" in caption
    assert "99 times" in caption
    assert "Left out, with one recording or specimen each: Outer race." in caption


@pytest.mark.parametrize(
    ("channel", "spatial", "envelope", "adds_nothing"),
    [
        (0.9, 0.7, 0.95, True),
        (0.93, 0.7, 0.9, True),
        (0.96, 0.7, 0.9, False),
        (0.7, 0.96, 0.9, False),
        (0.5, 0.5, 0.5, False),
    ],
    ids=["better", "as well", "worse", "worse than M_s", "no better than chance"],
)
def test_where_the_envelope_separates_as_well_attention_adds_nothing(channel, spatial, envelope, adds_nothing):
    """It lies beyond its shuffled band, and no gate is better by more than 15 % of the width of its own."""
    shuffled = np.linspace(0.3, 0.6, 99)
    scores = tuple(
        Separation(space, 8, accuracy, np.full(2, accuracy), shuffled, 0.01)
        for space, accuracy in (("channel", channel), ("spatial", spatial), ("features", 1.0), ("envelope", envelope))
    )
    said = words.say_separation(SeparationTrace(CLASSES[:2], (), 4, scores))

    assert said.endswith("attention adds nothing here that the envelope does not show.") == adds_nothing


def test_without_a_number_it_is_said_what_to_do():
    """What must hold, who lacks it, and what to add."""
    trace = SeparationTrace((), CLASSES[:2], 0, ())

    assert (
        words.say_separation(trace)
        == words.caption_separation(trace)
        == (
            "Left out, with one recording or specimen each: Healthy, Inner race. Nothing can be both learnt and tested "
            "without two recordings or specimens in each of two classes. Add recordings of other specimens."
        )
    )


def test_who_cannot_see_the_pair_reads_the_farthest_channels(pair):
    """The channels with the largest and smallest difference, with their peaks."""
    up, down = int(np.argmax(pair.difference)), int(np.argmin(pair.difference))

    assert words.say_pair(pair) == (
        f"one, window 2, beside two, window 7. Of block 2, channel {pair.channel[up]} is open the most further in A "
        f"({digits(pair.difference[up], '+.3f')}, most sensitive to {pair.peak_hz[up]:.0f} Hz), "
        f"channel {pair.channel[down]} in B "
        f"({digits(pair.difference[down], '+.3f')}, {pair.peak_hz[down]:.0f} Hz)."
    )


def test_two_units_are_said(pair):
    """Only where there are two."""
    apart = replace(pair, sides=(pair.sides[0], replace(pair.sides[1], unit="m/s²")))

    assert "different units" in words.caption_pair(apart)
    assert "different units" not in words.caption_pair(pair)


def test_no_channel_gate_leaves_only_the_windows(pair):
    """Nothing is said of channels that there are none of."""
    bare = replace(pair, channel=np.empty(0, int), difference=np.empty(0))

    assert words.say_pair(bare) == "one, window 2, beside two, window 7."
