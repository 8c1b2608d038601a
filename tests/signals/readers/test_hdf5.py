"""HDF5 files as h5py writes them come back, also those of MATLAB 7.3; nothing that lies elsewhere is followed."""

import struct
import zlib
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cbam_viz.errors import InputError
from cbam_viz.signals.readers import hdf5, list_channels, read_signal
from cbam_viz.signals.readers.hdf5_objects import MOST_OBJECTS

NOISE = np.random.default_rng(5).normal(size=300)
SECRET = np.random.default_rng(6).normal(size=300)
PACKED = {"chunks": (7,), "maxshape": (None,), "compression": "gzip"}
STORED = {
    "as it is": {},
    "in chunks": {"chunks": (7,), "maxshape": (None,)},
    "packed": PACKED,
    "packed after a shuffle": {**PACKED, "shuffle": True},
    "packed and checked": {**PACKED, "shuffle": True, "fletcher32": True},
    "packed fast": {"chunks": (64,), "maxshape": (None,), "compression": "lzf"},
}
rows = arrays.arrays(
    st.sampled_from(["<f8", ">f8", "<f4", "<i2", ">i4", "u1", "u8"]),
    st.integers(2, 50),
    unique=True,
    elements=st.integers(0, 200),
)


@pytest.fixture
def write(tmp_path):
    """Open a new file; gives the file, its path is ``write.path``."""
    with h5py.File(tmp_path / "x.h5", "w") as file:
        yield file


def close(file):
    """Close a file; its path."""
    path = file.filename
    file.close()
    return Path(path)


