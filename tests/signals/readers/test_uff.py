"""Universal files as pyuff writes them come back; what is no time response is said."""

import numpy as np
import pytest
import pyuff
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cbam_viz.errors import InputError
from cbam_viz.signals.readers import list_channels, read_signal, uff, uff_sets

NOISE = np.random.default_rng(8).normal(size=300)
OTHER = {"type": 164, "units_code": 1, "length": 1.0, "force": 1.0, "temp": 1.0, "temp_offset": 0.0}
rows = arrays.arrays(np.float64, st.integers(2, 40), unique=True, elements=st.floats(-1e9, 1e9, width=32))


def data_set(samples=NOISE, step=1e-3, **fields):
    """A time response at node 7, as pyuff takes it."""
    told = {
        "type": 58, "binary": 0, "func_type": 1, "rsp_node": 7, "rsp_dir": 3, "ref_node": 0, "ref_dir": 0,
        "data": samples, "x": np.arange(len(samples)) * step, "id1": "acc", "abscissa_spacing": 1,
        "abscissa_spec_data_type": 17, "ordinate_spec_data_type": 12, "orddenom_spec_data_type": 0,
    }  # fmt: skip
    return told | fields


@pytest.fixture
def write(tmp_path):
    """Write data sets and give the path."""

    def save(*sets, name="x.uff", force_double=True):
        (tmp_path / name).unlink(missing_ok=True)  # "overwrite" loses the header of a binary set
        pyuff.UFF(str(tmp_path / name)).write_sets([dict(told) for told in sets], force_double=force_double)
        return tmp_path / name

    return save


@given(row=rows)
@settings(derandomize=True, max_examples=40)
def test_any_row_of_numbers_comes_back(tmp_path_factory, row):
    """Binary samples come back bit by bit, those in text as pyuff reads them: to 11 digits."""
    path = tmp_path_factory.mktemp("uff") / "x.unv"
    file = pyuff.UFF(str(path))
    file.write_sets([OTHER, data_set(row, binary=1), OTHER, data_set(row, id1="text"), OTHER], "overwrite")
    binary, text = list_channels(path)
    assert (binary.name, text.name, binary.samples, text.samples) == ("acc, 7 +Z", "text, 7 +Z", len(row), len(row))
    np.testing.assert_array_equal(read_signal(path, binary.name).samples, row)
    samples = read_signal(path, text.name).samples
    np.testing.assert_array_equal(samples, pyuff.UFF(str(path)).read_sets(3)["data"])
    np.testing.assert_allclose(samples, row, rtol=1e-11)


def test_a_file_of_endless_data_sets_is_refused(write, monkeypatch):
    """Each data set takes far more memory than its few lines, so there may be only so many."""
    monkeypatch.setattr(uff_sets, "MOST_SETS", 3)
    assert len(list_channels(write(*3 * [data_set()]))) == 3
    with pytest.raises(InputError, match="it holds more than 3 data sets"):
        list_channels(write(*4 * [data_set()]))


def test_long_texts_come_in_order(write, monkeypatch):
    """Many lines are taken apart strip by strip, and come back as one row."""
    monkeypatch.setattr(uff, "_STRIP", 7)
    np.testing.assert_allclose(read_signal(write(data_set())).samples, NOISE, rtol=1e-11)


@pytest.mark.parametrize("force_double", [True, False])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"  \n"])
def test_ends_of_lines_do_not_matter(write, force_double, end):
    """Single and double precision have columns of their own; lines may end as on any computer, also with blanks."""
    path = write(OTHER, data_set(ord_data_type=2), data_set(id1="b", ord_data_type=2), force_double=force_double)
    path.write_bytes(path.read_bytes().replace(b"\n", end))
    assert len(list_channels(path)) == 2
    samples = read_signal(path, "b, 7 +Z").samples
    np.testing.assert_allclose(samples, NOISE, rtol=1e-11 if force_double else 1e-4)


def test_the_byte_order_does_not_matter(write):
    """A binary file of a big-endian computer comes back like any other."""
    path = write(data_set(binary=1))
    content = path.read_bytes().replace(b"58b     1     2", b"58b     2     2")
    path.write_bytes(content.replace(NOISE.tobytes(), NOISE.astype(">f8").tobytes()))
    np.testing.assert_array_equal(read_signal(path).samples, NOISE)


