"""HDF5 (.h5, .hdf5) and MATLAB's .mat of version 7.3, which is HDF5 too: every row of numbers at any depth.

A channel is named by the way to it, ``run/acc``, and ``run.acc`` in a file of MATLAB. What attributes and single
numbers state of rate and unit (`stated`) holds for the array that carries them, and for all that lie below their group.

HDF5 hangs or takes gigabytes on some damaged files: of 16,300 mutants of small files, 3 never ended and 2 took 0.6 and
3.5 GB. So this module runs `apart`, in a child process; a recording is streamed by it only after its channels were
listed there.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from cbam_viz.signals.readers.apart_server import Stored
from cbam_viz.signals.readers.checks import check_expanded, refusing
from cbam_viz.signals.readers.hdf5_objects import Contents, find_objects
from cbam_viz.signals.readers.hdf5_pieces import find_pieces
from cbam_viz.signals.readers.rows import Row, Value, choose, distinct, find_rows
from cbam_viz.signals.readers.stated import NAME_LISTS, UNIT_LISTS, state, stated_list, stated_unit
from cbam_viz.signals.readers.times import part_times, with_rate
from cbam_viz.signals.recognise import recognise
from cbam_viz.signals.signal import Channel

KIND = "an HDF5 file"
PART = 1 << 17
"""Samples that are read at a time, or a few more."""
_DAMAGED = (OSError, RuntimeError, ValueError, KeyError, TypeError, OverflowError)


def list_channels(path: Path) -> tuple[Channel, ...]:
    """Tell the channels from the structure; single numbers and words are all that is read."""
    with _opened(path) as contents:
        return _survey(path, contents)[0]


@contextmanager
def open_channel(path: Path, name: str | None, is_streamed: bool = False) -> Iterator[tuple[Channel, Stored]]:
    """The one row of a dataset that is the channel; one that is streamed may be of any length."""
    with _opened(path) as contents:
        channels, rows = _survey(path, contents)
        channel = choose(channels, name, path, is_streamed)
        row = rows[channel.name]
        yield channel, _stored(contents.arrays[_places_by_name(contents, path)[row.array]], row, path)


@contextmanager
def _opened(path: Path) -> Iterator[Contents]:
    """What lies in an open file."""
    with refusing(path, KIND, _DAMAGED), h5py.File(path, "r", locking=False) as file:
        yield find_objects(file)


def _survey(path: Path, contents: Contents) -> tuple[tuple[Channel, ...], dict[str, Row]]:
    """The channels, and where each lies."""
    values = {
        _name((*place, name), path): value for place, told in contents.values.items() for name, value in told.items()
    }
    places = _places_by_name(contents, path)
    found = find_rows({name: contents.forms[place] for name, place in places.items()}, path)
    counts = Counter(row.array for row in found.values())

    def listed(row: Row, names: Sequence[str]) -> str:
        words = stated_list(contents.lists.get(places[row.array], {}), names, counts[row.array])
        return words[row.index] if words else ""

    names = [f"{row.array} {own}" if (own := listed(row, NAME_LISTS)) else name for name, row in found.items()]
    found = dict(zip(distinct(names), found.values(), strict=True))
    rows, rates = part_times(
        found,
        lambda row: _read(contents.arrays[places[row.array]], row, path),
        lambda row: stated_unit([contents.values[places[row.array]]]),
    )
    channels = recognise((Channel(name, row.samples) for name, row in rows.items()), values, path.stem)
    stated = (state(channel, _scopes(places[rows[channel.name].array], contents)) for channel in channels)
    known = (replace(channel, unit=listed(rows[channel.name], UNIT_LISTS) or channel.unit) for channel in stated)
    return tuple(with_rate(channel, rates) for channel in known), rows


def _scopes(place: tuple[str, ...], contents: Contents) -> list[dict[str, Value]]:
    """What is stated at a place, in its group, in the group above, and so on."""
    return [contents.values.get(place[:depth], {}) for depth in range(len(place), -1, -1)]


def _name(place: tuple[str, ...], path: Path) -> str:
    """How a person picks what lies at a place."""
    return ("." if path.suffix.lower() == ".mat" else "/").join(place)


def _places_by_name(contents: Contents, path: Path) -> dict[str, tuple[str, ...]]:
    """Where each array lies, by a name that is its own."""
    places = [place for place, form in contents.forms.items() if not form.is_single]
    return dict(zip(distinct([_name(place, path) for place in places]), places, strict=True))


def _read(dataset: h5py.Dataset, row: Row, path: Path) -> NDArray[Any]:
    """All samples of a row, (T,) array."""
    check_expanded(8 * row.samples, path)
    samples, end = np.empty(row.samples, dataset.dtype), 0
    for part in _parts(dataset, row, _time_axis(dataset, row), path):
        samples[end : end + len(part)] = part
        end += len(part)
    return samples


def _time_axis(dataset: h5py.Dataset, row: Row) -> int:
    """Along which the samples of a row lie."""
    return next(axis for axis, extent in enumerate(dataset.shape) if extent == row.samples != 1)


def _stored(dataset: h5py.Dataset, row: Row, path: Path) -> Stored:
    """The samples of a row: where they lie in the file, if they can be read there, and part by part."""
    time = _time_axis(dataset, row)
    pieces, there = find_pieces(dataset, row, time), path.stat().st_size
    if pieces and any(offset + size > there for offset, size in pieces.places):
        raise ValueError(f"samples lie behind its {there} bytes")
    if pieces and sum(size for _, size in pieces.places) > there:  # who reads them would read the same bytes again
        raise ValueError(f"its chunks overlap: together they take more than its {there} bytes")
    return Stored(dataset.dtype.str, row.samples, _parts(dataset, row, time, path), pieces)


def _parts(dataset: h5py.Dataset, row: Row, time: int, path: Path) -> Iterator[NDArray[Any]]:
    """The samples of a row in order, each part until the next one is read; each chunk is unpacked once."""
    chunk = dataset.chunks or (1,) * len(dataset.shape)
    check_expanded(math.prod(chunk) * dataset.dtype.itemsize, path)
    step = math.ceil(PART / chunk[time]) * chunk[time]
    others = tuple(row.index if extent != 1 else 0 for extent in dataset.shape)
    part = np.empty(min(step, row.samples), dataset.dtype)  # new memory for each would cost as much as reading it
    for start in range(0, row.samples, step):
        stop = min(start + step, row.samples)
        dataset.read_direct(part, (*others[:time], slice(start, stop), *others[time + 1 :]), np.s_[: stop - start])
        yield part[: stop - start]
