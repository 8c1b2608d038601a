"""What recorders write above their numbers is understood by the same few rules, whoever made the recorder."""

import time

import numpy as np
import pytest

from cbam_viz.errors import InputError
from cbam_viz.signals.readers import list_channels, read_signal
from cbam_viz.signals.units import normalise

COUNT = 40
VOLTS = np.round(np.sin(np.arange(COUNT)), 4)
FIRST, STATED = "column of times", "lines above the numbers"


def rows(step, separator=",", end="", start=0.0, channels=1):
    """Lines of a time and some channels."""
    times = (f"{start + index * step:.9e}" for index in range(COUNT))
    return [
        separator.join([time, *[f"{volt * (number + 1):.4f}" for number in range(channels)]]) + end
        for time, volt in zip(times, VOLTS, strict=True)
    ]


def values(separator=",", channels=1, before="", end=""):
    """Lines of some channels without a time."""
    return [before + separator.join(f"{volt * (number + 1):.4f}" for number in range(channels)) + end for volt in VOLTS]


BESIDE = ["Record Length,4.0e+01", "Sample Interval,4.0e-06", "Trigger Point,2.0e+01", ",", ",", "Source,CH1",
          "Vertical Units,V", "Vertical Scale,2.0e-01", "Horizontal Units,s", "Model Number,TDS210"]  # fmt: skip
