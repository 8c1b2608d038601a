"""Two classes of a set: recordings are what is compared, channel by channel and moment by moment."""

import os
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from cbam_viz.analysis.difference import choose_pair, trace_difference
from cbam_viz.analysis.labelled import LabelledSet
from cbam_viz.analysis.permutation import LEVEL
from cbam_viz.attention.record import join_records

SETS = int(os.environ.get("SETS", "20"))
"""Of false alarms; `make verify` looks at 200."""
SIX = [(label, f"{label}{number}", 2) for label in "ab" for number in range(6)]


@pytest.fixture
def labelled(make_set):
    """Six recordings each of two classes."""
    return make_set(SIX)


def planted(labelled, channel, height):
    """The same set with more of one channel of block 1 let through in the second class."""
    block = labelled.record.blocks[0]
    gates = block.channel_attention.copy()
    gates[labelled.labels[labelled.member_of] == 1, channel] += height
    blocks = (replace(block, channel_attention=gates), *labelled.record.blocks[1:])
    return replace(labelled, record=replace(labelled.record, blocks=blocks))


def test_a_planted_difference_is_found(labelled):
    """It is that channel, it alone, and by as much."""
    before, after = (trace_difference(each, 0, 1, 0) for each in (labelled, planted(labelled, 2, 3.0)))

    assert not len(before.channels.standing_out)
    assert after.channel[after.channels.standing_out].tolist() == [3]
    place = after.channel.tolist().index(3)
    assert after.channels.difference[place] - before.channels.difference[place] == pytest.approx(3.0, abs=1e-6)


@pytest.mark.parametrize("recordings", [SIX, [(label, f"{label}{number}", 1) for label in "ab" for number in range(8)]])
def test_swapping_the_classes_flips_the_sign_and_nothing_else(make_set, recordings):
    """For channels and for moments, where all arrangements are looked at and where they are drawn."""
    labelled = make_set(recordings)
    there, back = trace_difference(labelled, 0, 1, 1), trace_difference(labelled, 1, 0, 1)

    for one, other in ((there.channels, back.channels), (there.positions, back.positions)):
        np.testing.assert_allclose(one.difference, -other.difference)
        np.testing.assert_allclose(one.band, other.band)
        np.testing.assert_allclose(one.p, other.p)
    assert (there.first, there.second) == (back.second, back.first)


def test_duplicating_every_window_changes_nothing(labelled):
    """Recordings are compared, not windows."""
    starts = [np.tile(member.windows.starts, 2) for member in labelled.members]
    members = tuple(
        replace(member, windows=replace(member.windows, starts=each))
        for member, each in zip(labelled.members, starts, strict=True)
    )
    records = []
    for member, begin in enumerate(labelled.starts[:-1]):
        rows = [labelled.record.only(int(begin) + row) for row in range(len(labelled.members[member].windows))]
        records += rows + rows
    twice = LabelledSet(labelled.card, labelled.classes, members, join_records(records))

    once, again = trace_difference(labelled, 0, 1, 0), trace_difference(twice, 0, 1, 0)
    np.testing.assert_allclose(again.channels.difference, once.channels.difference, atol=1e-12)
    np.testing.assert_allclose(again.channels.p, once.channels.p)
    np.testing.assert_allclose(again.positions.band, once.positions.band)


def test_channels_go_from_low_to_high_and_positions_lie_where_they_look(labelled):
    """As in every other view."""
    trace = trace_difference(labelled, 0, 1, 0)
    field = labelled.record.blocks[0].receptive_field

    assert (np.diff(trace.bands_hz[:, 1]) >= 0).all()
    np.testing.assert_allclose(
        trace.place, [field.centre(position) * trace.axis.per_sample for position in range(field.positions)]
    )


def test_few_recordings_give_effects_alone(make_set):
    """The trace says so."""
    trace = trace_difference(make_set([("a", str(n), 1) for n in range(4)] + SIX[6:]), 0, 1, 0)

    assert not trace.tested
    assert trace.channels.arrangements == 0
    assert trace.witnesses == (4, 6)


