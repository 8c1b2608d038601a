"""Samples are read where they lie in a file, packed or not, and never unpacked further than they may be."""

import tracemalloc
import zlib

import numpy as np
import pytest

from cbam_viz.signals.readers.pieces import Pieces, read_pieces

ROW = np.random.default_rng(0).integers(-1000, 1000, 250)


def shuffled(part):
    """First bytes of all samples, then all the second ones, and so on."""
    return part.view(np.uint8).reshape(len(part), -1).T.tobytes()


@pytest.mark.parametrize("dtype", ["i2", ">f4", "f8", "?"])
@pytest.mark.parametrize(
    ("packed", "write"),
    [(0, bytes), (100, lambda part: zlib.compress(part.tobytes())), (100, lambda part: zlib.compress(shuffled(part)))],
)
def test_pieces_come_back_in_order(tmp_path, dtype, packed, write):
    """Whatever the type, and in whatever order the pieces lie; what a packed one holds behind the end is left out."""
    row = ROW.astype(dtype)
    whole = np.r_[row, np.zeros(50, dtype)].astype(dtype) if packed else row
    pieces = [write(whole[start : start + 100]) for start in (0, 100, 200)]
    (tmp_path / "x").write_bytes(b"head" + pieces[2] + pieces[0] + pieces[1])
    starts = 4 + np.cumsum([0, len(pieces[2]), len(pieces[0])])
    places = [(int(starts[place]), len(pieces[piece])) for piece, place in ((0, 1), (1, 2), (2, 0))]
    samples = np.empty_like(row)

    is_shuffled = packed > 0 and zlib.decompress(pieces[0]) != whole[:100].tobytes()
    read_pieces(tmp_path / "x", Pieces(places, packed, is_shuffled), samples)
    np.testing.assert_array_equal(samples, row)


def test_a_bomb_is_not_unpacked(tmp_path):
    """A piece of 100 kB that would unpack to 100 MB is refused when it passes the size it should have."""
    packed = zlib.compress(bytes(100_000_000))
    (tmp_path / "x").write_bytes(packed)
    tracemalloc.start()
    with pytest.raises(zlib.error, match="a piece does not unpack to 800 bytes"):
        read_pieces(tmp_path / "x", Pieces([(0, len(packed))], 100), np.empty(100))
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_a_file_that_ends_too_early_is_noticed(tmp_path):
    """A piece that reaches behind the end of the file is no piece."""
    (tmp_path / "x").write_bytes(bytes(799))
    with pytest.raises(EOFError, match="the file ended before its samples"):
        read_pieces(tmp_path / "x", Pieces([(0, 800)]), np.empty(100))
