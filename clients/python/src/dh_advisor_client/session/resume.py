"""What a session needs to come back after its connection broke."""

from __future__ import annotations

import copy
import time

from dh_advisor_client.wire.generated import plan_advisor_pb2 as pb

# Bounded, so that a host that is gone for good is left alone.
_MOST_TRIES = 8
_MOST_RESUMPTIONS = 64
_FIRST_PAUSE_S = 0.25


class Resumption:
    """What was said that another host has to hear, and when to try again. For one thread."""

    def __init__(self) -> None:
        """Nothing has been said."""
        self.opening: pb.OptimizerEvent | None = None
        self.geometry: pb.OptimizerEvent | None = None
        self.has_sent_volumes = False
        self.count = 0
        self._tries = 0
        self._next_try = 0.0

    def keep_geometry(self, event: pb.OptimizerEvent) -> None:
        """Keeps a copy without receipts, which were sent with it."""
        self.geometry = copy.deepcopy(event)
        self.geometry.ClearField("receipts")

    @property
    def is_possible(self) -> bool:
        """Whether there are tries left, and a token to show."""
        has_token = self.opening is not None and self.opening.start.resume_token != b""
        return has_token and self._tries < _MOST_TRIES and self.count < _MOST_RESUMPTIONS

    @property
    def is_time(self) -> bool:
        """Whether the pause since the last try is over."""
        return time.monotonic() >= self._next_try

    def begin_try(self) -> None:
        """Each try waits twice as long as the one before."""
        self._tries += 1

    def end_try(self, *, is_back: bool) -> None:
        """Counts the pause from now."""
        if is_back:
            self.count += 1
            self._tries = 0
        self._next_try = 0.0 if is_back else time.monotonic() + _FIRST_PAUSE_S * 2**self._tries
