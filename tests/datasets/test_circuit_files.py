"""A campaign's file is whole, the same each time, and survives a kill."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from cbam_viz.datasets import circuit_files
from cbam_viz.datasets.circuit_files import read_campaign, simulate_campaign
from cbam_viz.datasets.circuits import Campaign, draw_campaign, simulate_draws
from cbam_viz.errors import InputError
from cbam_viz.physics import circuits
from cbam_viz.physics.circuits import find_circuit

CAMPAIGN = Campaign("sallen-key", size=(0.2, 0.6), runs=4, seed=5, snr_db=40.0, varied=True)


def test_a_file_holds_all_that_was_drawn(tmp_path):
    """Class, index, status, deviation, every part's value and the volts of each run, and the campaign itself."""
    draws = draw_campaign(CAMPAIGN)
    table = read_campaign(simulate_campaign(CAMPAIGN, tmp_path / "new"))

    assert table.campaign == CAMPAIGN
    assert table.keys.tolist() == [draw.key for draw in draws]
    assert table.index.tolist() == [draw.index for draw in draws]
    assert set(table.status) == {"ok"}
    np.testing.assert_array_equal(table.deviations, [draw.deviation for draw in draws])
    np.testing.assert_array_equal(table.values, [draw.values for draw in draws])
    np.testing.assert_array_equal(table.volts, simulate_draws(CAMPAIGN, draws).responses.volts.astype(np.float32))
    np.testing.assert_allclose(table.times, np.arange(246) * 0.5e-6)  # 120 µs after the latest pulse


def test_columns_say_how_each_run_was_made(tmp_path):
    """Any reader of Parquet finds them by name, with their units."""
    table = pq.read_table(simulate_campaign(CAMPAIGN, tmp_path))

    assert table.column_names[:4] == ["key", "index", "status", "deviation"]
    assert {"R1", "R5", "C2", "rise_s", "fall_s", "delay_s", "gbw_hz", "offset_v", "volts"} <= set(table.column_names)
    assert len(table["volts"][0].as_py()) == 246


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    """Twice the same file; another seed another one."""
    once, again, other = (
        simulate_campaign(campaign, tmp_path / str(number)).read_bytes()
        for number, campaign in enumerate((CAMPAIGN, CAMPAIGN, replace(CAMPAIGN, seed=6)))
    )

    assert once == again != other


def test_a_killed_campaign_goes_on_where_it_was(tmp_path):
    """Killed in the middle it leaves whole pieces, which are kept; the file is then that of a run without a kill."""
    campaign = replace(CAMPAIGN, runs=34)
    code = (
        "import sys; from pathlib import Path; from cbam_viz.datasets.circuits import Campaign;"
        "from cbam_viz.datasets.circuit_files import simulate_campaign;"
        f"simulate_campaign({campaign!r}, Path(sys.argv[1]))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "killed")], cwd=Path(__file__).parents[2])
    pieces = tmp_path / "killed" / ".sallen-key.pieces"
    deadline = time.monotonic() + 60
    while len(list(pieces.glob("*.parquet"))) < 1 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    kept = {path: path.stat().st_mtime_ns for path in pieces.glob("*.parquet")}
    told = []
    path = simulate_campaign(
        campaign, tmp_path / "killed", lambda done, count: told.append((done, count, *_unchanged(kept)))
    )

    assert 1 <= len(kept) < 4
    assert all(same for *_, same in told)
    assert told[-1][:2] == (306, 306)
    assert path.read_bytes() == simulate_campaign(campaign, tmp_path / "whole").read_bytes()
    assert not pieces.exists()


def _unchanged(files):
    """Whether some files are what they were."""
    return [all(path.stat().st_mtime_ns == time for path, time in files.items())]


def test_what_is_there_is_not_simulated_again(tmp_path):
    """The same campaign into the same folder leaves the file; another one is refused, and nothing is lost."""
    path = simulate_campaign(CAMPAIGN, tmp_path)
    written = path.stat().st_mtime_ns

    assert simulate_campaign(CAMPAIGN, tmp_path) == path
    with pytest.raises(InputError, match=r"A folder holds one campaign of a circuit, but .* Give another folder"):
        simulate_campaign(replace(CAMPAIGN, seed=9), tmp_path)
    assert path.stat().st_mtime_ns == written


def test_a_failed_run_stays_in_the_file(tmp_path, monkeypatch):
    """A netlist that fails for large R2 gives rows with a status and no volts, beside the good ones."""
    sallen_key = find_circuit("sallen-key")
    harm = "V9 harm 0 {R2}\nB9 x 0 V = v(in)*v(harm) > 20000 ? exp(1000*v(x)) - 2*v(x) + 1 : 0\nR9 x 0 1k"
    monkeypatch.setitem(circuits.CIRCUITS, "sallen-key", replace(sallen_key, netlist=f"{sallen_key.netlist}{harm}"))
    table = read_campaign(simulate_campaign(Campaign("sallen-key", ("R2+",), runs=5), tmp_path))
    failed = table.status != "ok"

    assert set(table.keys[failed]) == {"R2+"}
    assert failed.sum() == 5
    assert all("Timestep too small" in status for status in table.status[failed])
    assert np.isnan(table.volts[failed]).all()
    assert np.isfinite(table.volts[~failed]).all()


def test_a_netlist_that_never_converges_is_said_in_one_sentence(tmp_path, monkeypatch):
    """Where no run succeeds there is no campaign: the first reason is told."""
    sallen_key = find_circuit("sallen-key")
    monkeypatch.setitem(
        circuits.CIRCUITS, "sallen-key", replace(sallen_key, netlist=f"{sallen_key.netlist}V8 in 0 3\n")
    )
    with pytest.raises(
        InputError, match=r"A campaign needs runs that converge, but none of 18 .* did: ngspice: .*Check"
    ):
        simulate_campaign(Campaign("sallen-key", runs=2), tmp_path)


def test_pieces_are_small():
    """A kill loses at most some seconds of work."""
    assert circuit_files.PIECE <= 100
