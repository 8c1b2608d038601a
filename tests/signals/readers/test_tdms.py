"""TDMS files as npTDMS writes them come back, scaled, with the rate and unit of their properties."""

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from nptdms import ChannelObject, GroupObject, RootObject, TdmsWriter

from cbam_viz.errors import InputError
from cbam_viz.signals.readers import list_channels, read_signal
from cbam_viz.signals.readers.tdms import MOST_INDEXES

NOISE = np.random.default_rng(7).normal(size=300)
EMPTY_SEGMENT = b"TDSm" + struct.pack("<IIQQ", 0, 4712, 0, 0)
rows = arrays.arrays(
    st.sampled_from(["f8", "f4", "i2", "i4", "u1", "u2", "i8"]),
    st.integers(2, 40),
    unique=True,
    elements=st.integers(0, 100),
)


@pytest.fixture
def write(tmp_path):
    """Write segments of objects and give the path."""

    def save(*segments, name="x.tdms", **options):
        with TdmsWriter(tmp_path / name, **options) as writer:
            for segment in segments:
                writer.write_segment(segment)
        return tmp_path / name

    return save


@given(row=rows, cuts=st.integers(1, 4), version=st.sampled_from([4712, 4713]))
@settings(derandomize=True, max_examples=40)
def test_any_row_of_numbers_comes_back(tmp_path_factory, row, cuts, version):
    """A row of any number type comes back sample by sample, in one segment or in several."""
    path = tmp_path_factory.mktemp("tdms") / "x.tdms"
    with TdmsWriter(path, version=version) as writer:
        for part in np.array_split(row, cuts):
            if len(part):
                writer.write_segment([ChannelObject("run", "acc", part)])
    assert [(channel.name, channel.samples) for channel in list_channels(path)] == [("run/acc", len(row))]
    np.testing.assert_array_equal(read_signal(path, fs=10).samples, row)


def test_channels_are_named_by_group_and_name(write):
    """Each channel of numbers of each group is one; words and times are none."""
    others = [ChannelObject("a", "word", ["x", "y"]), ChannelObject("a", "when", np.arange(9).astype("M8[us]"))]
    path = write([ChannelObject("a", "x/1", NOISE), ChannelObject("b", "x/1", 2 * NOISE), *others])
    assert [channel.name for channel in list_channels(path)] == ["a/x/1", "b/x/1"]
    np.testing.assert_array_equal(read_signal(path, "b/x/1", fs=10).samples, 2 * NOISE)


def test_interleaved_samples_are_told_apart(write):
    """Channels whose samples alternate in the file come back each as its own."""
    path = write([ChannelObject("a", "x", NOISE), ChannelObject("a", "y", 2 * NOISE)])
    content = bytearray(path.read_bytes())
    content[4] |= 1 << 5
    content[-2 * NOISE.nbytes :] = np.stack([NOISE, 2 * NOISE], 1).tobytes()
    path.write_bytes(content)
    for factor, name in enumerate(("a/x", "a/y"), 1):
        np.testing.assert_array_equal(read_signal(path, name, fs=10).samples, factor * NOISE)


@pytest.mark.parametrize(("step", "fs"), [(1 / 25_600, 25_600), (1 / 3, 3), (1 / 97_656.25, 97_656.25), (0.0, None)])
def test_the_step_gives_the_rate(write, step, fs):
    """The rate is one over ``wf_increment``, whole if it is whole but for rounding."""
    path = write([ChannelObject("a", "x", NOISE, {"wf_increment": step})])
    assert [channel.fs for channel in list_channels(path)] == [fs]


@pytest.mark.parametrize(
    ("name", "unit", "second"), [("Time", None, 1.0), ("Time", "ms", 1e-3), ("time_us", None, 1e-6)]
)
def test_a_channel_of_times_gives_the_rate_of_those_beside_it(write, name, unit, second):
    """Even times are no channel; they give the rate of their own group's channels alone."""
    told = {"unit_string": unit} if unit else {}
    times = ChannelObject("run", name, np.arange(len(NOISE)) / 500 / second, told)
    others = [ChannelObject(group, "acc", NOISE, {"unit_string": "g"}) for group in ("run", "rest")]
    channels = list_channels(write([times, *others]))
    assert {(channel.name, channel.fs, channel.unit) for channel in channels} == {
        ("run/acc", 500, "g"),
        ("rest/acc", None, "g"),
    }


