"""A circuit's response beside the nominal one, the band of sound circuits, and where in time the classes differ.

The last is the control of a gate: Fisher's ratio is worked out from the circuit alone. A gate that opens where the
classes differ follows what could tell them apart; that it is needed for a diagnosis is another question.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from cbam_viz.analysis.spatial import Strip, trace_spatial
from cbam_viz.attention.record import AttentionRecord
from cbam_viz.datasets.circuit_bands import CircuitBand
from cbam_viz.network.card import Card
from cbam_viz.network.receptive import ReceptiveField
from cbam_viz.signals.windows import Axis, Windows


@dataclass(frozen=True, eq=False)
class ResponseTrace:
    """One response on its axis; T samples, L positions of the gate.

    Parameters
    ----------
    axis : title and unit of the common axis.
    place : (T,) array, where each sample lies.
    measured, nominal : (T,) arrays in V.
    low, high : (T,) arrays in V, between which 95 % of sound circuits lie.
    fisher : (T,) array, see `CircuitBand`.
    strip : M_s of one block.
    beside : (L,) array, M_s of the same block for the nominal circuit; None where it is not drawn.
    follows : rank correlation of M_s with the mean ratio of what each position sees; NaN where one of them is still.
    outside : share of the samples that lie outside the band.
    """

    axis: Axis
    place: NDArray[np.float64]
    measured: NDArray[np.float64]
    nominal: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    fisher: NDArray[np.float64]
    strip: Strip
    beside: NDArray[np.float32] | None
    follows: float
    outside: float


def trace_response(
    record: AttentionRecord,
    windows: Windows,
    card: Card,
    band: CircuitBand,
    block: int,
    beside: AttentionRecord | None = None,
) -> ResponseTrace:
    """Set the response of a signal's one window beside what its circuit does.

    Parameters
    ----------
    record, windows, card : of the same signal and network.
    band : of the circuit.
    block : index of the block whose M_s is meant.
    beside : record of the nominal circuit.
    """
    spatial = trace_spatial(record, windows, card, 0, block)
    seconds = spatial.place * 1e-6
    on_axis = {name: interpolate_band(band, name, seconds) for name in ("nominal", "low", "high", "fisher")}
    if card.preparation.nominal is not None:  # what the network really takes away
        on_axis["nominal"] = np.array(card.preparation.nominal)
    gates = record.blocks[block]
    return ResponseTrace(
        axis=spatial.axis,
        place=spatial.place,
        measured=spatial.waveform,
        **on_axis,
        strip=spatial.strips[spatial.chosen],
        beside=None if beside is None else beside.blocks[block].spatial_attention[0],
        follows=follow(gates.spatial_attention[0], on_axis["fisher"], gates.receptive_field),
        outside=float(np.mean((spatial.waveform < on_axis["low"]) | (spatial.waveform > on_axis["high"]))),
    )


def follow(gate: NDArray[np.float32], fisher: NDArray[np.float64], field: ReceptiveField) -> float:
    """Rank correlation (Spearman) of a gate with the mean ratio of what each position sees; NaN where one is still.

    Parameters
    ----------
    gate : (L,) array.
    fisher : (T,) array.
    field : of the gate's positions.
    """
    seen = average_seen(fisher, field)
    if np.ptp(gate) == 0 or np.ptp(seen) == 0:
        return float("nan")
    return float(spearmanr(gate, seen).statistic)


def average_seen(fisher: NDArray[np.float64], field: ReceptiveField) -> NDArray[np.float64]:
    """Mean ratio of what each position sees, (L,) array.

    Parameters
    ----------
    fisher, field : see `follow`.
    """
    total = np.concatenate([[0.0], np.cumsum(fisher)])
    first = field.first_sample + np.arange(field.positions) * field.stride
    low, high = np.clip([first, first + field.size], 0, len(fisher))
    return np.asarray((total[high] - total[low]) / (high - low))


def interpolate_band(band: CircuitBand, name: str, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    """One row of a band at some times; before the pulse everything rests."""
    return np.interp(seconds, band.times, getattr(band, name), left=0.0)
