"""How shipped networks are made and judged: plans that keep their promises, folds that keep their secrets."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from cbam_viz.attention.record import record_attention
from cbam_viz.datasets.recording import Recording
from cbam_viz.errors import InputError
from cbam_viz.network.card import PRETRAINED, list_networks, read_card
from cbam_viz.network.checkpoint import read_network, write_network
from cbam_viz.network.model import CBAMCNN
from cbam_viz.network.receptive import receptive_fields
from cbam_viz.physics.bearing import NICE, SIMULATED, SKF_6205
from cbam_viz.signals.signal import Signal
from cbam_viz.studies.plans import PLANS, find_plan
from cbam_viz.studies.train import cut_set, train_network

EACH_PLAN = pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
EACH_NETWORK = pytest.mark.parametrize("name", [name for name in list_networks() if name in PLANS])
FS = 12_207.0
TONES_HZ = {"normal": 900.0, "inner": 2100.0, "outer": 3500.0}


def tone(label, seed, windows=3.0):
    """A tone of the label's frequency in noise."""
    rng = np.random.default_rng(seed)
    time = np.arange(round(windows * 2048)) / FS
    return Signal(
        np.sin(2 * np.pi * (TONES_HZ[label] * time + rng.random())) + rng.normal(0, 0.3, len(time)), FS, label
    )


@pytest.fixture(scope="module")
def recordings():
    """Three labels at three loads; one of the recordings in two stretches and a scrap."""
    made = [
        Recording(f"{label} {load}", label, label, load, (tone(label, 10 * number + place),))
        for number, label in enumerate(TONES_HZ)
        for place, load in enumerate(("0 lb", "50 lb", "100 lb"))
    ]
    made[4] = replace(made[4], signals=(tone("inner", 4, 2.0), tone("inner", 5, 1.0), tone("inner", 6, 0.4)))
    return tuple(made)


@pytest.fixture(scope="module")
def plan():
    """A shipped plan, made small: a few epochs, windows that do not overlap, held out by load."""
    shipped = PLANS["mfpt-3"]
    return replace(
        shipped,
        name="tiny",
        recipe=replace(shipped.recipe, epochs=6, batch=8, hop=1024),
        fold=lambda recording: recording.load,
    )


@pytest.fixture(scope="module")
def trained(plan, recordings, tmp_path_factory):
    """The network that this plan makes, and what it told on the way."""
    told = []
    network = train_network(plan, recordings, tmp_path_factory.mktemp("state"), lambda *each: told.append(each))
    return network, told


# ---------------------------------------------------------------- plans


def test_a_plan_has_its_name():
    """Plans are found by the name on their card; any other name lists them."""
    assert all(find_plan(name).name == name for name in PLANS)
    with pytest.raises(
        InputError,
        match=r"^A network with a plan is one of cwru-10, mfpt-3, bearing-sim-4, .*, but 'x' was given\.",
    ):
        find_plan("x")


@pytest.mark.parametrize(
    ("name", "bearing", "shaft_hz"),
    [("cwru-10", SKF_6205, 1797 / 60), ("mfpt-3", NICE, 25.0), ("bearing-sim-4", SIMULATED, 1797 / 60)],
)
def test_first_block_resolves_the_impacts(name, bearing, shaft_hz):
    """Block 1 has at least four positions between two strikes on the inner race, the most frequent of all."""
    plan = find_plan(name)
    period = plan.preparation.fs / bearing.bpfi(shaft_hz)  # samples

    assert receptive_fields(plan.config)[0].stride <= period / 4


@EACH_PLAN
def test_weights_are_small_enough_to_ship(plan):
    """Every number of the network in four bytes stays below 200 kB."""
    assert 4 * sum(values.numel() for values in CBAMCNN(plan.config).state_dict().values()) < 200_000


@EACH_PLAN
def test_training_windows_are_the_windows_of_the_network(plan):
    """Windows are as long as the network reads, without overlap where it is judged, in a band that their rate holds."""
    assert plan.preparation.window == plan.preparation.hop == plan.config.window
    assert plan.recipe.hop <= plan.preparation.window
    assert plan.preparation.top_hz <= plan.preparation.fs / 2


@EACH_PLAN
def test_classes_of_a_plan_are_told_apart(plan):
    """No key and no words stand for two classes, and one class is healthy."""
    assert len({name.key for name in plan.classes}) == len({name.words for name in plan.classes}) == len(plan.classes)
    assert [name.key for name in plan.classes if name.fault is None] == ["normal"]


