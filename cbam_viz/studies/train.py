"""How every shipped network is made and judged: one plan each, run by `make train` and `make verify`."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cbam_viz.attention.record import record_attention
from cbam_viz.attention.reference import measure_reference
from cbam_viz.datasets.cwru import SOURCE as CWRU_SOURCE
from cbam_viz.datasets.cwru import read_cwru
from cbam_viz.datasets.mfpt import SOURCE as MFPT_SOURCE
from cbam_viz.datasets.mfpt import read_mfpt
from cbam_viz.datasets.recording import Recording
from cbam_viz.errors import InputError
from cbam_viz.network.card import Card, ClassName, FoldResult, Results
from cbam_viz.network.checkpoint import Network
from cbam_viz.network.config import BlockConfig, ModelConfig
from cbam_viz.network.training import Epoch, Recipe, train_model
from cbam_viz.signals.windows import Preparation, prepare_windows

Progress = Callable[[str, float], None]
"""Called with what is being done, and the share of it that is done; raising in it ends the work."""

WINDOW = 2048
BLOCKS = (
    BlockConfig(channels=16, kernel=64, stride=8, pool=2),
    BlockConfig(channels=32, kernel=7, pool=2),
    BlockConfig(channels=64, kernel=5, pool=2),
)
"""Block 1 keeps a position every 8 samples: BPFI of a 6205 at 1797 rpm has a period of 74 samples at 12 kHz."""


@dataclass(frozen=True)
class Plan:
    """All that makes one shipped network.

    Parameters
    ----------
    name, summary, classes, source, licence, bearing : as the card shows them.
    preparation : of its windows.
    recipe : of its training.
    read : gives the labelled recordings of a folder.
    fold : names the fold that a recording is held out in.
    protocol, shared : of the evaluation, as the card shows them.
    """

    name: str
    summary: str
    classes: tuple[ClassName, ...]
    source: str
    licence: str
    bearing: str
    preparation: Preparation
    recipe: Recipe
    read: Callable[[Path], tuple[Recording, ...]]
    fold: Callable[[Recording], str]
    protocol: str
    shared: str

    @property
    def config(self) -> ModelConfig:
        """Of the network."""
        return ModelConfig(window=WINDOW, classes=len(self.classes), blocks=BLOCKS)


HEALTHY = ClassName("normal", "Healthy")
PLANS = {
    plan.name: plan
    for plan in (
        Plan(
            name="cwru-10",
            summary="Healthy, and three kinds of damage at three sizes, on the CWRU drive-end bearing",
            classes=(
                HEALTHY,
                *(ClassName(f"IR{mil:03d}", f"Inner race, {mil} mil", "inner") for mil in (7, 14, 21)),
                *(ClassName(f"B{mil:03d}", f"Ball, {mil} mil", "ball") for mil in (7, 14, 21)),
                *(ClassName(f"OR{mil:03d}", f"Outer race, {mil} mil", "outer") for mil in (7, 14, 21)),
            ),
            source=CWRU_SOURCE,
            licence="The recordings carry no licence and are not distributed here; the weights are MIT.",
            bearing="6205",
            preparation=Preparation(fs=12_000.0, window=WINDOW, hop=WINDOW, lowpass_hz=5_000.0),
            recipe=Recipe(epochs=15, hop=512),
            read=read_cwru,
            fold=lambda recording: recording.load,
            protocol="Trained on three motor loads and tested on the fourth, last epoch, mean of the four.",
            shared="Each fault is one mounted bearing, used at all loads, so the same bearing was in training: "
            "a new machine will be harder.",
        ),
        Plan(
            name="mfpt-3",
            summary="Healthy, inner-race and outer-race damage on the MFPT test rig",
            classes=(
                HEALTHY,
                ClassName("inner", "Inner race", "inner"),
                ClassName("outer", "Outer race", "outer"),
            ),
            source=MFPT_SOURCE,
            licence="The recordings are CC BY-NC-SA 4.0; the weights are MIT.",
            bearing="NICE",
            preparation=Preparation(fs=12_207.0, window=WINDOW, hop=WINDOW, lowpass_hz=5_000.0),
            recipe=Recipe(epochs=12, hop=512),
            read=read_mfpt,
            fold=lambda recording: recording.name,
            protocol="Trained on 19 of the 20 recordings and tested on the one left out, last epoch, mean of "
            "the twenty.",
            shared="Other recordings of the same bearing were in training: a new machine will be harder.",
        ),
    )
}


def find_plan(name: str) -> Plan:
    """The plan of a shipped network.

    Raises
    ------
    InputError
        If there is none of this name.
    """
    if name not in PLANS:
        raise InputError(
            f"A network with a plan is one of {', '.join(PLANS)}, but {name!r} was given. Choose one of them."
        )
    return PLANS[name]


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
        plan.config, inputs, labels, plan.recipe, state_folder / "whole.pt", _epochs(progress, plan.name)
    )
    card = Card(
        name=plan.name,
        summary=plan.summary,
        config=plan.config,
        preparation=plan.preparation,
        classes=plan.classes,
        source=plan.source,
        licence=plan.licence,
        trained_on=tuple(recording.name for recording in recordings),
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
    names = list(dict.fromkeys(plan.fold(recording) for recording in recordings))
    folds = tuple(
        _fold(plan, recordings, name, state_folder / f"fold {number}.pt", progress)
        for number, name in enumerate(names, start=1)
    )
    mean = float(np.mean([fold.accuracy for fold in folds]))
    return Results(protocol=plan.protocol, shared=plan.shared, accuracy=round(mean, 5), folds=folds)


def _fold(plan: Plan, recordings: Sequence[Recording], name: str, state_file: Path, progress: Progress) -> FoldResult:
    """One fold: its recordings are seen by the test alone."""
    held_out = [recording for recording in recordings if plan.fold(recording) == name]
    kept = [recording for recording in recordings if plan.fold(recording) != name]
    inputs, labels = cut_set(kept, plan, plan.recipe.hop)
    model = train_model(
        plan.config, inputs, labels, plan.recipe, state_file, _epochs(progress, f"{plan.name} without {name}")
    ).model
    tested, truth = cut_set(held_out, plan, plan.preparation.hop)
    said = model.predict(tested)
    confusion = np.zeros((len(plan.classes), len(plan.classes)), int)
    np.add.at(confusion, (truth, said), 1)
    return FoldResult(
        held_out=tuple(recording.name for recording in held_out),
        windows=len(truth),
        accuracy=round(float((said == truth).mean()), 5),
        confusion=tuple(tuple(row) for row in confusion.tolist()),
    )


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


def _epochs(progress: Progress, words: str) -> Callable[[int, int, Epoch], None]:
    """Tell of every epoch."""

    def tell(done: int, epochs: int, last: Epoch) -> None:
        progress(
            f"{words}: epoch {done} of {epochs}, loss {last.loss:.3f}, accuracy {last.accuracy:.3f}", done / epochs
        )

    return tell
