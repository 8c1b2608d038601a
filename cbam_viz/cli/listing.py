"""``list [FILE]``: the networks and samples that ship, or the channels of a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cbam_viz.network.card import Card


def list_(
    file: Annotated[Path | None, typer.Argument(help="A file, to list its channels.")] = None,
) -> None:
    """List the networks and the samples that ship, or the channels of a file."""
    from cbam_viz.datasets.circuit_samples import list_circuit_samples
    from cbam_viz.datasets.samples import list_samples
    from cbam_viz.network.card import PRETRAINED, list_networks, read_card
    from cbam_viz.signals.readers import list_channels
    from cbam_viz.studies.words import say_results

    if file:
        for channel in list_channels(file):
            rate = f"{channel.fs:g} Hz" if channel.fs else "rate unknown"
            shaft = f", shaft {channel.shaft_hz:g} Hz" if channel.shaft_hz else ""
            unit = f" in {channel.unit}" if channel.unit else ""
            print(f"{channel.name}  {channel.samples} samples{unit}, {rate}{shaft}  {channel.note}".rstrip())
        return
    for name in list_networks():
        card = read_card(PRETRAINED / f"{name}.json")
        classes = ", ".join(known.key for known in card.classes)
        print(f"{name}  {card.summary}. Classes: {classes}. {say_results(card)}")
        print_worth(card)
    for sample in (*list_samples(), *list_circuit_samples()):
        print(f"{sample.path.relative_to(sample.path.parents[1])}  {sample.title}")


def print_worth(card: "Card") -> None:
    """What a network's gates are worth: a sentence, and below it the table."""
    from cbam_viz.studies.assess_words import list_worth, say_worth

    print(f"    {say_worth(card)}")
    table = list_worth(card)
    if table:
        for cells in (table.heads, *table.rows):
            print(f"    {cells[0]:46}" + "".join(f"{cell:>19}" for cell in cells[1:]))
        print(f"    {table.note}")
