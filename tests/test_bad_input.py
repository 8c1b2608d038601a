"""Bad input of every kind: one sentence in three parts, the same in the study and on the command line, exit code 2."""

import pickle
import re
import shutil
import zipfile

import h5py
import numpy as np
import pyarrow as pa
import pytest
from nptdms import ChannelObject, TdmsWriter
from pyarrow import feather, parquet

from cbam_viz.datasets.samples import SAMPLE_DATA
from cbam_viz.errors import InputError
from cbam_viz.network.card import PRETRAINED
from cbam_viz.network.checkpoint import read_network
from cbam_viz.studies.explain import explain

FS = 12_207
THREE_PARTS = re.compile(r"[A-Z][^.].*, but .+\. [A-Z].+\.", re.DOTALL)
"""What must hold, what was found, what to do."""


def noise(count=4_500):
    """Samples of which nothing is wrong."""
    return np.random.default_rng(0).normal(size=count)


def with_gap(value, length=3):
    """Samples with a gap from sample 700."""
    samples = noise()
    samples[700 : 700 + length] = value
    return samples


def save(**arrays):
    """Writes arrays as .npz."""
    return lambda path: np.savez(path, **arrays)


def text(content):
    """Writes a text."""
    return lambda path: path.write_text(content, encoding="utf-8")


