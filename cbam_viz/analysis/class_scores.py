"""The tests of every gate in every window of a labelled set, each beside its control; the class is the window's own.

=========================  =============================================================  =============================
test                       value                                                          control
=========================  =============================================================  =============================
flatten_spatial_accuracy   windows of the class that are no longer named so once M_s is   0, the gate as it is
                           held at its mean, minus those that are only named so then
flatten_spatial_margin     loss of the class with M_s at its mean, in logits              mean loss with M_s shuffled
shuffle_spatial_margin     mean loss with M_s in random order                             0
shift_spatial_margin       mean loss with M_s moved around the window                     0
change_spatial_margin      largest change of the three, whichever way                     0
pointing_zero, _noise      Spearman of M_s with what the class loses where a stretch is   the same, M_s moved around the
                           masked, by the window's mean or by noise                       window
pointing_…_loudness        the same                                                       the same of the envelope
mean_channels_margin       loss with M_c at its mean over the network's data set          mean loss with M_c permuted
permute_channels_margin    mean loss with M_c in random order                             0
=========================  =============================================================  =============================

The class is that of the label, not the one the network names: which class wins depends on the gate, and where it is
chosen after the gate has spoken, any other gate seems to cost it something.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.deletion import MASKS
from cbam_viz.analysis.interventions import flatten_spatial, score_interventions
from cbam_viz.analysis.labelled import LabelledSet
from cbam_viz.analysis.orders import measure_envelope
from cbam_viz.analysis.pointing import average_gate, mask_stretches
from cbam_viz.analysis.ranks import band, correlate_ranks
from cbam_viz.analysis.score import Score
from cbam_viz.analysis.segments import average_samples, segments_of_samples
from cbam_viz.analysis.verdict import MOVED
from cbam_viz.attention.record import AttentionRecord
from cbam_viz.network.checkpoint import Network

SPATIAL = (
    "flatten_spatial_accuracy",
    *MOVED,
    "change_spatial_margin",
    *(f"pointing_{mask}" for mask in MASKS),
    *(f"pointing_{mask}_loudness" for mask in MASKS),
)
CHANNEL = ("mean_channels_margin", "permute_channels_margin")
TESTS = (*SPATIAL, *CHANNEL)
DRAWS = 10
"""Shuffles, shifts and permutations of a window; many windows are averaged over."""


def score_windows(
    network: Network,
    labelled: LabelledSet,
    windows: Sequence[tuple[int, int]],
    progress: Callable[[int, int], None] | None = None,
) -> NDArray[np.float64]:
    """Value and control of every test, (W, B, D, 2) array in the order of `TESTS`; NaN where a block has no such gate.

    Parameters
    ----------
    network : that recorded the set.
    labelled : the set.
    windows : number of the recording, and of the window within it; the network must know the class.
    progress : called with (windows done, windows in all); raising in it ends the work.
    """
    keys = [name.key for name in labelled.card.classes]
    found = np.empty((len(windows), len(labelled.record.blocks), len(TESTS), 2))
    for number, (member, window) in enumerate(windows):
        own = labelled.members[member]
        inputs = own.windows.cut(slice(window, window + 1))  # (1, T)
        record = labelled.record.only(int(labelled.starts[member]) + window)
        found[number] = score_window(network, inputs, record, keys.index(own.label), window)
        if progress:
            progress(number + 1, len(windows))
    return found


def score_window(
    network: Network, inputs: NDArray[np.float32], record: AttentionRecord, target: int, seed: int = 0
) -> NDArray[np.float64]:
    """Value and control of every test in one window, (B, D, 2) array.

    Parameters
    ----------
    network, inputs, record : of one window.
    target : index of its class.
    seed : of what is drawn.
    """
    lost = mask_stretches(network, inputs, record, target, seed, draws=1)
    found = np.full((len(record.blocks), len(TESTS), 2), np.nan)
    for number, block in enumerate(record.blocks):
        scores = {
            score.name: score
            for score in score_interventions(network, inputs, record, number, seed, DRAWS, target)
            if score.name in TESTS
        }
        pairs = {name: (score.value, score.control) for name, score in scores.items()}
        if block.spatial_attention.size:
            flat = flatten_spatial(network, inputs, record, number)
            right = [float(each[0].argmax() == target) for each in (record.probabilities, flat)]
            pairs["flatten_spatial_accuracy"] = right[0] - right[1], 0.0
            pairs["change_spatial_margin"] = _largest(scores), 0.0
            pairs |= _pointing(average_gate(block, inputs.shape[1]), inputs[0], lost)
        for name, pair in pairs.items():
            found[number, TESTS.index(name)] = pair
    return found


def _largest(scores: dict[str, Score]) -> float:
    """The largest change of the margin by anything that is done to M_s, as a one-window verdict looks at it."""
    drawn = [scores[name] for name in MOVED[1:]]
    return max(abs(scores[MOVED[0]].value), *(abs(end) for score in drawn for end in (score.low, score.high)))


def _pointing(
    gate: NDArray[np.float32], samples: NDArray[np.float32], lost: dict[str, NDArray[np.float32]]
) -> dict[str, tuple[float, float]]:
    """How M_s ranks the stretches beside itself elsewhere, and beside the envelope; what is constant ranks nothing: 0.

    Parameters
    ----------
    gate : (S,) array, in each stretch.
    samples : (T,) array.
    lost : see `mask_stretches`.
    """
    loud = average_samples(measure_envelope(samples), segments_of_samples(len(samples))).astype(np.float32)
    moved = np.array([np.roll(gate, step) for step in range(1, len(gate))])
    found = {}
    for mask, each in lost.items():
        value, chance, plain = (np.nan_to_num(correlate_ranks(order, each)) for order in (gate, moved, loud))
        found[f"pointing_{mask}"] = float(value), band(chance)[0]
        found[f"pointing_{mask}_loudness"] = float(value), float(plain)
    return found
