"""The one preprocessing: what it keeps, what it removes, and where it cuts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cbam_viz.errors import InputError
from cbam_viz.signals.signal import Signal
from cbam_viz.signals.windows import Preparation, prepare_windows, resample

EDGE = 500  # samples at each end where a filter sees beyond the recording


def sine(hz, fs, seconds=1.0, phase=0.3):
    """A sine of amplitude 1."""
    return np.sin(2 * np.pi * hz * np.arange(round(seconds * fs)) / fs + phase)


def power(samples):
    """Mean square away from the ends."""
    return np.mean(samples[EDGE:-EDGE] ** 2)


@pytest.mark.parametrize("fs", [48_000, 48_828, 97_656, 25_600])
@pytest.mark.parametrize("hz", [35.0, 1_000.0, 4_000.0])
def test_a_sine_stays_where_it_was(fs, hz):
    """Resampling moves no sine in time: it equals the same sine sampled at the new rate."""
    samples, _ = resample(Signal(sine(hz, fs), fs, "sine"), Preparation(12_000, 2_048, 1_024))
    expected = sine(hz, 12_000, 2.0)[: len(samples)]
    # a ratio of whole numbers below 10,000 may miss the rate by 1e-8, which is nothing over 1 s
    np.testing.assert_allclose(samples[EDGE:-EDGE], expected[EDGE:-EDGE], atol=6e-3)


@pytest.mark.parametrize("hz", [8_000.0, 11_000.0, 20_000.0])
def test_a_tone_above_the_band_is_gone(hz):
    """A tone that the new rate cannot hold is removed by more than 60 dB, not folded into the band."""
    preparation = Preparation(12_000, 2_048, 1_024, lowpass_hz=5_000)
    windows = prepare_windows(Signal(sine(hz, 48_000), 48_000, "tone"), preparation)
    assert 10 * np.log10(power(windows.samples) / 0.5) < -60


def test_parseval_holds_inside_the_band():
    """The mean square in time equals the sum over the spectrum, and resampling keeps it for what lies in the band."""
    rng = np.random.default_rng(5)
    tones = sum(sine(hz, 48_000, phase=rng.uniform(0, 6)) for hz in (120, 700, 2_300, 4_100))
    samples, _ = resample(Signal(tones, 48_000, "tones"), Preparation(12_000, 2_048, 1_024))
    spectrum = np.abs(np.fft.fft(samples)) ** 2
    assert np.mean(samples**2) == pytest.approx(spectrum.sum() / len(samples) ** 2)
    assert power(samples) == pytest.approx(power(tones), rel=5e-3)
    assert power(samples) == pytest.approx(4 * 0.5, rel=5e-3)


def test_the_lowpass_delays_nothing():
    """The low-pass is symmetric: the peak of an impulse stays at its sample."""
    impulse = np.zeros(4_096)
    impulse[1_500] = 1
    windows = prepare_windows(Signal(impulse, 12_000, "impulse"), Preparation(12_000, 2_048, 1_024, lowpass_hz=3_000))
    assert np.argmax(windows.samples) == 1_500


def test_equal_rates_leave_the_samples_alone():
    """Where nothing has to be done nothing is done, and nothing is said."""
    signal = Signal(sine(50, 12_000), 12_000, "sine")
    samples, notes = resample(signal, Preparation(12_000, 2_048, 1_024))
    np.testing.assert_array_equal(samples, signal.samples)
    assert notes == ()


def test_resampling_is_said():
    """A person reads what was done to the signal."""
    _, notes = resample(Signal(sine(50, 48_000), 48_000, "sine"), Preparation(12_000, 2_048, 1_024))
    assert notes == ("Resampled from 48000 Hz to 12000 Hz with an anti-alias filter.",)


@given(st.integers(256, 3_000), st.integers(1, 400))
def test_windows_and_rest_make_the_signal(length, hop):
    """Every window is a stretch of the signal, one hop after the last; no more fit; the rest is counted."""
    samples = np.random.default_rng(length).normal(size=length)
    windows = prepare_windows(Signal(samples, 1_000, "noise"), Preparation(1_000, 256, hop))
    assert len(windows) == 1 + (length - 256) // hop
    assert windows.starts[-1] + 256 + windows.dropped == length
    assert windows.dropped < hop
    for index in {0, len(windows) // 2, len(windows) - 1}:
        np.testing.assert_array_equal(windows.measured(index), samples[index * hop : index * hop + 256])
        assert windows.start_s(index) == pytest.approx(index * hop / 1_000)


def test_dropped_samples_are_said():
    """A rest that is too short for a window is named in s."""
    windows = prepare_windows(Signal(sine(5, 1_000), 1_000, "sine"), Preparation(1_000, 300, 300))
    assert windows.notes == ("The last 0.100 s are too short for another window and are left out.",)


@given(st.floats(1e-3, 1e3), st.floats(-100, 100))
def test_scaling_forgets_gain_and_offset(gain, offset):
    """Scaled windows have mean 0 and standard deviation 1, whatever the gain and the offset of the recorder."""
    noise = np.random.default_rng(3).normal(size=1_024)
    preparation = Preparation(1_000, 256, 128)
    inputs = prepare_windows(Signal(offset + gain * noise, 1_000, "noise"), preparation).inputs
    np.testing.assert_allclose(inputs.mean(axis=1), 0, atol=1e-5)
    np.testing.assert_allclose(inputs.std(axis=1), 1, atol=1e-4)
    np.testing.assert_allclose(inputs, prepare_windows(Signal(noise, 1_000, "noise"), preparation).inputs, atol=1e-4)


@pytest.mark.parametrize("scaling", ["window", "none"])
@pytest.mark.parametrize(("level", "lowpass_hz"), [(0.0, None), (7.0, None), (7.0, 400.0)])
def test_a_window_in_which_nothing_moves_is_left_out(level, lowpass_hz, scaling):
    """Where a sensor stands still there is nothing to diagnose; the other windows keep their place, and it is said."""
    still = np.full(1_024, level)
    signal = Signal(np.r_[sine(50, 1_000, 0.256), still, sine(50, 1_000, 0.3)], 1_000, "loose plug")
    windows = prepare_windows(signal, Preparation(1_000, 256, 256, lowpass_hz, scaling))
    assert windows.starts.tolist() == [0, 1_280]  # also without those in which only the low-pass rings
    assert windows.inputs.shape == (len(windows), 256)
    assert np.ptp(windows.inputs, axis=1).min() > 0
    assert windows.dropped == 44
    assert windows.notes[1] == "4 windows in which nothing moves are left out."


@pytest.mark.parametrize("fs", [12_000, 25_600, 48_000, 48_828])
@pytest.mark.parametrize("level", [0.0, 7.0])
def test_a_sensor_that_stands_still_does_so_at_any_rate(fs, level):
    """The ripple with which an offset comes to another rate is no motion."""
    signal = Signal(np.r_[sine(50, fs), np.full(fs, level), sine(50, fs)], fs, "loose plug")
    windows = prepare_windows(signal, Preparation(12_207, 2_048, 2_048, lowpass_hz=5_000))
    first = windows.starts / 12_207
    assert not np.any((first > 1) & (first + 2_048 / 12_207 < 2))
    assert any("in which nothing moves are left out" in note for note in windows.notes)


def test_one_window_is_spoken_of_as_one():
    """The note on what is left out counts in good English."""
    signal = Signal(np.r_[np.zeros(256), sine(50, 1_000, 0.256)], 1_000, "late")
    windows = prepare_windows(signal, Preparation(1_000, 256, 256))
    assert windows.starts.tolist() == [256]
    assert windows.notes == ("1 window in which nothing moves is left out.",)


def test_a_signal_that_stands_still_in_every_window_is_refused():
    """What moves only in the rest after the last window gives no diagnosis."""
    signal = Signal(np.r_[np.full(512, 3.0), sine(50, 1_000, 0.1)], 1_000, "dead")
    with pytest.raises(
        InputError, match=r"A window needs motion, but in every window of dead the samples stand still\."
    ):
        prepare_windows(signal, Preparation(1_000, 256, 256))


def test_without_scaling_the_unit_stays():
    """``none`` gives the network the samples in their unit."""
    signal = Signal(3 * sine(50, 1_000), 1_000, "sine")
    windows = prepare_windows(signal, Preparation(1_000, 256, 256, scaling="none"))
    np.testing.assert_array_equal(windows.inputs[0], signal.samples[:256].astype(np.float32))


def test_a_band_that_was_not_recorded_is_not_invented():
    """A signal below twice the network's upper edge is refused."""
    signal = Signal(sine(50, 6_000), 6_000, "slow")
    with pytest.raises(
        InputError, match=r"up to 6000 Hz, which needs a sampling rate of at least 12000 Hz, but .* 6000 Hz"
    ):
        prepare_windows(signal, Preparation(12_000, 2_048, 1_024))


