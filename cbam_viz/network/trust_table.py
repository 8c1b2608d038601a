"""What a card says of its network's gates: tests over a stated set, each number beside its control; no torch."""

import math
from dataclasses import astuple, dataclass
from typing import Any

ALL_BLOCKS = "all blocks"
"""Name of all blocks at once, where a test changes every gate."""


@dataclass(frozen=True)
class TrustRow:
    """One test of one block's gates over a set of recordings; None where there is no number.

    Parameters
    ----------
    name, block : as a `Score` has them.
    value : mean over recordings, each of them the mean of its windows.
    control : the same where chance or a plainer explanation takes the gate's place.
    low, high : 95 % of the value when the recordings are drawn anew; for ``randomisation``, ``agreement`` and
        ``follow_fisher`` 95 % of what the control's own draws give.
    windows, recordings : that gave a number.
    """

    name: str
    block: str
    value: float | None
    control: float | None
    low: float | None
    high: float | None
    windows: int
    recordings: int

    @property
    def differs(self) -> bool:
        """Whether value and control are told apart: one of them lies outside of the band."""
        if self.value is None or self.control is None or self.low is None or self.high is None:
            return False
        return max(self.value, self.control) > self.high or min(self.value, self.control) < self.low


@dataclass(frozen=True)
class TrustTable:
    """Every test of a network's gates that its card carries.

    Parameters
    ----------
    protocol : sentences: on what each test was made, and with which seeds.
    command : that makes the table again.
    rows : a test and block each.
    """

    protocol: tuple[str, ...]
    command: str
    rows: tuple[TrustRow, ...]

    def find(self, name: str, block: str) -> TrustRow | None:
        """The row of a test and block, None where there is none or it has no number."""
        found = (row for row in self.rows if (row.name, row.block) == (name, block) and row.value is not None)
        return next(found, None)


def read_trust(content: dict[str, Any] | None, blocks: tuple[str, ...]) -> TrustTable | None:
    """The table as a card's JSON holds it; None where the network was not assessed.

    Parameters
    ----------
    content : of the JSON.
    blocks : names of the network's blocks.

    Raises
    ------
    ValueError
        If a row names a block that the network has not, or its numbers make no sense.
    """
    if content is None:
        return None
    rows = tuple(TrustRow(**row) for row in content["rows"])
    for row in rows:
        if row.block not in (*blocks, ALL_BLOCKS):
            raise ValueError(f"a test of {row.block!r}, which the network has not")
        _name, _block, *numbers, windows, recordings = astuple(row)
        if not all(number is None or math.isfinite(number) for number in numbers):
            raise ValueError(f"the test {row.name} of {row.block} holds numbers that are not finite")
        if row.low is not None and row.high is not None and row.low > row.high:
            raise ValueError(f"the test {row.name} of {row.block} has a band from {row.low} down to {row.high}")
        if not 0 <= recordings <= windows:
            raise ValueError(f"the test {row.name} of {row.block} counts {recordings} recordings, {windows} windows")
    return TrustTable(tuple(content["protocol"]), str(content["command"]), rows)