def cut_sample(path):
    """Writes the first half of a shipped recording."""
    content = (SAMPLE_DATA / "inner_300lb.npz").read_bytes()
    path.write_bytes(content[: len(content) // 2])


def zip_bomb(path):
    """Writes an archive whose directory announces more than the limit."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("samples.npy", bytes(1_000))
        archive.infolist()[0].file_size = 520_000_000


def large(path):
    """Writes a file of 201 MB that takes no room on the disk."""
    with path.open("wb") as stream:
        stream.truncate(201_000_000)


def linked(path):
    """Writes an HDF5 file whose one channel lies in another file."""
    with h5py.File(path, "w") as file:
        file["x"] = h5py.ExternalLink("/etc/hostname", "/x")


def hdf5_bomb(path):
    """Writes an HDF5 file of kilobytes that unpacks to 600 MB."""
    with h5py.File(path, "w") as file:
        file.create_dataset("x", (75_000_000,), "f8", chunks=(1_000_000,), compression="gzip")


def table_bomb(write):
    """Writes a table of kilobytes that unpacks to 560 MB."""
    zeros = pa.chunked_array([pa.nulls(10_000_000, pa.int8()).fill_null(0)] * 7)
    return lambda path: write(pa.table({"x": zeros}), path, compression="zstd")


def words_in_tdms(path):
    """Writes a TDMS file of words."""
    with TdmsWriter(path) as writer:
        writer.write_segment([ChannelObject("log", "notes", ["on", "off"])])


COLUMNS = "\n".join(f"{value:.5f},{-value:.5f}" for value in noise())
BAD = {
    "missing file": ("gone.npz", lambda path: None, "there is none at", {}),
    "empty file": ("empty.csv", text(""), "empty.csv is empty (0 bytes)", {}),
    "words": ("words.csv", text("speed was not noted\n" * 50), "the first 51 lines of words.csv hold none", {}),
    "words among numbers": ("some.csv", text(COLUMNS + "\nsensor,off\n"), "line 4501 of some.csv is 'sensor,off'", {}),
    "ragged columns": ("ragged.csv", text(COLUMNS + "\n1\n"), "its last line, 4501, has 1 of 2 numbers", {}),
    "truncated": ("half.npz", cut_sample, "half.npz cannot be read as one", {}),
    "renamed": (
        "song.mat", lambda path: shutil.copy(SAMPLE_DATA / "normal_1.npz", path), "song.mat begins as a .npz file", {}
    ),
    "NaN": ("nan.npz", save(x=with_gap(np.nan)), "nan.npz holds 3 that are not (NaN or Inf), the first at", {}),
    "ragged in the middle": ("mid.csv", text("1,2\n1\n" + COLUMNS), "line 2 of mid.csv has 1 of 2", {}),
    "more than a gap": ("much.npz", save(x=with_gap(np.nan, 900)), "not (NaN or Inf), the first at", {}),
    "Inf": ("inf.npz", save(x=with_gap(-np.inf, 1)), "inf.npz holds 1 that are not (NaN or Inf), the first at", {}),
    "a long gap": ("gap.npz", save(x=with_gap(np.nan, 11)), "one of up to 11 samples", {"interpolate": True}),
    "a gap at the end": ("end.npz", save(x=[*noise(), np.nan]), "one at an end of", {"interpolate": True}),
    "only gaps": ("all.npz", save(x=np.full(4_500, np.nan)), "every one is NaN or Inf", {"interpolate": True}),
    "constant": ("flat.npz", save(x=np.full(4_500, 2.5)), "all 4500 samples of flat.npz are 2.5", {}),
    "shorter than a window": ("short.npz", save(x=noise(2_047)), "short.npz lasts 0.168 s", {}),
    "complex": ("complex.npz", save(x=noise() + 1j), "complex.npz holds none (x is complex)", {}),
    "three dimensions": ("cube.npz", save(x=noise().reshape(2, 2, -1)), "(x has 3 dimensions)", {}),
    "objects": ("objects.npz", save(x=np.array([1, "words"], object)), "holds objects, which are never loaded", {}),
    "pickle": ("pickle.npy", lambda path: path.write_bytes(pickle.dumps(noise())), "pickle.npy cannot be read", {}),
    "no channel of that name": ("one.npz", save(x=noise()), "one.npz has no 'y'", {"channel": "y"}),
    "no rate": ("rate.npz", save(x=noise()), "rate.npz does not tell it", {"fs": None}),
    "an unknown unit": ("g.npz", save(x=noise(), unit="g"), "but 'parsec' was asked for", {"unit": "parsec"}),
    "rate 0": ("rate.npz", save(x=noise()), "but 0 Hz was given", {"fs": 0.0}),
    "rate below 0": ("rate.npz", save(x=noise()), "but -12207 Hz was given", {"fs": -12_207.0}),
    "rate NaN": ("rate.npz", save(x=noise()), "but nan Hz was given", {"fs": float("nan")}),
    "absurd rate": ("rate.npz", save(x=noise()), "but 1e+12 Hz was given", {"fs": 1e12}),
    "rate 0 in the file": ("told.npz", save(x=noise(), fs=0.0), "but 0 Hz was given", {"fs": None}),
    "rate below the band": ("rate.npz", save(x=noise()), "the signal is sampled at 8000 Hz", {"fs": 8_000.0}),
    "unknown extension": ("sound.mp3", text("ID3"), "sound.mp3 has the extension '.mp3'", {}),
    "above the limit": ("large.wav", large, "large.wav has 201 MB", {}),
    "unpacks above the limit": ("bomb.npz", zip_bomb, "bomb.npz would take 520 MB", {}),
    "a link to another file": ("link.h5", linked, "link.h5 holds none (x is a link to another file, which is not", {}),
    "HDF5 unpacks above the limit": ("bomb.h5", hdf5_bomb, "bomb.h5 would take 600 MB", {}),
    "Parquet unpacks above the limit": (
        "bomb.parquet", table_bomb(parquet.write_table), "bomb.parquet would take 560 MB", {}
    ),
    "Feather unpacks above the limit": (
        "bomb.feather", table_bomb(feather.write_feather), "bomb.feather would take 560 MB", {}
    ),
    "words in TDMS": ("words.tdms", words_in_tdms, "words.tdms holds none (log/notes holds no numbers)", {}),
    "renamed to UFF": ("song.unv", text("speed was not noted\n" * 50), "song.unv cannot be read as one", {}),
    "unknown network": ("fine.npz", save(x=noise()), "none is named mfpt-4", {"network": "mfpt-4"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def network():
    """A shipped network."""
    return read_network("mfpt-3")


@pytest.mark.parametrize(("name", "make", "found", "asked"), BAD.values(), ids=BAD)
def test_bad_input_gets_one_sentence_at_both_doors(tmp_path, run, network, name, make, found, asked):
    """The study raises advice in three parts; the command line prints the same, nothing else, and ends with 2."""
    make(tmp_path / name)
    asked = {"fs": FS, "network": "mfpt-3", **asked}
    options = [f"--{key}={value}" for key, value in asked.items() if value not in (None, True)]
    options += ["--interpolate"] if asked.get("interpolate") else []
    known = {**asked, "network": network if asked["network"] == "mfpt-3" else asked["network"]}
    with pytest.raises(InputError) as caught:
        explain(tmp_path / name, **known)
    sentence = str(caught.value)

    assert found in sentence
    assert THREE_PARTS.fullmatch(sentence), sentence
    assert run("explain", tmp_path / name, *options) == (2, "", sentence + "\n")


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_a_card_of_another_format_version_is_refused(tmp_path, version):
    """A card that another program wrote is not guessed at."""
    card = (PRETRAINED / "mfpt-3.json").read_text(encoding="utf-8")
    written = {None: "null", "1": '"1"'}.get(version, version)
    (tmp_path / "other.json").write_text(re.sub(r'"version": 1\b', f'"version": {written}', card), encoding="utf-8")

    with pytest.raises(InputError) as caught:
        read_network("other", tmp_path)
    assert THREE_PARTS.fullmatch(str(caught.value))
    assert f"reads cards of format version 1, but other.json has version {version}." in str(caught.value)


def test_whole_numbers_are_samples_too(tmp_path, network):
    """Integers of a recorder give the same explanation as the same numbers with a point."""
    counts = np.round(1_000 * noise()).astype(np.int16)
    np.save(tmp_path / "counts.npy", counts)
    np.save(tmp_path / "points.npy", counts.astype(np.float64))
    one, other = (explain(tmp_path / f"{name}.npy", network, fs=FS) for name in ("counts", "points"))

    np.testing.assert_array_equal(one.record.logits, other.record.logits)


def test_rows_of_a_table_are_channels(tmp_path, network):
    """Each row of a two-dimensional array is explained as if it stood alone."""
    rows = np.stack([noise(), noise()[::-1]])
    np.savez(tmp_path / "rows.npz", x=rows)
    np.savez(tmp_path / "alone.npz", x=rows[1])
    one = explain(tmp_path / "rows.npz", network, "x 2", FS)
    other = explain(tmp_path / "alone.npz", network, fs=FS)

    np.testing.assert_array_equal(one.record.logits, other.record.logits)
