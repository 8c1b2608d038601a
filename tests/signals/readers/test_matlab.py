"""MATLAB files as scipy writes them come back, whatever their version, and structs are opened."""

import struct
import zlib

import numpy as np
import pytest
import scipy.io
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cbam_viz.errors import InputError
from cbam_viz.signals.readers import list_channels, matlab_variables, read_signal

NOISE = np.random.default_rng(3).normal(size=300)
WAYS = [{"format": "4"}, {"format": "5"}, {"format": "5", "do_compression": True}]
rows = arrays.arrays(
    st.sampled_from(["f8", "f4", "i2", "i4", "u1", "u2"]),
    st.integers(2, 40),
    unique=True,
    elements=st.integers(0, 200),
)


@pytest.fixture
def save(tmp_path):
    """Save variables and give the path."""

    def savemat(variables, name="x.mat", **options):
        scipy.io.savemat(tmp_path / name, variables, **options)
        return tmp_path / name

    return savemat


@given(row=rows, way=st.sampled_from(WAYS), oned_as=st.sampled_from(["row", "column"]))
def test_any_row_of_numbers_comes_back(tmp_path_factory, row, way, oned_as):
    """A row or column of any number type comes back sample by sample, in version 4, 5 and 7."""
    path = tmp_path_factory.mktemp("mat") / "x.mat"
    scipy.io.savemat(path, {"x": row}, oned_as=oned_as, **way)
    assert [(channel.name, channel.samples) for channel in list_channels(path)] == [("x", len(row))]
    np.testing.assert_array_equal(read_signal(path, fs=10).samples, row)


@pytest.mark.parametrize("way", WAYS)
def test_planes_are_channels(save, way):
    """The longer axis of a plane is time, whichever it is."""
    planes = {"tall": np.stack([NOISE, 2 * NOISE], 1), "wide": np.stack([3 * NOISE, 4 * NOISE])}
    path = save(planes, **way)
    assert {channel.name for channel in list_channels(path)} == {"tall 1", "tall 2", "wide 1", "wide 2"}
    for factor, name in enumerate(("tall 1", "tall 2", "wide 1", "wide 2"), 1):
        np.testing.assert_array_equal(read_signal(path, name, fs=10).samples, factor * NOISE)


def test_a_file_of_cwru_needs_no_typing(save):
    """The keys of CWRU give rate, unit, bearing and speed; the speed is the file's own."""
    keys = {f"X105_{place}_time": NOISE[:, None] for place in ("BA", "FE", "DE")}
    path = save({**keys, "X105RPM": 1800}, "105.mat")
    signal = read_signal(path)
    assert (signal.channel, signal.fs, signal.unit, signal.bearing) == ("X105_DE_time", 12_000, "g", "6205")
    assert signal.shaft_hz == 30
    assert read_signal(path, "X105_FE_time").bearing == "6205"


def test_99_is_not_98(save):
    """99.mat holds the variables of 98 first; without a choice the drive end of 99 is read, at 48 kHz."""
    path = save(
        {"X098_DE_time": NOISE, "X098_FE_time": NOISE, "X099_DE_time": 9 * NOISE, "X099_FE_time": NOISE}, "99.mat"
    )
    signal = read_signal(path)
    assert (signal.channel, signal.fs) == ("X099_DE_time", 48_000)
    np.testing.assert_array_equal(signal.samples, 9 * NOISE)
    assert signal.shaft_hz == pytest.approx(1750 / 60)


def test_a_48_khz_fault_file_is_asked_for(save):
    """A record whose number is not in the table has no rate, and the message says what it may be."""
    path = save({"X109_DE_time": NOISE, "X109RPM": 1797}, "109.mat")
    with pytest.raises(
        InputError, match=r"109\.mat does not tell it\. CWRU record 109 may have been taken at 12000 or at 48000 Hz"
    ):
        read_signal(path)
    assert read_signal(path, fs=48_000).fs == 48_000


