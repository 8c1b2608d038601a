"""What edits do to the gates of one block; what a pass would then give is asked of the network elsewhere."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.edits import KINDS, Edit
from cbam_viz.attention.passes import HeldGates
from cbam_viz.attention.record import AttentionRecord
from cbam_viz.errors import InputError

CHANNEL_KINDS, SPATIAL_KINDS = frozenset({"mute", "boost", "channels"}), frozenset({"flatten", "shuffle", "gate"})


def edit_channel(gate: NDArray[np.float32], edits: Sequence[Edit], record: AttentionRecord) -> HeldGates:
    """One block's M_c after its edits, (1, C) array, to be held.

    Parameters
    ----------
    gate : (1, C) array, M_c as the block computes it.
    edits : of this block, see `edits_of`.
    record : of all windows of the recording, where another window's gate comes from.
    """
    edited = gate.copy()
    for edit in edits:
        if edit.kind == "channels":
            edited = record.blocks[edit.block].channel_attention[[int(edit.values[1]) - 1]]
        else:
            edited[:, int(edit.values[1]) - 1] *= 0 if edit.kind == "mute" else edit.values[2]
    return HeldGates(channel=edited)


def edit_spatial(gate: NDArray[np.float32], edits: Sequence[Edit], record: AttentionRecord) -> HeldGates:
    """One block's M_s after its edits, (1, L) array, to be held; see `edit_channel`."""
    edited = gate
    for edit in edits:
        if edit.kind == "flatten":
            edited = np.full_like(edited, edited.mean())
        elif edit.kind == "shuffle":
            edited = np.random.default_rng(int(edit.values[1])).permutation(edited, axis=1)
        else:
            edited = record.blocks[edit.block].spatial_attention[[int(edit.values[1]) - 1]]
    return HeldGates(spatial=edited)


def edits_of(edits: Sequence[Edit], block: int, kinds: frozenset[str]) -> list[Edit]:
    """Those of some kinds that change a block's gate, in order."""
    return [edit for edit in edits if edit.kind in kinds and edit.block == block]


def join_held(one: HeldGates, other: HeldGates) -> HeldGates:
    """What either of the two holds of one block."""
    return HeldGates(
        one.channel if other.channel is None else other.channel, one.spatial if other.spatial is None else other.spatial
    )


def check_gates(edits: Sequence[Edit], record: AttentionRecord) -> None:
    """Refuse edits of gates, channels or windows that are not there.

    Raises
    ------
    InputError
        If one is missing.
    """
    for edit in edits:
        if not KINDS[edit.kind].gate:
            continue
        spatial = edit.kind in SPATIAL_KINDS
        gates = [each.spatial_attention if spatial else each.channel_attention for each in record.blocks]
        known = [number for number, gate in enumerate(gates, 1) if gate.size]
        if edit.block + 1 not in known:
            raise InputError(
                f"A gate is one of block {', '.join(map(str, known)) or 'none'}, but {edit} names block "
                f"{edit.block + 1}. Choose a block that has such a gate."
            )
        if edit.kind in {"mute", "boost"}:
            what, count = "channel", gates[edit.block].shape[1]
        elif edit.kind in {"gate", "channels"}:
            what, count = "window", len(record)
        else:
            continue
        if edit.values[1] > count:
            raise InputError(
                f"A {what} is a number from 1 to {count}, but {edit} names {edit.values[1]:.0f}. Give one of these."
            )
