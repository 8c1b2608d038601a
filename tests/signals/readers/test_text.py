"""Text comes back as it was written, in every way in which people write numbers."""

import contextlib
import re
import time
import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cbam_viz.errors import InputError
from cbam_viz.signals.readers import checks, list_channels, read_signal
from cbam_viz.signals.readers import text as text_reader
from cbam_viz.signals.readers.times import RATE_OF_TIMES

tables = arrays.arrays(
    np.float64,
    st.tuples(st.integers(8, 30), st.integers(1, 4)),
    elements=st.floats(-1e6, 1e6).map(lambda value: round(value, 4)),
    unique=True,
)


@pytest.fixture
def write(tmp_path):
    """Write a text and give its path."""

    def write_text(text, name="x.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write_text


@pytest.mark.parametrize(
    ("separator", "comma"), [(",", False), *((separator, comma) for separator in ";\t " for comma in (False, True))]
)
@pytest.mark.parametrize("header", [False, True])
@given(table=tables)
@settings(max_examples=20)
def test_what_was_written_comes_back(tmp_path_factory, separator, comma, header, table):
    """Any table, with any separator, decimal point or comma, header or none, comes back number by number."""
    evenly = np.ptp(np.diff(table[:, 0])) < np.ptp(table[:, 0]) / 4
    assume(table.shape[1] == 1 or not evenly)  # such a first column holds times
    table[0, -1] = -0.5  # -0,5 cannot be two whole numbers, while a lone 1,5 could
    path = tmp_path_factory.mktemp("text") / "table.txt"
    lines = [separator.join(f"{value:.4f}" for value in row) for row in table]
    names = [f"channel_{number}" for number in range(1, table.shape[1] + 1)]
    text = "\n".join(lines).replace(".", "," if comma else ".")
    path.write_text((separator.join(names) + "\n" if header else "") + text)
    channels = list_channels(path)
    assert [channel.samples for channel in channels] == [len(table)] * table.shape[1]
    assert not header or [channel.name for channel in channels] == names
    for channel, column in zip(channels, table.T, strict=True):
        np.testing.assert_array_equal(read_signal(path, channel.name, fs=10).samples, column)


@given(st.integers(1, 100_000), st.integers(50, 300), st.sampled_from([(1, "s"), (1e3, "ms"), (1e6, "µs")]))
@settings(max_examples=30)
def test_a_column_of_times_gives_the_rate(tmp_path_factory, fs, samples, unit):
    """A rate of whole Hz is read off its column of times, in s, ms or µs, and the times are no channel."""
    scale, name = unit
    path = tmp_path_factory.mktemp("time") / "time.csv"
    rows = [f"{index / fs * scale:.9f},{np.sin(index):.6f}" for index in range(samples)]
    path.write_text("\n".join([f"Time ({name}),acc [m/s²]", *rows]), encoding="utf-8")
    (listed,) = list_channels(path)
    signal = read_signal(path)
    assert (listed.name, listed.unit, listed.fs) == ("acc", "m/s²", fs)
    assert (signal.channel, signal.unit, signal.fs) == ("acc", "m/s²", fs)
    assert signal.notes == ("The sampling rate was read from the column of times.",)


@pytest.mark.parametrize(
    "header", ["Time (s)", "time", "TIME [s]", "t", "t_s", "Zeit [s]", "# time", '"Time (s)"', "时间 (s)", "time_s"]
)
def test_times_are_known_by_many_names(write, header):
    """The column of times is known by its name, in several languages and ways to write the unit."""
    path = write(f"{header},acc\n0.00,1\n0.25,2\n0.50,4\n")
    assert [(channel.name, channel.fs) for channel in list_channels(path)] == [("acc", 4)]


def test_times_need_no_name(write):
    """A first column without a name that grows evenly by less than 1 holds times in s."""
    path = write("\n".join(f"{index / 8} {index % 3}" for index in range(20)))
    assert [(channel.name, channel.fs) for channel in list_channels(path)] == [("column 2", 8)]


def test_a_running_count_is_no_channel(write):
    """A first column that counts the rows is neither a channel nor a time."""
    path = write("n,acc\n" + "\n".join(f"{index},{index % 3}" for index in range(20)))
    assert [(channel.name, channel.fs) for channel in list_channels(path)] == [("acc", None)]


def test_rounded_times_still_give_the_rate(write):
    """Times of a 12 kHz recording, written with 5 digits after the point, step by 8 or 9 and still mean 12 kHz."""
    path = write("t,x\n" + "\n".join(f"{index / 12_000:.5f},{index % 7}" for index in range(12_001)))
    assert read_signal(path).fs == 12_000


def test_one_lost_sample_is_noticed(write):
    """Times with one sample missing are uneven: they give no rate, and the message says why."""
    kept = [index for index in range(100) if index != 50]
    path = write("t,x\n" + "\n".join(f"{index / 100},{index % 7}" for index in kept))
    with pytest.raises(
        InputError, match=r"does not tell it\. Its times are uneven, with steps from 10 to 20 ms, so they give no"
    ):
        read_signal(path)
    assert read_signal(path, fs=100).notes[0].startswith("Its times are uneven")
    assert [(channel.fs, channel.note[:23]) for channel in list_channels(path)] == [(None, "Its times are uneven, w")]


def test_steps_are_said_with_three_digits(write):
    """One lost second at 12207 Hz reads as 0.0819 ms and 1000 ms."""
    times = np.arange(50) / 12_207 + (np.arange(50) > 20)
    path = write("t,x\n" + "\n".join(f"{time:.9f},{index % 7}" for index, time in enumerate(times)))
    with pytest.raises(InputError, match=r"steps from 0\.0819 to 1000 ms"):
        read_signal(path)


@pytest.mark.parametrize("cell", ["", "inf"])
def test_a_missing_time_gives_no_rate(write, cell):
    """Times with a hole are no grid, and the message says so."""
    path = write(f"x,t\n1,0\n2,1\n4,{cell}\n3,3\n")
    with pytest.raises(InputError, match=r"does not tell it\. Some of its times are missing, so they give no"):
        read_signal(path)
    assert [channel.fs for channel in list_channels(path)] == [None]


def test_times_that_run_back_give_no_rate(write):
    """Times must grow."""
    with pytest.raises(InputError, match="Its times go backwards, from 2000 to 1000 ms at sample 1, so they"):
        read_signal(write("time,x\n2,1\n1,2\n2,3\n"))


@pytest.mark.parametrize(
    ("text", "channels"),
    [
        ("1,5\n2,5\n3,05\n", [[1.5, 2.5, 3.05]]),  # 05 is no whole number, so the comma is a decimal comma
        ("0,5\n-0,5\n0,1\n", [[0.5, -0.5, 0.1]]),  # neither is -0
        ("acc\n1,5\n2,5\n3,7\n", [[1.5, 2.5, 3.7]]),  # one name, so one column
        ("acc\n1,5\n2\n3,7\n", [[1.5, 2, 3.7]]),
        ("1,5\n2\n3,05\n", [[1.5, 2, 3.05]]),
        ("1,5 2\n3 4\n5 6,5\n", [[1.5, 3, 5], [2, 4, 6.5]]),  # spaces separate
        ("a,b\n1,5\n2,4\n3,7\n", [[1, 2, 3], [5, 4, 7]]),
        ("1,5\n2,4\n3,7\n", [[1, 2, 3], [5, 4, 7]]),
    ],
)
def test_one_comma_a_line_is_told_apart(write, text, channels):
    """One comma in each line is a decimal comma if the header or a number says so, otherwise it separates."""
    path = write(text)
    names = [channel.name for channel in list_channels(path)]
    assert [read_signal(path, name, fs=10).samples.tolist() for name in names] == channels


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_do_not_matter(write, encoding, end):
    """A header with µ and ² and the numbers below it are read in each of the usual encodings."""
    path = write(end.join(["Zeit [µs];a [m/s²]", "0;1,5", "100;-2,5", "200;3,25"]), encoding=encoding)
    signal = read_signal(path)
    assert (signal.fs, signal.unit, signal.samples.tolist()) == (10_000, "m/s²", [1.5, -2.5, 3.25])


def test_comments_and_preambles_are_passed_over(write):
    """Lines that begin with # or %, empty lines and words above the table are no samples."""
    path = write("Recorder: X7\n\n# station 3\nleft, right\n1, 2\n% pause\n\n3, 5\n# end\n", "x.txt")
    assert [(channel.name, channel.samples) for channel in list_channels(path)] == [("left", 2), ("right", 2)]
    assert read_signal(path, "right", fs=10).samples.tolist() == [2, 5]


def test_equal_names_are_made_distinct(write):
    """Every channel can be picked by name, even if a header names two alike or not at all."""
    path = write("a,a,\n1,2,3\n4,5,7\n")
    assert [channel.name for channel in list_channels(path)] == ["a", "a 2", "column 3"]
    assert read_signal(path, "a 2", fs=10).samples.tolist() == [2, 5]


def test_an_empty_cell_is_a_gap(write):
    """A missing value is refused or bridged like any gap."""
    path = write("a,b\n1,1\n,2\n3,\n4,5\n")
    with pytest.raises(InputError, match="holds 1 that are not"):
        read_signal(path, "a", fs=10)
    assert read_signal(path, "a", fs=10, interpolate=True).samples.tolist() == [1, 2, 3, 4]


def test_what_was_out_of_range_is_a_gap(write):
    """Where an oscilloscope writes an infinity sign, in the first line or far below, a sample is missing."""
    rows = [f"{index}.0,{index % 3}.5" for index in range(20_000)]
    rows[0], rows[15_000] = "0.0,∞", "15000.0,-∞"
    path = write("\n".join(["Time,Channel A", "(ms),(mV)", "", *rows]))
    (channel,) = list_channels(path)
    assert (channel.name, channel.samples, channel.fs, channel.unit) == ("Channel A", 20_000, 1_000, "mV")
    assert np.flatnonzero(np.isnan(text_reader.read_channel(path, None)[1])).tolist() == [0, 15_000]


def test_ragged_columns_are_refused(write):
    """Every line has as many cells as the first one; the message names the line of the file."""
    with pytest.raises(InputError, match=r"as many cells as the first one, but line 4 of x\.csv has 3 of 2"):
        read_signal(write("a,b\n1,2\n3,4\n5,6,7\n"), fs=10)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a,b\n1,2\n3,4\n5\n6,7\n", "line 4 of x.csv has 1 of 2"),
        ("1,2\n3,4\n5\n6,7\n", "line 3 of x.csv has 1 of 2"),
        ("5\n1,2\n3,4\n", "line 2 of x.csv has 2 of 1"),
    ],
)
def test_a_ragged_table_of_whole_numbers_is_no_column_of_decimals(write, text, found):
    """Where lines differ in commas and nothing else speaks for a decimal comma, commas separate: 1,2 is never 1.2."""
    with pytest.raises(InputError, match=re.escape(found)):
        read_signal(write(text), fs=10)


