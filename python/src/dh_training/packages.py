"""Writes a trained network as a model package, and verifies packages; `docs/model-format.md` explains the files."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
import torch
import yaml
from torch import nn

OPSET = 17
ABSOLUTE_TOLERANCE = 1e-5
RELATIVE_TOLERANCE = 1e-4
_ORT_FAULTS = tuple(
    getattr(ort.capi.onnxruntime_pybind11_state, name)
    for name in ("Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf", "NotImplemented", "RuntimeException")
)
Arrays = Mapping[str, npt.NDArray[np.float32]]


class PackageError(ValueError):
    """What is wrong with a model package, and where."""


@dataclass(frozen=True)
class Port:
    """One input or output. A name in `shape` is a free extent, a number a fixed one."""

    name: str
    shape: tuple[str | int, ...]
    description: str


@dataclass(frozen=True)
class ModelDescription:
    """Everything in `model.yaml` that files do not say themselves."""

    id: str
    version: str
    role: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    batch_axis: int | None
    training: Mapping[str, object]
    """data_sha256, cases, seed, command."""
    ranges: Mapping[str, tuple[float, float]]
    weight_ceiling: float | None = None


def write_package(
    network: nn.Module, description: ModelDescription, golden: Mapping[str, Arrays], card: str, models: Path
) -> Path:
    """Exports `network` and writes `models/<id>/<version>/`; replaces what was there. Returns the folder.

    `golden`: questions by name, float32, in the order of the inputs. Their answers are those of PyTorch; the
    package is verified with ONNX Runtime before it takes its place.
    """
    folder = models / description.id / description.version
    fresh = folder.with_name(folder.name + ".tmp")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    network.eval()
    _export(network, description, next(iter(golden.values())), fresh / "model.onnx")
    cases = [_golden_case(network, description, name, inputs) for name, inputs in golden.items()]
    (fresh / "golden.json").write_text(json.dumps({"cases": cases}, indent=1) + "\n")
    (fresh / "card.md").write_text(card.rstrip() + "\n")
    (fresh / "model.yaml").write_text(_yaml(description, fresh))
    verify_package(fresh, is_in_place=False)
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    return folder


def verify_package(folder: Path, *, is_in_place: bool = True) -> dict[str, float]:
    """Checks hashes, signature and golden answers. Returns the worst share of the tolerance by golden case.

    PackageError says what is wrong. `is_in_place`: also that the folders are called as `model.yaml` says.
    """
    try:
        return _verify(folder, is_in_place)
    except (OSError, ValueError, yaml.YAMLError, KeyError, TypeError, *_ORT_FAULTS) as fault:
        if isinstance(fault, PackageError):
            raise
        raise PackageError(f"{folder}: {type(fault).__name__}: {fault}") from fault


def _verify(folder: Path, is_in_place: bool) -> dict[str, float]:
    told = yaml.safe_load((folder / "model.yaml").read_text())
    cases = json.loads((folder / "golden.json").read_text())["cases"]
    if not cases:
        raise PackageError(f"{folder}: golden.json has no cases")
    if is_in_place and (told["id"], told["version"]) != (folder.parent.name, folder.name):
        raise PackageError(
            f"{folder}: model.yaml is of {told['id']}/{told['version']}; put it into a folder of that name"
        )
    for part in ("model", "golden", "card"):
        path = folder / told[part]["file"]
        if not path.is_file():
            raise PackageError(f"{path}: missing")
        if _sha256(path) != told[part]["sha256"]:
            raise PackageError(f"{path}: SHA-256 is not the one in model.yaml; the file was changed or damaged")
    session = open_session(folder / told["model"]["file"])
    for kind, ports in (("inputs", session.get_inputs()), ("outputs", session.get_outputs())):
        have = {port.name: len(port.shape) for port in ports}
        want = {port["name"]: len(port["shape"]) for port in told[kind]}
        if have != want:
            raise PackageError(f"{folder}: the graph's {kind} are {have}, model.yaml says {want}")
    golden = told["golden"]
    return {case["name"]: _judge(session, case, golden, folder) for case in cases}


def newest_version(models: Path, name: str) -> Path:
    """Folder of the model's package with the highest version. PackageError when there is none."""
    found = [folder for folder in (models / name).glob("*") if (folder / "model.yaml").is_file()]
    if not found:
        raise PackageError(f"{models / name}: no package in it")
    return max(found, key=lambda folder: [int(part) for part in folder.name.split(".")])


