"""How a plugin is declared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from dh_advisor_plugin.advice import Role
from dh_advisor_plugin.services import Call, Logger, Models
from dh_advisor_plugin.views import SessionView


class Settings(BaseModel):
    """Base of a plugin's settings. All fields must have defaults; an unknown setting is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Config = TypeVar("Config", bound=Settings)
Question = TypeVar("Question", contravariant=True)
Answer = TypeVar("Answer", covariant=True)


@dataclass(frozen=True)
class WantedTensor:
    """A tensor the plugin needs: with every n-th iteration; 0 = only with the geometry and at level starts."""

    kind: str
    every_n: int = 0


class Session(Protocol[Question, Answer]):
    """A plugin's own state for one session, called from one thread.

    It may also have `observe(event)`, told of every event before any question about it, and `dispose()`.
    """

    def advise(self, question: Question, call: Call, /) -> Answer | None:
        """Answers one question; None is always allowed.

        May raise RetryLater, NotApplicable, InvalidInput, ModelUnavailable; anything else is a defect of the plugin.
        """
        ...


class Plugin(Protocol):
    """A running plugin, shared by all sessions. It may also have `dispose()`, called once, after the last session."""

    def open_session(self, view: SessionView, /) -> Session[Any, Any]:
        """Makes the state of one session, before its first event. May raise NotApplicable."""
        ...


@dataclass(frozen=True)
class Context(Generic[Config]):
    """What `create` gets."""

    config: Config
    logger: Logger
    models: Models


@dataclass(frozen=True)
class PluginDefinition(Generic[Config]):
    """Everything the host needs to know about a plugin's code."""

    role: Role
    config: type[Config]
    create: Callable[[Context[Config]], Plugin]
    wants: Callable[[Config], Sequence[WantedTensor]]
    asks_every_n: Callable[[Config], int]


def define_plugin(
    *,
    role: Role,
    config: type[Config],
    create: Callable[[Context[Config]], Plugin],
    wants: Callable[[Config], Sequence[WantedTensor]] = lambda _: (),
    asks_every_n: Callable[[Config], int] = lambda _: 0,
) -> PluginDefinition[Config]:
    """Declares a plugin. Its entry holds the result as `plugin`.

    `role` is that of plugin.json. `asks_every_n` is for `adaptive-variance` alone: also ask at every n-th iteration.
    """
    return PluginDefinition(role=role, config=config, create=create, wants=wants, asks_every_n=asks_every_n)
