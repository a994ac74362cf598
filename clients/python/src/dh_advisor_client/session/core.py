"""What is behind a session. May raise; `session.py` keeps that from its callers."""

from __future__ import annotations

import math
import time
from collections import deque
from dataclasses import dataclass, field

from dh_advisor_client.advice import GeometryAdvice, IterationAdvice, LevelAdvice, Provenance, RoleBinding
from dh_advisor_client.enums import AdviceMode, Role, TensorKind, Verdict
from dh_advisor_client.plan import PlanFinish, PlanStart
from dh_advisor_client.session.conversation import Conversation, QuestionKey
from dh_advisor_client.session.options import SessionCounters, SessionOptions, WaitBudget
from dh_advisor_client.session.resume import Resumption
from dh_advisor_client.status import Status, StatusCode
from dh_advisor_client.wire import encode, input_checks
from dh_advisor_client.wire.decode import Decoder, Frame, Part, Want, decode_bindings, decode_provenance, decode_wants
from dh_advisor_client.wire.generated import advice_pb2, roles_pb2
from dh_advisor_client.wire.generated import plan_advisor_pb2 as pb

# Left of the deadline of a good-bye for the half-close, when the summary does not come.
_CLOSING_TIME_S = 0.25

_ROLES_OF_ANSWER = {
    "geometry": (Role.HISTOGRAM_SIGMA, Role.PYRAMID_SIGMA),
    "level": (Role.INITIALIZATION, Role.ADAPTIVE_VARIANCE),
    "iteration": (Role.EARLY_STOPPING, Role.STEP_DIRECTION),
}


@dataclass
class _OpenQuestion:
    answer: str
    level: int
    iteration: int | None
    frame: Frame


@dataclass
class Advices:
    """What one answer says; at most one of them holds something."""

    geometry: GeometryAdvice = field(default_factory=GeometryAdvice)
    level: LevelAdvice = field(default_factory=LevelAdvice)
    iteration: IterationAdvice = field(default_factory=IterationAdvice)


