"""The limit of a deviation: what the tolerances of the other parts hide, as measured otherwise."""

import pytest

from cbam_viz.datasets.circuits import Campaign
from cbam_viz.studies import circuit_limits
from cbam_viz.studies.circuit_limits import limit_deviations


@pytest.fixture(autouse=True)
def fewer(monkeypatch):
    """Fewer runs, so that a test is fast."""
    monkeypatch.setattr(circuit_limits, "RUNS", 1000)


def test_the_limit_is_what_was_measured_by_another_method():
    """At ±50 % and uniform tolerances R2 of the Sallen-Key can be told to 3.0 points and C2 to 2.3."""
    found = limit_deviations(Campaign("sallen-key", law="uniform"))

    assert found["R2+"] == pytest.approx(3.0, abs=0.5)
    assert found["C2+"] == pytest.approx(2.3, abs=0.5)


def test_narrower_tolerances_hide_less():
    """Three standard deviations in the tolerance, not an even spread over it: every part is told better."""
    gaussian, uniform = (limit_deviations(Campaign("sallen-key", law=law)) for law in ("gaussian", "uniform"))

    assert all(gaussian[key] < uniform[key] for key in uniform)