@pytest.mark.parametrize(("fs", "needed"), [(10_000, "12000"), (11_999, "12000"), (11_999.99, "12000")])
def test_a_higher_rate_needs_room_for_its_filter(fs, needed):
    """Below 2.4 times the upper edge the filter of a higher rate lets images through: refused, with that rate."""
    preparation = Preparation(12_207, 2_048, 1_024, lowpass_hz=5_000)
    with pytest.raises(InputError, match=rf"up to 5000 Hz, which needs a sampling rate of at least {needed} Hz, but"):
        prepare_windows(Signal(sine(50, fs), fs, "slow"), preparation)


@pytest.mark.parametrize("hz", [3_000.0, 4_500.0])
def test_a_higher_rate_creates_no_image(hz):
    """From 2.4 times the upper edge a tone of the band stays alone: its images are more than 50 dB below it."""
    preparation = Preparation(12_207, 2_048, 1_024, lowpass_hz=5_000)
    samples = prepare_windows(Signal(sine(hz, 12_000), 12_000, "tone"), preparation).samples[EDGE:-EDGE]
    spectrum = np.abs(np.fft.rfft(samples * np.blackman(len(samples)))) ** 2
    away = np.abs(np.fft.rfftfreq(len(samples), 1 / 12_207) - hz) > 100
    assert spectrum[away].max() < 1e-5 * spectrum.max()