def open_session(path: Path) -> ort.InferenceSession:
    """One thread, as in the host."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _judge(session: ort.InferenceSession, case: dict, golden: dict, folder: Path) -> float:
    inputs = {name: decode(tensor) for name, tensor in case["inputs"].items()}
    names = [port.name for port in session.get_outputs()]
    worst = 0.0
    for name, actual in zip(names, session.run(names, inputs), strict=True):
        wanted = decode(case["outputs"][name])
        if not np.isfinite(actual).all():
            raise PackageError(f"{folder}: golden case {case['name']}: {name} is not finite")
        tolerance = golden["absolute_tolerance"] + golden["relative_tolerance"] * np.abs(wanted)
        share = float((np.abs(actual - wanted) / tolerance).max())
        if share > 1:
            raise PackageError(
                f"{folder}: golden case {case['name']}: {name} is off by {share:.1f} times the tolerance"
            )
        worst = max(worst, share)
    return worst


def _export(network: nn.Module, description: ModelDescription, example: Arrays, path: Path) -> None:
    axes = {
        port.name: {axis: extent for axis, extent in enumerate(port.shape) if isinstance(extent, str)}
        for port in (*description.inputs, *description.outputs)
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            tuple(torch.from_numpy(example[port.name]) for port in description.inputs),
            str(path),
            input_names=[port.name for port in description.inputs],
            output_names=[port.name for port in description.outputs],
            dynamic_axes=axes,
            opset_version=OPSET,
        )


def _golden_case(network: nn.Module, description: ModelDescription, name: str, inputs: Arrays) -> dict:
    with torch.no_grad():
        answers: Sequence[torch.Tensor] = network(*(torch.from_numpy(inputs[p.name]) for p in description.inputs))
    outputs = {port.name: answer.numpy() for port, answer in zip(description.outputs, answers, strict=True)}
    return {
        "name": name,
        "inputs": {key: encode(value) for key, value in inputs.items()},
        "outputs": {key: encode(value) for key, value in outputs.items()},
    }


def encode(array: npt.NDArray[np.float32]) -> dict[str, object]:
    """As golden.json holds tensors."""
    data = np.ascontiguousarray(array, dtype="<f4")
    return {"type": "float32", "shape": list(data.shape), "data": base64.b64encode(data.tobytes()).decode()}


def decode(tensor: Mapping[str, object]) -> npt.NDArray[np.float32]:
    """The other way round."""
    return np.frombuffer(base64.b64decode(str(tensor["data"])), dtype="<f4").reshape(tensor["shape"])  # type: ignore[arg-type]


def _yaml(description: ModelDescription, folder: Path) -> str:
    def ports(of: Sequence[Port]) -> list[dict[str, object]]:
        return [{"name": p.name, "type": "float32", "shape": list(p.shape), "description": p.description} for p in of]

    told: dict[str, object] = {
        "format": "dh-advisor-model",
        "format_version": 1,
        "id": description.id,
        "version": description.version,
        "role": description.role,
        "model": {"file": "model.onnx", "sha256": _sha256(folder / "model.onnx")},
        "golden": {
            "file": "golden.json",
            "sha256": _sha256(folder / "golden.json"),
            "absolute_tolerance": ABSOLUTE_TOLERANCE,
            "relative_tolerance": RELATIVE_TOLERANCE,
        },
        "card": {"file": "card.md", "sha256": _sha256(folder / "card.md")},
        "opset": OPSET,
        "batch_axis": description.batch_axis,
    }
    if description.weight_ceiling is not None:
        told["weight_ceiling"] = description.weight_ceiling
    told |= {
        "inputs": ports(description.inputs),
        "outputs": ports(description.outputs),
        "ranges": {
            name: {"minimum": float(low), "maximum": float(high)} for name, (low, high) in description.ranges.items()
        },
        "training": dict(description.training),
    }
    return yaml.safe_dump(told, sort_keys=False, width=120)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