def test_words_among_the_numbers_are_refused(write):
    """Below the header stand numbers; the message names the line and shows it."""
    with pytest.raises(InputError, match=r"must be a number, but line 3 of x\.csv is '3,overload'"):
        read_signal(write("a,b\n1,2\n3,overload\n5,6\n"), fs=10)


def test_a_text_without_numbers_is_refused(write):
    """A letter is no recording."""
    with pytest.raises(InputError, match=r"must hold lines of numbers, but the first 3 lines of x\.txt hold none"):
        list_channels(write("Dear Sir,\nno numbers.\n", "x.txt"))


@pytest.mark.parametrize(("text", "numbers"), [("5\n", 1), ("1 2 3 4 5", 5)])
def test_one_line_is_no_recording(write, text, numbers):
    """A channel is a column."""
    with pytest.raises(InputError, match=rf"needs at least 2 lines of numbers, .* has 1 \(of {numbers} numbers\)"):
        list_channels(write(text))


def test_times_alone_are_refused(write):
    """A file with nothing but times holds no samples."""
    with pytest.raises(InputError, match=r"at least one column of samples, but x\.csv holds only 3 times"):
        list_channels(write("time\n0\n1\n2\n"))


def test_a_table_that_grows_too_large_is_refused_before_it_is_read(write, monkeypatch):
    """Lines times columns times 8 bytes is held against the limit before a number is kept."""
    monkeypatch.setattr(checks, "MAX_EXPANDED_BYTES", 8 * 3 * 100 - 1)
    with pytest.raises(InputError, match=r"may take up to 0\.0023\S* MB in memory, but x\.csv would take"):
        read_signal(write("1 2 3\n" * 100), fs=10)


