"""Samples that lie in a file in pieces, as they are or packed by zlib: read without the format's own library."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Pieces:
    """Where the samples of a channel lie, and nothing else does.

    Parameters
    ----------
    places : (offset, size) in bytes of each piece, in order.
    packed : samples that every piece unpacks to, of which the last may be too many; 0 if they lie there as they are.
    shuffled : whether a packed piece holds the first bytes of all its samples, then all the second bytes, and so on.
    """

    places: Sequence[tuple[int, int]]
    packed: int = 0
    shuffled: bool = False


def read_pieces(path: Path, pieces: Pieces, samples: NDArray[Any]) -> None:
    """Fill samples, (T,) array, from the pieces.

    Raises
    ------
    EOFError, zlib.error
        If the file ends too early, or a piece is damaged.
    """
    room = samples.view(np.uint8).reshape(len(samples), -1)  # (T, bytes of a sample)
    width, begin = samples.dtype.itemsize, 0
    with path.open("rb", buffering=0) as file:
        for offset, size in pieces.places:
            part = room[begin : begin + (pieces.packed or size // width)]
            begin += len(part)
            file.seek(offset)
            if not pieces.packed:
                if file.readinto(part.data) < part.nbytes:
                    raise EOFError("the file ended before its samples")
                continue
            unpacked = np.frombuffer(_unpack(file.read(size), pieces.packed * width), np.uint8)
            if pieces.shuffled:
                for place, plane in enumerate(unpacked.reshape(width, -1)):
                    part[:, place] = plane[: len(part)]
            else:
                part[:] = unpacked.reshape(-1, width)[: len(part)]


def _unpack(packed: bytes, size: int) -> bytes:
    """What unpacks to `size` bytes, and is never unpacked further than one byte more."""
    unpacking = zlib.decompressobj()
    unpacked = unpacking.decompress(packed, size + 1)
    if len(unpacked) != size or not unpacking.eof:
        raise zlib.error(f"a piece does not unpack to {size} bytes")
    return unpacked
