"""A campaign draws what it says, shares no draw between classes, and tells the class by nothing but the response."""

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.model_selection import cross_val_predict, cross_val_score

from cbam_viz.datasets.circuits import Campaign, draw_campaign, simulate_draws
from cbam_viz.errors import InputError
from cbam_viz.physics.circuits import find_circuit

SALLEN_KEY = find_circuit("sallen-key")


def values(draws):
    """(N, P) array of the values of some draws, over nominal."""
    circuit = SALLEN_KEY if len(draws[0].values) == 7 else find_circuit("biquad")
    return np.array([draw.values for draw in draws]) / circuit.nominal


def test_each_class_has_its_runs():
    """As many runs of each class as asked, numbered from 0, and no others."""
    draws = draw_campaign(Campaign("biquad", runs=5))

    assert Counter(draw.key for draw in draws) == dict.fromkeys(find_circuit("biquad").classes, 5)
    assert {draw.index for draw in draws if draw.key == "R4-"} == set(range(5))


def test_the_same_seed_draws_the_same_whatever_else_is_asked():
    """A sample is a matter of circuit, class, index and seed: fewer runs or classes leave it as it is."""
    few = {(draw.key, draw.index): draw for draw in draw_campaign(Campaign("sallen-key", ("C1+",), runs=3, seed=8))}
    many = {(draw.key, draw.index): draw for draw in draw_campaign(Campaign("sallen-key", runs=20, seed=8))}

    assert all(many[place] == draw for place, draw in few.items())


def test_no_two_samples_share_a_draw():
    """Tolerances differ between classes, indices, seeds, sizes and laws, part by part."""
    campaign = Campaign("sallen-key", runs=10)
    others = (campaign, replace(campaign, seed=1), replace(campaign, size=0.25), replace(campaign, varied=True))
    drawn = np.concatenate([values(draw_campaign(other)) for other in others])

    for column in drawn.T:
        assert len(np.unique(column)) == len(column)


@pytest.mark.parametrize(("law", "spread"), [("gaussian", 1 / 3), ("uniform", 1 / np.sqrt(3))])
def test_tolerances_follow_their_law(law, spread):
    """Their standard deviation is the law's share of the tolerance, for sound parts and round the fault's value."""
    draws = draw_campaign(Campaign("sallen-key", ("C1+",), runs=1_500, law=law))
    sound = values([draw for draw in draws if draw.key == "normal"])
    faulty = values([draw for draw in draws if draw.key == "C1+"])
    tolerance = np.array([part.tolerance for part in SALLEN_KEY.parts])

    assert sound.mean(axis=0) == pytest.approx(1, abs=0.01)
    assert sound.std(axis=0) == pytest.approx(spread * tolerance, rel=0.08)
    assert faulty.mean(axis=0) == pytest.approx([1, 1, 1, 1, 1, 1.5, 1], abs=0.01)
    assert faulty.std(axis=0)[5] == pytest.approx(1.5 * spread * 0.1, rel=0.08)
    if law == "uniform":
        assert (abs(sound - 1) <= tolerance).all()


def test_a_range_of_sizes_is_covered_evenly():
    """From 10 to 60 %, up and down as the class says; a sound circuit deviates by nothing."""
    draws = draw_campaign(Campaign("sallen-key", runs=400, size=(0.1, 0.6)))
    for fault in SALLEN_KEY.faults:
        off = fault.sign * np.array([draw.deviation for draw in draws if draw.key == fault.key])
        assert np.quantile(off, [0, 0.25, 0.5, 0.75, 1]) == pytest.approx([0.1, 0.225, 0.35, 0.475, 0.6], abs=0.05)

    assert {draw.deviation for draw in draws if draw.key == "normal"} == {0.0}


def test_a_varied_campaign_reaches_other_simulators():
    """Edges reach those of the public set, 1 and 10 µs; some op-amps are ideal, the others have 3 to 30 MHz."""
    draws = draw_campaign(Campaign("sallen-key", runs=50, varied=True))
    rise, fall = (np.array([getattr(draw.pulse, name) for draw in draws]) for name in ("rise_s", "fall_s"))
    gbw = np.array([draw.opamp.gbw_hz for draw in draws])

    assert (rise.min() < 0.05e-6, rise.max() > 1e-6) == (True, True)
    assert (fall.min() < 0.5e-6, fall.max() > 10e-6) == (True, True)
    assert 0.15 < np.isinf(gbw).mean() < 0.35
    assert 3e6 <= gbw.min() <= gbw[np.isfinite(gbw)].max() <= 30e6
    assert all(0 <= draw.pulse.delay_s <= 3e-6 and abs(draw.offset_v) <= 0.02 for draw in draws)


