"""How large the pieces of a Parquet or Feather file say they are when unpacked; read before Arrow unpacks any.

Arrow believes each piece, whatever the footer says: a Feather file of 49 kB that announced 400 numbers took 1.6 GB.

References: Apache Parquet, "Parquet.thrift" (`PageHeader`) in Thrift's compact protocol; Apache Arrow, "File.fbs" and
"Message.fbs" in FlatBuffers.
"""

import struct
from collections.abc import Iterator

MOST_PIECES = 100_000
_HEADER_BYTES = 1 << 16
_DEEPEST = 16
_BOOLEANS, _BYTE, _NUMBERS, _DOUBLE, _TEXT, _LISTS, _STRUCT = (1, 2), 3, (4, 5, 6), 7, 8, (9, 10), 12
_UNPACKED, _PACKED = 2, 3  # fields of a page's header
_TAIL = 10  # bytes: length of the footer, and a mark
_DICTIONARIES, _BATCHES, _HEADER, _DICTIONARY_DATA, _BUFFERS, _COMPRESSION = 2, 3, 2, 1, 2, 3  # fields of tables


def unpacked_pages(content: memoryview, start: int, size: int) -> int:
    """Bytes that the pages of one column chunk of Parquet say they take, from byte `start` on.

    Raises
    ------
    ValueError, IndexError
        If they are damaged, or too many.
    """
    at, total = start, 0
    for _ in range(MOST_PIECES):
        if at >= start + size:
            return total
        if at < 0:
            raise ValueError("a page lies before the file")
        fields, length = _read_struct(content[at : at + _HEADER_BYTES], 0, 0)
        if min(fields.get(_PACKED, -1), fields.get(_UNPACKED, -1)) < 0:
            raise ValueError("a page has no size")
        total += fields[_UNPACKED]
        at += length + fields[_PACKED]
    raise ValueError(f"a column has more than {MOST_PIECES} pages")


def _read_struct(block: memoryview, at: int, depth: int) -> tuple[dict[int, int], int]:
    """The whole numbers of a struct by the numbers of their fields, and where it ends."""
    fields: dict[int, int] = {}
    if depth > _DEEPEST:
        raise ValueError("a page's header is too deep")
    field = 0
    while kind := block[at]:
        step, kind, at = kind >> 4, kind & 15, at + 1
        if step:
            field += step
        else:
            field, at = _read_number(block, at)
        fields[field], at = _read_value(block, at, kind, depth)
    return fields, at + 1


def _read_value(block: memoryview, at: int, kind: int, depth: int) -> tuple[int, int]:
    """A value, 0 if it is no whole number, and where it ends."""
    if kind in _BOOLEANS:
        return 0, at
    if kind in _NUMBERS:
        return _read_number(block, at)
    if kind == _STRUCT:
        return 0, _read_struct(block, at, depth + 1)[1]
    if kind == _TEXT:
        length, at = _read_varint(block, at)
        return 0, at + length
    if kind in (_BYTE, _DOUBLE):
        return 0, at + (1 if kind == _BYTE else 8)
    raise ValueError(f"a page's header holds the unknown type {kind}")  # lists and maps are in none


def _read_number(block: memoryview, at: int) -> tuple[int, int]:
    """A whole number with its sign, and where it ends."""
    number, at = _read_varint(block, at)
    return (number >> 1) ^ -(number & 1), at


def _read_varint(block: memoryview, at: int) -> tuple[int, int]:
    """A whole number without sign, seven bits a byte, and where it ends."""
    number = shift = 0
    while shift < 70:
        number |= (block[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if block[at - 1] < 128:
            return number, at
    raise ValueError("a number has no end")


def unpacked_buffers(content: memoryview) -> int:
    """Bytes that the largest column of a Feather file, and all its dictionaries, say they take.

    Raises
    ------
    ValueError, struct.error
        If it is damaged, or has too many batches.
    """
    (length,) = struct.unpack_from("<i", content, len(content) - _TAIL)
    footer = content[len(content) - _TAIL - length : len(content) - _TAIL]
    root = _table(footer, 0)
    dictionaries = [sum(_buffers(content, block, True)) for block in _blocks(footer, root[_DICTIONARIES])]
    return sum(dictionaries) + sum(
        max(_buffers(content, block), default=0) for block in _blocks(footer, root[_BATCHES])
    )


def _blocks(footer: memoryview, vector: int) -> Iterator[tuple[int, int]]:
    """Where the messages begin that a vector of the footer points to, and their bodies."""
    for at in _vector(footer, vector, 24):
        begin, header = struct.unpack_from("<qi", footer, at)
        yield begin, begin + header


def _buffers(content: memoryview, block: tuple[int, int], is_dictionary: bool = False) -> Iterator[int]:
    """Bytes that each compressed buffer of a message says it takes."""
    begin, body = block
    if min(begin, body) < 0:
        raise ValueError("a message lies before the file")
    message = content[begin + (8 if content[begin : begin + 4] == b"\xff" * 4 else 4) : body]
    batch = _table(message, _table(message, 0)[_HEADER])
    if is_dictionary:
        batch = _table(message, batch[_DICTIONARY_DATA])
    if batch[_COMPRESSION]:
        for at in _vector(message, batch[_BUFFERS], 16):
            offset, length = struct.unpack_from("<qq", message, at)
            if length >= 8:
                yield max(0, struct.unpack_from("<q", content, body + offset)[0])


def _table(block: memoryview, at: int) -> dict[int, int]:
    """Where the first fields of the table lie that is pointed to from `at`, 0 for one that is not there."""
    at = _follow(block, at)
    vtable = at - struct.unpack_from("<i", block, at)[0]
    if min(at, vtable) < 0:
        raise ValueError("a table lies before the file")
    (size,) = struct.unpack_from("<H", block, vtable)
    offsets = [struct.unpack_from("<H", block, vtable + at)[0] for at in range(4, min(size, 12), 2)]
    return dict.fromkeys(range(4), 0) | {field: at + offset for field, offset in enumerate(offsets) if offset}


def _follow(block: memoryview, at: int) -> int:
    """Where an offset points to."""
    return int(at + struct.unpack_from("<I", block, at)[0])


def _vector(block: memoryview, at: int, width: int) -> range:
    """Where the members of a vector of structs begin; none if the vector is not there."""
    if not at:
        return range(0)
    at = _follow(block, at)
    (count,) = struct.unpack_from("<I", block, at)
    if count > MOST_PIECES:
        raise ValueError(f"it has more than {MOST_PIECES} pieces")
    return range(at + 4, at + 4 + count * width, width)
