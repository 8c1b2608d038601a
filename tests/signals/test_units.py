"""One spelling for each unit, and conversion only inside a quantity."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbam_viz.errors import InputError
from cbam_viz.signals.units import QUANTITIES, UNITS, convert, normalise, readable


@pytest.mark.parametrize(
    ("unit", "spellings"),
    [
        ("g", ["g", "G", "gn", " g ", "g's", "g_n"]),
        ("m/s²", ["m/s^2", "m/s2", "m/s²", "ms-2", "m s^-2", "m·s⁻²", "m/s**2", "M/S^2", "m/s/s", "m/sec^2"]),
        ("V", ["V", "v", "volts", "Volt", "VOLT"]),
        ("mV", ["mV", "mv", "mVolt", "millivolts", "Millivolt"]),
    ],
)
def test_each_unit_has_one_spelling(unit, spellings):
    """However a recorder writes a unit, it is the same unit."""
    assert {normalise(spelling) for spelling in spellings} == {unit}


@pytest.mark.parametrize("unit", ["mm/s", "full scale", "Pa", "MV", "mg", "°C", ""])
def test_an_unknown_unit_stays(unit):
    """What is not known is not guessed at: a megavolt is no millivolt."""
    assert normalise(f" {unit} ") == unit


@given(unit=st.text(max_size=12))
@settings(derandomize=True)
def test_a_spelling_is_final(unit):
    """What was brought to its one spelling stays there."""
    assert normalise(normalise(unit)) == normalise(unit)


@given(rows=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20), unit=st.sampled_from(UNITS))
@settings(derandomize=True)
def test_there_and_back_is_the_same(rows, unit):
    """A conversion and its inverse leave the samples, beside rounding."""
    for other in next(sizes for sizes in QUANTITIES.values() if unit in sizes):
        there, name, _ = convert(np.array(rows), unit, other)
        back, again, _ = convert(there, name, unit)
        assert (name, again) == (other, unit)
        np.testing.assert_allclose(back, rows, rtol=1e-14, atol=1e-300)


@pytest.mark.parametrize(
    ("unit", "asked", "factor"), [("g", "m/s^2", 9.80665), ("mV", "volts", 1e-3), ("V", "mV", 1e3)]
)
def test_sizes_are_the_standard_ones(unit, asked, factor):
    """1 g is 9.80665 m/s² by definition, 1 V is 1000 mV; a note says what was done."""
    samples, name, notes = convert(np.array([2.0]), unit, asked)
    assert samples[0] == pytest.approx(2 * factor, rel=1e-15)
    assert notes == (f"Converted from {unit} to {name}.",)


def test_the_same_unit_changes_nothing():
    """Samples in the unit that is asked for, in any spelling, are the same samples, and nothing is noted."""
    samples = np.arange(3.0)
    for asked in ("m/s²", "ms-2", ""):
        same, name, notes = convert(samples, "m/s2", asked)
        assert same is samples
        assert (name, notes) == ("m/s²", ())


def test_samples_without_a_unit_take_any_known_one():
    """Where nobody knows the unit, a person names it: the numbers stay."""
    samples = np.arange(3.0)
    assert readable(" ") == UNITS
    for unit in UNITS:
        same, name, notes = convert(samples, "", unit)
        assert same is samples
        assert (name, notes) == (unit, ())


@pytest.mark.parametrize(("unit", "asked"), [("mV", "g"), ("full scale", "m/s²")])
def test_a_wrong_unit_can_be_corrected(unit, asked):
    """No factor leads from one quantity to another, so the numbers stay and take the unit; a note says so."""
    samples = np.arange(3.0)
    same, name, notes = convert(samples, unit, asked)

    assert same is samples
    assert name == asked
    assert notes == (f"The file says {unit}; its numbers are read as {asked}, as they stand.",)
    assert readable(unit)[0] == unit
    assert set(readable(unit)) == {unit, *UNITS}


def test_an_unknown_unit_is_no_answer():
    """What is asked for must be a unit that is known."""
    with pytest.raises(InputError) as caught:
        convert(np.arange(3.0), "g", "parsec")
    assert str(caught.value) == (
        "Samples may be read as g or m/s² or V or mV, but 'parsec' was asked for. "
        "Choose one of these, or leave the unit as it is."
    )
