"""Sound files (.wav): 8, 16, 24 and 32 bit integers, scaled so that full scale is 1, and 32 and 64 bit floats.

The chunks are walked here, so that a file that was cut is known as such before its samples are used.
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from cbam_viz.errors import InputError
from cbam_viz.signals.readers.checks import damaged
from cbam_viz.signals.readers.rows import choose
from cbam_viz.signals.signal import Channel

KIND = "a RIFF sound file"
UNIT = "full scale"
_BLOCK = 1 << 18
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_STORED = {
    (_PCM, 8): "u1",
    (_PCM, 16): "<i2",
    (_PCM, 24): "u1",
    (_PCM, 32): "<i4",
    (_FLOAT, 32): "<f4",
    (_FLOAT, 64): "<f8",
}


@dataclass(frozen=True)
class _Layout:
    """How the samples lie in the file: `coding` is (format tag, bits a sample), `start` in bytes."""

    coding: tuple[int, int]
    channels: int
    fs: int
    start: int
    frames: int


def list_channels(path: Path) -> tuple[Channel, ...]:
    """Tell the channels from the header alone."""
    layout = _read_layout(path)
    return tuple(
        Channel(f"channel {number}", layout.frames, layout.fs, UNIT) for number in range(1, layout.channels + 1)
    )


def read_channel(path: Path, name: str | None) -> tuple[Channel, NDArray[Any]]:
    """Read one channel, full scale being 1."""
    layout, channels = _read_layout(path), list_channels(path)
    channel = choose(channels, name, path)
    tag, bits = layout.coding
    parts = bits // 8 // np.dtype(_STORED[layout.coding]).itemsize
    stored = np.fromfile(path, _STORED[layout.coding], layout.frames * layout.channels * parts, offset=layout.start)
    samples = stored.reshape(layout.frames, layout.channels, parts)[:, channels.index(channel)]  # (T, parts)
    return channel, samples[:, 0] if tag == _FLOAT else _full_scale(samples, bits)


def _full_scale(stored: NDArray[Any], bits: int) -> NDArray[np.float64]:
    """Integers of shape (T, parts) as fractions of full scale, (T,) array."""
    if bits == 8:
        return (stored[:, 0] - 128.0) / 128  # the only unsigned size
    if bits == 24:
        samples = np.empty(len(stored))
        for begin in range(0, len(stored), _BLOCK):  # all at once they would be in memory three times
            part = stored[begin : begin + _BLOCK]
            words = np.zeros((len(part), 4), np.uint8)
            words[:, 1:] = part
            samples[begin : begin + _BLOCK] = words.view("<i4")[:, 0] / 2.0**31
        return samples
    return np.asarray(stored[:, 0] / 2.0 ** (bits - 1))


def _read_layout(path: Path) -> _Layout:
    """Walk the chunks as far as the samples.

    Raises
    ------
    InputError
        If it is no sound file, was cut, or is coded in a way that is not read here.
    """
    with path.open("rb") as stream:
        start = stream.read(12)
        if start[:4] != b"RIFF" or start[8:] != b"WAVE":
            raise damaged(path, KIND, "it does not begin as one")
        chunks: dict[bytes, tuple[int, int]] = {}
        while b"data" not in chunks and len(head := stream.read(8)) == 8:
            name, size = struct.unpack("<4sI", head)
            if name in (b"fmt ", b"data"):
                chunks[name] = stream.tell(), size
            stream.seek(size + size % 2, 1)
        if not {b"fmt ", b"data"} <= chunks.keys():
            raise damaged(path, KIND, "it ends before its samples")
        begin, size = chunks[b"data"]
        if begin + size > path.stat().st_size:
            raise damaged(path, KIND, f"it holds {path.stat().st_size - begin} of {size} bytes")
        coding, channels, fs = _read_format(stream, *chunks[b"fmt "], path)
    return _Layout(coding, channels, fs, begin, size // (channels * coding[1] // 8))


def _read_format(stream: IO[bytes], begin: int, size: int, path: Path) -> tuple[tuple[int, int], int, int]:
    """Coding, number of channels, and sampling rate in Hz from the format chunk."""
    stream.seek(begin)
    chunk = stream.read(min(size, 40))
    if len(chunk) < 16:
        raise damaged(path, KIND, f"its format chunk has {len(chunk)} of 16 bytes")
    tag, channels, fs, _, _, bits = struct.unpack("<HHIIHH", chunk[:16])
    if tag == _EXTENSIBLE and len(chunk) >= 26:
        (tag,) = struct.unpack("<H", chunk[24:26])
    if (tag, bits) not in _STORED or not channels:
        raise InputError(
            f"A .wav file must hold integers of 8, 16, 24 or 32 bits or floats of 32 or 64 bits, but {path.name} has "
            f"{channels} channels of coding {tag} with {bits} bits. Save it as 16 bit PCM."
        )
    return (tag, bits), channels, fs
