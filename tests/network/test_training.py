"""Training repeats itself bit for bit, whole or interrupted, and learns what can be learned."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from cbam_viz.network.config import BlockConfig, CBAMConfig, ModelConfig
from cbam_viz.network.training import Recipe, train_model

CONFIG = ModelConfig(64, 2, (BlockConfig(4, 8, 4, pool=2), BlockConfig(6, 3, 1, cbam=CBAMConfig.paper())))
RECIPE = Recipe(epochs=4, batch=16, seed=7)


def problem(number=50):
    """Windows of a slow or a fast sine of any phase: (N, 64) and which it is."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, number)
    turns = np.where(labels, 12, 3)[:, None] * np.arange(64) / 64 + rng.random((number, 1))
    return (np.sqrt(2) * np.sin(2 * np.pi * turns)).astype(np.float32), labels


def same(one, other):
    """Whether two trainings ended in the same weights by the same way, bit for bit."""
    weights, others = one.model.state_dict(), other.model.state_dict()
    return one.history == other.history and all(torch.equal(weights[key], others[key]) for key in weights)


def stop_after(epochs):
    """A progress that interrupts, as Ctrl-C does, once this many epochs are done."""

    def progress(done, *_):
        if done == epochs:
            raise KeyboardInterrupt

    return progress


@pytest.fixture(scope="module")
def trained():
    """The training that others are compared with."""
    return train_model(CONFIG, *problem(), RECIPE)


def test_same_seed_gives_the_same_network(trained):
    """Whatever was drawn before, the same recipe on the same windows ends in the same bits."""
    torch.manual_seed(123)

    assert same(train_model(CONFIG, *problem(), RECIPE), trained)


def test_another_seed_gives_another_network(trained):
    """The seed is what weights, order and noise come from."""
    assert not same(train_model(CONFIG, *problem(), replace(RECIPE, seed=8)), trained)


@pytest.mark.parametrize(
    "part",
    [{"noise": 0.0}, {"label_smoothing": 0.0}, {"weight_decay": 0.5}, {"learning_rate": 1e-3}, {"batch": 8}],
    ids=lambda part: next(iter(part)),
)
def test_every_part_of_the_recipe_counts(trained, part):
    """A recipe that differs in one part makes another network."""
    assert not same(train_model(CONFIG, *problem(), replace(RECIPE, **part)), trained)


def test_interrupted_training_resumes_bit_for_bit(trained, tmp_path):
    """An interrupt after the second epoch costs nothing: the rest, and the history, are those of a run without it."""
    state, reported = tmp_path / "kept/small.pt", []
    with pytest.raises(KeyboardInterrupt):
        train_model(CONFIG, *problem(), RECIPE, state, stop_after(2))
    resumed = train_model(CONFIG, *problem(), RECIPE, state, lambda *report: reported.append(report))

    assert same(resumed, trained)
    assert reported == [(3, 4, trained.history[2]), (4, 4, trained.history[3])]


def test_finished_training_is_taken_up_as_it_is(trained, tmp_path):
    """Where the last epoch is done, nothing is trained again."""
    state = tmp_path / "small.pt"
    train_model(CONFIG, *problem(), RECIPE, state)

    assert same(train_model(CONFIG, *problem(), RECIPE, state, stop_after(0)), trained)


@pytest.mark.parametrize("other", ["recipe", "labels", "inputs", "config"], ids=lambda name: f"other {name}")
def test_state_of_another_run_is_not_taken_up(other, tmp_path):
    """A state is taken up only where config, windows, labels and recipe are the same; else training begins anew."""
    config, (inputs, labels), recipe = CONFIG, problem(), RECIPE
    state = tmp_path / "small.pt"
    with pytest.raises(KeyboardInterrupt):
        train_model(config, inputs, labels, recipe, state, stop_after(2))
    if other == "recipe":
        recipe = replace(recipe, noise=0.2)
    elif other == "labels":
        labels = 1 - labels
    elif other == "inputs":
        inputs = -inputs
    else:
        config = replace(config, dropout=0.1)

    assert same(train_model(config, inputs, labels, recipe, state), train_model(config, inputs, labels, recipe))


def test_progress_tells_every_epoch(trained):
    """Progress is called after each epoch with those done, those in all, and the epoch's line of the history."""
    reported = []
    train_model(CONFIG, *problem(), RECIPE, progress=lambda *report: reported.append(report))

    assert reported == [(number + 1, 4, epoch) for number, epoch in enumerate(trained.history)]


def test_training_learns_what_can_be_told_apart():
    """Two tones that any band-pass separates are named without an error."""
    inputs, labels = problem(200)
    trained = train_model(CONFIG, inputs, labels, Recipe(epochs=12, batch=16))

    assert torch.equal(trained.model(torch.from_numpy(inputs)).argmax(1), torch.from_numpy(labels))
    assert trained.history[-1].loss < trained.history[0].loss / 2


def test_classes_count_the_same_however_many_windows_they_have():
    """Windows that belong to both classes alike cost the same whether the second class holds them once or twice."""
    windows = problem(20)[0]
    plain = replace(CONFIG, blocks=tuple(replace(block, cbam=None) for block in CONFIG.blocks), dropout=0)
    still = Recipe(epochs=1, batch=1000, noise=0, label_smoothing=0)
    even = train_model(plain, np.concatenate([windows] * 2), np.repeat([0, 1], [20, 20]), still)
    uneven = train_model(plain, np.concatenate([windows] * 3), np.repeat([0, 1], [20, 40]), still)

    assert uneven.history[0].loss == pytest.approx(even.history[0].loss, rel=1e-5)


def test_trained_network_is_ready_to_be_looked_into(trained):
    """After the last epoch the model is in evaluation mode, and every weight is finite."""
    assert not any(module.training for module in trained.model.modules())
    assert all(torch.isfinite(values).all() for values in trained.model.state_dict().values())


def test_training_leaves_the_random_numbers_alone():
    """The numbers drawn after a training, whole or interrupted, are those that would have been drawn without it."""
    torch.manual_seed(3)
    expected = torch.rand(3)
    torch.manual_seed(3)
    drawn = [torch.rand(1)]
    train_model(CONFIG, *problem(), replace(RECIPE, epochs=1))
    drawn.append(torch.rand(1))
    with pytest.raises(KeyboardInterrupt):
        train_model(CONFIG, *problem(), RECIPE, progress=stop_after(1))
    drawn.append(torch.rand(1))

    assert torch.equal(torch.cat(drawn), expected)
