"""Lines stand where kinematics puts them, and out of what is around."""

import numpy as np
import pytest

from cbam_viz.analysis.lines import Line, Lines, draw_noise, draw_null, list_lines, raise_lines
from cbam_viz.physics.bearing import SKF_6205

SHAFT_HZ = 29.95


def test_sidebands_stand_where_they_belong():
    """BPFI has sidebands one shaft rate apart, 2×BSF one cage rate; the outer race, which stands still, has none."""
    lines = list_lines(SKF_6205, SHAFT_HZ)
    for family, apart in (("inner", SHAFT_HZ), ("ball", SKF_6205.ftf(SHAFT_HZ)), ("outer", None)):
        mine = [line for line in lines if line.family == family]
        middles = {line.harmonic: line.hz for line in mine if not line.sideband}
        sides = [(line.hz - middles[line.harmonic]) * line.sideband for line in mine if line.sideband]
        assert sides == pytest.approx([apart] * (6 if apart else 0))


def test_a_damaged_ball_strikes_both_races():
    """The ball's line is twice its spin frequency."""
    ball = next(line for line in list_lines(SKF_6205, SHAFT_HZ) if line.family == "ball")

    assert (ball.name, ball.hz) == ("2×BSF", pytest.approx(4.7134 * SHAFT_HZ, rel=1e-4))


def test_tolerance_is_two_percent_or_the_resolution():
    """A line is looked for within 2 %, and never within less than 1 / T."""
    lines = Lines(np.ones(100), 1.0, 0.5)

    assert lines.tolerance(200.0) == 4
    assert lines.tolerance(10.0) == 2


def test_prominence_is_over_the_median_around():
    """A line 9 times as high as a sloping floor has a prominence of 9; scaling changes nothing."""
    amplitude = np.linspace(1, 2, 1_000)
    amplitude[500] *= 9
    raised = raise_lines(1e-6 * amplitude, 1.0, 1.0)

    found = raised.highest(np.array([500.0]), np.array([3.0]))
    assert found == pytest.approx(9, rel=0.01)


def test_beyond_the_spectrum_nothing_is_known():
    """A line above the highest frequency, or at no frequency, is NaN."""
    raised = raise_lines(np.ones(100), 1.0, 1.0)

    assert np.isnan(raised.highest(np.array([98.5, 200.0, 0.0]), np.ones(3))).all()
    assert np.isfinite(raised.highest(np.array([50.0]), np.ones(1))).all()


def test_a_still_spectrum_has_no_prominence():
    """Where the neighbourhood is zero nothing can stand out of it."""
    assert np.isnan(raise_lines(np.zeros(100), 1.0, 1.0).prominence[1:]).all()


def test_chance_stays_away_from_lines():
    """A null is not drawn where lines are expected: a line that is planted there does not raise it."""
    amplitude = np.ones(2_001)
    amplitude[300] = 50
    spectrum = raise_lines(amplitude, 1.0, 1.0)

    null = draw_null(spectrum, 280.0, 5.6, [Line("planted", "outer", 300.0)])
    assert len(null) == 400
    assert null.max() == 1
    assert draw_null(spectrum, 280.0, 5.6, [Line("elsewhere", "outer", 900.0)]).max() == 50


def test_chance_is_told_by_the_noise():
    """In noise, 97.5 % of random places stay below the null's quantile, whichever seed drew it."""
    rng = np.random.default_rng(3)
    spectrum = raise_lines(rng.rayleigh(size=4_000), 0.5, 2.0)
    high = np.quantile(draw_null(spectrum, 400.0, 8.0, [], seed=1), 0.975)

    assert np.mean(draw_null(spectrum, 400.0, 8.0, [], seed=2) > high) == pytest.approx(0.025, abs=0.03)


def test_noise_is_told_by_rayleigh():
    """The highest of some lines of white noise over their median is as its distribution says, to 10 % of its median."""
    rng = np.random.default_rng(5)
    highest = (rng.rayleigh(size=(2_000, 12)) / np.sqrt(2 * np.log(2))).max(axis=1)

    for share in (0.5, 0.975):
        assert np.quantile(draw_noise(3.0, 2.0, draws=4_000), share) == pytest.approx(
            np.quantile(highest, share), rel=0.03
        )