@given(row=rows, way=st.sampled_from(list(STORED)), head=st.sampled_from([0, 512]))
@settings(derandomize=True, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_any_row_of_numbers_comes_back(tmp_path_factory, row, way, head):
    """A row of any number type comes back sample by sample, however it is stored, with or without a user's head."""
    path = tmp_path_factory.mktemp("hdf5") / "x.h5"
    with h5py.File(path, "w", userblock_size=head) as file:
        file.create_dataset("a/b", data=row, **STORED[way])
    assert [(channel.name, channel.samples) for channel in list_channels(path)] == [("a/b", len(row))]
    np.testing.assert_array_equal(read_signal(path, fs=10).samples, row)


@pytest.mark.parametrize("libver", ["earliest", "latest"])
@pytest.mark.parametrize("packing", [None, "gzip"])
@pytest.mark.parametrize("cut", [None, (2, 64), (1, 64), (3, 300), (1, 300)])
def test_planes_are_channels(tmp_path, libver, packing, cut):
    """The longer axis of a plane is time, whichever it is and however it is cut into chunks, packed or not."""
    plane, chunks = np.stack([NOISE, 2 * NOISE, 3 * NOISE]), cut or (packing and (1, 100))
    with h5py.File(tmp_path / "x.h5", "w", libver=libver) as file:
        file.create_dataset("wide", data=plane, chunks=chunks, compression=packing)
        file.create_dataset("tall", data=plane.T, chunks=chunks and chunks[::-1], compression=packing)
        deep = chunks and (1, *chunks, 1)
        file.create_dataset("deep", data=plane.reshape(1, 3, 300, 1), chunks=deep, compression=packing)
    names = [f"{name} {number}" for name in ("deep", "tall", "wide") for number in (1, 2, 3)]
    assert [channel.name for channel in list_channels(tmp_path / "x.h5")] == names
    for name in names:
        samples = read_signal(tmp_path / "x.h5", name, fs=10).samples
        np.testing.assert_array_equal(samples, int(name[-1]) * NOISE)


@pytest.mark.parametrize("names", [("acquisition/ch0/waveform", "acquisition/ch1/waveform"), ("a/b/x", "a/y", "b/x")])
def test_channels_stand_in_the_order_of_the_file(write, names):
    """Whatever groups they lie in, the channels are listed as the file lists them, and the first is the default."""
    for name in reversed(names):
        write[name] = NOISE
    assert [channel.name for channel in list_channels(close(write))] == list(names)


@pytest.mark.parametrize("unit", ["kHz", "kS/s", "furlong"])
def test_the_unit_of_a_rate_may_stand_beside_it(write, unit):
    """A rate is in the unit that is stated of it, and is open where that is not known."""
    write["x"] = NOISE
    write.attrs["fs"], write.attrs["fs_unit"] = 20, unit
    assert list_channels(close(write))[0].fs == (None if unit == "furlong" else 20_000)


@pytest.mark.parametrize("across", [0, 1])
def test_lists_tell_each_channel_of_a_plane(write, across):
    """Lists of words, as many as there are channels, are their names and units; a list of another length is none."""
    for name in ("x", "y"):
        write[name] = np.stack([NOISE, 2 * NOISE], across)
        write[name].attrs["units"] = ["g", "mV"]
    write["x"].attrs["channel_names"] = ["DE", "NDE"]
    write["y"].attrs["channel_names"] = ["DE", "NDE", "BA"]
    path = close(write)

    known = [(channel.name, channel.unit) for channel in list_channels(path)]
    assert known == [("x DE", "g"), ("x NDE", "mV"), ("y 1", "g"), ("y 2", "mV")]
    np.testing.assert_array_equal(read_signal(path, "x NDE", fs=10).samples, 2 * NOISE)


def test_many_parts_come_in_order(tmp_path):
    """A long packed row comes back as one, though it is read part by part."""
    long = np.arange(3 * hdf5.PART + 11, dtype="i4")
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file.create_dataset("x", data=long, chunks=(1000,), compression="lzf")
    np.testing.assert_array_equal(read_signal(tmp_path / "x.h5", fs=10).samples, long)


def test_what_was_never_written_is_the_fill_value(write):
    """Chunks that are not there have the value that the file says, as h5py gives it."""
    data = write.create_dataset("x", (90,), "f8", chunks=(30,), fillvalue=2.5)
    data[30:60] = NOISE[:30]
    expected = data[()]
    np.testing.assert_array_equal(read_signal(close(write), fs=10).samples, expected)


def test_a_chunk_may_have_been_left_as_it_is(write):
    """Where the writer left a filter out for one chunk, that chunk comes back too."""
    data = write.create_dataset("x", (300,), "f8", chunks=(100,), compression="gzip")
    data[:] = NOISE
    data.id.write_direct_chunk((100,), NOISE[100:200].tobytes(), filter_mask=1)
    np.testing.assert_array_equal(read_signal(close(write), fs=10).samples, NOISE)


@pytest.mark.parametrize("unpacked", [NOISE[100:199], NOISE[99:200]])
def test_a_packed_chunk_of_another_length_is_refused(write, unpacked):
    """A chunk that unpacks to fewer samples than a chunk has, or to more, is no part of a whole file."""
    data = write.create_dataset("x", (300,), "f8", chunks=(100,), compression="gzip")
    data[:] = NOISE
    data.id.write_direct_chunk((100,), zlib.compress(unpacked.tobytes()))
    with pytest.raises(InputError, match=r"x\.h5 cannot be read as one \(a piece does not unpack to 800 bytes\)"):
        read_signal(close(write), fs=10)


@pytest.mark.parametrize("shuffle", [False, True])
def test_a_flipped_bit_in_a_packed_chunk_is_noticed(write, shuffle):
    """Whatever gzip packed is held against its checksum."""
    data = write.create_dataset("x", data=NOISE, chunks=(300,), compression="gzip", shuffle=shuffle)
    place = data.id.get_chunk_info(0)
    path = close(write)
    content = bytearray(path.read_bytes())
    content[place.byte_offset + place.size // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"must be an HDF5 file, whole and not renamed, but x\.h5 cannot be read"):
        read_signal(path, fs=10)


@pytest.mark.parametrize(
    ("name", "value", "fs"),
    [
        ("fs", 25_600, 25_600),
        ("Fs_Hz", 25_600.0, 25_600),
        ("sampling_rate", np.float32(12_800), 12_800),
        ("SamplingRate", "48000", 48_000),
        ("Sample Rate (Hz)", np.array([8_000]), 8_000),
        ("sampling_frequency", 97_656.25, 97_656.25),
        ("dt", 1 / 25_600, 25_600),
        ("wf_increment", 1 / 3, 3),
        ("SampleRate_kHz", 20, 20_000),
        ("dt_ms", 0.5, 2_000),
        ("color", 5.0, None),
        ("fs", "fast", None),
        ("dt", 0.0, None),
    ],
)
@pytest.mark.parametrize("place", ["", "run", "run/acc", "beside"])
def test_a_rate_is_found_where_it_is_usual(write, name, value, fs, place):
    """Attributes of the array, its group or the file, and numbers beside the array, state rate or step."""
    write["run/acc"] = NOISE
    if place == "beside":
        write[f"run/{name}"] = value
    else:
        write[place or "/"].attrs[name] = value
    assert [(channel.name, channel.fs) for channel in list_channels(close(write))] == [("run/acc", fs)]


def test_what_stands_closest_holds(write):
    """A rate and a unit at the array win over those of its group, these over those of the file."""
    for place, fs, unit in (("/", 1, "V"), ("run", 2, "g"), ("run/b", 3, "m/s²")):
        if place == "run":
            for name in ("a", "run/a", "run/b"):
                write[name] = NOISE
        write[place].attrs.update(fs=fs, units=unit)
    channels = list_channels(close(write))
    assert [(channel.name, channel.fs, channel.unit) for channel in channels] == [
        ("a", 1, "V"), ("run/a", 2, "g"), ("run/b", 3, "m/s²"),
    ]  # fmt: skip


@pytest.mark.parametrize("unit", ["m/s²", np.bytes_("g"), np.array(["mV"], h5py.string_dtype())])
def test_a_unit_may_be_any_kind_of_text(write, unit):
    """Text of fixed or free length, alone or in an array of one."""
    write["acc"] = NOISE
    write["acc"].attrs["unit"] = unit
    (channel,) = list_channels(close(write))
    assert channel.unit in ("m/s²", "g", "mV")


def test_a_public_recording_is_known_in_hdf5_too(write):
    """The keys of CWRU tell what they tell in a .mat, and win over what is stated."""
    write["X105_DE_time"] = NOISE
    write.attrs["fs"] = 1.0
    signal = read_signal(close(write))
    assert (signal.fs, signal.unit, signal.bearing, signal.recording) == (12_000, "g", "6205", "105")


# ---------------------------------------------------------------- MATLAB 7.3


@pytest.fixture
def matlab(tmp_path):
    """Write variables as MATLAB does with -v7.3."""

    def put(group, variables):
        for name, value in variables.items():
            if isinstance(value, dict):
                put(group.create_group(name), value)
                group[name].attrs["MATLAB_class"] = np.bytes_("struct")
            elif isinstance(value, str):
                letters = np.frombuffer(value.encode("utf-16-le"), "<u2")[:, None]
                group[name] = letters
                group[name].attrs.update(MATLAB_class=np.bytes_("char"), MATLAB_int_decode=np.int32(2))
            else:
                group[name] = np.atleast_2d(value).T
                group[name].attrs["MATLAB_class"] = np.bytes_("double")

    def save(variables, name="x.mat", **beside):
        path = tmp_path / name
        with h5py.File(path, "w", userblock_size=512) as file:
            put(file, variables)
            for key, value in beside.items():
                file[key] = value
        with path.open("r+b") as file:
            file.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(124) + b"\0\2IM")
        return path

    return save


def test_a_file_of_mfpt_in_version_7_3_needs_no_typing(matlab):
    """The struct of MFPT gives rate and speed; its channel is named as in the other versions."""
    bearing = {"sr": 48_828.0, "gs": NOISE, "load": "300", "rate": 25.0}
    path = matlab({"bearing": bearing, "FTF": 14.8375}, "InnerRaceFault_vload_7.mat")
    signal = read_signal(path)
    assert [channel.name for channel in list_channels(path)] == ["bearing.gs"]
    assert (signal.fs, signal.shaft_hz, signal.unit, signal.bearing) == (48_828, 25, "g", "NICE")
    assert (signal.recording, signal.notes) == ("InnerRaceFault_vload_7", ("MFPT recording at a load of 300 lb.",))
    np.testing.assert_array_equal(signal.samples, NOISE)


def test_a_file_of_cwru_in_version_7_3_needs_no_typing(matlab):
    """The keys of CWRU give rate, unit, bearing, and the speed is the file's own; the drive end comes first."""
    path = matlab({"X105_BA_time": 2 * NOISE, "X105_DE_time": NOISE, "X105RPM": 1800.0}, "105.mat")
    signal = read_signal(path)
    assert (signal.channel, signal.fs, signal.unit, signal.shaft_hz) == ("X105_DE_time", 12_000, "g", 30)
    np.testing.assert_array_equal(signal.samples, NOISE)


def test_columns_of_matlab_are_channels(matlab):
    """MATLAB stores a plane turned over; its columns are channels all the same."""
    path = matlab({"two": np.stack([NOISE, 2 * NOISE], 1), "fs": 50.0, "unit": "m/s²"})
    assert [(channel.name, channel.fs, channel.unit) for channel in list_channels(path)] == [
        ("two 1", 50, "m/s²"), ("two 2", 50, "m/s²"),
    ]  # fmt: skip
    np.testing.assert_array_equal(read_signal(path, "two 2").samples, 2 * NOISE)


def test_what_matlab_keeps_for_itself_is_no_channel(matlab):
    """Neither the cells that references point to, nor a sparse matrix, nor an empty one."""
    path = matlab({"x": NOISE, "s": {"data": NOISE, "ir": NOISE}, "e": [0.0, 0.0]}, **{"#refs#/a": NOISE})
    with h5py.File(path, "r+") as file:
        file["s"].attrs["MATLAB_sparse"] = np.uint64(300)
        file["e"].attrs["MATLAB_empty"] = np.uint8(1)
    assert [channel.name for channel in list_channels(path)] == ["x"]


# ---------------------------------------------------------------- what is not followed, and what is damaged


@pytest.fixture
def elsewhere(tmp_path):
    """Another file on the same machine, which nobody asked to read."""
    with h5py.File(tmp_path / "secret.h5", "w") as file:
        file["x"] = SECRET
    SECRET.tofile(tmp_path / "secret.bin")
    return tmp_path


def virtual(file, folder):
    """A dataset that shows another file's."""
    layout = h5py.VirtualLayout((300,), "f8")
    layout[:] = h5py.VirtualSource(folder / "secret.h5", "x", (300,))
    file.create_virtual_dataset("x", layout)


def reference(file, folder):
    """A dataset of references."""
    file["g/y"] = 1.0
    file.create_dataset("x", data=[file["g"].ref] * 3, dtype=h5py.ref_dtype)


def region(file, folder):
    """A dataset of references to parts of another."""
    data = file.create_dataset("g/y", data=1.0, shape=(1,))
    file.create_dataset("x", (3,), h5py.regionref_dtype)[0] = data.regionref[:]


OUTSIDE = {
    "is a soft link, which is not followed": lambda file, folder: file.update(x=h5py.SoftLink("/nowhere")),
    "is a link to another file, which is not followed": lambda file, folder: file.update(
        x=h5py.ExternalLink(str(folder / "secret.h5"), "/x")
    ),
    "is a virtual dataset, which is not followed": virtual,
    "lies in another file, which is not read": lambda file, folder: file.create_dataset(
        "x", (300,), "f8", external=[(folder / "secret.bin", 0, 2400)]
    ),
    "holds references, which are not followed": reference,
    "holds references, which are not followed: to a region": region,
}


@pytest.mark.parametrize(("reason", "put"), OUTSIDE.items(), ids=OUTSIDE)
def test_nothing_outside_the_file_is_read(write, elsewhere, reason, put):
    """A link, a virtual dataset, external samples and references are refused by name, and are no channel beside one."""
    put(write, elsewhere)
    path = close(write)
    with pytest.raises(
        InputError, match=rf"row or column of real numbers, but x\.h5 holds none \(x {reason.split(':')[0]}"
    ):
        list_channels(path)
    with h5py.File(path, "r+") as file:
        file["own"] = NOISE
    assert [channel.name for channel in list_channels(path)] == ["own"]
    with pytest.raises(InputError, match=r"A channel is one of own, but x\.h5 has no 'x'"):
        read_signal(path, "x", fs=10)


def test_groups_may_be_linked_in_a_circle(write):
    """Each group is walked once, and each array is one channel, however many names it has."""
    write["a/b/x"] = NOISE
    write["a/b/up"], write["again"] = write["a"], write["a/b/x"]
    assert len(list_channels(close(write))) == 1


def test_too_many_objects_are_refused(write):
    """A file of more groups than a person can look through is refused."""
    for number in range(MOST_OBJECTS + 1):
        write.create_group(f"{number}")
    with pytest.raises(InputError, match=f"it holds more than {MOST_OBJECTS} objects"):
        list_channels(close(write))


def test_a_bomb_is_refused_by_its_shape(write):
    """An array that says it has 600 MB is refused before it is unpacked, though it takes a few kB in the file."""
    write.create_dataset("x", (75_000_000,), "f8", chunks=(1_000_000,), compression="gzip")[:1_000_000] = 0
    path = close(write)
    assert path.stat().st_size < 100_000
    assert [channel.samples for channel in list_channels(path)] == [75_000_000]
    with pytest.raises(InputError, match=r"may take up to 512 MB in memory, but x\.h5 would take 600 MB"):
        read_signal(path, fs=10)


def test_a_chunk_that_unpacks_to_too_much_is_refused(write):
    """A row of bytes in one chunk of which each unpacks to more than the limit is refused by the size of the chunk."""
    write.create_dataset("x", (2, 10), "u1", chunks=(30_000, 20_000), maxshape=(None, None), compression="gzip")
    with pytest.raises(InputError, match=r"but x\.h5 would take 600 MB"):
        read_signal(close(write), fs=10)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (1j * NOISE, "is complex"),
        (NOISE.astype([("real", "f8")]), "holds no numbers"),
        (np.zeros(4, [("real", "f8"), ("imag", "f8")]), "is complex"),
        (np.ones((2, 3, 4)), "has 3 dimensions"),
        (np.array([b"ab", b"cd"]), "holds no numbers"),
        (h5py.Empty("f8"), "is empty"),
        (np.empty((0, 3)), "is empty"),
    ],
)
def test_what_is_no_row_of_real_numbers_is_refused(write, value, reason):
    """A file without a row of real numbers is refused, and the message says why."""
    write["x"] = value
    with pytest.raises(InputError, match=rf"real numbers, but x\.h5 holds none \(x {reason}\)"):
        list_channels(close(write))


