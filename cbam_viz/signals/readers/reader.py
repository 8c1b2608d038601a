"""What every reader offers."""

from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray

from cbam_viz.signals.signal import Channel


class Reader(Protocol):
    """One file format."""

    def list_channels(self, path: Path) -> tuple[Channel, ...]:
        """Every channel, the one a person most likely wants first."""
        ...

    def read_channel(self, path: Path, name: str | None) -> tuple[Channel, NDArray[Any]]:
        """One channel (None: the first) and its samples, (T,) array in the file's own type."""
        ...
