"""What holds for every format: one pair of functions, and advice instead of a crash."""

import os
import re
import subprocess
import sys
import zipfile

import h5py
import numpy as np
import openpyxl
import pyarrow as pa
import pytest
import pyuff
import scipy.io
import soundfile
from nptdms import ChannelObject, TdmsWriter
from pyarrow import feather, parquet
from scipy.io import wavfile

from cbam_viz.errors import InputError
from cbam_viz.signals.readers import EXTENSIONS, checks, list_channels, read_signal
from tests.signals.readers.raw_files import write_raw

NOISE = np.random.default_rng(1).normal(size=400)
MUTANTS = int(os.environ.get("MUTANTS", "100"))
"""Of every extension; `make verify` makes more."""
MOST_MEMORY = 512_000_000


def write_hdf5(path, samples, **options):
    """One dataset with its rate and unit, and what a file may hold beside it."""
    with h5py.File(path, "w") as file:
        data = file.create_dataset("run/acc", data=samples, **options)
        data.attrs.update(fs=1e3, unit="g")
        file["run/again"], file["run/round"] = data, file["run"]
        file["soft"], file["far"] = h5py.SoftLink("/run/acc"), h5py.ExternalLink("other.h5", "/x")
        file["words"] = "calibrated"


def write_tdms(path, samples, unit="g"):
    """One channel with its step and unit, in three segments."""
    with TdmsWriter(path) as writer:
        for part in np.array_split(samples, 3):
            writer.write_segment([ChannelObject("run", "acc", part, {"wf_increment": 1e-3, "unit_string": unit})])


def write_uff(path, samples, binary=0, **fields):
    """One time response, between data sets of another type."""
    other = {"type": 164, "units_code": 1, "length": 1.0, "force": 1.0, "temp": 1.0, "temp_offset": 0.0}
    told = {"abscissa_spacing": 1, "abscissa_spec_data_type": 17, "ordinate_spec_data_type": 12} | fields
    data = {"type": 58, "binary": binary, "func_type": 1, "rsp_node": 7, "rsp_dir": 3, "ref_node": 0, "ref_dir": 0}
    data |= {"x": np.arange(len(samples)) / 1e3, "data": samples, "orddenom_spec_data_type": 0, "id1": "acc"} | told
    pyuff.UFF(str(path)).write_sets([other, data, other], "overwrite")


@pytest.fixture
def noise_npz(tmp_path):
    """A file that says nothing but its samples."""
    np.savez(tmp_path / "noise.npz", a=NOISE, b=2 * NOISE)
    return tmp_path / "noise.npz"


def test_the_first_channel_is_the_default(noise_npz):
    """Without a name the first channel is read; the signal carries the names of file and channel."""
    signal = read_signal(noise_npz, fs=100)
    assert (signal.name, signal.channel, signal.fs) == ("noise.npz", "a", 100)
    np.testing.assert_array_equal(signal.samples, NOISE)
    np.testing.assert_array_equal(read_signal(noise_npz, "b", 100).samples, 2 * NOISE)


def test_an_unknown_channel_lists_the_known(noise_npz):
    """Who asks for a channel that is not there reads which are."""
    with pytest.raises(
        InputError, match=r"A channel is one of a, b, but noise\.npz has no 'c'\. Choose one of these\."
    ):
        read_signal(noise_npz, "c", 100)


def test_a_rate_that_nobody_knows_is_asked_for(noise_npz):
    """Without a rate in the file or from the person there is no signal."""
    with pytest.raises(
        InputError, match=r"needs its sampling rate, but noise\.npz does not tell it\. Give the sampling rate in Hz\."
    ):
        read_signal(noise_npz)


@pytest.mark.parametrize("fs", [0, -1, 1e12])
def test_an_absurd_rate_is_refused(noise_npz, fs):
    """A rate from a person is held against what recorders can do."""
    with pytest.raises(InputError, match="A sampling rate lies between 1 Hz and 100 MHz"):
        read_signal(noise_npz, fs=fs)


def test_the_persons_rate_wins_and_is_said(tmp_path):
    """A rate that is asked for wins over the file's, and a note says so; the same rate needs no note."""
    np.savez(tmp_path / "own.npz", samples=NOISE, fs=12_000)
    signal = read_signal(tmp_path / "own.npz", fs=48_000)
    assert signal.fs == 48_000
    assert signal.notes == ("The file says 12000 Hz; 48000 Hz was asked for.",)
    assert read_signal(tmp_path / "own.npz", fs=12_000).notes == ()


