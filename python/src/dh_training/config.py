"""The YAML configuration of training: one section a role, checked before anything starts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, TypeAdapter, ValidationError, create_model

from dh_training.corpus import CorpusOptions
from dh_training.training.roles import ROLE_NAMES, find_role


class ConfigError(ValueError):
    """Every fault of a configuration, by its path in the file."""


class _File(BaseModel):
    """The keys of a file; sections of roles are checked by their own dataclasses."""

    model_config = ConfigDict(extra="forbid")

    phantoms: NonNegativeInt = 0
    corpus: CorpusOptions = Field(default_factory=CorpusOptions)
    roles: dict[str, dict[str, Any] | None]


@dataclass(frozen=True)
class TrainingConfig:
    """What a configuration file says."""

    phantoms: int
    """Phantoms to make when no cases are given."""
    corpus: CorpusOptions
    roles: dict[str, Any]
    """The role's own configuration by its name, in the order of the file."""


def read_config(path: Path) -> TrainingConfig:
    """Reads and checks a file. ConfigError names every fault, OSError when it can't be read."""
    try:
        told = yaml.safe_load(path.read_text())
    except yaml.YAMLError as fault:
        raise ConfigError(f"{path}: {fault}") from fault
    try:
        file = _File.model_validate(told)
    except ValidationError as fault:
        raise ConfigError(_faults(path, "", fault)) from fault
    problems, roles = [], {}
    for name, section in file.roles.items():
        if name not in ROLE_NAMES:
            problems.append(f"{path}: roles.{name}: unknown role; known: {', '.join(ROLE_NAMES)}")
            continue
        try:
            roles[name] = role_config(name, section or {})
        except ValidationError as fault:
            problems.append(_faults(path, f"roles.{name}.", fault))
    if problems:
        raise ConfigError("\n".join(problems))
    return TrainingConfig(file.phantoms, file.corpus, roles)


def role_config(role: str, section: dict[str, Any]) -> Any:  # noqa: ANN401 - of the role's own type
    """A role's section as its dataclass. Raises pydantic's ValidationError."""
    # The dataclasses within are as strict about unknown keys as the model around them.
    section_model: Any = create_model(
        "Section", __config__=ConfigDict(extra="forbid"), of=(find_role(role).config, ...)
    )
    return section_model.model_validate({"of": section}).of


def as_plain(config: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    """A configuration as YAML can hold it."""
    return TypeAdapter(dict[str, Any]).dump_python(asdict(config), mode="json")


def _faults(path: Path, prefix: str, fault: ValidationError) -> str:
    """One line each; `of` is the field that holds a role's section."""
    lines = []
    for one in fault.errors():
        where = prefix + ".".join(str(part) for part in one["loc"] if part != "of")
        lines.append(": ".join(part for part in (str(path), where.rstrip("."), one["msg"]) if part))
    return "\n".join(lines)
