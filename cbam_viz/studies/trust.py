"""Does the attention of one window mean anything? Every test of every gate, and a verdict on each block."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

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
ROUNDS = 10
"""Of the last step, which takes longer than all others together."""


@dataclass(frozen=True, eq=False)
class Step:
    """What one step of the tests gave.

    Parameters
    ----------
    name : see `STEPS`.
    scores : of its tests and every block.
    deletion, attributions, truths : see `Trust`; None and empty before the last step.
    """

    name: str
    scores: tuple[Score, ...]
    deletion: DeletionTrace | None = None
    attributions: Attributions | None = None
    truths: tuple[BlockTruth, ...] = ()


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
    progress : see `examine_steps`.
    """
    return sum_up(explanation, window, tuple(examine_steps(explanation, window, (), progress)))


def examine_steps(
    explanation: Explanation, window: int, done: Sequence[Step] = (), progress: Progress | None = None
) -> Iterator[Step]:
    """The steps that are not done yet, one after another; what is taken of them is kept if the work ends before.

    Parameters
    ----------
    window : index.
    done : steps of an earlier run.
    progress : called before each step, and between the rounds of the last, with rounds done, rounds in all, and what
        comes next in words; raising in it ends the work.
    """
    for number, (name, (words, take)) in enumerate(STEPS.items(), 1):
        if number > len(done):
            said = _("test {number} of {count}: {words}").format(number=number, count=len(STEPS), words=words)
            tell = partial(_tell, progress or _nobody, number - 1, said)
            tell(0, ROUNDS)
            yield take(name, explanation, window, tell)


def _tell(progress: Progress, begun: int, said: str, rounds: int, of: int) -> None:
    """Tell how far all is, from how far one step is."""
    progress(begun + rounds * ROUNDS // of, len(STEPS) - 1 + ROUNDS, said)


def _nobody(_done: int, _every: int, _words: str) -> None:
    """Tells nobody."""


def sum_up(explanation: Explanation, window: int, steps: Sequence[Step]) -> Trust:
    """The verdicts from all steps."""
    scores = tuple(score for step in steps for score in step.scores)
    verdicts = tuple(judge(scores, block.name) for block in explanation.record.blocks)
    last = steps[-1]
    if last.deletion is None or last.attributions is None:
        raise ValueError(f"a verdict needs all steps, got {[step.name for step in steps]}")
    return Trust(window, scores, verdicts, last.deletion, last.attributions, last.truths)


def words_of_missing(done: Sequence[Step]) -> tuple[str, ...]:
    """What the steps that are not done would have looked at."""
    return tuple(words for words, _take in list(STEPS.values())[len(done) :])


Tell = Callable[[int, int], None]


def _intervene(name: str, explanation: Explanation, window: int, _tell: Tell) -> Step:
    """Gates flattened, shuffled, moved."""
    return Step(name, examine_gates(explanation, window))


def _mask_singly(name: str, explanation: Explanation, window: int, _tell: Tell) -> Step:
    """What single stretches do."""
    network, (inputs, record) = explanation.network, _one(explanation, window)
    return Step(name, (*score_polarity(network, inputs, record), *score_pointing(network, inputs, record)))


def _disturb(name: str, explanation: Explanation, window: int, _tell: Tell) -> Step:
    """Whether the gate follows a shift and withstands noise."""
    asked = explanation.network, explanation.windows, explanation.record, window
    return Step(name, (*score_shift(*asked), *score_noise(*asked)))


def _untrain(name: str, explanation: Explanation, window: int, _tell: Tell) -> Step:
    """Whether the gate has to do with what was learnt."""
    return Step(name, tuple(score_randomisation(explanation.network, *_one(explanation, window))))


def _mask_in_order(name: str, explanation: Explanation, window: int, tell: Tell) -> Step:
    """Deletion and insertion, beside other methods, and the truth where it is known."""
    network, (inputs, record) = explanation.network, _one(explanation, window)
    attributions = attribute_window(network, inputs, int(record.probabilities[0].argmax()))
    orders = gather_orders(record, inputs, attributions)
    deletion = trace_deletion(network, inputs, record, orders, progress=tell)
    impacts = impacts_within(explanation, window)
    truths = () if impacts is None else trace_truth(record, orders, impacts, explanation.card.preparation.fs)
    scores = (*score_deletion(deletion, gates_of(record)), *score_truth(truths))
    return Step(name, scores, deletion, attributions, truths)


STEPS: dict[str, tuple[str, Callable[[str, Explanation, int, Tell], Step]]] = {
    "interventions": (_("gates flattened, shuffled, moved"), _intervene),
    "single stretches": (_("stretches masked one by one"), _mask_singly),
    "stability": (_("the window shifted, noise added"), _disturb),
    "untrained": (_("untrained networks"), _untrain),
    "order": (_("stretches masked in order, other methods beside"), _mask_in_order),
}
"""The steps in their order, the cheap ones first: what each is in words, and what takes it."""


def impacts_within(explanation: Explanation, window: int) -> NDArray[np.float64] | None:
    """The true impacts in samples of a window, those of the whole recording; None where nobody knows them."""
    impacts = explanation.windows.impacts
    return None if impacts is None else np.asarray(impacts - explanation.windows.starts[window], np.float64)


def _one(explanation: Explanation, window: int) -> tuple[NDArray[np.float32], AttentionRecord]:
    """One window as the network reads it, (1, T), and its record."""
    return explanation.windows.cut(slice(window, window + 1)), explanation.record.only(window)
