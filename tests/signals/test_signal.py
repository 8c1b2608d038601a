"""What is a signal, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cbam_viz.errors import InputError
from cbam_viz.signals.signal import Signal, interpolate_gaps

SINE = np.sin(np.arange(240) / 10)


def test_duration_is_samples_over_rate():
    """240 samples at 12 kHz last 20 ms."""
    assert Signal(SINE, 12_000, "sine").duration == pytest.approx(0.020)


def test_digest_is_equal_for_equal_signals_only():
    """Equal samples and rate give one digest; one changed sample or another rate gives another."""
    signal = Signal(SINE, 12_000, "sine")
    changed = SINE.copy()
    changed[100] = np.nextafter(changed[100], 2)
    assert signal.digest == Signal(SINE.copy(), 12_000.0, "another name").digest
    assert signal.digest != Signal(changed, 12_000, "sine").digest
    assert signal.digest != Signal(SINE, 12_001, "sine").digest


@pytest.mark.parametrize("fs", [0, -12_000, 0.5, 1e9, float("nan"), float("inf")])
def test_absurd_rates_are_refused(fs):
    """A rate lies between 1 Hz and 100 MHz."""
    with pytest.raises(InputError, match=r"A sampling rate lies between 1 Hz and 100 MHz, but .* Hz was given\."):
        Signal(SINE, fs, "sine")


def test_what_is_no_row_is_refused():
    """A signal has one dimension."""
    with pytest.raises(InputError, match=r"one row of samples, but plane has the shape \(240, 1\)"):
        Signal(SINE[:, None], 100, "plane")


def test_an_empty_row_is_refused():
    """A signal holds samples."""
    with pytest.raises(InputError, match="A signal needs samples, but nothing holds none"):
        Signal(np.array([]), 100, "nothing")


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_the_first_sample_that_is_no_number_is_named(bad):
    """Every sample is finite; the message counts those that are not and says where the first is."""
    samples = SINE.copy()
    samples[[7, 9]] = bad
    with pytest.raises(InputError, match=r"holds 2 that are not \(NaN or Inf\), the first at sample 7"):
        Signal(samples, 100, "gaps")


def test_a_constant_is_refused():
    """A signal varies."""
    with pytest.raises(InputError, match="all 50 samples of dead are 3"):
        Signal(np.full(50, 3.0), 100, "dead")


@pytest.mark.parametrize("size", [1e101, 1e300, 1.7e308, 1e-101, 1e-200])
def test_samples_that_can_not_be_squared_are_refused(size):
    """Powers and spreads of a signal neither overflow nor vanish."""
    with pytest.raises(
        InputError, match=r"lies between 1e-100 and 1e\+100, but that of huge is .*\. Check how the file"
    ):
        Signal(size * SINE / np.abs(SINE).max(), 100, "huge")


@pytest.mark.parametrize("size", [1e-99, 1e99])
def test_any_unit_is_a_unit(size):
    """The size of the samples does not matter as long as numbers hold it."""
    assert Signal(size * SINE, 100, "x").fs == 100


@given(
    st.floats(-5, 5),
    st.floats(-5, 5),
    st.integers(1, 20),
    st.integers(1, 10),
    st.sampled_from([np.nan, np.inf, -np.inf]),
)
def test_a_bridge_is_a_straight_line(offset, slope, start, length, bad):
    """Samples taken out of a straight line come back as they were."""
    line = offset + slope * np.arange(40.0)
    holed = line.copy()
    holed[start : start + length] = bad
    repaired, count = interpolate_gaps(holed)
    assert count == length
    np.testing.assert_allclose(repaired, line, atol=1e-9)


def test_a_whole_signal_needs_no_bridge():
    """Nothing is replaced where nothing is missing."""
    repaired, count = interpolate_gaps(SINE)
    assert count == 0
    np.testing.assert_array_equal(repaired, SINE)


def test_a_long_gap_is_not_invented():
    """A gap of 11 samples is longer than the 10 that may be bridged."""
    samples = SINE.copy()
    samples[20:31] = np.nan
    with pytest.raises(InputError, match=r"gaps of at most 10 samples .* there is one of up to 11 samples"):
        interpolate_gaps(samples)


@pytest.mark.parametrize("edge", [0, -1])
def test_an_end_has_only_one_neighbour(edge):
    """A gap at an end of the recording cannot be bridged."""
    samples = SINE.copy()
    samples[edge] = np.nan
    with pytest.raises(InputError, match="there is one at an end of the recording"):
        interpolate_gaps(samples)


def test_nothing_but_gaps_is_refused():
    """Without one finite sample there is no signal."""
    with pytest.raises(InputError, match="every one is NaN or Inf"):
        interpolate_gaps(np.full(5, np.nan))


def test_origin_names_file_and_channel():
    """A person reads where a signal came from: its file, and its channel where it has one."""
    samples = np.array([0.0, 1.0])
    assert Signal(samples, 10.0, "pump.csv", "x").origin == "pump.csv, x"
    assert Signal(samples, 10.0, "pump.csv").origin == "pump.csv"
