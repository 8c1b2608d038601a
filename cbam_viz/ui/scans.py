"""Scans that the app starts: each is a child process of our own command line, with limits and a file of its progress.

Results lie in a temporary folder, bounded in size, by keys that follow from the recording and the network; so whoever
looks at the same recording finds what was done, and a scan outlives the visit that started it.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cbam_viz.signals.recording import Recording
from cbam_viz.studies.scan import ABOUT, ScanFacts, events_path, overview_path, parts_path, windows_path
from cbam_viz.ui.loaders import load_scans

MOST_BYTES = 2_000_000_000
"""Of all results that are kept."""
MOST_MEMORY_MB = 3_000
"""Of data, of one scan."""
MOST_AT_ONCE = 2
"""Scans; others wait until a person asks again."""
PROGRESS = "progress"
ROOT = Path(__file__).parents[2]


def scan_store() -> Path:
    """Folder of all results: this user's own, and no link that somebody else put there."""
    store = Path(tempfile.gettempdir()) / f"cbam-viz-scans-{os.getuid()}"
    store.mkdir(mode=0o700, parents=True, exist_ok=True)
    if store.is_symlink() or store.stat().st_uid != os.getuid():
        raise PermissionError(f"{store} belongs to somebody else")
    (store / PROGRESS).mkdir(exist_ok=True)
    return store


def is_done(facts: ScanFacts) -> bool:
    """Whether all windows of a scan are there."""
    return windows_path(scan_store(), facts.key).exists() and overview_path(scan_store(), facts.key).exists()


def has_begun(facts: ScanFacts) -> bool:
    """Whether there is anything of a scan to show."""
    parts = parts_path(scan_store(), facts.key)
    return is_done(facts) or ((parts / ABOUT).exists() and any(parts.glob("*.parquet")))


def is_running(facts: ScanFacts) -> bool:
    """Whether a scan that this server started is at work."""
    child = load_scans().get(facts.key)
    return child is not None and child.poll() is None


def may_start() -> bool:
    """Whether one more scan may run."""
    return sum(child.poll() is None for child in load_scans().values()) < MOST_AT_ONCE


def start_scan(recording: Recording, facts: ScanFacts, is_given: bool) -> None:
    """Start a scan, unless it runs.

    Parameters
    ----------
    recording, facts : of the scan.
    is_given : whether a person gave the rate, which then wins over the file's.
    """
    if is_running(facts):
        return
    make_room(scan_store(), [facts.key])
    _progress_path(facts).unlink(missing_ok=True)
    command = [
        sys.executable, "-m", "cbam_viz", "scan", str(recording.path.absolute()), "--network", facts.network,
        "--out", str(scan_store()), "--channel", recording.channel.name, "--machine", facts.machine,
        "--progress", str(_progress_path(facts)), "--most-memory", str(MOST_MEMORY_MB),
    ]  # fmt: skip
    command += ["--fs", repr(recording.fs)] if is_given else []
    load_scans()[facts.key] = subprocess.Popen(  # noqa: S603 - Python itself, and this package
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def stop_scan(facts: ScanFacts) -> None:
    """Stop a scan; what it did is kept."""
    child = load_scans().get(facts.key)
    if child is not None and child.poll() is None:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(10)


def read_progress(facts: ScanFacts) -> dict[str, Any]:
    """How far a scan is, as its process told last; empty where it told nothing yet."""
    try:
        told: dict[str, Any] = json.loads(_progress_path(facts).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told


def _progress_path(facts: ScanFacts) -> Path:
    """Where a scan tells how far it is."""
    return scan_store() / PROGRESS / f"{facts.key}.json"


def make_room(store: Path, kept: Sequence[str], most_bytes: int = MOST_BYTES) -> None:
    """Remove the results that were written longest ago until the others fit.

    Parameters
    ----------
    store : folder of all results.
    kept : keys of results that stay in any case; so do those of scans that run.
    most_bytes : that they may have.
    """
    running = {key for key, child in load_scans().items() if child.poll() is None}
    keys = {path.stem for path in (store / "windows").glob("*.parquet")}
    keys |= {path.name[1:].removesuffix(".parts") for path in (store / "windows").glob(".*.parts")}
    sizes, written = dict[str, int](), dict[str, float]()
    for key in keys:
        files = [windows_path(store, key), events_path(store, key), overview_path(store, key)]
        files += list(parts_path(store, key).glob("*"))
        states = [path.stat() for path in files if path.is_file()]
        sizes[key] = sum(state.st_size for state in states)
        written[key] = max((state.st_mtime for state in states), default=0.0)
    for key in sorted(keys - running - set(kept), key=written.__getitem__):
        if sum(sizes.values()) <= most_bytes:
            return
        for path in (windows_path(store, key), events_path(store, key), overview_path(store, key)):
            path.unlink(missing_ok=True)
        shutil.rmtree(parts_path(store, key), ignore_errors=True)
        del sizes[key]
