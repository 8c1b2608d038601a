"""One window of a circuit's response: aligned to its pulse, in V, from any recorder; else one sentence."""

from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.errors import InputError
from cbam_viz.signals.signal import Signal
from cbam_viz.signals.windows import Preparation, prepare_windows

PULSE = Preparation(1e6, 120, 120, scaling="none", start="pulse")


def response(volts, fs=1e6, **known):
    """A signal in V."""
    return Signal(volts, fs, "r.csv", unit="V", **known)


@pytest.mark.parametrize("fs", [1e6, 4e6, 7.3e6])
@pytest.mark.parametrize("delay", [0.0, 30e-6, 41.37e-6])
def test_one_window_begins_at_the_pulse(respond, fs, delay):
    """Whatever the rate and the delay, what is read is the response from the pulse on, at the network's rate."""
    windows = prepare_windows(response(respond(fs, 250e-6, delay), fs, pulse_s=delay), PULSE)
    assert windows.inputs.shape == (1, 120)
    np.testing.assert_allclose(windows.inputs[0], respond(1e6, 119e-6), atol=0.12)  # edges of 1 µs at 1 MHz


def test_a_pulse_that_nobody_tells_is_found(respond):
    """The same window, up to a little time, and what was done is said."""
    noise = 0.02 * np.random.default_rng(0).normal(size=1_001)
    windows = prepare_windows(response(0.7 + noise + respond(4e6, 250e-6, 50e-6), 4e6), PULSE)
    np.testing.assert_allclose(windows.inputs[0], respond(1e6, 119e-6), atol=0.5)
    assert "The pulse begins 5" in windows.notes[1] or "The pulse begins 49" in windows.notes[1]
    assert windows.notes[1].endswith("found where the response leaves its rest.")
    assert windows.notes[2].startswith("Its level before the pulse, 0.7 V, is taken away (noise there 0.0")


def test_the_axis_is_time_since_the_pulse():
    """In µs, from the lead on."""
    axis = replace(PULSE, fs=2e6, lead=4).axis
    assert (axis.title, axis.unit, axis.per_sample, axis.first) == ("time since the pulse", "µs", 0.5, -2.0)


@pytest.mark.parametrize("begin", [0, 30])
def test_a_lead_shows_the_rest_before_the_pulse(respond, begin):
    """So many samples before the pulse; where the recording has none, its level holds, and that is said."""
    windows = prepare_windows(
        response(respond(1e6, 200e-6, begin * 1e-6), pulse_s=begin * 1e-6), replace(PULSE, lead=5)
    )
    np.testing.assert_allclose(windows.inputs[0, :6], 0, atol=1e-9)
    np.testing.assert_allclose(windows.inputs[0, 5:], respond(1e6, 114e-6), atol=1e-5)
    assert any("before the recording are taken to be at rest" in note for note in windows.notes) == (begin == 0)


@pytest.mark.parametrize("fs", [2e6, 2.5e6])
def test_a_response_that_begins_with_its_recording_has_the_same_lead(fs):
    """At another rate a filter rings before a step; it does so in the rest, wherever the recording begins."""
    step = np.where(np.arange(400) > 0, -5.0 * np.exp(-np.arange(400) / fs / 20e-6), 0.0)
    late, early = (
        prepare_windows(response(np.pad(step, (rest, 0)), fs, pulse_s=rest / fs), replace(PULSE, lead=8)).inputs[0]
        for rest in (0, 100)
    )
    np.testing.assert_allclose(late, early, atol=1e-5)


def test_the_nominal_response_is_taken_away_in_a_scale(respond):
    """A network reads (measured - nominal) / scale; the nominal circuit itself is all zeros."""
    nominal = respond(1e6, 119e-6)
    preparation = replace(PULSE, nominal=tuple(nominal), volts_scale=0.5)
    alike, half = (
        prepare_windows(response(gain * respond(1e6, 130e-6), pulse_s=0.0), preparation).inputs[0] for gain in (1, 1.5)
    )
    np.testing.assert_allclose(alike, 0, atol=1e-6)
    np.testing.assert_allclose(half, nominal, atol=1e-5)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda volts: volts[:130],
            r"reads 120 µs from the pulse on, but r\.csv ends (?:79|80)\S* µs after it\. Record",
        ),
        (lambda volts: volts.clip(max=2.0), r"within the range of amplifier and recorder, but r\.csv stays at its ext"),
        (
            lambda volts: volts.clip(min=-0.4),
            r"within the range of amplifier and recorder, but r\.csv stays at its ext",
        ),
        (
            lambda volts: np.random.default_rng(0).normal(size=500),
            r"A response begins where it leaves its rest, but nothing in r\.csv stands out of its noise",
        ),
    ],
)
def test_what_is_no_whole_response_is_refused(respond, change, said):
    """Too short, cut at the top or below, or without a pulse: one sentence each."""
    with pytest.raises(InputError, match=said):
        prepare_windows(response(change(respond(1e6, 300e-6, 50e-6))), PULSE)


@pytest.mark.parametrize("unit", ["mV", "g", "A"])
def test_a_network_of_volts_reads_volts(respond, unit):
    """Another unit is refused with advice; none at all is read as V, and said."""
    signal = response(respond(1e6, 200e-6, 20e-6))
    with pytest.raises(InputError, match=rf"reads a response in V, but r\.csv is in {unit}\. Choose V"):
        prepare_windows(replace(signal, unit=unit), PULSE)
    assert (
        prepare_windows(replace(signal, unit=""), PULSE).notes[0] == "No unit is stated, so its numbers are read as V."
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": "here"},
        {"lead": -1},
        {"lead": 120},
        {"start": "anywhere", "lead": 2},
        {"volts_scale": 0.0},
        {"scaling": "window", "volts_scale": 2.0},
        {"nominal": (1.0, 2.0)},
        {"nominal": (float("nan"),) * 120},
    ],
)
def test_a_preparation_that_fits_nothing_is_refused(wrong):
    """A card with it can't be read."""
    with pytest.raises(ValueError, match=r"; got|needs the scaling"):
        replace(PULSE, **wrong)
