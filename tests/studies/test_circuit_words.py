"""A circuit's verdict: the part and how far it is off; parts that nobody tells apart are named together."""

from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.analysis.diagnosis import trace_diagnosis
from cbam_viz.network.card import ClassName, DeviationError, Trial
from cbam_viz.studies import words
from cbam_viz.studies.circuit_tables import list_deviation_errors, list_trials

CLASSES = (
    ClassName("normal", "Every part within its tolerance"),
    ClassName("C2-", "C2 too small"),
    ClassName("R4-", "R4 too small"),
)


@pytest.fixture
def scene(make_scene):
    """Three windows of a network of three classes, the last two of which nobody tells apart."""
    scene = make_scene(count=3)
    card = replace(
        scene.card,
        classes=CLASSES,
        config=replace(scene.card.config, deviations=3),
        circuit="biquad",
        ambiguous=(("C2-", "R4-"),),
        deviation_errors=(DeviationError("C2-", 1.2, 3.6, 1.0), DeviationError("R4-", 1.3, 4.2, 1.1)),
    )
    probabilities = np.array([[0.4, 0.35, 0.25], [0.9, 0.06, 0.04], [0.2, 0.1, 0.7]], np.float32)
    deviations = np.array([[0.0, -37.0, -39.0], [1.0, -5.0, -5.0], [0.0, -20.0, -20.0]], np.float32)
    return scene._replace(card=card, record=replace(scene.record, probabilities=probabilities, deviations=deviations))


def verdict(scene, window):
    """What is said of a window."""
    return words.say_verdict(trace_diagnosis(scene.record, scene.card, window))


def test_parts_that_nobody_tells_apart_are_named_together(scene):
    """Their probabilities are summed, so together they win where either would lose, and the wider error is told."""
    assert verdict(scene, 0) == ("C2 or R4 −38 % (± 4)", "60.0%, next: Every part within its tolerance 40.0%")


def test_a_sound_circuit_has_no_deviation(scene):
    """Where no part is blamed, the class is told as it is."""
    assert verdict(scene, 1) == ("Every part within its tolerance", "90.0%, next: C2 too small or R4 too small 10.0%")


def test_windows_are_counted_with_alike_classes_as_one(scene):
    """Two of three windows name one of the two, and so does the mean over all of them."""
    trace = trace_diagnosis(scene.record, scene.card, 0)

    assert trace.named.tolist() == [1, 0, 1]
    assert trace.agreeing == np.sum(trace.named == trace.whole.argmax())
    assert trace.whole.sum() == pytest.approx(1)


def test_without_alike_classes_each_is_told_by_itself(scene):
    """The same record of a card without groups gives a row a class, with its own deviation and error."""
    trace = trace_diagnosis(scene.record, replace(scene.card, ambiguous=()), 2)

    assert trace.classes == tuple(name.words for name in CLASSES)
    assert words.say_verdict(trace)[0] == "R4 −20 % (± 4)"


def test_the_error_is_left_out_where_it_is_not_known(scene):
    """A deviation whose error nobody measured stands alone."""
    trace = trace_diagnosis(scene.record, replace(scene.card, deviation_errors=()), 0)

    assert words.say_deviation(trace, 1) == "C2 or R4 −38 %"


def test_what_stands_behind_the_sign_is_said(scene):
    """The caption says what ± means where a deviation is told, and nothing elsewhere."""
    circuit = trace_diagnosis(scene.record, scene.card, 0)
    bearing = trace_diagnosis(scene.record, replace(scene.card, config=replace(scene.card.config, deviations=0)), 0)

    assert "nine of ten" in words.caption_deviation(circuit)
    assert words.caption_deviation(bearing) == words.say_deviation(bearing, 0) == ""


def test_trials_are_told_with_their_spread(scene):
    """Mean and standard deviation over seeds, by hand, for alone and for merged classes."""
    trial = Trial("±50 %, 5 folds", "LDA", (0.5, 0.6, 0.7), (0.9, 0.9, 0.9))
    table = list_trials(replace(scene.card, trials=(trial,)))

    assert table.rows == (("±50 %, 5 folds", "LDA", "60.00 ± 10.00 %", "90.00 ± 0.00 %"),)
    assert list_deviation_errors(scene.card).rows[0] == ("C2 too small", "1.2", "3.6", "1.0")
