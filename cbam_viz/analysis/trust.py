"""All tests of one block's gates as rows, each number beside its control, and a scale to draw them on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cbam_viz.analysis.score import Score

GROUPS: dict[str, tuple[str, ...]] = {
    "spatial": ("flatten_spatial_margin", "shuffle_spatial_margin", "shift_spatial_margin"),
    "channel": ("mean_channels_margin", "permute_channels_margin"),
    "rank": ("pointing_zero", "pointing_noise", "shift", "noise", "randomisation"),
    "share": (
        "deletion_zero",
        "deletion_noise",
        "insertion_zero",
        "insertion_noise",
        "polarity",
        "turned_down",
        "truth_auc",
        "truth_auc_loudness",
        "truth_pointing",
    ),
}
"""Which tests share an axis, in their order: losses in logits, a rank correlation, a share from 0 to 1."""
RANGES = {"rank": (-1.0, 1.0), "share": (0.0, 1.0)}
DRAWN = ("shuffle_spatial", "shift_spatial", "permute_channels")
"""Tests whose band is that of their own number, so it is their control, 0, that lies inside or outside."""
LEAST_MARGIN = 0.2
"""Logits: a smaller range would show rounding as if it were something."""


@dataclass(frozen=True)
class TrustGroup:
    """Tests on one axis.

    Parameters
    ----------
    kind : key of `GROUPS`.
    rows : in their order.
    low, high : of the axis.
    """

    kind: str
    rows: tuple[Score, ...]
    low: float
    high: float


@dataclass(frozen=True)
class TrustTrace:
    """The tests of one block, and its name; no group is empty."""

    block: str
    groups: tuple[TrustGroup, ...]


def trace_trust(scores: Sequence[Score], block: str) -> TrustTrace:
    """The tests of one block that gave a number.

    Parameters
    ----------
    scores : of one window.
    block : its name.
    """
    own = {score.name: score for score in scores if score.block == block and not math.isnan(score.value)}
    groups = []
    for kind, names in GROUPS.items():
        rows = tuple(own[name] for name in names if name in own)
        if rows:
            groups.append(TrustGroup(kind, rows, *RANGES.get(kind, _reach(rows))))
    return TrustTrace(block, tuple(groups))


def stands_out(score: Score) -> bool:
    """Whether a number and its control differ by more than the band."""
    if score.name.removesuffix("_margin") in DRAWN:
        return score.low > score.control or score.high < score.control
    return score.above or score.below


def _reach(rows: Sequence[Score]) -> tuple[float, float]:
    """Ends of an axis that holds every number, and zero in its middle."""
    numbers = [number for row in rows for number in (row.value, row.control, row.low, row.high)]
    largest = max([LEAST_MARGIN, *(abs(number) for number in numbers if math.isfinite(number))])
    return -1.1 * largest, 1.1 * largest
