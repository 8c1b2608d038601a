"""Gates are changed as a list says, and held."""

import numpy as np
import pytest

from cbam_viz.analysis.edited_gates import CHANNEL_KINDS, check_gates, edit_channel, edit_spatial, edits_of
from cbam_viz.analysis.edits import read_edits
from cbam_viz.errors import InputError


@pytest.fixture
def record(scene):
    """Of six windows; the third block has no spatial gate."""
    return scene.record


def test_channels_are_muted_and_boosted_by_their_numbers(record):
    """Channel 2 becomes 0, channel 4 three times itself, the others stay; the record keeps its own."""
    gate = record.blocks[0].channel_attention[:1]
    before = gate.copy()
    held = edit_channel(gate, read_edits("mute:1.2;boost:1.4:3"), record)

    np.testing.assert_allclose(held.channel, before * [[1, 0, 1, 3]], rtol=1e-6)
    np.testing.assert_array_equal(gate, before)
    assert held.spatial is None


def test_a_flat_gate_has_the_mean_and_a_shuffled_one_the_values(record):
    """Neither changes how much passes in all."""
    gate = record.blocks[1].spatial_attention[:1]
    flat = edit_spatial(gate, read_edits("flatten:2"), record).spatial
    one, same, other = (edit_spatial(gate, read_edits(f"shuffle:2:{seed}"), record).spatial for seed in (1, 1, 2))

    assert np.ptp(flat) == 0
    assert flat.mean() == pytest.approx(gate.mean())
    np.testing.assert_array_equal(np.sort(one), np.sort(gate))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


def test_another_windows_gate_is_that_windows(record):
    """Window 5 counts from 1, for M_s and for M_c."""
    spatial = edit_spatial(record.blocks[1].spatial_attention[:1], read_edits("gate:2:5"), record).spatial
    channel = edit_channel(record.blocks[2].channel_attention[:1], read_edits("channels:3:6"), record).channel

    np.testing.assert_array_equal(spatial[0], record.blocks[1].spatial_attention[4])
    np.testing.assert_array_equal(channel[0], record.blocks[2].channel_attention[5])


def test_a_block_has_its_own_edits():
    """Those of the signal, of other blocks and of the other gate are left out, and the order stays."""
    made = read_edits("mute:2.1;mask:1-2;flatten:1;boost:1.3;mute:1.1")

    assert [str(each) for each in edits_of(made, 0, CHANNEL_KINDS)] == ["boost:1.3:2", "mute:1.1"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("flatten:3", "A gate is one of block 1, 2, but flatten:3 names block 3. Choose a block that has such a gate."),
        ("mute:4.1", "A gate is one of block 1, 2, 3, but mute:4.1 names block 4."),
        ("mute:1.5", "A channel is a number from 1 to 4, but mute:1.5 names 5. Give one of these."),
        ("gate:1:7", "A window is a number from 1 to 6, but gate:1:7 names 7."),
        ("channels:1:7", "A window is a number from 1 to 6"),
    ],
)
def test_a_gate_that_is_not_there_is_said(record, text, said):
    """Blocks, channels and windows count from 1 and end where they end."""
    with pytest.raises(InputError) as advice:
        check_gates(read_edits(text), record)

    assert said in str(advice.value)


def test_gates_that_are_there_may_be_edited(record):
    """The last channel, the last window, the last block; edits of the signal are none of gates."""
    check_gates(read_edits("mute:2.6;gate:2:6;channels:3:6;mask:1-2;shuffle:1:99"), record)
