"""Rates and units are found under the names in common use, the closest first."""

import pytest

from cbam_viz.signals.readers.columns import name_and_unit
from cbam_viz.signals.readers.stated import scopes_of, state, stated_rate, stated_unit
from cbam_viz.signals.signal import Channel


@pytest.mark.parametrize("name", ["fs", "FS", "Fs_Hz", "fs [Hz]", "sampling_rate", "Sample Rate", "samplingFrequency"])
def test_a_rate_has_many_names(name):
    """Letters and digits alone count, in any case, with the unit or without."""
    assert stated_rate([{name: 25_600.0}]) == stated_rate([{name: "25600"}]) == 25_600


@pytest.mark.parametrize("name", ["dt", "wf_increment", "time step", "SamplingInterval"])
def test_a_step_is_a_rate_turned_over(name):
    """One over a step in s is the rate in Hz."""
    assert stated_rate([{name: 0.001}]) == 1_000


@pytest.mark.parametrize(
    "values", [{"fs_kHz": 20.0}, {"fs": 20.0, "Fs unit": "kHz"}, {"dt (us)": 50.0}, {"dt_s": 5e-5}]
)
def test_rates_and_steps_have_units(values):
    """The unit ends the name or stands beside it."""
    assert stated_rate([values]) == pytest.approx(20_000, rel=1e-12)


def test_an_unknown_unit_leaves_the_rate_open():
    """A rate in a unit that is not known is none, and a number of time steps is no step in s."""
    assert stated_rate([{"fs": 20.0, "fs_unit": "parsec"}]) is None
    assert stated_rate([{"time_steps": 1_000.0}]) is None


def test_the_closest_scope_wins():
    """Scopes are asked in order; one that states nothing, or no number, is passed over."""
    assert stated_rate([{}, {"fs": "unknown"}, {"dt": 0.5}, {"fs": 7.0}]) == 2
    assert stated_unit([{}, {"unit": " "}, {"Units": "g"}, {"unit": "V"}]) == "g"
    assert stated_rate([{"gain": 3.0}, {}]) is None
    assert stated_unit([]) == ""


def test_numbered_names_are_no_rate_of_all():
    """Rates of two channels state none of both, and one that is no rate is passed over."""
    assert stated_rate([{"fs1": 10_000.0, "fs2": 500.0}]) is None
    assert stated_rate([{"fs": 0.0}, {"fs": 1_000.0}]) == 1_000


def test_a_struct_states_what_lies_in_it():
    """A channel ``run.acc`` is told by what stands in ``run``, then by what stands beside it."""
    values = {"run.fs": 10.0, "fs": 20.0, "run.deep.fs": 30.0}

    assert stated_rate(scopes_of("run.acc", values)) == 10
    assert stated_rate(scopes_of("run.deep.acc", values)) == 30
    assert stated_rate(scopes_of("acc", values)) == stated_rate(scopes_of("other.acc", values)) == 20


def test_a_rate_wins_over_a_step_beside_it():
    """A rate needs no division."""
    assert stated_rate([{"dt": 0.1, "fs": 11.0}]) == 11


def test_the_marks_of_a_public_recording_win():
    """Who is recognised is not asked again; who is not keeps what nobody states."""
    known = Channel("x", 3, 12_000, "g", note="CWRU record 105.")
    assert state(known, [{"fs": 1.0, "unit": "V"}]) is known
    assert state(Channel("x", 3, 5.0, "g"), [{}]) == Channel("x", 3, 5.0, "g")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("acc [m/s²]", ("acc", "m/s²")), ("acc(g)", ("acc", "g")), ("acc", ("acc", "")), ("[g]", ("", "g"))],
)
def test_a_unit_stands_in_brackets_behind_a_name(name, expected):
    """Heads of columns carry units in brackets of either kind."""
    assert name_and_unit(name) == expected
