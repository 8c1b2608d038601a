"""Where results go: each in a file of its own, in a place that can be written to, as far as is known beforehand."""

from collections.abc import Callable
from pathlib import Path

from cbam_viz.errors import InputError


def check_places(sources: list[Path], results: list[Path]) -> None:
    """Refuse, before the long work, to write one result over another or over a source, or into no folder."""
    paths = [*sources, *results]
    if len({path.resolve() for path in paths}) < len(paths):
        raise InputError(
            f"Every result needs a file of its own, but {', '.join(map(str, paths))} are not all different. "
            "Give each another name."
        )
    for path in results:
        if not path.absolute().parent.exists():
            raise InputError(
                f"A result goes into a folder, but there is none at {path.parent}. Make that folder, or give another."
            )


def make_folder(folder: Path) -> None:
    """Make a folder for results, unless it is there."""
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise no_place(folder, error) from None


def no_place(path: Path, error: OSError) -> InputError:
    """The advice where nothing can be written."""
    return InputError(
        f"A result needs a place it can be written to, but {path} is none ({error.strerror}). Give another."
    )


def write(path: Path, content: str | bytes) -> None:
    """Write a text or bytes and say so."""
    save(path, lambda: path.write_bytes(content.encode() if isinstance(content, str) else content))


def save(path: Path, write: Callable[[], object]) -> None:
    """Write a file and say so."""
    try:
        write()
    except OSError as error:
        raise no_place(path, error) from None
    print(f"wrote {path}")


def from_one(what: str, number: int, count: int) -> int:
    """The index of something that people count from 1."""
    if not 1 <= number <= count:
        raise InputError(f"A {what} is a number from 1 to {count}, but {number} was given. Give one of these.")
    return number - 1