def test_listing_agrees_with_reading(write):
    """What is listed is what is read: names, number of samples, rate, and what is said of it."""
    path = write("t;a [g];b [V]\n" + "\n".join(f"{index / 50};{index % 4};{index % 5}" for index in range(99)))
    for channel in list_channels(path):
        signal = read_signal(path, channel.name)
        assert (len(signal.samples), signal.fs, signal.unit) == (channel.samples, channel.fs, channel.unit)
        assert signal.notes == (channel.note,)


def test_nothing_is_warned_of(write):
    """Reading text is silent."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_signal(write("# c\n1\n2\n"), fs=10)


def test_a_table_without_a_number_is_refused(tmp_path):
    """Cells that all say NaN are no samples, and are not called times."""
    path = tmp_path / "odd.csv"
    path.write_text("nan,nan\n" * 20)
    with pytest.raises(InputError, match=r"at least one column of samples, but odd\.csv holds no number"):
        list_channels(path)


def test_a_comma_that_can_be_no_point_separates(tmp_path):
    """Where a decimal comma would spoil a number the comma separates, whatever other lines look like."""
    path = tmp_path / "odd.csv"
    path.write_text("0e+5,3\n1,05\n2,06\n")
    assert [channel.samples for channel in list_channels(path)] == [3, 3]


@pytest.mark.parametrize(
    "head",
    ["\t" * 8_000 + "x", " " * 8_000 + ":", "(" * 700 + ",b", "\n" * 60_000],
    ids=["tabs", "spaces", "brackets", "blank"],
)
def test_no_head_takes_long(tmp_path, head):
    """What stands above the numbers costs at most a hundred times as much as as many plain letters there."""
    numbers = "".join(f"{number},{number % 7}\n" for number in range(400))
    taken = []
    for above in ("plain words\n" * (len(head) // 12), head + "\n"):
        (tmp_path / "odd.csv").write_text(above + numbers)
        began = time.process_time()
        with contextlib.suppress(InputError):
            list_channels(tmp_path / "odd.csv")
        taken.append(time.process_time() - began)

    assert taken[1] < 100 * max(taken[0], 0.002)


CLOCK = [round(36_900 * 10**6 + index * 1e6 / 25_600) for index in range(60)]
"""Times of day in whole µs."""


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Time,acc (g)", "10:15:00.{us:06d},0.{n:02d}"),
        ("Time,acc (g)", "2024-03-05 10:15:00.{us:06d},0.{n:02d}"),
        (",acc (g)", "2024-03-05T10:15:00.{us:06d}+01:00,0.{n:02d}"),
        ("Datum;acc (g)", "2024-03-05 10:15:00,{us:06d};0,{n:02d}"),
        ("Uhrzeit\tacc (g)", "05.03.2024 10:15:00,{us:06d}\t0,{n:02d}"),
        ('"Timestamp","acc (g)"', '"2024/03/05 10:15:00.{us:06d}","0.{n:02d}"'),
        ("Time,acc (g)", "10:15:00.{us:06d} AM,0.{n:02d}"),
        ("Time,acc (g)", "3/5/2024 10:15:00.{us:06d}pm,0.{n:02d}"),
        ("Date,Time,acc (g)", "2024-03-05,10:15:00.{us:06d},0.{n:02d}"),
        ("Date\tTime\tacc (g)", "03/05/2024\t10:15:00.{us:06d} a.m.\t0.{n:02d}"),
        ("Datum;Uhrzeit;acc (g)", "05.03.2024;10:15:00,{us:06d};0,{n:02d}"),
        ('"Date","Time","acc (g)"', '"03/05/2024","10:15:00.{us:06d} AM","0.{n:02d}"'),
        ("Scan,Time,acc (g)", "{n},03/05/2024 10:15:00.{us:06d},0.{n:02d}"),
        ("Scan;Datum;Uhrzeit;acc (g)", "{n};05.03.2024;10:15:00,{us:06d};0,{n:02d}"),
        ('"Scan","Time","acc (g)"', '"{n}","3/5/2024, 10:15:00.{us:06d} AM","0.{n:02d}"'),
        ('Time,"acc (g)"', '"3/5/2024, 10:15:00.{us:06d} AM",0.{n:02d}'),
    ],
)
def test_times_of_day_give_the_rate(write, header, row):
    """Times of day before the samples, with or without a date, are the times, whatever stands above them."""
    lines = [row.format(us=time % 10**6, n=number) for number, time in enumerate(CLOCK)]
    path = write("\n".join([header, *lines]))
    (channel,) = list_channels(path)
    assert (channel.name, channel.unit, round(channel.fs, -1)) == ("acc", "g", 25_600)
    assert read_signal(path).samples.tolist() == [number / 100 for number in range(60)]


def test_a_scan_number_stands_before_its_time(write):
    """A logger's scan number is no channel, its time may end with a colon and ms, and a channel may be a number."""
    rows = (f"{scan},3/5/2024 10:15:{scan // 10:02d}:{scan % 10}00,{scan % 4}" for scan in range(60))
    (channel,) = list_channels(write("\n".join(["Scan,Time,101", *rows])))
    assert (channel.name, channel.fs) == ("101", 10)


