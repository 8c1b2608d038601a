"""What are a network's gates worth? Every test over stated sets, as the table that its card carries.

Impacts are known only where they are simulated; the other tests are made on the network's own kind of recordings.
Networks of the same recipe with other seeds are trained for the agreement and not kept.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.randomisation import DRAWS as UNTRAINED
from cbam_viz.datasets.recording import Recording
from cbam_viz.datasets.simulated import simulate_struck
from cbam_viz.network.checkpoint import Network
from cbam_viz.network.training import train_model
from cbam_viz.network.trust_table import TrustTable
from cbam_viz.physics.bearing import Fault, read_bearing
from cbam_viz.studies.gate_tests import DRAWS, JudgedSet, compare_gates, score_held, score_struck
from cbam_viz.studies.plans import Plan
from cbam_viz.studies.train import Progress, cut_set, tell_epochs

MACHINES = range(4_000, 4_020)
"""Seeds of simulated machines that no network was trained or tested on."""
SNR_DB = 10.0
A_CLASS = 20
"""Recordings of a class at most."""
WINDOWS = 4
"""Of each recording."""
SEEDS = (1, 2, 3)
"""Of the networks of the same recipe."""


def assess_network(
    network: Network,
    plan: Plan,
    recordings: Sequence[Recording],
    state_folder: Path,
    progress: Progress,
    machines: range = MACHINES,
) -> TrustTable:
    """Test the gates of a trained network, and set it beside networks of other seeds.

    Parameters
    ----------
    network : as it ships.
    plan : that it was made by.
    recordings : that it was trained on, as `plan.read` gives them.
    state_folder : where unfinished training of other seeds is kept; a second call takes it up.
    progress : called with what is being done and how far it is.
    machines : seeds of those that are simulated.
    """
    struck = simulate_known(plan, machines)
    judged = cut_judged(plan.unseen() if plan.unseen else recordings, plan)
    twins = train_twins(network, plan, recordings, state_folder, progress)
    rows = (
        *score_struck(network, struck, progress),
        *score_held(network, judged, progress),
        *compare_gates(network, twins, judged),
    )
    return TrustTable(_protocol(plan, struck, machines, judged), _command(plan), rows)


def simulate_known(plan: Plan, machines: range = MACHINES) -> tuple[Recording, ...]:
    """Simulated machines with the network's bearing and every damage that it knows, made for its preparation."""
    faults: list[Fault] = [fault for fault in get_args(Fault) if fault in {name.fault for name in plan.classes}]
    preparation = plan.preparation
    seconds = (WINDOWS + 1) * preparation.window / preparation.fs
    return simulate_struck(machines, read_bearing(plan.bearing), faults, preparation.fs, seconds, SNR_DB)


def cut_judged(recordings: Sequence[Recording], plan: Plan) -> JudgedSet:
    """Evenly chosen windows of evenly chosen recordings of each class, among those that count for the accuracy."""
    chosen: list[Recording] = []
    for name in plan.classes:
        of_class = [each for each in recordings if each.label == name.key and plan.counted(each)]
        chosen += [of_class[place] for place in _evenly(len(of_class), A_CLASS)]
    cut = [cut_set([recording], plan, plan.preparation.hop) for recording in chosen]
    kept = [_evenly(len(inputs), WINDOWS) for inputs, _labels in cut]
    return JudgedSet(
        np.concatenate([inputs[places] for (inputs, _labels), places in zip(cut, kept, strict=True)]),
        np.concatenate([labels[places] for (_inputs, labels), places in zip(cut, kept, strict=True)]),
        np.repeat(np.arange(len(kept)), list(map(len, kept))),
    )


def _evenly(count: int, most: int) -> NDArray[np.int64]:
    """At most so many of the first `count` numbers, evenly spread."""
    return np.linspace(0, count - 1, min(count, most)).round().astype(np.int64)


def train_twins(
    network: Network, plan: Plan, recordings: Sequence[Recording], state_folder: Path, progress: Progress
) -> tuple[Network, ...]:
    """Networks that differ from the plan's in nothing but the seed of their training.

    Parameters
    ----------
    network, plan, recordings, state_folder, progress : see `assess_network`.
    """
    inputs, labels = cut_set(recordings, plan, plan.recipe.hop)
    twins = []
    for seed in SEEDS:
        recipe, words = replace(plan.recipe, seed=seed), f"{plan.name} with seed {seed}"
        told = tell_epochs(progress, words)
        trained = train_model(plan.config, inputs, labels, recipe, state_folder / f"seed {seed}.pt", told)
        twins.append(Network(network.card, trained.model))
    return tuple(twins)


def _protocol(plan: Plan, struck: Sequence[Recording], machines: range, judged: JudgedSet) -> tuple[str, ...]:
    """On what each test was made, as the card shows it."""
    windows, recordings = judged.size
    met = "of machines that it never met" if plan.unseen else "of its training"
    return (
        f"True impacts: {len(struck)} simulated recordings of {len(machines)} machines (seeds {machines[0]} to "
        f"{machines[-1]}) with its bearing, {plan.bearing}, at an SNR of {SNR_DB:g} dB, {WINDOWS} windows each.",
        f"Gates held, shuffled or moved: {windows} windows of {recordings} recordings {met}, at most {A_CLASS} of a "
        f"class and {WINDOWS} windows each, {DRAWS} draws a window (seed: number of the window).",
        f"Untrained networks: the same windows, {UNTRAINED} networks with weights drawn anew (seed 0).",
        f"Other seeds: the same windows, {len(SEEDS)} networks of the same recipe (seeds {', '.join(map(str, SEEDS))}) "
        f"beside that of seed {plan.recipe.seed}, trained on all recordings.",
    )


def _command(plan: Plan) -> str:
    """The command that makes the table."""
    return f"python -m cbam_viz assess {plan.name}" + (" --data DIR" if plan.measured else "")
