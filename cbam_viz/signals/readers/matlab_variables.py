"""What lies in a MATLAB file of version 4 to 7.2, found by walking its headers; numbers are decoded when asked for.

Written out here because `scipy.io.loadmat` ends the whole process on some damaged files: it takes the type of an
element from the file as an index and does not look at it. Here every length is held against the bytes that are there.
Sparse matrices, objects and function handles are named and not decoded.

Reference: MathWorks, "MAT-File Format" (R2019b), chapters 1 (level 5) and 2 (level 4).
"""

import math
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cbam_viz.signals.readers.rows import Form, Value
from cbam_viz.signals.readers.stated import LONGEST_TEXT

MOST_ELEMENTS = 500_000
"""Of a file, at any depth: each takes about 250 bytes to walk, and one of 23 kB may unpack to two million."""
_HEADER = 128  # bytes
_PEEK = 1024  # bytes, many more than a compressed tag
_TYPES = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
_MATRIX, _COMPRESSED, _UTF8, _UTF16, _UTF32 = 14, 15, 16, 17, 18
_TEXTS = {1: "latin-1", 2: "latin-1", 4: "utf-16", _UTF8: "utf-8", _UTF16: "utf-16", _UTF32: "utf-32"}
_CELL, _STRUCT, _CHAR = 1, 2, 4
_KINDS = {_CHAR: "U", 6: "f", 7: "f"} | {mclass: "iu"[mclass % 2] for mclass in range(8, 16)}
_COMPLEX = 0x0800
_LEVEL_4_TYPES = ("f8", "f4", "i4", "i2", "u2", "u1")
_LEVEL_4_KINDS = ("f", "V", "V")  # full, text, sparse
_LEVEL_4_BIG_ENDIAN = 1000  # is added to the type of a variable


@dataclass(frozen=True)
class Variable:
    """One array of a file, not decoded yet: `coding` is how NumPy calls its numbers, or the encoding of its text."""

    form: Form
    coding: str
    stored: memoryview

    def array(self) -> NDArray[Any]:
        """Its numbers in its shape."""
        return np.frombuffer(self.stored, self.coding).reshape(self.form.shape, order="F")

    def value(self) -> Value | None:
        """Its single number or its text, None if it is neither or too long."""
        if self.form.kind == "U":
            return str(self.stored, self.coding).strip() if len(self.stored) <= 4 * LONGEST_TEXT else None
        return float(self.array().item()) if self.form.is_single else None


@dataclass(frozen=True)
class _Walk:
    """How a level 5 file is walked: in its byte order, and for as many elements as are left."""

    order: str
    left: Iterator[int] = field(default_factory=lambda: iter(range(MOST_ELEMENTS)))


def read_level_5(content: bytes) -> Iterator[tuple[str, Variable]]:
    """Every array of a level 5 file (versions 5 to 7.2) by name; inside a struct ``bearing`` as ``bearing.gs``.

    Raises
    ------
    ValueError, struct.error, zlib.error
        If the file is damaged, or holds too many elements.
    """
    walk = _Walk(_order(content))
    for kind, body in _elements(memoryview(content)[_HEADER:], walk):
        yield from _variables(_inflate(body, walk.order) if kind == _COMPRESSED else body, walk)


def expanded_bytes(content: bytes) -> int:
    """Bytes that the variables of a level 5 file say they take when decompressed; `read_level_5` takes no more."""
    order = _order(content)
    elements = _elements(memoryview(content)[_HEADER:], _Walk(order))
    return sum(_inflated_bytes(body, order) if kind == _COMPRESSED else len(body) for kind, body in elements)


def read_level_4(content: bytes) -> Iterator[tuple[str, Variable]]:
    """Every array of a level 4 file by name.

    Raises
    ------
    ValueError
        If the file is damaged, or holds too many variables.
    """
    block, at, left = memoryview(content), 0, MOST_ELEMENTS
    order = "<" if int.from_bytes(content[:4], "little") < _LEVEL_4_BIG_ENDIAN else ">"
    while at < len(block):
        if not left:
            raise ValueError(f"it holds more than {MOST_ELEMENTS} variables")
        left -= 1
        mopt, rows, columns, imaginary, letters = struct.unpack(f"{order}5I", _slice(block, at, 20))
        precision, matrix = mopt // 10 % 10, mopt % 10
        if precision >= len(_LEVEL_4_TYPES) or matrix >= len(_LEVEL_4_KINDS) or mopt >= 2 * _LEVEL_4_BIG_ENDIAN:
            raise ValueError(f"a variable of the unknown type {mopt}")
        coding = order + _LEVEL_4_TYPES[precision]
        size = rows * columns * np.dtype(coding).itemsize
        name = str(_slice(block, at + 20, letters), "latin-1").rstrip("\0")
        stored = _slice(block, at + 20 + letters, size)
        kind = "c" if imaginary else _LEVEL_4_KINDS[matrix]
        yield name, Variable(Form((rows, columns), kind), coding, stored)
        at += 20 + letters + size * (2 if imaginary else 1)


