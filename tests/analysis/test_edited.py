"""What each edit does to a window, measured on the window."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import signal as dsp

from cbam_viz.analysis.edited import edit_window
from cbam_viz.analysis.edits import read_edits
from cbam_viz.errors import InputError
from cbam_viz.signals.signal import Signal
from cbam_viz.signals.windows import Preparation, prepare_windows

FS, SIZE = 12_000.0, 2048


@pytest.fixture(scope="module")
def windows():
    """Ten windows of noise with an offset, as a network prepares them; one impact is known in the sixth."""
    samples = 3 + np.random.default_rng(0).normal(size=10 * SIZE)
    signal = Signal(samples, FS, "noise", impacts=(5 * SIZE + 600.0,))
    return prepare_windows(signal, Preparation(FS, SIZE, SIZE, 5000.0))


def sines(*hertz):
    """Ten windows of sines."""
    time = np.arange(10 * SIZE) / FS
    samples = sum(np.sin(2 * np.pi * each * time) for each in hertz)
    return prepare_windows(Signal(samples, FS, "sines"), Preparation(FS, SIZE, SIZE, 5000.0))


def edited(windows, text, window=5):
    """The window's samples after the edits."""
    return edit_window(windows, window, read_edits(text)).measured(0)


def test_without_edits_it_is_the_window(windows):
    """Bit for bit, in its own unit and as the network reads it, at the ends of the recording too."""
    for window in (0, 5, 9):
        same = edit_window(windows, window, read_edits("flatten:1"))
        np.testing.assert_array_equal(same.measured(0), windows.measured(window))
        np.testing.assert_array_equal(same.inputs, windows.cut(slice(window, window + 1)))


def test_the_recording_is_left_alone(windows):
    """Whatever was done, the recording holds what it held."""
    before = windows.samples.copy()
    edited(windows, "mask:10-20;notch:100-900;noise:3;shift:4;scale:5;resample:1.1")

    np.testing.assert_array_equal(windows.samples, before)


def test_a_mask_holds_the_mean_and_nothing_else_changes(windows):
    """From 10 to 20 ms stands the window's mean; all around it is as it was."""
    after, before, span = edited(windows, "mask:10-20"), windows.measured(5), slice(120, 240)

    assert set(after[span]) == {before.mean()}
    np.testing.assert_array_equal(np.delete(after, np.r_[span]), np.delete(before, np.r_[span]))


def test_a_notch_takes_its_band_out(windows):
    """More than 40 dB of what lies between the edges, and nothing at a distance from them."""
    before, after = (
        dsp.welch(each, FS, nperseg=512)[1] for each in (windows.measured(5), edited(windows, "notch:2000-2600"))
    )
    hertz = np.fft.rfftfreq(512, 1 / FS)
    inside, far = (hertz > 2030) & (hertz < 2570), (hertz < 1800) | ((hertz > 2800) & (hertz < 4500))

    assert before[inside].sum() / after[inside].sum() > 1e4
    np.testing.assert_allclose(after[far][1:], before[far][1:], rtol=0.1)


@pytest.mark.parametrize("hertz", [1010.0, 1500.0, 1990.0])
def test_a_sine_in_the_band_falls_by_40_db(hertz):
    """Also close to the edges of the band."""
    tones = sines(hertz)

    assert edited(tones, "notch:1000-2000").std() < tones.measured(5).std() / 100


def test_noise_has_the_power_that_was_asked_for(windows):
    """Power of what moves in the window over that of what was added, exactly, whatever the offset."""
    before = windows.measured(5)
    for decibel in (-10, 0, 17.5):
        added = edited(windows, f"noise:{decibel}:3") - before
        assert 10 * np.log10(before.var() / added.var()) == pytest.approx(decibel, abs=1e-9)
        assert np.mean(added**2) == pytest.approx(added.var(), rel=1e-6)


def test_a_seed_is_a_draw(windows):
    """The same seed gives the same noise, another one gives other noise; it lies in the network's band."""
    one = edited(windows, "noise:0:1") - windows.measured(5)
    spectrum = np.abs(np.fft.rfft(one * np.hanning(SIZE))) ** 2

    np.testing.assert_array_equal(one, edited(windows, "noise:0:1") - windows.measured(5))
    assert abs(np.corrcoef(one, edited(windows, "noise:0:2") - windows.measured(5))[0, 1]) < 0.1
    assert spectrum[int(5300 / FS * SIZE) :].sum() < 1e-3 * spectrum.sum()