class SessionCore:
    """Questions, receipts and counts of one plan."""

    def __init__(self, options: SessionOptions) -> None:
        """Nothing has been said yet."""
        self.options = options
        self.counters = SessionCounters()
        self.conversation = Conversation(options, self.counters)
        self.wants: dict[TensorKind, Want] = {}
        self.declined: set[Role] = set()
        # No value of them will come: those that declined, and those that the host has switched off.
        self.ended: set[Role] = set()
        self.session_id = ""
        self.generation = 0
        self.bindings: tuple[RoleBinding, ...] = ()
        self.provenance: Provenance | None = None
        self.details: dict[Role, str] = {}
        self.resumption = Resumption()
        self._budget = WaitBudget(options)
        self._receipts: list[roles_pb2.AdviceReceipt] = []
        self._open: deque[_OpenQuestion] = deque()
        self._opened = 0.0
        self._waited_before_s = 0.0

    def introduce(self, plan: PlanStart) -> None:
        """Connects, and waits until the plan is accepted."""
        if self.options.mode is AdviceMode.OFF:
            self.conversation.fall_silent(Status(StatusCode.SWITCHED_OFF, "advice mode is off"))
            return
        self.options = options = self.options.in_range()
        self.conversation = Conversation(options, self.counters)
        self._budget = WaitBudget(options)
        self.plan = input_checks.check_plan(plan)
        self.frame = Frame(len(plan.structures), plan.weight_ceiling, frozenset(plan.accepts))
        event = encode.encode_start(plan, options.mode)
        self.resumption.opening = event
        self.conversation.connect()
        self.conversation.post(event, QuestionKey("accepted"), options.connect_deadline_s)
        answer = self.conversation.take()
        if isinstance(answer, Verdict):
            problem = f"the advisor at {options.address} did not accept the plan in time"
            self.conversation.fall_silent(Status(StatusCode.DEADLINE_EXCEEDED, problem))
            return
        self.session_id = answer.accepted.session_id
        self._take_accepted(answer.accepted)
        self._opened = time.monotonic()
        self._waited_before_s = self.counters.waited_s

    def _take_accepted(self, accepted: advice_pb2.Accepted) -> None:
        if self.resumption.opening is not None:
            self.resumption.opening.start.resume_token = accepted.resume_token
        self.generation = accepted.configuration_generation
        self.bindings = decode_bindings(accepted.bindings)
        self.wants = decode_wants(accepted)
        # Who is taken back by the host that knows the plan has not lost what roles have said before.
        if accepted.is_taken_over:
            self.declined.clear()
            self.ended.clear()
        declined = {binding.role: binding.declined for binding in self.bindings if binding.declined}
        self.declined |= declined.keys()
        self.ended |= self.declined
        self.details.update(declined)

    @property
    def may_resume(self) -> bool:
        """Whether the connection broke and a later try may have the session taken back."""
        return self.conversation.is_broken and self.resumption.is_possible

    def resume(self, within_s: float) -> bool:
        """Whether the session is live, after a try to have it taken back where it is time for one."""
        if self.conversation.is_live:
            return True
        resumption = self.resumption
        if not self.may_resume or not resumption.is_time or not self._is_within_budget():
            return False
        opening = resumption.opening
        until = time.monotonic() + within_s
        waited_before_s = self.counters.waited_s
        resumption.begin_try()
        answer = opening and self.conversation.reconnect(opening, min(within_s, self.options.connect_deadline_s))
        is_back = answer is not None
        if answer is not None and answer.accepted.session_id != self.session_id:
            problem = "the advisor took another session back"
            self.conversation.fall_silent(Status(StatusCode.PROTOCOL_ERROR, problem))
            is_back = False
        elif answer is not None:
            self._take_accepted(answer.accepted)
            self.counters.resumptions += 1
            if answer.accepted.is_taken_over:
                is_back = self._tell_again(until)
        resumption.end_try(is_back=is_back)
        self._budget.add(self.counters.waited_s - waited_before_s, is_iteration=False)
        return is_back

    def _tell_again(self, until: float) -> bool:
        """What this host has not heard; false when it can't be told again."""
        if self.resumption.has_sent_volumes:
            problem = "the advisor that took the plan over has not heard its volumes, which are not sent twice"
            self.conversation.fall_silent(Status(StatusCode.CLOSED, problem))
            return False
        geometry = self.resumption.geometry
        if geometry is not None:
            self.conversation.post(geometry, QuestionKey("geometry"), max(0.0, until - time.monotonic()))
            answer = self.conversation.take()
            if not isinstance(answer, Verdict):
                decoder = Decoder(self.frame)
                decoder.geometry(answer.geometry)
                # What was decided with the first answer stays; only who has nothing to say any more is news.
                self.declined |= {part.role for part in decoder.parts if part.is_declined}
                self.ended |= {part.role for part in decoder.parts if part.is_final}
        return self.conversation.is_live

    @property
    def _is_shadow(self) -> bool:
        return self.options.mode is AdviceMode.SHADOW

    def may_ask(self) -> bool:
        """Whether another question may be put: silent sessions and plans that have waited too long ask none."""
        return self.conversation.is_live and self._is_within_budget()

    def _is_within_budget(self) -> bool:
        waited_s = self.counters.waited_s - self._waited_before_s
        computed_s = time.monotonic() - self._opened - waited_s
        if not self._budget.is_spent(computed_s):
            return True
        problem = (
            f"silent because the plan has waited {1e3 * waited_s:.0f} ms for advice and computed "
            f"{1e3 * computed_s:.0f} ms; its budget is wait_share, wait_allowance_s"
        )
        self.conversation.give_up(Status(StatusCode.SWITCHED_OFF, problem))
        return False

    def _with_receipts(self, event: pb.OptimizerEvent) -> pb.OptimizerEvent:
        event.receipts.extend(self._receipts)
        self._receipts.clear()
        return event

    def tell(self, event: pb.OptimizerEvent) -> None:
        """Sends what is not answered."""
        self.conversation.tell(self._with_receipts(event))

    def post(
        self, event: pb.OptimizerEvent, key: QuestionKey, deadline_s: float, level: int, iteration: int | None
    ) -> None:
        """Sends a question. `level` and `iteration` go into the verdicts on its answer."""
        self._open.append(_OpenQuestion(key.answer, level, iteration, self.frame))
        self.conversation.post(self._with_receipts(event), key, deadline_s)

    def settle(self) -> None:
        """Takes what nobody took, so that the next question finds its own answer."""
        self.take()

    def take(self) -> Advices:
        """The answer to the last question. In shadow mode nothing is waited for and nothing handed out."""
        advices = Advices()
        while self._open and self._take_oldest(not self._is_shadow, 0.0, advices):
            pass
        return Advices() if self._is_shadow else advices

    def report(self, role: Role, verdict: Verdict, level: int, iteration: int | None) -> None:
        """Counts a verdict and keeps it for the next event."""
        self.counters.verdicts[Role(role), Verdict(verdict)] += 1
        if verdict is Verdict.ACCEPTED:
            self.counters.accepted += 1
        else:
            self.counters.refused += 1
        if self.conversation.is_live:
            receipt = roles_pb2.AdviceReceipt(role=int(role), verdict=int(verdict), level=level)
            if iteration is not None:
                receipt.iteration = iteration
            self._receipts.append(receipt)

    def _take_oldest(self, may_wait: bool, at_least: float, advices: Advices) -> bool:
        """Takes the oldest open question's answer; false when it is still on its way."""
        waited_before_s = self.counters.waited_s
        answer = self.conversation.take(at_least) if may_wait else self.conversation.collect()
        waited_s = self.counters.waited_s - waited_before_s
        self._budget.add(waited_s, is_iteration=self._open[0].iteration is not None)
        if answer is None:
            return False
        question = self._open.popleft()
        if isinstance(answer, Verdict):
            for role in _ROLES_OF_ANSWER[question.answer]:
                if any(b.role is role and b.plugin != "" for b in self.bindings):
                    self.report(role, answer, question.level, question.iteration)
        else:
            self._decode(answer, question, advices)
        return True

    def _decode(self, answer: pb.AdvisorEvent, question: _OpenQuestion, advices: Advices) -> None:
        decoder = Decoder(question.frame)
        if question.answer == "geometry":
            advices.geometry = decoder.geometry(answer.geometry)
        elif question.answer == "level":
            advices.level = decoder.level(answer.level)
        else:
            advices.iteration = decoder.iteration(answer.iteration)
        for part in decoder.parts:
            self._account(part, question)

    def _account(self, part: Part, question: _OpenQuestion) -> None:
        counters = self.counters
        counters.outcomes[part.role, part.outcome] += 1
        counters.host_time_s[part.role] = counters.host_time_s.get(part.role, 0.0) + part.latency_us * 1e-6
        if math.isfinite(part.out_of_distribution_score):
            highest = counters.highest_scores.get(part.role, 0.0)
            counters.highest_scores[part.role] = max(highest, part.out_of_distribution_score)
        if part.is_declined:
            self.declined.add(part.role)
        if part.is_final:
            self.ended.add(part.role)
        if part.detail:
            self.details[part.role] = part.detail
        if part.has_value and part.verdict is not Verdict.ACCEPTED:
            self.report(part.role, part.verdict, question.level, question.iteration)
        elif part.has_value and self._is_shadow:
            self.report(part.role, Verdict.SHADOW, question.level, question.iteration)

    def finish(self, finish: PlanFinish) -> None:
        """Says good-bye."""
        until = time.monotonic() + self.options.start_deadline_s
        self.settle()
        # So that a plan whose connection broke counts, too.
        if not self.resume(self.options.start_deadline_s / 2):
            return
        input_checks.check_finish(finish, self.plan)
        closing = until - min(_CLOSING_TIME_S, self.options.start_deadline_s / 4)
        # Of shadow mode, where answers have not been waited for. They come in order, before the summary.
        while self._open and self.conversation.is_live:
            self._take_oldest(True, closing, Advices())
        event = encode.encode_finish(finish, 1e3 * self.counters.waited_s)
        self.conversation.post(self._with_receipts(event), QuestionKey("summary"), 0.0)
        summary = self.conversation.take(closing)
        is_summed_up = not isinstance(summary, Verdict)
        if not isinstance(summary, Verdict) and summary.summary.HasField("provenance"):
            self.provenance = decode_provenance(summary.summary.provenance)
        self.conversation.close(until)
        if not is_summed_up:
            problem = "the advisor did not sum the plan up; it may not count as finished"
            self.conversation.fall_silent(Status(StatusCode.DEADLINE_EXCEEDED, problem))
