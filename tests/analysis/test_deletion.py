"""Deletion and insertion are what they are for a function that can be worked out by hand, and for a real network."""

import numpy as np
import pytest
from scipy import stats

from cbam_viz.analysis.deletion import ROUNDS, area, follow_curves, measure_area, score_deletion, trace_deletion
from cbam_viz.analysis.orders import gather_orders
from cbam_viz.analysis.surrogate import draw_surrogates
from cbam_viz.attention.passes import probabilities, run_passes
from cbam_viz.attention.record import record_attention
from cbam_viz.network.checkpoint import read_network

S, T = 64, 512


@pytest.fixture
def window():
    """Noise without a mean, so that the zero mask is zero."""
    samples = np.random.default_rng(0).normal(size=T)
    return (samples - samples.mean()).astype(np.float32)


WEIGHTS = np.random.default_rng(1).normal(size=T)


def linear(windows):
    """The sum of the weighted samples."""
    return windows @ WEIGHTS


def followed(answer, window, orders, steps=S, random_orders=50):
    """The curves by zero and by noise."""
    return follow_curves(answer, window, orders, np.random.default_rng(7), steps, random_orders)


def contributions(samples, turn):
    """What each segment of a round adds to the linear function."""
    parts = np.roll(np.repeat(np.arange(S), T // S), turn * (T // S) // ROUNDS)
    return np.array([(WEIGHTS * samples)[parts == part].sum() for part in range(S)])


def test_areas_of_a_linear_function(window):
    """A segment of rank r adds all it has until it is masked: (r + 1/2) / S to deletion, the rest to insertion."""
    zero, _noise = followed(linear, window, {"own": WEIGHTS * window})
    place = (np.arange(S) + 0.5) / S
    for turn in range(ROUNDS):
        parts = np.sort(contributions(window, turn))[::-1]

        assert zero.areas("deletion")[0, turn] == pytest.approx(parts @ place, rel=1e-4)
        assert zero.areas("insertion")[0, turn] == pytest.approx(parts @ (1 - place), rel=1e-4)


def test_areas_of_a_linear_function_under_noise(window):
    """Masked by noise, a segment adds what the noise in it does."""
    _zero, noise = followed(linear, window, {"own": WEIGHTS * window})
    surrogates = draw_surrogates(window, ROUNDS, np.random.default_rng(7))
    place = (np.arange(S) + 0.5) / S
    for turn in range(ROUNDS):
        own, other = contributions(window, turn), contributions(surrogates[turn], turn)
        order = np.argsort(-own)

        assert noise.areas("deletion")[0, turn] == pytest.approx(
            own[order] @ place + other[order] @ (1 - place), rel=1e-4
        )


def test_fewer_steps_are_points_of_the_same_curve(window):
    """A curve of 20 steps passes through what a curve of all steps has at the same share, from all to nothing."""
    fine, _ = followed(linear, window, {"own": WEIGHTS * window})
    coarse, _ = followed(linear, window, {"own": WEIGHTS * window}, steps=20)

    assert (coarse.share[0], coarse.share[-1], len(coarse.share)) == (0, 1, 21)
    for turn in range(ROUNDS):
        expected = np.interp(coarse.share, fine.share, fine.deletion[0, turn])
        np.testing.assert_allclose(coarse.deletion[0, turn], expected, rtol=1e-4, atol=1e-4)


def test_random_order_is_a_straight_line(window):
    """On average a random order of a linear function loses it evenly: half of it is the mean area."""
    zero, _ = followed(linear, window, {"own": window}, random_orders=2000)

    error = zero.random_areas.std() / np.sqrt(2000)
    assert zero.random_areas.mean() == pytest.approx(linear(window) / 2, abs=4 * error)


def test_insertion_is_deletion_of_the_reverse(window):
    """For any function: what is shown first is what is masked last."""
    relevance = np.random.default_rng(3).random(T)
    for curves in followed(lambda windows: np.tanh(linear(windows)), window, {"one": relevance, "other": -relevance}):
        np.testing.assert_allclose(curves.areas("insertion")[0], curves.areas("deletion")[1], rtol=1e-6)


def test_a_map_that_stands_still_is_a_random_order(window):
    """Ties are broken at random: the area of a constant is one of those of random orders."""
    zero, _ = followed(linear, window, {"still": np.ones(T)}, random_orders=500)
    areas = zero.areas("deletion")[0]

    assert np.ptp(areas) > 0
    assert zero.random_areas.min() < areas.mean() < zero.random_areas.max()


def test_the_masked_ends_are_the_window_and_none_of_it(window):
    """Deletion begins with the window and ends with the filler; noise has the window's power (Parseval)."""
    power = (window.astype(np.float64) ** 2).mean()
    zero, noise = followed(lambda windows: (windows.astype(np.float64) ** 2).mean(axis=1), window, {"own": window})

    np.testing.assert_allclose(zero.deletion[0, :, [0, -1]], [[power] * ROUNDS, [0] * ROUNDS], rtol=1e-5, atol=1e-9)
    np.testing.assert_allclose(noise.deletion[0, :, [0, -1]], power, rtol=1e-4)
    np.testing.assert_allclose(zero.insertion[0, :, [0, -1]], [[0] * ROUNDS, [power] * ROUNDS], rtol=1e-5, atol=1e-9)


def test_an_interval_is_students(window):
    """Mean and interval of an area are those of scipy's t distribution; one round alone has none."""
    areas = np.array([0.2, 0.3, 0.25, 0.4, 0.31])
    found = measure_area(areas)
    low, high = stats.t.interval(0.95, 4, areas.mean(), stats.sem(areas))

    assert (found.value, found.low, found.high) == pytest.approx((areas.mean(), low, high))
    assert np.isnan(measure_area(areas[:1]).low)


def test_area_is_the_mean_on_the_way():
    """A curve that stands still has its own value; one that falls evenly, half."""
    np.testing.assert_allclose(area(np.array([[0.7, 0.7, 0.7], [1, 0.5, 0]]), np.array([0, 0.5, 1])), [0.7, 0.5])


@pytest.fixture(scope="module")
def struck():
    """A shipped network, a window of noise with strikes, and its record."""
    network = read_network("bearing-sim-4")
    samples = np.random.default_rng(0).normal(size=2048)
    samples[100::150] += 12
    inputs = ((samples - samples.mean()) / samples.std()).astype(np.float32)[None]
    return network, inputs, record_attention(network, inputs)


def test_curves_of_a_network_are_those_of_single_passes(struck):
    """Masked by hand and passed one by one, the network gives the same curve of its own class."""
    network, inputs, record = struck
    trace = trace_deletion(network, inputs, record, {"loud": np.abs(inputs[0])}, random_orders=5)
    segments = inputs[0].reshape(64, 32)
    order, target = np.argsort(-np.abs(segments).mean(axis=1)), record.probabilities[0].argmax()
    for point, share in enumerate(trace.curves[0].share):
        masked = segments.copy()
        masked[order[: round(64 * share)]] = inputs.mean()
        alone = probabilities(run_passes(network, masked.reshape(1, -1)))[0, target]

        assert trace.curves[0].deletion[0, 0, point] == pytest.approx(alone, abs=1e-5)
    assert trace.target == target


def test_scores_stand_beside_chance_and_loudness(struck):
    """Each gate has two kinds by two masks, each beside random order and beside the envelope."""
    network, inputs, record = struck
    orders = gather_orders(record, inputs)
    trace = trace_deletion(network, inputs, record, orders)
    scores = {(score.block, score.name): score for score in score_deletion(trace, ["block 1", "block 2", "block 3"])}
    zero = trace.curves[0]

    assert len(scores) == 3 * 8
    score = scores["block 2", "deletion_zero"]
    assert score.value == pytest.approx(zero.areas("deletion")[1].mean())
    assert score.control == pytest.approx(zero.random_areas.mean())
    assert score.low < score.control < score.high
    beside = scores["block 2", "deletion_zero_loudness"]
    assert beside.control == pytest.approx(zero.areas("deletion")[list(orders).index("envelope")].mean())
    assert beside.low < beside.control < beside.high


def test_a_gate_that_is_the_envelope_is_no_better_than_it(struck):
    """Beside itself an order lies neither above nor below."""
    network, inputs, record = struck
    trace = trace_deletion(network, inputs, record, {"block 1": inputs[0], "envelope": inputs[0]}, random_orders=5)

    assert not any(score.above or score.below for score in score_deletion(trace, ["block 1"]) if "loud" in score.name)


def test_the_same_seed_gives_the_same(struck):
    """Nothing is drawn that the seed does not say."""
    network, inputs, record = struck
    first, again, other = (
        trace_deletion(network, inputs, record, {"x": inputs[0]}, seed, 5, 5).curves[1].random for seed in (0, 0, 1)
    )

    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_progress_counts_the_rounds_and_may_end_them(struck):
    """All rounds are told, and raising in between ends the work."""
    network, inputs, record = struck
    told = []
    trace_deletion(network, inputs, record, {"x": inputs[0]}, 0, 2, 5, lambda *done: told.append(done))

    assert told == [(number, 2 * ROUNDS) for number in range(1, 2 * ROUNDS + 1)]
    with pytest.raises(ZeroDivisionError):
        trace_deletion(network, inputs, record, {"x": inputs[0]}, 0, 2, 5, lambda *done: 1 / 0)
