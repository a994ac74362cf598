"""Questions over a stream: deadlines, echoes, repeated failures."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass

from dh_advisor_client.enums import Verdict
from dh_advisor_client.session.options import SessionCounters, SessionOptions
from dh_advisor_client.session.stream import End, Stream
from dh_advisor_client.status import Status, StatusCode
from dh_advisor_client.wire.generated import advice_pb2
from dh_advisor_client.wire.generated import plan_advisor_pb2 as pb

# For an answer that is here already: to read it takes more than no time.
_READING_TIME_S = 0.001
# Messages beside the answer while one question is open: notices, doubled answers, those to questions given up. A host
# that sends more holds the optimizer up, whatever it means by it.
_SKIPPED_LIMIT = 64
# For the host to see the end of a plan that is left.
_HANG_UP_TIME_S = 0.25


@dataclass(frozen=True)
class QuestionKey:
    """Names a question, so that its answer can be told from late, doubled and foreign ones: kind, and the echo."""

    answer: str
    level: int = 0
    stage: int = 0
    iteration: int = 0


@dataclass(frozen=True)
class _Posted:
    key: QuestionKey
    deadline: float


def _key_of(message: pb.AdvisorEvent) -> QuestionKey:
    kind = message.WhichOneof("event") or ""
    if kind == "level":
        return QuestionKey(kind, message.level.level, message.level.stage)
    if kind == "iteration":
        echo = message.iteration
        return QuestionKey(kind, echo.level, echo.stage, echo.iteration)
    return QuestionKey(kind)


class Conversation:
    """Asks, waits no longer than the deadlines, and falls silent after repeated failures.

    The asker may compute between question and answer, and may ask again before it takes an answer: answers are taken in
    the order of the questions. For one thread.
    """

    def __init__(self, options: SessionOptions, counters: SessionCounters) -> None:
        """Not connected yet."""
        self._options = options
        self._counters = counters
        self._stream: Stream | None = None
        self._ending: Stream | None = None
        self.status = Status()
        self._posted: deque[_Posted] = deque()
        # The highest iteration asked, by the key without it: iterations of a stage count upwards.
        self._asked: dict[QuestionKey, int] = {}
        self._abandoned: set[QuestionKey] = set()
        self._failures = 0
        self._is_host_leaving = False
        self._is_broken = False

    @property
    def is_live(self) -> bool:
        """Whether anything can still be said."""
        return self._stream is not None

    @property
    def is_broken(self) -> bool:
        """Silent because the connection broke, or the host went away in good order: it may be taken up again."""
        return self._is_broken

    def reconnect(self, start: pb.OptimizerEvent, deadline_s: float) -> pb.AdvisorEvent | None:
        """After the connection broke: connects once more and asks to be taken back.

        None when that failed; `is_broken` then says whether another try makes sense.
        """
        why, self.status = self.status, Status()
        if self._ending is not None:
            self._ending.close()
            self._ending = None
        # Of the stream before: its answers can't come any more.
        self._asked.clear()
        self._abandoned.clear()
        self._failures = 0
        self._is_broken = self._is_host_leaving = False
        self.connect()
        self.post(start, QuestionKey("accepted"), deadline_s)
        answer = self.take()
        if not isinstance(answer, Verdict):
            return answer
        # Not heard in time. Should the host have taken the session, it refuses the next try, and that is the end.
        if self._is_broken or self.is_live or self.status.code is StatusCode.SWITCHED_OFF:
            self.fall_silent(why)
            self.status = why
            self._is_broken = True
        return None

    def connect(self) -> None:
        """Starts to connect."""
        self._stream = Stream(self._options)

    def give_up(self, why: Status) -> None:
        """Silences one that does not come back, even if its connection only broke; then this is the reason."""
        if self._is_broken:
            self.status = why
        self._is_broken = False
        self.fall_silent(why)

    def fall_silent(self, why: Status) -> None:
        """Silences the session. The first reason stays."""
        if self.status.ok:
            self.status = why
        if self._stream is None:
            return
        # So that a host which is there sees an end, and not a plan that was broken off and may come back. It goes out
        # while the optimizer carries on.
        self._stream.half_close()
        self._ending, self._stream = self._stream, None
        self._posted.clear()

    def tell(self, event: pb.OptimizerEvent) -> None:
        """Sends what is not answered."""
        message = self._fitting(event)
        if message is not None and self._stream is not None:
            self._stream.write(message)

    def post(self, event: pb.OptimizerEvent, key: QuestionKey, deadline_s: float) -> None:
        """Sends a question."""
        message = self._fitting(event)
        if message is None or self._stream is None:
            return
        now = time.monotonic()
        self._counters.questions += 1
        stage = QuestionKey(key.answer, key.level, key.stage)
        self._asked[stage] = max(self._asked.get(stage, 0), key.iteration)
        self._posted.append(_Posted(key, now + deadline_s))
        self._stream.write(message)

    def take(self, at_least: float = 0.0) -> pb.AdvisorEvent | Verdict:
        """The answer to the oldest question that is open, or how it failed.

        Waits for its deadline, or until `at_least` if that is later; an answer that has come by now is taken whatever
        the time.
        """
        if not self.is_live or not self._posted:
            return Verdict.SWITCHED_OFF
        begun = time.monotonic()
        until = max(self._posted[0].deadline, begun + _READING_TIME_S, at_least)
        answer = self._await(until)
        self._counters.waited_s += time.monotonic() - begun
        return self._conclude(answer)

    def collect(self) -> pb.AdvisorEvent | Verdict | None:
        """The same without any waiting: None when the answer has not come and its deadline is not over."""
        if not self.is_live or not self._posted:
            return Verdict.SWITCHED_OFF
        now = time.monotonic()
        answer = self._await(now)
        if answer is Verdict.LATE and now < self._posted[0].deadline:
            return None
        return self._conclude(answer)

    def close(self, until: float) -> None:
        """Half-closes and waits for the host's close, so that the last receipts are not lost."""
        self._end_streams(until)

    def hang_up(self) -> None:
        """The same for a session that says no good-bye, and quickly. One that has ended well stays `ok`."""
        self._end_streams(time.monotonic() + _HANG_UP_TIME_S)

    def _end_streams(self, until: float) -> None:
        if self._stream is not None:
            # A host takes a call that breaks off for a plan that may come back, and keeps its place.
            self._stream.half_close()
        for stream in (self._stream, self._ending):
            if stream is None:
                continue
            for _ in range(_SKIPPED_LIMIT):
                message = stream.next(until)
                if message is None or isinstance(message, End):
                    break
            stream.close()
        self._stream = self._ending = None
        self._posted.clear()

    def _fitting(self, event: pb.OptimizerEvent) -> bytes | None:
        if not self.is_live:
            return None
        message: bytes = event.SerializeToString()
        limit = self._options.message_limit_bytes
        if len(message) <= limit:
            return message
        problem = f"a message has {len(message)} bytes, more than message_limit_bytes, {limit}"
        self.fall_silent(Status(StatusCode.INVALID_INPUT, problem))
        return None

    def _await(self, until: float) -> pb.AdvisorEvent | Verdict:
        key = self._posted[0].key
        skipped = 0
        while self._stream is not None:
            got = self._stream.next(until)
            if got is None:
                return Verdict.LATE
            if isinstance(got, End):
                self._lose_stream(got.status)
                return Verdict.SWITCHED_OFF
            message = self._decode(got)
            if message is None:
                return Verdict.SWITCHED_OFF
            is_notice = message.WhichOneof("event") == "notice"
            if is_notice and message.notice.kind == advice_pb2.NOTICE_KIND_DRAINING:
                self._is_host_leaving = True
            echo = _key_of(message)
            if echo == key:
                return message
            if not self._is_skipped(echo):
                self._counters.wrong_frames += 1
                return Verdict.WRONG_FRAME
            skipped += 1
            if skipped >= _SKIPPED_LIMIT:
                problem = f"the advisor sent {skipped} messages that answer nothing while one question was open"
                self.fall_silent(Status(StatusCode.PROTOCOL_ERROR, problem))
                return Verdict.SWITCHED_OFF
            # There may always be another message: only the clock ends this.
            if time.monotonic() >= until:
                return Verdict.LATE
        return Verdict.SWITCHED_OFF

    def _lose_stream(self, end: Status) -> None:
        is_left = end.code is StatusCode.CLOSED and self._is_host_leaving
        self.fall_silent(end)
        self._is_broken = is_left or end.code is StatusCode.UNREACHABLE

    def _decode(self, data: bytes) -> pb.AdvisorEvent | None:
        try:
            return pb.AdvisorEvent.FromString(data)
        except Exception as fault:
            problem = f"the advisor sent an answer that can't be decoded: {fault}"
            self.fall_silent(Status(StatusCode.PROTOCOL_ERROR, problem))
            return None

    def _is_skipped(self, echo: QuestionKey) -> bool:
        # What a newer host may say in addition needs no answer either.
        if echo.answer in ("notice", ""):
            return True
        if echo in self._abandoned:
            # Counted as late when its deadline passed.
            self._abandoned.discard(echo)
            return True
        asked = self._asked.get(QuestionKey(echo.answer, echo.level, echo.stage))
        if asked is None or echo.iteration > asked or any(posted.key == echo for posted in self._posted):
            return False
        self._counters.duplicates += 1
        return True

    def _conclude(self, answer: pb.AdvisorEvent | Verdict) -> pb.AdvisorEvent | Verdict:
        if not self._posted:
            return answer
        question = self._posted.popleft()
        if not isinstance(answer, Verdict):
            self._counters.answers += 1
            self._failures = 0
            return answer
        # Should the right answer still come, it is late.
        self._abandoned.add(question.key)
        if answer is Verdict.LATE:
            self._counters.late += 1
            self._note_failure("the advisor did not answer in time")
        elif answer is Verdict.WRONG_FRAME:
            self._note_failure("the advisor answered another question than the one asked")
        return answer

    def _note_failure(self, last: str) -> None:
        self._failures += 1
        if self._failures >= self._options.breaker_threshold:
            problem = f"silent after {self._failures} unanswered questions; the last: {last}"
            self.fall_silent(Status(StatusCode.SWITCHED_OFF, problem))
