"""How the network of a circuit is trained; its trials beside other methods are in `circuit_trials`."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cbam_viz.attention.record import record_attention
from cbam_viz.attention.reference import measure_reference
from cbam_viz.network.card import Card, DeviationError, FoldResult, Results, Trial
from cbam_viz.network.checkpoint import Network
from cbam_viz.network.model import CBAMCNN
from cbam_viz.network.targets import SOUND, Deviations
from cbam_viz.network.training import Epoch, Recipe, Trained, train_model
from cbam_viz.studies.circuit_limits import limit_deviations
from cbam_viz.studies.circuit_plans import CircuitPlan
from cbam_viz.studies.circuit_set import (
    Progress,
    ResponseSet,
    join_sets,
    measure_nominal,
    prepare_campaign,
    say_campaign,
)

CAMPAIGNS = "campaigns"
"""Name of the folder that simulated campaigns are kept in."""
SIZES = (0, 20, 30, 40, np.inf)
"""In per cent: ends of the groups in which faults are counted."""
MOST = 0.9
"""Quantile of the errors that stands behind a verdict's ±."""
KEPT_REFERENCE = 1000
"""Responses that the usual range of the gates is measured on."""


@dataclass(frozen=True, eq=False)
class Told:
    """What a network says of responses.

    Parameters
    ----------
    named : (N,) array of class numbers.
    merged : (N,) array, the same with classes that nobody tells apart as one, the first of them; their probabilities
        are summed.
    percent : (N,) array, the deviation that it tells for the class that is true.
    """

    named: NDArray[np.int64]
    merged: NDArray[np.int64]
    percent: NDArray[np.float32]


def train_circuit(plan: CircuitPlan, trials: Sequence[Trial], folder: Path, progress: Progress) -> Network:
    """Train on two campaigns, test on a third, and measure what the card says.

    Parameters
    ----------
    plan : of the network.
    trials : that its card is to show, see `run_trials`.
    folder : where campaigns and unfinished work are kept; a second call takes it up.
    progress : called with what is being done and how far it is.
    """
    preparation = measure_nominal(plan.circuit, plan.preparation)
    kept = folder / CAMPAIGNS
    learned = join_sets([prepare_campaign(each, preparation, kept, progress) for each in plan.trained_on])
    unseen = prepare_campaign(plan.unseen, preparation, kept, progress)
    trained = train_set(plan, plan.recipe, learned, folder / f"{plan.name}.pt", progress)
    keys = plan.circuit.classes
    card = Card(
        name=plan.name,
        summary=plan.summary,
        config=plan.config,
        preparation=preparation,
        classes=plan.classes,
        source="its own campaigns in ngspice (python -m cbam_viz simulate circuit)",
        licence="Simulated, so there is nothing to license; the weights are MIT.",
        trained_on=tuple(map(say_campaign, plan.trained_on)),
        recipe=asdict(plan.recipe),
        results=_results(plan, trained.model, unseen),
        reference=(),
        history=tuple((round(epoch.loss, 5), round(epoch.accuracy, 5)) for epoch in trained.history),
        circuit=plan.circuit.name,
        ambiguous=tuple(tuple(keys[number] for number in group) for group in plan.alike),
        trials=tuple(trials),
        deviation_errors=_deviation_errors(plan, trained.model, unseen),
    )
    whole = Network(card, trained.model)
    some = learned.inputs[:: max(len(learned) // KEPT_REFERENCE, 1)]
    record = record_attention(whole, some)
    return replace(whole, card=replace(card, reference=measure_reference(trained.model, record, plan.fs, plan.fs / 2)))


def train_set(
    plan: CircuitPlan, recipe: Recipe, learned: ResponseSet, state_file: Path | None, progress: Progress | None = None
) -> Trained:
    """Train the network of a plan on responses."""

    def tell(done: int, epochs: int, last: Epoch) -> None:
        if progress:
            words = f"{plan.name}: epoch {done} of {epochs}, loss {last.loss:.3f}, accuracy {last.accuracy:.3f}"
            progress(words, done / epochs)

    deviations = Deviations(learned.percent, plan.alike)
    return train_model(plan.config, learned.inputs, learned.labels, recipe, state_file, tell, deviations)


def tell_set(plan: CircuitPlan, model: CBAMCNN, tested: ResponseSet) -> Told:
    """What a network says of responses."""
    logits, off = model.tell(tested.inputs)
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities = raised / raised.sum(axis=1, keepdims=True)
    named = probabilities.argmax(axis=1)
    for first, *others in plan.alike:
        probabilities[:, first] += probabilities[:, others].sum(axis=1)
        probabilities[:, others] = 0
    return Told(named, probabilities.argmax(axis=1), off[np.arange(len(tested)), tested.labels])


def merge_labels(plan: CircuitPlan, labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Class numbers, with those that nobody tells apart as the first of them."""
    merged = np.arange(len(plan.classes))
    for group in plan.alike:
        merged[list(group)] = group[0]
    return merged[labels]


def _results(plan: CircuitPlan, model: CBAMCNN, unseen: ResponseSet) -> Results:
    """The network itself on runs that it never met."""
    told = tell_set(plan, model, unseen)
    truth = merge_labels(plan, unseen.labels)
    confusion = np.zeros((len(plan.classes), len(plan.classes)), int)
    np.add.at(confusion, (truth, told.merged), 1)
    accuracy = round(float(np.trace(confusion) / confusion.sum()), 5)
    fold = FoldResult(
        (say_campaign(plan.unseen),), len(unseen), accuracy, tuple(tuple(row) for row in confusion.tolist())
    )
    apart = f" {' or '.join(plan.circuit.ambiguous[0])} count as one." if plan.alike else ""
    return Results(
        protocol=f"Trained on {len(plan.trained_on) * plan.runs} simulated circuits a class, half of them with op-amp, "
        f"edges, delay, offset and steps of the simulator varied, and tested on others so varied, last epoch.{apart}",
        shared="Training and test come from one simulator; in a fault one part is off, by 15 to 60 %, and a linear "
        "op-amp never saturates. A measured circuit may be another matter.",
        accuracy=accuracy,
        folds=(fold,),
        by_load=_by_size(unseen, told.merged == truth),
    )


def _by_size(tested: ResponseSet, right: NDArray[np.bool_]) -> tuple[tuple[str, int, float], ...]:
    """Responses, and the share that was named rightly: sound circuits, and faults by how far the part is off."""
    off = np.abs(tested.percent)
    groups = {"sound": tested.labels == SOUND}
    for low, high in pairwise(SIZES):
        words = f"to ±{high:g} %" if not low else f"±{low:g} to ±{high:g} %" if high < np.inf else f"from ±{low:g} %"
        groups[words] = (tested.labels != SOUND) & (low <= off) & (off < high)
    return tuple(
        (words, int(group.sum()), round(float(right[group].mean()), 5))
        for words, group in groups.items()
        if group.any()
    )


def _deviation_errors(plan: CircuitPlan, model: CBAMCNN, unseen: ResponseSet) -> tuple[DeviationError, ...]:
    """How wrong the deviations of each fault class are, beside the limit."""
    error = np.abs(tell_set(plan, model, unseen).percent - unseen.percent)
    limits = limit_deviations(plan.unseen)
    return tuple(
        DeviationError(
            key,
            round(float(np.median(error[unseen.labels == label])), 2),
            round(float(np.quantile(error[unseen.labels == label], MOST)), 2),
            round(limits[key], 2),
        )
        for label, key in enumerate(plan.circuit.classes)
        if label != SOUND
    )
