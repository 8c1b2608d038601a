"""The other side of `apart`: a process with a child that reads within limits, and with the next child if that one dies.

A child has every library loaded before it is asked, so a request costs about two milliseconds; after a file that is
bad in any way it makes room for a new one. A module that reads here has two functions: `list_channels` as every
reader, and `open_channel`, whose samples come part by part.
"""

import gc
import importlib
import json
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, NoReturn, Protocol

import numpy as np
from numpy.typing import NDArray

from cbam_viz.errors import InputError
from cbam_viz.signals.readers import checks
from cbam_viz.signals.readers.apart import OUT_OF_LIFE, OUT_OF_TIME
from cbam_viz.signals.readers.pieces import Pieces
from cbam_viz.signals.signal import Channel

SMALLEST_MEMORY_BYTES = 512_000_000
TIMES_THE_FILE = 3
"""A child may take as much memory as these say, whichever is more, beside what its libraries take."""
PROCESSOR_SECONDS = 20


@dataclass(frozen=True, eq=False)
class Stored:
    """Samples that have not been read.

    Parameters
    ----------
    dtype : of the samples, as NumPy writes it.
    count : of all samples.
    parts : the samples, in order, as arrays that are read when it is their turn.
    pieces : of the file itself that make up the samples, so that `parts` need not be read; None if none do.
    """

    dtype: str
    count: int
    parts: Iterable[NDArray[Any]]
    pieces: Pieces | None = None


class _Module(Protocol):
    """What reads."""

    KIND: str

    def list_channels(self, path: Path) -> tuple[Channel, ...]:
        """Every channel."""
        ...

    def open_channel(self, path: Path, name: str | None) -> AbstractContextManager[tuple[Channel, Stored]]:
        """One channel of an open file."""
        ...


def serve(module: str) -> NoReturn:
    """Keep a child that answers, until one ends otherwise than by having read a damaged file."""
    reader: Any = importlib.import_module(module)
    gc.freeze()  # a collection would copy the memory that child and server share
    while True:
        child = os.fork()
        if not child:
            _live(reader)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code:
            sys.exit(OUT_OF_TIME if code == -signal.SIGXCPU else OUT_OF_LIFE)


def _live(reader: _Module) -> NoReturn:
    """Be the child: answer until a file is bad, and end without cleaning up what is the server's."""
    code = OUT_OF_LIFE  # also if there is no request any more
    try:
        with os.fdopen(os.dup(1), "wb") as pipe:
            os.dup2(2, 1)  # what a library prints is no answer
            while code and (line := sys.stdin.readline()):
                request = json.loads(line)
                path, checks.MAX_EXPANDED_BYTES = Path(request["path"]), request["limit"]
                _limit(path.stat().st_size)
                answer = _answer(reader, path, request, pipe)
                _say(pipe, answer)
                pipe.flush()
                if "advice" in answer or "bug" in answer:
                    code = 0
    finally:
        os._exit(code)


def _limit(size: int) -> None:
    """Set limits for reading a file of `size` bytes, beside what was taken before."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    seconds = int(time.process_time()) + PROCESSOR_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    mapped = Path("/proc/self/statm")
    if mapped.exists():  # where it is not, memory has no limit but those of the module itself
        taken = int(mapped.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        memory = taken + max(SMALLEST_MEMORY_BYTES, TIMES_THE_FILE * size)
        resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _answer(reader: _Module, path: Path, request: dict[str, Any], pipe: IO[bytes]) -> dict[str, Any]:
    """The last line: what the module says, after it has sent its samples; its advice; or the traceback of its bug."""
    try:
        if request["task"] == "list":
            return {"channels": [asdict(channel) for channel in reader.list_channels(path)]}
        with reader.open_channel(path, request["name"]) as (channel, stored):
            _send(pipe, stored)
        return {"channel": asdict(channel), "pieces": stored.pieces and asdict(stored.pieces)}
    except InputError as error:
        return {"advice": str(error)}
    except MemoryError:
        return {"advice": str(checks.damaged(path, reader.KIND, "reading it takes too much memory"))}
    except Exception:  # noqa: BLE001 - it is raised again on the other side
        return {"bug": traceback.format_exc()}


def _send(pipe: IO[bytes], stored: Stored) -> None:
    """Send samples, or how much room they need where they lie in pieces."""
    _say(pipe, {"dtype": stored.dtype, "count": stored.count})
    for part in () if stored.pieces else stored.parts:
        whole = np.ascontiguousarray(part, stored.dtype)
        _say(pipe, {"bytes": whole.nbytes})
        pipe.write(whole.data.cast("B"))


def _say(pipe: IO[bytes], told: dict[str, Any]) -> None:
    """Send one line."""
    pipe.write(json.dumps(told).encode() + b"\n")
