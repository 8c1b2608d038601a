"""A scan writes what the network sees in every window, whole or not at all, and goes on where it was stopped."""

import fcntl
from dataclasses import replace

import numpy as np
import pytest
import soundfile
from pyarrow import parquet

from cbam_viz.attention.record import record_attention
from cbam_viz.errors import InputError
from cbam_viz.network.checkpoint import read_network
from cbam_viz.signals import prepared
from cbam_viz.signals.readers import read_signal
from cbam_viz.signals.recording import open_recording
from cbam_viz.signals.windows import prepare_windows
from cbam_viz.studies import scan as study
from cbam_viz.studies.scan import parts_path, read_columns, read_facts, scan, windows_path

FS = 25_600


@pytest.fixture(scope="module")
def network():
    """The shipped network of simulated bearings."""
    return read_network("bearing-sim-4")


@pytest.fixture
def recording(tmp_path, monkeypatch):
    """Five seconds of noise in steps of about a second, with a part after every step."""
    folder = tmp_path / "pump 3"
    folder.mkdir()
    path = folder / "night shift.wav"
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, 5 * FS), FS, "FLOAT")
    monkeypatch.setattr(prepared.find_steps, "__defaults__", (FS,))
    monkeypatch.setattr(prepared.begin_reading, "__defaults__", (FS,))
    monkeypatch.setattr(prepared.cut_stream, "__defaults__", (0, FS))
    monkeypatch.setattr(study, "PART_S", 0.0)
    return open_recording(path)


def test_rows_are_the_record_of_the_whole_file(recording, network, tmp_path):
    """Every window has the probabilities and gates that recording the whole file at once gives it."""
    facts = scan(recording, network, tmp_path / "out")
    preparation = replace(network.card.preparation, hop=network.card.preparation.window // 4)
    windows = prepare_windows(read_signal(recording.path), preparation)
    record = record_attention(network, windows.inputs)
    table = parquet.read_table(windows_path(tmp_path / "out", facts.key)).to_pandas()

    np.testing.assert_allclose(table["start_s"], windows.starts / preparation.fs)
    np.testing.assert_allclose(table[[f"p_{key}" for key in facts.classes]], record.probabilities, atol=1e-4)
    gate = record.blocks[1].spatial_attention
    np.testing.assert_allclose(table["m_s_mean_2"], gate.mean(axis=1), atol=1e-4)
    np.testing.assert_allclose(table["m_s_peak_2"], gate.max(axis=1), atol=1e-4)
    assert table["m_s_peak_s_2"].between(table["start_s"], table["end_s"]).all()
    assert set(table["machine"]) == {"pump 3"}
    assert (table["file"][0], table["channel"][0]) == ("night shift.wav", "channel 1")
    assert set(table["network_digest"]) == {network.digest}
    assert table["class"].tolist() == [facts.classes[number] for number in record.probabilities.argmax(axis=1)]


class StoppedError(Exception):
    """What a person does who does not want to wait."""


def stop_after(seconds):
    """Stops a scan as soon as it came so far."""

    def progress(told):
        if told.done_s >= seconds:
            raise StoppedError

    return progress


@pytest.mark.parametrize("seconds", [0.5, 1.5, 3.0])
def test_a_stopped_scan_goes_on_and_ends_as_if_it_had_not_been(seconds, recording, network, tmp_path):
    """What was done is kept and not done again, and rows and outline are those of a scan that was never stopped."""
    whole, out = tmp_path / "whole", tmp_path / "out"
    facts = scan(recording, network, whole)
    with pytest.raises(StoppedError):
        scan(recording, network, out, progress=stop_after(seconds))
    kept = len(read_columns(out, facts.key, ["start_s"])["start_s"])
    assert not windows_path(out, facts.key).exists()
    assert kept > seconds / facts.hop_s - 25  # a part is written after every step of a second
    told = []
    scan(recording, network, out, progress=told.append)

    assert told[0].done_s > seconds
    assert parquet.read_table(windows_path(out, facts.key)).equals(parquet.read_table(windows_path(whole, facts.key)))
    assert study.overview_path(out, facts.key).read_bytes() == study.overview_path(whole, facts.key).read_bytes()
    assert not parts_path(out, facts.key).exists()


def test_a_second_run_does_nothing_again(recording, network, tmp_path):
    """A scan that is done is only read; another recording or network has another name beside it."""
    first = scan(recording, network, tmp_path / "out")
    told = []

    assert scan(recording, network, tmp_path / "out", progress=told.append) == first
    assert told == []
    assert scan(recording, read_network("mfpt-3"), tmp_path / "out").key != first.key
    assert len(list((tmp_path / "out/windows").iterdir())) == 2


def test_two_runs_into_one_folder_are_one_sentence(recording, network, tmp_path):
    """While one run holds a scan, another one is told to wait."""
    facts = study.state_facts(recording, network)
    parts = parts_path(tmp_path / "out", facts.key)
    parts.mkdir(parents=True)
    with (parts / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(InputError, match=r"another one is at it in .*Wait for it, or give another folder"):
            scan(recording, network, tmp_path / "out")

    scan(recording, network, tmp_path / "out")  # a run that ended holds nothing


def test_progress_ends_at_the_end_and_knows_its_rate(recording, network, tmp_path):
    """Progress grows to the length of the recording, and the time left is what the rate says."""
    told = []
    scan(recording, network, tmp_path / "out", progress=told.append)
    done = [each.done_s for each in told]

    assert done == sorted(done)
    assert done[-1] == pytest.approx(recording.duration, abs=0.2)
    assert told[0].left_s == pytest.approx((5 - done[0]) / told[0].rate)


def test_a_gap_leaves_out_windows_and_says_how_many(recording, network, tmp_path):
    """Windows that touch missing samples are no rows, and are counted in what is known of the scan."""
    samples = np.random.default_rng(0).normal(0, 0.1, 5 * FS)
    samples[2 * FS : 3 * FS] = np.nan
    path = tmp_path / "gap.npy"
    np.save(path, samples)
    facts = scan(open_recording(path, fs=FS), network, tmp_path / "out")
    start = read_columns(tmp_path / "out", facts.key, ["start_s"])["start_s"]

    assert not ((start + facts.window_s > 2) & (start < 3)).any()
    assert facts.missing >= 1 / facts.hop_s
    assert read_facts(tmp_path / "out", facts.key) == facts


def test_no_room_is_one_sentence_and_leaves_no_half_file(recording, network, tmp_path):
    """Where a result can't be written there is advice, and nothing half-written under its name."""
    with pytest.raises(InputError, match=r"takes no more .*What was done is kept: make room and run the scan again"):
        study.write_whole(tmp_path / "x", lambda path: (path.write_text("half"), (tmp_path / "no/x").write_text(""))[0])

    assert not list(tmp_path.glob("*x*"))


def test_what_can_not_be_scanned_is_refused_first(tmp_path, network):
    """A recording of less than a window, and one whose rate holds no band of the network, are refused with advice."""
    for name, count, fs, words in (("short", 100, FS, "must last one window"), ("slow", 9_000, 4_000, "sampling rate")):
        path = tmp_path / f"{name}.npy"
        np.save(path, np.random.default_rng(0).normal(size=count))
        with pytest.raises(InputError, match=words):
            scan(open_recording(path, fs=fs), network, tmp_path / "out")
    assert not (tmp_path / "out").exists()
