"""The lines of a text, plain or gzip, in blocks: no more than a block of the file is in memory, however it unpacks."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path

from cbam_viz.signals.readers.checks import check_expanded, damaged, refusing

HEAD_BYTES = 1 << 16
BLOCK_BYTES = 1 << 22
_DAMAGE = (EOFError, OSError, zlib.error, UnicodeError)
_MARK = codecs.BOM_UTF8


def kind(path: Path) -> str:
    """What a text should be by its name."""
    return f"plain text{' packed by gzip' if _is_packed(path) else ''}"


def read_head(path: Path) -> bytes:
    """The first bytes of a text, unpacked."""
    with refusing(path, kind(path), _DAMAGE), _opened(path) as stream:
        return stream.read(HEAD_BYTES)


def read_blocks(path: Path, encoding: str, skipped: int, is_streamed: bool = False) -> Iterator[bytes]:
    r"""Give the lines of a text as blocks of whole lines that end in \n, ASCII where the text is.

    Parameters
    ----------
    path : of the file.
    encoding : of the text.
    skipped : lines at its beginning to leave out; they lie in its head.
    is_streamed : whether the blocks are let go one by one; then all together may be of any size.

    Raises
    ------
    InputError
        If it is damaged, unpacks to more than the limit, or has a line longer than a block.
    """
    rest = b""
    for chunk in _decoded(path, encoding, is_streamed):
        whole = rest + chunk
        begin = 0
        while skipped and (line := whole.find(b"\n", begin) + 1):
            skipped, begin = skipped - 1, line
        whole = whole[begin:]
        end = whole.rfind(b"\n") + 1
        if len(whole) - end > BLOCK_BYTES:
            raise damaged(path, kind(path), f"one of its lines has more than {BLOCK_BYTES / 1e6:.1f} million letters")
        rest = whole[end:]
        if end and not skipped:
            yield whole[:end]
    if rest and not skipped:
        yield rest + b"\n"


def _is_packed(path: Path) -> bool:
    """Whether the name of a text says that it is packed."""
    return path.suffix.lower() == ".gz"


def _opened(path: Path) -> io.BufferedIOBase:
    """The file, unpacked if its name says that it is packed."""
    return gzip.open(path) if _is_packed(path) else path.open("rb")


def _decoded(path: Path, encoding: str, is_streamed: bool) -> Iterator[bytes]:
    r"""The text in chunks in which lines end in \n."""
    wide = (
        io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), True) if encoding == "utf-16" else None
    )
    total = 0
    with _opened(path) as stream:
        while True:
            with refusing(path, kind(path), _DAMAGE):
                chunk = stream.read(BLOCK_BYTES)
                first, last, total = not total, len(chunk) < BLOCK_BYTES, total + len(chunk)
                chunk = wide.decode(chunk, last).encode() if wide else chunk
                if chunk.endswith(b"\r"):
                    chunk += stream.read(1)
            if not is_streamed:
                check_expanded(total, path, is_all=False)
            chunk = chunk.removeprefix(_MARK) if first else chunk
            yield chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in chunk else chunk
            if last:
                return
