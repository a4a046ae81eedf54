"""Step 9, a part: the fp32 graph -> the same function with its outliers moved to where eight bits bear them.

One scale serves a whole table, and one all activations of a product: a single channel that is ten times larger takes
the precision of all others. Two changes that leave every answer the same: the columns of a table are scaled to one and
multiplied back after the look-up; the channels that stand out before a feed-forward product are divided by what they exceed
the others, and the weights that meet them multiplied (Xiao et al. 2023, SmoothQuant, there for layer norms).
"""

from collections.abc import Iterable

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper

COLUMN_SCALES, CHANNEL_SCALES = "_column_scales", "_channel_scales"
"""Appended to a weight's name: what its columns, or the activations that it meets, are multiplied with."""
SMALLEST_TABLE = 1_000
"""Rows from which a table is scaled; below, there is little to gain."""
STANDS_OUT = 99.5
"""Percentile of the channels' largest activations that the channels above it are brought down to."""
Inputs = dict[str, np.ndarray]


def scale_columns(model: onnx.ModelProto) -> None:
    """Scale the columns of every large table that a `Gather` reads, in place; several may read one table."""
    graph = model.graph
    tables = {t.name: t for t in graph.initializer if len(t.dims) == 2 and t.dims[0] >= SMALLEST_TABLE}
    readers = [node for node in graph.node if node.op_type == "Gather" and node.input[0] in tables]
    for name in {node.input[0] for node in readers}:
        values = numpy_helper.to_array(tables[name])
        scales = np.maximum(np.abs(values).max(axis=0), 1e-12).astype(np.float32)
        tables[name].CopyFrom(numpy_helper.from_array((values / scales).astype(np.float32), name))
        graph.initializer.append(numpy_helper.from_array(scales, name + COLUMN_SCALES))
    for node in readers:
        out = node.output[0]
        node.output[0] = f"{out}_unit"
        product = helper.make_node(
            "Mul", [node.output[0], node.input[0] + COLUMN_SCALES], [out], name=f"{node.name}_scaled"
        )
        graph.node.insert(list(graph.node).index(node) + 1, product)


def smooth_channels(model: onnx.ModelProto, inputs: Iterable[Inputs]) -> None:
    """Bring down the channels that stand out after the feed-forward activation (Gelu), in place; `inputs` show which do."""
    graph = model.graph
    weights = {tensor.name: tensor for tensor in graph.initializer if len(tensor.dims) == 2}
    made_by = {output: node.op_type for node in graph.node for output in node.output}
    products = [
        n for n in graph.node if n.op_type == "MatMul" and n.input[1] in weights and made_by.get(n.input[0]) == "Gelu"
    ]
    for node, largest in zip(products, _largest(model, [n.input[0] for n in products], inputs), strict=True):
        scales = np.maximum(largest / np.percentile(largest, STANDS_OUT), 1.0).astype(np.float32)
        weight, before = weights[node.input[1]], node.input[0]
        values = numpy_helper.to_array(weight) * scales[:, None]
        weight.CopyFrom(numpy_helper.from_array(values.astype(np.float32), weight.name))
        graph.initializer.append(numpy_helper.from_array(1.0 / scales, weight.name + CHANNEL_SCALES))
        node.input[0] = f"{before}_smoothed"
        product = helper.make_node(
            "Mul", [before, weight.name + CHANNEL_SCALES], [node.input[0]], name=f"{node.name}_smoothed"
        )
        graph.node.insert(list(graph.node).index(node), product)


def _largest(model: onnx.ModelProto, names: list[str], inputs: Iterable[Inputs]) -> list[np.ndarray]:
    """Largest absolute value of each channel of the named tensors, over all inputs."""
    if not names:
        return []
    shown = onnx.ModelProto()
    shown.CopyFrom(model)
    shown.graph.output.extend(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names)
    session = onnxruntime.InferenceSession(shown.SerializeToString(), providers=["CPUExecutionProvider"])
    found: list[np.ndarray] = [np.zeros(1, dtype=np.float32) for _ in names]
    for feed in inputs:
        for place, values in enumerate(session.run(names, feed)):
            found[place] = np.maximum(found[place], np.abs(values).reshape(-1, values.shape[-1]).max(axis=0))
    return found
