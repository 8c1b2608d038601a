"""Parquet and Feather come back as pyarrow and pandas write them; a column of times gives the rate."""

import struct

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from pyarrow import feather, parquet

from cbam_viz.errors import InputError
from cbam_viz.signals.readers import checks, list_channels, read_signal
from cbam_viz.signals.readers.arrow_pages import unpacked_pages

NOISE = np.random.default_rng(9).normal(size=300)
WAYS = {
    "x.parquet": ["none", "snappy", "gzip", "zstd", "lz4", "brotli"],
    "x.feather": ["uncompressed", "lz4", "zstd"],
}
NAMES = list(WAYS)
rows = arrays.arrays(
    st.sampled_from(["f8", "f4", "f2", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]),
    st.integers(2, 50),
    unique=True,
    elements=st.integers(0, 100),
)


def write_table(path, table, compression=None, rows_a_group=None):
    """Write a table in the format of the extension."""
    if path.suffix == ".parquet":
        parquet.write_table(table, path, compression=compression or "snappy", row_group_size=rows_a_group)
    else:
        feather.write_feather(table, path, compression=compression, chunksize=rows_a_group)
    return path


@pytest.fixture(params=NAMES)
def write(request, tmp_path):
    """Write columns in each format, and give the path."""

    def save(columns, metadata=None, **options):
        table = columns if isinstance(columns, pa.Table) else pa.table(columns)
        return write_table(tmp_path / request.param, table.replace_schema_metadata(metadata), **options)

    return save


@pytest.mark.parametrize("name", NAMES)
@given(row=rows, way=st.integers(0, 5), size=st.integers(2, 60))
@settings(derandomize=True, max_examples=40)
def test_any_row_of_numbers_comes_back(tmp_path_factory, name, row, way, size):
    """A column of any number type comes back sample by sample, however it is packed, in one piece or several."""
    ways = WAYS[name]
    path = write_table(tmp_path_factory.mktemp("arrow") / name, pa.table({"x": row}), ways[way % len(ways)], size)
    assert [(channel.name, channel.samples) for channel in list_channels(path)] == [("x", len(row))]
    np.testing.assert_array_equal(read_signal(path, fs=10).samples, row)


def test_columns_of_numbers_are_channels(write):
    """Words, dates, lists and decimals are no channels; names with dots and truths are."""
    columns = {"a.b": NOISE, "words": ["x"] * 300, "list": [[1.0, 2.0]] * 300, "b": 2 * NOISE}
    columns["money"] = pa.array([1] * 300, pa.decimal128(9, 2))
    columns["kinds"] = pa.array(["p", "q"] * 150).dictionary_encode()
    columns["flag"] = [True, False] * 150
    path = write(columns)
    assert [channel.name for channel in list_channels(path)] == ["a.b", "b", "flag"]
    np.testing.assert_array_equal(read_signal(path, "a.b", fs=10).samples, NOISE)
    np.testing.assert_array_equal(read_signal(path, "b", fs=10).samples, 2 * NOISE)
    np.testing.assert_array_equal(read_signal(path, "flag", fs=10).samples, [1, 0] * 150)


def test_equal_names_are_made_distinct(write):
    """Every channel can be picked by name, even if two columns are headed alike or not at all."""
    path = write(pa.Table.from_arrays([pa.array(NOISE), pa.array(2 * NOISE), pa.array(3 * NOISE)], ["a", "a", ""]))
    names = [channel.name for channel in list_channels(path)]
    assert names == ["a", "a 2", "column 3"]
    for factor, name in enumerate(names, 1):
        np.testing.assert_array_equal(read_signal(path, name, fs=10).samples, factor * NOISE)


@pytest.mark.parametrize(
    ("name", "step", "fs"),
    [("time", 1 / 12_207, 12_207), ("t_ms", 0.25, 4_000), ("Time [µs]", 100, 10_000), ("timestamp (s)", 0.1, 10)],
)
def test_a_column_of_times_gives_the_rate(write, name, step, fs):
    """Times are known by their name and its unit; they are no channel."""
    path = write({"acc": NOISE, name: np.arange(300) * step})
    assert [(channel.name, channel.fs) for channel in list_channels(path)] == [("acc", fs)]
    assert read_signal(path).notes == ("The sampling rate was read from the column of times.",)


