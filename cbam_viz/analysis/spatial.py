"""Spatial attention over one window: the waveform, and every block's M_s at its true place on one time axis."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cbam_viz.attention.record import AttentionRecord, BlockRecord
from cbam_viz.network.card import BlockReference, Card
from cbam_viz.network.receptive import ReceptiveField
from cbam_viz.signals.windows import Axis, Windows

Scale = Literal["usual", "unit", "map"]


@dataclass(frozen=True, eq=False)
class Strip:
    """One block's M_s over the window; every place in the axis' unit.

    Parameters
    ----------
    name : of the block.
    gate : (L,) array, M_s.
    edges : (L + 1,) array; position i is drawn from edges[i] to edges[i + 1], one stride wide, centred on its field.
    field_low, field_high : (L,) arrays, the samples that each position sees.
    low, high : colour range.
    usual : median of M_s over the network's data set.
    """

    name: str
    gate: NDArray[np.float32]
    edges: NDArray[np.float64]
    field_low: NDArray[np.float64]
    field_high: NDArray[np.float64]
    low: float
    high: float
    usual: float


@dataclass(frozen=True)
class FaultLine:
    """A fault's line: its name, its frequency in Hz, its period and where one strike is put, both in the axis' unit."""

    name: str
    hz: float
    period: float
    anchor: float


@dataclass(frozen=True, eq=False)
class SpatialTrace:
    """What Figure A draws.

    Parameters
    ----------
    axis : title and unit of the common axis.
    place : (T,) array, where each sample lies.
    waveform : (T,) array in `unit`.
    strips : of all blocks that have a spatial gate.
    chosen : which of them shades the waveform.
    scale : what the colour range is.
    line : of the fault whose period is drawn, None without speed or geometry.
    impacts : (I,) array, where the bearing is truly struck; None where nobody knows.
    """

    axis: Axis
    place: NDArray[np.float64]
    waveform: NDArray[np.float64]
    unit: str
    strips: tuple[Strip, ...]
    chosen: int
    scale: Scale
    line: FaultLine | None
    impacts: NDArray[np.float64] | None = None

    @property
    def strikes(self) -> NDArray[np.float64]:
        """Places one fault period apart, through the anchor; empty without a line that the samples can resolve."""
        if self.line is None or self.line.period < 2 * self.axis.per_sample:
            return np.empty(0)
        end = self.place[-1] + self.axis.per_sample / 2
        return np.arange(self.line.anchor % self.line.period, end, self.line.period)


def trace_spatial(
    record: AttentionRecord,
    windows: Windows,
    card: Card,
    window: int,
    block: int,
    unit: str = "",
    scale: Scale = "usual",
    line: tuple[str, float] | None = None,
) -> SpatialTrace:
    """Place one window's spatial attention on its axis.

    Parameters
    ----------
    record, windows, card : of the same signal and network.
    window : index of the window.
    block : index of the block that shades the waveform.
    unit : of the waveform.
    scale : ``usual`` is the 1-99 % range of the gate over the network's data set, the same for every signal;
        ``unit`` is 0-1; ``map`` is the range of this very map, which can't be compared with another.
    line : name and frequency in Hz of a fault line, see `Bearing.fault_line`.
    """
    axis = windows.preparation.axis
    waveform = windows.measured(window)
    with_gate = [number for number, each in enumerate(record.blocks) if each.spatial_attention.size]
    strips = tuple(
        _strip(record.blocks[number], window, card.reference[number], len(waveform), axis, scale)
        for number in with_gate
    )
    loudest = axis.first + float(np.argmax(np.abs(waveform - waveform.mean()))) * axis.per_sample
    return SpatialTrace(
        axis=axis,
        place=axis.at(np.arange(len(waveform), dtype=np.float64)),
        waveform=waveform,
        unit=unit,
        strips=strips,
        chosen=with_gate.index(block),
        scale=scale,
        line=FaultLine(*line, windows.preparation.fs / line[1] * axis.per_sample, loudest) if line else None,
        impacts=None if windows.impacts is None else axis.at(windows.impacts_in(window)),
    )


def place_strip(field: ReceptiveField) -> NDArray[np.float64]:
    """Where the cells of a gate end in samples, (L + 1,) array: one stride wide, centred on what each position sees."""
    places = np.arange(field.positions + 1, dtype=np.float64)
    return np.asarray(field.centre(0) + (places - 0.5) * field.stride)


def _strip(block: BlockRecord, window: int, reference: BlockReference, samples: int, axis: Axis, scale: Scale) -> Strip:
    """One block's gate in a window of so many samples, in its place, with the colour range that the scale says."""
    gate, field = block.spatial_attention[window], block.receptive_field
    first = field.first_sample + np.arange(field.positions) * field.stride  # samples
    usual = reference.spatial_quantiles
    low, high = {"usual": (usual[0], usual[-1]), "unit": (0.0, 1.0), "map": (float(gate.min()), float(gate.max()))}[
        scale
    ]
    return Strip(
        name=block.name,
        gate=gate,
        edges=axis.at(place_strip(field)),
        field_low=axis.at(np.maximum(first, 0.0)),
        field_high=axis.at(np.minimum(first + field.size - 1.0, samples - 1.0)),
        low=low,
        high=high,
        usual=usual[len(usual) // 2],
    )
