"""A gate points at what carries the class where masking that costs the class."""

import numpy as np

from cbam_viz.analysis.pointing import score_pointing
from tests.studies.hand_made import build, bursts, explained


def pointing(gate):
    """By both ways of masking, for a gate of this slope."""
    explanation = explained(build(gate, weight=8.0), bursts(0, loud=1.5))
    return score_pointing(explanation.network, explanation.windows.cut(slice(0, 1)), explanation.record.only(0))


def test_a_gate_that_opens_on_the_evidence_points_at_it():
    """Its correlation lies above that of the gate moved around the window."""
    zero, noise = pointing(8.0)

    assert zero.above
    assert zero.value > 0
    assert noise.value > 0


def test_a_gate_that_closes_on_the_evidence_points_away():
    """Its correlation lies below."""
    zero, noise = pointing(-8.0)

    assert zero.below
    assert zero.value < 0
    assert noise.value < 0


def test_a_constant_gate_points_nowhere():
    """It ranks nothing."""
    assert all(np.isnan(score.value) for score in pointing(0.0))
