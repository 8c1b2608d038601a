"""Channel attention of one block: how far each channel's M_c lies from what it usually is, and what it listens to."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cbam_viz.attention.record import AttentionRecord
from cbam_viz.network.card import Card

Order = Literal["frequency", "deviation", "number"]


@dataclass(frozen=True, eq=False)
class ChannelTrace:
    """What Figure B draws, one value a channel, in the order of drawing.

    Parameters
    ----------
    block : name of the block.
    channel : (C,) array, the channels' numbers, from 1.
    gate : (C,) array, M_c.
    mean, spread : (C,) arrays, mean and standard deviation of M_c over the windows of the network's data set.
    bands_hz : (C, 3) array, low edge, peak and high edge in Hz of what each channel listens to; zeros where nothing.
    shares : (C,) array, the part of the channel's response that lies in that band, 0 to 1.
    order : how they are sorted.
    absolute : whether M_c itself is drawn, not its deviation.
    """

    block: str
    channel: NDArray[np.int64]
    gate: NDArray[np.float64]
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    bands_hz: NDArray[np.float64]
    shares: NDArray[np.float64]
    order: Order
    absolute: bool

    @property
    def deviation(self) -> NDArray[np.float64]:
        """M_c minus its data-set mean, (C,) array."""
        return self.gate - self.mean


def trace_channels(
    record: AttentionRecord,
    card: Card,
    window: int | None,
    block: int,
    order: Order = "frequency",
    absolute: bool = False,
) -> ChannelTrace:
    """Set one block's channel attention against its usual values.

    Parameters
    ----------
    record, card : of the same network.
    window : index of the window; None takes the mean over all windows.
    block : index of the block.
    order : ``frequency`` of the peak, ``deviation`` from high to low, or ``number``.
    absolute : draw M_c itself.
    """
    gates = record.blocks[block].channel_attention.astype(np.float64)  # (N, C)
    gate = gates.mean(axis=0) if window is None else gates[window]
    reference = card.reference[block]
    mean, spread = np.array(reference.channel_mean), np.array(reference.channel_spread)
    bands = np.array(reference.bands_hz)
    key = {"frequency": bands[:, 1], "deviation": mean - gate, "number": np.arange(len(gate))}[order]
    place = np.argsort(key, kind="stable")
    return ChannelTrace(
        block=record.blocks[block].name,
        channel=place + 1,
        gate=gate[place],
        mean=mean[place],
        spread=spread[place],
        bands_hz=bands[place],
        shares=np.array(reference.band_shares)[place],
        order=order,
        absolute=absolute,
    )
