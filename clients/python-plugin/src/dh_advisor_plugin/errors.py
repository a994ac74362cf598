"""What a plugin raises on purpose. Anything else is a defect of it, counts, and may switch its role off."""

from __future__ import annotations

from typing import ClassVar


class PluginError(Exception):
    """Base of the four."""

    policy: ClassVar[str] = ""


class RetryLater(PluginError):  # noqa: N818
    """Not now, ask again at the next question. Never counts against the plugin."""

    policy = "retry-later"


class NotApplicable(PluginError):  # noqa: N818
    """Nothing to offer for this plan; its message tells people why. The session is asked and told nothing more."""

    policy = "not-applicable"


class InvalidInput(PluginError):  # noqa: N818
    """The question cannot be answered as it stands, such as a tensor that is missing."""

    policy = "invalid-input"


class ModelUnavailable(PluginError):  # noqa: N818
    """The model behind the plugin cannot run. Counts towards switching the role off."""

    policy = "model-unavailable"


def error_of(policy: str, message: str) -> Exception:
    """What the other side raised."""
    for kind in (RetryLater, NotApplicable, InvalidInput, ModelUnavailable):
        if kind.policy == policy:
            return kind(message)
    return RuntimeError(message)