def test_a_flipped_bit_in_a_checked_chunk_is_noticed(write):
    """A chunk that carries a checksum is held against it."""
    write.create_dataset("x", data=NOISE, chunks=(300,), fletcher32=True)
    path = close(write)
    content = bytearray(path.read_bytes())
    content[content.index(NOISE[:3].tobytes())] ^= 1
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"must be an HDF5 file, whole and not renamed, but x\.h5 cannot be read"):
        read_signal(path, fs=10)


def test_a_unit_of_times_may_be_an_attribute(tmp_path):
    """Times in ms by their attribute give a rate a thousand times that of the same numbers in s."""
    with h5py.File(tmp_path / "timed.h5", "w") as file:
        file["acc"] = np.arange(500.0) % 7
        file["time"] = np.arange(500) / 10
        file["time"].attrs["units"] = "ms"

    assert list_channels(tmp_path / "timed.h5")[0].fs == 10_000


def test_an_attribute_that_can_not_be_read_is_passed_over(tmp_path):
    """Empty ones, and those whose name is no text, leave the file readable."""
    with h5py.File(tmp_path / "odd.h5", "w") as file:
        acc = file.create_dataset("acc", data=np.arange(500.0) % 7)
        acc.attrs["cal"] = h5py.Empty("f8")
        acc.attrs["unit"] = h5py.Empty("S1")
        space = h5py.h5s.create(h5py.h5s.SCALAR)
        h5py.h5a.create(acc.id, "Gr\u00f6\u00dfe".encode("latin-1"), h5py.h5t.IEEE_F64LE, space)
        acc.attrs["fs"] = 1000.0

    assert [(each.name, each.fs) for each in list_channels(tmp_path / "odd.h5")] == [("acc", 1000)]