def test_the_digits_of_a_rate_are_kept(tmp_path):
    """97656.25 Hz is not 97656.2 Hz."""
    np.savez(tmp_path / "own.npz", samples=NOISE, fs=97_656.25)
    assert read_signal(tmp_path / "own.npz", fs=97_656).notes == ("The file says 97656.25 Hz; 97656 Hz was asked for.",)


# The frame of .xlsx alone takes more than 800 bytes; of .raw the times are read too.
@pytest.mark.parametrize("extension", sorted({*EXTENSIONS} - {".xlsx", ".raw"}))
def test_a_channel_is_held_against_the_limit_before_it_is_read(tmp_path, extension, monkeypatch):
    """What would become more than the limit as 64 bit floats is refused, however small it is in the file."""
    path, counts = tmp_path / f"counts{extension}", np.arange(100, dtype=np.uint8)
    match extension:
        case ".npy":
            np.save(path, counts)
        case ".npz":
            np.savez(path, counts=counts)
        case ".mat":
            scipy.io.savemat(path, {"counts": counts})
        case ".wav":
            wavfile.write(path, 8_000, counts)
        case ".flac":
            soundfile.write(path, counts.astype(np.int16), 8_000)
        case ".zip":
            np.save(tmp_path / "counts.npy", counts)
            with zipfile.ZipFile(path, "w") as archive:
                archive.write(tmp_path / "counts.npy", "counts.npy")
        case ".h5" | ".hdf5":
            write_hdf5(path, counts)
        case ".tdms":
            write_tdms(path, counts)
        case ".uff" | ".unv":
            write_uff(path, counts.astype(float))
        case ".parquet":
            parquet.write_table(pa.table({"counts": counts}), path)
        case ".feather":
            feather.write_feather(pa.table({"counts": counts}), path)
        case _:
            np.savetxt(path, counts, "%d")
    monkeypatch.setattr(checks, "MAX_EXPANDED_BYTES", 800)
    assert len(read_signal(path, fs=10).samples) == 100
    monkeypatch.setattr(checks, "MAX_EXPANDED_BYTES", 799)
    with pytest.raises(InputError, match=rf"in memory, but counts\{extension} would take"):
        read_signal(path, fs=10)


def test_gaps_are_bridged_only_on_request(tmp_path):
    """Missing samples are refused, or bridged and counted in a note."""
    holed = np.arange(50.0) ** 1.1
    holed[[10, 11, 30]] = np.nan
    np.save(tmp_path / "holed.npy", holed)
    with pytest.raises(InputError, match="holds 3 that are not"):
        read_signal(tmp_path / "holed.npy", fs=10)
    signal = read_signal(tmp_path / "holed.npy", fs=10, interpolate=True)
    assert signal.notes == ("Missing samples bridged by straight lines: 3.",)
    assert signal.samples[30] == pytest.approx((holed[29] + holed[31]) / 2)


def test_a_file_must_be_there(tmp_path):
    """A path without a file is refused."""
    with pytest.raises(InputError, match=r"read from a file, but there is none at .*nowhere\.csv\. Check the path\."):
        list_channels(tmp_path / "nowhere.csv")


def test_a_folder_is_called_one(tmp_path):
    """A folder is no file, and is there all the same."""
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match=r"read from a file, but .*folder\.csv is a folder\. Choose a file in it\."):
        list_channels(tmp_path / "folder.csv")


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_an_empty_file_is_refused(tmp_path, extension):
    """Zero bytes are no recording in any format."""
    path = tmp_path / f"nothing{extension}"
    path.touch()
    with pytest.raises(InputError, match=r"must hold samples, but nothing\..* is empty \(0 bytes\)"):
        read_signal(path, fs=100)


def test_an_unknown_extension_lists_the_known(tmp_path):
    """Formats are told by extension; a file of another one is refused with the list."""
    (tmp_path / "song.mp3").write_bytes(b"ID3")
    with pytest.raises(InputError, match=r"one of \.csv, \.txt, .* but song\.mp3 has the extension '\.mp3'"):
        list_channels(tmp_path / "song.mp3")


