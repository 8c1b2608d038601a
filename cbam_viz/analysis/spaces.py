"""What a window can be described by: its gates, what the network ends in, or what any envelope analysis would tell.

A view that says what attention separates says beside it what plain numbers of the same windows separate.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from cbam_viz.analysis.labelled import LabelledSet
from cbam_viz.attention.record import AttentionRecord
from cbam_viz.network.card import Card
from cbam_viz.signals.windows import Windows

SpaceName = Literal["channel", "spatial", "features", "logits", "envelope"]

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
BANDS = 6
"""Octaves of the envelope spectrum below a quarter of the sampling rate."""
ENVELOPE_NUMBERS = 2 + BANDS
SMALLEST = 1e-12
"""Share of the envelope's power from which its logarithm is taken."""
STILL = 1e-9
"""Of a column's mean: what rounding leaves of a spread is less."""


@dataclass(frozen=True, eq=False)
class Space:
    """One description of all windows.

    Parameters
    ----------
    name : which.
    values : (N, D) array, float64; D is 0 where the network has no such gate.
    """

    name: SpaceName
    values: NDArray[np.float64]


def channel_space(record: AttentionRecord, card: Card, block: int | None = None) -> Space:
    """M_c minus its mean over the network's data set: of one block, or of all blocks side by side (None)."""
    chosen = range(len(record.blocks)) if block is None else [block]
    parts = [
        record.blocks[number].channel_attention - np.array(card.reference[number].channel_mean)
        for number in chosen
        if record.blocks[number].channel_attention.size
    ]
    return Space("channel", np.concatenate([np.empty((len(record), 0)), *parts], axis=1))


def spatial_space(record: AttentionRecord) -> Space:
    """Mean, standard deviation and five quantiles over the positions of every block's M_s."""
    parts = [np.empty((len(record), 0))]
    for gate in (each.spatial_attention for each in record.blocks if each.spatial_attention.size):
        ordered = np.sort(gate, axis=1)
        places = np.round(np.array(QUANTILES) * (gate.shape[1] - 1)).astype(int)
        parts.append(np.column_stack([gate.mean(axis=1), gate.std(axis=1), ordered[:, places]]))
    return Space("spatial", np.concatenate(parts, axis=1, dtype=np.float64))


def feature_space(record: AttentionRecord) -> Space:
    """The last features, which the logits come from."""
    return Space("features", record.features.astype(np.float64))


def logit_space(record: AttentionRecord) -> Space:
    """The logits, less each window's mean over the classes, which changes no probability."""
    logits = record.logits.astype(np.float64)
    return Space("logits", logits - logits.mean(axis=1, keepdims=True))


def envelope_space(labelled: LabelledSet) -> Space:
    """What a person would compute without any network, see `measure_envelope`, standardised over the set's windows."""
    return Space("envelope", standardise(np.concatenate([measure_envelope(each.windows) for each in labelled.members])))


def measure_envelope(windows: Windows) -> NDArray[np.float64]:
    """Plain numbers of each window that no gain changes, (N, 8) array.

    Logarithms of the kurtosis, of the crest factor (largest distance from the mean over the standard deviation), and of
    the shares of the envelope's power in six octaves, the highest of which ends at a quarter of the sampling rate: at
    12 kHz from 47 to 3000 Hz. The envelope is the magnitude of the analytic signal (Randall & Antoni 2011, Mech. Syst.
    Signal Process. 25:485); its mean is left out.
    """
    inputs = windows.inputs
    centred = inputs - inputs.mean(axis=1, keepdims=True)
    variance = np.square(centred).mean(axis=1)
    kurtosis = np.square(np.square(centred)).mean(axis=1) / np.square(variance)
    crest = np.abs(centred).max(axis=1) / np.sqrt(variance)
    power = np.square(np.abs(fft.rfft(_envelope(centred), axis=1)))[:, 1:]  # (N, T // 2), without the mean
    ends = np.arange(1, power.shape[1] + 1) / inputs.shape[1]  # cycles a sample
    bands = np.stack(
        [power[:, (ends > 2.0 ** (k - 1)) & (ends <= 2.0**k)].sum(axis=1) for k in range(-1 - BANDS, -1)], axis=1
    )
    shares = bands / np.maximum(power.sum(axis=1, keepdims=True), np.finfo(np.float32).tiny)
    return np.log(np.column_stack([kurtosis, crest, np.maximum(shares, SMALLEST)]).astype(np.float64))


def _envelope(inputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """Magnitude of the analytic signal of every row of a real (N, T) array, each of mean 0."""
    samples = inputs.shape[1]
    spectrum = np.zeros(inputs.shape, np.complex64)
    half = samples // 2 + 1
    spectrum[:, :half] = 2 * fft.rfft(inputs, axis=1)
    if samples % 2 == 0:
        spectrum[:, half - 1] /= 2
    return np.abs(fft.ifft(spectrum, axis=1, overwrite_x=True))


def standardise(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bring every column of an (N, D) array to mean 0 and standard deviation 1; one that never varies becomes 0."""
    mean, spread = values.mean(axis=0), values.std(axis=0)
    varies = spread > STILL * np.abs(mean)
    return np.where(varies, values - mean, 0.0) / np.where(varies, spread, 1.0)
