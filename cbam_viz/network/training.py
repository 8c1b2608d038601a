"""Training that can be repeated: seeded, deterministic, the last epoch counts; an interrupt loses one epoch at most.

Every epoch seeds its own order and dropout, so a run that is resumed is bit-equal to one that was not interrupted.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cbam_viz.network.config import ModelConfig
from cbam_viz.network.model import CBAMCNN
from cbam_viz.network.targets import SOUND, Batch, Deviations, Loss, add_noise, draw_towards_sound


@dataclass(frozen=True)
class Recipe:
    """How a network is trained: AdamW on a one-cycle schedule, cross-entropy balanced over classes.

    Parameters
    ----------
    epochs, batch, learning_rate, weight_decay, label_smoothing : as the field uses them; the rate is the cycle's peak.
    noise : standard deviation of white noise added to every window, which has standard deviation 1.
    least_noise : where above 0, that of each window is drawn from here to `noise`, evenly on a scale of decibels.
    moved, kept : share of the faulty windows that are drawn towards sound ones, and how much of its deviation such a
        window keeps at least.
    hop : samples between training windows.
    seed : of weights, order, noise and dropout.
    """

    epochs: int = 20
    batch: int = 64
    learning_rate: float = 3e-3
    weight_decay: float = 1e-3
    label_smoothing: float = 0.05
    noise: float = 0.1
    least_noise: float = 0.0
    moved: float = 0.0
    kept: float = 0.5
    hop: int = 512
    seed: int = 0


@dataclass(frozen=True)
class Epoch:
    """One line of the history: mean loss, and share of training windows named rightly while they were learned."""

    loss: float
    accuracy: float


@dataclass(frozen=True, eq=False)
class Trained:
    """The model after the last epoch, in evaluation mode, and how it got there."""

    model: CBAMCNN
    history: tuple[Epoch, ...]


def train_model(
    config: ModelConfig,
    inputs: NDArray[np.float32],
    labels: NDArray[np.int64],
    recipe: Recipe,
    state_file: Path | None = None,
    progress: Callable[[int, int, Epoch], None] | None = None,
    deviations: Deviations | None = None,
) -> Trained:
    """Train a network from nothing, or from the last finished epoch that `state_file` holds of the same run.

    Parameters
    ----------
    config : of the network.
    inputs : (N, T) array of windows.
    labels : (N,) array of class numbers.
    recipe : of the training.
    state_file : where the state is kept after every epoch; None keeps nothing.
    progress : called with (epochs done, epochs in all, the last one); raising in it ends the training.
    deviations : of the windows, for a network that tells them.
    """
    run = _fingerprint(config, inputs, labels, recipe, deviations)
    with torch.random.fork_rng(devices=[]), _one_thread():
        torch.manual_seed(recipe.seed)
        model = CBAMCNN(config)
        optimizer = torch.optim.AdamW(model.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
        steps = recipe.epochs * -(-len(inputs) // recipe.batch)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.learning_rate, total_steps=steps)
        history = _restore(state_file, run, model, optimizer, schedule)
        weights = _class_weights(labels, config.classes)
        criterion = Loss(weights, recipe.label_smoothing, deviations.alike if deviations else ())
        percent = torch.from_numpy(deviations.percent) if deviations else None
        known = Batch(torch.from_numpy(inputs), torch.from_numpy(labels), percent)
        for number in range(len(history), recipe.epochs):
            torch.manual_seed(recipe.seed * recipe.epochs + number)
            history.append(_epoch(model, known, recipe, optimizer, schedule, criterion))
            if state_file:
                _keep(state_file, run, model, optimizer, schedule, history)
            if progress:
                progress(number + 1, recipe.epochs, history[-1])
    return Trained(model.eval(), tuple(history))


@contextmanager
def _one_thread() -> Iterator[None]:
    """Compute on one thread, so that the number of cores does not change the order of the sums."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _epoch(
    model: CBAMCNN,
    known: Batch,
    recipe: Recipe,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
    criterion: Loss,
) -> Epoch:
    """Go through all windows once, in a new order."""
    model.train()
    loss_sum, right = 0.0, 0
    for chosen in torch.randperm(len(known.windows)).split(recipe.batch):
        off = None if known.deviations is None else known.deviations[chosen]
        batch = _vary(Batch(known.windows[chosen], known.labels[chosen], off), known, recipe)
        attended = model.attend(batch.windows)
        loss = criterion(attended.logits, attended.deviations, batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        loss_sum += loss.item() * len(chosen)
        right += int((attended.logits.argmax(1) == batch.labels).sum())
    return Epoch(loss_sum / len(known.windows), right / len(known.windows))


def _vary(batch: Batch, known: Batch, recipe: Recipe) -> Batch:
    """A batch as the recipe wants it varied, anew every time."""
    if recipe.moved:
        batch = draw_towards_sound(batch, known.windows[known.labels == SOUND], recipe.moved, recipe.kept)
    if recipe.least_noise:
        return batch._replace(windows=add_noise(batch.windows, recipe.least_noise, recipe.noise))
    return batch._replace(windows=batch.windows + recipe.noise * torch.randn_like(batch.windows))


def _class_weights(labels: NDArray[np.int64], classes: int) -> Tensor:
    """Weights that make every class count the same, however many windows it has."""
    counts = np.bincount(labels, minlength=classes)
    return torch.from_numpy((counts.sum() / (np.maximum(counts, 1) * classes)).astype(np.float32))


def _fingerprint(
    config: ModelConfig,
    inputs: NDArray[np.float32],
    labels: NDArray[np.int64],
    recipe: Recipe,
    deviations: Deviations | None,
) -> str:
    """Names a run: a state is taken up only by the run that wrote it."""
    content = hashlib.sha256(json.dumps([asdict(config), asdict(recipe)]).encode())
    content.update(np.ascontiguousarray(inputs).data)
    content.update(np.ascontiguousarray(labels).data)
    if deviations:
        content.update(repr(deviations.alike).encode())
        content.update(np.ascontiguousarray(deviations.percent).data)
    return content.hexdigest()


def _keep(
    path: Path,
    run: str,
    model: CBAMCNN,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
    history: list[Epoch],
) -> None:
    """Write the state under a temporary name, then rename: a kill leaves the last whole one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    state = {
        "run": run,
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
        "history": [asdict(epoch) for epoch in history],
    }
    torch.save(state, unfinished)
    unfinished.replace(path)


def _restore(
    path: Path | None,
    run: str,
    model: CBAMCNN,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
) -> list[Epoch]:
    """Take up the state of this run where there is one, and give its history."""
    if path is None or not path.is_file():
        return []
    state = torch.load(path, weights_only=True)
    if state["run"] != run:
        return []
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    schedule.load_state_dict(state["schedule"])
    return [Epoch(**epoch) for epoch in state["history"]]
