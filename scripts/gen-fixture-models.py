"""Writes the small models of test/fixtures: models/ has the signatures of the learned plugins with random weights,
faulty-models/ what a host must refuse.

By hand, in an environment with onnx 1.23 (it needs numpy only): python scripts/gen-fixture-models.py
"""

import base64
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

OPSET = 17
FIXTURES = Path(__file__).resolve().parent.parent / "test/fixtures"
CARD = "# {id} {version}\n\nRandom weights, for tests. Says nothing about plans.\n"
# The score leaves 0 when a goal dose exceeds this, and refuses at twice of it.
HIGHEST_GOAL_GY = 100.0
GOAL_HIGH_COLUMN = 5


class Graph:
    """Collects nodes and weights."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.nodes = []
        self.weights = []

    def constant(self, value, dtype=np.float32):
        name = f"c{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def random(self, *shape, scale=0.3):
        return self.constant(self.rng.normal(0.0, scale, shape))

    def op(self, kind, *inputs, output=None, **attributes):
        output = output or f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def dense(self, x, inputs, outputs):
        return self.op("Add", self.op("MatMul", x, self.random(inputs, outputs)), self.random(outputs))

    def goal_score(self):
        """ood_score [1] from the highest goal dose of `structures`."""
        column = self.op("Gather", "structures", self.constant([GOAL_HIGH_COLUMN], np.int64), axis=1)
        highest = self.op("ReduceMax", column, axes=[0, 1], keepdims=0)
        relative = self.op("Div", highest, self.constant(HIGHEST_GOAL_GY))
        excess = self.op("Relu", self.op("Sub", relative, self.constant(1.0)))
        return self.op("Reshape", excess, self.constant([1], np.int64), output="ood_score")


def tensor(name, *shape):
    return {"name": name, "type": "float32", "shape": list(shape), "description": f"{name} of a fixture"}


STRUCTURES = tensor("structures", "structures", 11)
BEAMS = tensor("beams", "beams", 4)
PER_BEAMLET = [
    tensor("structure_mean_dose", "beams", "rows", "columns", "structures"),
    tensor("structure_max_dose", "beams", "rows", "columns", "structures"),
    tensor("column_norm", "beams", "rows", "columns"),
]
SCORE = tensor("ood_score", 1)


def convergence(hidden, seed):
    g = Graph(seed)
    sequence = g.op("Transpose", "history", perm=[1, 0, 2])
    g.nodes.append(
        helper.make_node(
            "GRU",
            [sequence, g.random(1, 3 * hidden, 4), g.random(1, 3 * hidden, hidden), g.random(1, 6 * hidden)],
            ["", "last"],
            hidden_size=hidden,
        )
    )
    memory = g.op("Squeeze", "last", g.constant([0], np.int64))
    features = g.op("Tanh", g.dense(g.op("Concat", memory, "state", axis=1), hidden + 6, 16))
    heads = g.op("Softplus", g.dense(features, 16, 2))
    axis = g.constant([1], np.int64)
    ratio = g.op("Gather", heads, g.constant(0, np.int64), axis=1)
    g.op("Neg", ratio, output="final_log10_ratio")
    deviation = g.op("Gather", heads, g.constant(1, np.int64), axis=1)
    g.op("Add", deviation, g.constant(0.01), output="standard_deviation")
    sizes = g.op("Gather", "state", g.constant([1, 3], np.int64), axis=1)
    relative = g.op("Div", g.op("Abs", sizes), g.constant([3.0, 6.0]))
    worst = g.op("Squeeze", g.op("ReduceMax", relative, axes=[1]), axis)
    g.op("Relu", g.op("Sub", worst, g.constant(1.0)), output="ood_score")
    inputs = [tensor("history", "batch", 10, 4), tensor("state", "batch", 6)]
    outputs = [tensor(name, "batch") for name in ("final_log10_ratio", "standard_deviation", "ood_score")]
    return g, "early-stopping", 0, inputs, outputs


def per_beamlet(role, output, context, seed):
    """A number in [0, 1] for each beamlet, from every input."""
    g = Graph(seed)
    summary = g.op("Add", g.op("ReduceMean", "structures", keepdims=0), g.op("ReduceMean", "beams", keepdims=0))
    if context:
        summary = g.op("Add", summary, g.op("ReduceMean", "context", keepdims=0))
    dose = g.op("Sub", "structure_max_dose", "structure_mean_dose")
    spread = g.op("ReduceMean", dose, axes=[3], keepdims=0)
    logit = g.op("Add", g.op("Sub", "column_norm", spread), g.op("Mul", summary, g.constant(0.01)))
    share = g.op("Sigmoid", logit)
    g.op("Mul", share, g.constant(0.2 if output == "weights" else 1.0), output=output)
    g.goal_score()
    inputs = [STRUCTURES, BEAMS, *PER_BEAMLET, *([tensor("context", context)] if context else [])]
    return g, role, None, inputs, [tensor(output, "beams", "rows", "columns"), SCORE]


def direction(seed, memory=3, pairs=2):
    """Steps down the gradient that a memory of the last steps makes longer."""
    g = Graph(seed)
    summary = g.op("Add", g.op("ReduceMean", "structures", keepdims=0), g.op("ReduceMean", "beams", keepdims=0))
    summary = g.op("Add", summary, g.op("ReduceMean", "context", keepdims=0))
    dose = g.op("ReduceMean", g.op("Sub", "structure_max_dose", "structure_mean_dose"), axes=[3], keepdims=0)
    newest = g.constant(0, np.int64)
    last_step, change = (g.op("Gather", one, newest, axis=0) for one in ("steps", "gradient_changes"))
    features = [g.op("Sub", "column_norm", dose), "gradient", last_step, change]
    last = g.constant([3], np.int64)
    seen = g.op("Concat", *(g.op("Unsqueeze", one, last) for one in features), "memory", axis=3)
    g.op("Tanh", g.dense(seen, len(features) + memory, memory), output="next_memory")
    told = g.op("Add", g.op("ReduceMean", "memory", axes=[3], keepdims=0), g.op("Mul", summary, g.constant(0.01)))
    gain = g.op("Mul", g.op("Sigmoid", told), g.constant(0.004))
    moved = g.op("Sub", "weights", g.op("Mul", "gradient", gain))
    bounded = g.op("Clip", moved, g.constant(0.0), g.constant(0.2))
    g.op("Sub", bounded, "weights", output="step")
    g.goal_score()
    grid = ("beams", "rows", "columns")
    vectors = [tensor(name, *grid) for name in ("weights", "gradient")]
    vectors += [tensor(name, pairs, *grid) for name in ("steps", "gradient_changes")]
    inputs = [STRUCTURES, BEAMS, *PER_BEAMLET, *vectors, tensor("context", 3), tensor("memory", *grid, memory)]
    return g, "step-direction", None, inputs, [tensor("step", *grid), tensor("next_memory", *grid, memory), SCORE]


def histogram_sigma(seed):
    g = Graph(seed)
    features = g.op("Tanh", g.dense(g.op("Mul", "structures", g.constant(0.01)), 11, 8))
    factor = g.op("Add", g.op("Sigmoid", g.dense(features, 8, 1)), g.constant(0.5))
    g.op("Squeeze", factor, g.constant([1], np.int64), output="sigma_factor")
    g.goal_score()
    return g, "histogram-sigma", None, [STRUCTURES, BEAMS], [tensor("sigma_factor", "structures"), SCORE]


def pyramid_sigma(seed):
    g = Graph(seed)
    context = g.op("ReduceSum", "context", keepdims=0)
    g.op("Add", g.constant([30.0, 15.0, 16.0, 4.0]), context, output="sigmas_gy")
    g.op("Add", g.constant([12.4, 8.0, 0.2, 5.0]), context, output="iterations")
    g.goal_score()
    inputs = [STRUCTURES, BEAMS, tensor("context", 2)]
    return g, "pyramid-sigma", None, inputs, [tensor("sigmas_gy", 4), tensor("iterations", 4), SCORE]


def slow(seed):
    """Tens of milliseconds from a file of a few hundred bytes: products of a large matrix made of one number."""
    g = Graph(seed)
    side = 640
    matrix = g.op("Expand", g.op("Mul", "x", g.constant(1.0 / side)), g.constant([side, side], np.int64))
    for _ in range(3):
        matrix = g.op("MatMul", matrix, g.op("Expand", g.constant([1.0 / side]), g.constant([side, side], np.int64)))
    g.op("ReduceMean", matrix, axes=[0], keepdims=0, output="rows")
    g.op("ReduceMax", "rows", axes=[0], keepdims=1, output="y")
    g.op("Relu", g.op("Neg", g.op("Abs", "x")), output="ood_score")
    return g, "initialization", None, [tensor("x", 1)], [tensor("y", 1), SCORE]


def tiny(role, output):
    """A batched model of one number; `output` makes the answer of `x`."""
    g = Graph(8)
    output(g)
    g.op("Relu", g.op("Neg", g.op("Abs", g.op("Reshape", "x", g.constant([-1], np.int64)))), output="ood_score")
    return g, role, 0, [tensor("x", "batch", 1)], [tensor("y", "batch", 1), tensor("ood_score", "batch")]


def nan():
    return tiny("early-stopping", lambda g: g.op("Mul", "x", g.constant(np.nan), output="y"))


def mixing():
    """Answers depend on the other questions of the run."""
    mean = {"axes": [0], "keepdims": 1}
    return tiny("early-stopping", lambda g: g.op("Sub", "x", g.op("ReduceMean", "x", **mean), output="y"))


FAULTY = {("nan", "1"): nan(), ("mixing", "1"): mixing()}
MODELS = {
    ("convergence", "1"): convergence(64, 1),
    ("convergence", "2"): convergence(8, 2),
    ("warm-start", "1"): per_beamlet("initialization", "weights", 0, 3),
    ("variance", "1"): per_beamlet("adaptive-variance", "share", 3, 4),
    ("histogram-sigma", "1"): histogram_sigma(5),
    ("pyramid-sigma", "1"): pyramid_sigma(6),
    ("slow", "1"): slow(7),
    ("learned-direction", "1"): direction(9),
}
EXTENTS = {"batch": 1, "structures": 3, "beams": 2, "rows": 2, "columns": 4}


def encode(array):
    array = np.asarray(array, "<f4")
    return {"type": "float32", "shape": list(array.shape), "data": base64.b64encode(array.tobytes()).decode()}


def golden(model, inputs, seed):
    rng = np.random.default_rng(seed)
    evaluator = ReferenceEvaluator(model)
    names = evaluator.output_names
    cases = []
    for index in range(3):
        feeds = {
            one["name"]: rng.uniform(0.0, 2.0, [EXTENTS.get(e, e) for e in one["shape"]]).astype(np.float32)
            for one in inputs
        }
        outputs = dict(zip(names, evaluator.run(None, feeds), strict=True))
        cases.append(
            {
                "name": f"random-{index}",
                "inputs": {name: encode(value) for name, value in feeds.items()},
                "outputs": {name: encode(value) for name, value in outputs.items()},
            }
        )
    return json.dumps({"cases": cases}, indent=1) + "\n"


def value_info(one):
    return helper.make_tensor_value_info(one["name"], TensorProto.FLOAT, one["shape"])


def write(target, name, version, made):
    g, role, batch_axis, inputs, outputs = made
    graph = helper.make_graph(
        g.nodes, name, [value_info(i) for i in inputs], [value_info(o) for o in outputs], g.weights
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    checker.check_model(model, full_check=True)
    files = {
        "model": ("model.onnx", model.SerializeToString()),
        "golden": ("golden.json", golden(model, inputs, 1).encode()),
        "card": ("card.md", CARD.format(id=name, version=version).encode()),
    }
    description = {
        "format": "dh-advisor-model",
        "format_version": 1,
        "id": name,
        "version": version,
        "role": role,
        **{
            key: {"file": file, "sha256": hashlib.sha256(content).hexdigest()} for key, (file, content) in files.items()
        },
        "opset": OPSET,
        "batch_axis": batch_axis,
        "inputs": inputs,
        "outputs": outputs,
        "ranges": {},
        "training": {
            "data_sha256": "0" * 64,
            "cases": 0,
            "seed": 0,
            "command": "python scripts/gen-fixture-models.py",
        },
    }
    description["golden"] |= {"absolute_tolerance": 1.0e-5, "relative_tolerance": 1.0e-4}
    if name in ("warm-start", "learned-direction"):
        description["weight_ceiling"] = 0.2
    folder = target / name / version
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file, content in files.values():
        (folder / file).write_bytes(content)
    # JSON is YAML; one key a line is enough for people.
    lines = [f"{key}: {json.dumps(value)}" for key, value in description.items()]
    (folder / "model.yaml").write_text("\n".join(lines) + "\n")
    print(f"{name}/{version}: {len(files['model'][1])} bytes")


for (model_name, model_version), parts in MODELS.items():
    write(FIXTURES / "models", model_name, model_version, parts)
for (model_name, model_version), parts in FAULTY.items():
    write(FIXTURES / "faulty-models", model_name, model_version, parts)
