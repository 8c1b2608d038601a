"""Several files in one archive are several signals, each as its own reader gives it."""

import io
import tempfile
import zipfile

import numpy as np
import pytest
import scipy.io

from cbam_viz.errors import InputError
from cbam_viz.signals.readers import archive, checks, list_channels, read_signal

NOISE = np.random.default_rng(2).normal(size=400)


def npz(**arrays):
    """An .npz file."""
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def mat(**variables):
    """A .mat file."""
    stream = io.BytesIO()
    scipy.io.savemat(stream, variables)
    return stream.getvalue()


TABLE = b"time (s),acc (m/s^2),volts (V)\n" + b"".join(
    b"%.3f,%.6f,%.6f\n" % (number / 1e3, value, -value) for number, value in enumerate(NOISE)
)
ONE = npz(samples=NOISE, fs=1e3, unit="g")


@pytest.fixture
def pack(tmp_path):
    """Writes an archive of these files, and gives its path."""

    def write(files, packing=zipfile.ZIP_DEFLATED):
        with zipfile.ZipFile(tmp_path / "x.zip", "w", packing) as packed:
            for name, content in files.items():
                packed.writestr(name, content)
        return tmp_path / "x.zip"

    return write


def names(path):
    """The names of an archive's channels."""
    return [channel.name for channel in list_channels(path)]


def test_channels_are_named_after_their_files(pack):
    """A file of one channel gives its name to it, one of several stands before each of theirs."""
    path = pack({"day 1/a.csv": TABLE, "b.npz": ONE})
    assert names(path) == ["day 1/a.csv · acc", "day 1/a.csv · volts", "b.npz"]


def test_each_file_is_read_as_if_it_stood_alone(pack, tmp_path):
    """Samples, rate, unit and notes are those of the file itself."""
    (tmp_path / "a.csv").write_bytes(TABLE)
    path = pack({"b.npz": ONE, "a.csv": TABLE})
    for packed, channel in (("a.csv · acc", "acc"), ("a.csv · volts", "volts")):
        one, other = read_signal(path, packed), read_signal(tmp_path / "a.csv", channel)
        assert (one.digest, one.unit, one.notes) == (other.digest, other.unit, other.notes)
        assert (one.name, one.channel) == ("x.zip", packed)
    first = read_signal(path)
    assert (first.channel, first.fs, first.unit) == ("b.npz", 1e3, "g")
    np.testing.assert_array_equal(first.samples, NOISE)


def test_public_recordings_are_recognised_by_their_own_names(pack):
    """A file of CWRU inside an archive is known by the name it has there."""
    content = mat(X098_DE_time=NOISE[:, None], X099_DE_time=NOISE[::-1, None], X099RPM=1750.0)
    channel, other = list_channels(pack({"normal/99.mat": content}))
    assert (channel.name, channel.recording) == ("normal/99.mat · X099_DE_time", "99")
    assert other.name == "normal/99.mat · X098_DE_time"


def test_what_is_no_signal_file_is_passed_over(pack):
    """Archives inside, hidden files and files of other formats do not matter beside one that can be read."""
    path = pack(
        {"read.me": b"words", "in.zip": b"PK", "__MACOSX/._b.npz": b"\0", ".x.csv": b"", "f/": b"", "b.npz": ONE}
    )
    assert names(path) == ["b.npz"]
    assert read_signal(path).notes == ()


LEFT_OUT = "Left out, since they cannot be read: "


def test_a_damaged_file_is_left_out_and_said(pack):
    """The others can be read, and each tells which could not and why; a list says it once."""
    path = pack({"empty.csv": b"", "b.npz": ONE, "d/c.npz": ONE})
    said = f"{LEFT_OUT}empty.csv: A file must hold samples, but empty.csv is empty (0 bytes). Save or copy it again."
    assert [(channel.name, channel.note) for channel in list_channels(path)] == [("b.npz", said), ("d/c.npz", "")]
    assert read_signal(path, "b.npz").notes == read_signal(path, "d/c.npz").notes == (said,)


