"""Does the attention mean anything, over a labelled set? Every gate tested in every window, and a verdict a class."""

from collections.abc import Callable

import numpy as np

from cbam_viz.analysis.class_scores import score_windows
from cbam_viz.analysis.class_trust import ClassTrustTrace, judge_classes
from cbam_viz.analysis.labelled import LabelledSet
from cbam_viz.errors import InputError
from cbam_viz.language import _
from cbam_viz.network.checkpoint import Network

MOST_TESTED = 2_000
"""Windows of a set, each of which costs some 200 passes; of more, as many of each recording, evenly spaced."""


def examine_set(
    network: Network,
    labelled: LabelledSet,
    progress: Callable[[int, int], None] | None = None,
    most: int = MOST_TESTED,
) -> ClassTrustTrace:
    """The tests of every gate over all recordings whose class the network knows, and the verdicts.

    Parameters
    ----------
    network, labelled : as `compare` gives them.
    progress : called with (windows done, windows in all); raising in it ends the work.
    most : windows that are looked at.

    Raises
    ------
    InputError
        If no block has a spatial gate, or the network knows none of the classes.
    """
    if not any(block.spatial_attention.size for block in labelled.record.blocks):
        raise InputError(
            _("A verdict is on gates over time, but {network} has none. Choose another network.").format(
                network=labelled.card.name
            )
        )
    windows = pick_windows(labelled, most)
    if not windows:
        raise InputError(
            _(
                "A test asks what the class of a recording loses, but {network} knows none of {classes}. Choose a "
                "network that does."
            ).format(network=labelled.card.name, classes=", ".join(name.words for name in labelled.classes))
        )
    values = score_windows(network, labelled, windows, progress)  # (W, B, D, 2)
    of_window = np.array([member for member, _window in windows])
    of_members = np.full((len(labelled.members), *values.shape[1:]), np.nan)
    for member in np.unique(of_window):
        of_members[member] = values[of_window == member].mean(axis=0)
    return judge_classes(
        labelled, labelled.witness_means(of_members), _("All classes"), (len(windows), len(labelled.record))
    )


def pick_windows(labelled: LabelledSet, most: int = MOST_TESTED) -> list[tuple[int, int]]:
    """Number of the recording and of the window within it, of all windows whose class the network knows.

    Where there are more than `most`, each recording gives as many as any other, evenly spaced.
    """
    known = {name.key for name in labelled.card.classes}
    counts = {number: len(each.windows) for number, each in enumerate(labelled.members) if each.label in known}
    if sum(counts.values()) > most:
        share = max(1, most // len(counts))
        spaced = {
            number: np.unique(np.linspace(0, count - 1, share).astype(np.int64)) for number, count in counts.items()
        }
        return [(number, int(window)) for number, windows in spaced.items() for window in windows]
    return [(number, window) for number, count in counts.items() for window in range(count)]
