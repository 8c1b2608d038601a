"""What must hold of a file before and while it is read; nothing is expanded before its size is known."""

import lzma
import mmap
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cbam_viz.errors import InputError

MAX_FILE_BYTES = 200_000_000
MAX_EXPANDED_BYTES = 512_000_000
LONGEST_REASON = 120
MOST_ZIP_ENTRIES = 10_000
ZIP_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError, RuntimeError, ValueError,
    OverflowError, IndexError,
)  # fmt: skip
"""What reading a damaged archive of ZIP raises."""
_ZIP_BEGIN = b"PK\3\4"
_ZIP_ENTRY = b"PK\1\2"
_HEAD_BYTES = 512
_MARKS = {
    b"fLaC": (".flac",),
    b"RIFF": (".wav",),
    b"PAR1": (".parquet",),
    b"ARROW1": (".feather",),
    b"\x89HDF": (".h5", ".hdf5", ".mat"),
    b"\x93NUMPY": (".npy",),
    b"\x1f\x8b": (".gz",),
    b"TDSm": (".tdms",),
    b"MATLAB 5.0": (".mat",),
    b"MATLAB 7.3": (".mat", ".h5", ".hdf5"),
}
"""How formats begin, and the extensions they have."""
_PACKED = {".zip", ".npz", ".xlsx"}
_CUT = re.compile(
    r"truncated|too short|end of file|EOF|unexpected end|buffer of at least|lost sync|in footer|ended before"
)
_NEXT_SENTENCE = re.compile(r"\.\s+(?=[A-Z])")


def check_file(path: Path, most_bytes: float = MAX_FILE_BYTES) -> None:
    """Refuse a path with no file, a folder, an empty file and one that is too large to read.

    Parameters
    ----------
    path : of the file.
    most_bytes : that it may have; one that is never read as a whole may have any number.

    Raises
    ------
    InputError
        In each of these cases.
    """
    if path.is_dir():
        raise InputError(f"A signal is read from a file, but {path} is a folder. Choose a file in it.")
    if not path.is_file():
        raise InputError(f"A signal is read from a file, but there is none at {path}. Check the path.")
    size = path.stat().st_size
    if not size:
        raise InputError(f"A file must hold samples, but {path.name} is empty (0 bytes). Save or copy it again.")
    if size > most_bytes:
        raise InputError(
            f"A file may have up to {most_bytes / 1e6:g} MB, but {path.name} has {size / 1e6:.0f} MB. "
            "Cut the recording into shorter files."
        )


def check_expanded(size: int, path: Path, is_all: bool = True) -> None:
    """Refuse a file that would take too much memory.

    Parameters
    ----------
    size : in bytes after expansion.
    path : of the file.
    is_all : whether `size` is that of all of it, and not of what has been read so far.

    Raises
    ------
    InputError
        If it is above the limit.
    """
    if size > MAX_EXPANDED_BYTES:
        limit = f"{MAX_EXPANDED_BYTES / 1e6:g} MB"
        found = f"{size / 1e6:.0f} MB" if is_all else f"more than {limit}"
        raise InputError(
            f"A file may take up to {limit} in memory, but {path.name} would take {found}. "
            "Put less into one file: fewer channels, or a shorter stretch of time."
        )


@contextmanager
def open_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """An archive of ZIP whose directory is of a bearable size and whose members each have a name.

    Raises
    ------
    InputError
        If it has too many members.
    """
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        entries = at = 0
        while (at := content.find(_ZIP_ENTRY, at) + 1) and entries <= MOST_ZIP_ENTRIES:
            entries += 1
    if entries > MOST_ZIP_ENTRIES:
        raise InputError(
            f"A {path.suffix.lower()} file may hold up to {MOST_ZIP_ENTRIES} parts, but {path.name} holds more. "
            "Pack it into several files."
        )
    if not zipfile.is_zipfile(path):
        with path.open("rb") as stream:
            begins = stream.read(len(_ZIP_BEGIN)) == _ZIP_BEGIN
        raise zipfile.BadZipFile("truncated" if begins else "it does not begin as one")
    with zipfile.ZipFile(path) as archive:
        if not all(member.filename for member in archive.infolist()):
            raise zipfile.BadZipFile("one of its parts has no name")
        yield archive


def _other_format(path: Path) -> tuple[str, ...]:
    """Extensions of the format that a file begins as, none if it has one of them or the format is not known."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except OSError:
        return ()
    suffix = path.suffix.lower()
    if head.startswith(b"PK") and suffix not in _PACKED:
        is_book = b"[Content_Types]" in head or b"xl/" in head
        return (".npz",) if b".npy" in head else (".xlsx",) if is_book else (".zip",)
    return next((own for mark, own in _MARKS.items() if head.startswith(mark) and suffix not in own), ())


@contextmanager
def refusing(path: Path, kind: str, errors: tuple[type[Exception], ...]) -> Iterator[None]:
    """Turn what a library raises on a damaged file into advice.

    Parameters
    ----------
    path : of the file.
    kind : what the file should be, such as ``a NumPy file``.
    errors : what the library is known to raise.
    """
    try:
        yield
    except InputError:
        raise
    except errors as error:
        raise damaged(path, kind, _reason(error)) from error


def _reason(error: Exception) -> str:
    """What a library says, in few words."""
    said = " ".join(str(error).split())
    if _CUT.search(said):
        return "it ends too early, or is damaged"
    return _NEXT_SENTENCE.split(said, maxsplit=1)[0][:LONGEST_REASON].rstrip(".") or type(error).__name__


def damaged(path: Path, kind: str, reason: str) -> InputError:
    """The advice for a file that is not what its name says, or not all of it."""
    if others := _other_format(path):
        own = Path(path.stem).suffix.lower()  # of book.xlsx.csv
        other = own if own in others else others[0]
        return InputError(
            f"A {path.suffix.lower()} file must be {kind}, but {path.name} begins as a {other} file does. "
            f"Rename it to {path.stem}{'' if own == other else other}."
        )
    return InputError(
        f"A {path.suffix.lower()} file must be {kind}, whole and not renamed, but {path.name} cannot be read as one "
        f"({reason}). Save it again, or copy it again whole."
    )
