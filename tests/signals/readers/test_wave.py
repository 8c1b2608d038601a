"""Sound files come back at full scale 1."""

import struct
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.io import wavfile

from cbam_viz.errors import InputError
from cbam_viz.signals.readers import list_channels, read_signal

NOISE = np.random.default_rng(4).uniform(-1, 1, size=300)


@given(row=arrays.arrays(np.float32, st.integers(2, 60), elements=st.floats(-1, 1, width=32), unique=True))
def test_floats_come_back(tmp_path_factory, row):
    """Floats are kept as they are."""
    path = tmp_path_factory.mktemp("wav") / "x.wav"
    for dtype in (np.float32, np.float64):
        wavfile.write(path, 44_100, row.astype(dtype))
        signal = read_signal(path)
        assert (signal.fs, signal.unit, signal.channel) == (44_100, "full scale", "channel 1")
        np.testing.assert_array_equal(signal.samples, row)


@pytest.mark.parametrize(("dtype", "scale", "offset"), [("u1", 2**7, 2**7), ("<i2", 2**15, 0), ("<i4", 2**31, 0)])
def test_integers_are_fractions_of_full_scale(tmp_path, dtype, scale, offset):
    """The largest negative number is -1; 8 bits are unsigned about 128."""
    stored = np.round(NOISE * (scale - 1) + offset).astype(dtype)
    stored[0] = offset - scale
    wavfile.write(tmp_path / "x.wav", 8_000, stored)
    samples = read_signal(tmp_path / "x.wav").samples
    assert samples[0] == -1
    np.testing.assert_array_equal(samples, (stored.astype(float) - offset) / scale)


def test_24_bits_are_read(tmp_path):
    """Three bytes a sample, the sign in the last, as the standard library writes them."""
    stored = np.round(NOISE * (2**23 - 1)).astype("<i4")
    stored[:2] = -(2**23), 2**23 - 1
    with wave.open(str(tmp_path / "x.wav"), "wb") as file:
        file.setparams((1, 3, 48_000, len(stored), "NONE", ""))
        file.writeframes(stored.view(np.uint8).reshape(-1, 4)[:, :3].tobytes())
    np.testing.assert_array_equal(read_signal(tmp_path / "x.wav").samples, stored / 2**23)


@pytest.mark.parametrize("dtype", ["u1", "<i2", "<i4", "<f4", "<f8"])
def test_channels_are_kept_apart(tmp_path, dtype):
    """Three channels come back each as its own."""
    stored = np.stack([np.full(60, 3) + np.arange(60), 120 - np.arange(60), np.arange(60) % 7], 1).astype(dtype)
    wavfile.write(tmp_path / "x.wav", 8_000, stored)
    assert [(channel.name, channel.samples) for channel in list_channels(tmp_path / "x.wav")] == [
        (f"channel {number}", 60) for number in (1, 2, 3)
    ]
    for index in range(3):
        samples = read_signal(tmp_path / "x.wav", f"channel {index + 1}").samples
        assert np.corrcoef(samples, stored[:, index].astype(float))[0, 1] == pytest.approx(1)


def chunks(*parts):
    """A sound file of the given chunks."""
    body = b"".join(name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in parts)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def layout(tag=1, channels=1, fs=8_000, bits=16):
    """A format chunk."""
    return b"fmt ", struct.pack("<HHIIHH", tag, channels, fs, fs * channels * bits // 8, channels * bits // 8, bits)


DATA = b"data", np.arange(10, dtype="<i2").tobytes()


def test_other_chunks_are_passed_over(tmp_path):
    """Notes of the recorder before and after the samples, of even or odd length, do not matter."""
    (tmp_path / "x.wav").write_bytes(chunks((b"LIST", b"odd"), layout(), (b"note", b"even"), DATA, (b"LIST", b"end")))
    np.testing.assert_array_equal(read_signal(tmp_path / "x.wav").samples * 2**15, np.arange(10))


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (chunks(DATA), "it ends before its samples"),
        (chunks(layout()), "it ends before its samples"),
        (chunks((b"fmt ", b"short"), DATA), "its format chunk has 5 of 16 bytes"),
        (chunks(layout(tag=6, bits=8), DATA), "has 1 channels of coding 6 with 8 bits. Save it as 16 bit PCM."),
        (chunks(layout(channels=0), DATA), "has 0 channels of coding 1 with 16 bits"),
        (chunks(layout(fs=0), DATA), "A sampling rate lies between 1 Hz and 100 MHz, but 0 Hz was given"),
        (chunks(layout(), (b"data", b"")), "A signal needs samples, but x.wav holds none"),
        (chunks(layout(), DATA)[:-5], "it holds 15 of 20 bytes"),
        (b"RIFX" + chunks(layout(), DATA)[4:], "it does not begin as one"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, content, advice):
    """Each kind of damage has its own sentence."""
    (tmp_path / "x.wav").write_bytes(content)
    with pytest.raises(InputError) as raised:
        read_signal(tmp_path / "x.wav")
    assert advice in str(raised.value)