def test_the_first_line_of_dates_is_named(write):
    """Advice on dates that can't be read quotes the first line of the table, not one that happens to be the last."""
    rows = "".join(f"{number},1,3/5/2024 10:15:{number:02d}\n" for number in range(60))
    with pytest.raises(InputError, match=r"line 4 of x\.csv is '0,1,3/5/2024 10:15:00'"):
        list_channels(write(f"Saved 3/5/2024\n\nA,B,Time\n{rows}"))


def test_times_of_day_may_pass_midnight_with_their_date(write):
    """A new date goes on where the old one ended."""
    times = [f"{day} {clock}" for day, clock in [("28.02.2024", "23:59:59"), ("29.02.2024", "00:00:00")]]
    path = write(f"t;a\n{times[0]},0;1\n{times[0]},5;2\n{times[1]};3\n{times[1]},50;4\n")
    assert list_channels(path)[0].fs == 2


@pytest.mark.parametrize(
    ("day", "next_day"),
    [("2/28/2024{}", "2/29/2024{}"), ("28/02/2024{}", "29/02/2024{}"), ("2/28/2024,{}", "2/29/2024,{}")],
)
@pytest.mark.parametrize("clocks", [("11:59:59{} PM", "12:00:00{} AM"), ("23:59:59{}", "00:00:00{}")])
def test_midnight_is_passed_in_any_writing(write, day, next_day, clocks):
    """A second after midnight is a second later: a day above 12 tells where the month is, and nothing is assumed."""
    stamps = [
        date.format(f" {clock.format(part)}").replace(", ", ",")
        for date, clock in zip((day, next_day), clocks, strict=True)
        for part in ("", ".5")
    ]
    channel = list_channels(write("\n".join(f"{stamp},{number}" for number, stamp in enumerate(stamps))))[0]
    assert (channel.samples, channel.fs, channel.note) == (4, 2, RATE_OF_TIMES)