def test_extensions_may_be_capital(noise_npz):
    """``.NPZ`` is ``.npz``."""
    capital = noise_npz.rename(noise_npz.with_suffix(".NPZ"))
    assert [channel.name for channel in list_channels(capital)] == ["a", "b"]


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_a_file_above_the_limit_is_not_opened(tmp_path, extension):
    """A file of more than 200 MB is refused by its size alone."""
    path = tmp_path / f"large{extension}"
    with path.open("wb") as stream:
        stream.truncate(checks.MAX_FILE_BYTES + 1_000_000)  # takes no room on the disk
    with pytest.raises(InputError, match=r"may have up to 200 MB, but large\..* has 201 MB"):
        list_channels(path)


def test_integers_become_floats(tmp_path):
    """Whole numbers of any size come back as the same numbers in 64 bit floats."""
    for dtype in ("i1", "u1", "i2", ">i4", "u8", "?"):
        stored = (np.arange(100) % 2 == 0).astype(dtype)
        np.save(tmp_path / "whole.npy", stored)
        samples = read_signal(tmp_path / "whole.npy", fs=10).samples
        assert samples.dtype == np.float64
        np.testing.assert_array_equal(samples, stored)


def test_units_have_one_spelling(tmp_path):
    """A channel and its signal bear the unit in its one spelling, however the file writes it."""
    np.savez(tmp_path / "own.npz", samples=NOISE, fs=1e3, unit="m/s^2")
    assert list_channels(tmp_path / "own.npz")[0].unit == "m/s²"
    assert read_signal(tmp_path / "own.npz").unit == "m/s²"


def test_samples_come_in_the_unit_that_is_asked_for(tmp_path):
    """A signal in g is read in m/s², and a note says so."""
    np.savez(tmp_path / "own.npz", samples=NOISE, fs=1e3, unit="G")
    signal = read_signal(tmp_path / "own.npz", unit="m/s2")
    assert (signal.unit, signal.notes) == ("m/s²", ("Converted from g to m/s².",))
    np.testing.assert_allclose(signal.samples, 9.80665 * NOISE, rtol=1e-15)


# ---------------------------------------------------------------- damaged files


