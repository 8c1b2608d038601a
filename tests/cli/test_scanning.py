"""`scan` on the command line: what it writes and says, and how it is stopped."""

import json
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest
import soundfile

FS = 12_000


@pytest.fixture
def recording(tmp_path):
    """Six seconds, two of which are damaged."""
    with np.load("sample_data/sim_outer_10db.npz") as damaged, np.load("sample_data/sim_healthy_1.npz") as healthy:
        parts = [healthy["samples"], damaged["samples"], healthy["samples"]]
    (tmp_path / "pump").mkdir()
    path = tmp_path / "pump" / "night.wav"
    soundfile.write(path, np.concatenate(parts) / 20, FS, "FLOAT")
    return path


def test_scan_writes_both_tables_and_says_so(run, recording, tmp_path):
    """Windows and events are written into their folders, named in what is said, with the machine of the folder."""
    out, progress = tmp_path / "out", tmp_path / "progress.json"
    code, said, err = run(
        "scan", recording, "--network", "bearing-sim-4", "--out", out, "--progress", progress, "--false-alarms", "1"
    )
    events = pd.read_parquet(next((out / "events").iterdir()))
    windows = pd.read_parquet(next((out / "windows").iterdir()))

    assert (code, err) == (0, "")
    assert "1 event" in said
    assert "h of simulated healthy running" in said
    assert f"wrote {next((out / 'events').iterdir())}" in said
    assert events["class"].tolist() == ["outer"]
    assert set(events["machine"]) == set(windows["machine"]) == {"pump"}
    assert {"machine", "file", "channel", "start_s", "end_s", "class", "probability", "network_digest", "version"} <= {
        *windows
    } & {*events}
    assert json.loads(progress.read_text())["state"] == "done"


def test_the_folder_of_windows_is_one_data_set(run, recording, tmp_path):
    """Scans of several recordings lie beside each other and are read as one table."""
    other = recording.with_name("day.wav")
    soundfile.write(other, np.random.default_rng(0).normal(0, 0.1, 3 * FS), FS)
    for path in (recording, other):
        assert run("scan", path, "--network", "bearing-sim-4", "--out", tmp_path / "out")[0] == 0

    assert set(pd.read_parquet(tmp_path / "out/windows")["file"]) == {"night.wav", "day.wav"}
    assert set(pd.read_parquet(tmp_path / "out/events")["file"]) >= {"night.wav"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--channel", "left"], "has no 'left'. Choose one of these."),
        (["--false-alarms", "0"], "are a number above zero, but 0 was given"),
        (["--network", "nobody"], "none is named nobody"),
    ],
)
def test_what_can_be_put_right_is_one_sentence(run, recording, tmp_path, options, words):
    """Exit code 2, advice, and the advice stands in the file of progress too."""
    progress = tmp_path / "progress.json"
    code, _said, err = run(
        "scan", recording, "--network", "bearing-sim-4", "--out", tmp_path / "o", "--progress", progress, *options
    )

    assert code == 2
    assert words in err
    assert len(err.strip().splitlines()) == 1
    assert json.loads(progress.read_text())["state"] == "failed"
    assert words in json.loads(progress.read_text())["advice"]


def test_a_scan_that_is_stopped_keeps_what_it_did(tmp_path):
    """Ended from outside, it says so, leaves no half table, and the same command goes on."""
    path, progress = tmp_path / "long.npy", tmp_path / "progress.json"
    np.save(path, np.random.default_rng(0).normal(size=120 * 60 * FS // 4).astype(np.float32))
    command = [
        sys.executable, "-m", "cbam_viz", "scan", path, "--network", "bearing-sim-4", "--out", tmp_path / "out",
        "--fs", FS, "--progress", progress,
    ]  # fmt: skip
    with subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE, text=True) as child:
        while not progress.exists() or json.loads(progress.read_text())["state"] != "running":
            time.sleep(0.05)
        child.send_signal(signal.SIGTERM)
        _out, err = child.communicate()

    assert child.returncode == 130
    assert "run the same again to go on" in err
    assert json.loads(progress.read_text())["state"] == "stopped"
    assert not list((tmp_path / "out/windows").glob("*.parquet"))
