"""Where the samples of an HDF5 dataset lie in the file, so that another process can read them there.

Only datasets whose chunks hold one row alone, plain or packed by gzip (which all programs write), have such places;
the others are read by HDF5 itself.
"""

import math

import h5py

from cbam_viz.signals.readers.pieces import Pieces
from cbam_viz.signals.readers.rows import Row

LARGEST_CHUNK_BYTES = 1 << 24
"""Of a packed chunk; a larger one is unpacked within the limits of a process of its own."""
_FILTERS = {(): False, (h5py.h5z.FILTER_DEFLATE,): False, (h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_DEFLATE): True}
"""Those that can be undone here, in the order in which they were done, and whether they shuffle bytes."""


def find_pieces(dataset: h5py.Dataset, row: Row, time: int) -> Pieces | None:
    """The pieces that hold the samples of a row and nothing else, None if none do.

    Parameters
    ----------
    dataset : that holds the row.
    row : whose samples are asked for.
    time : axis along which they lie.
    """
    created = dataset.id.get_create_plist()
    filters = tuple(created.get_filter(index)[0] for index in range(created.get_nfilters()))
    if filters not in _FILTERS or h5py.h5t.py_create(dataset.dtype) != dataset.id.get_type():
        return None
    width = dataset.dtype.itemsize
    if not dataset.chunks:
        start = dataset.id.get_offset() if all(extent == 1 for extent in dataset.shape[time + 1 :]) else None
        return start and Pieces([(start + row.index * row.samples * width, row.samples * width)])
    length = dataset.chunks[time]
    if math.prod(dataset.chunks) != length or (filters and length * width > LARGEST_CHUNK_BYTES):
        return None
    chunks = _chunks(dataset, row, time)
    starts = range(0, row.samples, length)
    if chunks.keys() != set(starts) or any(chunk.byte_offset is None or chunk.filter_mask for chunk in chunks.values()):
        return None  # what was never written has no place, and a filter may have been left out for a chunk
    if filters:
        return Pieces([(chunks[start].byte_offset, chunks[start].size) for start in starts], length, _FILTERS[filters])
    return Pieces([(chunks[start].byte_offset, width * min(length, row.samples - start)) for start in starts])


def _chunks(dataset: h5py.Dataset, row: Row, time: int) -> dict[int, h5py.h5d.StoreInfo]:
    """The chunks of a row, by their first sample."""
    chunks: dict[int, h5py.h5d.StoreInfo] = {}

    def note(chunk: h5py.h5d.StoreInfo) -> None:
        if all(
            at == row.index for axis, at in enumerate(chunk.chunk_offset) if dataset.shape[axis] != 1 and axis != time
        ):
            chunks[chunk.chunk_offset[time]] = chunk

    dataset.id.chunk_iter(note)
    return chunks
