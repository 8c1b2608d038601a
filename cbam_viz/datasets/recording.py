"""One labelled recording of a data set; what was mounted and measured once stays together."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cbam_viz.errors import InputError
from cbam_viz.signals.signal import Signal


@dataclass(frozen=True, eq=False)
class Recording:
    """A measured file with its label.

    Parameters
    ----------
    name : of the recording in its data set.
    label : class of the recording, such as ``normal`` or ``IR007``.
    bearing : identity of the mounted bearing, such as ``6205 DE IR007``; two recordings of one bearing are no
        independent witnesses of its fault.
    load : such as ``1 hp``.
    signals : contiguous stretches; no window crosses from one to the next.
    """

    name: str
    label: str
    bearing: str
    load: str
    signals: tuple[Signal, ...]

    @property
    def duration(self) -> float:
        """Length of all stretches in s."""
        return sum(signal.duration for signal in self.signals)


def check_complete(missing: Sequence[str], folder: Path, source: str) -> None:
    """Refuse a folder that lacks parts of a data set; `source` says where a person gets them.

    Raises
    ------
    InputError
        If something is missing.
    """
    if missing:
        raise InputError(
            f"The whole data set must be in one folder, but {folder} lacks {len(missing)} parts: {', '.join(missing)}. "
            f"Get them from {source}."
        )
