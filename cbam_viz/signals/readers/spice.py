"""Raw files of LTspice and ngspice, binary and as text: a transient analysis on the simulator's own uneven times.

The library reads heads, UTF-16 or not, and text; it trusts what a file says of itself and prints, so this is only
imported by a process of its own (`apart`). Fast access, whose columns lie one after another, is refused, and of several
runs the first is read.
"""

from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import ltspice
import numpy as np
from numpy.typing import NDArray

from cbam_viz.errors import InputError
from cbam_viz.signals.readers.apart_server import Stored
from cbam_viz.signals.readers.checks import check_expanded, damaged, refusing
from cbam_viz.signals.readers.columns import frequency_response
from cbam_viz.signals.readers.rows import choose, distinct
from cbam_viz.signals.readers.uneven import Grid, grid_of_table
from cbam_viz.signals.signal import Channel

KIND = "a raw file of LTspice or ngspice"
OUTPUT = "v(out)"
"""What a netlist calls its output as a rule: the first channel, before the other voltages."""
_DAMAGED = (
    ltspice.ltspice.LtspiceException, IndexError, ValueError, TypeError, AttributeError, OverflowError, OSError,
    ZeroDivisionError,
)  # fmt: skip
"""What the library raises on a damaged file."""
_UNITS = {"voltage": "V", "device_current": "A", "current": "A"}
_OVER_FREQUENCY = {"AC", "FFT", "Noise"}


def list_channels(path: Path) -> tuple[Channel, ...]:
    """Every voltage, then every current, of the first run."""
    return tuple(_open(path)[0])


@contextmanager
def open_channel(path: Path, name: str | None) -> Iterator[tuple[Channel, Stored]]:
    """One channel on an even grid."""
    columns, grid, traces = _open(path)
    channel = choose(tuple(columns), name, path)
    values = np.asarray(
        traces[: channel.samples if grid is None else len(grid.times), columns[channel] - 1], np.float64
    )
    samples = values if grid is None else grid.fill(values)
    yield channel, Stored(samples.dtype.str, len(samples), [samples])


def _open(path: Path) -> tuple[dict[Channel, int], Grid | None, NDArray[Any]]:
    """The channels with their columns, the grid of the times, and the (T, columns) array of the first run."""
    with redirect_stdout(StringIO()), refusing(path, KIND, _DAMAGED):  # it prints what it guesses
        file = _header(path)
        times, traces = _body(file, path)
    times = np.abs(times)  # LTspice marks times with a sign
    back = np.flatnonzero(np.diff(times) < 0)
    times = times[: back[0] + 1] if len(back) else times
    fs, note, grid = grid_of_table(None, times, 1.0)
    if len(back):
        note += f" It holds {len(back) + 1} runs, of which the first is read."
    samples = len(times) if grid is None else grid.samples
    names = distinct(file.variables)
    kinds = dict(enumerate(_UNITS.get(kind, "") for kind in file._types))
    order = sorted(range(1, len(names)), key=lambda at: (names[at].lower() != OUTPUT, kinds[at] != "V"))
    found = {Channel(names[at], samples, fs, kinds[at], note=note): at for at in order}
    if not found:
        raise InputError(
            f"A raw file must hold a voltage, but {path.name} holds only times. Save the output of the circuit with it."
        )
    return found, grid, traces


def _body(file: ltspice.Ltspice, path: Path) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """The times, (T,) array, and the (T, columns) array of the traces beside them."""
    points, others = file._point_num, file._variable_num - 1
    if file._file_type == "Ascii":
        file.parse()
        return file.y_raw[:, 0], file.y_raw[:, 1:]
    size = path.stat().st_size - file.header_size
    for kind in ("<f4", "<f8"):  # LTspice writes times with more digits than the rest, unless asked
        row = np.dtype([("time", "<f8"), ("rest", kind, (others,))])
        if size == points * row.itemsize:
            rows = np.fromfile(path, row, offset=file.header_size)
            return rows["time"], rows["rest"]
    raise damaged(path, KIND, f"it holds {size} bytes, and not {points} points of {others + 1} traces")


def _header(path: Path) -> ltspice.Ltspice:
    """The file with its header read, if it is a transient analysis that fits into memory.

    Raises
    ------
    InputError
        If it is another analysis, is written for fast access, or would take too much memory.
    """
    file = ltspice.Ltspice(path)
    if file._mode in _OVER_FREQUENCY:
        raise frequency_response(path)
    if file._mode != "Transient" or not file.variables or file.variables[0].lower() != "time":
        raise InputError(
            f"A raw file must hold a transient analysis, but {path.name} holds {file.plot_name.strip() or 'none'}. "
            "Simulate the response to a pulse over time (.tran)."
        )
    if "fastaccess" in " ".join(file.flags).lower():
        raise InputError(
            f"A raw file is read as the simulator writes it, but {path.name} was converted for fast access. "
            "Save it again without that."
        )
    if len(file.variables) != file._variable_num or file._point_num < 2:
        raise damaged(path, KIND, f"it names {len(file.variables)} traces of {file._variable_num}")
    check_expanded(16 * file._point_num * file._variable_num, path)
    return file
