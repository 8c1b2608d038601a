"""What a network's gates usually do, and which frequencies its channels listen to: measured once, kept in its card."""

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import signal as dsp

from cbam_viz.attention.record import AttentionRecord, BlockRecord
from cbam_viz.network.card import BlockReference
from cbam_viz.network.cbam import Gates
from cbam_viz.network.model import CBAMCNN

QUANTILES = (0.01, 0.05, 0.5, 0.95, 0.99)
SWEEP = 256
"""Frequencies of the sine sweep."""
SMOOTH = 5
"""Frequencies that a response is averaged over before its peak is looked for."""
DEAF = 0.01
"""Of the block's median peak: a channel that answers less has no band."""
PHASES = 8
"""Of each sine, over a whole turn: where a stride folds a sine to a constant, its phase alone says what it excites."""


def measure_reference(model: CBAMCNN, record: AttentionRecord, fs: float, top_hz: float) -> tuple[BlockReference, ...]:
    """The usual gates of every block, and the band of every channel.

    Parameters
    ----------
    model : in evaluation mode.
    record : of the network's data set.
    fs : sampling rate of the windows in Hz.
    top_hz : upper edge in Hz of the band the network reads.
    """
    frequencies = np.linspace(0, top_hz, SWEEP + 1)[1:]
    responses = [kernel_response(model, frequencies, fs), *sweep_responses(model, record, frequencies, fs)[1:]]
    return tuple(map(_reference, record.blocks, responses, [frequencies] * len(responses)))


def _reference(block: BlockRecord, responses: NDArray[np.float64], frequencies: NDArray[np.float64]) -> BlockReference:
    """One block's part of the card; a channel that answers hardly at all beside its neighbours has no band."""
    faint = DEAF * float(np.median(responses.max(axis=1)))
    bands = [band(channel, frequencies, faint) for channel in responses]
    gate = block.spatial_attention
    return BlockReference(
        channel_mean=_rounded(block.channel_attention.mean(axis=0, dtype=np.float64)),
        channel_spread=_rounded(block.channel_attention.std(axis=0, dtype=np.float64)),
        spatial_quantiles=_rounded(np.quantile(gate, QUANTILES)) if gate.size else (),
        bands_hz=tuple((low, peak, high) for low, peak, high, _share in bands),
        band_shares=tuple(share for *_edges, share in bands),
    )


def kernel_response(model: CBAMCNN, frequencies: NDArray[np.float64], fs: float) -> NDArray[np.float64]:
    """Magnitude of the first convolution at each frequency in Hz, (C, F) array."""
    kernels = model.each_block[0].conv.weight.detach().numpy()[:, 0]  # (C, kernel)
    return np.stack([np.abs(dsp.freqz(kernel, worN=frequencies, fs=fs)[1]) for kernel in kernels])


def sweep_responses(
    model: CBAMCNN, record: AttentionRecord, frequencies: NDArray[np.float64], fs: float
) -> list[NDArray[np.float64]]:
    """How much more each channel is active to a sine than to silence, with the gates held at their data-set mean.

    Returns
    -------
    responses : one (C, F) array a block; 0 where a sine adds nothing.
    """
    time = np.arange(model.config.window) / fs
    phases = 2 * np.pi * np.arange(PHASES) / PHASES
    sines = np.sqrt(2) * np.sin(2 * np.pi * frequencies[:, None, None] * time + phases[:, None])  # (F, P, T)
    probes = np.concatenate([np.zeros((1, len(time))), sines.reshape(-1, len(time))]).astype(np.float32)
    responses = []
    with torch.inference_mode():
        x = torch.from_numpy(probes).unsqueeze(1)  # (1 + F P, 1, T)
        for block, pool, usual in zip(model.each_block, model.pools, record.blocks, strict=True):
            refined = block.attend(x, _usual_gates(usual.channel_attention, usual.spatial_attention)).features
            activity = refined.mean(2).numpy().astype(np.float64)  # (1 + F P, C)
            gain = activity[1:].reshape(len(frequencies), PHASES, -1).mean(axis=1) - activity[0]  # (F, C)
            responses.append(np.maximum(gain, 0).T)
            x = pool(refined)
    return responses


def band(
    response: NDArray[np.float64], frequencies: NDArray[np.float64], faint: float = 0.0
) -> tuple[float, float, float, float]:
    """(low, peak, high) in Hz and a share: where a response peaks, and how far around it stays above half the peak.

    The share is the part of the squared response that lies from low to high: a channel may listen to more than one
    band. All four are 0 for a channel whose response is nowhere above `faint`.

    Parameters
    ----------
    response : (F,) array.
    frequencies : (F,) array in Hz.
    faint : what does not count as a response.
    """
    if response.max() <= faint:
        return 0.0, 0.0, 0.0, 0.0
    smooth = dsp.oaconvolve(np.pad(response, SMOOTH // 2, mode="edge"), np.full(SMOOTH, 1 / SMOOTH), mode="valid")
    peak = int(np.argmax(smooth))
    below = np.flatnonzero(smooth < smooth[peak] / 2)
    low = below[below < peak].max(initial=-1) + 1
    high = below[below > peak].min(initial=len(smooth)) - 1
    share = float(np.sum(response[low : high + 1] ** 2) / np.sum(response**2))
    low_hz, peak_hz, high_hz = (round(float(frequencies[place]), 1) for place in (low, peak, high))
    return low_hz, peak_hz, high_hz, round(share, 3)


def _usual_gates(channel: NDArray[np.float32], spatial: NDArray[np.float32]) -> Gates:
    """The data-set mean of both gates, as gates to hold."""
    return Gates(
        torch.from_numpy(channel.mean(axis=0))[None, :, None] if channel.size else None,
        torch.tensor(spatial.mean())[None, None, None] if spatial.size else None,
    )


def _rounded(values: NDArray[np.float64]) -> tuple[float, ...]:
    """As the card keeps them: five decimals are finer than float32 gates repeat."""
    return tuple(round(float(value), 5) for value in values)