def test_bytes_that_look_like_an_end_are_samples(write):
    """Binary samples may hold the very line that ends a data set."""
    tricky = np.frombuffer(b"\n    -1\n" * 8 + b"\n    58\n" * 8, "<f8")
    path = write(data_set(tricky, binary=1), data_set(id1="b"))
    assert [channel.name for channel in list_channels(path)] == ["acc, 7 +Z", "b, 7 +Z"]
    np.testing.assert_array_equal(uff.read_channel(path, None)[1], tricky)


@pytest.mark.parametrize(
    ("step", "fs"), [(1e-3, 1_000), (1 / 25_600, 25_600), (1 / 12_207, 12_207), (1 / 51_200, 51_200), (0.3, 1 / 0.3)]
)
def test_the_step_gives_the_rate(write, step, fs):
    """A step of six digits gives the whole rate that it was written for."""
    (channel,) = list_channels(write(data_set(step=step)))
    assert channel.fs == pytest.approx(fs, rel=1e-12)


@pytest.mark.parametrize(
    ("label", "unit", "expected"),
    [("NONE", "m/s^2", "m/s²"), ("Acceleration (g)", "NONE", "g"), ("Volts [V]", "", "V"), ("NONE", "NONE", "")],
)
def test_the_unit_is_read(write, label, unit, expected):
    """The label of the unit gives it, or else what stands in brackets in that of the axis."""
    path = write(data_set(ordinate_axis_lab=label, ordinate_axis_units_lab=unit))
    assert [channel.unit for channel in list_channels(path)] == [expected]


def test_equal_names_are_made_distinct(write):
    """Every channel can be picked by name, and names tell text, node and direction."""
    path = write(data_set(), data_set(2 * NOISE), data_set(id1="NONE", rsp_dir=-2), data_set(id1="NONE", rsp_dir=0))
    assert [channel.name for channel in list_channels(path)] == ["acc, 7 +Z", "acc, 7 +Z 2", "7 -Y", "7"]
    np.testing.assert_allclose(read_signal(path, "acc, 7 +Z 2").samples, 2 * NOISE, rtol=1e-11)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"data": 1j * NOISE}, "is complex"),
        ({"func_type": 4}, "is no time response"),
        ({"abscissa_spec_data_type": 18}, "is no time response"),
        ({"abscissa_spacing": 0}, "has uneven times"),
    ],
)
@pytest.mark.parametrize("binary", [0, 1])
def test_what_is_no_time_response_is_refused(write, fields, reason, binary):
    """Spectra, complex numbers and uneven times are no channels, and the message says why; others beside them are."""
    other = data_set(binary=binary, **fields)
    with pytest.raises(InputError, match=rf"real numbers, but x\.uff holds none \(acc, 7 \+Z {reason}\)"):
        list_channels(write(other))
    assert [channel.name for channel in list_channels(write(other, data_set(id1="b")))] == ["b, 7 +Z"]


def test_a_file_without_functions_is_refused(write):
    """Geometry alone is no recording."""
    with pytest.raises(InputError, match=r"real numbers, but x\.uff holds none\. Save"):
        list_channels(write(OTHER))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"       300         1", b"       400         1", "its columns are not those of a universal file"),
        (b"       300         1", b"        -1         1", "unknown type 4 with -1 samples"),
        (b"         4       300", b"         9       300", "unknown type 9 with 300 samples"),
        (b"e-0", b"x-0", "could not convert string to float"),
        (b"1.00000e-03", b"1.0x000e-03", "could not convert string to float"),
    ],
)
def test_what_is_damaged_is_said(write, old, new, reason):
    """Each kind of damage has its own sentence."""
    path = write(data_set(), OTHER)
    path.write_bytes(path.read_bytes().replace(old, new))
    with pytest.raises(InputError, match=rf"must be a universal file, whole and not renamed, but x\.uff .*{reason}"):
        read_signal(path, fs=10)


def test_a_binary_set_of_another_computer_is_refused(write):
    """Floating-point numbers that are none of IEEE 754 are not guessed at."""
    path = write(data_set(binary=1))
    path.write_bytes(path.read_bytes().replace(b"58b     1     2", b"58b     1     3"))
    with pytest.raises(InputError, match="is binary in a way of other computers"):
        list_channels(path)


def test_a_binary_set_of_the_wrong_size_is_refused(write):
    """Behind as many samples as the header says stands the end, or the samples are none."""
    path = write(data_set(binary=1, ord_data_type=2))
    path.write_bytes(path.read_bytes().replace(b"         4       300", b"         2       300"))
    with pytest.raises(InputError, match="a data set does not end where it should"):
        list_channels(path)
