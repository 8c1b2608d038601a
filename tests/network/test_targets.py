"""What a circuit's network is trained to say: deviations between those of the training, classes that share a window."""

import numpy as np
import pytest
import torch

from cbam_viz.network.config import BlockConfig, ModelConfig
from cbam_viz.network.targets import Batch, Deviations, Loss, add_noise, draw_towards_sound
from cbam_viz.network.training import Recipe, train_model

SHAPES = np.stack([np.sin(np.arange(32) / 3), np.cos(np.arange(32) / 2)])
"""What each of two faults adds to a window, for each whole deviation."""


def responses(count=200, alike=False):
    """Windows that deviate along one of two shapes, their classes, and by how much in per cent; alike: along one."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, count)
    percent = np.where(labels > 0, rng.uniform(20, 60, count), 0.0)
    shape = SHAPES[np.zeros(count, int) if alike else np.maximum(labels - 1, 0)]
    return (percent[:, None] / 20 * shape).astype(np.float32), labels, percent.astype(np.float32)


@pytest.fixture
def batch():
    """Eight windows, two of them sound."""
    windows, labels, percent = (torch.from_numpy(each[:60]) for each in responses())
    return Batch(windows, labels, percent)


def test_a_deviation_goes_with_its_window(batch):
    """Where windows are proportional to the deviation, they still are after they were drawn towards sound ones."""
    torch.manual_seed(0)
    drawn = draw_towards_sound(batch, torch.zeros(1, 32), share=1.0, least=0.3)
    kept = drawn.deviations[batch.labels > 0] / batch.deviations[batch.labels > 0]

    torch.testing.assert_close(
        drawn.windows[batch.labels > 0], kept[:, None] * batch.windows[batch.labels > 0], rtol=1e-5, atol=1e-5
    )
    assert 0.3 <= kept.min() < 0.4
    assert 0.9 < kept.max() <= 1


def test_sound_windows_stay_as_they_are(batch):
    """Only faults are drawn, and only the share that was asked for."""
    torch.manual_seed(0)
    drawn = draw_towards_sound(batch, torch.ones(1, 32), share=0.5, least=0.3)
    same = (drawn.windows == batch.windows).all(dim=1)

    assert same[batch.labels == 0].all()
    assert 0.2 < same[batch.labels > 0].float().mean() < 0.8


def test_noise_is_even_in_decibels():
    """The level of each window lies in its range, and its logarithm is evenly spread over it."""
    torch.manual_seed(0)
    level = np.log10(add_noise(torch.zeros(400, 2000), 0.001, 0.1).std(dim=1).numpy())

    assert -3.03 < level.min() < level.max() < -0.97
    assert np.histogram(level, bins=4, range=(-3, -1))[0] == pytest.approx(100, abs=35)


def test_classes_that_share_a_window_share_its_loss():
    """A window of one of two alike classes costs the least where both have half of the probability."""
    loss = Loss(torch.ones(3), 0.0, alike=((1, 2),))
    batch = Batch(torch.zeros(1, 4), torch.tensor([1]), None)
    half, one = torch.tensor([[-20.0, 0.0, 0.0]]), torch.tensor([[-20.0, 1.0, 0.0]])

    assert loss(half, half[:, :0], batch) == pytest.approx(np.log(2), abs=1e-5)
    assert loss(one, one[:, :0], batch) > loss(half, half[:, :0], batch)


def test_the_deviation_counts_only_at_the_true_class():
    """What is told for other classes does not matter; what is told for the true one does."""
    loss = Loss(torch.ones(3), 0.0)
    batch = Batch(torch.zeros(1, 4), torch.tensor([1]), torch.tensor([30.0]))
    logits = torch.zeros(1, 3)
    right, elsewhere, wrong = (torch.tensor([told]) for told in ([0.0, 30.0, 0.0], [9.0, 30.0, -9.0], [0.0, 20.0, 0.0]))

    assert loss(logits, right, batch) == loss(logits, elsewhere, batch) == pytest.approx(np.log(3), abs=1e-5)
    assert loss(logits, wrong, batch) > loss(logits, right, batch)


def test_planted_deviations_are_learned():
    """A network trained on responses of known deviation tells it, for responses that it never met, to some points."""
    windows, labels, percent = responses(600)
    config = ModelConfig(32, 3, (BlockConfig(8, 4, 2),), pooling="mean", head=4, dropout=0.0, deviations=3)
    recipe = Recipe(epochs=30, batch=32, noise=0.01, label_smoothing=0.0)
    model = train_model(config, windows[:500], labels[:500], recipe, deviations=Deviations(percent[:500])).model
    logits, told = model.tell(windows[500:])

    assert (logits.argmax(axis=1) == labels[500:]).mean() > 0.95
    assert np.median(np.abs(told[np.arange(100), labels[500:]] - percent[500:])) < 4


def test_nobody_tells_alike_classes_apart():
    """Of two classes with the same windows, each gets half of what they have together."""
    windows, labels, percent = responses(300, alike=True)
    config = ModelConfig(32, 3, (BlockConfig(8, 4, 2),), pooling="mean", head=4, dropout=0.0, deviations=3)
    recipe = Recipe(epochs=8, batch=32, noise=0.01, label_smoothing=0.0)
    model = train_model(config, windows, labels, recipe, deviations=Deviations(percent, ((1, 2),))).model
    share = torch.softmax(torch.from_numpy(model.tell(windows[labels > 0])[0]), dim=1)

    assert (share[:, 1] - share[:, 2]).abs().mean() < 0.1