def test_of_many_damaged_files_the_first_few_say_why(pack):
    """What is left out is told in a few sentences."""
    (channel,) = list_channels(pack({**{f"{number}.csv": b"" for number in range(7)}, "b.npz": ONE}))
    assert channel.note.count("is empty") == 3
    assert channel.note.endswith(" And 4 more.")


def test_a_file_damaged_by_the_way_is_left_out(pack):
    """What does not fit its checksum is not read."""
    path = pack({"a.csv": TABLE, "b.npz": ONE}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(TABLE[:40], TABLE[:40].replace(b"time", b"tame")))
    assert list_channels(path)[0].note.startswith(f"{LEFT_OUT}a.csv: A .csv file must be packed without damage")


def test_if_nothing_can_be_read_the_first_says_why(pack):
    """The advice for an archive without a readable file ends with that for its first."""
    with pytest.raises(InputError) as raised:
        list_channels(pack({"empty.csv": b"", "words.csv": b"how are you"}))
    assert str(raised.value) == (
        "A .zip file must hold a signal file that can be read, but x.zip holds none: A file must hold samples, but "
        "empty.csv is empty (0 bytes). Save or copy it again."
    )


@pytest.mark.parametrize("files", [{}, {"in.zip": b"PK", "read.me": b"words"}])
def test_an_archive_without_a_signal_file_lists_what_is_read(pack, files):
    """An archive inside an archive is no signal file."""
    with pytest.raises(InputError, match=rf"files of \.csv, .*, but x\.zip holds none of them \({len(files)} others\)"):
        list_channels(pack(files))


def test_nothing_is_written_outside_the_folder(pack, tmp_path, monkeypatch):
    """A name that climbs out of the folder or begins at the root is only a name."""
    store = tmp_path / "store" / "inner"
    store.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(store))
    climbing = ["../../up.npz", "/root.npz", "..\\..\\back.npz", "c:\\drive.npz", "a" * 300 + ".npz"]
    path = pack(dict.fromkeys(climbing, ONE))
    assert len(names(path)) == len(climbing)
    np.testing.assert_array_equal(read_signal(path, names(path)[0]).samples, NOISE)
    assert sorted(tmp_path.rglob("*")) == [store.parent, store, path]


def test_too_many_files_are_refused(pack, monkeypatch):
    """The number of files is bounded, whatever their size."""
    monkeypatch.setattr(archive, "MOST_MEMBERS", 2)
    with pytest.raises(InputError, match=r"up to 2 signal files, but x\.zip holds 3\. Pack them into several"):
        list_channels(pack(dict.fromkeys(["a.npz", "b.npz", "c.npz"], ONE)))


def test_a_bomb_is_refused_by_its_directory(pack, monkeypatch):
    """Nothing is unpacked of an archive that would take too much."""
    monkeypatch.setattr(checks, "MAX_EXPANDED_BYTES", 1_000_000)
    monkeypatch.setattr(archive, "_unpack", None)
    with pytest.raises(InputError, match=r"may take up to 1 MB in memory, but x\.zip would take 2 MB"):
        list_channels(pack({"a.csv": b"1\n" * 500_000, "b.csv": b"2\n" * 500_000}))


@pytest.mark.parametrize("promised", [100, 10**6])
def test_a_lying_directory_gets_nothing_unpacked_beyond_its_word(pack, promised):
    """A file that is longer or shorter than the directory says is left out."""
    path = pack({"a.csv": TABLE, "b.npz": ONE})
    place = (content := bytearray(path.read_bytes())).index(b"PK\1\2") + 24
    content[place : place + 4] = promised.to_bytes(4, "little")
    path.write_bytes(content)
    assert names(path) == ["b.npz"]


def test_an_encrypted_file_is_refused(pack):
    """A password is never asked for."""
    path = pack({"a.csv": TABLE, "b.npz": ONE})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"but x\.zip needs a password for 1 of 2 files\. Pack it again without one\."):
        list_channels(path)


def test_a_rare_way_of_packing_is_left_out(pack):
    """LZMA may ask for any amount of memory before the first byte, so it is not unpacked."""
    with pytest.raises(InputError, match=r"cannot be read as one \(packing method 14\)"):
        list_channels(pack({"b.npz": ONE}, zipfile.ZIP_LZMA))
