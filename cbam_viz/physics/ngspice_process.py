"""Runs decks in processes of ngspice, many in each, with a time limit that holds for every single run.

A run that fails is tried once more alone, so that its own words say why. A run that hangs ends its process; those after
it go on in the next one.
"""

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cbam_viz.errors import InputError
from cbam_viz.physics.circuits.circuit import Circuit
from cbam_viz.physics.ngspice_deck import Run, read_raw, write_batch, write_deck

OK = "ok"
LOOK_S = 0.002
"""Between two looks at what a process has done."""
_CAUSES = [
    re.compile(rf"^.*(?:{words}).*$", re.I | re.M)
    for words in ("timestep too small", "singular matrix", "not available|no such", r"expression err|unknown|\berror\b")
]
"""What ngspice says of a run that failed, the most telling first."""

NOTHING: NDArray[np.float64] = np.empty(0)
Answer = tuple[str, NDArray[np.float64], NDArray[np.float64] | NDArray[np.complex128]]
"""Status, axis and volts of one run; the arrays are empty where there is no result."""


def is_ngspice_here() -> bool:
    """Whether ngspice is installed on this machine."""
    return shutil.which("ngspice") is not None


def run_decks(circuit: Circuit, runs: Sequence[Run], timeout_s: float) -> list[Answer]:
    """Run some decks one after the other; a failed one is kept with its status.

    Parameters
    ----------
    circuit : of all of them.
    runs : one or more.
    timeout_s : that one run may take.
    """
    answers: list[Answer] = []
    while len(answers) < len(runs):
        answers += _run_process(circuit, runs[len(answers) :], timeout_s)
    if len(runs) == 1:
        return answers
    return [
        answer if answer[0] else run_decks(circuit, [run], timeout_s)[0]
        for run, answer in zip(runs, answers, strict=True)
    ]


def _run_process(circuit: Circuit, runs: Sequence[Run], timeout_s: float) -> list[Answer]:
    """Answers of the first runs, up to all of them: the last is of a run that ended the process, or had it ended.

    The status of a failed run is empty where its words cannot be told from those of the others.
    """
    with tempfile.TemporaryDirectory(prefix="cbam-viz-") as name:
        folder = Path(name)
        for number, run in enumerate(runs):
            (folder / f"{number}.cir").write_text(write_deck(circuit, run))
        (folder / "batch.cir").write_text(write_batch(len(runs), circuit.output))
        ended, in_time = _wait(folder, len(runs), timeout_s)
        log = (folder / "log").read_text(errors="replace")
        answers = [_read(folder / f"{number}.raw", run) for number, run in enumerate(runs[:ended])]
    if ended < len(runs):
        answers.append(("" if in_time else f"ngspice was not done within {timeout_s:g} s", NOTHING, NOTHING))
    if len(runs) == 1 and not answers[0][0]:
        answers[0] = (_cause(log), NOTHING, NOTHING)
    return answers


def _cause(log: str) -> str:
    """Why a run failed, in the words of ngspice."""
    found = next((found for cause in _CAUSES if (found := cause.search(log))), None)
    return "ngspice: " + (" ".join(found[0].split()).rstrip(".") if found else "no result and no reason")


def _wait(folder: Path, count: int, timeout_s: float) -> tuple[int, bool]:
    """Run a folder's batch; how many of its runs ended, and whether none took longer than it may."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - a fixed program, and a text of this package
            [_program(), "-n", "-b", "batch.cir"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        ended, since = 0, time.monotonic()
        try:
            while process.poll() is None and time.monotonic() - since < timeout_s:
                time.sleep(LOOK_S)
                while ended < count and (folder / f"{ended}.done").exists():
                    ended, since = ended + 1, time.monotonic()
        finally:
            in_time = process.poll() is not None or ended == count
            process.kill()
            process.wait()
    return sum((folder / f"{number}.done").exists() for number in range(count)), in_time


def _program() -> str:
    """Path of ngspice."""
    program = shutil.which("ngspice")
    if program is None:
        raise InputError(
            "Circuits are simulated by the program ngspice, but it is not installed here. Install it: apt-get install "
            "ngspice on Debian and Ubuntu, brew install ngspice on macOS; for others see ngspice.sourceforge.io."
        )
    return program


def _read(path: Path, run: Run) -> Answer:
    """The answer of a run that ended; one that stopped early has none."""
    if path.exists():
        axis, volts = read_raw(path)
        if axis[-1] >= run.analysis.last * (1 - 1e-6) and np.isfinite(volts).all():
            return OK, axis, volts
    return "", NOTHING, NOTHING