def test_cells_and_arrays_of_structs_are_read(tmp_path):
    """MATLAB keeps them as references into its own file; they bear the names that they have in older versions."""
    with h5py.File(tmp_path / "runs.mat", "w") as file:
        kept = file.create_group("#refs#")
        cell = file.create_dataset("cell", (2, 1), h5py.ref_dtype)
        cell.attrs["MATLAB_class"] = np.bytes_("cell")
        runs = file.create_group("runs")
        runs.attrs["MATLAB_class"] = np.bytes_("struct")
        fields = {name: runs.create_dataset(name, (2, 1), h5py.ref_dtype) for name in ("y", "fs")}
        for number in range(2):
            for name, values in (
                ("y", np.arange(300.0) + number),
                ("fs", [[1000.0 * (number + 1)]]),
                ("c", [1.0] * 90),
            ):
                kept[f"{name}{number}"] = values
                kept[f"{name}{number}"].attrs["MATLAB_class"] = np.bytes_("double")
                (cell if name == "c" else fields[name])[number, 0] = kept[f"{name}{number}"].ref
    found = {channel.name: channel for channel in list_channels(tmp_path / "runs.mat")}

    assert set(found) == {"cell(1)", "cell(2)", "runs(1).y", "runs(2).y"}
    assert (found["runs(1).y"].fs, found["runs(2).y"].fs) == (1000, 2000)
    assert read_signal(tmp_path / "runs.mat", "runs(2).y").samples[0] == 1