def _elements(block: memoryview, walk: _Walk) -> Iterator[tuple[int, memoryview]]:
    """Type and body of every data element in a block."""
    at = 0
    while at + 8 <= len(block):
        if next(walk.left, None) is None:
            raise ValueError(f"it holds more than {MOST_ELEMENTS} elements")
        kind, size = struct.unpack_from(f"{walk.order}II", block, at)
        if kind >> 16:  # a small element: size and type share a word, the body lies in the other
            size, kind = divmod(kind, 1 << 16)
            yield kind, _slice(block[: at + 8], at + 4, size)
            at += 8
        else:
            yield kind, _slice(block, at + 8, size)
            at += 8 + size + (0 if kind == _COMPRESSED else -size % 8)


def _slice(block: memoryview, start: int, size: int) -> memoryview:
    """Bytes of a block that must be there."""
    if start + size > len(block):
        raise ValueError("it ends in the middle of a variable")
    return block[start : start + size]


def _order(content: bytes) -> str:
    """Byte order of a level 5 file."""
    return "<" if content[126:128] == b"IM" else ">"


def _inflated_bytes(packed: memoryview, order: str) -> int:
    """Bytes that a compressed element says it takes."""
    tag = zlib.decompressobj().decompress(packed[:_PEEK], 8)
    return int(struct.unpack(f"{order}II", tag)[1])


def _inflate(packed: memoryview, order: str) -> memoryview:
    """The body of a compressed element, which must be as long as it says."""
    size, inflater = _inflated_bytes(packed, order), zlib.decompressobj()
    element = memoryview(inflater.decompress(packed, 8 + size + 1))  # one more, so that its checksum is reached
    if not inflater.eof:
        raise ValueError(f"a compressed variable is cut, or longer than the {size} bytes it says")
    return _slice(element, 8, size)


def _variables(matrix: memoryview, walk: _Walk, path: str = "") -> Iterator[tuple[str, Variable]]:
    """The array in a matrix element, or all arrays inside it if it is a struct or a cell."""
    parts = list(_elements(matrix, walk))
    if len(parts) < 3 or len(parts[0][1]) < 8:
        return  # an empty place in a cell or struct
    (flags,) = struct.unpack_from(f"{walk.order}I", parts[0][1])
    shape = tuple(np.frombuffer(parts[1][1], f"{walk.order}i4").tolist())
    name, mclass = path or str(parts[2][1], "latin-1"), flags & 0xFF
    if mclass == _STRUCT and len(parts) >= 5:
        yield from _inside_struct(parts, math.prod(shape) == 1, walk, name)
    elif mclass == _CELL:
        for number, (_, body) in enumerate(parts[3:], 1):
            yield from _variables(body, walk, f"{name}({number})")
    elif name and len(parts) >= 4:
        stored_type, stored = parts[3]
        kind = "c" if flags & _COMPLEX else _KINDS.get(mclass, "V")
        coding = _TEXTS.get(stored_type) if kind == "U" else _TYPES.get(stored_type)
        yield name, _variable(shape, kind if coding else "V", coding or "", stored, walk.order)


def _variable(shape: tuple[int, ...], kind: str, coding: str, stored: memoryview, order: str) -> Variable:
    """An array, held against the bytes that are there."""
    if kind == "U":
        wide = {"utf-16", "utf-32"} & {coding}
        return Variable(Form(shape, kind), f"{coding}-{'le' if order == '<' else 'be'}" if wide else coding, stored)
    if kind not in "Vc" and (min(shape) < 0 or math.prod(shape) * np.dtype(coding).itemsize != len(stored)):
        raise ValueError(f"{len(stored)} bytes for the shape {shape}")
    return Variable(Form(shape, kind), order + coding, stored)


def _inside_struct(
    parts: list[tuple[int, memoryview]], single: bool, walk: _Walk, name: str
) -> Iterator[tuple[str, Variable]]:
    """All arrays inside a struct, or inside each of an array of structs."""
    (width,) = struct.unpack_from(f"{walk.order}i", parts[3][1].tobytes().ljust(4, b"\0"))
    letters = parts[4][1].tobytes()
    width = max(1, width)
    fields = [letters[at : at + width].split(b"\0")[0].decode("latin-1") for at in range(0, len(letters), width)]
    for index, (_, body) in enumerate(parts[5:] if fields else []):
        number, field = divmod(index, len(fields))
        yield from _variables(body, walk, f"{name}{'' if single else f'({number + 1})'}.{fields[field]}")
