"""The weights of a network out of the `model.onnx` that it was shipped as, for training that goes on from it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper


def shipped_weights(model: Path) -> dict[str, torch.Tensor]:
    """What `load_state_dict` of the package's network takes: its parameters by their names within it.

    The exporter keeps the names of parameters, below that of the network in the package's model. Only the matrix of a
    linear layer over more than two axes has lost its name: it lies transposed beside a bias that has kept its own.
    Raises what onnx raises for a file that it can't read, and ValueError where the file holds no such weights.
    """
    graph = onnx.load(model).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    products = {node.output[0]: node for node in graph.node if node.op_type == "MatMul"}
    for node in graph.node:
        if node.op_type != "Add":
            continue
        for bias, product in (node.input, reversed(node.input)):
            if bias.endswith(".bias") and product in products:
                matrix = next((name for name in products[product].input if name in stored), None)
                if matrix is not None:
                    stored[f"{bias.removesuffix('bias')}weight"] = stored[matrix].T
    names = [name for name in stored if name.endswith((".bias", ".weight", ".scale", ".shift"))]
    heads = {name.split(".")[0] for name in names}
    if len(heads) != 1:
        raise ValueError(f"its parameters are of {sorted(heads) or 'no network'}, not of one network")
    return {name.split(".", 1)[1]: torch.from_numpy(np.array(stored[name])) for name in names}