@pytest.mark.parametrize(
    "kind",
    [pa.timestamp("us"), pa.timestamp("ns", "Europe/Berlin"), pa.duration("us"), pa.time64("us"), pa.time32("ms")],
)
def test_dates_and_durations_are_times(write, kind):
    """A column whose type is time gives the rate, whatever it is called; dates of today lose no digits."""
    start = {"timestamp": 1_700_000_000}.get(str(kind)[:9], 0)
    unit = {"us": 10**6, "ns": 10**9, "ms": 10**3}[kind.unit]
    counts = np.arange(300) * unit // 1_000 + start * unit
    when = pa.array(counts.astype("i4") if kind == pa.time32("ms") else counts).cast(kind)
    path = write({"when": when, "acc": NOISE})
    assert [(channel.name, channel.fs) for channel in list_channels(path)] == [("acc", 1_000)]


@pytest.mark.parametrize(
    ("times", "note"),
    [
        (np.delete(np.arange(301), 50), "Its times are uneven, with steps from 1000 to 2000 ms, so they give no"),
        ([None, *range(299)], "Some of its times are missing, so they give no"),
        (np.zeros(300), "Its times are uneven, with steps from 0 to 0 ms"),
    ],
)
def test_uneven_times_give_no_rate(write, times, note):
    """A lost sample is noticed, and the message says why the rate is asked for."""
    path = write({"time": pa.array(times, pa.float64()), "acc": NOISE})
    with pytest.raises(InputError, match=f"does not tell it. {note}"):
        read_signal(path)
    assert read_signal(path, fs=10).notes[0].startswith(note)


def test_metadata_state_rate_and_unit(write):
    """What a column's metadata state wins over the table's, and both over times and the head of the column."""
    own = pa.field("b", pa.float64(), metadata={"fs": "25600", "unit": "m/s²"})
    schema = pa.schema(
        [pa.field("time", pa.float64()), pa.field("a (V)", pa.float64()), own, pa.field("c", pa.float64())]
    )
    table = pa.Table.from_arrays([np.arange(300) / 10, NOISE, NOISE, NOISE], schema=schema)
    path = write(table, {"fs": "50", "unit": "g"})
    assert [(channel.name, channel.fs, channel.unit) for channel in list_channels(path)] == [
        ("a", 50, "V"), ("b", 25_600, "m/s²"), ("c", 50, "g"),
    ]  # fmt: skip
    assert [channel.fs for channel in list_channels(write(table))] == [10, 25_600, 10]


def test_what_metadata_tell_stays_beside_a_column_of_times(write):
    """A circuit and its pulse are known whether the rate is stated or read from times."""
    path = write({"time": np.arange(300) / 10, "out (V)": NOISE}, {"circuit": "sallen_key", "pulse_s": "2.5"})
    (channel,) = list_channels(path)
    assert (channel.fs, channel.circuit, channel.pulse_s) == (10, "sallen_key", 2.5)


def test_a_missing_sample_is_a_gap(write):
    """A cell without a number is refused or bridged like any gap, also among whole numbers and truths."""
    columns = {
        "float": pa.array([1.0, None, 3.0]), "whole": pa.array([1, None, 3]), "truth": pa.array([True, None, False])
    }  # fmt: skip
    path = write(columns)
    for name in columns:
        with pytest.raises(InputError, match="holds 1 that are not"):
            read_signal(path, name, fs=10)
    assert read_signal(path, "whole", fs=10, interpolate=True).samples.tolist() == [1, 2, 3]


@pytest.mark.parametrize("name", NAMES)
def test_what_pandas_writes_is_read(tmp_path, name):
    """Rows that pandas numbered are no channel; rows that it dated are times."""
    frame = pd.DataFrame({"acc": NOISE}, index=pd.date_range("2024-01-01", periods=300, freq="1ms"))
    if name == "x.parquet":
        frame.to_parquet(tmp_path / name)
        assert [(channel.name, channel.fs) for channel in list_channels(tmp_path / name)] == [("acc", 1_000)]
        frame.index = [*range(299), 7]
        frame.to_parquet(tmp_path / name)
    else:
        frame.reset_index(drop=True).to_feather(tmp_path / name)
    assert [(channel.name, channel.fs) for channel in list_channels(tmp_path / name)] == [("acc", None)]


