"""A reader whose library can crash, hang or take any amount of memory on a damaged file runs in a process of its own.

A server (`apart_server`) is started when the first such file is read and ends with this process. Its child reads, with
limits on memory and time: whatever happens to the child, a person reads one sentence. It answers through a pipe in
lines of JSON, each of which may be followed by samples, or tell where in the file they lie; no pickle is involved.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cbam_viz.errors import InputError
from cbam_viz.signals.readers import checks
from cbam_viz.signals.readers.pieces import Pieces, read_pieces
from cbam_viz.signals.signal import Channel

OUT_OF_TIME, OUT_OF_LIFE = 3, 4
"""Exit codes of a server whose child took too long, or was ended by its library."""
PIPE_BYTES = 1 << 20
_REASONS = {OUT_OF_TIME: "reading it takes too long"}
_QUIET = {"OPENBLAS_NUM_THREADS": "1", "HDF5_PLUGIN_PRELOAD": "::"}
"""Surroundings of a server: no threads, no plugins of HDF5."""
_CODE = "import sys; from cbam_viz.signals.readers.apart_server import serve; serve(sys.argv[1])"
_PACKAGE_FOLDER = str(Path(__file__).parents[3])


class Apart:
    """A reader behind the same two functions, in a child process.

    Parameters
    ----------
    module : full name of the module that reads; see `apart_server`. Only the child imports it.
    kind : what a whole file is, for advice, such as ``an HDF5 file``.
    """

    def __init__(self, module: str, kind: str) -> None:
        self._module, self._kind = module, kind
        self._lock = threading.Lock()  # one file at a time
        self._server: subprocess.Popen[bytes] | None = None

    def list_channels(self, path: Path) -> tuple[Channel, ...]:
        """Every channel, as the module lists them."""
        answer, _ = self._ask(path, {"task": "list"})
        return tuple(_channel(told) for told in answer["channels"])

    def read_channel(self, path: Path, name: str | None) -> tuple[Channel, NDArray[Any]]:
        """One channel and its samples, (T,) array, as they stand in the file."""
        answer, samples = self._ask(path, {"task": "read", "name": name})
        if answer["pieces"]:
            with checks.refusing(path, self._kind, (EOFError, zlib.error)):
                read_pieces(path, Pieces(**answer["pieces"]), samples)
        return _channel(answer["channel"]), samples

    def _ask(self, path: Path, task: dict[str, str | None]) -> tuple[dict[str, Any], NDArray[Any]]:
        """What the child answers, and the samples.

        Raises
        ------
        InputError
            If the child says so, or did not live to answer.
        RuntimeError
            If the module has a bug; with the child's traceback.
        """
        request = {"path": str(path.absolute()), "limit": checks.MAX_EXPANDED_BYTES, **task}
        with self._lock:
            server, self._server = self._server, None
            if server is None or server.poll() is not None:  # one that ended while nobody asked
                server = _start(self._module)
            try:
                answer, samples = _converse(server, request)
                self._server = server
            except (EOFError, BrokenPipeError) as error:
                reason = _REASONS.get(server.wait(), "reading it ends the process")  # the pipe is closed by its end
                raise checks.damaged(path, self._kind, reason) from error
            finally:
                if self._server is None:  # who interrupts the wait leaves no half answer for the next
                    _end(server)
        if "advice" in answer:
            raise InputError(answer["advice"])
        if "bug" in answer:
            raise RuntimeError(answer["bug"])
        return answer, samples


def _start(module: str) -> subprocess.Popen[bytes]:
    """A server for one module."""
    folders = os.pathsep.join(filter(None, [_PACKAGE_FOLDER, os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(  # noqa: S603 - Python itself, and a module of this package
        [sys.executable, "-c", _CODE, module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pipesize=PIPE_BYTES,
        env={**os.environ, "PYTHONPATH": folders, **_QUIET},
        start_new_session=True,  # Ctrl-C is for the process that asks
    )


def _end(server: subprocess.Popen[bytes]) -> None:
    """End a server and the child that it is waiting for."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)  # it leads a session of its own
    with contextlib.suppress(BrokenPipeError), server:  # what was not sent goes with it
        pass


def _converse(server: Any, request: dict[str, Any]) -> tuple[dict[str, Any], NDArray[Any]]:
    """Ask; the last line of the answer, and the samples before it.

    Raises
    ------
    EOFError, BrokenPipeError
        If the child died.
    """
    server.stdin.write(json.dumps(request).encode() + b"\n")
    server.stdin.flush()
    samples, room = np.empty(0), memoryview(b"")
    while (line := server.stdout.readline()).endswith(b"\n"):  # a half line is of a child that died
        told = json.loads(line)
        if "dtype" in told:
            samples = np.empty(told["count"], told["dtype"])
            room = samples.data.cast("B")
        elif "bytes" in told:
            part, room = room[: told["bytes"]], room[told["bytes"] :]
            if server.stdout.readinto(part) < len(part):
                raise EOFError
        else:
            return told, samples
    raise EOFError


def _channel(told: dict[str, Any]) -> Channel:
    """A channel from JSON, which knows no tuples."""
    impacts = told["impacts"]
    return Channel(**{**told, "impacts": None if impacts is None else tuple(impacts)})


HDF5 = Apart("cbam_viz.signals.readers.hdf5", "an HDF5 file")
"""Reads .h5, .hdf5, and .mat of version 7.3."""
WORKBOOK = Apart("cbam_viz.signals.readers.spreadsheet", "an Excel workbook")
"""Reads .xlsx."""
SPICE = Apart("cbam_viz.signals.readers.spice", "a raw file of LTspice or ngspice")
"""Reads .raw."""
