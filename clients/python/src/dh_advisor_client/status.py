"""Why a call to the advisor did not give an answer. Every code but `OK` means: carry on without advice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class InvalidInput(ValueError):  # noqa: N818 - it says what the caller gave, and errors are for what goes wrong
    """A plan, feature or check was described wrongly; the message names the field. Never raised by a session."""


class StatusCode(Enum):
    """Stable lower-case codes."""

    OK = "ok"
    INVALID_INPUT = "invalid-input"
    """The caller passed something that can't be sent; nothing of it went out."""
    UNREACHABLE = "unreachable"
    """No host at the address, or the connection broke."""
    REFUSED = "refused"
    """The host closed the stream with an error, for instance another protocol major."""
    CLOSED = "closed"
    """The host closed the stream cleanly: "carry on without me"."""
    DEADLINE_EXCEEDED = "deadline-exceeded"
    SWITCHED_OFF = "switched-off"
    """The mode is off, repeated questions failed, or the plan's waiting budget is spent."""
    PROTOCOL_ERROR = "protocol-error"
    """The host sent what can't be decoded, or a flood of messages that answer nothing."""
    FAULT = "fault"
    """The client itself failed."""


@dataclass(frozen=True)
class Status:
    """A code and a sentence for people. Returned, never raised."""

    code: StatusCode = StatusCode.OK
    message: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing went wrong."""
        return self.code is StatusCode.OK

    def __str__(self) -> str:
        """Such as `unreachable: no advisor reached: ...`."""
        return f"{self.code.value}: {self.message}" if self.message else self.code.value
