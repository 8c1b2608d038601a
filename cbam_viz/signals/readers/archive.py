"""Archives (.zip) of several files: each that can be read is one or more channels, named ``file · channel``.

Files are unpacked to a temporary folder, within limits that are held against the directory first and then against what
comes out. Archives inside an archive and files of other formats are passed over.
"""

import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from numpy.typing import NDArray

from cbam_viz.errors import InputError
from cbam_viz.signals.readers.checks import ZIP_DAMAGED, check_expanded, check_file, damaged, open_zip, refusing
from cbam_viz.signals.readers.reader import Reader
from cbam_viz.signals.readers.rows import REASONS_SHOWN, choose
from cbam_viz.signals.signal import Channel

KIND = "a ZIP archive"
BETWEEN = " · "
"""Between the name of a file and that of its channel."""
MOST_MEMBERS = 100
_ENCRYPTED = 1
_LONGEST_NAME = 60
_BLOCK = 1 << 20
_PLAIN_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2}
"""Ways of packing that take little memory, whatever a file says of itself."""


@dataclass(frozen=True)
class _Place:
    """Where a channel lies: the unpacked file, its reader, and the channel's name there."""

    path: Path
    reader: Reader
    name: str


@dataclass(frozen=True)
class Archive:
    """The reader of archives.

    Parameters
    ----------
    readers : of the files inside, by extension.
    """

    readers: Mapping[str, Reader]

    def list_channels(self, path: Path) -> tuple[Channel, ...]:
        """Every channel of every file, in the order of the archive."""
        with self._survey(path) as (places, left_out):
            first, *others = places
            return _with_note(first, left_out), *others  # said once

    def read_channel(self, path: Path, name: str | None) -> tuple[Channel, NDArray[Any]]:
        """One channel of one file, as that file's reader gives it."""
        with self._survey(path) as (places, left_out):
            channel = choose(list(places), name, path)
            place = places[channel]
            return _with_note(channel, left_out), place.reader.read_channel(place.path, place.name)[1]

    def unpack(self, path: Path, folder: Path) -> dict[str, Path | InputError]:
        """Unpack every file that has a reader, each into a folder of its own within `folder`.

        Returns
        -------
        unpacked : by the name in the archive the path of each file, or why it could not be unpacked.

        Raises
        ------
        InputError
            If no file inside has a reader, or together they are too large or too many.
        """
        unpacked: dict[str, Path | InputError] = {}
        for number, member in enumerate(self._members(path)):
            try:
                unpacked[member.filename] = _unpack(path, member, folder / str(number))
            except InputError as advice:
                unpacked[member.filename] = advice
        return unpacked

    @contextmanager
    def _survey(self, path: Path) -> Iterator[tuple[dict[Channel, _Place], str]]:
        """The channels, and where each lies for as long as the archive is unpacked; and what was left out, and why.

        Raises
        ------
        InputError
            If no file inside can be read, or together they are too large or too many.
        """
        places: dict[Channel, _Place] = {}
        left_out: dict[str, InputError] = {}
        with tempfile.TemporaryDirectory() as folder:
            for name, unpacked in self.unpack(path, Path(folder)).items():
                try:
                    if isinstance(unpacked, InputError):
                        raise unpacked
                    places |= self._list(unpacked, name)
                except InputError as advice:
                    left_out[name] = advice
            if not places:
                first = next(iter(left_out.values()))
                raise InputError(
                    f"A .zip file must hold a signal file that can be read, but {path.name} holds none: {first}"
                )
            yield places, _say_left_out(left_out)

    def _members(self, path: Path) -> list[zipfile.ZipInfo]:
        """The files inside that have a reader.

        Raises
        ------
        InputError
            If there are none or too many, they are encrypted, or too large by what the directory says.
        """
        with refusing(path, KIND, ZIP_DAMAGED), open_zip(path) as archive:
            inside = {member.filename: member for member in archive.infolist() if not member.is_dir()}
        members = [member for name, member in inside.items() if self._reader(_own_name(name))]
        if not members:
            raise InputError(
                f"A .zip file must hold files of {', '.join(self.readers)}, but {path.name} holds none "
                f"of them ({len(inside)} others). Pack the signal files themselves."
            )
        if len(members) > MOST_MEMBERS:
            raise InputError(
                f"A .zip file may hold up to {MOST_MEMBERS} signal files, but {path.name} holds {len(members)}. "
                "Pack them into several archives."
            )
        if secret := [member.filename for member in members if member.flag_bits & _ENCRYPTED]:
            raise InputError(
                f"A .zip file must be open to everybody, but {path.name} needs a password for {len(secret)} of "
                f"{len(members)} files. Pack it again without one."
            )
        check_expanded(sum(member.file_size for member in members), path)
        return members

    def _list(self, path: Path, title: str) -> dict[Channel, _Place]:
        """The channels of an unpacked file under the names that they have in the archive."""
        check_file(path)
        reader = self.readers[path.suffix.lower()]
        channels = reader.list_channels(path)
        alone = len(channels) == 1
        return {
            replace(channel, name=title if alone else f"{title}{BETWEEN}{channel.name}"): _Place(
                path, reader, channel.name
            )
            for channel in channels
        }

    def _reader(self, name: str) -> Reader | None:
        """The reader of a file inside, None for hidden files and those of other formats."""
        return None if name.startswith(".") else self.readers.get(Path(name).suffix.lower())


def _with_note(channel: Channel, note: str) -> Channel:
    """A channel with another note after its own."""
    return replace(channel, note=f"{channel.note} {note}".strip())


def _say_left_out(left_out: Mapping[str, InputError]) -> str:
    """Which files can't be read, and why for the first few; empty if all can."""
    if not left_out:
        return ""
    reasons = " ".join(f"{name}: {advice}" for name, advice in list(left_out.items())[:REASONS_SHOWN])
    rest = f" And {more} more." if (more := len(left_out) - REASONS_SHOWN) > 0 else ""
    return f"Left out, since they cannot be read: {reasons}{rest}"


def _own_name(member: str) -> str:
    """The last part of a member's name, which is all of it that reaches the disk."""
    return PurePosixPath(member.replace("\\", "/")).name[-_LONGEST_NAME:]


def _unpack(path: Path, member: zipfile.ZipInfo, folder: Path) -> Path:
    """Write one member to a folder of its own, and never more of it than the directory promised.

    Raises
    ------
    InputError
        If it is damaged, longer than promised, or packed in an unusual way.
    """
    folder.mkdir(parents=True)
    target = folder / _own_name(member.filename)
    if member.compress_type not in _PLAIN_METHODS:
        raise damaged(target, "packed in the usual way", f"packing method {member.compress_type}")
    left = member.file_size
    with (
        refusing(target, "packed without damage", ZIP_DAMAGED),
        open_zip(path) as archive,
        archive.open(member) as packed,
        target.open("wb") as unpacked,
    ):
        while block := packed.read(_BLOCK):
            left -= len(block)
            if left < 0:
                raise damaged(target, "as long as the archive says", f"more than {member.file_size} bytes")
            unpacked.write(block)
    if left:
        raise damaged(target, "as long as the archive says", f"{left} of {member.file_size} bytes are missing")
    return target
