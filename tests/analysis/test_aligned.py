"""M_s on a common axis: where the impacts are, against a plain count, planted gates and controls that stay flat."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from cbam_viz.analysis.aligned import AFTER_MS, BEFORE_MS, trace_aligned
from cbam_viz.datasets.simulated import simulate_classes
from cbam_viz.errors import InputError
from cbam_viz.physics.simulate import Operation
from cbam_viz.signals.signal import Signal
from cbam_viz.studies.compare import compare


@pytest.fixture(scope="module")
def simulated():
    """Two simulated machines of each class."""
    return compare(simulate_classes(5_000, 2, Operation(seconds=1.5)), "bearing-sim-4").labelled


def with_gates(labelled, block, make):
    """The same set with the spatial gate of a block made anew: `make` gives it from sample positions (n, L)."""
    old = labelled.record.blocks[block]
    field = old.receptive_field
    gates = []
    for member in labelled.members:
        places = member.windows.starts[:, None] + field.centre(0) + np.arange(field.positions) * field.stride
        gates.append(make(member, places).astype(np.float32))
    blocks = list(labelled.record.blocks)
    blocks[block] = replace(old, spatial_attention=np.concatenate(gates))
    return replace(labelled, record=replace(labelled.record, blocks=tuple(blocks)))


def test_it_agrees_with_a_plain_count(simulated):
    """Impact by impact and cell by cell, in loops, from the positions' own middles."""
    trace = trace_aligned(simulated, 0)
    gates, fs = simulated.record.blocks[0], simulated.card.preparation.fs
    field = gates.receptive_field
    middles = np.array([field.centre(position) for position in range(field.positions)])
    curves = {curve.words: curve for curve in trace.classes}
    for name in simulated.classes[1:]:
        of_members = []
        for place, member in enumerate(simulated.members):
            if member.label != name.key:
                continue
            sums, counts = np.zeros(len(trace.place)), np.zeros(len(trace.place))
            for impact in member.windows.impacts:
                window = int(np.searchsorted(member.windows.starts, impact, "right")) - 1
                if impact >= member.windows.starts[window] + 2048:
                    continue
                gate = gates.spatial_attention[simulated.starts[place] + window]
                for cell, lag in enumerate(trace.place):
                    wanted = impact - member.windows.starts[window] + lag * fs / 1000
                    nearest = int(np.argmin(np.abs(middles - wanted)))
                    if abs(middles[nearest] - wanted) <= field.stride / 2 + 1e-9:
                        sums[cell] += gate[nearest]
                        counts[cell] += 1
            of_members.append(sums / counts)
        np.testing.assert_allclose(curves[name.words].mean, np.mean(of_members, axis=0), atol=2e-4)


def test_a_planted_gate_comes_back(simulated):
    """Open for 2 ms behind every true impact: it is open there in the mean, and shut before."""

    def open_behind(member, places):
        impacts = member.windows.impacts
        if not len(impacts):
            return np.full(places.shape, 0.5)
        last = np.searchsorted(impacts, places, "right") - 1
        behind = places - impacts[last.clip(0)]
        return np.where((last >= 0) & (behind < 24), 0.9, 0.1)  # 2 ms

    trace = trace_aligned(with_gates(simulated, 0, open_behind), 0)
    outer = next(each for each in trace.classes if each.words == "Outer race")
    inside = (trace.place >= 0.5) & (trace.place <= 1.5)
    before = (trace.place >= -3) & (trace.place <= -1)

    assert outer.mean[inside].min() > 0.85
    assert outer.mean[before].max() < 0.2
    assert outer.swing > 5 * outer.swing_by_chance


def test_the_controls_of_a_real_gate_are_flat(simulated):
    """Held at its mean it does not move at all, nor does another class's gate at these triggers; random ones hardly."""
    for curve in trace_aligned(simulated, 0).classes:
        if curve.words == "Healthy":
            continue  # it is never struck
        assert np.ptp(curve.flat) < 0.02
        assert np.ptp(curve.other) < 0.2 * curve.swing
        assert curve.swing > 2 * curve.swing_by_chance


def test_a_constant_gate_has_no_swing(simulated):
    """Whatever it is aligned by, and random triggers say the same."""
    still = with_gates(simulated, 1, lambda _member, places: np.full(places.shape, 0.5))
    for by in ("impacts", "period"):
        for curve in trace_aligned(still, 1, by).classes:
            assert curve.swing == pytest.approx(0, abs=1e-9)
            assert curve.swing_by_chance == pytest.approx(0, abs=1e-9)


