"""One window before and after edits, on one scale: signal, every block's M_s, and the probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.edits import Edit
from cbam_viz.analysis.pair import Side, share_ranges
from cbam_viz.analysis.spatial import Scale, SpatialTrace, trace_spatial
from cbam_viz.network.card import Card


@dataclass(frozen=True, eq=False)
class TryoutTrace:
    """What before | after draws; K classes.

    Parameters
    ----------
    before, after : Figure A of both; every block has one colour range.
    classes : words of the classes.
    before_share, after_share : (K,) arrays of probabilities.
    masked : spans that were masked, in the axis' unit.
    """

    before: SpatialTrace
    after: SpatialTrace
    classes: tuple[str, ...]
    before_share: NDArray[np.float64]
    after_share: NDArray[np.float64]
    masked: tuple[tuple[float, float], ...]

    @property
    def reach(self) -> tuple[float, float]:
        """Lowest and highest sample of both."""
        waves = (self.before.waveform, self.after.waveform)
        return min(float(wave.min()) for wave in waves), max(float(wave.max()) for wave in waves)

    @property
    def most_moved(self) -> float:
        """By how much the chosen block's M_s changes where it changes most."""
        one, other = (each.strips[each.chosen].gate for each in (self.before, self.after))
        return float(np.abs(one - other).max())


def trace_tryout(
    before: Side, after: Side, card: Card, block: int, edits: Sequence[Edit] = (), scale: Scale = "usual"
) -> TryoutTrace:
    """Set one window beside itself after edits.

    Parameters
    ----------
    before, after : the window as it is and as it was edited.
    card : of the network.
    block : index of the block whose gate is drawn large; it has a spatial gate.
    edits : what was done.
    scale : of M_s, see `trace_spatial`; ``map`` is here the range of these two maps together.
    """
    one, other = share_ranges(
        *(
            trace_spatial(each.record, each.windows, card, each.window, block, each.unit, scale, each.line)
            for each in (before, after)
        )
    )
    shares = [each.record.probabilities[each.window].astype(np.float64) for each in (before, after)]
    end = one.place[-1] + one.axis.per_sample
    per_ms, first = card.preparation.fs / 1000 * one.axis.per_sample, one.axis.first
    return TryoutTrace(
        before=one,
        after=other,
        classes=tuple(name.words for name in card.classes),
        before_share=shares[0],
        after_share=shares[1],
        masked=tuple(
            (first + edit.values[0] * per_ms, min(first + edit.values[1] * per_ms, end))
            for edit in edits
            if edit.kind == "mask"
        ),
    )
