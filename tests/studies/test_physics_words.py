"""What is said of physics states what was found beside chance, and no cause."""

import math
from dataclasses import replace

import pytest

from cbam_viz.analysis.envelope import FittedSpeed
from cbam_viz.analysis.evidence import FaultEvidence, PhysicsVerdict
from cbam_viz.analysis.kurtogram import Band
from cbam_viz.network.card import ClassName
from cbam_viz.studies.panels import View
from cbam_viz.studies.physics import study_physics
from cbam_viz.studies.physics_panels import draw_envelope, draw_gate_spectrum, draw_spectrum
from cbam_viz.studies.physics_words import say_band, say_physics, say_score, say_speed

OUTER = FaultEvidence("outer", "BPFO", 107.4, 9.0, 3.0, ())
NAMED = {fault: ClassName(fault, f"{fault} race", fault) for fault in ("inner", "outer")}


def test_agreement_is_said_with_both_numbers():
    """The part, how far it stands out, what chance gives, and whether the network names the same part."""
    verdict = PhysicsVerdict("outer", (OUTER,), 3.0)

    assert say_physics(verdict, NAMED["outer"]) == (
        "Physics: the lines of the outer race fit best (BPFO stands 9.0 times above what is around, by chance up to "
        "3.0); the network says the same part: outer race."
    )
    assert "the network says otherwise: inner race" in say_physics(verdict, NAMED["inner"])


def test_nothing_found_is_no_proof_of_health():
    """Where nothing stands out, that is said with its number, and not called healthy."""
    said = say_physics(PhysicsVerdict(None, (replace(OUTER, prominence=2.0),), 3.0), NAMED["inner"])

    assert "no fault stands out of chance" in said
    assert "no proof of health" in said


def test_nothing_judged_says_nothing():
    """Beyond the spectrum there is no number to say."""
    beyond = replace(OUTER, prominence=math.nan, chance=math.nan)

    assert say_physics(PhysicsVerdict(None, (beyond,), 3.0), NAMED["inner"]).startswith("No fault line lies within")


@pytest.mark.parametrize("change", [-0.012, 0.012])
def test_the_best_speed_is_said_in_rpm(change):
    """In rpm and as a change with its sign."""
    sign = "−" if change < 0 else "+"

    assert say_speed(FittedSpeed(29.03, change, "inner")).startswith(f"Best fit: 1742 rpm ({sign}1.2 %)")
    assert say_speed(None) == "No speed within ±3 % makes a fault stand out."


def test_a_band_says_who_chose_it():
    """By hand, or the most impulsive one with its kurtosis."""
    assert say_band(Band(1_000, 2_000, by_hand=True)) == "Band by hand: 1000–2000 Hz."
    assert say_band(Band(1_000, 2_000, 3.14)) == "Most impulsive band: 1000–2000 Hz, spectral kurtosis 3.1."
    assert say_band(Band(1_000, 2_000)) == "The whole band: 1000–2000 Hz."


def test_every_panel_has_a_caption_and_words(explained):
    """Each of the three pictures can be read, and says the same to those who can't see it; no cause is named."""
    signal = explained.signal
    physics = study_physics(explained, View(0, shaft_hz=signal.shaft_hz, bearing=signal.bearing))
    panels = [draw_spectrum(physics), draw_envelope(physics.envelope), draw_gate_spectrum(physics.gate)]

    assert "BPFI" in panels[1].alt
    for panel in panels:
        assert panel.caption.endswith(".")
        assert "because" not in panel.caption + panel.alt
    assert len({say_score(score) for score in physics.scores}) == 3
