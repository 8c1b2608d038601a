"""``train``, ``evaluate`` and ``assess NAME``: make a shipped network again, or only what stands on its card."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cbam_viz.cli.listing import print_worth
from cbam_viz.errors import InputError

if TYPE_CHECKING:
    from cbam_viz.datasets.recording import Recording
    from cbam_viz.network.card import FoldResult, Trial
    from cbam_viz.studies.circuit_plans import CircuitPlan
    from cbam_viz.studies.plans import Plan

NAMES = "bearing-sim-4, cwru-10, mfpt-3, sallen-key-9, biquad-13 or tow-thomas"
Name = Annotated[str, typer.Argument(help=f"A network with a plan: {NAMES}.")]
STATE = Path(".training")
"""Where unfinished work and simulated campaigns are kept."""
Data = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Folder of the data set's recordings; a simulated set needs none.")
]


def train(
    name: Name,
    data: Data = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where weights and card go.")] = Path("pretrained"),
) -> None:
    """Train a network and its evaluation folds; an interrupted run goes on from its last finished epoch."""
    import shutil

    from cbam_viz.network.checkpoint import write_network
    from cbam_viz.studies import train as study
    from cbam_viz.studies.circuit_plans import CIRCUIT_PLANS
    from cbam_viz.studies.plans import find_plan

    if name in CIRCUIT_PLANS:
        _train_circuit(CIRCUIT_PLANS[name], out)
        return
    plan = find_plan(name)
    state = STATE / name
    network = study.train_network(plan, _recordings(plan, data), state, _tell)
    print(f"wrote {write_network(network, out)} and its weights")
    shutil.rmtree(state)
    _print_results(network.card.results.folds, network.card.results.accuracy)


def evaluate(
    name: Name,
    data: Data = None,
) -> None:
    """Train and test a network's evaluation folds again, and set the result beside its card's."""
    import shutil

    from cbam_viz.network.card import PRETRAINED, read_card
    from cbam_viz.studies import train as study
    from cbam_viz.studies.circuit_plans import CIRCUIT_PLANS
    from cbam_viz.studies.plans import find_plan

    if name in CIRCUIT_PLANS:
        from cbam_viz.studies.circuit_trials import run_trials

        _print_trials(run_trials(CIRCUIT_PLANS[name], STATE, _tell))
        return
    plan, card = find_plan(name), read_card(PRETRAINED / f"{name}.json")
    state = STATE / f"{name} evaluation"
    results = study.evaluate_plan(plan, _recordings(plan, data), state, _tell)
    shutil.rmtree(state)
    _print_results(results.folds, results.accuracy)
    print(f"{card.results.accuracy:7.2%} on its card")
    if results.folds != card.results.folds:
        print(
            "The folds are not those of the card: train the network again, or look for what differs.", file=sys.stderr
        )
        raise typer.Exit(1)


def _train_circuit(plan: "CircuitPlan", out: Path) -> None:
    """Train the network of a circuit; its card shows the trials that are done, and ``evaluate`` does them."""
    from cbam_viz.network.checkpoint import write_network
    from cbam_viz.studies.circuit_train import train_circuit
    from cbam_viz.studies.circuit_trials import kept_trials

    network = train_circuit(plan, kept_trials(plan, STATE), STATE, _tell)
    print(f"wrote {write_network(network, out)} and its weights")
    results = network.card.results
    _print_results(results.folds, results.accuracy)
    for each in network.card.deviation_errors:
        print(f"{each.key}: deviation off by {each.median:.1f} points (median; limit {each.limit:.1f})")
    _print_trials(network.card.trials)


def _print_trials(trials: "tuple[Trial, ...]") -> None:
    from cbam_viz.studies.circuit_tables import say_spread

    for trial in trials:
        merged = f", alike classes as one {say_spread(trial.merged)}" if trial.merged != trial.accuracies else ""
        print(f"{trial.protocol:<45} {trial.method:<11} {say_spread(trial.accuracies)}{merged}")


def assess(
    name: Name,
    data: Data = None,
    folder: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where weights and card are.")] = Path(
        "pretrained"
    ),
    check: Annotated[bool, typer.Option("--check", help="Compare with the card, and leave it as it is.")] = False,
) -> None:
    """Test a network's gates, for bearings train its recipe with other seeds, and write the table into its card."""
    import shutil
    from dataclasses import replace

    from cbam_viz.network.card import write_card
    from cbam_viz.network.checkpoint import read_network
    from cbam_viz.studies.assess import assess_network
    from cbam_viz.studies.circuit_assess import assess_circuit
    from cbam_viz.studies.circuit_plans import CIRCUIT_PLANS
    from cbam_viz.studies.plans import find_plan

    if name in CIRCUIT_PLANS:
        network = read_network(name, folder)
        table = assess_circuit(network, CIRCUIT_PLANS[name], STATE, _tell)
    else:
        plan, network = find_plan(name), read_network(name, folder)
        state = STATE / f"{name} twins"
        table = assess_network(network, plan, _recordings(plan, data), state, _tell)
        shutil.rmtree(state)
    card = replace(network.card, trust=table)
    print_worth(card)
    if check and card != network.card:
        print("The table is not that of the card: assess the network again, or look for what differs.", file=sys.stderr)
        raise typer.Exit(1)
    if not check:
        write_card(card, folder / f"{name}.json")
        print(f"wrote {folder / name}.json")


def _recordings(plan: "Plan", data: Path | None) -> "tuple[Recording, ...]":
    """The labelled recordings of a plan."""
    if plan.measured and data is None:
        raise InputError(
            f"{plan.name} is trained on measured recordings, but no folder of them was given. "
            f"Give it with --data; they come from {plan.source}."
        )
    return plan.read(data or Path())


def _tell(words: str, _done: float) -> None:
    print(words, file=sys.stderr)


def _print_results(folds: "tuple[FoldResult, ...]", accuracy: float) -> None:
    for fold in folds:
        held_out = ", ".join(fold.held_out[:5]) + (f" and {len(fold.held_out) - 5} more" if fold.held_out[5:] else "")
        print(f"{fold.accuracy:7.2%} of {fold.windows} windows, held out: {held_out}")
    print(f"{accuracy:7.2%} mean of {len(folds)} folds")
