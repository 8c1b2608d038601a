"""Public recordings are known by their own marks, and what is not known is asked for."""

import statistics

import pytest

from cbam_viz.datasets.mfpt import LOADS_LB
from cbam_viz.physics.bearing import BEARINGS
from cbam_viz.signals.recognise import cwru_records, mounted_bearing, recognise
from cbam_viz.signals.signal import Channel


def cwru(number, places=("DE", "FE", "BA")):
    """Channels as the files of CWRU name them."""
    return [Channel(f"X{number:03d}_{place}_time", 100) for place in places]


def test_a_fault_record_needs_no_typing():
    """Record 105: 12 kHz, 1797 rpm, unit g; its damaged bearing is the 6205 of the drive end, whoever listens."""
    drive, fan, base = recognise(cwru(105), {}, "105")
    assert (drive.name, drive.fs, drive.unit, drive.bearing) == ("X105_DE_time", 12_000, "g", "6205")
    assert drive.shaft_hz == pytest.approx(1797 / 60)
    assert (fan.name, fan.bearing) == ("X105_FE_time", "6205")
    assert (base.name, base.bearing) == ("X105_BA_time", "6205")
    assert {channel.note for channel in (drive, fan, base)} == {"CWRU record 105 at 12000 Hz."}
    assert [channel.recording for channel in (drive, fan, base)] == ["105", "105 FE", "105 BA"]


def test_the_damage_tells_the_bearing():
    """Record 270 is damaged at the fan end: 6203 at every sensor; a healthy record has the bearing at the sensor."""
    assert [channel.bearing for channel in recognise(cwru(270), {}, "270")] == ["6203"] * 3
    assert [channel.bearing for channel in recognise(cwru(97), {}, "97")] == ["6205", "6203", None]
    assert recognise(cwru(97), {}, "97")[0].recording == "97"


@pytest.mark.parametrize("number", [97, 98, 99, 100])
def test_normal_records_are_sampled_at_48_khz(number):
    """The healthy records are at 48 kHz while the fault records beside them are at 12 kHz."""
    assert recognise(cwru(number), {}, str(number))[0].fs == 48_000


@pytest.mark.parametrize("number", [109, 122, 135, 174, 189, 201, 213, 226, 238])
def test_an_unknown_number_is_asked_for(number):
    """The 48 kHz fault files use the same keys: a number that is not in the table has no rate."""
    channel = recognise(cwru(number), {f"X{number}RPM": 1796.0}, str(number))[0]
    assert channel.fs is None
    assert channel.note == (
        f"CWRU record {number} may have been taken at 12000 or at 48000 Hz; its download page tells."
    )
    assert (channel.bearing, channel.unit, channel.shaft_hz) == ("6205", "g", pytest.approx(1796 / 60))
    assert channel.recording == str(number)


def test_the_files_own_record_comes_first():
    """99.mat begins with the variables of 98; the record that the file is named after is what a person wants."""
    channels = recognise([*cwru(98, ("DE", "FE")), *cwru(99, ("DE", "FE"))], {}, "99")
    assert [channel.name for channel in channels] == ["X099_DE_time", "X099_FE_time", "X098_DE_time", "X098_FE_time"]


def test_a_renamed_file_is_known_by_its_keys():
    """The number in the key counts, not the name of the file; the drive end comes first."""
    channels = recognise(cwru(234, ("BA", "FE", "DE")), {}, "my upload")
    assert [channel.name[5:7] for channel in channels] == ["DE", "FE", "BA"]
    assert channels[0].fs == 12_000


def test_the_speed_in_the_file_wins():
    """A speed that the file carries for its record wins over the table; that of another record does not count."""
    own = recognise(cwru(105), {"X105RPM": 1800.0}, "105")[0]
    other = recognise(cwru(105), {"X106RPM": 1800.0}, "105")[0]
    nonsense = recognise(cwru(105), {"X105RPM": 0.0}, "105")[0]
    assert own.shaft_hz == 30
    assert other.shaft_hz == nonsense.shaft_hz == pytest.approx(1797 / 60)


