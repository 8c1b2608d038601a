"""The tests of a network's gates over many recordings: true impacts, gates held, untrained networks, other seeds.

Over a set, every loss stands beside 0, the gates as they are; what shuffled gates lose is a row of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.agreement import score_agreement
from cbam_viz.analysis.interventions import LEAST_SHIFT, flatten_spatial, merge_alike, score_interventions
from cbam_viz.analysis.orders import gather_orders
from cbam_viz.analysis.randomisation import score_randomisation
from cbam_viz.analysis.ranks import band, correlate_all
from cbam_viz.analysis.response import average_seen
from cbam_viz.analysis.score import Score
from cbam_viz.analysis.set_scores import average_scores, keep_score
from cbam_viz.analysis.truth import score_truth, trace_truth
from cbam_viz.attention.record import record_attention
from cbam_viz.datasets.recording import Recording
from cbam_viz.network.checkpoint import Network
from cbam_viz.network.trust_table import ALL_BLOCKS, TrustRow
from cbam_viz.signals.windows import prepare_windows
from cbam_viz.studies.train import Progress

DRAWS = 20
"""Gates shuffled, moved or in random order."""
TOLD = 20
"""Recordings, or windows, after which progress is told."""
TRUTHS = ("truth_auc", "truth_auc_loudness", "truth_pointing", "truth_pointing_loudness")


@dataclass(frozen=True, eq=False)
class JudgedSet:
    """Windows of several recordings.

    Parameters
    ----------
    inputs : (N, T) array.
    labels : (N,) array of class numbers; of classes that nobody tells apart the first.
    owners : (N,) array, the recording of each window.
    """

    inputs: NDArray[np.float32]
    labels: NDArray[np.int64]
    owners: NDArray[np.int64]

    @property
    def size(self) -> tuple[int, int]:
        """Windows and recordings."""
        return len(self.inputs), len(np.unique(self.owners))


def score_struck(network: Network, recordings: Sequence[Recording], progress: Progress) -> tuple[TrustRow, ...]:
    """How M_s lies on the true impacts, over recordings.

    Parameters
    ----------
    network : whose gates are tested.
    recordings : with their impacts; the first window of each only lets earlier strikes ring on.
    progress : called with what is being done and how far it is.
    """
    found = []
    for number, recording in enumerate(recordings, 1):
        windows = prepare_windows(recording.signals[0], network.card.preparation)
        impacts = np.empty(0) if windows.impacts is None else windows.impacts
        record, scores = record_attention(network, windows), list[Score]()
        for window in range(1, len(windows)):
            one = record.only(window)
            orders = gather_orders(one, windows.cut(slice(window, window + 1)))
            places = impacts - windows.starts[window]
            scores += score_truth(trace_truth(one, orders, places, windows.preparation.fs, seed=window))
        found.append([score for score in scores if score.name in TRUTHS])
        if number % TOLD == 0:
            progress(f"{network.card.name}: true impacts of {number} of {len(recordings)}", number / len(recordings))
    return average_scores(found)


def score_held(network: Network, judged: JudgedSet, progress: Progress) -> tuple[TrustRow, ...]:
    """What is lost where gates are held or moved, over recordings.

    Parameters
    ----------
    network, judged : whose gates are tested, and on what.
    progress : called with what is being done and how far it is.
    """
    record = record_attention(network, judged.inputs)
    chosen = [*range(len(record.blocks)), None]

    def right(probabilities: NDArray[np.float32]) -> NDArray[np.bool_]:
        with np.errstate(divide="ignore"):  # of a class that is out of the question
            return np.asarray(merge_alike(network.card, np.log(probabilities)).argmax(axis=1) == judged.labels)

    as_is = right(record.probabilities)
    flat = {block: right(flatten_spatial(network, judged.inputs, record, block)) for block in chosen}
    found: list[list[Score]] = [[] for _recording in range(judged.size[1])]
    for window, owner in enumerate(judged.owners):
        inputs, one = judged.inputs[window : window + 1], record.only(window)
        for block in chosen:
            name = ALL_BLOCKS if block is None else record.blocks[block].name
            found[owner].append(Score("accuracy_flat", name, float(flat[block][window]), float(as_is[window])))
            losses = score_interventions(network, inputs, one, block, seed=window, draws=DRAWS)
            found[owner] += [replace(loss, control=0.0) for loss in losses]
        if (window + 1) % TOLD == 0:
            progress(f"{network.card.name}: gates held in {window + 1} of {len(as_is)}", (window + 1) / len(as_is))
    return average_scores(found)


def compare_gates(network: Network, twins: Sequence[Network], judged: JudgedSet) -> tuple[TrustRow, ...]:
    """M_s beside that of untrained networks, and, where there are any, of those of other seeds.

    Parameters
    ----------
    network, judged : whose gates are tested, and on what.
    twins : of the same recipe.
    """
    records = [record_attention(each, judged.inputs) for each in (network, *twins)]
    scores = score_randomisation(network, judged.inputs, records[0])
    for number, block in enumerate(records[0].blocks):
        if twins and block.spatial_attention.size:
            scores += (score_agreement(records, number),)
    return tuple(keep_score(score, *judged.size) for score in scores)


def score_instants(network: Network, judged: JudgedSet, fisher: NDArray[np.float64]) -> tuple[TrustRow, ...]:
    """How M_s rises and falls with what parts the classes over time: rank correlation, the mean over windows.

    The control is the same with M_s moved around the window, by a tenth of it at least; its band is over the moves.

    Parameters
    ----------
    network, judged : whose gates are tested, and on what.
    fisher : (T,) array, see `CircuitBand`.
    """
    scores = []
    for block in record_attention(network, judged.inputs).blocks:
        if block.spatial_attention.size:
            seen = average_seen(fisher, block.receptive_field).astype(np.float32)[None]
            positions = block.spatial_attention.shape[1]
            least = max(1, round(LEAST_SHIFT * positions))
            value, *moved = (
                float(band(correlate_all(np.roll(block.spatial_attention, shift, axis=1), seen))[0])
                for shift in (0, *range(least, positions - least + 1))
            )
            scores.append(Score("follow_fisher", block.name, value, *band(np.array(moved))))
    return tuple(keep_score(score, *judged.size) for score in scores)
