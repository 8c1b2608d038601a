"""Where uploads and simulated signals live: each is written once to a temporary folder, bounded in size and time.

A reload is a new session that has only the URL, so the URL carries an upload's unguessable token.
"""

import base64
import contextlib
import hashlib
import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from cbam_viz import __version__

MOST_BYTES = 2_000_000_000
LONGEST_S = 24 * 3600.0
MOST_NAME_BYTES = 200
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


_ONE_AT_A_TIME = Lock()
"""What is added to the store or taken away: who makes room looks at every upload."""


def upload_store() -> Path:
    """Folder of all uploads: this user's own, and no link that somebody else put there."""
    store = Path(tempfile.gettempdir()) / f"cbam-viz-uploads-{os.getuid()}"
    store.mkdir(mode=0o700, parents=True, exist_ok=True)
    if store.is_symlink() or store.stat().st_uid != os.getuid():
        raise PermissionError(f"{store} belongs to somebody else")
    return store


def keep_upload(name: str, content: bytes, store: Path | None = None) -> tuple[str, Path]:
    """Write an upload, make room by removing the oldest, and give its token and its path.

    Parameters
    ----------
    name : of the file; only its last part is used.
    content : of the file.
    store : folder of all uploads, None for `upload_store`.
    """
    token = secrets.token_urlsafe(16)
    return token, _place(token, name, lambda path: path.write_bytes(content), len(content), store or upload_store())


def keep_made(words: str, name: str, write: Callable[[Path], object], store: Path | None = None) -> Path:
    """The path of a file that follows from what `words` say and from this version; it is written unless it is there."""
    token = base64.urlsafe_b64encode(hashlib.sha256(f"{__version__} {words}".encode()).digest())[:22].decode()
    return find_upload(token, store) or _place(token, name, write, 0, store or upload_store())


def _place(token: str, name: str, write: Callable[[Path], object], needed: int, store: Path) -> Path:
    """Write a file into the folder of its token, which appears only when the file is whole."""
    path = store / token / _file_name(name)
    with _ONE_AT_A_TIME:
        store.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_room(needed, store)
        with tempfile.TemporaryDirectory(dir=store, prefix=".") as unfinished:
            write(Path(unfinished) / path.name)
            with contextlib.suppress(FileExistsError):  # two visitors made the same one
                path.parent.mkdir(mode=0o700)
            (Path(unfinished) / path.name).replace(path)
    return path


def drop_upload(token: str, store: Path | None = None) -> None:
    """Remove an upload that can't be used."""
    with _ONE_AT_A_TIME:
        shutil.rmtree((store or upload_store()) / token, ignore_errors=True)


def find_upload(token: str, store: Path | None = None) -> Path | None:
    """The file of a token, None where it is unknown, too old or has been removed."""
    if not _TOKEN.fullmatch(token):
        return None
    folder = (store or upload_store()) / token
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):  # another visitor's upload may need the room
        if time.time() - folder.stat().st_mtime <= LONGEST_S:
            return next(folder.iterdir(), None)
    return None


def make_room(needed: int, store: Path) -> None:
    """Remove what is too old, then the oldest until `needed` bytes more fit."""
    kept = sorted((folder.stat().st_mtime, folder) for folder in store.iterdir() if _TOKEN.fullmatch(folder.name))
    sizes = {folder: sum(file.stat().st_size for file in folder.glob("*")) for _, folder in kept}
    total = sum(sizes.values())
    for written, folder in kept:
        if time.time() - written > LONGEST_S or total + needed > MOST_BYTES:
            shutil.rmtree(folder, ignore_errors=True)
            total -= sizes[folder]


def _file_name(name: str) -> str:
    """The last part of a name, as every file system takes it; its end, with the extension, is kept."""
    last = Path(name.replace("\\", "/").replace("\0", "")).name
    kept = last.encode(errors="ignore")[-MOST_NAME_BYTES:].decode(errors="ignore")
    return "upload" if kept in {"", ".", ".."} else kept