@pytest.mark.parametrize("number", [236, 237])
def test_clipped_records_are_said(number):
    """Two records touch the limits of their recorder, and a person reads so."""
    assert recognise(cwru(number), {}, "")[0].note == (
        f"CWRU record {number} at 12000 Hz; its peaks are clipped by the recorder."
    )


def test_mfpt_is_known_by_its_struct():
    """A struct with ``gs``, ``sr`` and ``rate`` is a recording of MFPT; its load may be a number or a word."""
    values = {"bearing.sr": 48_828.0, "bearing.rate": 25.0, "bearing.load": "300", "FTF": 14.8375}
    (channel,) = recognise([Channel("bearing.gs", 10)], values, "InnerRaceFault_vload_7")
    assert channel == Channel(
        "bearing.gs", 10, 48_828, "g", 25, "NICE", "MFPT recording at a load of 300 lb.", "InnerRaceFault_vload_7"
    )


def test_the_names_of_mfpt_are_known():
    """All 20 recordings are known by the name of their file; a renamed one is still of MFPT, but which is not known."""
    values = {"bearing.sr": 48_828.0, "bearing.rate": 25.0}
    names = [name for loads in LOADS_LB.values() for name in loads]
    assert len(names) == 20
    for name in names:
        assert recognise([Channel("bearing.gs", 10)], values, name)[0].recording == name
    for other in ("my upload", "baseline_4", "InnerRaceFault_1", "OuterRaceFault_vload_8", "baseline_1 (2)"):
        (channel,) = recognise([Channel("bearing.gs", 10)], values, other)
        assert (channel.bearing, channel.recording) == ("NICE", None)
    assert recognise([Channel("gs", 10)], {}, "baseline_1")[0].recording is None  # not MFPT's struct


def test_a_file_may_describe_itself():
    """Values named ``fs``, ``unit``, ``shaft_hz`` and ``bearing`` hold for its arrays, in any case of letters."""
    values = {"Fs": 20_000.0, "unit": "m/s²", "shaft_hz": 33.3, "bearing": "6203"}
    (channel,) = recognise([Channel("samples", 10)], values, "own")
    assert channel == Channel("samples", 10, 20_000, "m/s²", 33.3, "6203")


def test_nothing_is_made_up():
    """Where a file says nothing, nothing is known."""
    assert recognise([Channel("a", 10), Channel("b", 10)], {}, "105") == (Channel("a", 10), Channel("b", 10))


def test_the_table_holds_all_12k_records():
    """105 records with faults, 60 at the drive end and 45 at the fan end, at 12 kHz; 4 healthy ones at 48 kHz."""
    records = cwru_records().values()
    assert sum(record.bearing == "6205" for record in records) == 60
    assert sum(record.bearing == "6203" for record in records) == 45
    assert {record.fs for record in records if record.bearing} == {12_000}
    assert {record.number for record in records if not record.bearing} == {97, 98, 99, 100}
    assert {record.bearing for record in records if record.bearing} <= BEARINGS.keys()


def test_load_changes_speed_by_little():
    """All speeds that were noted lie within 4.5 % of 1798 rpm, and the motor slows down with its load (medians)."""
    noted = [record for record in cwru_records().values() if record.rpm]
    assert all(0.955 * 1798 <= record.rpm <= 1798 for record in noted)
    medians = [statistics.median(record.rpm for record in noted if record.load_hp == load) for load in range(4)]
    assert medians == sorted(medians, reverse=True)


@pytest.mark.parametrize(
    ("bearing", "recording", "expected"),
    [
        ("6205", "105", "CWRU 6205 IR 7 mil"),
        ("6205", "108", "CWRU 6205 IR 7 mil"),
        ("6205", "130 FE", "CWRU 6205 OR 7 mil at 6 o'clock"),
        ("6205", "97", "CWRU healthy"),
        ("6203", "97 FE", "CWRU healthy"),
        ("NICE", "105", None),
        ("6205", "9999", None),
        ("6205", None, None),
        (None, None, None),
    ],
)
def test_a_fault_of_cwru_is_one_bearing(bearing, recording, expected):
    """All loads of a fault were measured on the same mounted bearing; of other recordings nobody knows."""
    assert mounted_bearing(bearing, recording) == expected
