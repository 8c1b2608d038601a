"""Uneven times come to an even grid between whose values nothing is lost and nothing folds; lost samples do not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbam_viz.errors import InputError
from cbam_viz.signals.readers import list_channels, read_signal
from cbam_viz.signals.readers.uneven import even_grid
from cbam_viz.signals.windows import Preparation, prepare_windows


def response(times, pulse=20e-6):
    """A damped 26 kHz oscillation from the pulse on, smooth at its begin."""
    since = np.maximum(times - pulse, 0)
    return 3 * np.exp(-since / 20e-6) * np.sin(2 * np.pi * 26e3 * since) * (1 - np.exp(-since / 1e-6))


def write(path, times, volts, head="time\tV(out)"):
    """A table as LTspice exports it."""
    rows = "".join(f"{time:.15e}\t{value:.15e}\n" for time, value in zip(times, volts, strict=True))
    path.write_text(f"{head}\n{rows}", encoding="utf-8")
    return path


@given(seed=st.integers(0, 10_000), finest=st.floats(0.02e-6, 0.2e-6), spread=st.floats(2, 10))
@settings(max_examples=30, derandomize=True)
def test_a_response_on_a_random_grid_comes_back(tmp_path_factory, seed, finest, spread):
    """Written on any grid of steps up to 0.6 µs, a response comes back within what its curvature allows."""
    steps = np.random.default_rng(seed).uniform(finest, min(spread * finest, 0.6e-6), 4_000)
    times = np.cumsum(steps)
    times = times[times < 200e-6]
    path = write(tmp_path_factory.mktemp("grid") / "x.txt", times, response(times))
    (listed,), signal = list_channels(path), read_signal(path)
    assert (listed.samples, listed.fs, listed.unit) == (len(signal.samples), signal.fs, "V")
    places = times[0] + np.arange(len(signal.samples)) / signal.fs
    coarsest = np.diff(times).max()
    allowed = 2 * 3 * (2 * np.pi * 40e3) ** 2 * coarsest**2 / 8 + 0.02  # a straight line's error, twice
    inside = slice(2, -2)
    np.testing.assert_allclose(signal.samples[inside], response(places)[inside], atol=allowed)
    assert signal.fs >= 0.9 / np.quantile(np.diff(times), 0.06)
    assert "uneven" in signal.notes[0]
    assert "monotone cubic interpolation, each value the mean over a step of that grid" in signal.notes[0]


def test_steps_below_the_grid_do_not_fold():
    """A tone far above the grid, written in a burst of dense steps, leaves next to nothing on the grid."""
    dense = 50e-6 + np.arange(149) * 2e-9  # ends where the tone is 0
    times = np.unique(np.r_[np.arange(0, 50e-6, 1e-7), dense, np.arange(dense[-1] + 1e-7, 400e-6, 1e-7)])
    grid = even_grid(times)
    tone = np.where((times >= dense[0]) & (times <= dense[-1]), np.sin(2 * np.pi * 125e6 * (times - dense[0])), 0)
    assert grid.fs < 50e6
    assert np.abs(tone).max() > 0.99
    assert np.abs(grid.fill(tone)).max() < 0.1


def test_what_is_constant_stays_constant():
    """The mean over a step of a level is the level, also at both ends."""
    times = np.cumsum(np.random.default_rng(1).uniform(1e-3, 5e-3, 300))
    np.testing.assert_allclose(even_grid(times).fill(np.full(300, 2.5)), 2.5, rtol=1e-9)


def test_a_time_that_is_written_twice_is_a_jump(tmp_path):
    """LTspice writes the values before and after a step at one time: the grid goes through the middle."""
    times = np.cumsum(np.random.default_rng(2).uniform(1e-7, 4e-7, 400))
    times[200] = times[199]
    volts = np.where(np.arange(400) < 200, 0.0, 1.0)
    samples = read_signal(write(tmp_path / "x.txt", times, volts)).samples
    assert (samples[0], samples[-1]) == (pytest.approx(0, abs=1e-9), pytest.approx(1))
    assert np.all(np.diff(samples) > -1e-9)


def test_a_missing_value_stays_missing_beside_it():
    """No value is invented where one is missing."""
    times = np.cumsum(np.random.default_rng(2).uniform(1e-3, 5e-3, 100))
    values = np.ones(100)
    values[50] = np.nan
    filled = even_grid(times).fill(values)
    places = times[0] + np.arange(len(filled)) / even_grid(times).fs
    np.testing.assert_array_equal(np.isnan(filled), (places > times[49]) & (places < times[51]))


@pytest.mark.parametrize(
    "times",
    [
        np.delete(np.arange(100.0), [30, 31, 60]),
        np.r_[0:50.0, 49:100.0],
        np.zeros(50),
        np.repeat(np.arange(50.0), 3),
        np.array([0.0, np.nan, 2.0, 5.0]),
        np.array([1.0]),
        np.array([0, 1e4, 3e4, 1e5]),
    ],
)
def test_other_times_have_no_grid(times):
    """Lost samples, times that run back, stand, miss digits, are missing, single, or slower than any recorder."""
    assert even_grid(times) is None


def test_times_that_run_back_are_told_where(tmp_path):
    """One sentence with the place."""
    times = np.r_[np.arange(50) * 1e-6, 20e-6, np.arange(51, 90) * 1e-6]
    with pytest.raises(InputError, match=r"Its times go backwards, from 0\.049 to 0\.02 ms at sample 50, so they give"):
        read_signal(write(tmp_path / "x.txt", times, response(times)))


def test_a_table_without_an_output_is_told_so(tmp_path):
    """Times alone are no response."""
    path = tmp_path / "x.txt"
    path.write_text("time\n" + "\n".join(map(str, range(50))))
    with pytest.raises(InputError, match=r"at least one column of samples, but x\.txt holds only 50 times\. Write the"):
        list_channels(path)


@pytest.mark.parametrize(
    "text",
    [
        "frequency,dB,phase\n" + "".join(f"{10 * 1.1**n},{-n},{n}\n" for n in range(50)),
        "Frequency (Hz)\tGain (dB)\tPhase (deg)\n" + "".join(f"{10 * 1.1**n}\t{-n}\t{n}\n" for n in range(50)),
        "Freq.\tV(out)\n" + "".join(f"{10 * 1.1**n}\t({-n}dB,{n}°)\n" for n in range(50)),
    ],
)
def test_a_frequency_response_is_none_over_time(tmp_path, text):
    """A Bode table, of numbers or as LTspice writes it, is told to be one."""
    (tmp_path / "bode.txt").write_text(text, encoding="latin-1")
    with pytest.raises(
        InputError, match=r"but bode\.txt holds a series over frequency: this is a frequency response, not a pulse resp"
    ):
        list_channels(tmp_path / "bode.txt")


@pytest.mark.parametrize(
    ("word", "name", "unit"),
    [
        ("V(out)", "V(out)", "V"),
        ("I(R1)", "I(R1)", "A"),
        ("V(N001,N002)", "V(N001,N002)", "V"),
        ("V1(R2)", "V1(R2)", "V"),
        ("V(mV)", "V", "mV"),
        ("v (m/s)", "v", "m/s"),
        ("A (g)", "A", "g"),
    ],
)
def test_a_simulators_trace_is_no_unit(tmp_path, word, name, unit):
    """A node or a part in brackets is no unit, a unit is."""
    times = np.arange(50) * 1e-6
    (channel,) = list_channels(write(tmp_path / "x.txt", times, response(times), f"time\t{word}"))
    assert (channel.name, channel.unit) == (name, unit)


def test_an_oscilloscopes_export_is_read_to_one_window(tmp_path):
    """Header, units and a negative time before the trigger, from file to what a network reads."""
    times = np.arange(-500, 2_500) * 1e-7
    volts = 0.3 + response(times, 0.0) + 0.02 * np.random.default_rng(0).normal(size=len(times))
    rows = "".join(f"{time:.7e},{value:.4f}\n" for time, value in zip(times, volts, strict=True))
    path = tmp_path / "scope.csv"
    path.write_text(f"Record Length,3000\nSample Interval,1.0e-07\nTIME,CH1\ns,V\n{rows}")
    windows = prepare_windows(read_signal(path), Preparation(1e6, 120, 120, scaling="none", start="pulse"))
    np.testing.assert_allclose(windows.inputs[0], response(np.arange(120) * 1e-6, 0.0), atol=0.7)
    assert windows.starts[0] == pytest.approx(50, abs=1)
