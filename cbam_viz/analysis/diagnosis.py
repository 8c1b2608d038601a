"""The verdict of a network on a window and on the whole signal, and two quick controls of its spatial gate."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import signal as dsp
from scipy.stats import spearmanr

from cbam_viz.attention.record import AttentionRecord
from cbam_viz.language import _
from cbam_viz.network.card import Card
from cbam_viz.network.receptive import ReceptiveField


@dataclass(frozen=True, eq=False)
class DiagnosisTrace:
    """Probabilities of one window beside the mean over all; K classes, those that nobody tells apart as one.

    Parameters
    ----------
    classes : words of the classes.
    window, whole : (K,) arrays of probabilities.
    agreeing, windows : how many windows, of how many, name the class of the whole.
    named : (N,) array, number of the class that each window names.
    parts : for each class the names of the parts that it blames; empty where it blames none.
    deviations : (K,) array, in per cent, how far off the part is in the window if it is that class; empty where the
        network does not tell.
    errors : (K,) array, in percentage points, below which nine of ten errors of a deviation lie; NaN where not known.
    """

    classes: tuple[str, ...]
    window: NDArray[np.float64]
    whole: NDArray[np.float64]
    agreeing: int
    windows: int
    named: NDArray[np.int64]
    parts: tuple[tuple[str, ...], ...]
    deviations: NDArray[np.float64]
    errors: NDArray[np.float64]

    @property
    def ranking(self) -> NDArray[np.int64]:
        """Class numbers from the most to the least probable in the window, (K,) array."""
        return np.argsort(-self.window, kind="stable")


def trace_diagnosis(record: AttentionRecord, card: Card, window: int) -> DiagnosisTrace:
    """Set the diagnosis of one window beside that of the whole signal."""
    keys = [name.key for name in card.classes]
    groups = list(dict.fromkeys(card.alike(key) for key in keys))
    belongs = np.array([[key in group for group in groups] for key in keys], np.float64)  # (classes, K)
    whole = record.mean_probabilities @ belongs
    named = (record.probabilities @ belongs).argmax(axis=1)
    most = {each.key: each.most for each in card.deviation_errors}
    words = {name.key: name.words for name in card.classes}
    tells = bool(card.config.deviations)
    return DiagnosisTrace(
        classes=tuple(_(" or ").join(words[key] for key in group) for group in groups),
        window=record.probabilities[window].astype(np.float64) @ belongs,
        whole=whole,
        agreeing=int((named == whole.argmax()).sum()),
        windows=len(record),
        named=named,
        parts=tuple(tuple(key[:-1] for key in group if tells and key[-1] in "+-") for group in groups),
        deviations=record.deviations[window] @ (belongs / belongs.sum(axis=0)) if tells else np.empty(0),
        errors=np.array([max(most.get(key, np.nan) for key in group) for group in groups]),
    )


def score_loudness(gate: NDArray[np.float32], waveform: NDArray[np.float32], field: ReceptiveField) -> float:
    """Rank correlation (Spearman) of a gate with how loud the samples are that each position sees, -1 to 1.

    Near 1 the gate shows no more than the loudness would; NaN where one of them does not move.

    Parameters
    ----------
    gate : (L,) array, M_s of one window.
    waveform : (T,) array, the window as the network reads it.
    field : of the gate's positions.
    """
    loudness = np.abs(dsp.hilbert(waveform - waveform.mean()))
    total = np.concatenate([[0.0], np.cumsum(loudness)])
    first = field.first_sample + np.arange(field.positions) * field.stride
    low, high = np.clip([first, first + field.size], 0, len(waveform))
    seen = (total[high] - total[low]) / (high - low)
    if np.ptp(gate) == 0 or np.ptp(seen) == 0:
        return float("nan")
    return float(spearmanr(gate, seen).statistic)
