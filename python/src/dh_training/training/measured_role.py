"""What roles share that learn from measured runs: where those lie, what they are made from, the split by patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from dh_training.corpus import is_dev
from dh_training.measuring import (
    MANIFEST,
    Measured,
    Measurement,
    MeasuringError,
    MeasuringOptions,
    claim_measured,
    load_measured,
    measure,
    measured_problems,
    read_manifest,
)
from dh_training.training.role import Sources, Split


def measure_runs(
    role: str,
    measurement: Measurement,
    options: MeasuringOptions,
    settings: Mapping[str, Any],
    sources: Sources,
    jobs: int,
) -> list[str]:
    """Measures what a role still lacks. Returns a line for every problem without. `settings`: of the measurement."""
    folder = _folder(role, sources)
    told = {"data_sha256": sources.data_sha256, "problems": asdict(options), "settings": dict(settings)}
    claim_measured(folder, told)
    return measure(list(measured_problems(sources.cases, sources.options, options)), measurement, folder, jobs)


def split_measured(role: str, sources: Sources) -> Split[Measured]:
    """What was measured for a role, by what it is for. MeasuringError when either part is empty."""
    folder = _folder(role, sources)
    options = MeasuringOptions(**read_manifest(folder)["problems"])
    found = load_measured(list(measured_problems(sources.cases, sources.options, options)), folder)
    dev = [one for one in found if is_dev(one.patient, sources.options.dev_share)]
    train = [one for one in found if not is_dev(one.patient, sources.options.dev_share)]
    if not dev or not train:
        raise MeasuringError(
            f"{folder}: {len(train)} measured problems to train on and {len(dev)} to choose checkpoints by; "
            "both need some: give more cases"
        )
    return Split(train, dev)


def measured_digest(role: str, sources: Sources) -> str:
    """SHA-256 over everything the runs are measured from: they are the optimizer's, and equal when measured again."""
    return sha256((_folder(role, sources) / MANIFEST).read_bytes()).hexdigest()


def patients_of(split: Split[Measured]) -> tuple[int, int]:
    """How many are trained on, and chosen by."""
    return len({one.patient for one in split.train}), len({one.patient for one in split.dev})


def _folder(role: str, sources: Sources) -> Path:
    if sources.measured is None:
        raise MeasuringError(f"{role} learns from measured runs, and no folder for them is given")
    return sources.measured / role
