"""What a person typed or exported into a workbook comes back, column by column."""

import datetime
import re
import zipfile

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbam_viz.errors import InputError
from cbam_viz.signals.readers import checks, list_channels, read_signal
from cbam_viz.signals.readers.workbook import address

NOISE = np.random.default_rng(3).normal(size=60).round(9).tolist()
TIMES = [number / 500 for number in range(60)]


def write(path, **sheets):
    """A workbook with these rows on each sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.fixture
def save(tmp_path):
    """Writes a workbook, and gives its path."""
    return lambda **sheets: write(tmp_path / "x.xlsx", **sheets)


def table(*header, columns=(TIMES, NOISE)):
    """The rows of a sheet: a header, and these columns below it."""
    return [*header, *map(list, zip(*columns, strict=True))]


@given(
    rows=st.lists(
        st.tuples(st.floats(-1e12, 1e12), st.integers(-(2**40), 2**40)),
        min_size=2,
        max_size=20,
        unique_by=lambda row: row,
    )
)
@settings(derandomize=True, max_examples=20)
def test_numbers_come_back(tmp_path_factory, rows):
    """Every number is the one that was written, to the digits that a workbook keeps."""
    path = write(tmp_path_factory.mktemp("xlsx") / "x.xlsx", data=[["a", "b"], *map(list, rows)])
    for column, name in enumerate("ab"):
        stored = [float(row[column]) for row in rows]
        if len(set(stored)) > 1 and max(map(abs, stored)) > 1e-100:
            np.testing.assert_allclose(read_signal(path, name, 100).samples, stored, rtol=1e-15)


def test_names_units_and_rate_come_from_the_header_and_the_times(save):
    """Names stand above the columns, units in brackets, and the column of times gives the rate."""
    path = save(data=table(["Time (ms)", "acc [m/s^2]"], columns=([1e3 * time for time in TIMES], NOISE)))
    (channel,) = list_channels(path)
    assert (channel.name, channel.unit, channel.samples, channel.fs) == ("acc", "m/s²", 60, 500)
    assert channel.note == "The sampling rate was read from the column of times."


@pytest.mark.parametrize("units", [["s", "g"], ["[s]", "[g]"], ["(s)", "(G)"], ["s", "gn"]])
def test_units_may_stand_below_the_names(save, units):
    """A row of nothing but units below the names is theirs; a title above both does not matter."""
    (channel,) = list_channels(save(data=table(["run 7", None], ["t", "acc"], units)))
    assert (channel.name, channel.unit, channel.fs) == ("acc", "g", 500)


@pytest.mark.parametrize(
    ("header", "units"),
    [
        ([["Sampling rate [Hz]", 25_600], ["Unit", "g"], ["a", "b"]], ("g", "g")),
        ([["Abtastrate", 25_600], ["a (g)", "b (mV)"]], ("g", "mV")),
        ([["Sample rate:", "25600.0 Hz"], [], ["a", "b"], ["g", "mV"]], ("g", "mV")),
        ([["Sampling rate", "Hz", 25_600], ["a", "b", None]], ("", "")),
        ([["Sampling rate", "kHz", 25.6], ["a", "b"], ["Unit", "g"]], ("g", "g")),
    ],
)
def test_rate_and_unit_are_found_above_the_table(save, header, units):
    """A rate and a unit in cells above the names are understood as in the lines above a text."""
    channels = list_channels(save(data=table(*header, columns=(NOISE, NOISE[::-1]))))
    assert [(channel.name, channel.fs, channel.unit) for channel in channels] == [
        ("a", 25_600, units[0]),
        ("b", 25_600, units[1]),
    ]
    assert channels[0].note == "The sampling rate was read from the lines above the numbers."


def test_times_without_a_name_are_told_by_their_steps(save):
    """An even first column with steps below 1 is the time; with steps of 1 it is a count."""
    assert [(channel.name, channel.fs) for channel in list_channels(save(data=table()))] == [("column 2", 500)]
    path = save(data=table(columns=(range(60), NOISE)))
    assert [(channel.name, channel.fs) for channel in list_channels(path)] == [("column 2", None)]


def test_times_of_day_give_the_rate(save):
    """A column of dates with times is the time, whatever stands above it."""
    start = datetime.datetime(2024, 2, 29, 23, 59, 59)
    dates = [start + datetime.timedelta(milliseconds=20 * number) for number in range(60)]
    (channel,) = list_channels(save(data=table(["Date", "acc (g)"], columns=(dates, NOISE))))
    assert (channel.name, channel.fs) == ("acc", 50)


@pytest.mark.parametrize("header", [("Date", "Time", "acc (g)"), ("Datum", "Uhrzeit", "acc (g)")])
def test_a_date_and_a_time_of_day_are_the_time_together(save, header):
    """In two columns they go on over midnight, and neither is a channel."""
    start = datetime.datetime(2024, 2, 29, 23, 59, 59)
    stamps = [start + datetime.timedelta(milliseconds=20 * number) for number in range(60)]
    columns = ([stamp.date() for stamp in stamps], [stamp.time() for stamp in stamps], NOISE)
    (channel,) = list_channels(save(data=table(header, columns=columns)))
    assert (channel.name, channel.unit, channel.fs) == ("acc", "g", 50)


def test_uneven_times_give_no_rate(save):
    """A lost row is seen, and the rate is asked for."""
    holed = [time for time in TIMES if time != TIMES[7]]
    path = save(data=table(["t", "acc"], columns=(holed, NOISE[1:])))
    with pytest.raises(InputError, match=r"Its times are uneven, with steps from 2 to 4 ms"):
        read_signal(path)


def test_a_table_may_begin_anywhere(save):
    """Empty rows above and an empty column beside a table are no part of it."""
    rows = [[], [None, None, "t", "acc"], *([None, None, *row] for row in table())]
    (channel,) = list_channels(save(data=rows))
    assert (channel.name, channel.fs) == ("acc", 500)
    np.testing.assert_array_equal(read_signal(save(data=rows)).samples, NOISE)


def test_each_sheet_is_a_group_of_columns(save):
    """Where several sheets hold numbers, their names stand before those of the columns; others are passed over."""
    path = save(
        words=[["how"], ["are you"]],
        one=table(["t", "a"]),
        empty=[],
        two=table(["b", "c"], columns=(NOISE, NOISE[::-1])),
    )
    assert [channel.name for channel in list_channels(path)] == ["one · a", "two · b", "two · c"]
    np.testing.assert_array_equal(read_signal(path, "two · c", 10).samples, NOISE[::-1])


def test_a_sheet_with_words_among_its_numbers_is_left_out_and_said(save):
    """The other sheets can be read, and each of their channels tells."""
    path = save(notes=[["run", "by"], [1, 2], [3, "me"]], one=table(["t", "a"]))
    (channel,) = list_channels(path)
    assert channel.note.endswith(" Left out, since they are no tables of numbers: notes.")


def test_an_empty_column_is_no_channel(save):
    """A name above nothing, as that of remarks that nobody made, is passed over."""
    path = save(data=table(["t", "remarks", "acc"], columns=(TIMES, [None] * 60, NOISE)))
    assert [channel.name for channel in list_channels(path)] == ["acc"]


def test_an_empty_cell_is_a_gap(save):
    """A missing number is no zero: it is refused, or bridged on request."""
    holed = [*NOISE[:10], None, *NOISE[11:]]
    path = save(data=table(["t", "acc"], columns=(TIMES, holed)))
    with pytest.raises(InputError, match=r"holds 1 that are not \(NaN or Inf\), the first at sample 10"):
        read_signal(path)
    samples = read_signal(path, interpolate=True).samples
    assert samples[10] == pytest.approx((NOISE[9] + NOISE[11]) / 2)


def test_a_word_below_the_header_is_named_by_its_cell(save):
    """Advice on a cell gives its address, as the program shows it."""
    rows = table(["t", "acc"])
    rows[30][1] = "off"
    with pytest.raises(InputError) as raised:
        read_signal(save(data=rows))
    assert str(raised.value) == (
        "Every cell below the header must be a number, but cell B31 of sheet 'data' of x.xlsx is 'off'. "
        "Remove the word, or leave the cell empty."
    )


def test_numbers_written_as_words_are_numbers(save):
    """A cell that a program stored as text is read if it is a number."""
    rows = table(["t", "acc"])
    rows[30][1] = "0.25"
    assert read_signal(save(data=rows)).samples[29] == 0.25


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "A workbook must hold a sheet with rows of numbers, but x.xlsx holds none. "),
        ([["only"], ["words"]], "A workbook must hold a sheet with rows of numbers, but x.xlsx holds none. "),
        ([["a"], [1.0]], "at least 2 rows of numbers, one a sample, but sheet 'data' of x.xlsx has 1. "),
        ([["t"], [1.0], [2.0]], "but 'data' of x.xlsx holds only 2 times. "),
    ],
)
def test_a_sheet_without_a_table_is_said(save, rows, sentence):
    """Each way to hold no signal has its sentence."""
    with pytest.raises(InputError, match=re.escape(sentence)):
        list_channels(save(data=rows))


@pytest.mark.parametrize(("row", "column", "name"), [(0, 0, "A1"), (6, 25, "Z7"), (9, 26, "AA10"), (0, 16_383, "XFD1")])
def test_cells_are_named_as_excel_names_them(row, column, name):
    """The last column of a sheet is XFD."""
    assert address(row, column) == name


# ---------------------------------------------------------------- what takes more room than it may


def rewritten(path, old, new):
    """The workbook with other words on its first sheet."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert old in parts[sheet]
    parts[sheet] = parts[sheet].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    "place",
    [
        b'<c r="XFD1048576"', b'<c r="B99999999"', b"<c r='ZZZ9999'", b'<c\nr = "ZZZ9999"', b'<c s="0" r="xfd999999"',
        b'<c r="B4294967295"', b'<c r="AAAAAAAAA60"', b'<x:c r="XFD1048576"',
    ],
)  # fmt: skip
def test_a_cell_far_away_is_refused_before_room_is_made(save, place):
    """A single cell at the far end of a sheet asks for a rectangle of all cells before it."""
    path = rewritten(save(data=table(["t", "acc"])), b'<c r="B60"', place)
    with pytest.raises(InputError, match=r"A file may take up to 512 MB in memory, but x\.xlsx would take \d+ MB"):
        list_channels(path)