def test_a_shift_brings_in_the_neighbours(windows):
    """Later by 10 ms is the recording from 120 samples earlier, whose impact is then 120 samples later."""
    start = int(windows.starts[5])
    for shift, by in (("10", 120), ("-10", -120)):
        after = edit_window(windows, 5, read_edits(f"shift:{shift}"))
        np.testing.assert_array_equal(after.measured(0), windows.samples[start - by : start - by + SIZE])
        assert after.impacts_in(0) == pytest.approx([600 + by])


def test_there_and_back_is_where_it_was(windows):
    """Two shifts that cancel, or a scale and its inverse, leave the window as it is."""
    for text in ("shift:10;shift:-10", "scale:4;scale:0.25"):
        np.testing.assert_array_equal(edited(windows, text), windows.measured(5))


def test_a_scale_is_undone_by_the_preparation(windows):
    """A network that scales each window reads the same; one that does not reads twice as much."""
    twice = read_edits("scale:2")
    np.testing.assert_array_equal(edit_window(windows, 5, twice).inputs, windows.cut(slice(5, 6)))

    plain = replace(windows, preparation=replace(windows.preparation, scaling="none"))
    np.testing.assert_array_equal(edit_window(plain, 5, twice).inputs, 2 * plain.cut(slice(5, 6)))


@pytest.mark.parametrize("speed", [1.02, 0.9, 1.5])
def test_a_speed_moves_every_frequency(speed):
    """A sine at f becomes one at speed × f, in phase at the middle of the window."""
    tones, middle = sines(1000.0), 5 * SIZE + SIZE // 2
    time = (np.arange(SIZE) - SIZE // 2) / FS
    expected = np.sin(2 * np.pi * 1000 * (speed * time + middle / FS))

    np.testing.assert_allclose(edited(tones, f"resample:{speed}"), expected, atol=0.02)


def test_a_speed_aliases_nothing():
    """A sine that would come to lie beyond half the rate is gone."""
    assert edited(sines(4500.0, 500.0), "resample:2").std() == pytest.approx(np.sqrt(0.5), rel=0.02)


def test_a_speed_moves_the_impacts(windows):
    """About the middle of the window: sample 600 of 2048 comes to lie at 1024 - 424 / 2."""
    assert edit_window(windows, 5, read_edits("resample:2")).impacts_in(0) == pytest.approx([1024 - 424 / 2])


def test_edits_are_made_in_their_order(windows):
    """A mask moves with a shift that comes after it, and not with one before it."""
    first, then = edited(windows, "mask:0-10;shift:20"), edited(windows, "shift:20;mask:0-10")

    assert np.ptp(first[240:360]) == 0 < np.ptp(first[:120])
    assert np.ptp(then[:120]) == 0 < np.ptp(then[240:360])


@pytest.mark.parametrize(
    ("text", "window", "said"),
    [
        ("mask:0-1000", 5, "A window needs motion, but after these edits nothing in it moves. Undo one"),
        (
            "mask:500-600",
            5,
            "A span to mask lies in the window, which lasts 170.7 ms, but mask:500-600 begins after it.",
        ),
        ("notch:0-6000", 5, "leaves some of it, but notch:0-6000 does not. Give a narrower or lower one."),
        ("notch:5500-5800", 5, "0 to 5000 Hz"),
        ("shift:5", 0, "but here 5.0 ms of it would stay empty. Change less, or choose another window."),
        ("shift:-5", 9, "but here 5.0 ms of it would stay empty."),
        ("resample:2", 0, "but here 42.7 ms of it would stay empty."),
        ("shift:200", 5, "would stay empty."),
    ],
)
def test_what_the_window_does_not_hold_is_said(windows, text, window, said):
    """Nothing is invented beyond the recording, the band or the window."""
    with pytest.raises(InputError, match="but") as advice:
        edit_window(windows, window, read_edits(text))

    assert said in str(advice.value)
