"""Arrays come back as they were saved, and nothing else is ever loaded."""

import io
import pickle
import time
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.lib import format as npy

from cbam_viz.errors import InputError
from cbam_viz.signals.readers import list_channels, read_signal

NOISE = np.random.default_rng(2).normal(size=300)
rows = arrays.arrays(
    st.sampled_from(["<f8", ">f8", "<f4", "<i2", ">i4", "u1"]),
    st.integers(2, 50),
    unique=True,
    elements=st.integers(0, 200),
)


class Bomb:
    """Says so if it is ever unpickled."""

    def __reduce__(self):
        return pytest.fail, ("a pickle was loaded",)


@given(row=rows)
def test_any_row_of_numbers_comes_back(tmp_path_factory, row):
    """A saved row of any number type comes back sample by sample, from .npy and from both kinds of .npz."""
    folder = tmp_path_factory.mktemp("npy")
    np.save(folder / "a.npy", row)
    np.savez(folder / "b.npz", x=row)
    np.savez_compressed(folder / "c.npz", x=row)
    for path in folder.iterdir():
        assert [channel.samples for channel in list_channels(path)] == [len(row)]
        np.testing.assert_array_equal(read_signal(path, fs=10).samples, row)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("shape", [(300, 3), (3, 300), (1, 300), (300, 1), (1, 300, 3), (3, 1, 300)])
def test_the_longer_axis_is_time(tmp_path, shape, order):
    """In a plane of samples the longer axis is time and the other counts the channels; axes of length 1 say nothing."""
    stacked = np.stack([NOISE, 2 * NOISE, 3 * NOISE])[: np.prod(shape) // 300]
    time_last = shape[-1] == 300
    plane = stacked.reshape(shape) if time_last else stacked.T.reshape(shape)
    np.save(tmp_path / "plane.npy", np.asarray(plane, order=order))
    channels = list_channels(tmp_path / "plane.npy")
    names = ["channel 1", "channel 2", "channel 3"] if len(stacked) == 3 else ["channel"]
    assert [(channel.name, channel.samples) for channel in channels] == [(name, 300) for name in names]
    for factor, name in enumerate(names, 1):
        np.testing.assert_array_equal(read_signal(tmp_path / "plane.npy", name, fs=10).samples, factor * NOISE)


def test_a_file_describes_itself(tmp_path):
    """``samples`` with ``fs``, ``unit``, ``shaft_hz`` and ``bearing`` needs no typing."""
    np.savez(tmp_path / "own.npz", samples=NOISE, fs=48_828, unit="g", shaft_hz=25, bearing="NICE")
    signal = read_signal(tmp_path / "own.npz")
    assert (signal.channel, signal.fs, signal.unit, signal.shaft_hz, signal.bearing) == (
        "samples",
        48_828,
        "g",
        25,
        "NICE",
    )
    np.testing.assert_array_equal(signal.samples, NOISE)


def test_every_array_is_a_channel(tmp_path):
    """Arrays of one .npz are channels by name, planes by name and number; what is no row of numbers is left out."""
    np.savez(tmp_path / "many.npz", a=NOISE, plane=np.ones((2, 9)), word=np.array(["x", "y"]), one=3.0, z=1j * NOISE)
    assert [channel.name for channel in list_channels(tmp_path / "many.npz")] == ["a", "plane 1", "plane 2"]


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (1j * NOISE, "channel is complex"),
        (np.ones((3, 4, 5)), "channel has 3 dimensions"),
        (np.array(["a", "b"]), "channel holds no numbers"),
        (np.array(1.0), "channel is a single number"),
        (np.array([]), "channel is empty"),
        (np.zeros(3, [("a", "f8"), ("b", "f8")]), "channel holds no numbers"),
        (np.array(["2020-01-01"] * 3, "M8[s]"), "channel holds no numbers"),
    ],
)
def test_what_is_no_row_of_real_numbers_is_refused(tmp_path, array, reason):
    """An array that can be no channel is refused, and the message says why."""
    np.save(tmp_path / "odd.npy", array)
    with pytest.raises(InputError, match=rf"one row or column of real numbers, but odd\.npy holds none \({reason}\)"):
        list_channels(tmp_path / "odd.npy")


