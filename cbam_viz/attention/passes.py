"""Passes of windows through a network, some of them with gates held in place of its own; NumPy in, NumPy out.

Every question that is asked by changing something and looking again comes through `run_passes`: a gate held, a
stretch of the signal masked. Nothing is stored on the network. Passes with held gates are torch's, all others go to
the network's engine.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import softmax
from threadpoolctl import ThreadpoolController
from torch import Tensor

from cbam_viz.attention.engine import Computed, find_engine, to_numpy
from cbam_viz.attention.turns import in_turn
from cbam_viz.network.cbam import Gates
from cbam_viz.network.checkpoint import Network
from cbam_viz.signals.windows import Windows

BATCH = 64
"""Windows a pass; small batches stay in the cache."""


@dataclass(frozen=True, eq=False)
class HeldGates:
    """Gates of one block to use in place of its own, a row a pass or one row for all; None computes them.

    Parameters
    ----------
    channel : M_c, (P, C) or (1, C) array.
    spatial : M_s, (P, L) or (1, L) array; (P, 1) and (1, 1) hold one value at every position.
    """

    channel: NDArray[np.float32] | None = None
    spatial: NDArray[np.float32] | None = None


OWN_GATES = HeldGates()


def run_passes(
    network: Network, inputs: NDArray[np.float32], held: Sequence[HeldGates] | None = None
) -> NDArray[np.float32]:
    """Logits of every pass, (P, K) array.

    Parameters
    ----------
    network : shared by any number of threads.
    inputs : (P, T) array, as `Windows.inputs` gives it; (1, T) runs one window under P sets of held gates.
    held : for each block what to hold, see `HeldGates`; None holds nothing.
    """
    return np.concatenate(
        [
            np.broadcast_to(computed.logits, (rows.stop - rows.start, computed.logits.shape[1]))
            for rows, computed in attend_batches(network, inputs, held)
        ]
    )


def probabilities(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Softmax over the classes, (P, K) array."""
    return np.asarray(softmax(logits, axis=1))


def attend_batches(
    network: Network, inputs: NDArray[np.float32] | Windows, held: Sequence[HeldGates] | None = None
) -> Iterator[tuple[slice, Computed]]:
    """What the network gives for each batch of passes, in order, and which passes these are; see `run_passes`.

    What is the same in all passes of a batch has one row: one window is computed once up to the first held gate. Of
    `Windows`, and of a view whose rows overlap, no more than some batches are in memory at once.
    """
    gates = [gate for block in held or () for gate in (block.channel, block.spatial) if gate is not None]
    count = max(map(len, [inputs, *gates]), default=0)
    if wrong := {len(rows) for rows in (inputs, *gates)} - {1, count}:
        raise ValueError(f"windows and held gates have a row a pass or one for all, got {wrong} beside {count}")
    batches = [slice(begin, min(begin + BATCH, count)) for begin in range(0, count, BATCH)]
    cut = inputs.cut if isinstance(inputs, Windows) else partial(_rows, inputs)
    engine = find_engine(network) if held is None else None
    if engine is None:
        return ((rows, _attend(network, cut(rows), held, rows)) for rows in batches)
    return in_turn(lambda rows: engine.compute(cut(rows)), batches, torch.get_num_threads())


def one_thread() -> AbstractContextManager[object]:
    """Within it torch works in the thread that calls it, and in no other.

    On layers this small more threads gain little where cores are free, and where they are not, those that wait for
    each other made a pass of one window take 56 ms instead of 1 ms.
    """
    return _threads().limit(limits=1, user_api="openmp")


@cache
def _threads() -> ThreadpoolController:
    """The libraries that work in threads; looking for them takes longer than a pass of one window."""
    return ThreadpoolController()


def _attend(network: Network, inputs: NDArray[np.float32], held: Sequence[HeldGates] | None, rows: slice) -> Computed:
    """One batch of passes by torch."""
    kept = (
        None
        if held is None
        else [Gates(_channel(block.channel, rows), _spatial(block.spatial, rows)) for block in held]
    )
    with torch.inference_mode(), one_thread():
        return to_numpy(network.model.attend(_tensor(inputs), kept))


def _rows(values: NDArray[np.float32], rows: slice) -> NDArray[np.float32]:
    """Some rows; a single row stays one."""
    return values if len(values) == 1 else values[rows]


def _tensor(values: NDArray[np.float32]) -> Tensor:
    """An array as torch reads it."""
    return torch.from_numpy(np.ascontiguousarray(values, np.float32))


def _channel(gate: NDArray[np.float32] | None, rows: slice) -> Tensor | None:
    return None if gate is None else _tensor(_rows(gate, rows)).unsqueeze(2)  # (P, C, 1)


def _spatial(gate: NDArray[np.float32] | None, rows: slice) -> Tensor | None:
    return None if gate is None else _tensor(_rows(gate, rows)).unsqueeze(1)  # (P, 1, L)
