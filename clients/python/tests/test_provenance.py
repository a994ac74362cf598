"""Where advice came from, and bytes that were changed on the way."""

from __future__ import annotations

import google_crc32c
import numpy as np
from scripted_host import ScriptedHost, echo
from sessions import N, finish, level_start, open_session

from dh_advisor_client import Outcome, Quality, Role, Verdict
from dh_advisor_client.wire.generated import plan_advisor_pb2 as pb


def test_the_host_says_where_advice_came_from_when_the_plan_is_over() -> None:
    def summary(event: pb.OptimizerEvent) -> pb.AdvisorEvent:
        answer = echo(event)
        provenance = answer.summary.provenance
        provenance.host, provenance.quality, provenance.answers = "dh-advisor 0.1.0", Quality.STRICT, 3
        provenance.bindings.add(role=Role.EARLY_STOPPING, plugin="plateau")
        return answer

    with ScriptedHost(finish=lambda event: [summary(event)]) as host, open_session(host.address) as session:
        assert session.provenance is None
        session.finish(finish())
        provenance = session.provenance
    assert provenance is not None
    assert (provenance.host, provenance.quality, provenance.answers) == ("dh-advisor 0.1.0", Quality.STRICT, 3)
    assert [binding.plugin for binding in provenance.bindings] == ["plateau"]


def test_a_host_that_says_nothing_of_itself_leaves_nothing() -> None:
    with ScriptedHost() as host, open_session(host.address) as session:
        session.finish(finish())
        assert session.provenance is None


def test_a_vector_whose_checksum_differs_is_refused() -> None:
    def weights(event: pb.OptimizerEvent) -> pb.AdvisorEvent:
        answer = echo(event)
        start = answer.level.initialization
        start.header.role, start.header.outcome = Role.INITIALIZATION, Outcome.APPLIED
        start.weights.data_type, start.weights.data = 2, np.full(N, 0.05).tobytes()
        start.weights.shape.append(N)
        right = google_crc32c.value(start.weights.data)
        start.weights.crc32c = right if event.level_start.stage == 0 else right ^ 1
        return answer

    with ScriptedHost(level_start=lambda event: [weights(event)]) as host, open_session(host.address) as session:
        assert session.ask_level(level_start()).initial_weights is not None
        assert session.ask_level(level_start(stage=1)).initial_weights is None
        assert session.counters.verdicts[Role.INITIALIZATION, Verdict.CORRUPT] == 1