def write_examples(folder):
    """One small file for each way in which a format is written."""
    nested = np.empty(2, object)
    nested[:] = [NOISE, "words"]
    columns = np.c_[np.arange(400) / 1e3, NOISE]
    np.save(folder / "one.npy", NOISE)
    np.savez(folder / "plain.npz", samples=NOISE, fs=1e3, unit="g")
    np.savez_compressed(folder / "packed.npz", samples=NOISE, fs=1e3)
    scipy.io.savemat(folder / "cwru.mat", {"X105_DE_time": NOISE[:, None], "X105RPM": 1797.0})
    bearing = {"gs": NOISE, "sr": 1e3, "rate": 25.0, "load": "300"}
    scipy.io.savemat(folder / "mfpt.mat", {"bearing": bearing, "FTF": 1.0}, do_compression=True)
    scipy.io.savemat(folder / "cells.mat", {"c": nested, "s": [{"a": NOISE[:50]}, {"a": NOISE[50:]}], "fs": 1e3})
    scipy.io.savemat(folder / "old.mat", {"x": NOISE, "fs": 1e3}, format="4")
    for dtype in ("int16", "int32", "float32"):
        wavfile.write(folder / f"{dtype}.wav", 8_000, (NOISE * 1e3).astype(dtype)[:, None].repeat(2, 1))
    for coding in ("PCM_16", "PCM_24"):
        soundfile.write(folder / f"{coding}.flac", NOISE[:, None].repeat(2, 1) / 9, 8_000, coding)
    write_hdf5(folder / "plain.h5", NOISE)
    write_hdf5(folder / "packed.h5", NOISE, chunks=(64,), compression="gzip", shuffle=True)
    write_tdms(folder / "run.tdms", NOISE)
    write_uff(folder / "text.uff", NOISE)
    write_uff(folder / "binary.uff", NOISE, binary=1)
    table = pa.table({"time": columns[:, 0], "acc": NOISE, "words": ["a"] * len(NOISE)})
    parquet.write_table(table, folder / "table.parquet")
    feather.write_feather(table, folder / "table.feather", chunksize=150)
    np.savetxt(folder / "table.csv", columns, delimiter=",", header="time,acc")
    np.savetxt(folder / "spaces.txt", columns)
    (folder / "clock.csv").write_text("".join(f"10:15:{number / 10:07.4f},{number}\n" for number in range(400)))
    (folder / "stamp.csv").write_text("".join(f"3/5/2024,1:15:{n / 10:07.4f} PM,{n}\n" for n in range(400)))
    (folder / "quoted.csv").write_text("".join(f'"0,{number:03d}","{number},5"\n' for number in range(400)))
    book = openpyxl.Workbook()
    for row in [("time (s)", "acc (g)"), *columns.tolist()]:
        book.active.append(row)
    book.save(folder / "book.xlsx")
    with zipfile.ZipFile(folder / "several.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("packed.npz", "cwru.mat", "table.csv", "PCM_16.flac"):
            archive.write(folder / name, name)
    np.savetxt(
        folder / "labview.lvm", columns, delimiter="\t", header="Delta_X\t0.001\n***End_of_Header***", comments=""
    )
    np.savetxt(folder / "packed.csv.gz", columns, delimiter=",", header="time,acc")
    for kind in ("ltspice", "double", "text"):
        write_raw(
            folder / f"{kind}.raw", np.cumsum(np.abs(NOISE) + 0.01) / 1e6, {"V(out)": NOISE, "I(R1)": NOISE}, kind
        )
    return sorted(folder.iterdir())


def mutate(content, chance):
    """Cut, overwrite, remove or insert some bytes; rather in the head, where the structure is."""
    mutant = bytearray(content)
    start = chance.integers(len(mutant) if chance.random() < 0.5 else min(len(mutant), 400))
    match chance.integers(4):
        case 0:
            del mutant[start:]
        case 1:
            del mutant[start : start + chance.integers(1, 64)]
        case 2:
            mutant[start:start] = chance.bytes(80)
        case 3:
            for place in chance.integers(start, min(start + 40, len(mutant)), chance.choice((1, 2, 8))):
                mutant[place] = chance.choice((0, 255, chance.integers(256)))
    return bytes(mutant)


@pytest.mark.filterwarnings("ignore")  # NumPy warns of some odd headers; a warning is no crash
@pytest.mark.parametrize("extension", EXTENSIONS)
def test_a_damaged_or_renamed_file_gives_a_signal_or_advice(tmp_path, extension):
    """Whatever happened to a file, and whatever its extension says: a result or an InputError, nothing else."""
    chance = np.random.default_rng(EXTENSIONS.index(extension))
    examples = [path.read_bytes() for path in write_examples(tmp_path)]
    own = [path.read_bytes() for path in sorted(tmp_path.glob(f"*{extension}"))] or examples
    path = tmp_path / f"mutant{extension}"
    advice = []
    for content in [*examples, *(mutate(own[number % len(own)], chance) for number in range(MUTANTS))]:
        path.write_bytes(content)
        try:
            for channel in list_channels(path)[:5]:
                read_signal(path, channel.name, channel.fs or 1_000, interpolate=True)
        except InputError as error:
            advice.append(str(error))
    assert 0 < len(advice) < len(examples) + MUTANTS
    assert all("but" in sentence for sentence in advice)


PEAK = """
import sys
from pathlib import Path

from cbam_viz.signals.readers import list_channels, read_signal


def peak():  # in kB; unlike ru_maxrss it is this program's own
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))


path, before = Path(sys.argv[1]), peak()
read_signal(path, list_channels(path)[-1].name, 1_000)
print(peak() - before)
"""
"""Reads a file and prints the most memory that this took, in a program that did nothing else."""


@pytest.mark.parametrize("name", ["impacts.npz", "deep.wav", "equal.parquet"])
def test_a_whole_file_takes_a_bounded_multiple_of_its_size(tmp_path, name):
    """Reading takes at most 3 times the file or 512 MB, also where a file is dear."""
    path, noise = tmp_path / name, np.random.default_rng(3).normal(size=7_000_000) / 9
    match name:
        case "impacts.npz":
            np.savez(path, samples=noise, impacts=np.arange(len(noise)))
        case "deep.wav":
            soundfile.write(path, noise, 51_200, "PCM_24")
        case _:
            parquet.write_table(pa.Table.from_arrays([noise, noise[::-1]], ["acc", "acc"]), path)
    run = subprocess.run([sys.executable, "-c", PEAK, str(path)], capture_output=True, text=True, check=True)
    assert 0 < 1024 * int(run.stdout) < max(3 * path.stat().st_size, MOST_MEMORY)


BINARY = ["one.npy", "plain.npz", "packed.npz", "cwru.mat", "mfpt.mat", "old.mat", "int16.wav"]
BINARY += [
    "plain.h5",
    "packed.h5",
    "run.tdms",
    "text.uff",
    "binary.uff",
    "table.parquet",
    "table.feather",
    "PCM_16.flac",
    "several.zip",
    "book.xlsx",
]


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("name", BINARY)
def test_a_cut_file_is_known_as_such(tmp_path, name, keep):
    """A binary file of which a part is missing is refused as a whole: no first half is sold as the recording."""
    write_examples(tmp_path)
    path = tmp_path / name
    path.write_bytes(path.read_bytes()[: int(keep * path.stat().st_size)])
    with pytest.raises(InputError, match=r"whole and not renamed, but .* cannot be read as one"):
        read_signal(path, fs=1_000)


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_a_renamed_picture_is_no_signal(tmp_path, extension):
    """A .png with another extension is refused as what it is not."""
    path = tmp_path / f"picture{extension}"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 4)
    with pytest.raises(InputError, match="whole and not renamed, but picture"):
        list_channels(path)


