"""What a network's gates usually do, and which frequencies its channels listen to: measured once, kept in its card."""

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import signal as dsp

from cbam_viz.attention.record import AttentionRecord
from cbam_viz.network.card import BlockReference
from cbam_viz.network.cbam import Gates
from cbam_viz.network.model import CBAMCNN

QUANTILES = (0.01, 0.05, 0.5, 0.95, 0.99)
SWEEP = 256
"""Frequencies of the sine sweep."""
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
    return tuple(
        BlockReference(
            channel_mean=_rounded(block.channel_attention.mean(axis=0, dtype=np.float64)),
            channel_spread=_rounded(block.channel_attention.std(axis=0, dtype=np.float64)),
            spatial_quantiles=_rounded(np.quantile(block.spatial_attention, QUANTILES))
            if block.spatial_attention.size
            else (),
            bands_hz=tuple(band(channel, frequencies) for channel in response),
        )
        for block, response in zip(record.blocks, responses, strict=True)
    )


def kernel_response(model: CBAMCNN, frequencies: NDArray[np.float64], fs: float) -> NDArray[np.float64]:
    """Magnitude of the first convolution at each frequency in Hz, (C, F) array."""
    kernels = model.stages[0].conv.weight.detach().numpy()[:, 0]  # (C, kernel)
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
        for block, pool, usual in zip(model.stages, model.pools, record.blocks, strict=True):
            refined = block.attend(x, _usual_gates(usual.channel_attention, usual.spatial_attention)).features
            activity = refined.mean(2).numpy().astype(np.float64)  # (1 + F P, C)
            gain = activity[1:].reshape(len(frequencies), PHASES, -1).mean(axis=1) - activity[0]  # (F, C)
            responses.append(np.maximum(gain, 0).T)
            x = pool(refined)
    return responses


def band(response: NDArray[np.float64], frequencies: NDArray[np.float64]) -> tuple[float, float, float]:
    """(low, peak, high) in Hz: where a response peaks, and how far around the peak it stays above half of it.

    All three are 0 for a channel that no sine excites.
    """
    peak = int(np.argmax(response))
    if response[peak] <= 0:
        return 0.0, 0.0, 0.0
    below = np.flatnonzero(response < response[peak] / 2)
    low = below[below < peak].max(initial=-1) + 1
    high = below[below > peak].min(initial=len(response)) - 1
    return round(frequencies[low], 1), round(frequencies[peak], 1), round(frequencies[high], 1)


def _usual_gates(channel: NDArray[np.float32], spatial: NDArray[np.float32]) -> Gates:
    """The data-set mean of both gates, as gates to hold."""
    return Gates(
        torch.from_numpy(channel.mean(axis=0))[None, :, None] if channel.size else None,
        torch.tensor(spatial.mean())[None, None, None] if spatial.size else None,
    )


def _rounded(values: NDArray[np.float64]) -> tuple[float, ...]:
    """As the card keeps them: five decimals are finer than float32 gates repeat."""
    return tuple(round(float(value), 5) for value in values)
