"""How a session behaves, and what it counts."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field, replace

from dh_advisor_client.enums import AdviceMode, Outcome, Role, Verdict
from dh_advisor_client.session.tls import TlsOptions
from dh_advisor_client.wire.input_checks import require, text

_LONGEST_DEADLINE_S = 24 * 3600.0
_SMALLEST_MESSAGE_LIMIT = 64 << 10
# Who sets so long a deadline means to wait.
_PATIENT_DEADLINE_S = 1.0


@dataclass(frozen=True)
class SessionOptions:
    """Deadlines in seconds; negative ones count as 0, and none is longer than 24 hours."""

    address: str = "127.0.0.1:50151"
    """`host:port` of the advisor, or a gRPC target. Plain text without `tls`: for loopback or a private network."""
    mode: AdviceMode = AdviceMode.ADVISE
    connect_deadline_s: float = 1.0
    """Time to connect and be accepted."""
    start_deadline_s: float = 2.0
    """Per geometry question and per level question (warm start)."""
    iteration_deadline_s: float = 0.05
    """Per iteration, counted from the question."""
    breaker_threshold: int = 3
    """Consecutive unanswered questions after which the session stays silent; at least 1."""
    message_limit_bytes: int = 64 << 20
    """Largest message either way; at least 64 KiB."""
    wait_share: float | None = None
    """The plan may wait for advice this share of the time that it computes, and the allowance in addition; then the
    session falls silent. Waiting for geometry and level advice counts only above one `start_deadline_s` over the whole
    plan. Infinity = no budget. None: 1, and no budget with an `iteration_deadline_s` above 1 s."""
    wait_allowance_s: float = 0.5
    uses_http_proxy: bool = False
    """Obey `http_proxy` and its relatives; gRPC would send even loopback through the proxy."""
    tls: TlsOptions | None = None
    """None: plain text."""

    def in_range(self) -> SessionOptions:
        """The same with every number in its range and every file read. Raises `InvalidInput` where that can't be."""
        text(self.address, "address", may_be_empty=False)
        require(not math.isnan(self.wait_share or 0.0) and (self.wait_share or 0.0) >= 0.0, "wait_share", _SHARE)

        def deadline(value: float) -> float:
            return min(max(value, 0.0), _LONGEST_DEADLINE_S) if value == value else 0.0

        return replace(
            self,
            connect_deadline_s=deadline(self.connect_deadline_s),
            start_deadline_s=deadline(self.start_deadline_s),
            iteration_deadline_s=deadline(self.iteration_deadline_s),
            wait_allowance_s=deadline(self.wait_allowance_s),
            message_limit_bytes=max(self.message_limit_bytes, _SMALLEST_MESSAGE_LIMIT),
            breaker_threshold=max(self.breaker_threshold, 1),
            tls=self.tls and self.tls.read(),
        )


_SHARE = "must be a share of at least 0, or infinity for no budget"


@dataclass
class SessionCounters:
    """Counts for the result file and for operators."""

    questions: int = 0
    answers: int = 0
    """Answered in time and with the right frame."""
    late: int = 0
    resumptions: int = 0
    """How often the connection broke and the session went on."""
    duplicates: int = 0
    """Further answers to one question; ignored."""
    wrong_frames: int = 0
    """Answers to something never asked; ignored, as is the answer to the question then open."""
    accepted: int = 0
    refused: int = 0
    """Every verdict but `ACCEPTED`."""
    waited_s: float = 0.0
    verdicts: Counter[tuple[Role, Verdict]] = field(default_factory=Counter)
    outcomes: Counter[tuple[Role, Outcome]] = field(default_factory=Counter)
    host_time_s: dict[Role, float] = field(default_factory=dict)
    """Inside the host, from question to answer, all together."""
    highest_scores: dict[Role, float] = field(default_factory=dict)
    """Out of distribution, of any answer; 1 = refused."""


class WaitBudget:
    """How long a plan may wait for advice over all its questions.

    So that a host that answers each of them just in time can't make a plan many times longer: an allowance, and a share
    of the time that the optimizer computes. Answers to geometry and level questions have an allowance of their own, as
    long as one of their deadlines.
    """

    def __init__(self, options: SessionOptions) -> None:
        """`options` are in range."""
        is_patient = options.iteration_deadline_s > _PATIENT_DEADLINE_S
        default = math.inf if is_patient else 1.0
        self._share = default if options.wait_share is None else options.wait_share
        self._allowance_s = options.wait_allowance_s
        self._start_allowance_s = options.start_deadline_s
        self._iteration_wait_s = 0.0
        self._start_wait_s = 0.0

    def add(self, wait_s: float, *, is_iteration: bool) -> None:
        """Charges what a question has waited."""
        if is_iteration:
            self._iteration_wait_s += wait_s
        else:
            self._start_wait_s += wait_s

    def is_spent(self, computed_s: float) -> bool:
        """`computed_s`: time that the plan has taken so far without its waiting."""
        if math.isinf(self._share):
            return False
        charged = self._iteration_wait_s + max(0.0, self._start_wait_s - self._start_allowance_s)
        return charged > self._allowance_s + self._share * computed_s
