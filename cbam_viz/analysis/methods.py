"""A gate beside what other methods say of the same block and window: one axis, rank correlations, deletion areas.

A gate is no attribution, so nothing here expects them to agree; it shows how far they do.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.deletion import KINDS, Area, DeletionTrace, measure_area
from cbam_viz.analysis.orders import INTEGRATED, LOUDNESS, OCCLUSION, gather_orders, grad_cam_of, hires_cam_of
from cbam_viz.analysis.ranks import band, correlate_all
from cbam_viz.analysis.segments import average_samples, cells_of_samples, segments_of_samples
from cbam_viz.analysis.spatial import SpatialTrace
from cbam_viz.attention.attribution import OCCLUDED, Attributions
from cbam_viz.attention.record import AttentionRecord


@dataclass(frozen=True, eq=False)
class MethodStrip:
    """What one method says along the window, signed.

    Parameters
    ----------
    order : name of the map, see `analysis.orders`.
    values : (n,) array, in logits.
    edges : (n + 1,) array, in the axis' unit; value i is drawn from edges[i] to edges[i + 1].
    """

    order: str
    values: NDArray[np.float64]
    edges: NDArray[np.float64]

    @property
    def largest(self) -> float:
        """Largest magnitude."""
        return float(np.abs(self.values).max())


@dataclass(frozen=True)
class MethodArea:
    """Area of one order beside those of random orders.

    Parameters
    ----------
    order : name of the map.
    kind : ``deletion`` or ``insertion``.
    mask : ``zero`` or ``noise``.
    area : of this order.
    chance : mean area of random orders and its 95 % band.
    """

    order: str
    kind: str
    mask: str
    area: Area
    chance: Area


@dataclass(frozen=True, eq=False)
class MethodsTrace:
    """A gate beside other methods.

    Parameters
    ----------
    spatial : the window, and the gate: its chosen strip.
    words : of the class that the methods explain.
    strips : one a method.
    orders : names of the gate, the methods and the envelope.
    correlation : (m, m) array, Spearman's, over equal segments of the window; NaN for a map that stands still.
    areas : of the same orders, for both kinds and both ways of masking.
    segments : S, of the correlation.
    """

    spatial: SpatialTrace
    words: str
    strips: tuple[MethodStrip, ...]
    orders: tuple[str, ...]
    correlation: NDArray[np.float64]
    areas: tuple[MethodArea, ...]
    segments: int


def trace_methods(
    spatial: SpatialTrace,
    record: AttentionRecord,
    inputs: NDArray[np.float32],
    attributions: Attributions,
    deletion: DeletionTrace,
    words: str,
) -> MethodsTrace:
    """Set the chosen gate of a window beside the other methods.

    Parameters
    ----------
    spatial, record, inputs, attributions, deletion : of one window, (1, T); the deletion has an order of every map.
    words : of the class that was attributed.
    """
    block, samples = spatial.strips[spatial.chosen].name, inputs.shape[1]
    orders = gather_orders(record, inputs, attributions)
    number = [each.name for each in record.blocks].index(block)
    field, maps = record.blocks[number].receptive_field, attributions.blocks[number]
    edges = spatial.strips[spatial.chosen].edges
    stretches = segments_of_samples(samples, segments=OCCLUDED)
    ends = spatial.axis.at(np.append(np.unique(stretches, return_index=True)[1], samples) - 0.5)
    strips = (
        MethodStrip(grad_cam_of(block), maps.grad_cam.astype(np.float64), edges),
        MethodStrip(hires_cam_of(block), maps.hires_cam.astype(np.float64), edges),
        MethodStrip(INTEGRATED, average_samples(attributions.integrated, cells_of_samples(field, samples)), edges),
        MethodStrip(OCCLUSION, average_samples(attributions.occlusion, stretches), ends),
    )
    names = (block, *(strip.order for strip in strips), LOUDNESS)
    parts = segments_of_samples(samples)
    segments = np.array([average_samples(orders[name], parts) for name in names])  # (m, S)
    return MethodsTrace(
        spatial, words, strips, names, correlate_all(segments, segments), list_areas(deletion, names), len(segments[0])
    )


def list_areas(deletion: DeletionTrace, names: Iterable[str]) -> tuple[MethodArea, ...]:
    """Areas of some orders, each beside the mean and the band of random ones."""
    wanted, rows = tuple(names), []
    for curves in deletion.curves:
        chance = Area(*band(curves.random_areas))
        for kind in KINDS:
            areas = dict(zip(deletion.orders, curves.areas(kind), strict=True))
            rows += [MethodArea(name, kind, curves.mask, measure_area(areas[name]), chance) for name in wanted]
    return tuple(rows)