LVM = """LabVIEW Measurement
Writer_Version\t2
Reader_Version\t2
Separator\tTab
Decimal_Separator\t,
Multi_Headings\tYes
X_Columns\t{columns}
Time_Pref\tRelative
Date\t2013/09/12
Time\t12:34:56,7890
***End_of_Header***

Channels\t2
Samples\t40\t40
Date\t2013/09/12\t2013/09/12
Time\t12:34:56,7890\t12:34:56,7890
Y_Unit_Label\tVolts\tg
X_Dimension\tTime\tTime
X0\t0,0000000000000000E+0\t0,0000000000000000E+0
Delta_X\t3,906250E-5\t3,906250E-5
***End_of_Header***
X_Value\tVoltage\tAcceleration\tComment"""
PREAMBLES = {
    "Tektronix": (
        ["Model,MSO54", "Waveform Type,ANALOG", "Point Format,Y", "Horizontal Units,s", "Horizontal Scale,0.0004",
         "Sample Interval,4.0e-6", "Record Length,40", "Probe Attenuation,10", "Vertical Units,V", "", "TIME,CH1",
         *rows(4e-6, start=-8e-5)],
        [("CH1", 250_000, "V")], FIRST,
    ),
    "old Tektronix": (
        [f"{key},,{row}," for key, row in zip(BESIDE, rows(4e-6), strict=False)]
        + [f",,,{row}," for row in rows(4e-6)[len(BESIDE):]],
        [("CH1", 250_000, "V")], FIRST,
    ),
    "Keysight": (
        ["x-axis,1,2", "second,Volt,Ampere", *rows(1e-5, start=-2e-4, channels=2)],
        [("1", 100_000, "Volt"), ("2", 100_000, "Ampere")], FIRST,
    ),
    "Rigol": (
        ["X,CH1,CH2,Start,Increment", "Sequence,Volt,Volt,-6.000000e-03,1.000000e-06",
         *[f"{index},{line},," for index, line in enumerate(values(channels=2))]],
        [("CH1", 1_000_000, "Volt"), ("CH2", 1_000_000, "Volt")], STATED,
    ),
    "Rigol with times": (
        ["Time(s),CH1(V)", *rows(1e-6)], [("CH1", 1_000_000, "V")], FIRST,
    ),
    "Rigol MSO5000": (
        ["CH1V,CH2V,t0 =-2.048005e-01, tInc = 1.024003e-05,", *values(channels=2, end=",,")],
        [("CH1", 97_656, "V"), ("CH2", 97_656, "V")], STATED,
    ),
    "Rigol MSO5000 with times": (
        ["Time(s),CH1V", *rows(1e-6)], [("CH1", 1_000_000, "V")], FIRST,
    ),
    "Keysight Infiniium": (
        ["Revision,0", "Type,raw", "Start,0", "Points,40", "Count,1", "XDispRange,1", "XInc,1.0E-05", "XOrg,0",
         "YUnits,Volt", "XUnits,Second", "Frame,DSOX", "Data", *values()],
        [("column 1", 100_000, "Volt")], STATED,
    ),
    "Siglent": (
        ["Record Length,Analog:40", "Sample Rate,100000.0", "Vertical Scale,CH1: 0.05", "Vertical Offset,CH1:0.00000",
         "Horizontal Scale, 0.000010000", "Second,Volt", *rows(1e-5)],
        [("Volt", 100_000, "Volt")], FIRST,
    ),
    "Siglent, two channels": (
        ["Record Length,Analog:40", "Sample Interval,Analog:2.0e-06", "Vertical Units,CH1:V,CH2:A",
         "Vertical Scale,CH1:1.00,CH2:0.5", "Source,CH1,CH2", "Second,Value,Value", *rows(2e-6, channels=2)],
        [("CH1", 500_000, "V"), ("CH2", 500_000, "A")], FIRST,
    ),
    "LeCroy": (
        ["LECROYWR104Xi,12345,Waveform", "Segments,1,SegmentSize,40", "Segment,TrigTime,TimeSinceSegment1",
         "#1,21-Apr-2018 11:50:45,0", "Time,Ampl", *rows(2e-6, start=-4e-5)],
        [("Ampl", 500_000, "")], FIRST,
    ),
    "PicoScope": (
        ["Time,Channel A,Channel B", "(ms),(mV),(V)", "", *rows(0.01, start=-0.2, channels=2)],
        [("Channel A", 100_000, "mV"), ("Channel B", 100_000, "V")], FIRST,
    ),
    "PicoScope, German": (
        ["Zeit;Kanal A", "(us);(mV)", "", *[line.replace(".", ",") for line in rows(10, ";")]],
        [("Kanal A", 100_000, "mV")], FIRST,
    ),
    "LabVIEW": (
        [LVM.format(columns="One"), *[line.replace(".", ",") for line in rows(1 / 25_600, "\t", channels=2)]],
        [("Voltage", 25_600, "Volts"), ("Acceleration", 25_600, "g")], FIRST,
    ),
    "LabVIEW without times": (
        [LVM.format(columns="No"), *[line.replace(".", ",") for line in values("\t", 2, before="\t")]],
        [("Voltage", 25_600, "Volts"), ("Acceleration", 25_600, "g")], STATED,
    ),
    "LabVIEW waveforms": (
        ["waveform\t[0]\t[1]", "t0\t12.09.2013 10:00\t12.09.2013 10:00", "delta t\t0.000100\t0.000100", "",
         "Y[0]\tY[1]", *values("\t", 2)],
        [("Y[0]", 10_000, ""), ("Y[1]", 10_000, "")], STATED,
    ),
    "NI-DAQmx": (
        ["Task: Vibration", "Sampling frequency: 12.8 kHz", "cDAQ1Mod1/ai0 (g),cDAQ1Mod1/ai1 (g)", *values(channels=2)],
        [("cDAQ1Mod1/ai0", 12_800, "g"), ("cDAQ1Mod1/ai1", 12_800, "g")], STATED,
    ),
    "DEWESoft": (
        ["Data file: run7.dxd", "Sample rate: 20000", "Start time: 12.09.2013 10:00:00", "Time (s)\tAI 1 (m/s2)",
         *rows(1 / 20_000, "\t")],
        [("AI 1", 20_000, "m/s2")], FIRST,
    ),
    "comments": (["# fs = 25600 Hz", "# unit: m/s²", *values()], [("column 1", 25_600, "m/s²")], STATED),
    "Yokogawa": (
        ['"//YOKOGAWA ASCII FILE FORMAT"', '"Model","DL850E"', '"BlockNumber",1', '"TraceName","CH1","CH2"',
         '"BlockSize",40,40', '"VUnit","V","g"', '"SampleRate",2.0E+04,2.0E+04', '"HUnit","s","s"',
         '"Date","2024/03/05","2024/03/05"', '"Time","12:00:00.00","12:00:00.00"', "", *values(channels=2, before=",")],
        [("CH1", 20_000, "V"), ("CH2", 20_000, "g")], STATED,
    ),
    "keys above columns with spaces": (
        ["fs: 20 kS/s", "unit: g", *values(" ", 2)], [("column 1", 20_000, "g"), ("column 2", 20_000, "g")], STATED,
    ),
    "keys above names with spaces": (
        ["fs: 20 kS/s", "units: g mV", "sensor: 352C33", "left right", *values(" ", 2)],
        [("left", 20_000, "g"), ("right", 20_000, "mV")], STATED,
    ),
    "a key above two columns": (
        ["fs: 20 kS/s", "unit: g", "sensor: 352C33", *values(";", 2)],
        [("column 1", 20_000, "g"), ("column 2", 20_000, "g")], STATED,
    ),
    "a scan number": (
        ["Scan,Time (s),101 (VDC)", *[f"{scan},{row}" for scan, row in enumerate(rows(1 / 500), 1)]],
        [("101", 500, "VDC")], FIRST,
    ),
    "a sample number": (
        ["Time,No,101", *[row.replace(",", f",{scan},") for scan, row in enumerate(rows(1 / 500), 1)]],
        [("101", 500, "")], FIRST,
    ),
    "two lines of names": (["# Sampling rate [Hz]: 51.2 kHz", "left,right", "g,mV", *values(channels=2)],
        [("left", 51_200, "g"), ("right", 51_200, "mV")], STATED,
    ),
}  # fmt: skip


