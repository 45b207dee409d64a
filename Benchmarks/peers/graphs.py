"""ONNX graphs of the benchmarked models, written by hand from a model file's tensors: nothing an exporter leaves behind.

With `fused`, attention is ONNX Runtime's own MultiHeadAttention; without, the standard operations.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


class Graph:
    def __init__(self, tensors, fused):
        self.tensors, self.fused = tensors, fused
        self.nodes, self.constants, self.count = [], {}, 0

    def op(self, kind, *inputs, outputs=1, **attributes):
        names = [f"{kind}_{self.count}_{i}" for i in range(outputs)]
        self.count += 1
        self.nodes.append(helper.make_node(kind, list(inputs), names, f"node_{self.count}", **attributes))
        return names[0] if outputs == 1 else names

    def constant(self, value):
        value = np.ascontiguousarray(value)
        key = (value.dtype.str, value.shape, value.tobytes())
        if key not in self.constants:
            self.constants[key] = numpy_helper.from_array(value, f"constant_{len(self.constants)}")
        return self.constants[key].name

    def linear(self, x, name, weight=".weight", bias=".bias"):
        return self.affine(x, self.tensors[name + weight], self.tensors[name + bias])

    def affine(self, x, weight, bias):
        return self.op("Add", self.op("MatMul", x, self.constant(weight.T)), self.constant(bias))

    def norm(self, x, name, epsilon):
        return self.op("LayerNormalization", x, self.constant(self.tensors[name + ".weight"]),
                       self.constant(self.tensors[name + ".bias"]), epsilon=epsilon, axis=-1)

    def gelu(self, x):
        return self.op("Gelu", x)

    def attention(self, x, weights, biases, heads, mask=None):
        """Self-attention before its last projection; `mask` has one byte per real token."""
        width = weights[0].shape[0]
        if not self.fused:  # the scale of the scores goes into the queries' weights
            scale = np.float32((width // heads) ** -0.5)
            weights, biases = [weights[0] * scale, *weights[1:]], [biases[0] * scale, *biases[1:]]
        joined = self.affine(x, np.concatenate(weights), np.concatenate(biases))
        q, k, v = self.op("Split", joined, self.constant(np.array([width] * 3)), outputs=3, axis=-1)
        if self.fused:
            inputs = [q, k, v] if mask is None else [q, k, v, "", self.op("Cast", mask, to=TensorProto.INT32)]
            return self.op("MultiHeadAttention", *inputs, num_heads=heads, domain="com.microsoft")
        shape = self.constant(np.array([0, 0, heads, width // heads]))

        def split(y, order):
            return self.op("Transpose", self.op("Reshape", y, shape), perm=order)

        scores = self.op("MatMul", split(q, [0, 2, 1, 3]), split(k, [0, 2, 3, 1]))
        if mask is not None:
            beyond = self.op("Sub", self.constant(np.float32(1)), self.op("Cast", mask, to=TensorProto.FLOAT))
            added = self.op("Mul", beyond, self.constant(np.float32(-1e9)))
            scores = self.op("Add", scores, self.op("Unsqueeze", added, self.constant(np.array([1, 2]))))
        y = self.op("MatMul", self.op("Softmax", scores, axis=-1), split(v, [0, 2, 1, 3]))
        return self.op("Reshape", self.op("Transpose", y, perm=[0, 2, 1, 3]), self.constant(np.array([0, 0, width])))

    def model(self, inputs, output, result):
        self.nodes.append(helper.make_node("Identity", [output], ["output"]))
        graph = helper.make_graph(self.nodes, "model", inputs, [helper.make_tensor_value_info("output", TensorProto.FLOAT, result)],
                                  list(self.constants.values()))
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)][: 2 if self.fused else 1]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10)


def value(name, shape, kind=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def transformer(config, tensors, fused):
    g, c = Graph(tensors, fused), config
    x = g.op("Add", g.linear("input", "input_proj"), g.constant(tensors["pos_embedding"]))
    for i in range(c["layers"]):
        p, at = f"encoder.layers.{i}", f"encoder.layers.{i}.self_attn"
        y = g.norm(x, p + ".norm1", c["epsilon"])
        y = g.attention(y, np.split(tensors[at + ".in_proj_weight"], 3), np.split(tensors[at + ".in_proj_bias"], 3), c["heads"])
        x = g.op("Add", x, g.linear(y, at + ".out_proj"))
        y = g.gelu(g.linear(g.norm(x, p + ".norm2", c["epsilon"]), p + ".linear1"))
        x = g.op("Add", x, g.linear(y, p + ".linear2"))
    x = g.op("ReduceMean", g.norm(x, "encoder.norm", c["epsilon"]), g.constant(np.array([1])), keepdims=0)
    x = g.linear(g.gelu(g.linear(x, "head.0")), "head.2")
    return g.model([value("input", ["batch", c["length"], c["features"]])], x, ["batch", c["outputs"]])


def residual_mlp(config, tensors, fused):
    g, c = Graph(tensors, fused), config

    def block(x, name):
        return g.op("Relu", g.norm(g.linear(x, name + ".0"), name + ".1", c["epsilon"]))

    x = block("input", "input")
    for i in range(c["blocks"]):
        x = g.op("Add", x, block(x, f"blocks.{i}"))
    return g.model([value("input", ["batch", c["features"]])], g.linear(x, "output"), ["batch", c["outputs"]])


def bert(config, tensors, fused):
    g, c = Graph(tensors, fused), config
    e = "embeddings."
    words = tensors[e + "word_embeddings.weight"]
    x = g.op("Gather", g.constant(words + tensors[e + "token_type_embeddings.weight"][0]), "ids")
    length = g.op("Shape", "ids", start=1, end=2)
    zero = g.constant(np.array([0]))
    x = g.op("Add", x, g.op("Slice", g.constant(tensors[e + "position_embeddings.weight"]), zero, length, zero))
    x = g.norm(x, e + "LayerNorm", c["epsilon"])
    for i in range(c["layers"]):
        p = f"encoder.layer.{i}."
        of = [p + "attention.self." + part for part in ("query", "key", "value")]
        y = g.attention(x, [tensors[n + ".weight"] for n in of], [tensors[n + ".bias"] for n in of], c["heads"], "mask")
        x = g.norm(g.op("Add", x, g.linear(y, p + "attention.output.dense")), p + "attention.output.LayerNorm", c["epsilon"])
        y = g.linear(g.gelu(g.linear(x, p + "intermediate.dense")), p + "output.dense")
        x = g.norm(g.op("Add", x, y), p + "output.LayerNorm", c["epsilon"])
    real = g.op("Unsqueeze", g.op("Cast", "mask", to=TensorProto.FLOAT), g.constant(np.array([2])))
    total = g.op("ReduceSum", g.op("Mul", x, real), g.constant(np.array([1])), keepdims=0)
    mean = g.op("Div", total, g.op("ReduceSum", real, g.constant(np.array([1])), keepdims=0))
    x = g.op("Div", mean, g.op("ReduceL2", mean, g.constant(np.array([1])), keepdims=1))
    inputs = [value("ids", ["batch", "length"], TensorProto.INT64), value("mask", ["batch", "length"], TensorProto.INT64)]
    return g.model(inputs, x, ["batch", c["width"]])


def make(config, tensors, path, fused):
    kinds = {"transformer": transformer, "residual_mlp": residual_mlp, "bert": bert}
    onnx.save(kinds[config["architecture"]](config, tensors, fused), path)
    return path