@pytest.mark.parametrize("compress", [False, True])
def test_a_file_of_mfpt_needs_no_typing(save, compress):
    """The struct of MFPT gives rate and shaft speed; the frequencies beside it are no channels."""
    bearing = {"sr": 48_828, "gs": NOISE[:, None], "load": "300", "rate": 25}
    path = save({"bearing": bearing, "FTF": 14.8375, "BPFO": 81.125}, do_compression=compress)
    signal = read_signal(path)
    assert [channel.name for channel in list_channels(path)] == ["bearing.gs"]
    assert (signal.fs, signal.shaft_hz, signal.unit, signal.bearing) == (48_828, 25, "g", "NICE")
    assert signal.notes == ("MFPT recording at a load of 300 lb.",)
    np.testing.assert_array_equal(signal.samples, NOISE)


def test_structs_and_cells_are_opened(save):
    """Vectors are found inside structs in structs, arrays of structs and cells, each by a name that tells the way."""
    cell = np.empty(2, object)
    cell[:] = [NOISE, "words"]
    runs = np.array([(NOISE, 1.0), (2 * NOISE, 2.0)], dtype=[("y", object), ("gain", object)])
    path = save({"top": {"inner": {"x": NOISE}, "empty": {}}, "runs": runs, "cell": cell, "fs": 50})
    assert {channel.name for channel in list_channels(path)} == {"top.inner.x", "runs(1).y", "runs(2).y", "cell(1)"}
    np.testing.assert_array_equal(read_signal(path, "runs(2).y").samples, 2 * NOISE)
    assert read_signal(path, "cell(1)").fs == 50


@pytest.mark.parametrize("way", WAYS)
def test_a_single_fs_is_the_rate(save, way):
    """A single number named fs, in any case of letters, is the sampling rate."""
    assert read_signal(save({"y": NOISE, "Fs": 25_600.0}, **way)).fs == 25_600


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (1j * NOISE, "x is complex"),
        (np.ones((2, 3, 4)), "x has 3 dimensions"),
        ("words", ""),
        (3.0, ""),
        (np.empty((0, 0)), "x is empty"),
        (scipy.sparse.csc_array(np.eye(5)), "x holds no numbers"),
    ],
)
def test_what_is_no_row_of_real_numbers_is_refused(save, value, reason):
    """A file without a row of real numbers is refused, and the message says why."""
    with pytest.raises(InputError, match=rf"real numbers, but x\.mat holds none{f' .{reason}.' if reason else ''}"):
        list_channels(save({"x": value}))


@pytest.mark.parametrize(
    "head", [b"MATLAB 7.3 MAT-file".ljust(124) + b"\0\2IM" + bytes(400), b"\x89HDF\r\n\x1a\n" + bytes(99)]
)
def test_a_damaged_file_of_version_7_3_is_refused_as_hdf5(tmp_path, head):
    """Version 7.3 is HDF5, and its reader says what is wrong (`test_hdf5` has the whole ones)."""
    (tmp_path / "new.mat").write_bytes(head)
    with pytest.raises(
        InputError, match=r"A \.mat file must be an HDF5 file, whole and not renamed, but new\.mat cannot"
    ):
        list_channels(tmp_path / "new.mat")


def big_endian(row):
    """A level 5 file of one variable ``x`` as a big-endian computer writes it."""
    data = row.astype(">f8").tobytes()
    body = struct.pack(">IIII", 6, 8, 6, 0) + struct.pack(">IIii", 5, 8, len(row), 1)
    body += struct.pack(">HH", 1, 1) + b"x\0\0\0" + struct.pack(">II", 9, len(data)) + data
    return b"MATLAB 5.0 MAT-file".ljust(124) + b"\1\0MI" + struct.pack(">II", 14, len(body)) + body


def test_the_byte_order_does_not_matter(tmp_path):
    """A big-endian file comes back like any other."""
    (tmp_path / "big.mat").write_bytes(big_endian(NOISE))
    np.testing.assert_array_equal(read_signal(tmp_path / "big.mat", fs=10).samples, NOISE)


