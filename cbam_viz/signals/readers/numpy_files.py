"""NumPy's .npy and .npz. Pickled objects are never loaded, and sizes are read from the headers before any data."""

import math
import tokenize
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from cbam_viz.signals.readers.checks import ZIP_DAMAGED, check_expanded, damaged, open_zip, refusing
from cbam_viz.signals.readers.rows import Form, Row, Value, choose, find_rows
from cbam_viz.signals.readers.stated import state
from cbam_viz.signals.readers.times import part_times, with_rate
from cbam_viz.signals.recognise import recognise
from cbam_viz.signals.signal import Channel

KIND = "as NumPy writes it"
IMPACTS = "impacts"
"""Name of the array that holds the struck samples of a simulated signal."""
BYTES_AN_IMPACT = 64
"""In memory, as a whole number of Python beside the array."""
_ONLY_ARRAY = "channel"
DAMAGED = (*ZIP_DAMAGED, KeyError, TypeError, SyntaxError, MemoryError, tokenize.TokenError)
"""What reading a damaged file raises."""


def list_channels(path: Path) -> tuple[Channel, ...]:
    """Tell the channels from the headers alone."""
    return _survey(path)[0]


def read_channel(path: Path, name: str | None) -> tuple[Channel, NDArray[Any]]:
    """Read the one array that holds the channel."""
    channels, rows = _survey(path)
    channel = choose(channels, name, path)
    row = rows[channel.name]
    with refusing(path, KIND, DAMAGED), _opened(path) as open_array:
        return channel, row.take(_read_array(open_array(row.array)))


def _survey(path: Path) -> tuple[tuple[Channel, ...], dict[str, Row]]:
    """The channels, and where each lies."""
    with refusing(path, KIND, DAMAGED), _opened(path) as open_array:
        forms = _read_forms(path)
        values = {
            name: _read_value(open_array(name))
            for name, form in forms.items()
            if name != _ONLY_ARRAY and _is_value(form)
        }
        impacts = None
        if IMPACTS in forms and len(forms) > 1:
            impacts = _read_impacts(open_array(IMPACTS), forms.pop(IMPACTS), path)
        found = find_rows({name: form for name, form in forms.items() if name not in values}, path)
        rows, rates = part_times(found, lambda row: row.take(_read_array(open_array(row.array))))
    channels = (Channel(name, row.samples, impacts=impacts) for name, row in rows.items())
    told = (state(channel, [values]) for channel in recognise(channels, values, path.stem))
    return tuple(with_rate(channel, rates) for channel in told), rows


def _read_forms(path: Path) -> dict[str, Form]:
    """Shape and kind of every array."""
    if path.suffix.lower() == ".npy":
        with path.open("rb") as stream:
            return {_ONLY_ARRAY: _read_form(stream, path.stat().st_size, path)}
    with open_zip(path) as archive:
        members = archive.infolist()
        check_expanded(sum(member.file_size for member in members), path)
        forms = {}
        for member in members:
            with archive.open(member) as stream:
                forms[member.filename.removesuffix(".npy")] = _read_form(stream, member.file_size, path)
        return forms


def _read_form(stream: IO[bytes], size: int, path: Path) -> Form:
    """Shape and kind from an array's header, which must not promise more than the `size` bytes that are there."""
    version = npy.read_magic(stream)
    read_header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, _, dtype = read_header(stream)
    promised, there = math.prod(shape) * dtype.itemsize, size - stream.tell()
    if not dtype.hasobject and not 0 <= promised <= there:
        raise damaged(path, KIND, f"it holds {there} of {promised} bytes")
    return Form(shape, "O" if dtype.hasobject else dtype.kind)


@contextmanager
def _opened(path: Path) -> Iterator[Callable[[str], IO[bytes]]]:
    """What opens each array of a file by its name; an archive of thousands is looked through once."""
    if path.suffix.lower() == ".npy":
        yield lambda _name: path.open("rb")
    else:
        with open_zip(path) as archive:
            yield lambda name: archive.open(f"{name}.npy")


def _read_array(opened: IO[bytes]) -> NDArray[Any]:
    """One array; its header has been held against the bytes that are there."""
    with opened as stream:
        return np.asarray(npy.read_array(stream, allow_pickle=False))


def _read_impacts(opened: IO[bytes], form: Form, path: Path) -> tuple[int, ...]:
    """The samples at which a simulated bearing is struck.

    Raises
    ------
    ValueError
        If they are no row of whole numbers that grows.
    """
    check_expanded(BYTES_AN_IMPACT * math.prod(form.shape), path)
    impacts = _read_array(opened)
    if form.kind not in "iu" or impacts.ndim != 1 or np.any(np.diff(impacts.astype(np.int64), prepend=-1) <= 0):
        raise ValueError(f"{IMPACTS} must be a row of whole numbers that grows")
    return tuple(map(int, impacts))


def _is_value(form: Form) -> bool:
    """Whether an array is one number or one word."""
    return not form.barred and form.kind in "biufU" and math.prod(form.shape) == 1


def _read_value(opened: IO[bytes]) -> Value:
    """A single number or word."""
    value = _read_array(opened).item()
    return value if isinstance(value, str) else float(value)
