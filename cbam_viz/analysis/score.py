"""A number beside the control that could refute it: what every test of a gate gives."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Score:
    """One test of a gate.

    Parameters
    ----------
    name : key of the test, such as ``flatten_spatial``; the same in tables, files and tests.
    block : name of the block, ``all blocks``, or "" for a test of the whole network.
    value : what was measured; NaN where nothing could be.
    control : the same where chance or a plainer explanation takes the gate's place; NaN where there is none.
    low, high : 2.5 % and 97.5 % quantile of the control; NaN where it has no spread. Where the test itself is drawn and
        its control is 0, a gate left as it is, they are those of the value, see `interventions`.
    """

    name: str
    block: str
    value: float
    control: float = math.nan
    low: float = math.nan
    high: float = math.nan

    @property
    def above(self) -> bool:
        """Whether the value lies above the whole band of the control; False where one of them is not known."""
        return self.value > self.high

    @property
    def below(self) -> bool:
        """Whether the value lies below the whole band of the control; False where one of them is not known."""
        return self.value < self.low
