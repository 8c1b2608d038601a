"""What must hold of a file before and while it is read; nothing is expanded before its size is known."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cbam_viz.errors import InputError

MAX_FILE_BYTES = 200_000_000
MAX_EXPANDED_BYTES = 512_000_000
LONGEST_REASON = 120


def check_file(path: Path) -> None:
    """Refuse a path with no file, an empty file and one that is too large to read.

    Raises
    ------
    InputError
        In each of these cases.
    """
    if not path.is_file():
        raise InputError(f"A signal is read from a file, but there is none at {path}. Check the path.")
    size = path.stat().st_size
    if not size:
        raise InputError(f"A file must hold samples, but {path.name} is empty (0 bytes). Save or copy it again.")
    if size > MAX_FILE_BYTES:
        raise InputError(
            f"A file may have up to {MAX_FILE_BYTES / 1e6:g} MB, but {path.name} has {size / 1e6:.0f} MB. "
            "Cut the recording into shorter files."
        )


def check_expanded(size: int, path: Path) -> None:
    """Refuse a file that would take too much memory; `size` in bytes after expansion.

    Raises
    ------
    InputError
        If it is above the limit.
    """
    if size > MAX_EXPANDED_BYTES:
        raise InputError(
            f"A file may take up to {MAX_EXPANDED_BYTES / 1e6:g} MB in memory, but {path.name} would take "
            f"{size / 1e6:.0f} MB. Cut the recording into shorter files."
        )


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
        reason = " ".join(str(error).split())[:LONGEST_REASON] or type(error).__name__
        raise damaged(path, kind, reason) from error


def damaged(path: Path, kind: str, reason: str) -> InputError:
    """The advice for a file that is not what its name says, or not all of it."""
    return InputError(
        f"A {path.suffix.lower()} file must be {kind}, whole and not renamed, but {path.name} cannot be read as one "
        f"({reason}). Save it again, or copy it again whole."
    )
