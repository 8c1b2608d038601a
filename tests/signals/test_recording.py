"""Recordings of any length are streamed, and a stream is what reading the whole file gives."""

import os

import h5py
import numpy as np
import pandas as pd
import pytest
import soundfile
from nptdms import ChannelObject, TdmsWriter

from cbam_viz.errors import InputError
from cbam_viz.signals import streams
from cbam_viz.signals.readers import checks, read_signal, text_blocks
from cbam_viz.signals.recording import STREAMED, list_recorded, open_recording, read_blocks

FS, COUNT = 25_600, 30_000


def samples():
    """Three channels of noise that 16 bits hold exactly, (T, 3)."""
    return np.random.default_rng(0).integers(-9_000, 9_000, (COUNT, 3)) / 2**15


def write_text(path):
    """A table with times in s."""
    times = np.arange(COUNT) / FS
    table = pd.DataFrame(samples(), columns=["a (g)", "b (g)", "c (g)"])
    table.insert(0, "time (s)", times)
    table.to_csv(path, index=False, float_format="%.9f")


def write_hdf5(path):
    """One array a channel, in chunks."""
    with h5py.File(path, "w", userblock_size=512 if path.suffix == ".mat" else 0) as file:
        for number, name in enumerate("abc"):
            held = file.create_dataset(name, data=samples()[:, number], chunks=(1_000,), compression="gzip")
            held.attrs["fs"] = float(FS)


def write_matlab(path):
    """The same with MATLAB's head."""
    write_hdf5(path)
    with path.open("r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file".ljust(124) + b"\0\2IM")


def write_parquet(path):
    """One column a channel beside the times, in several row groups."""
    table = pd.DataFrame(samples(), columns=list("abc"))
    table.insert(0, "time", np.arange(COUNT) / FS)
    table.to_parquet(path, row_group_size=7_000)


def write_tdms(path):
    """One channel each."""
    with TdmsWriter(path) as writer:
        for number, name in enumerate("abc"):
            writer.write_segment(
                [ChannelObject("g", name, samples()[:, number], {"wf_increment": 1 / FS, "wf_xunit_string": "s"})]
            )


WRITERS = {
    ".wav": lambda path: soundfile.write(path, samples(), FS, "PCM_24"),
    ".flac": lambda path: soundfile.write(path, samples(), FS, "PCM_16"),
    ".npy": lambda path: np.save(path, samples()),
    ".h5": write_hdf5,
    ".hdf5": write_hdf5,
    ".mat": write_matlab,
    ".parquet": write_parquet,
    ".tdms": write_tdms,
    ".csv": write_text,
    ".txt": write_text,
}


@pytest.fixture(params=STREAMED)
def file(request, tmp_path, monkeypatch):
    """A recording in each format, read in small blocks, above the limits of what is read as a whole."""
    path = tmp_path / f"recording{request.param}"
    WRITERS[request.param](path)
    monkeypatch.setattr(streams, "BLOCK", 1_024)
    monkeypatch.setattr(text_blocks, "BLOCK_BYTES", 1 << 17)
    return path


def given(path):
    """The rate that a person must give, None where the file says it."""
    return FS if path.suffix == ".npy" else None


def test_stream_is_the_whole_file(file, monkeypatch):
    """In every format the second channel comes as `read_signal` gives it, under the same name, rate and unit."""
    name = list_recorded(file)[1].name
    whole = read_signal(file, name, given(file))
    monkeypatch.setattr(checks, "MAX_FILE_BYTES", 10)
    monkeypatch.setattr(checks, "MAX_EXPANDED_BYTES", 10)
    if file.suffix not in {".h5", ".hdf5", ".mat"}:  # whose chunks are held against that limit
        recording = open_recording(file, name, given(file))
        assert len(list(read_blocks(recording))) > 1
    monkeypatch.undo()
    recording = open_recording(file, name, given(file))

    assert (recording.fs, recording.channel.name, recording.channel.unit) == (whole.fs, whole.channel, whole.unit)
    np.testing.assert_array_equal(np.concatenate(list(read_blocks(recording))), whole.samples)


@pytest.mark.parametrize("first", [1, 9_999, COUNT - 1])
def test_stream_begins_anywhere(file, first):
    """A stream from a sample on is the rest of the whole stream."""
    recording = open_recording(file, None, given(file))
    whole = np.concatenate(list(read_blocks(recording)))

    np.testing.assert_array_equal(np.concatenate(list(read_blocks(recording, first))), whole[first:])


def read(path):
    """All that a recording holds."""
    return list(read_blocks(open_recording(path, None, given(path))))


@pytest.mark.parametrize("suffix", sorted({*STREAMED} - {".txt"}))
def test_truncated_file_is_one_sentence(suffix, tmp_path):
    """A file that was cut is refused with one sentence, when it is opened or where it ends."""
    path = tmp_path / f"cut{suffix}"
    WRITERS[suffix](path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 3])

    with pytest.raises(InputError, match=path.name):
        read(path)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_gap_in_time_stamps_is_told_with_its_place(suffix, tmp_path, monkeypatch):
    """A step of another length, far behind the first times, is told with its place; a given rate goes over it."""
    monkeypatch.setattr(streams, "BLOCK", 1_024)
    monkeypatch.setattr(text_blocks, "BLOCK_BYTES", 1 << 17)
    times = np.arange(200_000) / FS
    times[150_000:] += 0.5
    path = tmp_path / f"gap{suffix}"
    table = pd.DataFrame({"time": times, "a": np.random.default_rng(0).normal(size=len(times))})
    table.to_parquet(path) if suffix == ".parquet" else table.to_csv(path, index=False, float_format="%.7f")
    recording = open_recording(path)
    assert recording.fs == FS
    with pytest.raises(InputError, match="samples 149999 and 150000 lie 500 ms apart"):
        list(read_blocks(recording))

    assert sum(map(len, read_blocks(open_recording(path, fs=FS)))) == len(times)


def test_recording_that_grows_has_the_length_of_its_opening(tmp_path):
    """What is written while a recording is read is left to the next reading."""
    path = tmp_path / "growing.csv"
    write_text(path)
    recording = open_recording(path, "a")
    with path.open("a") as file:
        file.write("9,1,1,1\n" * 500)

    assert sum(map(len, read_blocks(recording))) == COUNT


def test_digest_follows_file_channel_and_rate(tmp_path):
    """Another channel, another rate or a file that was written again is another recording; the same is the same."""
    path = tmp_path / "one.wav"
    soundfile.write(path, samples(), FS)
    one, again = open_recording(path), open_recording(path)
    digests = {one.digest, open_recording(path, "channel 2").digest, open_recording(path, fs=12_000.0).digest}
    os.utime(path, ns=(1, 1))

    assert one.channel == again.channel
    assert len({*digests, open_recording(path).digest}) == 4


def test_what_can_not_be_streamed_is_refused_in_one_sentence(tmp_path):
    """A format that is none, and a rate that is nowhere, are said with what to do."""
    other, bare = tmp_path / "book.xlsx", tmp_path / "bare.npy"
    other.write_bytes(b"PK")
    np.save(bare, samples()[:, 0])

    with pytest.raises(InputError, match=r"streamed from one of .*, but book\.xlsx is none of them\. Save it as"):
        open_recording(other)
    with pytest.raises(InputError, match=r"bare\.npy does not tell it\. Give the sampling rate in Hz\."):
        open_recording(bare)
