"""ONNX Runtime, for passes that change nothing in a network; where it can't serve, torch does, and the log says why.

An engine is built once for the same weights and config, in about 10 ms, and all threads share it: it works in the
thread that calls it. That it agrees with torch is measured before it is used.
"""

import logging
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from cbam_viz.network.checkpoint import Network
from cbam_viz.network.config import ModelConfig
from cbam_viz.network.model import CBAMCNN, WHOLE, Attended

AGREEMENT = 1e-5
"""What ONNX Runtime and torch may differ by, of a value or absolutely."""
PIECE = 8
"""Windows a call: what they take on the way is less than they themselves, and stays in the cache."""
ENGINES = 16
"""Networks whose engines are kept; each takes about 1 MB."""

_log = logging.getLogger(__name__)


class Computed(NamedTuple):
    """What a pass computed, as NumPy; what is the same in all of its rows may have one row.

    Parameters
    ----------
    logits : (N, K) array.
    gates : M_c (N, C) and M_s (N, L) of every block, first block first; None where it has none.
    features : (N, D) array, the last ones.
    deviations : (N, K) array in per cent; (N, 0) where the network tells none.
    """

    logits: NDArray[np.float32]
    gates: tuple[tuple[NDArray[np.float32] | None, NDArray[np.float32] | None], ...]
    features: NDArray[np.float32]
    deviations: NDArray[np.float32]


def to_numpy(attended: Attended) -> Computed:
    """What torch computed."""
    gates = tuple(
        (
            None if gates.channel is None else gates.channel.flatten(1).numpy(),
            None if gates.spatial is None else gates.spatial.flatten(1).numpy(),
        )
        for gates in attended.gates
    )
    return Computed(attended.logits.numpy(), gates, attended.features.numpy(), attended.deviations.numpy())


@dataclass(frozen=True, eq=False)
class Engine:
    """A network as ONNX Runtime runs it, shared by any number of threads.

    Parameters
    ----------
    session : of `onnxruntime`.
    outputs : their names, in order.
    gates : names of those that hold M_c and M_s of each block; None where it has none.
    """

    session: Any
    outputs: tuple[str, ...]
    gates: tuple[tuple[str | None, str | None], ...]

    def compute(self, inputs: NDArray[np.float32]) -> Computed:
        """What the network gives for windows, (N, T) array, of which only a piece at a time need be contiguous."""
        pieces = [
            self.session.run(None, {"windows": np.ascontiguousarray(inputs[begin : begin + PIECE], np.float32)})
            for begin in range(0, len(inputs), PIECE)
        ]
        whole = pieces[0] if len(pieces) == 1 else [np.concatenate(parts) for parts in zip(*pieces, strict=True)]
        found: dict[str | None, NDArray[np.float32]] = dict(zip(self.outputs, whole, strict=True))
        gates = tuple((found.get(channel), found.get(spatial)) for channel, spatial in self.gates)
        features = found["features"]
        return Computed(found["logits"], gates, features, found.get("deviations", features[:, :0]))


def find_engine(network: Network) -> Engine | None:
    """The engine of a network; None where torch serves."""
    return None if network.fleeting else _engine(_Asked(network.digest, network.card.config, network.model))


@dataclass(frozen=True)
class _Asked:
    """What an engine is known by, and the model that it is built from."""

    digest: str
    config: ModelConfig
    model: CBAMCNN = field(compare=False)


@lru_cache(maxsize=ENGINES)
def _engine(asked: _Asked) -> Engine | None:
    """Build an engine and compare it with torch."""
    try:
        import onnxruntime  # noqa: PLC0415  # a machine may be without it
        from onnxruntime.capi import onnxruntime_pybind11_state as trouble  # noqa: PLC0415

        from cbam_viz.attention.graph import gate_outputs, write_graph  # noqa: PLC0415  # brings onnx
    except (ImportError, OSError) as error:
        _log.warning("ONNX Runtime can't be loaded, torch serves in its place: %s", error)
        return None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors
    try:
        session = onnxruntime.InferenceSession(write_graph(asked.model), options, providers=["CPUExecutionProvider"])
        names = tuple(output.name for output in session.get_outputs())
        engine = Engine(session, names, gate_outputs(asked.model))
        differ = disagreement(engine, asked.model)
    except (trouble.Fail, trouble.InvalidGraph, trouble.InvalidArgument, trouble.NotImplemented) as error:
        _log.warning("ONNX Runtime can't run a network, torch serves in its place: %s", error)
        return None
    if not differ <= AGREEMENT:
        _log.warning("ONNX Runtime differs from torch by %.1e in a network, so torch serves in its place", differ)
        return None
    return engine


def disagreement(engine: Engine, model: CBAMCNN, windows: int = 2) -> float:
    """The largest difference between ONNX Runtime and torch in any output over windows of noise, see `AGREEMENT`."""
    noise = np.random.default_rng(0).standard_normal((windows, model.config.window), np.float32)
    with torch.inference_mode():
        theirs = to_numpy(model.attend(torch.from_numpy(noise)))
    return max(map(_difference, _arrays(engine.compute(noise)), _arrays(theirs)))


def _arrays(computed: Computed) -> list[NDArray[np.float32]]:
    """All arrays, in one order."""
    gates = [gate for block in computed.gates for gate in block if gate is not None]
    return [computed.logits, computed.features, computed.deviations / WHOLE, *gates]


def _difference(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> float:
    """The largest difference, as a part of values above 1."""
    return float((np.abs(ours - theirs) / np.maximum(np.abs(theirs), 1)).max(initial=0))
