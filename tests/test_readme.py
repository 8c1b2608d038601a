"""What the README says of the networks and of the commands is what is there."""

import re
from pathlib import Path

import pytest

from cbam_viz.network.card import PRETRAINED, list_networks, read_card
from cbam_viz.studies.assess_words import say_worth
from cbam_viz.studies.circuit_tables import list_trials

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", list_networks())
def test_the_table_quotes_every_card(name):
    """A network's row gives classes, what it was trained on, its accuracy, its worst fold and its two sentences."""
    card = read_card(PRETRAINED / f"{name}.json")
    row = next(line for line in README.splitlines() if line.startswith(f"| `{name}` |"))
    worst = min(fold.accuracy for fold in card.results.folds)

    assert [cell.strip() for cell in row.split("|")[2:-1]] == [
        f"{card.summary}, {len(card.trained_on)} {'campaigns' if card.circuit else 'recordings'}",
        str(len(card.classes)),
        f"{card.results.accuracy:.1%}",
        f"{worst:.1%}",
        f"{card.results.protocol} {card.results.shared}",
    ]


def test_every_target_it_names_exists():
    """Each `make TARGET` in the README is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))

    assert set(re.findall(r"make ([a-z]+)", README.replace("`make` alone", ""))) <= targets


def test_the_curve_over_noise_is_the_cards():
    """The README quotes the accuracy at each SNR as it stands in the card of the simulated network."""
    curve = read_card(PRETRAINED / "bearing-sim-4.json").results.by_load
    rows = [
        [cell.strip() for cell in line.split("|")[2:-1]]
        for line in README.splitlines()
        if "| SNR |" in line or line.startswith("| accuracy |")
    ]

    assert rows == [[load.replace("-", "−") for load, _, _ in curve], [f"{accuracy:.1%}" for _, _, accuracy in curve]]


@pytest.mark.parametrize("name", list_networks())
def test_the_worth_of_the_gates_is_the_cards(name):
    """The README quotes for each network the sentence that its card's tests give."""
    assert f"| `{name}` | {say_worth(read_card(PRETRAINED / f'{name}.json'))} |" in README.splitlines()


def test_the_trials_are_the_cards():
    """The README quotes mean and spread of every protocol and method but the majority from the card."""
    rows = [row for row in list_trials(read_card(PRETRAINED / "sallen-key-9.json")).rows if row[1] != "majority"]
    quoted = README[README.index("<!-- trials: begin -->") : README.index("<!-- trials: end -->")].splitlines()[3:]

    assert rows
    for protocol in dict.fromkeys(row[0] for row in rows):
        assert f"| {protocol} | {' | '.join(row[2] for row in rows if row[0] == protocol)} |" in quoted