def test_a_cell_far_away_is_found_behind_many(save):
    """The quick look at a large sheet is not misled by places that stand where none belongs."""
    rows = b"".join(b'<row r="%d"><c r="A%d"><v r="A1">1</v></c></row>' % (row, row) for row in range(70, 9_000))
    for place in (b' r="XFD1048576"', b'\nr="XFD1048576"', b' s="1" r="XFD1048576"', b" r='XFD1048576'"):
        far = rows + b'<row r="9000"><c%s><v>1</v></c></row>' % place + rows + b"</sheetData>"
        path = rewritten(save(data=table(["t", "acc"])), b"</sheetData>", far)
        with pytest.raises(InputError, match=r"x\.xlsx would take \d+ MB"):
            list_channels(path)


def test_rows_that_tell_no_place_follow_the_last(save):
    """A row without a number after the last possible one, and a row of many cells without names, are counted too."""
    far = rewritten(save(data=table(["t", "acc"])), b'<row r="3">', b'<row r="99999999">')
    with pytest.raises(InputError, match=r"x\.xlsx would take \d+ MB"):
        list_channels(far)
    wide = rewritten(save(data=table(["t", "acc"])), b'<row r="3">', b'<row r="999999">' + b"<c/>" * 9_999)
    with pytest.raises(InputError, match=r"x\.xlsx would take \d+ MB"):
        list_channels(wide)


