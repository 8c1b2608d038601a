"""A network on disk: weights as safetensors beside a JSON card. Nothing in either can run."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save, save_file

from cbam_viz.errors import InputError
from cbam_viz.network.card import PRETRAINED, Card, read_card, write_card
from cbam_viz.network.model import CBAMCNN


@dataclass(frozen=True, eq=False)
class Network:
    """A network ready to be looked into: its card and the model, in evaluation mode, shared and never changed.

    Parameters
    ----------
    card, model : what it is.
    fleeting : asked for a few windows and then dropped, so that nothing is prepared for it.
    """

    card: Card
    model: CBAMCNN
    fleeting: bool = False

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the weights, that of their file as `write_network` makes it."""
        return hashlib.sha256(save(self.model.state_dict())).hexdigest()


def write_network(network: Network, folder: Path) -> Path:
    """Write NAME.safetensors and NAME.json into a folder; the card's path is returned."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file(network.model.state_dict(), folder / f"{network.card.name}.safetensors")
    path = folder / f"{network.card.name}.json"
    write_card(network.card, path)
    return path


def read_network(name: str, folder: Path = PRETRAINED) -> Network:
    """Read a network by name.

    Raises
    ------
    InputError
        If card or weights are missing, broken, or do not fit each other.
    """
    card = read_card(folder / f"{name}.json")
    weights = folder / f"{name}.safetensors"
    if not weights.is_file():
        raise InputError(
            f"A network needs its weights, but {weights.name} is not beside its card. Put it there, or train it again."
        )
    with torch.device("meta"):  # no weights are drawn, and torch's generator stays where it is
        model = CBAMCNN(card.config)
    try:
        state = load_file(weights)
    except SafetensorError as error:
        raise InputError(
            f"Weights must be a whole safetensors file, but {weights.name} is not ({error}). Take it "
            "again from where it came."
        ) from error
    expected = {key: (*value.shape, value.dtype) for key, value in model.state_dict().items()}
    found = {key: (*value.shape, value.dtype) for key, value in state.items()}
    if found != expected:
        differ = sorted(key for key in expected.keys() | found.keys() if expected.get(key) != found.get(key))
        raise InputError(
            f"The weights must fit the card, but {len(differ)} arrays of {weights.name} do not, such as {differ[0]}: "
            f"{found.get(differ[0])} found, {expected.get(differ[0])} expected. Use the card that came with them."
        )
    if not all(torch.isfinite(value).all() for value in state.values()):
        raise InputError(
            f"Weights must be finite numbers, but {weights.name} holds NaN or Inf. Train the network again."
        )
    model.load_state_dict(state, assign=True)
    return Network(card, model.eval())