@pytest.fixture
def write(tmp_path):
    """Write lines and give their path."""

    def write_lines(lines, name="recording.csv"):
        path = tmp_path / name
        path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
        return path

    return write_lines


@pytest.mark.parametrize("name", PREAMBLES)
def test_the_preamble_of_a_recorder_is_understood(write, name):
    """Names, units and sampling rate are found, the channels are the measurements alone, and no sample is lost."""
    lines, expected, source = PREAMBLES[name]
    path = write(lines, "recording.lvm" if name.startswith("LabVIEW") else "recording.csv")
    channels = list_channels(path)

    assert [(channel.name, channel.fs, channel.unit) for channel in channels] == [
        (name, fs, normalise(unit)) for name, fs, unit in expected
    ]
    for number, channel in enumerate(channels, 1):
        signal = read_signal(path, channel.name)
        np.testing.assert_array_equal(signal.samples, [float(f"{volt * number:.4f}") for volt in VOLTS])
        assert source in signal.notes[0]


@pytest.mark.parametrize(
    ("line", "fs"),
    [
        ("# fs = 25600 Hz", 25_600),
        ("% Fs: 25.6 kHz", 25_600),
        ("# Sampling rate [kHz]: 51.2", 51_200),
        ("Sampling Rate: 48000 Sa/s", 48_000),
        ("sample_rate_hz=1000", 1_000),
        ("Sampling frequency (Hz) = 97656.25", 97_656.25),
        ("Abtastrate: 8000 Hz", 8_000),
        ("采样频率: 12000", 12_000),
        ("dt = 20 us", 50_000),
        ("Sample interval: 0.5 ms", 2_000),
        ("Sampling period [µs]: 100", 10_000),
        ("# Increment: 1e-3", 1_000),
        ("sampling rate: 2.5 MS/s", 2_500_000),
    ],
)
def test_a_rate_is_stated_in_many_ways(write, line, fs):
    """A rate or a step is told by its key, in several languages, with a larger or smaller unit or none."""
    assert [channel.fs for channel in list_channels(write([line, *values()]))] == [pytest.approx(fs, rel=1e-12)]


WHOLE = [f"{number};{number + 1}" for number in range(COUNT)]
COMMAS = [line.replace(".", ",") for line in values(";", 2)]