def test_a_public_recording_is_known_by_its_columns(write):
    """The keys of CWRU tell what they tell in a .mat; the drive end comes first."""
    path = write({"X105_FE_time": NOISE, "X105_DE_time": NOISE})
    assert [(channel.name[5:7], channel.fs, channel.unit) for channel in list_channels(path)] == [
        ("DE", 12_000, "g"), ("FE", 12_000, "g"),
    ]  # fmt: skip


def test_a_bomb_is_refused_by_its_rows(write):
    """70 million equal numbers take kilobytes in the file, and are refused by their number before they are unpacked."""
    zeros = pa.chunked_array([pa.nulls(10_000_000, pa.int8()).fill_null(0)] * 7)
    path = write({"x": zeros}, compression="zstd", rows_a_group=10_000_000)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(InputError, match=r"may take up to 512 MB in memory, but x\.\w+ would take 560 MB"):
        list_channels(path)


def test_a_column_is_held_against_the_limit_by_the_footer(tmp_path, monkeypatch):
    """What Parquet's footer says of a column's size counts, before a page is unpacked."""
    path = write_table(tmp_path / "x.parquet", pa.table({"x": np.arange(1_000.0)}), "none")
    monkeypatch.setattr(checks, "MAX_EXPANDED_BYTES", 8_000)
    with pytest.raises(InputError, match=r"may take up to 0\.008 MB in memory, but x\.parquet would take 0 MB"):
        read_signal(path, fs=10)


def test_a_page_that_lies_is_not_unpacked(tmp_path):
    """A batch that says it holds 400 numbers and unpacks to 800 MB is refused before it is unpacked."""
    count = 100_000_000
    path = write_table(tmp_path / "x.feather", pa.table({"x": np.zeros(count)}), "zstd", count)
    honest, lie = struct.pack("<q", count), struct.pack("<q", 400)
    assert path.read_bytes().count(honest) == 2
    path.write_bytes(path.read_bytes().replace(honest, lie))
    with pytest.raises(InputError, match=r"may take up to 512 MB in memory, but x\.feather would take 800 MB"):
        list_channels(path)


def test_pages_add_up_to_what_the_footer_says(tmp_path):
    """The pages of a column, walked one by one, unpack to what the honest footer says without their headers."""
    values = np.random.default_rng(0).integers(0, 50, 20_000).astype(float)
    path = tmp_path / "x.parquet"
    parquet.write_table(pa.table({"x": values}), path, compression="gzip", data_page_size=1_000, row_group_size=5_000)
    footer = parquet.read_metadata(path)
    chunks = [footer.row_group(group).column(0) for group in range(footer.num_row_groups)]
    content = memoryview(path.read_bytes())
    pages = [unpacked_pages(content, chunk.dictionary_page_offset, chunk.total_compressed_size) for chunk in chunks]
    told = [chunk.total_uncompressed_size for chunk in chunks]
    assert all(0.5 * size < page < size for page, size in zip(pages, told, strict=True))


def test_a_page_lies_in_the_file():
    """A place before the file is damage, though Python counts it from the end."""
    with pytest.raises(ValueError, match="before the file"):
        unpacked_pages(memoryview(bytes(100)), -50, 10)


@pytest.mark.parametrize("block", [b"\x15\x00\x00", b"\x1c" * 40, b"\x15" + b"\xff" * 20, b"\x1b\x00"])
def test_a_page_without_a_size_is_damage(block):
    """A header that lacks its sizes, has no bottom, or holds what none holds."""
    with pytest.raises((ValueError, IndexError)):
        unpacked_pages(memoryview(block), 0, 10)


def test_a_file_without_numbers_is_refused(write):
    """Words alone are no recording, nor are times, nor no rows."""
    with pytest.raises(InputError, match=r"holds none \(a holds no numbers\)"):
        list_channels(write({"a": ["x", "y"]}))
    with pytest.raises(InputError, match=r"real numbers, but x\.\w+ holds none\. Save"):
        list_channels(write({"time": [0.0, 1.0]}))
    with pytest.raises(InputError, match=r"holds none \(a is empty\)"):
        list_channels(write({"a": pa.array([], pa.float64())}))


def test_feather_of_version_1_is_refused(tmp_path):
    """The first version of Feather is another format, which nothing writes any more."""
    (tmp_path / "old.feather").write_bytes(b"FEA1" + bytes(100) + b"FEA1")
    with pytest.raises(InputError, match=r"must be as Apache Arrow writes it, whole and not renamed, but old\.feather"):
        list_channels(tmp_path / "old.feather")
