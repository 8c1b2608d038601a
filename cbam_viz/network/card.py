"""The card beside a network's weights: all that the app needs to know of it, as JSON; no torch.

A card is data, never code, and a card of another format version is refused.
"""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np

from cbam_viz.errors import InputError
from cbam_viz.network.config import BlockConfig, CBAMConfig, ModelConfig
from cbam_viz.network.receptive import ReceptiveField, receptive_fields
from cbam_viz.network.trust_table import TrustTable, read_trust
from cbam_viz.physics.bearing import SIMULATED, Fault
from cbam_viz.signals.windows import Preparation

FORMAT_VERSION = 1
PRETRAINED = Path(__file__).parents[2] / "pretrained"


@dataclass(frozen=True)
class ClassName:
    """One class: its key in files, its words on screen, and the bearing fault it stands for, if any."""

    key: str
    words: str
    fault: Fault | None = None


@dataclass(frozen=True)
class BlockReference:
    """What one block's gates usually do over the network's data set; every picture is drawn against it.

    Parameters
    ----------
    channel_mean, channel_spread : mean and standard deviation of M_c over windows, one value a channel.
    spatial_quantiles : 1, 5, 50, 95 and 99 % quantiles of M_s over windows and positions.
    bands_hz : (low, peak, high) in Hz for each channel: where its response peaks, and where it falls to half its peak;
        zeros for a channel that no sine excites.
    band_shares : the part of each channel's squared response that lies in its band, 0 to 1.
    """

    channel_mean: tuple[float, ...]
    channel_spread: tuple[float, ...]
    spatial_quantiles: tuple[float, ...]
    bands_hz: tuple[tuple[float, float, float], ...]
    band_shares: tuple[float, ...]


@dataclass(frozen=True)
class FoldResult:
    """One network of the evaluation: what was held out, and how much of it was named rightly."""

    held_out: tuple[str, ...]
    windows: int
    accuracy: float
    confusion: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Results:
    """The honest number and how it was found.

    Parameters
    ----------
    protocol : one sentence.
    shared : one plain sentence on what training and test had in common.
    accuracy : mean over folds, 0 to 1.
    folds : one a network that was trained for the evaluation.
    by_load : load such as ``-3 dB``, windows, and accuracy at it over all folds, also of what does not count.
    """

    protocol: str
    shared: str
    accuracy: float
    folds: tuple[FoldResult, ...]
    by_load: tuple[tuple[str, int, float], ...] = ()

    @property
    def worst(self) -> float:
        """Accuracy of the fold that went worst, 0 to 1."""
        return min(fold.accuracy for fold in self.folds)


@dataclass(frozen=True)
class Trial:
    """One way of naming classes under one protocol, repeated with other seeds.

    Parameters
    ----------
    protocol : such as ``±50 %, 5 folds``.
    method : such as ``CBAM-CNN`` or ``LDA``.
    accuracies : a seed each, 0 to 1.
    merged : the same with classes that nobody tells apart counted as one.
    """

    protocol: str
    method: str
    accuracies: tuple[float, ...]
    merged: tuple[float, ...]


@dataclass(frozen=True)
class DeviationError:
    """How wrong the estimated deviation of a part is, in percentage points.

    Parameters
    ----------
    key : of the class.
    median : of the error's size over unseen runs.
    most : nine of ten errors are smaller.
    limit : the median of the best estimate from the transfer function, of which no response tells more.
    """

    key: str
    median: float
    most: float
    limit: float


@dataclass(frozen=True)
class Card:
    """All that is known of a network beside its weights."""

    name: str
    summary: str
    config: ModelConfig
    preparation: Preparation
    classes: tuple[ClassName, ...]
    source: str
    """Which data it was trained on and where a person gets it."""
    licence: str
    trained_on: tuple[str, ...]
    """Names of the training recordings."""
    recipe: dict[str, Any]
    results: Results
    reference: tuple[BlockReference, ...]
    bearing: str | None = None
    """Name of the bearing that its recordings come from."""
    history: tuple[tuple[float, float], ...] = ()
    """Loss and training accuracy of every epoch."""
    circuit: str | None = None
    """Name of the circuit whose responses it reads."""
    ambiguous: tuple[tuple[str, ...], ...] = ()
    """Groups of keys of classes that nobody tells apart at the circuit's output."""
    trials: tuple[Trial, ...] = ()
    """What the same recipe gives with other seeds, beside other methods."""
    deviation_errors: tuple[DeviationError, ...] = ()
    """Of the shipped network, for every class but the sound one."""
    trust: TrustTable | None = None
    """What its gates are worth; None for a network that was not assessed."""
    version: int = FORMAT_VERSION

    def alike(self, key: str) -> tuple[str, ...]:
        """Keys of the classes that nobody tells apart from this one, itself among them."""
        return next((group for group in self.ambiguous if key in group), (key,))

    @property
    def alike_numbers(self) -> tuple[tuple[int, ...], ...]:
        """Groups of class numbers that nobody tells apart."""
        keys = [name.key for name in self.classes]
        return tuple(tuple(map(keys.index, group)) for group in self.ambiguous)

    @property
    def fields(self) -> tuple[ReceptiveField, ...]:
        """The receptive field of each block."""
        return receptive_fields(self.config)

    @property
    def seen_only_simulated(self) -> bool:
        """Whether all that it was trained on are simulated bearings."""
        return self.bearing == SIMULATED.name

    @property
    def block_names(self) -> tuple[str, ...]:
        """Names of the blocks, as the record, the figures and the files call them."""
        return tuple(f"block {number}" for number in range(1, len(self.config.blocks) + 1))


