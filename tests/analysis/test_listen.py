"""What is heard is the recording, what passes of it, and what does not: their sum, on one gain."""

import io
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from cbam_viz.analysis.listen import PEAK, lay_gate, sound_of, span_around, span_of_window, wave_bytes


@pytest.fixture
def parts(make_scene):
    """A recording with a loud impact, and its first block."""
    scene = make_scene({300: 9.0, 900: -4.0})
    return scene.windows, scene.record.blocks[0]


def test_what_passes_and_what_does_not_is_all_there_is(parts):
    """Original = weighted + difference, sample for sample."""
    windows, block = parts
    sound = sound_of(windows, block, span_around(windows, 0))

    np.testing.assert_allclose(sound.weighted + sound.difference, sound.original, rtol=0, atol=1e-15)


def test_one_gain_for_all_three(parts):
    """The gain brings the original's peak to 1 dB below full scale, and every sound over its own is that gain."""
    windows, block = parts
    span = span_of_window(windows, 1)
    sound = sound_of(windows, block, span)
    measured = windows.samples[slice(*span)]

    assert np.abs(sound.original).max() == pytest.approx(PEAK)
    np.testing.assert_allclose(sound.original / sound.gain, measured - measured.mean(), atol=1e-12)
    np.testing.assert_allclose(
        sound.weighted / sound.gain, (measured - measured.mean()) * lay_gate(windows, block, span), atol=1e-12
    )


def test_matched_levels_are_equal_and_do_not_clip(parts):
    """All three have the same root mean square, and none leaves the scale."""
    windows, block = parts
    sound = sound_of(windows, block, span_around(windows, 0), level=True)
    three = [sound.original, sound.weighted, sound.difference]

    assert np.ptp([np.sqrt(np.mean(each**2)) for each in three]) < 1e-12
    assert max(np.abs(each).max() for each in three) == pytest.approx(PEAK)


def test_an_open_gate_takes_nothing_away(parts):
    """Where M_s is 1 everywhere, the weighted sound is the original and the difference is silent."""
    windows, block = parts
    block = replace(block, spatial_attention=np.ones_like(block.spatial_attention))
    sound = sound_of(windows, block, span_of_window(windows, 0), level=True)

    np.testing.assert_array_equal(sound.weighted, sound.original)
    assert not sound.difference.any()


def test_steps_lie_where_the_figure_draws_them(parts):
    """Position i of a window holds from half a stride before the middle of its field to half a stride after it."""
    windows, block = parts
    gate, field = lay_gate(windows, block, span_of_window(windows, 2)), block.receptive_field
    middles = np.floor(field.centre(0) + np.arange(field.positions) * field.stride).astype(int)
    inside = middles < windows.preparation.window

    np.testing.assert_allclose(gate[middles[inside]], block.spatial_attention[2][inside])
    assert len(np.unique(gate)) <= field.positions


def test_windows_that_overlap_are_averaged(parts):
    """A recording cut twice into the same windows, with gates a and b, is heard through their mean."""
    windows, block = parts
    twice = replace(windows, starts=np.repeat(windows.starts[:1], 2))
    gate = lay_gate(twice, block, span_of_window(windows, 0))
    alone = [
        lay_gate(replace(windows, starts=windows.starts[:1]), replace(block, spatial_attention=each[None]), (0, 256))
        for each in block.spatial_attention[:2]
    ]

    np.testing.assert_allclose(gate, np.mean(alone, axis=0))


def test_samples_of_no_window_are_silent(parts):
    """Between windows that leave a gap nothing is claimed, in any of the three."""
    windows, block = parts
    gappy = replace(windows, starts=windows.starts[[0, 2]])
    sound = sound_of(gappy, block, span_around(gappy, 0))

    assert not np.any([each[256:512] for each in (sound.original, sound.weighted, sound.difference)])
    assert sound.original[:256].any()


def test_a_long_recording_is_heard_around_the_window(parts):
    """At most so many seconds, which hold the window and stay in the recording."""
    windows, _block = parts
    for window in range(len(windows)):
        low, high = span_around(windows, window, 0.3)
        first, last = span_of_window(windows, window)
        assert (high - low, low >= 0, high <= len(windows.samples)) == (600, True, True)
        assert low <= first
        assert last <= high


def test_a_still_recording_is_silent(parts):
    """With levels matched and without, zeros stay zeros."""
    windows, block = parts
    still = replace(windows, samples=np.full_like(windows.samples, 2.0))
    for level in (False, True):
        assert not sound_of(still, block, (0, 256), level).original.any()


def test_a_wave_file_holds_the_sound(parts):
    """An independent reader gives back the samples to 16 bits, at the rate, or at a part of it when slowed down."""
    samples = np.random.default_rng(0).uniform(-PEAK, PEAK, 1000)
    for slower in (1, 8):
        back, fs = soundfile.read(io.BytesIO(wave_bytes(samples, 12_207.0, slower)))
        np.testing.assert_allclose(back, samples, atol=2**-15)
        assert fs == round(12_207 / slower)
