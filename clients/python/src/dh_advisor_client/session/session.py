"""One plan's conversation with the advisor."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any, TypeVar

import numpy.typing as npt

from dh_advisor_client.advice import GeometryAdvice, IterationAdvice, LevelAdvice, Provenance, RoleBinding
from dh_advisor_client.enums import Role, TensorKind, Verdict
from dh_advisor_client.plan import Geometry, Iteration, LevelEnd, LevelStart, PlanFinish, PlanStart
from dh_advisor_client.session.conversation import QuestionKey
from dh_advisor_client.session.core import SessionCore
from dh_advisor_client.session.options import SessionCounters, SessionOptions
from dh_advisor_client.session.volume import chunks_of
from dh_advisor_client.status import InvalidInput, Status, StatusCode
from dh_advisor_client.wire import encode, input_checks

_Answer = TypeVar("_Answer")


class Session:
    """Asks a host about one plan.

    Never raises, never blocks longer than the deadline of the question, and never fails a plan: whatever goes wrong,
    the answer is "no advice" and `status` says why. Vectors handed out have the right length and only finite values;
    whether to use them is for the gates and the optimizer, which says what it did with `report`.

    What can't be sent (a number that is not finite, a wrong shape, counts that do not agree) is not sent: the session
    falls silent with `INVALID_INPUT`, and the message names the field.

    In shadow mode questions are not waited for, and nothing is handed out.

    When the connection breaks, the plan is without advice until its next stage: `is_live` is false and `status` says
    why. `ask_level` and `finish` then try to have the session taken back; see `resume`.

    Not thread-safe: one thread uses a session. Different sessions are independent. A context manager; without `finish`
    the connection ends with it.
    """

    def __init__(self, options: SessionOptions, plan: PlanStart) -> None:
        """Connects and introduces the plan. Without a host the session is silent from the start."""
        self._core = SessionCore(options)
        self._guarded(lambda: self._core.introduce(plan), None)

    def __enter__(self) -> Session:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the connection."""
        self.close()

    @property
    def is_live(self) -> bool:
        """False once the session has fallen silent; every question is then answered at once with "no advice"."""
        return self._core.conversation.is_live

    @property
    def status(self) -> Status:
        """The first thing that silenced the session, or ok; ok again once it was taken back."""
        return self._core.conversation.status

    def resume(self) -> bool:
        """Whether the session is live, after a try to have it taken back where its connection broke.

        What `ask_level` and `finish` do by themselves, for an optimizer that asks only while the session is live: call
        it before a stage. False at once where there is nothing to try, and after half a `start_deadline_s` at most.
        There are at most 8 tries a break, half a second apart and then twice as long each time; what they wait counts
        in the waiting budget.
        """
        core = self._core

        def resume() -> bool:
            core.settle()
            return core.resume(core.options.start_deadline_s / 2)

        return self._guarded(resume, False)

    @property
    def may_resume(self) -> bool:
        """Whether the connection broke and a later `resume` may have the session taken back."""
        return self._core.may_resume

    @property
    def session_id(self) -> str:
        """Empty until accepted."""
        return self._core.session_id

    @property
    def configuration_generation(self) -> int:
        """Of the configuration that the session keeps."""
        return self._core.generation

    @property
    def provenance(self) -> Provenance | None:
        """What the host said of itself when it summed the plan up; None before, or from a host that says nothing."""
        return self._core.provenance

    @property
    def bindings(self) -> tuple[RoleBinding, ...]:
        """Who serves each role; pinned when the session opens."""
        return self._core.bindings

    @property
    def details(self) -> Mapping[Role, str]:
        """What plugins said last when they gave no value, in words."""
        return self._core.details

    @property
    def counters(self) -> SessionCounters:
        """A copy of the counts."""
        return copy.deepcopy(self._core.counters)

    def wants(self, kind: TensorKind, iteration: int | None = None) -> bool:
        """Whether the host wants this tensor: with `Geometry` and `LevelStart`, or with this iteration.

        False once all roles that want it have ended: ask again before each message.
        """
        want = self._core.wants.get(kind)
        if not self.is_live or want is None or (not want.is_lasting and want.roles <= self._core.ended):
            return False
        return iteration is None or (want.every_n > 0 and iteration % want.every_n == 0)

    def is_served(self, role: Role) -> bool:
        """Whether a plugin serves the role, so that its answer is worth preparing for."""
        return self.is_live and any(b.role is role and b.plugin != "" for b in self.bindings)

    def has_declined(self, role: Role) -> bool:
        """Whether the plugin that serves the role has said that it has nothing for this plan."""
        return role in self._core.declined

    def has_ended(self, role: Role) -> bool:
        """Whether no value of the role will come any more; whoever waits for nothing else need not wait."""
        return role in self._core.ended

    def send_volume(self, kind: TensorKind, volume: npt.NDArray[Any], spacing_mm: tuple[float, float, float]) -> Status:
        """Sends a wanted volume of shape (z, y, x), CT as int16 or masks as uint16, before `ask_geometry`.

        `spacing_mm` is x, y, z. A volume that can't be sent leaves the session as it is, and the status says why.
        """
        core = self._core

        def send() -> Status:
            core.settle()
            if not self.is_live:
                return self.status
            try:
                chunks = chunks_of(kind, volume, spacing_mm)
            except InvalidInput as fault:
                return Status(StatusCode.INVALID_INPUT, str(fault))
            core.resumption.has_sent_volumes = True
            for chunk in chunks:
                core.tell(chunk)
            return self.status

        sent = self._guarded(send, Status())
        return self.status if sent.ok else sent

    def ask_geometry(self, geometry: Geometry) -> GeometryAdvice:
        """Asks about sigmas and schedule."""
        core = self._core

        def ask() -> GeometryAdvice:
            core.settle()
            if not core.may_ask():
                return GeometryAdvice()
            input_checks.check_geometry(geometry, core.plan)
            event = encode.encode_geometry(geometry)
            core.resumption.keep_geometry(event)
            core.post(event, QuestionKey("geometry"), core.options.start_deadline_s, 0, None)
            return core.take().geometry

        return self._guarded(ask, GeometryAdvice())

    def ask_level(self, start: LevelStart) -> LevelAdvice:
        """Asks about the start of a level. Also says what the answers of its iterations are checked against."""
        core = self._core

        def ask() -> LevelAdvice:
            until = time.monotonic() + core.options.start_deadline_s
            core.settle()
            core.resume(core.options.start_deadline_s / 2)
            if not core.may_ask():
                return LevelAdvice()
            input_checks.check_level_start(start, core.plan)
            core.frame = replace(
                core.frame,
                beamlet_count=start.beamlet_count,
                variance_lower_gy2=start.variance_lower_gy2,
                variance_upper_gy2=start.variance_upper_gy2,
            )
            key = QuestionKey("level", start.level, start.stage)
            deadline_s = max(0.0, until - time.monotonic())
            core.post(encode.encode_level_start(start), key, deadline_s, start.level, None)
            return core.take().level

        return self._guarded(ask, LevelAdvice())

    def ask_iteration(self, iteration: Iteration) -> IterationAdvice:
        """Asks about an iteration and waits for the answer."""
        self.post_iteration(iteration)
        return self.take_iteration()

    def post_iteration(self, iteration: Iteration) -> None:
        """Asks only: an optimizer may compute its next iteration before it takes the answer.

        Direction advice would then come too late; stop advice does not (`StopGate.is_checking`).
        """
        core = self._core

        def post() -> None:
            core.settle()
            if not core.may_ask():
                return
            input_checks.check_iteration(iteration, core.frame.beamlet_count, core.plan)
            key = QuestionKey("iteration", iteration.level, iteration.stage, iteration.iteration)
            deadline_s = core.options.iteration_deadline_s
            event = encode.encode_iteration(iteration)
            core.post(event, key, deadline_s, iteration.level, iteration.iteration)

        self._guarded(post, None)

    def take_iteration(self) -> IterationAdvice:
        """The answer to what was posted last: at once when it has come, else within what is left of the deadline."""
        return self._guarded(lambda: self._core.take().iteration, IterationAdvice())

    def tell_level_end(self, end: LevelEnd) -> None:
        """Says that a stage has ended."""
        core = self._core

        def tell() -> None:
            core.settle()
            if self.is_live:
                input_checks.check_level_end(end)
                core.tell(encode.encode_level_end(end))

        self._guarded(tell, None)

    def finish(self, finish: PlanFinish) -> Status:
        """Says good-bye and waits for the summary and the host's close, at most `start_deadline_s` together.

        Without a summary `DEADLINE_EXCEEDED`: the host may not have booked the plan as finished.
        """
        self._guarded(lambda: self._core.finish(finish), None)
        self.close()
        return self.status

    def report(self, role: Role, verdict: Verdict, level: int = 0, iteration: int | None = None) -> None:
        """Records what the optimizer did with a piece of advice; sent with the next event."""
        self._guarded(lambda: self._core.report(role, verdict, level, iteration), None)

    def close(self) -> None:
        """Ends the connection, if there still is one. Harmless when called again."""
        self._guarded(self._core.conversation.hang_up, None)

    def _guarded(self, body: Callable[[], _Answer], otherwise: _Answer) -> _Answer:
        """The boundary at which "never raises" is kept.

        Whatever comes out of `body` silences the session for good, because nobody knows what of it has gone out.
        """
        try:
            return body()
        except InvalidInput as fault:
            self._core.conversation.fall_silent(Status(StatusCode.INVALID_INPUT, str(fault)))
        except Exception as fault:
            problem = f"the client failed: {type(fault).__name__}: {fault}"
            self._core.conversation.fall_silent(Status(StatusCode.FAULT, problem))
        return otherwise
