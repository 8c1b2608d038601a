"""What would the network have said of this window, had it or a gate been another? Before and after, side by side.

Nothing is stored on the network: gates are held for a pass, so undoing an edit gives the same numbers bit for bit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cbam_viz.analysis.edited import edit_window
from cbam_viz.analysis.edited_gates import (
    CHANNEL_KINDS,
    SPATIAL_KINDS,
    check_gates,
    edit_channel,
    edit_spatial,
    edits_of,
    join_held,
)
from cbam_viz.analysis.edits import Edit, text_of
from cbam_viz.attention.passes import OWN_GATES, HeldGates
from cbam_viz.attention.record import AttentionRecord, record_attention
from cbam_viz.signals.windows import Windows
from cbam_viz.studies.explain import Explanation


@dataclass(frozen=True, eq=False)
class Tryout:
    """One window before and after edits.

    Parameters
    ----------
    window : its index.
    edits : what was done, in order.
    before : record of this one window as it is.
    after : record of this one window after the edits.
    windows : the edited window, as a recording that is one window long.
    """

    window: int
    edits: tuple[Edit, ...]
    before: AttentionRecord
    after: AttentionRecord
    windows: Windows

    @property
    def change(self) -> NDArray[np.float64]:
        """By how much the probability of each class rose, (K,) array."""
        return self.after.probabilities[0].astype(np.float64) - self.before.probabilities[0]


def try_edits(explanation: Explanation, window: int, edits: Sequence[Edit]) -> Tryout:
    """Edit one window and what its gates do, and look again.

    Parameters
    ----------
    window : its index.
    edits : those of the signal are made first, then those of gates, from the first block to the last.

    Raises
    ------
    InputError
        If an edit asks for what this window, its recording or the network does not have.
    """
    check_gates(edits, explanation.record)
    edited = edit_window(explanation.windows, window, edits)
    after = _record_held(explanation, edited.inputs, edits)
    return Tryout(window, tuple(edits), explanation.record.only(window), after, edited)


def _record_held(explanation: Explanation, inputs: NDArray[np.float32], edits: Sequence[Edit]) -> AttentionRecord:
    """The record of one window, (1, T), with edited gates: one pass, and one more for each gate that is edited.

    An edited gate changes what later gates are computed from, so they are edited in the order of the network.
    """
    network, own = explanation.network, explanation.record
    held = [OWN_GATES] * len(own.blocks)
    record = record_attention(network, inputs)
    for block, config in enumerate(network.card.config.blocks):
        spatial_first = config.cbam is not None and config.cbam.order == "spatial-channel"
        for kinds in (SPATIAL_KINDS, CHANNEL_KINDS) if spatial_first else (CHANNEL_KINDS, SPATIAL_KINDS):
            if asked := edits_of(edits, block, kinds):
                held[block] = join_held(held[block], _edited(record, block, kinds, asked, own))
                record = record_attention(network, inputs, held=held)
    return record


def _edited(
    record: AttentionRecord, block: int, kinds: frozenset[str], edits: Sequence[Edit], own: AttentionRecord
) -> HeldGates:
    """One gate of one block as the edits make it of what the last pass gave."""
    gates = record.blocks[block]
    if kinds == CHANNEL_KINDS:
        return edit_channel(gates.channel_attention, edits, own)
    return edit_spatial(gates.spatial_attention, edits, own)


def tryout_numbers(tryout: Tryout) -> dict[str, Any]:
    """What the JSON of an explanation gains: the text of the edits, and probabilities and gates before and after."""

    def told(record: AttentionRecord) -> dict[str, Any]:
        return {
            "probabilities": _plain(record.probabilities[0]),
            "blocks": [
                {
                    "name": block.name,
                    "channel_attention": _plain(block.channel_attention[0]),
                    "spatial_attention": _plain(block.spatial_attention[0]),
                }
                for block in record.blocks
            ],
        }

    return {
        "edits": text_of(tryout.edits),
        "tryout": {"window": tryout.window + 1, "before": told(tryout.before), "after": told(tryout.after)},
    }


def tryout_rows(tryout: Tryout, classes: Sequence[str]) -> Iterator[tuple[str, str, str, float]]:
    """The same as rows of the tidy table: quantity, block, place, value; each edit, and the probabilities it moved.

    Parameters
    ----------
    classes : keys of the network's classes.
    """
    for edit in tryout.edits:
        yield "edit", "", str(edit), 1.0
    for name, record in (("probability_before", tryout.before), ("probability_after", tryout.after)):
        for key, probability in zip(classes, _plain(record.probabilities[0]), strict=True):
            yield name, "", key, probability


def _plain(values: NDArray[np.float32]) -> list[float]:
    """Numbers in the shortest digits that give them back."""
    return [float(str(value)) for value in values]
