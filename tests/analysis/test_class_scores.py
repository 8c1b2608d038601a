"""The tests of every window of a set: the class is the label's, and each number is that of the one-window test."""

import numpy as np
import pytest

from cbam_viz.analysis.class_scores import CHANNEL, DRAWS, SPATIAL, TESTS, score_window, score_windows
from cbam_viz.analysis.interventions import flatten_spatial, score_interventions
from cbam_viz.analysis.pointing import score_pointing
from cbam_viz.attention.record import record_attention


@pytest.fixture
def scored(mixed, noises):
    """Scores of the first window, for the class that it is named."""
    record = record_attention(mixed, noises[:1])
    return score_window(mixed, noises[:1], record, int(record.logits[0].argmax())), record


def test_a_window_has_the_numbers_of_its_own_tests(scored, mixed, noises):
    """Interventions are those of one window under the same seed; so is pointing where the window's mean masks."""
    values, record = scored
    for number, block in enumerate(record.blocks):
        for score in score_interventions(mixed, noises[:1], record, number, seed=0, draws=DRAWS):
            if score.name in TESTS:
                assert values[number, TESTS.index(score.name)] == pytest.approx((score.value, score.control))
        for score in score_pointing(mixed, noises[:1], record):
            if score.block == block.name and score.name == "pointing_zero":
                assert values[number, TESTS.index(score.name)] == pytest.approx((score.value, score.control))


def test_a_block_has_only_the_tests_of_its_gates(scored):
    """Of the five blocks one has M_c alone, one M_s alone, and one no gate: the rest is not known."""
    known = np.isfinite(scored[0]).all(axis=2)
    spatial, channel = (np.isin(TESTS, names) for names in (SPATIAL, CHANNEL))

    np.testing.assert_array_equal(known[:2], np.ones((2, len(TESTS)), bool))
    np.testing.assert_array_equal(known[2:], [channel, spatial, np.zeros(len(TESTS), bool)])


def test_another_class_loses_what_this_one_gains(make_planted):
    """Of two classes the margins are opposite, so are the losses; which one wins has no part in it."""
    network = make_planted(slope=20, bias=-40, gain=500, threshold=0.03)
    inputs = np.where(np.arange(256) // 4 == 20, 3.0, 1.0).astype(np.float32)[None]
    record = record_attention(network, inputs)
    one, other = (score_window(network, inputs, record, target)[0, :, 0] for target in (0, 1))
    moved = [TESTS.index(name) for name in ("flatten_spatial_margin", "shuffle_spatial_margin", "pointing_zero")]

    np.testing.assert_allclose(one[moved], -other[moved], rtol=1e-4, atol=1e-6)
    assert one[TESTS.index("change_spatial_margin")] == pytest.approx(other[TESTS.index("change_spatial_margin")])


def test_accuracy_is_lost_where_the_flat_gate_names_another(make_planted):
    """The pulse is named only with its gate; the other class wins without it."""
    network = make_planted(slope=20, bias=-40, gain=500, threshold=0.03)
    inputs = np.where(np.arange(256) // 4 == 20, 3.0, 1.0).astype(np.float32)[None]
    record = record_attention(network, inputs)
    lost = [score_window(network, inputs, record, target)[0, 0, 0] for target in (0, 1)]

    assert TESTS[0] == "flatten_spatial_accuracy"
    assert (record.probabilities.argmax(), flatten_spatial(network, inputs, record, 0).argmax()) == (1, 0)
    assert lost == [-1.0, 1.0]


def test_a_set_is_scored_window_by_window(mixed, make_set):
    """Each window as it is alone, under the class of its recording; progress is told, and raising in it ends all."""
    drawn = make_set([("b", "m", 2), ("a", "n", 1)])
    labelled = type(drawn)(
        mixed.card,
        drawn.classes,
        drawn.members,
        record_attention(mixed, np.concatenate([member.windows.inputs for member in drawn.members])),
    )
    told = []
    values = score_windows(mixed, labelled, [(0, 1), (1, 0)], lambda *step: told.append(step))
    inputs = labelled.members[0].windows.inputs[1:2]

    np.testing.assert_array_equal(values[0], score_window(mixed, inputs, record_attention(mixed, inputs), 1, seed=1))
    assert told == [(1, 2), (2, 2)]

    def cancel(*_step):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_windows(mixed, labelled, [(0, 0), (1, 0)], cancel)