def test_recordings_of_one_bearing_are_one_witness(make_set):
    """Ten recordings of two bearings are two witnesses."""
    labelled = make_set([(label, f"{label}{number % 2}", 1) for label in "ab" for number in range(5)])

    assert trace_difference(labelled, 0, 1, 0).witnesses == (2, 2)


def test_a_block_without_a_gate_has_no_difference_there(labelled):
    """Block 3 has a channel gate alone."""
    trace = trace_difference(labelled, 0, 1, 2)

    assert trace.positions is None
    assert trace.channels is not None


def test_what_may_mislead_the_comparison_is_told(make_set):
    """Bearings measured in both classes are counted, and one class with twice the witnesses of the other is noted."""
    both = trace_difference(make_set([(label, f"m{number}", 2) for label in "ab" for number in range(6)]), 0, 1, 0)
    uneven = [("a", f"a{number}", 2) for number in range(5)] + [("b", f"b{number}", 2) for number in range(10)]
    one_sided = trace_difference(make_set(uneven), 0, 1, 0)

    assert (both.shared, both.lopsided) == (6, False)
    assert (one_sided.shared, one_sided.lopsided) == (0, True)


def shuffled(make_set, sizes, recordings, seed):
    """Bearings of no class at all, so many of which were called one and the others another.

    Each has up to so many recordings of one to six windows, whose gates lie about a value of the bearing's own.
    """
    rng = np.random.default_rng(seed)
    names = rng.permutation(np.repeat(["a", "b"], sizes)).tolist()
    labelled = make_set(
        [
            (label, f"bearing {number}", int(rng.integers(1, 7)))
            for number, label in enumerate(names)
            for _ in range(rng.integers(1, recordings + 1))
        ],
        seed=1000 * (seed + 1),
    )
    bearing = np.array([int(member.machine.split()[1]) for member in labelled.members])[labelled.member_of]

    def about_its_own(gates):
        return gates + rng.normal(0, 0.5, (len(names), gates.shape[1])).astype(np.float32)[bearing]

    blocks = [
        replace(
            block,
            channel_attention=about_its_own(block.channel_attention),
            spatial_attention=about_its_own(block.spatial_attention),
        )
        for block in labelled.record.blocks
    ]
    return replace(labelled, record=replace(labelled.record, blocks=tuple(blocks)))


@pytest.mark.parametrize(("sizes", "recordings"), [((7, 7), 1), ((5, 8), 1), ((5, 8), 3), ((6, 15), 2)])
def test_shuffled_labels_raise_no_more_alarms_than_the_level(make_set, sizes, recordings):
    """Neither for channels nor for moments, however unequal the classes, recordings and windows are in number."""
    alarms = np.zeros(2, int)
    for seed in range(SETS):
        trace = trace_difference(shuffled(make_set, sizes, recordings, seed), 0, 1, 0)
        alarms += [len(tested.standing_out) > 0 for tested in (trace.channels, trace.positions)]
        assert sorted(trace.witnesses) == sorted(sizes)

    for count in alarms.tolist():
        assert stats.binomtest(count, SETS, LEVEL, alternative="greater").pvalue > 0.01


@pytest.mark.parametrize(
    ("counts", "chosen", "pair"),
    [
        ((5, 5, 5), {}, (0, 1)),
        ((1, 5, 5), {}, (1, 2)),
        ((5, 4, 6), {}, (0, 2)),
        ((1, 5, 4), {}, (0, 1)),
        ((1, 5, 5), {"first": 2}, (2, 1)),
        ((1, 5, 5), {"first": 0}, (0, 1)),
        ((5, 2, 5), {"second": 0}, (2, 0)),
        ((5, 2, 5), {"first": 1, "second": 2}, (1, 2)),
    ],
)
def test_the_first_pair_that_can_be_tested_is_compared(make_set, counts, chosen, pair):
    """Unless a person chooses: the first two classes with enough witnesses, else the first two."""
    labelled = make_set(
        [(label, f"{label} {n}", 1) for label, count in zip("abc", counts, strict=True) for n in range(count)]
    )

    assert choose_pair(labelled, **chosen) == pair
