"""A circuit's network beside other methods under one protocol a trial, each with several seeds; run by ``evaluate``.

Every method gets the same responses, prepared in the same way, with and without noise, and the same folds; nothing is
chosen on a test, and of the network the last epoch counts. A seed that is done is kept.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from cbam_viz.datasets.circuits import Campaign
from cbam_viz.network.card import Trial
from cbam_viz.signals.windows import Preparation
from cbam_viz.studies.circuit_plans import RANGE, CircuitPlan
from cbam_viz.studies.circuit_set import Progress, ResponseSet, folds_of, measure_nominal, prepare_campaign
from cbam_viz.studies.circuit_train import CAMPAIGNS, merge_labels, tell_set, train_set

NETWORK, TREES, LINEAR, MAJORITY = "CBAM-CNN", "ExtraTrees", "LDA", "majority"
SEEDS = 5
FOLDS = 5
RUNS = 100
"""Of each class in a campaign of a trial."""


@dataclass(frozen=True)
class Exam:
    """What the methods of a trial are tested on.

    Parameters
    ----------
    words : of the protocol, as the card shows it.
    size : of the faults of another campaign; None for the fold that is held out.
    snr_db : of white noise that is added at the network's rate; None for none.
    """

    words: str
    size: float | None = None
    snr_db: float | None = None


@dataclass(frozen=True)
class TrialPlan:
    """What the methods are trained on, and what they are tested on.

    Parameters
    ----------
    size, law : of the campaign that they are trained on.
    tests : of them.
    moved : whether the network's training draws faults towards sound circuits.
    folds : that are held out in turn, of `FOLDS`.
    """

    size: float | tuple[float, float]
    law: Literal["gaussian", "uniform"]
    tests: tuple[Exam, ...]
    moved: bool = False
    folds: int = FOLDS


TRIALS = (
    TrialPlan(
        0.5,
        "gaussian",
        (
            Exam("±50 %, 5 folds"),
            *(Exam(f"±50 %, 5 folds, {snr_db} dB", snr_db=snr_db) for snr_db in (40, 30, 20)),
            Exam("trained on ±50 %, tested on ±25 %", size=0.25),
        ),
        moved=True,
    ),
    TrialPlan(0.25, "gaussian", (Exam("±25 %, 5 folds"),)),
    TrialPlan(RANGE, "gaussian", (Exam("trained on ±15 to ±60 %, tested on ±25 %", size=0.25),), folds=1),
    TrialPlan(0.5, "uniform", (Exam("±50 %, uniform tolerances"),), folds=1),
    TrialPlan(0.25, "uniform", (Exam("±25 %, uniform tolerances"),), folds=1),
)


def run_trials(plan: CircuitPlan, folder: Path, progress: Progress) -> tuple[Trial, ...]:
    """Every trial of a circuit's network, a row a protocol and method.

    Parameters
    ----------
    plan : of the network.
    folder : where campaigns and seeds that are done are kept.
    progress : called with what is being done and how far it is.
    """
    preparation = measure_nominal(plan.circuit, plan.preparation)
    rows: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for number, trial in enumerate(TRIALS):
        for seed in range(SEEDS):
            progress(
                f"{plan.name}: trial {number + 1} of {len(TRIALS)}, seed {seed}", (number + seed / SEEDS) / len(TRIALS)
            )
            for words, method, alone, merged in _kept_seed(plan, trial, seed, preparation, folder):
                rows.setdefault((words, method), []).append((alone, merged))
    return _as_trials(rows)


def kept_trials(plan: CircuitPlan, folder: Path) -> tuple[Trial, ...]:
    """Those rows of `run_trials` that are done for every seed."""
    rows: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for trial in TRIALS:
        paths = [_path(plan, trial, seed, folder) for seed in range(SEEDS)]
        if all(path.is_file() for path in paths):
            for path in paths:
                for words, method, alone, merged in json.loads(path.read_text()):
                    rows.setdefault((words, method), []).append((alone, merged))
    return _as_trials(rows)


def _as_trials(rows: dict[tuple[str, str], list[tuple[float, float]]]) -> tuple[Trial, ...]:
    return tuple(
        Trial(words, method, tuple(alone for alone, _ in found), tuple(merged for _, merged in found))
        for (words, method), found in rows.items()
    )


def _path(plan: CircuitPlan, trial: TrialPlan, seed: int, folder: Path) -> Path:
    """Where one seed of a trial is kept: named by all that it depends on."""
    told = repr((asdict(plan.config), plan.preparation, asdict(plan.few), trial, RUNS, seed))
    return folder / f"{plan.name} trials" / f"{hashlib.sha256(told.encode()).hexdigest()[:16]}.json"


def _kept_seed(
    plan: CircuitPlan, trial: TrialPlan, seed: int, preparation: Preparation, folder: Path
) -> list[tuple[str, str, float, float]]:
    """Protocol, method, accuracy and merged accuracy of one seed, worked out or taken from where they were kept."""
    path = _path(plan, trial, seed, folder)
    if not path.is_file():
        found = _run_seed(plan, trial, seed, preparation, folder / CAMPAIGNS)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(found))
    return [(words, method, alone, merged) for words, method, alone, merged in json.loads(path.read_text())]


def _run_seed(
    plan: CircuitPlan, trial: TrialPlan, seed: int, preparation: Preparation, campaigns: Path
) -> list[tuple[str, str, float, float]]:
    """One seed of a trial: every method on every fold."""

    def responses(size: float | tuple[float, float]) -> ResponseSet:
        campaign = Campaign(plan.circuit_name, size=size, law=trial.law, runs=RUNS, seed=seed)
        return prepare_campaign(campaign, preparation, campaigns)

    whole = responses(trial.size)
    others = {test.size: responses(test.size) for test in trial.tests if test.size}
    right: dict[tuple[str, str], list[NDArray[np.bool_]]] = {}
    for fold, held_out in list(enumerate(folds_of(whole.labels, FOLDS)))[: trial.folds]:
        learned = whole.only(~held_out)
        tests = [
            _noisy(others[test.size] if test.size else whole.only(held_out), test.snr_db, preparation, seed)
            for test in trial.tests
        ]
        for method, answers in _answers(plan, trial, learned, tests, seed * FOLDS + fold):
            for test, tested, (named, merged) in zip(trial.tests, tests, answers, strict=True):
                hits = np.stack([named == tested.labels, merged == merge_labels(plan, tested.labels)])
                right.setdefault((test.words, method), []).append(hits)
    shares = {row: np.concatenate(hits, axis=1).mean(axis=1).round(5).tolist() for row, hits in right.items()}
    return [(words, method, alone, merged) for (words, method), (alone, merged) in shares.items()]


def _answers(
    plan: CircuitPlan, trial: TrialPlan, learned: ResponseSet, tests: list[ResponseSet], seed: int
) -> Iterator[tuple[str, list[tuple[NDArray[np.int64], NDArray[np.int64]]]]]:
    """For each method the classes that it names in each test, as they are and merged."""
    recipe = replace(plan.few, seed=seed, moved=plan.few.moved if trial.moved else 0.0)
    model = train_set(plan, recipe, learned, None).model
    told = [tell_set(plan, model, tested) for tested in tests]
    yield NETWORK, [(each.named, each.merged) for each in told]
    rivals: dict[str, Any] = {
        TREES: ExtraTreesClassifier(300, random_state=seed),
        LINEAR: make_pipeline(StandardScaler(), PCA(20), LinearDiscriminantAnalysis()),
    }
    noise = np.random.default_rng(seed)
    level = recipe.least_noise * (recipe.noise / recipe.least_noise) ** noise.random((len(learned), 1))
    noisy = learned.inputs + level * noise.normal(size=learned.inputs.shape)  # as the network's training adds it
    inputs, labels = np.concatenate([learned.inputs, noisy]), np.tile(learned.labels, 2)
    for method, rival in rivals.items():
        rival.fit(inputs, labels)
        named = [rival.predict(tested.inputs) for tested in tests]
        yield method, [(each, merge_labels(plan, each)) for each in named]
    for_all = int(np.bincount(merge_labels(plan, learned.labels)).argmax())
    yield MAJORITY, [(np.full(len(tested), for_all), np.full(len(tested), for_all)) for tested in tests]


def _noisy(tested: ResponseSet, snr_db: float | None, preparation: Preparation, seed: int) -> ResponseSet:
    """Responses with white noise, so many dB below the power of each in its window."""
    if snr_db is None:
        return tested
    nominal = np.array(preparation.nominal) / preparation.volts_scale  # (T,)
    level = np.sqrt(np.mean((tested.inputs + nominal) ** 2, axis=1, keepdims=True)) * 10 ** (-snr_db / 20)
    noise = level * np.random.default_rng(seed).normal(size=tested.inputs.shape)
    return replace(tested, inputs=(tested.inputs + noise).astype(np.float32))