# ---------------------------------------------------------------- cutting a labelled set


def test_windows_carry_the_label_of_their_recording(plan, recordings):
    """Counted by hand: three windows a recording; the stretches of one give two and one, and a scrap gives none."""
    inputs, labels = cut_set(recordings, plan, 2048)

    assert inputs.shape == (27, 2048)
    assert labels.tolist() == [0] * 9 + [1] * 9 + [2] * 9
    spectrum = np.abs(np.fft.rfft(inputs, axis=1))
    peaks = np.fft.rfftfreq(2048, 1 / FS)[spectrum.argmax(axis=1)]
    np.testing.assert_allclose(peaks, np.array([*TONES_HZ.values()])[labels], atol=FS / 2048)


def test_a_smaller_hop_gives_more_windows(plan, recordings):
    """At half the hop a stretch of n windows gives 2 n - 1, whichever recording it is of."""
    _, labels = cut_set(recordings, plan, 1024)

    assert len(labels) == 8 * 5 + 3 + 1


# ---------------------------------------------------------------- training and judging


def test_a_network_trained_on_tones_knows_them(trained, plan, recordings):
    """On windows it was trained on, the network names what an ear would."""
    network, _ = trained
    inputs, labels = cut_set(recordings, plan, 2048)

    assert np.mean(network.model.predict(inputs) == labels) == 1


def test_every_recording_is_held_out_once(trained, recordings):
    """Folds share no recording, leave none out, and hold out all of one load together."""
    held = [fold.held_out for fold in trained[0].card.results.folds]

    assert Counter(name for names in held for name in names) == Counter(each.name for each in recordings)
    assert [{name.split(" ", 1)[1] for name in names} for names in held] == [{"0 lb"}, {"50 lb"}, {"100 lb"}]


def test_confusion_counts_every_window_once(trained):
    """Rows are the truth, the diagonal is what was named rightly, and the card's number is the folds' mean."""
    results = trained[0].card.results
    for fold in results.folds:
        confusion = np.array(fold.confusion)
        assert confusion.sum() == fold.windows == 9
        assert confusion.sum(axis=1).tolist() == [3, 3, 3]
        assert fold.accuracy == pytest.approx(np.trace(confusion) / fold.windows, abs=1e-5)
    assert results.accuracy == pytest.approx(sum(fold.accuracy for fold in results.folds) / 3, abs=2e-5)


def test_accuracy_at_each_load_adds_up(trained):
    """Each load's windows and what was named rightly of them, summed over loads, are those of all folds."""
    results = trained[0].card.results
    right = sum(np.trace(fold.confusion) for fold in results.folds)

    assert [(load, windows) for load, windows, _ in results.by_load] == [("0 lb", 9), ("50 lb", 9), ("100 lb", 9)]
    assert sum(windows * accuracy for _, windows, accuracy in results.by_load) == pytest.approx(right, abs=1e-3)


def test_recordings_that_never_run_out_test_the_network_itself(plan, recordings, tmp_path):
    """With unseen recordings there is one fold, trained once, and those that don't count are told by load alone."""
    fresh = tuple(
        Recording(f"fresh {label} {load}", label, label, load, (tone(label, 100 + number, 2.0),))
        for number, label in enumerate(TONES_HZ)
        for load in ("0 lb", "50 lb")
    )
    told = []
    unseen = replace(plan, unseen=lambda: fresh, counted=lambda recording: recording.load == "50 lb")
    results = train_network(unseen, recordings, tmp_path, lambda *each: told.append(each)).card.results

    assert len(told) == plan.recipe.epochs
    (fold,) = results.folds
    assert (fold.windows, results.accuracy) == (6, fold.accuracy)
    assert fold.held_out == tuple(recording.name for recording in fresh)
    assert [(load, windows) for load, windows, _ in results.by_load] == [("0 lb", 6), ("50 lb", 6)]


def test_what_is_held_out_is_not_learned(plan, recordings, tmp_path):
    """A class that is held out whole was never heard of: its windows stand in its own row, none named rightly."""
    by_label = replace(plan, fold=lambda recording: recording.label)
    results = train_network(by_label, recordings, tmp_path, lambda *each: None).card.results

    assert results.accuracy == 0
    for number, fold in enumerate(results.folds):
        assert {name.split()[0] for name in fold.held_out} == {plan.classes[number].key}
        assert [sum(row) for row in fold.confusion] == [9 * (row == number) for row in range(3)]