def test_noise_has_the_power_that_was_asked():
    """At 20 dB its power is 1 % of the response's, and the circuits are those of the campaign without noise."""
    campaign = Campaign("sallen-key", runs=3)
    draws = draw_campaign(campaign)
    clean, noisy = (simulate_draws(each, draws).responses.volts for each in (campaign, replace(campaign, snr_db=20.0)))
    power = ((noisy - clean) ** 2).mean(axis=1) / (clean**2).mean(axis=1)

    assert power.mean() == pytest.approx(0.01, rel=0.1)
    assert draw_campaign(replace(campaign, snr_db=20.0)) == draws
    assert np.linalg.matrix_rank(noisy - clean) == len(draws)  # no two share their noise


def test_grid_and_order_tell_nothing():
    """On place in the file, grid and how it was simulated a classifier is at chance; on the response it is not."""
    campaign = Campaign("sallen-key", runs=20, varied=True)
    draws = draw_campaign(campaign)
    keys = np.array([draw.key for draw in draws])
    runs = simulate_draws(campaign, draws)
    place = np.arange(len(draws))
    circumstances = [
        (draw.pulse.rise_s, draw.pulse.fall_s, draw.pulse.delay_s, draw.offset_v, draw.step_s, draw.opamp.rout)
        for draw in draws
    ]
    steps = np.diff(runs.responses.times)
    leaks = np.column_stack([place, place % 9, circumstances, np.tile(steps[[0, 100, -1]], (len(draws), 1))])

    def accuracy(features):
        return cross_val_score(ExtraTreesClassifier(100, random_state=0), features, keys, cv=4).mean()

    assert np.ptp(steps) < 1e-12
    assert accuracy(leaks) < 1 / 9 + 4 * np.sqrt(1 / 9 * 8 / 9 / len(draws))  # four standard errors of guessing
    assert accuracy(runs.responses.volts[:, ::3]) > 0.7


def test_what_no_response_tells_is_not_told():
    """On the biquad C2 is taken for R4 as often as not, and with the two merged nearly all are right."""
    circuit = find_circuit("biquad")
    campaign = Campaign("biquad", ("C1+", "C1-", "C2+", "C2-", "R4+", "R4-"), runs=12)
    draws = draw_campaign(campaign)
    volts = simulate_draws(campaign, draws).responses.volts[:, ::10]
    keys = np.array([draw.key for draw in draws])
    named = cross_val_predict(ExtraTreesClassifier(100, random_state=0), volts, keys, cv=4)
    pair = np.isin(keys, ["C2+", "C2-", "R4+", "R4-"])
    merge = np.vectorize(circuit.merge_class)

    assert 0.2 < (named == keys)[pair].mean() < 0.8
    assert (merge(named) == merge(keys)).mean() > 0.95


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            {"circuit": "x"},
            "A circuit is one of biquad, sallen-key, tow-thomas, but 'x' was given. Choose one of these.",
        ),
        ({"faults": ("R9+",)}, "A fault of sallen-key is one of C1+, C1-, C2+, C2-, R2+, R2-, R3+, R3-, but R9+ was"),
        (
            {"size": 1.0},
            "The size of a soft fault lies between 0.01 and 0.95 of the nominal value, smallest first, but 1",
        ),
        ({"size": (0.5, 0.2)}, "but 0.5 to 0.2 was given. Choose within: a part at 0 or below is none."),
        ({"law": "normal"}, "Tolerances are gaussian or uniform, but 'normal' was given. Choose one."),
        (
            {"runs": 0},
            "A campaign has 1 to 100000 runs a class and a seed from 0 on, but 0 runs and seed 0 were given.",
        ),
        ({"seed": -1}, "but 100 runs and seed -1 were given. Choose within."),
        ({"snr_db": 200.0}, "A signal-to-noise ratio lies between -20 and 120 dB, but 200 was given. Choose within."),
    ],
)
def test_what_can_not_be_is_refused(facts, said):
    """Each value out of its range gets one sentence."""
    with pytest.raises(InputError, match=re.escape(said)):
        Campaign(**{"circuit": "sallen-key", **facts})
