"""How every shipped network is trained and judged; run by `make train` and `make verify`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cbam_viz.attention.record import record_attention
from cbam_viz.attention.reference import measure_reference
from cbam_viz.datasets.recording import Recording
from cbam_viz.network.card import Card, FoldResult, Results
from cbam_viz.network.checkpoint import Network
from cbam_viz.network.training import Epoch, train_model
from cbam_viz.signals.windows import prepare_windows
from cbam_viz.studies.plans import Plan

WHOLE = "whole"
"""Name of the run on all recordings."""
Progress = Callable[[str, float], None]
"""Called with what is being done, and the share of it that is done; raising in it ends the work."""


def train_network(plan: Plan, recordings: Sequence[Recording], state_folder: Path, progress: Progress) -> Network:
    """Train on all recordings, evaluate the same recipe on folds, and measure what the card says.

    Parameters
    ----------
    plan : of the network.
    recordings : as `plan.read` gives them.
    state_folder : where unfinished work is kept; a second call takes it up.
    progress : called with what is being done and how far it is.
    """
    inputs, labels = cut_set(recordings, plan, plan.recipe.hop)
    trained = train_model(
        plan.config, inputs, labels, plan.recipe, state_folder / f"{WHOLE}.pt", tell_epochs(progress, plan.name)
    )
    card = Card(
        name=plan.name,
        summary=plan.summary,
        config=plan.config,
        preparation=plan.preparation,
        classes=plan.classes,
        source=plan.source,
        licence=plan.licence,
        trained_on=_names(recordings),
        recipe=asdict(plan.recipe),
        results=evaluate_plan(plan, recordings, state_folder, progress),
        reference=(),
        bearing=plan.bearing,
        history=tuple((round(epoch.loss, 5), round(epoch.accuracy, 5)) for epoch in trained.history),
    )
    whole = Network(card, trained.model)
    record = record_attention(whole, cut_set(recordings, plan, plan.preparation.hop)[0])
    reference = measure_reference(trained.model, record, plan.preparation.fs, plan.preparation.top_hz)
    return Network(replace(card, reference=reference), trained.model)


def evaluate_plan(plan: Plan, recordings: Sequence[Recording], state_folder: Path, progress: Progress) -> Results:
    """Train once for each fold without its recordings, and test on them."""
    tests = [
        _test_fold(plan, kept, held_out, state_folder / f"{name}.pt", progress)
        for name, kept, held_out in _folds(plan, recordings)
    ]
    folds = tuple(fold for fold, _ in tests)
    return Results(
        protocol=plan.protocol,
        shared=plan.shared,
        accuracy=round(float(np.mean([fold.accuracy for fold in folds])), 5),
        folds=folds,
        by_load=_by_load([each for _, right in tests for each in right]),
    )


def _folds(
    plan: Plan, recordings: Sequence[Recording]
) -> Iterator[tuple[str, Sequence[Recording], Sequence[Recording]]]:
    """Name of each fold, what it is trained on, and what it is tested on."""
    if plan.unseen:
        yield WHOLE, recordings, plan.unseen()
        return
    for number, name in enumerate(dict.fromkeys(map(plan.fold, recordings)), start=1):
        kept = [each for each in recordings if plan.fold(each) != name]
        yield f"fold {number}", kept, [each for each in recordings if plan.fold(each) == name]


def _test_fold(
    plan: Plan, kept: Sequence[Recording], held_out: Sequence[Recording], state_file: Path, progress: Progress
) -> tuple[FoldResult, list[tuple[str, NDArray[np.bool_]]]]:
    """One fold, and for each of its recordings the load and which windows were named rightly."""
    inputs, labels = cut_set(kept, plan, plan.recipe.hop)
    words = f"{plan.name} without {plan.fold(held_out[0])}"
    model = train_model(plan.config, inputs, labels, plan.recipe, state_file, tell_epochs(progress, words)).model
    confusion = np.zeros((len(plan.classes), len(plan.classes)), int)
    right = []
    for recording in held_out:
        tested, truth = cut_set([recording], plan, plan.preparation.hop)
        said = model.predict(tested)
        right.append((recording.load, said == truth))
        if plan.counted(recording):
            np.add.at(confusion, (truth, said), 1)
    fold = FoldResult(
        held_out=_names(held_out),
        windows=int(confusion.sum()),
        accuracy=round(float(np.trace(confusion) / confusion.sum()), 5),
        confusion=tuple(tuple(row) for row in confusion.tolist()),
    )
    return fold, right


def _by_load(tested: Sequence[tuple[str, NDArray[np.bool_]]]) -> tuple[tuple[str, int, float], ...]:
    """Windows and accuracy at each load, in the order in which the loads come."""
    loads: dict[str, list[NDArray[np.bool_]]] = {}
    for load, right in tested:
        loads.setdefault(load, []).append(right)
    joined = {load: np.concatenate(right) for load, right in loads.items()}
    return tuple((load, len(right), round(float(right.mean()), 5)) for load, right in joined.items())


def _names(recordings: Sequence[Recording]) -> tuple[str, ...]:
    """Their names, each once."""
    return tuple(dict.fromkeys(recording.name for recording in recordings))


def cut_set(recordings: Sequence[Recording], plan: Plan, hop: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Cut labelled recordings into windows; a stretch between two gaps that is shorter than a window gives none.

    Returns
    -------
    inputs : (N, T) array.
    labels : (N,) array of class numbers.
    """
    keys = [name.key for name in plan.classes]
    preparation = replace(plan.preparation, hop=hop)
    cut = [
        (prepare_windows(signal, preparation).inputs, keys.index(recording.label))
        for recording in recordings
        for signal in recording.signals
        if signal.duration * preparation.fs >= preparation.window
    ]
    labels = np.repeat([label for _, label in cut], [len(inputs) for inputs, _ in cut])
    return np.concatenate([inputs for inputs, _ in cut]), labels


def tell_epochs(progress: Progress, words: str) -> Callable[[int, int, Epoch], None]:
    """Tell of every epoch."""

    def tell(done: int, epochs: int, last: Epoch) -> None:
        progress(
            f"{words}: epoch {done} of {epochs}, loss {last.loss:.3f}, accuracy {last.accuracy:.3f}", done / epochs
        )

    return tell