def test_a_network_can_be_made_again(trained, plan, recordings, tmp_path):
    """The same plan on the same recordings ends in the same card, to the last digit."""
    again = train_network(plan, recordings, tmp_path, lambda *each: None)

    assert again.card == trained[0].card


def test_a_card_survives_its_file(trained, tmp_path):
    """What was written is read back as it was, and the network says what it said."""
    network, _ = trained
    write_network(network, tmp_path)
    read = read_network("tiny", tmp_path)
    windows = np.random.default_rng(0).normal(size=(3, 2048)).astype(np.float32)

    assert read.card == network.card
    np.testing.assert_array_equal(record_attention(read, windows).logits, record_attention(network, windows).logits)


def test_the_usual_gates_are_those_of_the_training_set(trained, plan, recordings):
    """Means of M_c and the median of M_s on the card, recomputed from a record of all windows."""
    network, _ = trained
    record = record_attention(network, cut_set(recordings, plan, 2048)[0])

    for block, usual in zip(record.blocks, network.card.reference, strict=True):
        np.testing.assert_allclose(usual.channel_mean, block.channel_attention.mean(axis=0), atol=1e-5)
        assert usual.spatial_quantiles[2] == pytest.approx(np.median(block.spatial_attention), abs=1e-5)


def test_progress_tells_every_epoch(trained):
    """The whole and each fold tell their epochs, with the share that is done rising to one."""
    _, told = trained
    shares = [share for _, share in told]

    assert len(told) == 6 * 4
    assert shares == pytest.approx([epoch / 6 for epoch in range(1, 7)] * 4)
    assert told[0][0].startswith("tiny: epoch 1 of 6, loss ")
    assert [words.split(":")[0] for words, share in told if share == 1] == [
        "tiny", "tiny without 0 lb", "tiny without 50 lb", "tiny without 100 lb"
    ]  # fmt: skip


# ---------------------------------------------------------------- what ships


@EACH_NETWORK
def test_a_shipped_network_follows_its_plan(name):
    """Its card and its weights are what the plan would make: no shipped number is of another recipe."""
    card, plan = read_card(PRETRAINED / f"{name}.json"), find_plan(name)

    assert (card.config, card.preparation, card.classes) == (plan.config, plan.preparation, plan.classes)
    assert card.recipe == vars(plan.recipe)
    assert (card.results.protocol, card.results.shared) == (plan.protocol, plan.shared)
    assert (card.source, card.licence, card.bearing, card.summary) == (
        plan.source, plan.licence, plan.bearing, plan.summary
    )  # fmt: skip
    assert (PRETRAINED / f"{name}.safetensors").stat().st_size < 200_000


@EACH_NETWORK
def test_results_of_a_shipped_network_add_up(name):
    """Accuracies follow from the confusion matrices; what was trained on was held out once, or not at all."""
    card = read_card(PRETRAINED / f"{name}.json")
    for fold in card.results.folds:
        confusion = np.array(fold.confusion)
        assert confusion.shape == (len(card.classes), len(card.classes))
        assert confusion.sum() == fold.windows
        assert fold.accuracy == pytest.approx(np.trace(confusion) / fold.windows, abs=1e-5)
    assert card.results.accuracy == pytest.approx(np.mean([fold.accuracy for fold in card.results.folds]), abs=2e-5)
    held = [name for fold in card.results.folds for name in fold.held_out]
    if find_plan(name).unseen:
        assert set(held).isdisjoint(card.trained_on)
    else:
        assert sorted(held) == sorted(card.trained_on)


@EACH_NETWORK
def test_bands_on_a_card_are_those_of_the_weights(name):
    """The peak of each first kernel, by its Fourier sum averaged over 5 steps, is what its channel is labelled with."""
    network = read_network(name)
    preparation = network.card.preparation
    frequencies = preparation.top_hz * np.arange(1, 257) / 256
    kernels = network.model.state_dict()["blocks.0.conv.weight"].numpy()[:, 0].astype(np.float64)
    phases = np.exp(-2j * np.pi * np.outer(np.arange(kernels.shape[1]), frequencies) / preparation.fs)
    response = np.pad(np.abs(kernels @ phases), ((0, 0), (2, 2)), mode="edge")  # (C, 256 + 4)
    response = sum(response[:, step : step + 256] for step in range(5))
    labelled = np.array([peak for _, peak, _ in network.card.reference[0].bands_hz])

    np.testing.assert_allclose(frequencies[response.argmax(axis=1)], labelled, atol=0.051)