@pytest.mark.parametrize(
    ("line", "lines", "fs"),
    [
        ("# Fs = 20 000 Hz", values(), 20_000),
        ("Sampling Frequency = 25\u00a0600 Hz", values(), 25_600),
        ("Sampling Frequency = 25\u2009600 Hz", values(";", 2), 25_600),
        ("Sampling Frequency = 1 025 600 Hz", values(), 1_025_600),
        ("Fs: 20'000 Hz", values(), 20_000),
        ("# Sampling rate: 25,600 Hz", values(), 25_600),
        ('Sample Rate (Hz),"25,600"', values(channels=2), 25_600),
        ("Sample Rate (Hz),25,600 Hz", values(channels=2), 25_600),
        ("# fs = 25,600.5", values(), 25_600.5),
        ("Fs = 20,000 Hz", WHOLE, 20_000),
        ("Fs = 1.000.000 Hz", COMMAS, 1_000_000),
        ("Fs = 20.000,5 Hz", COMMAS, 20_000.5),
        ("Fs = 20 000,5 Hz", COMMAS, 20_000.5),
        ("dt = 0,001 s", COMMAS, 1_000),
        ("Fs = 25,6 kHz", COMMAS, 25_600),
        ("Fs = 25.600 kHz", values(), 25_600),
        ("SampleRate,2.0E+04,2.0E+04", values(channels=2), 20_000),
        ("SampleRate,20000,20000", values(channels=2), 20_000),
    ],
)
def test_digits_may_stand_in_groups(write, line, lines, fs):
    """Groups of three digits, with a space, an apostrophe or the mark that is no decimal mark, are one number."""
    assert list_channels(write([line, *lines]))[0].fs == pytest.approx(fs, rel=1e-12)


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("Fs = 20,000 Hz", COMMAS),
        ("Fs = 20.000 Hz", COMMAS),
        ("Sample Rate (Hz),25,600", values(channels=2)),
        ("Fs 500 500", values(" ", 2)),
        ("# Fs = 20 000x", values()),
        ("# Fs = 20 000,25,7 Hz", values()),
        ("SampleRate,20000,10000", values(channels=2)),
    ],
)
def test_a_number_that_may_be_two_states_no_rate(write, line, lines):
    """Where a comma or a space may be a group's, a decimal's or a cell's, the question is left open."""
    assert {channel.fs for channel in list_channels(write([line, *lines]))} == {None}


@pytest.mark.parametrize(
    "line",
    ["# fs = 0 Hz", "# fs = -5", "Offset = 5", "# width: 12 s", "sampling rate: high", "dt: 1e-400", "# fs = 1,5,7"],
)
def test_what_states_no_rate_gives_none(write, line):
    """A rate is a number above 0 after its key; anything else leaves the question open."""
    path = write([line, *values()])
    assert list_channels(path)[0].fs in (None, 1)
    with pytest.raises(InputError, match="needs its sampling rate"):
        read_signal(write(["nothing", *values()]))


def test_even_times_win_over_a_stated_rate(write):
    """Where times and preamble disagree by more than 1 %, the rate is that of the times, and both are said."""
    signal = read_signal(write(["Sample rate: 1000", "time,x", *rows(1 / 2_000)]))
    assert signal.fs == 2_000
    assert signal.notes == (
        "The sampling rate was read from the column of times. The lines above the numbers say 1000 Hz.",
    )


def test_a_small_disagreement_is_not_mentioned(write):
    """A stated rate within 1 % of that of the times is the same rate, rounded."""
    signal = read_signal(write(["Sample rate: 1995", "time,x", *rows(1 / 2_000)]))
    assert signal.notes == ("The sampling rate was read from the column of times.",)


def test_uneven_times_leave_the_word_to_the_preamble(write):
    """Where the times give no rate, the stated one counts, and the note says both."""
    lines = rows(1 / 2_000)
    signal = read_signal(write(["Sample rate: 2000", "time,x", *lines[:20], *lines[21:]]))
    assert signal.fs == 2_000
    assert signal.notes[0].startswith("Its times are uneven")
    assert signal.notes[0].endswith("it was read from the lines above the numbers.")


@pytest.mark.parametrize(
    ("channels", "make"),
    [
        (1, lambda n: "a" + " " * n + "b"),
        (2, lambda n: "a[" * n),
        (1, lambda n: f"fs={'1' * (n // 20)}x1"),
        (1, lambda n: f"fs{' ' * (n // 20)}x1"),
    ],
)
def test_no_line_takes_long_to_understand(write, channels, make):
    """However a line above the numbers is made, four times the letters take no more than about four times as long."""

    def taken(letters):
        path, began = write([make(letters), *values(" ", channels)], "x.txt"), time.process_time()
        list_channels(path)
        return time.process_time() - began

    assert taken(20_000) < 8 * taken(5_000)
