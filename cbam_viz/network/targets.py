"""What a network is trained to say of its windows, how wrong it is, and how windows are varied while it learns.

A part that is less far off gives a response nearer to the sound one. Windows of a fault are therefore drawn towards
windows of the sound class, and the deviation with them, so that sizes between those of the training are met too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

SOUND = 0
"""Number of the class that faults are drawn towards."""
USUAL_ERROR = 5.0
"""Per cent: an error of a deviation below it counts by its square, one above it by its size."""


@dataclass(frozen=True, eq=False)
class Deviations:
    """How far off the part of each window is, and which classes nobody tells apart.

    Parameters
    ----------
    percent : (N,) array, in per cent; 0 for a sound window.
    alike : groups of class numbers; a window of one of them is as much a window of each other.
    """

    percent: NDArray[np.float32]
    alike: Sequence[Sequence[int]] = ()


class Batch(NamedTuple):
    """Windows (N, T), class numbers (N,) and deviations (N,) in per cent, None where none are told."""

    windows: Tensor
    labels: Tensor
    deviations: Tensor | None


def draw_towards_sound(batch: Batch, sound: Tensor, share: float, least: float) -> Batch:
    """Move a share of the faulty windows towards sound ones, by a straight line between the two.

    Parameters
    ----------
    batch : of the training.
    sound : (M, T), windows of the sound class.
    share : of the faulty windows that are moved.
    least : of its deviation that a moved window keeps.
    """
    count = len(batch.labels)
    moved = (torch.rand(count) < share) & (batch.labels != SOUND)
    kept = torch.where(moved, least + (1 - least) * torch.rand(count), 1.0)  # (N,)
    partner = sound[torch.randint(len(sound), (count,))]  # (N, T)
    windows = torch.where(moved[:, None], partner + kept[:, None] * (batch.windows - partner), batch.windows)
    return Batch(windows, batch.labels, None if batch.deviations is None else batch.deviations * kept)


def add_noise(windows: Tensor, least: float, most: float) -> Tensor:
    """White noise whose standard deviation is drawn for each window, evenly on a scale of decibels."""
    level = least * (most / least) ** torch.rand(len(windows), 1)  # (N, 1)
    return windows + level * torch.randn_like(windows)


class Loss(nn.Module):
    """Cross-entropy, and for the deviation Huber's loss at the classes that the window may be of."""

    def __init__(self, weights: Tensor, label_smoothing: float, alike: Sequence[Sequence[int]] = ()) -> None:
        super().__init__()
        self.entropy = nn.CrossEntropyLoss(weight=weights, label_smoothing=label_smoothing)
        self.is_shared = bool(alike)
        self.shares: Tensor
        self.register_buffer("shares", _shares(len(weights), alike))

    def forward(self, logits: Tensor, told: Tensor, batch: Batch) -> Tensor:
        """Mean over the windows.

        Parameters
        ----------
        logits : (N, K).
        told : (N, K) deviations in per cent, (N, 0) where none are told.
        batch : the truth.
        """
        targets = self.shares[batch.labels] if self.is_shared else batch.labels
        loss: Tensor = self.entropy(logits, targets)
        if batch.deviations is None:
            return loss
        off = (told - batch.deviations[:, None]) / USUAL_ERROR  # (N, K)
        each = nn.functional.huber_loss(off, torch.zeros_like(off), reduction="none")
        return loss + (each * self.shares[batch.labels]).sum(1).mean()


def _shares(classes: int, alike: Sequence[Sequence[int]]) -> Tensor:
    """(K, K): by how much a window of one class counts as one of another."""
    shares = torch.eye(classes)
    for group in alike:
        for number in group:
            shares[number] = 0
            shares[number, list(group)] = 1 / len(group)
    return shares