@pytest.mark.parametrize("fs", [12_000, 10_001])
def test_the_networks_own_rate_and_a_higher_one_need_no_room(fs):
    """Only a signal that must be brought to a higher rate needs more than twice the upper edge."""
    windows = prepare_windows(Signal(sine(50, 12_000), 12_000, "sine"), Preparation(fs, 2_048, 1_024, lowpass_hz=5_000))
    assert len(windows) > 1


@pytest.mark.parametrize("fs", [1e8, 2.5e7 + 1, 1_234_567.0])
def test_a_very_high_rate_is_brought_down_exactly(fs):
    """Far above the network's rate a slow sine still stays where it was, by 1e-6 of its length."""
    preparation = Preparation(12_207, 64, 64)
    samples, _ = resample(Signal(sine(1_000, fs, 0.02), fs, "fast"), preparation)
    expected = sine(1_000, 12_207, 0.04)[: len(samples)]
    np.testing.assert_allclose(samples[50:-50], expected[50:-50], atol=2e-3)


def test_rates_are_said_with_all_their_digits():
    """97656.25 Hz is not 97656.2 Hz."""
    _, notes = resample(Signal(sine(50, 97_656.25), 97_656.25, "sine"), Preparation(12_207.03, 2_048, 1_024))
    assert notes == ("Resampled from 97656.25 Hz to 12207.03 Hz with an anti-alias filter.",)


def test_a_signal_shorter_than_a_window_is_refused():
    """There must be at least one window."""
    with pytest.raises(InputError, match=r"windows of 2048 samples at 12000 Hz \(0\.171 s\), but short lasts 0\.100 s"):
        prepare_windows(Signal(sine(50, 12_000, 0.1), 12_000, "short"), Preparation(12_000, 2_048, 1_024))


def test_the_axis_is_time_in_ms():
    """At 12 kHz a sample is a twelfth of a millisecond."""
    axis = Preparation(12_000, 2_048, 1_024).axis
    assert (axis.title, axis.unit) == ("time in the window", "ms")
    assert 12 * axis.per_sample == pytest.approx(1)


def test_an_offset_of_the_sensor_changes_no_window():
    """Neither filter sees a step where a recording with an offset begins or ends."""
    noise = np.random.default_rng(4).normal(size=20_000)
    preparation = Preparation(12_000, 1_024, 1_024, lowpass_hz=5_000)
    plain, offset = (
        prepare_windows(Signal(noise + level, 48_000, "noise"), preparation).inputs for level in (0.0, 1_000.0)
    )
    np.testing.assert_allclose(offset, plain, atol=1e-3)