def test_two_ways_with_one_name_are_two_channels(tmp_path):
    """In a file of MATLAB, ``a.b`` may be one variable or a field; neither hides the other."""
    with h5py.File(tmp_path / "dot.mat", "w") as file:
        file["a.b"], file["a/b"] = np.arange(300.0), -np.arange(400.0)
    names = [channel.name for channel in list_channels(tmp_path / "dot.mat")]

    assert {len(read_signal(tmp_path / "dot.mat", name, fs=10).samples) for name in names} == {300, 400}


def test_a_cell_that_lies_elsewhere_is_not_followed(tmp_path):
    """What a cell of MATLAB points to is read from the file itself, never through another one."""
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file["acc"] = NOISE
        file["#refs#/hidden"] = SECRET
        address = h5py.h5o.get_info(file["#refs#/hidden"].id).addr
        (tmp_path / "references.bin").write_bytes(address.to_bytes(8, "little"))
        cell = file.create_dataset("cell", (1,), h5py.ref_dtype, external=[(tmp_path / "references.bin", 0, 8)])
        cell.attrs["MATLAB_class"] = np.bytes_("cell")
    assert [channel.name for channel in list_channels(tmp_path / "x.h5")] == ["acc"]


def test_chunks_that_overlap_are_refused(tmp_path):
    """Packed chunks together take no more bytes than the file has; so no file makes its reader read it many times."""
    with h5py.File(tmp_path / "x.h5", "w", libver="earliest") as file:
        dataset = file.create_dataset("x", data=NOISE, chunks=(10,), compression="gzip")
        chunks = [dataset.id.get_chunk_info(index) for index in range(30)]
    content = (tmp_path / "x.h5").read_bytes() + bytes(5_000)
    for chunk in chunks:  # in the B-tree: size, filters left out, where in the row, and where in the file
        key = struct.pack("<IIQQQ", chunk.size, 0, *chunk.chunk_offset, 0, chunk.byte_offset)
        assert content.count(key) == 1
        content = content.replace(key, struct.pack("<I", 5_000) + key[4:])
    (tmp_path / "x.h5").write_bytes(content)
    with pytest.raises(InputError, match="its chunks overlap"):
        read_signal(tmp_path / "x.h5", fs=10)
