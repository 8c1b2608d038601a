"""FLAC files come back at full scale 1, whole or not at all."""

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.io import wavfile

from cbam_viz.errors import InputError
from cbam_viz.signals.readers import flac, list_channels, read_signal

NOISE = np.random.default_rng(4).uniform(-1, 1, size=20_000)


@given(row=arrays.arrays(np.int16, st.integers(2, 300), unique=True))
@settings(derandomize=True, max_examples=25)
def test_integers_are_fractions_of_full_scale(tmp_path_factory, row):
    """The largest negative number is -1, and no sample is changed on the way."""
    path = tmp_path_factory.mktemp("flac") / "x.flac"
    soundfile.write(path, row, 44_100)
    signal = read_signal(path)
    assert (signal.fs, signal.unit, signal.channel) == (44_100, "full scale", "channel 1")
    np.testing.assert_array_equal(signal.samples, row / 2**15)


@pytest.mark.parametrize(("coding", "bits"), [("PCM_S8", 8), ("PCM_16", 16), ("PCM_24", 24)])
def test_every_size_is_read(tmp_path, coding, bits):
    """Integers of 8, 16 and 24 bits are the same fractions as in the file."""
    stored = np.round(NOISE * (2 ** (bits - 1) - 1)) / 2 ** (bits - 1)
    soundfile.write(tmp_path / "x.flac", stored, 51_200, coding)
    np.testing.assert_array_equal(read_signal(tmp_path / "x.flac").samples, stored)


def test_sound_files_of_both_kinds_agree(tmp_path):
    """The same integers as .wav and as .flac are the same signal."""
    stored = np.round(NOISE * 32_000).astype(np.int16)
    wavfile.write(tmp_path / "x.wav", 8_000, stored)
    soundfile.write(tmp_path / "x.flac", stored, 8_000)
    one, other = read_signal(tmp_path / "x.wav"), read_signal(tmp_path / "x.flac")
    assert (one.digest, one.unit, one.channel) == (other.digest, other.unit, other.channel)


def test_channels_are_kept_apart(tmp_path, monkeypatch):
    """Three channels of more than one block come back each as its own."""
    stored = np.stack([NOISE, NOISE[::-1], NOISE**2], 1)
    soundfile.write(tmp_path / "x.flac", stored, 8_000, "PCM_24")
    monkeypatch.setattr(flac, "BLOCK", 3_000)
    assert [(channel.name, channel.samples) for channel in list_channels(tmp_path / "x.flac")] == [
        (f"channel {number}", len(NOISE)) for number in (1, 2, 3)
    ]
    for index in range(3):
        samples = read_signal(tmp_path / "x.flac", f"channel {index + 1}").samples
        np.testing.assert_allclose(samples, stored[:, index], atol=2**-23)


def with_length(content, frames):
    """A FLAC file whose header promises so many frames: the last 36 of the bits 100 to 144 of its first block."""
    header = bytearray(content)
    header[21] = header[21] & 0xF0 | frames >> 32
    header[22:26] = (frames & 0xFFFFFFFF).to_bytes(4, "big")
    return bytes(header)


@pytest.fixture
def content(tmp_path):
    """A small FLAC file."""
    soundfile.write(tmp_path / "x.flac", NOISE, 8_000)
    return (tmp_path / "x.flac").read_bytes()


@pytest.mark.parametrize(
    ("make", "advice"),
    [
        (lambda content: content[: len(content) // 2], "x.flac cannot be read as one"),
        (lambda content: with_length(content, 30_000), "x.flac cannot be read as one"),
        (lambda content: with_length(content, 2**36 - 1), "x.flac would take 549756 MB"),
        (lambda content: with_length(content, 0), "x.flac leaves it open. Save it again as a whole file"),
        (lambda content: content[:9_000] + b"\xff" * 50 + content[9_050:], "x.flac cannot be read as one"),
        (lambda content: b"OggS" + content[4:], "it does not begin as one"),
        (lambda content: content[:42], "x.flac cannot be read as one"),
    ],
    ids=["cut", "promises more", "promises far more", "promises nothing", "overwritten", "another kind", "head alone"],
)
def test_what_cannot_be_read_is_said(tmp_path, content, make, advice):
    """A part of a recording is never sold as the whole, and a promise is no reason to take memory."""
    (tmp_path / "x.flac").write_bytes(make(content))
    with pytest.raises(InputError) as raised:
        read_signal(tmp_path / "x.flac")
    assert advice in str(raised.value)


@pytest.mark.parametrize("left", [0.99, 0.5, 0.1])
def test_a_file_cut_short_is_not_listed(tmp_path, content, left):
    """What a list promises can be read."""
    (tmp_path / "x.flac").write_bytes(content[: int(left * len(content))])
    with pytest.raises(InputError, match=r"x\.flac cannot be read as one"):
        list_channels(tmp_path / "x.flac")