@pytest.mark.parametrize(("unit", "fs"), [("s", 10), ("", 10), ("Hz", None), ("m", None)])
def test_a_step_that_is_no_time_gives_no_rate(write, unit, fs):
    """A spectrum has a step too, but it is no time."""
    path = write([ChannelObject("a", "x", NOISE, {"wf_increment": 0.1, "wf_xunit_string": unit})])
    assert [channel.fs for channel in list_channels(path)] == [fs]


@pytest.mark.parametrize("key", ["unit_string", "NI_UnitDescription"])
def test_the_unit_is_read(write, key):
    """Both properties in which LabVIEW writes a unit are known; the channel's wins over that of its group."""
    path = write([
        RootObject({"fs": 5.0}), GroupObject("a", {key: "V"}), ChannelObject("a", "x", NOISE, {key: "m/s^2"}),
        ChannelObject("a", "y", NOISE),
    ])  # fmt: skip
    assert [(channel.fs, channel.unit) for channel in list_channels(path)] == [(5, "m/s²"), (5, "V")]


def test_samples_are_scaled_as_the_file_says(write):
    """A linear scale turns the numbers of the converter into those of the unit."""
    scale = {
        "NI_Scaling_Status": "unscaled", "NI_Number_Of_Scales": 1, "NI_Scale[0]_Scale_Type": "Linear",
        "NI_Scale[0]_Linear_Slope": 0.5, "NI_Scale[0]_Linear_Y_Intercept": 3.0,
        "NI_Scale[0]_Linear_Input_Source": 0xFFFFFFFF,
    }  # fmt: skip
    counts = np.arange(50, dtype="i2")
    path = write([ChannelObject("a", "x", counts, scale)])
    np.testing.assert_array_equal(read_signal(path, fs=10).samples, 0.5 * counts + 3)


def test_a_file_of_index_beside_it_is_not_opened(write):
    """What lies beside an uploaded file is not looked at."""
    path = write([ChannelObject("a", "x", NOISE)])
    path.with_name("x.tdms_index").write_bytes(b"nonsense")
    assert [channel.name for channel in list_channels(path)] == ["a/x"]


@pytest.mark.parametrize("next_segment", [b"\xff" * 8, struct.pack("<Q", 10_000)])
def test_a_segment_that_is_cut_is_refused(write, next_segment):
    """A segment that has no end, or one behind that of the file, makes the recording a part of one."""
    path = write([ChannelObject("a", "x", NOISE)])
    content = bytearray(path.read_bytes())
    content[12:20] = next_segment
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"but x\.tdms cannot be read as one \(its last segment is cut\)"):
        list_channels(path)


def test_segments_without_end_are_refused_before_they_are_kept(write):
    """A file of very many empty segments is counted first, and refused."""
    path = write([ChannelObject("a", "x", NOISE)])
    path.write_bytes(path.read_bytes() + EMPTY_SEGMENT * MOST_INDEXES)
    with pytest.raises(InputError, match=rf"up to {MOST_INDEXES} segments times channels, but x\.tdms has at least"):
        list_channels(path)


def test_what_the_library_warns_of_is_not_printed(write, capfd):
    """A version that npTDMS does not know is read without a word."""
    path = write([ChannelObject("a", "x", NOISE)])
    content = bytearray(path.read_bytes())
    content[8:12] = struct.pack("<I", 4_000)
    path.write_bytes(content)
    assert len(list_channels(path)) == 1
    assert capfd.readouterr() == ("", "")


def test_a_mix_of_two_kinds_of_channels_is_damage(write):
    """What npTDMS refuses with the plainest of exceptions is advice too."""
    path = write([ChannelObject("a", "x", NOISE), ChannelObject("a", "y", NOISE)])
    content = bytearray(path.read_bytes())
    index = content.rindex(struct.pack("<III", 20, 10, 1))  # length of the raw index, type, dimension
    scaler = (1, 3, 0, 0, 0, 0)  # their number; type, buffer, offset, bitmap, identity
    daqmx = struct.pack("<IIIQ8I", 0x1269, 0xFFFFFFFF, 1, 300, *scaler, 1, 8)
    content[index : index + 20] = daqmx
    for place in (12, 20):  # where the next segment and the samples begin
        content[place : place + 8] = struct.pack("<Q", struct.unpack_from("<Q", content, place)[0] + len(daqmx) - 20)
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"x\.tdms cannot be read as one \(Cannot read"):
        read_signal(path, fs=10)


def test_a_file_without_numbers_is_refused(write):
    """Words alone are no recording."""
    with pytest.raises(InputError, match=r"real numbers, but x\.tdms holds none \(a/x holds no numbers\)"):
        list_channels(write([ChannelObject("a", "x", ["one", "two"])]))