def test_an_unknown_type_of_number_does_not_end_the_process(save):
    """A type number outside the format makes the variable unreadable; it is never used as an index."""
    path = save({"x": NOISE})
    content = bytearray(path.read_bytes())
    place = content.index(struct.pack("<II", 9, 8 * len(NOISE)))
    content[place] = 200
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"x holds no numbers"):
        list_channels(path)


def compressed(claimed, actual):
    """A level 5 file of one compressed element that claims a number of bytes and holds another."""
    packed = zlib.compress(struct.pack("<II", 14, claimed) + bytes(actual))
    return b"MATLAB 5.0 MAT-file".ljust(124) + b"\0\1IM" + struct.pack("<II", 15, len(packed)) + packed


def test_a_bomb_is_refused_by_its_header(tmp_path):
    """A compressed variable that says it takes 600 MB is refused before it is expanded."""
    (tmp_path / "bomb.mat").write_bytes(compressed(600_000_000, 1_000))
    with pytest.raises(InputError, match=r"may take up to 512 MB in memory, but bomb\.mat would take 600 MB"):
        list_channels(tmp_path / "bomb.mat")


def test_a_bomb_that_lies_is_not_expanded(tmp_path):
    """A compressed variable that holds more than it says is expanded as far as it says, then refused."""
    (tmp_path / "liar.mat").write_bytes(compressed(1_000, 50_000_000))
    with pytest.raises(InputError, match="a compressed variable is cut, or longer than the 1000 bytes it says"):
        list_channels(tmp_path / "liar.mat")


def test_a_flipped_bit_in_a_compressed_file_is_noticed(save):
    """A compressed variable carries a checksum, and it is held."""
    path = save({"x": np.arange(1000.0)}, do_compression=True)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(InputError, match="incorrect data check"):
        list_channels(path)


def test_a_cell_of_endless_places_is_refused(tmp_path, monkeypatch):
    """A small packed file may unpack to millions of elements, each far larger in memory: there may be only so many."""
    monkeypatch.setattr(matlab_variables, "MOST_ELEMENTS", 1_000)
    head = struct.pack("<IIII", 6, 8, 1, 0) + struct.pack("<IIii", 5, 8, 1, 1_000) + struct.pack("<HH4s", 1, 1, b"c")
    cell = head + 1_000 * struct.pack("<HH4s", 1, 1, b"")
    packed = zlib.compress(struct.pack("<II", 14, len(cell)) + cell)
    content = b"MATLAB 5.0 MAT-file".ljust(124) + b"\0\1IM" + struct.pack("<II", 15, len(packed)) + packed
    (tmp_path / "many.mat").write_bytes(content)
    with pytest.raises(InputError, match="it holds more than 1000 elements"):
        list_channels(tmp_path / "many.mat")


def test_a_file_of_endless_variables_is_refused(save, monkeypatch):
    """Version 4 packs nothing, but an archive may: there may be only so many variables."""
    monkeypatch.setattr(matlab_variables, "MOST_ELEMENTS", 20)
    path = save({f"x{number}": NOISE[:2] for number in range(20)}, format="4")
    assert len(list_channels(path)) == 20
    path.write_bytes(2 * path.read_bytes())
    with pytest.raises(InputError, match="it holds more than 20 variables"):
        list_channels(path)


@pytest.mark.parametrize("way", WAYS[1:])
def test_a_long_text_is_no_name(save, way):
    """A text of a million letters is neither decoded nor a channel, and what lies beside it is read."""
    path = save({"story": "x" * 1_000_000, "acc": NOISE}, **way)
    assert [channel.name for channel in list_channels(path)] == ["acc"]


def test_a_number_without_end_is_no_record(save):
    """A variable named like one of CWRU, but with more digits than a number can have, is a channel like any other."""
    name = f"X{'1' * 40}_DE_time"
    assert [channel.recording for channel in list_channels(save({name: NOISE}, long_field_names=True))] == [None]