def test_noon_is_passed(write):
    """12 PM follows 11 AM."""
    path = write("t,a\n11:59:59 AM,1\n11:59:59.5 AM,2\n12:00:00 PM,3\n12:00:00.5 PM,4\n")
    assert list_channels(path)[0].fs == 2


def test_what_is_assumed_of_a_date_is_said(write):
    """Of 03/05/2024 nobody knows which is the month; the rate of one day does not depend on it."""
    path = write("t,a\n" + "".join(f"03/05/2024 10:15:0{number},{number}\n" for number in range(9)))
    assert read_signal(path).fs == 1
    assert read_signal(path).notes == (f"{RATE_OF_TIMES} Its dates were taken for month/day/year.",)


def test_a_wrong_order_of_month_and_day_gives_no_wrong_rate(write):
    """Two nights in May, day first, are taken for a month apart: uneven, so that the rate is asked for."""
    path = write("t,a\n03/05/2024 23:59:58,1\n03/05/2024 23:59:59,2\n04/05/2024 00:00:00,3\n04/05/2024 00:00:01,4\n")
    channel = list_channels(path)[0]
    assert channel.fs is None
    assert "Its times are uneven" in channel.note
    assert channel.note.endswith("Its dates were taken for month/day/year.")


def test_times_of_day_too_coarse_for_the_samples_give_no_rate(write):
    """Several samples in one second leave the rate open, and that is said."""
    path = write("\n".join(f"10:15:{index // 3:02d},{index}" for index in range(60)))
    with pytest.raises(InputError, match="Its times are uneven"):
        read_signal(path)


@pytest.mark.parametrize(
    "row", ["10:15:00,2024-03-05,{}", "{},10:15", "03/05/2024 13:15:00 PM,{}", "99/9/2024 1:00:00,{}"]
)
def test_dates_elsewhere_are_refused_with_advice(write, row):
    """Where dates or times of day can't be read, it is said what can be done."""
    path = write("a,b,c\n" + "\n".join(row.format(index) for index in range(60)))
    with pytest.raises(InputError, match=r"Dates and times of day .* Write the times in seconds, or leave them out"):
        list_channels(path)


@pytest.mark.parametrize(
    "text",
    [
        '"t","a"\n"0.0","0.5"\n"0.1","1.5"\n',
        '"t";"a"\n"0,0";"0,5"\n"0,1";"1,5"\n',
        '"t","a"\n"0,0","0,5"\n"0,1","1,5"\n',
    ],
)
def test_quoted_numbers_are_numbers(write, text):
    """Quotation marks around every cell change nothing, also not around a decimal comma."""
    path = write(text)
    assert [(channel.name, channel.fs) for channel in list_channels(path)] == [("a", 10)]
    assert read_signal(path).samples.tolist() == [0.5, 1.5]
