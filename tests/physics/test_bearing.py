"""Kinematics of rolling bearings: identities, the published tables, and what is no bearing."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cbam_viz.errors import InputError
from cbam_viz.physics.bearing import BEARINGS, NICE, SKF_6203, SKF_6205, Bearing, check_shaft, read_bearing

geometries = st.builds(
    Bearing.from_geometry,
    name=st.just("any"),
    balls=st.integers(3, 40),
    ball_diameter=st.floats(0.05, 0.5),
    pitch_diameter=st.floats(0.6, 5),
    contact_angle=st.floats(0, 1.2),
)


@given(geometries, st.floats(0.1, 500))
def test_races_share_the_balls(bearing, shaft_hz):
    """BPFO = n FTF, BPFI = n (shaft - FTF), and so BPFO + BPFI = n shaft."""
    assert bearing.bpfo(shaft_hz) == pytest.approx(bearing.balls * bearing.ftf(shaft_hz))
    assert bearing.bpfi(shaft_hz) == pytest.approx(bearing.balls * (shaft_hz - bearing.ftf(shaft_hz)))
    assert bearing.bpfo(shaft_hz) + bearing.bpfi(shaft_hz) == pytest.approx(bearing.balls * shaft_hz)


@given(geometries, st.floats(0.1, 500))
def test_a_ball_rolls_on_both_races(bearing, shaft_hz):
    """Seen from the cage a ball rolls on the inner race without slip: BSF = (shaft - FTF) (D - d) / d."""
    flat = Bearing.from_geometry("flat", balls=8, ball_diameter=0.2, pitch_diameter=1.0)
    assert flat.bsf(shaft_hz) == pytest.approx((shaft_hz - flat.ftf(shaft_hz)) * (1.0 - 0.2) / 0.2)
    assert bearing.bsf(2 * shaft_hz) == pytest.approx(2 * bearing.bsf(shaft_hz))


@given(geometries)
def test_the_cage_is_slower_than_half_the_shaft(bearing):
    """The cage turns at less than half the shaft speed, and the inner race is struck more often than the outer."""
    assert 0 < bearing.order_ftf < 0.5
    assert bearing.order_bpfo < bearing.balls / 2 < bearing.order_bpfi


@pytest.mark.parametrize(
    ("bearing", "bpfo", "bpfi", "ftf", "bsf"),
    [
        (SKF_6205, 3.5848, 5.4152, 0.3983, 2.3567),
        (SKF_6203, 3.0531, 4.9469, 0.3816, 1.9938),
        (NICE, 3.245, 4.755, 0.4056, 2.5546),
    ],
)
def test_the_published_orders_come_out(bearing, bpfo, bpfi, ftf, bsf):
    """The geometries give the published fault orders of the public data sets."""
    orders = (bearing.order_bpfo, bearing.order_bpfi, bearing.order_ftf, bearing.order_bsf)
    assert orders == pytest.approx((bpfo, bpfi, ftf, bsf), abs=1.5e-4)


def test_the_files_of_mfpt_agree_but_for_the_cage():
    """At 25 Hz the geometry gives the BPFO, BPFI and BSF that MFPT's files carry, but not their FTF of 14.84 Hz."""
    assert NICE.bpfo(25) == pytest.approx(81.125, rel=1e-4)
    assert NICE.bpfi(25) == pytest.approx(118.875, rel=1e-4)
    assert NICE.bsf(25) == pytest.approx(63.91, rel=1e-3)
    assert NICE.ftf(25) == pytest.approx(10.14, abs=0.01)
    assert 25 - NICE.ftf(25) == pytest.approx(14.84, abs=0.03)


def test_a_ball_is_heard_twice_a_turn():
    """A damaged ball strikes both races, so its line is 2 x BSF; the other parts are heard at their own frequency."""
    assert SKF_6205.fault_line("ball", 30) == ("2×BSF", pytest.approx(4.7134 * 30, rel=1e-4))
    assert SKF_6205.fault_line("outer", 30) == ("BPFO", SKF_6205.bpfo(30))
    assert SKF_6205.fault_line("inner", 30) == ("BPFI", SKF_6205.bpfi(30))
    assert SKF_6205.fault_line("cage", 30) == ("FTF", SKF_6205.ftf(30))


@pytest.mark.parametrize("name", BEARINGS)
def test_a_bearing_is_known_by_name(name):
    """Name, in any case and with spaces round it, is enough for a known bearing."""
    assert read_bearing(f" {name.lower()} ") == BEARINGS[name]


def test_orders_are_taken_as_they_are():
    """A person who knows only the orders gives those."""
    bearing = read_bearing("bpfo=3.58; bpfi=5.42; bsf=2.36; ftf=0.40")
    assert bearing == Bearing("own orders", 3.58, 5.42, 2.36, 0.40)


def test_a_geometry_gives_the_orders_of_the_same_bearing():
    """Both diameters in mm and the angle in degrees give the orders that inches give."""
    bearing = read_bearing("balls=9;ball=7.94004;pitch=39.0398;angle=0")
    assert bearing.order_bpfi == pytest.approx(SKF_6205.order_bpfi)
    tilted = read_bearing("balls=9;ball=7.94004;pitch=39.0398;angle=60")
    assert 9 / 2 - tilted.order_bpfo == pytest.approx((9 / 2 - bearing.order_bpfo) * math.cos(math.radians(60)))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is none of these"),
        ("6206", "is none of these"),
        ("bpfo=3.58", "lacks bpfi, bsf, ftf"),
        ("bpfo=3,58;bpfi=5;bsf=2;ftf=0.4", "holds '3,58', which is no number with a decimal point"),
        ("bpfo=a;bpfi=5;bsf=2;ftf=0.4", "holds 'a', which is no number"),
        ("bpfo=0;bpfi=5;bsf=2;ftf=0.4", "holds 0, which is not above 0"),
        ("bpfo=nan;bpfi=5;bsf=2;ftf=0.4", "holds nan, which is not above 0"),
        ("bpfo=-1;bpfi=5;bsf=2;ftf=0.4", "holds -1, which is not above 0"),
        ("balls=9;ball=7.9", "lacks pitch"),
        ("balls=9.5;ball=7.9;pitch=39", "has 9.5 balls, which is no whole number"),
        ("balls=0;ball=7.9;pitch=39", "holds 0, which is not above 0"),
        ("balls=9;ball=39;pitch=7.9", "has balls of 39, which is not below the pitch of 7.9"),
        ("balls=9;ball=7.9;pitch=39;angle=90", "has an angle of 90, which is not below 90"),
        ("balls=9;ball=7.9;pitch=39;colour=3", "has colour besides"),
        ("=", "holds '', which is no number"),
        (";;", "holds '', which is none of these"),
        ("balls=9;ball=inf;pitch=inf", "holds inf, which is not above 0"),
    ],
)
def test_what_is_no_bearing_is_refused(text, reason):
    """A bearing is a known name, four orders or a possible geometry; the message names the part that is none."""
    with pytest.raises(
        InputError, match=r"A bearing is one of 6205, 6203, NICE, 6205 simulated, its fault orders "
    ) as refused:
        read_bearing(text)
    assert f"but {text!r} " in str(refused.value)
    assert reason in str(refused.value)


@pytest.mark.parametrize("speed", [0.0, -1.0, 10_001.0, float("nan")])
def test_no_shaft_has_such_a_speed(speed):
    """A speed is above 0 and at most 10 kHz."""
    with pytest.raises(InputError, match="A shaft speed lies between 0 and 10000 Hz"):
        check_shaft(speed)