def test_the_period_is_each_class_own(simulated):
    """An outer race's gate swings over its period; a healthy bearing, folded at the first fault's, does not."""
    curves = {curve.words: curve for curve in trace_aligned(simulated, 0, "period").classes}

    assert curves["Outer race"].swing > 3 * curves["Outer race"].swing_by_chance
    assert curves["Healthy"].swing < 3 * curves["Healthy"].swing_by_chance


@pytest.mark.parametrize("block", [0, 1])
def test_finding_a_period_makes_none(block):
    """In white noise a gate folded at the fault's period seldom swings more than at all 19 wrong ones."""
    noise = [_Noise(seed, label) for seed in range(24) for label in ("inner", "outer")]
    curves = [
        curve
        for begin in range(0, len(noise), 4)
        for curve in trace_aligned(compare(noise[begin : begin + 4], "bearing-sim-4").labelled, block, "period").classes
    ]

    assert sum(curve.swing > curve.swing_by_chance for curve in curves) <= 5  # of 24: a binomial with 1/20 in 99.8 %


@dataclass(frozen=True)
class _Noise:
    """A recording of white noise; see `datasets.labels.Labelled`."""

    seed: int
    label: str
    machine: str | None = None

    @property
    def name(self):
        """Seed and class."""
        return f"{self.seed} {self.label}"

    def read(self):
        """Two seconds that no other seed gives."""
        samples = np.random.default_rng([self.seed, self.label == "inner"]).normal(size=24_000)
        return Signal(samples, 12_000.0, self.name, shaft_hz=29.95, bearing="6205")


def test_two_periods_are_one_twice(simulated):
    """But for what the ends of windows cut off."""
    once, twice = (trace_aligned(simulated, 0, "period", periods) for periods in (1, 2))
    cells = len(once.place)

    assert len(twice.place) == 2 * cells
    np.testing.assert_allclose(twice.place[cells:], twice.place[:cells] + 1)
    for one, other in zip(once.classes, twice.classes, strict=True):
        np.testing.assert_allclose(other.mean[:cells], one.mean, atol=1e-9)
        np.testing.assert_allclose(other.mean[cells:], one.mean, atol=0.02)


def test_a_coarse_block_says_that_it_is(simulated):
    """Fewer than four positions a period: block 3 has one every 32 samples, and BPFI's period is 74."""
    assert all(curve.too_coarse for curve in trace_aligned(simulated, 2).classes)
    assert not any(curve.too_coarse for curve in trace_aligned(simulated, 0).classes)


def test_the_axis_reaches_as_far_for_every_set(simulated):
    """In ms about an impact, a cell a position."""
    place = trace_aligned(simulated, 0).place

    assert place[0] == pytest.approx(-BEFORE_MS, abs=0.7)
    assert place[-1] == pytest.approx(AFTER_MS, abs=0.7)
    np.testing.assert_allclose(np.diff(place), 8 / 12)


def test_without_speed_a_recording_is_left_out(simulated):
    """The others are still folded; with none of them left there is one sentence."""
    lost = tuple(replace(member, shaft_hz=None) for member in simulated.members)
    some = replace(simulated, members=(*lost[:1], *simulated.members[1:]))

    assert trace_aligned(some, 0, "period").left_out == (f"{lost[0].name} tells no shaft speed or no bearing",)
    with pytest.raises(InputError, match="To align a gate, a recording needs a shaft speed and a bearing"):
        trace_aligned(replace(simulated, members=lost), 0, "period")


def test_a_short_recording_has_no_period():
    """It says how long it is, and how long it must be."""
    short = compare(simulate_classes(5_000, 1, Operation(seconds=0.4)), "bearing-sim-4").labelled

    with pytest.raises(InputError, match=r"lasts 0\.40 s, too short to refine its period \(it takes 1 s\)"):
        trace_aligned(short, 0, "period")


@pytest.mark.parametrize("shaft_hz", [-5.0, 0.0, 0.001, 1.0])
def test_too_few_periods_can_not_be_folded(simulated, shaft_hz):
    """A recording that holds fewer than twenty of them is left out, whatever its speed; the others are still folded."""
    slow = replace(simulated.members[0], shaft_hz=shaft_hz)
    some = replace(simulated, members=(slow, *simulated.members[1:]))

    assert trace_aligned(some, 0, "period").left_out == (
        f"{slow.name} holds too few fault periods to refine one (it takes 20)",
    )