def test_objects_are_never_loaded(tmp_path):
    """An array of objects is refused before its pickle is touched, in .npy and .npz, and so is a bare pickle."""
    bombs = np.array([Bomb(), Bomb()], object)
    np.save(tmp_path / "bomb.npy", bombs, allow_pickle=True)
    np.savez(tmp_path / "bomb.npz", samples=bombs)
    np.savez(tmp_path / "fuse.npz", samples=NOISE, fs=np.array([Bomb()], object))
    (tmp_path / "bare.npy").write_bytes(pickle.dumps(Bomb()))
    for name in ("bomb.npy", "bomb.npz"):
        with pytest.raises(InputError, match="holds objects, which are never loaded"):
            read_signal(tmp_path / name, fs=10)
    with pytest.raises(InputError, match="cannot be read as one"):
        read_signal(tmp_path / "bare.npy", fs=10)
    np.testing.assert_array_equal(read_signal(tmp_path / "fuse.npz", fs=10).samples, NOISE)  # its rate is passed over
    with pytest.raises(InputError, match="sampling rate"):
        read_signal(tmp_path / "fuse.npz")


@pytest.mark.parametrize("name", ["Fs", "sampling_rate", "SampleRate"])
def test_a_rate_in_a_npz_has_many_names(tmp_path, name):
    """The names in common use state a rate here as they do in every other format."""
    np.savez(tmp_path / "own.npz", acc=NOISE, **{name: 25_600.0})

    assert read_signal(tmp_path / "own.npz").fs == 25_600


def test_no_channel_takes_the_name_of_another(tmp_path):
    """Rows of a plane are numbered; where another array has such a name, both can still be read."""
    np.savez(tmp_path / "twins.npz", **{"acc": np.stack([NOISE, 2 * NOISE]), "acc 1": 3 * NOISE})
    names = [channel.name for channel in list_channels(tmp_path / "twins.npz")]
    firsts = {read_signal(tmp_path / "twins.npz", name, fs=10).samples[0] / NOISE[0] for name in names}

    assert len(set(names)) == 3
    assert firsts == {1, 2, 3}


def test_so_many_impacts_that_they_fill_the_memory_are_refused(tmp_path):
    """As numbers of Python they take many times their place in the file."""
    np.savez_compressed(tmp_path / "many.npz", samples=NOISE, fs=10, impacts=np.arange(10_000_000))
    with pytest.raises(InputError, match="in memory"):
        read_signal(tmp_path / "many.npz")


@pytest.mark.parametrize("ending", ["zip", "npz", "xlsx"])
def test_an_archive_of_too_many_or_nameless_parts_is_refused(tmp_path, ending):
    """Its directory alone would take more memory than a signal; a part without a name is damage."""
    for name, parts in (("crowd", [f"{number}.txt" for number in range(10_001)]), ("nameless", [""])):
        with zipfile.ZipFile(tmp_path / f"{name}.{ending}", "w") as archive:
            for part in parts:
                archive.writestr(zipfile.ZipInfo(part), b"")

    with pytest.raises(InputError, match="up to 10000 parts, but crowd"):
        list_channels(tmp_path / f"crowd.{ending}")
    with pytest.raises(InputError, match="cannot be read as one"):
        list_channels(tmp_path / f"nameless.{ending}")


def header_only(shape, dtype="<f8"):
    """The header of an array without its data."""
    stream = io.BytesIO()
    npy.write_array_header_1_0(stream, {"descr": dtype, "fortran_order": False, "shape": shape})
    return stream.getvalue()


def test_a_header_may_not_promise_what_is_not_there(tmp_path):
    """A small file whose header speaks of 8 TB is refused without asking for the memory."""
    (tmp_path / "liar.npy").write_bytes(header_only((10**12,)))
    with zipfile.ZipFile(tmp_path / "liar.npz", "w") as archive:
        archive.writestr("samples.npy", header_only((10**12,)))
    for name in ("liar.npy", "liar.npz"):
        with pytest.raises(InputError, match="it holds 0 of 8000000000000 bytes"):
            list_channels(tmp_path / name)


def test_a_zip_bomb_is_refused_by_its_directory(tmp_path):
    """An archive that would expand to more than 512 MB is refused before any of it is expanded."""
    with zipfile.ZipFile(tmp_path / "bomb.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("samples.npy", bytes(1_000))
        archive.infolist()[0].file_size = 520_000_000  # goes into the directory as the archive is closed
    with pytest.raises(InputError, match=r"may take up to 512 MB in memory, but bomb\.npz would take 520 MB"):
        list_channels(tmp_path / "bomb.npz")


def test_an_archive_is_looked_through_once(tmp_path):
    """Four times the single numbers take no more than about four times as long, not sixteen."""

    def taken(count):
        np.savez(tmp_path / "x.npz", x=NOISE, **{f"value {number}": np.float64(number) for number in range(count)})
        began = time.process_time()
        list_channels(tmp_path / "x.npz")
        return time.process_time() - began

    assert taken(1_000) < 8 * taken(250)
