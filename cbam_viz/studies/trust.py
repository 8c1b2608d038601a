"""Does the attention of one window mean anything? Every test of every gate, and a verdict on each block."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.deletion import DeletionTrace, score_deletion, trace_deletion
from cbam_viz.analysis.interventions import score_interventions
from cbam_viz.analysis.orders import gates_of, gather_orders
from cbam_viz.analysis.pointing import score_pointing
from cbam_viz.analysis.polarity import score_polarity
from cbam_viz.analysis.randomisation import score_randomisation
from cbam_viz.analysis.score import Score
from cbam_viz.analysis.stability import score_noise, score_shift
from cbam_viz.analysis.truth import BlockTruth, score_truth, trace_truth
from cbam_viz.analysis.verdict import Verdict, judge
from cbam_viz.attention.attribution import Attributions, attribute_window
from cbam_viz.attention.record import AttentionRecord
from cbam_viz.language import _
from cbam_viz.studies.explain import Explanation

Progress = Callable[[int, int, str], None]
STEPS = 5
"""Before the deletion."""


@dataclass(frozen=True, eq=False)
class Trust:
    """What the tests of one window gave.

    Parameters
    ----------
    window : index.
    scores : of every test and block.
    verdicts : one a block, first block first.
    deletion : of the gates, the envelope and the other methods.
    attributions : of the class that the window is named.
    truths : of the blocks, where the true impacts are known.
    """

    window: int
    scores: tuple[Score, ...]
    verdicts: tuple[Verdict, ...]
    deletion: DeletionTrace
    attributions: Attributions
    truths: tuple[BlockTruth, ...]


def examine_gates(explanation: Explanation, window: int) -> tuple[Score, ...]:
    """The interventions alone, on every block and on all at once: cheap, and what people ask first."""
    inputs, record = _one(explanation, window)
    chosen = [*range(len(record.blocks)), None]
    return tuple(score for block in chosen for score in score_interventions(explanation.network, inputs, record, block))


def examine_window(explanation: Explanation, window: int, progress: Progress | None = None) -> Trust:
    """Every test of every gate in one window.

    Parameters
    ----------
    window : index.
    progress : called with steps done, steps in all, and what comes next in words; raising in it ends the work.
    """
    network, (inputs, record) = explanation.network, _one(explanation, window)
    tell = progress or _nobody
    rounds = 10
    tell(0, STEPS + rounds, _("gates flattened, shuffled, moved"))
    scores = list(examine_gates(explanation, window))
    tell(1, STEPS + rounds, _("stretches masked one by one"))
    scores += score_polarity(network, inputs, record)
    scores += score_pointing(network, inputs, record)
    tell(2, STEPS + rounds, _("the window shifted, noise added"))
    scores += score_shift(network, explanation.windows, explanation.record, window)
    scores += score_noise(network, explanation.windows, explanation.record, window)
    tell(3, STEPS + rounds, _("untrained networks"))
    scores += score_randomisation(network, inputs, record)
    tell(4, STEPS + rounds, _("other methods"))
    attributions = attribute_window(network, inputs, int(record.probabilities[0].argmax()))
    orders = gather_orders(record, inputs, attributions)
    deletion = trace_deletion(
        network,
        inputs,
        record,
        orders,
        progress=lambda done, every: tell(
            STEPS + done * rounds // every, STEPS + rounds, _("stretches masked in order")
        ),
    )
    scores += score_deletion(deletion, gates_of(record))
    impacts = impacts_within(explanation, window)
    fs = explanation.card.preparation.fs
    truths = () if impacts is None else trace_truth(record, orders, impacts, fs)
    scores += score_truth(truths)
    verdicts = tuple(judge(scores, block.name) for block in record.blocks)
    return Trust(window, tuple(scores), verdicts, deletion, attributions, truths)


def impacts_within(explanation: Explanation, window: int) -> NDArray[np.float64] | None:
    """The true impacts in samples of a window, those of the whole recording; None where nobody knows them."""
    impacts = explanation.windows.impacts
    return None if impacts is None else np.asarray(impacts - explanation.windows.starts[window], np.float64)


def _one(explanation: Explanation, window: int) -> tuple[NDArray[np.float32], AttentionRecord]:
    """One window as the network reads it, (1, T), and its record."""
    return explanation.windows.cut(slice(window, window + 1)), explanation.record.only(window)


def _nobody(_done: int, _every: int, _words: str) -> None:
    """Tells nobody."""