def test_a_table_renamed_to_npy_is_no_array(tmp_path):
    """Text with a binary format's extension is refused."""
    path = tmp_path / "table.npy"
    path.write_text("1,2\n3,4\n")
    with pytest.raises(
        InputError, match=r"A \.npy file must be as NumPy writes it, whole and not renamed, but table\.npy"
    ):
        list_channels(path)


@pytest.mark.parametrize("name", ["plain.npz", "several.zip", "book.xlsx", "packed.csv.gz", "plain.h5"])
def test_a_cut_file_is_said_to_be_cut(tmp_path, name):
    """The reason is in a person's words, not in those of a library."""
    write_examples(tmp_path)
    path = tmp_path / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(InputError, match=r"cannot be read as one \(it ends too early, or is damaged\)"):
        read_signal(path, fs=1_000)


@pytest.mark.parametrize("extension", [".npz", ".zip", ".xlsx"])
def test_a_text_with_the_name_of_an_archive_is_said_to_be_none(tmp_path, extension):
    """What does not begin as an archive is not called cut."""
    (tmp_path / f"x{extension}").write_text("1,2\n" * 100)
    with pytest.raises(InputError, match=r"cannot be read as one \(it does not begin as one\)"):
        read_signal(tmp_path / f"x{extension}", fs=1_000)


@pytest.mark.parametrize(
    ("name", "renamed", "right"),
    [
        ("book.xlsx", "book.xlsx.csv", "book.xlsx"),
        ("book.xlsx", "book.csv", "book.xlsx"),
        ("packed.csv.gz", "packed.csv.gz.csv", "packed.csv.gz"),
        ("plain.npz", "plain.npz.txt", "plain.npz"),
        ("plain.h5", "plain.hdf5.csv", "plain.hdf5"),
        ("packed.npz", "packed.csv.gz", "packed.csv.npz"),
    ],
)
def test_the_right_name_is_told_once(tmp_path, name, renamed, right):
    """A file that begins as another format is told the name it should have, without doubling an ending."""
    write_examples(tmp_path)
    content = (tmp_path / name).read_bytes()
    (tmp_path / renamed).write_bytes(content)
    must = "plain text packed by gzip" if renamed.endswith(".gz") else "plain text"
    told = rf"file must be {must}, but {re.escape(renamed)} begins as a .* Rename it to {re.escape(right)}\.$"
    with pytest.raises(InputError, match=told):
        list_channels(tmp_path / renamed)


def test_matlab_7_3_with_another_name_is_known(tmp_path):
    """MATLAB's own 512 bytes before an HDF5 file are known as MATLAB's."""
    with h5py.File(tmp_path / "v73.mat", "w", userblock_size=512) as file:
        file["x"] = NOISE
    content = (tmp_path / "v73.mat").read_bytes()
    (tmp_path / "v73.csv").write_bytes(b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(512) + content[512:])
    with pytest.raises(InputError, match=r"v73\.csv begins as a \.mat file does\. Rename it to v73\.mat\."):
        list_channels(tmp_path / "v73.csv")


def test_what_takes_too_much_is_told_how_much_and_what_helps(tmp_path, monkeypatch):
    """The advice holds for a long recording and for a file that only unpacks to much."""
    monkeypatch.setattr(checks, "MAX_EXPANDED_BYTES", 1_000_000)
    np.savez_compressed(tmp_path / "zeros.npz", zeros=np.zeros(250_000))
    with pytest.raises(
        InputError,
        match=r"A file may take up to 1 MB in memory, but zeros\.npz would take 2 MB\. "
        r"Put less into one file: fewer channels, or a shorter stretch of time\.",
    ):
        list_channels(tmp_path / "zeros.npz")
