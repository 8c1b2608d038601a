"""What is shown and taken away of a scan are its numbers."""

import io
import json

import numpy as np
import pandas as pd
import pytest
import soundfile
from pyarrow import parquet

from cbam_viz.errors import InputError
from cbam_viz.network.checkpoint import read_network
from cbam_viz.signals.recording import open_recording
from cbam_viz.studies.scan import scan, windows_path
from cbam_viz.studies.scan_events import detect, find_threshold, write_events
from cbam_viz.studies.scan_panels import (
    LONGEST_STRETCH_S,
    cut_stretch,
    draw_timeline,
    events_csv,
    events_parquet,
    scan_json,
    trace_scan,
    windows_bytes,
)

FS = 12_000


@pytest.fixture(scope="module")
def scanned(tmp_path_factory):
    """Four seconds of a recording that is damaged in the middle, scanned."""
    with np.load("sample_data/sim_inner_10db.npz") as damaged, np.load("sample_data/sim_healthy_1.npz") as healthy:
        parts = [healthy["samples"], damaged["samples"], healthy["samples"]]
    folder = tmp_path_factory.mktemp("scan")
    path = folder / "a.wav"
    soundfile.write(path, np.concatenate(parts) / 20, FS, "FLOAT")
    network = read_network("bearing-sim-4")
    recording = open_recording(path)
    facts, threshold = scan(recording, network, folder / "out"), find_threshold(network.digest, 1.0)
    events = detect(folder / "out", facts, network.card, threshold)
    return recording, network.card, facts, threshold, events, folder / "out", len(parts[0]) / FS


def test_the_damaged_part_is_the_event(scanned):
    """The one event lies where the damaged recording was put, and is of its class."""
    *_, events, _out, second = scanned

    assert [(event.start_s, event.end_s, event.label) for event in events] == [
        (pytest.approx(second, abs=0.09), pytest.approx(2 * second, abs=0.09), 1)
    ]


def test_the_same_events_in_every_form(scanned):
    """CSV, JSON, Parquet and the file in the folder of results hold the same rows."""
    _recording, _card, facts, threshold, events, out, _second = scanned
    table = pd.read_csv(io.BytesIO(events_csv(events, facts, threshold)), dtype={"version": str})
    told = json.loads(scan_json(events, facts, threshold))
    written = pd.read_parquet(write_events(out, facts, events, threshold))

    pd.testing.assert_frame_equal(pd.read_parquet(io.BytesIO(events_parquet(events, facts, threshold))), written)
    pd.testing.assert_frame_equal(table, written, check_dtype=False)
    assert [row["start_s"] for row in told["events"]] == table["start_s"].tolist()
    assert (told["scan"]["digest"], told["level"]["level"]) == (facts.digest, threshold.level)


def test_picture_is_of_the_stretch_and_says_what_it_shows(scanned):
    """The words beside the picture say which stretch it is of and what was found."""
    _recording, card, facts, threshold, events, out, _second = scanned
    trace = trace_scan(out, facts, card, events, threshold, 0, (0.5, 1.5))
    panel = draw_timeline(trace, facts, events)

    assert "a.wav, channel 1" in panel.alt
    assert "1 event" in panel.alt
    assert panel.alt.endswith("Shown: 0.5 to 1.5 s.")
    assert trace.outline.time_s.min() == pytest.approx(0.5, abs=0.01)
    assert windows_bytes(out, facts) == windows_path(out, facts.key).read_bytes()
    assert parquet.read_table(windows_path(out, facts.key)).num_rows == len(
        trace_scan(out, facts, card, events, threshold, 0, (0, 1e9)).time_s
    )


def test_a_stretch_is_the_samples_of_the_recording(scanned):
    """What is opened in Inspect are the very samples, and never more than so many seconds."""
    recording = scanned[0]
    whole = soundfile.read(recording.path)[0]
    stretch = cut_stretch(recording, (0.25, 1.0))

    np.testing.assert_array_equal(stretch.samples, whole[3_000:12_000])
    assert (stretch.fs, stretch.channel) == (FS, "channel 1")
    assert cut_stretch(recording, (0.0, 1e6)).duration <= LONGEST_STRETCH_S


def test_a_stretch_of_missing_samples_is_refused(tmp_path):
    """A gap too long to be bridged has its sentence."""
    samples = np.random.default_rng(0).normal(size=FS)
    samples[3_000:9_000] = np.nan
    np.save(tmp_path / "gap.npy", samples)
    with pytest.raises(InputError, match="6000 samples"):
        cut_stretch(open_recording(tmp_path / "gap.npy", fs=FS), (0.0, 1.0))