def list_networks(folder: Path = PRETRAINED) -> tuple[str, ...]:
    """Names of the networks in a folder, in alphabetical order."""
    return tuple(sorted(path.stem for path in folder.glob("*.json")))


def write_card(card: Card, path: Path) -> None:
    """Write a card as JSON."""
    path.write_text(json.dumps(dataclasses.asdict(card), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_card(path: Path) -> Card:
    """Read a card.

    Raises
    ------
    InputError
        If there is none, it has another format version, or its parts do not fit.
    """
    if not path.is_file():
        known = ", ".join(list_networks(path.parent)) or "none"
        raise InputError(f"A network is known by its card, but none is named {path.stem}. Choose one of: {known}.")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        version = content["version"]
    except (ValueError, KeyError, TypeError):
        raise InputError(
            f"A card is a JSON file with a format version, but {path.name} is not. "
            "Take the card that came with the weights."
        ) from None
    if version != FORMAT_VERSION:
        raise InputError(
            f"This program reads cards of format version {FORMAT_VERSION}, but {path.name} has version {version}. "
            "Train the network again with this program, or use the program that wrote the card."
        )
    try:
        return _card(content)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"A card must hold every part of format version {FORMAT_VERSION}, but {path.name} does not "
            f"fit it ({error}). "
            "Take the card that came with the weights."
        ) from error


def _card(content: dict[str, Any]) -> Card:
    """Build the frozen values from what the JSON holds."""
    config = content["config"]
    blocks = tuple(
        BlockConfig(**{**block, "cbam": CBAMConfig(**block["cbam"]) if block["cbam"] else None})
        for block in config["blocks"]
    )
    results = content["results"]
    folds = tuple(FoldResult(**_tuples(fold)) for fold in results["folds"])
    by_load = _frozen(results.get("by_load", []))
    card = Card(
        **{
            **content,
            "config": ModelConfig(**{**config, "blocks": blocks}),
            "preparation": Preparation(**_tuples(content["preparation"])),
            "classes": tuple(ClassName(**name) for name in content["classes"]),
            "trained_on": tuple(content["trained_on"]),
            "history": _frozen(content["history"]),
            "results": Results(**{**results, "folds": folds, "by_load": by_load}),
            "reference": tuple(BlockReference(**_tuples(block)) for block in content["reference"]),
            "ambiguous": _frozen(content.get("ambiguous", [])),
            "trials": tuple(Trial(**_tuples(trial)) for trial in content.get("trials", [])),
            "deviation_errors": tuple(DeviationError(**each) for each in content.get("deviation_errors", [])),
            "trust": None,
        }
    )
    card = dataclasses.replace(card, trust=read_trust(content.get("trust"), card.block_names))
    if len(card.classes) != card.config.classes:
        raise ValueError(f"{card.config.classes} classes in the network, {len(card.classes)} named")
    if card.preparation.window != card.config.window:
        raise ValueError(
            f"the network reads windows of {card.config.window} samples, they are cut to {card.preparation.window}"
        )
    if not card.results.folds:
        raise ValueError("its results hold no fold")
    if unknown := {name.fault for name in card.classes} - {None, *get_args(Fault)}:
        raise ValueError(f"no bearing has the fault {unknown.pop()!r}")
    if unknown_keys := {key for group in card.ambiguous for key in group} - {name.key for name in card.classes}:
        raise ValueError(f"no class has the key {unknown_keys.pop()!r}")
    expected = [_lengths(block) for block in blocks]
    if [tuple(map(len, dataclasses.astuple(block))) for block in card.reference] != expected:
        raise ValueError("the reference has another number of blocks, channels or quantiles than the network")
    if not np.isfinite(
        [value for block in card.reference for part in dataclasses.astuple(block) for value in np.ravel(part)]
    ).all():
        raise ValueError("the reference holds numbers that are not finite")
    return card


def _lengths(block: BlockConfig) -> tuple[int, ...]:
    """How many values each part of a block's reference has."""
    gated = block.channels if block.has_channel else 0
    return gated, gated, 5 if block.has_spatial else 0, block.channels, block.channels


def _frozen(value: Any) -> Any:
    """Lists, which JSON knows, as tuples, which a frozen value holds."""
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _tuples(content: dict[str, Any]) -> dict[str, Any]:
    """A JSON object with its lists as tuples."""
    return {key: _frozen(value) for key, value in content.items()}
