"""The cwru-10 set from either of its forms; each trap of these recordings has its rule here."""

import numpy as np
import pytest
import scipy.io

from cbam_viz.datasets.cwru import read_cwru
from cbam_viz.errors import InputError
from cbam_viz.signals.recognise import cwru_records

DAMAGES = {
    "IR007": (105, 106, 107, 108), "IR014": (169, 170, 171, 172), "IR021": (209, 210, 211, 212),
    "B007": (118, 119, 120, 121), "B014": (185, 186, 187, 188), "B021": (222, 223, 224, 225),
    "OR007": (130, 131, 132, 133), "OR014": (197, 198, 199, 200), "OR021": (234, 235, 236, 237),
}  # fmt: skip
"""Smith & Randall 2015, table A2: drive-end damages at 12 kHz, outer race at 6 o'clock, loads of 0 to 3 hp."""
NUMBERS = [97, 98, 99, 100, *(number for numbers in DAMAGES.values() for number in numbers)]
STEP_G = 0.0005


def steps(number, factor=1):
    """A short stand-in for one record, as integers; no two records are equal."""
    return (np.random.default_rng(number).integers(-1000, 1000, 120) * factor).astype(np.int16)


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    """One .mat a record; 99.mat begins with the variables of 98."""
    folder = tmp_path_factory.mktemp("originals")
    for number in NUMBERS:
        others = {"X098_DE_time": steps(98) * STEP_G} if number == 99 else {}
        own = {f"X{number:03d}_{place}_time": steps(number, sign) * STEP_G for place, sign in (("DE", 1), ("FE", -1))}
        scipy.io.savemat(folder / f"{number}.mat", {**others, **own})
    return folder


@pytest.fixture(scope="module")
def compact(tmp_path_factory):
    """All records of the table in one archive; 98 and 100 in pieces."""
    folder = tmp_path_factory.mktemp("compact")
    arrays = {f"{number}_DE": steps(number) for number in cwru_records()}
    arrays |= {f"{name}_lsb": np.float64(STEP_G) for name in list(arrays)}
    arrays |= {"98_DE_segments": np.array([50, 40, 30]), "100_DE_segments": np.array([70, 50])}
    np.savez(folder / "records.npz", **arrays)
    return folder


@pytest.fixture(params=["originals", "compact"])
def recordings(request):
    """The set from each of its forms."""
    return read_cwru(request.getfixturevalue(request.param))


def test_the_set_is_the_published_one(recordings):
    """Ten classes, four loads each: the healthy records and nine damages with their published numbers."""
    found = {}
    for recording in recordings:
        found.setdefault(recording.label, []).append(int(recording.name))
    assert {label: tuple(numbers) for label, numbers in found.items()} == {"normal": (97, 98, 99, 100), **DAMAGES}
    loads = [recording.load for recording in recordings if recording.label == "IR007"]
    assert loads == ["0 hp", "1 hp", "2 hp", "3 hp"]


def test_normal_records_are_at_48_khz(recordings):
    """The healthy records are at 48 kHz, the others at 12 kHz: the rate goes with the signal, not with the set."""
    for recording in recordings:
        assert {signal.fs for signal in recording.signals} == {48_000 if recording.label == "normal" else 12_000}


def test_one_bearing_is_one_witness(recordings):
    """All loads of a damage share one bearing and all healthy records share one, so there are ten bearings."""
    bearings = {recording.label: recording.bearing for recording in recordings}
    assert len(set(bearings.values())) == len(bearings) == 10
    assert all(recording.bearing == bearings[recording.label] for recording in recordings)
    assert bearings["IR007"] == "6205 DE IR007"


def test_the_28_mil_bearings_are_left_out(recordings):
    """Damages of 28 mil are in bearings of another make; outer-race damages count only in the load zone."""
    assert not {"IR028", "B028"} & {recording.label for recording in recordings}
    assert sum(recording.label.startswith("OR") for recording in recordings) == 12


def test_clipped_records_stay_and_say_so(recordings):
    """Records 236 and 237 are kept, and their notes say that they are clipped; no other's do."""
    noted = [rec.name for rec in recordings if any("clipped" in note for sig in rec.signals for note in sig.notes)]
    assert noted == ["236", "237"]


def test_samples_are_in_g(recordings):
    """The drive-end channel of each record comes in g, with its speed and its bearing; 99 is not 98."""
    for recording in recordings:
        joined = np.concatenate([signal.samples for signal in recording.signals])
        np.testing.assert_allclose(joined, steps(int(recording.name)) * STEP_G)
        assert {(signal.unit, signal.bearing) for signal in recording.signals} == {("g", "6205")}
        speed = cwru_records()[int(recording.name)].rpm / 60
        assert all(signal.shaft_hz == pytest.approx(speed) for signal in recording.signals)


def test_pieces_stay_apart(compact):
    """A record in pieces gives a signal for each, so that no window crosses a place where samples are missing."""
    lengths = {rec.name: [len(signal.samples) for signal in rec.signals] for rec in read_cwru(compact)}
    assert lengths["98"] == [50, 40, 30]
    assert lengths["100"] == [70, 50]
    assert lengths["97"] == lengths["105"] == [120]


def test_duration_counts_all_pieces(compact):
    """A recording lasts as long as its pieces together."""
    durations = {recording.name: recording.duration for recording in read_cwru(compact)}
    assert durations["98"] == pytest.approx(120 / 48_000)


def test_a_missing_file_is_named(originals, tmp_path):
    """A folder that lacks files is refused; the message says which and where they are to be had."""
    for path in originals.iterdir():
        if path.name not in ("130.mat", "237.mat"):
            (tmp_path / path.name).write_bytes(path.read_bytes())
    with pytest.raises(InputError, match=r"lacks 2 parts: 130\.mat, 237\.mat\. Get them from .* Bearing Data Center"):
        read_cwru(tmp_path)


def test_a_missing_record_is_named(tmp_path):
    """An archive that lacks a record is refused in the same way."""
    arrays = {f"{number}_DE": steps(number) for number in NUMBERS if number != 105}
    np.savez(tmp_path / "records.npz", **arrays, **{f"{name}_lsb": STEP_G for name in arrays})
    with pytest.raises(InputError, match=r"lacks 2 parts: 105_DE, 105_DE_lsb\. Get them from"):
        read_cwru(tmp_path)


def test_a_damaged_archive_is_refused(compact, tmp_path):
    """An archive that was cut is refused, not read as far as it goes."""
    content = (compact / "records.npz").read_bytes()
    (tmp_path / "records.npz").write_bytes(content[: len(content) // 2])
    with pytest.raises(InputError, match=r"A \.npz file must be as NumPy writes it, whole and not renamed"):
        read_cwru(tmp_path)