def test_what_is_no_number_is_no_row(save):
    """NaN and Inf, which only a program can put into a cell, are gaps, and not a table alone."""
    path = rewritten(save(data=table(["t", "acc"])), b"<v>0.002</v>", b"<v>NaN</v>")
    assert list_channels(path)[0].note == "Some of its times are missing, so they give no sampling rate."
    with pytest.raises(InputError, match=r"sheet 'data' of x\.xlsx has 0\."):
        list_channels(rewritten(save(data=[["a"], [1.25], [1.25]]), b"<v>1.25</v>", b"<v>NaN</v>"))
    (channel,) = list_channels(rewritten(save(data=table()), b"<v>0.002</v>", b"<v>inf</v>"))[1:]
    assert (channel.name, channel.fs) == ("column 2", None)


def test_cells_without_a_place_are_read(save):
    """Some programs leave the places out; then rows and cells follow each other."""
    path = save(data=table(["t", "acc"]))
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    plain = re.sub(rb' r="[A-Z]*\d+"', b"", sheet)
    np.testing.assert_array_equal(read_signal(rewritten(path, sheet, plain)).samples, NOISE)


def test_a_bomb_is_refused_by_its_directory(save, monkeypatch):
    """What is packed is held against the limit before it is unpacked."""
    path = rewritten(save(data=table(["t", "acc"])), b"<sheetData>", b"<sheetData>" + b" " * 2_000_000)
    monkeypatch.setattr(checks, "MAX_EXPANDED_BYTES", 1_000_000)
    with pytest.raises(InputError, match=r"may take up to 1 MB in memory, but x\.xlsx would take 2 MB"):
        list_channels(path)


def test_another_archive_is_no_workbook(tmp_path):
    """An .npz file, which is an archive too, is refused."""
    np.savez(tmp_path / "x.npz", a=NOISE)
    (tmp_path / "x.npz").rename(tmp_path / "x.xlsx")
    with pytest.raises(InputError, match=r"must be an Excel workbook, whole and not renamed, but x\.xlsx"):
        list_channels(tmp_path / "x.xlsx")
