"""A | B: one window of each of two signals on one scale, and how the channel attention of the two differs."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.spatial import Scale, SpatialTrace, Strip, trace_spatial
from cbam_viz.attention.record import AttentionRecord
from cbam_viz.network.card import Card
from cbam_viz.signals.windows import Windows


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two signals, as a network of one card read it.

    Parameters
    ----------
    name : of the signal, as the person knows it.
    record, windows : of the signal.
    window : index of the window.
    unit : of the waveform.
    line : name and frequency in Hz of a fault line, see `Bearing.fault_line`; None without.
    """

    name: str
    record: AttentionRecord
    windows: Windows
    window: int
    unit: str = ""
    line: tuple[str, float] | None = None


@dataclass(frozen=True, eq=False)
class PairTrace:
    """What A | B draws.

    Parameters
    ----------
    names : of both signals.
    windows : number of the window of each, from 1.
    start_s : where each window begins in its recording, in s.
    sides : Figure A of both; every block has one colour range.
    block : name of the block whose channels are compared.
    channel : (C,) array, numbers of the channels, from 1, by the frequency of their peak; empty without channel gate.
    difference : (C,) array, M_c of A minus M_c of B.
    spread : (C,) array, standard deviation of the difference of two windows drawn from the network's data set.
    peak_hz : (C,) array, what each channel is most sensitive to, in Hz; 0 where no sine excites it.
    """

    names: tuple[str, str]
    windows: tuple[int, int]
    start_s: tuple[float, float]
    sides: tuple[SpatialTrace, SpatialTrace]
    block: str
    channel: NDArray[np.int64]
    difference: NDArray[np.float64]
    spread: NDArray[np.float64]
    peak_hz: NDArray[np.float64]

    @property
    def one_unit(self) -> bool:
        """Whether both waveforms are in the same unit, so that one axis holds both."""
        return self.sides[0].unit == self.sides[1].unit

    def reach(self, side: int) -> tuple[float, float]:
        """Lowest and highest sample that the axis of this side's waveform must hold; of both, in one unit."""
        waves = [each.waveform for each in (self.sides if self.one_unit else [self.sides[side]])]
        return min(float(wave.min()) for wave in waves), max(float(wave.max()) for wave in waves)


def trace_pair(a: Side, b: Side, card: Card, block: int, scale: Scale = "usual") -> PairTrace:
    """Set one window of each of two signals side by side.

    Parameters
    ----------
    a, b : the signals, both read by the network of the card.
    card : of the network.
    block : index of the block that shades the waveforms and whose channels are compared; it has a spatial gate.
    scale : of M_s, see `trace_spatial`; ``map`` is here the range of these two maps together.
    """
    left, right = (
        trace_spatial(each.record, each.windows, card, each.window, block, each.unit, scale, each.line)
        for each in (a, b)
    )
    left, right = share_ranges(left, right)
    gates = [each.record.blocks[block].channel_attention[each.window].astype(np.float64) for each in (a, b)]
    reference = card.reference[block]
    peak = np.array(reference.bands_hz)[: gates[0].size].reshape(-1, 3)[:, 1]
    place = np.argsort(peak, kind="stable")
    return PairTrace(
        names=(a.name, b.name),
        windows=(a.window + 1, b.window + 1),
        start_s=(a.windows.start_s(a.window), b.windows.start_s(b.window)),
        sides=(left, right),
        block=a.record.blocks[block].name,
        channel=place + 1,
        difference=(gates[0] - gates[1])[place],
        spread=np.sqrt(2) * np.array(reference.channel_spread)[place],
        peak_hz=peak[place],
    )


def share_ranges(one: SpatialTrace, other: SpatialTrace) -> tuple[SpatialTrace, SpatialTrace]:
    """Both with one colour range for each block, which holds the range of either."""
    ranges = [
        (min(left.low, right.low), max(left.high, right.high))
        for left, right in zip(one.strips, other.strips, strict=True)
    ]
    return _on_ranges(one, ranges), _on_ranges(other, ranges)


def _on_ranges(trace: SpatialTrace, ranges: list[tuple[float, float]]) -> SpatialTrace:
    """Figure A with these colour ranges, one a strip."""
    strips: list[Strip] = [
        replace(strip, low=low, high=high) for strip, (low, high) in zip(trace.strips, ranges, strict=True)
    ]
    return replace(trace, strips=tuple(strips))
