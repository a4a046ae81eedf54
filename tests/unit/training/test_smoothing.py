"""Outliers are moved, answers are not: the graph computes the same, and eight bits cost it less."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import quantize_dynamic

from training.smoothing import SMALLEST_TABLE, STANDS_OUT, Inputs, scale_columns, smooth_channels

WIDTH = 8
RNG = np.random.default_rng(0)
IDS: Inputs = {"ids": RNG.integers(0, SMALLEST_TABLE, size=40)}


def graph() -> onnx.ModelProto:
    """Two look-ups in one table with a wide column, then a feed-forward layer with one loud channel."""
    table = RNG.normal(size=(SMALLEST_TABLE, WIDTH)).astype(np.float32)
    table[:, 3] *= 50
    up, down = (RNG.normal(size=shape).astype(np.float32) / 4 for shape in ((WIDTH, 4 * WIDTH), (4 * WIDTH, WIDTH)))
    up[:, 5] *= 30
    weights = [numpy_helper.from_array(values, name) for name, values in (("table", table), ("up", up), ("down", down))]
    nodes = [
        helper.make_node("Gather", ["table", "ids"], ["first"], name="a"),
        helper.make_node("Gather", ["table", "ids"], ["second"], name="b"),
        helper.make_node("Add", ["first", "second"], ["both"], name="c"),
        helper.make_node("LayerNormalization", ["both", "one"], ["even"], name="d"),
        helper.make_node("MatMul", ["even", "up"], ["wide"], name="e"),
        helper.make_node("Gelu", ["wide"], ["bent"], name="f"),
        helper.make_node("MatMul", ["bent", "down"], ["out"], name="g"),
    ]
    weights.append(numpy_helper.from_array(np.ones(WIDTH, dtype=np.float32), "one"))
    made = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["n"])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["n", WIDTH])],
        weights,
    )
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)


def answer(model: onnx.ModelProto) -> np.ndarray:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return np.asarray(session.run(["out"], IDS)[0])


def quantised(model: onnx.ModelProto, folder: Path) -> onnx.ModelProto:
    onnx.save(model, str(folder / "whole.onnx"))
    quantize_dynamic(folder / "whole.onnx", folder / "small.onnx", op_types_to_quantize=["MatMul", "Gather"])
    return onnx.load(str(folder / "small.onnx"))


def changed() -> tuple[onnx.ModelProto, onnx.ModelProto]:
    before = graph()
    after = onnx.ModelProto()
    after.CopyFrom(before)
    smooth_channels(after, [IDS])
    scale_columns(after)
    onnx.checker.check_model(after)
    return before, after


def test_the_answers_stay_the_same() -> None:
    before, after = changed()
    assert answer(after) == pytest.approx(answer(before), abs=1e-4)
    weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in after.graph.initializer}
    assert np.abs(weights["table"]).max(axis=0) == pytest.approx(np.ones(WIDTH))
    assert (weights["down_channel_scales"] < 1).sum() == 1, f"one channel above percentile {STANDS_OUT}"


def test_eight_bits_cost_less(tmp_path: Path) -> None:
    before, after = changed()
    whole = answer(before)
    costs = [np.abs(answer(quantised(model, tmp_path)) - whole).mean() for model in (before, after)]
    assert costs[1] < 0.7 * costs[0]


def test_a_graph_without_such_layers_is_left_alone() -> None:
    model = helper.make_model(
        helper.make_graph(
            [helper.make_node("Identity", ["x"], ["y"])],
            "none",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])],
        )
    )
    before = model.SerializeToString()
    smooth_channels(model, [IDS])
    scale_columns(model)
    assert model.SerializeToString() == before
