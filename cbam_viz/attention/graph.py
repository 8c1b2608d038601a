"""A network as an ONNX graph whose outputs are all that a record keeps: logits, features, and every gate.

A signal is written as a picture one sample high, (N, C, 1, L): ONNX Runtime keeps pictures in blocks of channels that
fill a processor's vectors, signals it does not, and takes 1.4 times as long. Batch norms are folded into convolutions.
"""

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_weights

from cbam_viz.network.cbam import CBAM, ChannelAttention, SpatialAttention
from cbam_viz.network.model import CBAMCNN, WHOLE, Block
from cbam_viz.network.receptive import receptive_fields

OPSET, IR_VERSION = 18, 10
WINDOWS, LOGITS, FEATURES, DEVIATIONS = "windows", "logits", "features", "deviations"


def gate_outputs(model: CBAMCNN) -> tuple[tuple[str | None, str | None], ...]:
    """Names of the outputs that hold M_c (N, C) and M_s (N, L) of each block; None where it has none."""
    return tuple(
        (f"M_c {number}" if block.has_channel else None, f"M_s {number}" if block.has_spatial else None)
        for number, block in enumerate(model.config.blocks, 1)
    )


def write_graph(model: CBAMCNN) -> bytes:
    """The network as an ONNX model: ``windows`` (N, T) to logits, features, the gates that it has, and deviations.

    Parameters
    ----------
    model : in evaluation mode; its weights are copied into the graph.
    """
    graph = _Graph()
    x = graph.add("Unsqueeze", WINDOWS, graph.hold(1, 2))  # (N, 1, 1, T)
    outputs = [LOGITS, FEATURES]
    for block, settings, names in zip(model.each_block, model.config.blocks, gate_outputs(model), strict=True):
        x, channel, spatial = _add_block(graph, block, x)
        for name, gate in zip(names, (channel, spatial), strict=True):
            if name and gate:
                outputs.append(graph.add("Flatten", gate, output=name))
        if settings.pool > 1:
            x = _add_pool(graph, "MaxPool" if model.config.pooling == "max" else "AveragePool", x, settings.pool)
    last, pool = receptive_fields(model.config)[-1], model.config.blocks[-1].pool
    x = _add_pool(graph, "AveragePool", x, last.positions // pool // model.config.head)  # (N, C, 1, head)
    features = graph.add("Flatten", x, output=FEATURES)  # (N, D)
    _add_linear(graph, model.linear, features, LOGITS)
    if model.deviation is not None:
        part = _add_linear(graph, model.deviation, features)
        outputs.append(graph.add("Mul", part, graph.weigh(np.array([WHOLE], np.float32)), output=DEVIATIONS))
    return graph.serialise(outputs, model.config.window)


class _Graph:
    """Nodes and constants in the order of their adding; each is known by the name of what it gives."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def hold(self, *numbers: int) -> str:
        """The name of whole numbers, as axes and shapes are given."""
        return self.weigh(np.array(numbers, np.int64))

    def weigh(self, values: Tensor | NDArray[Any]) -> str:
        """The name of an array."""
        array = values.detach().numpy() if isinstance(values, Tensor) else values
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(array), f"c{len(self._constants)}"))
        return self._constants[-1].name

    def add(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """The name of what a node gives."""
        output = output or f"x{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def serialise(self, outputs: list[str], window: int) -> bytes:
        """The whole model, its outputs (N, ...)."""
        real = onnx.TensorProto.FLOAT
        graph = helper.make_graph(
            self._nodes,
            "cbam",
            [helper.make_tensor_value_info(WINDOWS, real, ["N", window])],
            [helper.make_tensor_value_info(name, real, ["N", None]) for name in outputs],
            self._constants,
        )
        opset = helper.make_opsetid("", OPSET)
        return helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION).SerializeToString()


def _add_block(graph: _Graph, block: Block, x: str) -> tuple[str, str | None, str | None]:
    """Refined features, M_c and M_s of a block, as `Block.attend` computes them."""
    features = graph.add("Relu", _add_conv(graph, block.conv, block.norm, x))  # (N, C, 1, L)
    return (features, None, None) if block.cbam is None else _add_cbam(graph, block.cbam, features)


def _add_cbam(graph: _Graph, cbam: CBAM, features: str) -> tuple[str, str | None, str | None]:
    """Refined features and the gates, in the order of `CBAM.attend`."""
    refined, channel, spatial = features, None, None
    if cbam.spatial and cbam.config.order == "spatial-channel":
        spatial = _add_spatial(graph, cbam.spatial, refined)
        refined = graph.add("Mul", refined, spatial)
    if cbam.channel:
        channel = _add_channel(graph, cbam.channel, refined)
        refined = graph.add("Mul", refined, channel)
    if cbam.spatial and spatial is None:
        spatial = _add_spatial(graph, cbam.spatial, features if cbam.config.order == "parallel" else refined)
        refined = graph.add("Mul", refined, spatial)
    return graph.add("Add", features, refined) if cbam.config.residual else refined, channel, spatial


def _add_channel(graph: _Graph, module: ChannelAttention, features: str) -> str:
    """M_c, (N, C, 1, 1)."""
    config, branches = module.config, []
    if config.channel == "eca":
        mean = graph.add("Squeeze", graph.add("GlobalAveragePool", features), graph.hold(3))  # (N, C, 1)
        kernel = module.across.kernel_size[0]
        across = graph.add("Transpose", mean, perm=[0, 2, 1])  # (N, 1, C)
        across = graph.add("Conv", across, graph.weigh(module.across.weight), pads=[kernel // 2] * 2)
        branches = [graph.add("Squeeze", across, graph.hold(1))]  # (N, C)
    if config.pools_max:
        pooled = graph.add("Flatten", graph.add("GlobalMaxPool", features))  # (N, C)
        branches.append(_add_mlp(graph, module.fc_shared if config.shared_mlp else module.fc_MaxPool, pooled))
    if config.pools_avg and config.channel != "eca":
        pooled = graph.add("Flatten", graph.add("GlobalAveragePool", features))  # (N, C)
        branches.append(_add_mlp(graph, module.fc_shared if config.shared_mlp else module.fc_AvgPool, pooled))
    weight = branches[0] if len(branches) == 1 else graph.add("Add", *branches)
    return graph.add("Unsqueeze", graph.add("Sigmoid", weight), graph.hold(2, 3))


def _add_mlp(graph: _Graph, layers: nn.Sequential, pooled: str) -> str:
    """What an MLP of the channel gate gives, (N, C)."""
    for layer in layers:
        if isinstance(layer, nn.Linear):
            pooled = _add_linear(graph, layer, pooled)
        else:
            pooled = graph.add(type(layer).__name__.replace("ReLU", "Relu"), pooled)
    return pooled


def _add_spatial(graph: _Graph, module: SpatialAttention, features: str) -> str:
    """M_s, (N, 1, 1, L)."""
    across = graph.hold(1)
    pair = [graph.add(kind, features, across, keepdims=1) for kind in ("ReduceMax", "ReduceMean")]  # (N, 1, 1, L) each
    read = pair if module.config.pooled_order == "max-mean" else pair[::-1]
    norm = module.norm if isinstance(module.norm, nn.BatchNorm1d) else None
    return graph.add("Sigmoid", _add_conv(graph, module.conv, norm, graph.add("Concat", *read, axis=1)))


def _add_conv(graph: _Graph, conv: nn.Conv1d | nn.Conv2d, norm: nn.BatchNorm1d | None, x: str) -> str:
    """A convolution over time with the norm that follows it."""
    weight, bias = conv.weight, conv.bias
    if norm is not None:
        mean, variance = norm.get_buffer("running_mean"), norm.get_buffer("running_var")
        weight, bias = fuse_conv_bn_weights(weight, bias, mean, variance, norm.eps, norm.weight, norm.bias)
    constants = [graph.weigh(weight.unsqueeze(2)), *([] if bias is None else [graph.weigh(bias)])]
    around = int(conv.padding[0])
    return graph.add("Conv", x, *constants, strides=[1, conv.stride[0]], pads=[0, around, 0, around])


def _add_pool(graph: _Graph, kind: str, x: str, width: int) -> str:
    """A pool over time whose steps are as long as it is wide."""
    return graph.add(kind, x, kernel_shape=[1, width], strides=[1, width])


def _add_linear(graph: _Graph, layer: nn.Linear, x: str, output: str = "") -> str:
    """A linear layer, (N, in) to (N, out)."""
    bias = [] if layer.bias is None else [graph.weigh(layer.bias)]
    return graph.add("Gemm", x, graph.weigh(layer.weight), *bias, output=output, transB=1)
