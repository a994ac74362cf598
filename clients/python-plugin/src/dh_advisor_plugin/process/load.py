"""A plugin's code, checked as the host checks it: one code of docs/errors.md for each thing that may be wrong."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from dh_advisor_plugin.definition import Context, Plugin, PluginDefinition, Settings, WantedTensor
from dh_advisor_plugin.services import Logger, Models
from dh_advisor_plugin.wire import plugin_pb2 as pb


class Refused(Exception):  # noqa: N818
    """The plugin cannot be used."""

    def __init__(self, code: str, **params: str) -> None:
        """A code of docs/errors.md and what its message is made of."""
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True)
class Loaded:
    """A plugin that runs."""

    role: str
    plugin: Plugin
    wants: Sequence[WantedTensor]
    asks_every_n: int


def load_plugin(message: pb.Load, logger: Logger, models: Models) -> Loaded:
    """Raises Refused."""
    manifest = json.loads(message.manifest_json)
    definition = _import(Path(message.folder), manifest["entry"])
    if definition.role != manifest["role"]:
        raise Refused("plugin-role", actual=definition.role, expected=manifest["role"], by="its plugin.json")
    config = _settings(definition.config, json.loads(message.settings_json))
    try:
        wants = list(definition.wants(config))
        asks_every_n = int(definition.asks_every_n(config))
        plugin = definition.create(Context(config=config, logger=logger, models=models))
        if not callable(getattr(plugin, "open_session", None)):
            raise TypeError("`create` returned nothing with an `open_session`")
    except Exception as error:
        raise Refused("plugin-create-failed", problem=describe(error)) from error
    return Loaded(role=definition.role, plugin=plugin, wants=wants, asks_every_n=asks_every_n)


def describe(error: BaseException) -> str:
    """The text of an error, which tells its kind where the message alone says little."""
    text = str(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _import(folder: Path, entry: str) -> PluginDefinition[Any]:
    def refused(problem: str) -> Refused:
        return Refused("plugin-entry", entry=entry, problem=problem)

    # So that an entry may be of several modules.
    sys.path.insert(0, str(folder))
    try:
        spec = importlib.util.spec_from_file_location("dh_advisor_plugin_entry", folder / entry)
        if spec is None or spec.loader is None:
            raise refused("it is no module")
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
    except Refused:
        raise
    except Exception as error:
        raise refused(describe(error)) from error
    definition = getattr(module, "plugin", None)
    if not isinstance(definition, PluginDefinition):
        raise refused("it has no `plugin` made by define_plugin")
    return definition


def _settings(schema: type[Settings], written: Any) -> Any:
    if not (isinstance(schema, type) and issubclass(schema, BaseModel)):
        raise Refused("plugin-schema", problem="`config` is not a class of Settings")
    try:
        return schema.model_validate(written)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        raise Refused("plugin-settings", problem="; ".join(problems)) from error
