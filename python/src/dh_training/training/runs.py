"""A role's run from its sources to its package: what it was started with, training, export."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
import yaml

from dh_training.config import as_plain, role_config
from dh_training.corpus import CorpusOptions, claim_cache, corpus_digest, make_corpus
from dh_training.packages import OPSET, ModelDescription, write_package
from dh_training.rtmodel import RtModelWrapper
from dh_training.training.card import figure_rows, port_rows, range_rows, render_card
from dh_training.training.fit import BEST, LOG, TrainingError, fit, take_weights
from dh_training.training.measured_role import measured_digest
from dh_training.training.role import Contents, RoleConfig, Sources
from dh_training.training.roles import STARTS_FROM, find_role
from dh_training.trajectories import ITERATIONS_FILE

RUN = "run.yaml"


def sources_of(
    cases: Sequence[Path],
    corpus: Path,
    options: CorpusOptions,
    trajectories: Path | None = None,
    models: Path | None = None,
) -> Sources:
    """The cases with the digest of everything their problems are made from."""
    digest = corpus_digest(list(cases), options, RtModelWrapper().version)
    return Sources(tuple(cases), corpus, options, digest, trajectories, models=models)


def _digest(role: str, sources: Sources) -> str:
    """Over everything a role learns from. TrainingError when it is not given."""
    if role in STARTS_FROM:
        digest = sha256(sources.data_sha256.encode())
        digest.update((sources.package_of(STARTS_FROM[role]) / "model.onnx").read_bytes())
        return digest.hexdigest()
    if find_role(role).learns_from == "corpus":
        return sources.data_sha256
    if find_role(role).learns_from == "runs":
        return measured_digest(role, sources)
    if sources.trajectories is None:
        raise TrainingError(f"{role} learns from recorded runs: give their folder with --trajectories")
    digest = sha256(sources.data_sha256.encode())
    for file in sorted(sources.trajectories.glob(f"*/{ITERATIONS_FILE}")):
        digest.update(file.parent.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def prepare_sources(sources: Sources, jobs: int) -> list[str]:
    """Makes the problems that are missing. Returns a line for every one that could not be made."""
    claim_cache(list(sources.cases), sources.corpus, RtModelWrapper().version)
    return make_corpus(list(sources.cases), sources.options, sources.corpus, jobs)


def train_role(role: str, config: RoleConfig, sources: Sources, folder: Path, *, device: str, command: str) -> float:
    """Trains into `folder`, or goes on there. Returns the best figure on the dev patients.

    TrainingError when the folder holds a run of other data, configuration or first weights, and when those do not fit
    the network.
    """
    torch.manual_seed(config.fit.seed)
    task = find_role(role).task(config, device)
    if sources.begin is not None:
        take_weights(task.network, sources.begin)
    _claim_run(role, config, sources, folder, command)
    items = find_role(role).items(sources)
    if find_role(role).learns_from == "runs":
        find_role(role).prepare(task, items.train)
    return fit(task, items.train, items.dev, folder, config.fit)


def export_role(role: str, sources: Sources, folder: Path, models: Path) -> Path:
    """Writes the package of the best checkpoint in `folder` to `models/<id>/<version>/` and verifies it."""
    run = read_run(folder)
    if run["data_sha256"] != _digest(role, sources):
        raise TrainingError(f"{folder}: trained on other data than is given; give what it was trained on")
    config: Any = role_config(role, run["config"])
    best = folder / BEST
    if not best.is_file():
        raise TrainingError(f"{best}: missing; let the training reach its first check")
    stored = torch.load(best, map_location="cpu")
    task = find_role(role).task(config, "cpu")
    task.network.load_state_dict(stored["network"])
    task.network.eval()
    contents = find_role(role).contents(task, sources)
    training = {
        "data_sha256": _digest(role, sources),
        "cases": sum(contents.patients) + contents.kept_patients,
        "seed": config.fit.seed,
        "command": run["command"],
    }
    model_id = getattr(config, "model", role)
    description = ModelDescription(
        id=model_id,
        version=config.version,
        role=find_role(role).plugin_role,
        inputs=contents.inputs,
        outputs=contents.outputs,
        batch_axis=contents.batch_axis,
        training=training,
        ranges=contents.ranges,
        weight_ceiling=contents.weight_ceiling,
    )
    card = render_card(
        {
            **vars(contents.card),
            **training,
            "id": model_id,
            "version": config.version,
            "role": find_role(role).plugin_role,
            "training_version": version("dh-training"),
            "optimizer_version": RtModelWrapper().version,
            "torch_version": torch.__version__,
            "parameters": sum(one.numel() for one in task.network.parameters()),
            "opset": OPSET,
            "inputs": port_rows(contents.inputs),
            "outputs": port_rows(contents.outputs),
            "parts": _parts_of(contents),
            "steps": config.fit.steps,
            "accumulate": config.fit.accumulate,
            "best_step": stored["step"],
            "minutes": f"{_logged_seconds(folder) / 60:.1f}",
            "config": yaml.safe_dump(run["config"], sort_keys=False).rstrip(),
            "ranges": range_rows(contents.ranges),
            "figures": figure_rows(contents.card.figures),
        }
    )
    return write_package(contents.model, description, contents.golden, card, models)


def _parts_of(contents: Contents) -> str:
    train, dev = contents.patients
    kept = f", {contents.kept_patients} to calibrate" if contents.kept_patients else ""
    return f"{train} to train on, {dev} to choose the checkpoint{kept}"


def read_run(folder: Path) -> dict[str, Any]:
    """What a run was started with."""
    path = folder / RUN
    if not path.is_file():
        raise TrainingError(f"{path}: missing; give a folder that `dh-train` trained in")
    return yaml.safe_load(path.read_text())


def _claim_run(role: str, config: RoleConfig, sources: Sources, folder: Path, command: str) -> None:
    """A folder holds one run: going on with other data or settings would be neither of the two."""
    told = {
        "role": role,
        "data_sha256": _digest(role, sources),
        "config": as_plain(config),
        "begun_with_sha256": None if sources.begin is None else sha256(sources.begin.read_bytes()).hexdigest(),
    }
    if (folder / RUN).exists():
        started = {key: value for key, value in read_run(folder).items() if key in told}
        if started != told:
            different = ", ".join(key for key in told if told[key] != started.get(key))
            raise TrainingError(
                f"{folder}: holds a run with another {different}; give another folder, or remove this one to start anew"
            )
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / RUN).write_text(yaml.safe_dump({**told, "command": command}, sort_keys=False))


def with_steps(config: Any, steps: int | None) -> Any:  # noqa: ANN401 - of the role's own type
    """The configuration with another number of steps."""
    return config if steps is None else replace(config, fit=replace(config.fit, steps=steps))


def _logged_seconds(folder: Path) -> float:
    with (folder / LOG).open(newline="") as file:
        return sum(float(row["seconds"]) for row in csv.DictReader(file))
