"""Wire -> own values, with the frame checks of every vector.

A value comes out only when its role is accepted, its outcome carries a value, and it is well-formed; each value that
was there gives one verdict.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

import google_crc32c
import numpy as np

from dh_advisor_client.advice import (
    DirectionAdvice,
    GeometryAdvice,
    IterationAdvice,
    LevelAdvice,
    Provenance,
    RoleBinding,
    Stage,
    StopAdvice,
    StructureSigma,
)
from dh_advisor_client.enums import DirectionSpace, Outcome, Quality, Role, StopDecision, TensorKind, Verdict
from dh_advisor_client.gates import check_structure_sigmas, check_vector
from dh_advisor_client.plan import FloatArray
from dh_advisor_client.wire.generated import advice_pb2, roles_pb2, tensor_pb2

# Rounding of a bound on its way through the host must not refuse a value that sits on it.
_BOUND_SLACK = 1e-9
# The host asks such a plugin no more for the rest of the plan.
_NOT_APPLICABLE = "not-applicable"

_Word = TypeVar("_Word", bound=IntEnum)


def _known(words: type[_Word], number: int) -> _Word | None:
    """Nothing for a number that this client does not know: a newer host has more of them."""
    try:
        return words(number)
    except ValueError:
        return None


@dataclass
class Frame:
    """What an answer is checked against."""

    structure_count: int
    weight_ceiling: float
    accepts: frozenset[Role]
    beamlet_count: int = 0
    variance_lower_gy2: float = 0.0
    variance_upper_gy2: float = 0.0


@dataclass
class Part:
    """One role's part of an answer: what the host did, and whether its value passed the frame checks."""

    role: Role
    outcome: Outcome
    reason: str
    detail: str
    has_value: bool
    verdict: Verdict
    is_declined: bool
    is_final: bool
    latency_us: int
    out_of_distribution_score: float

    @property
    def is_usable(self) -> bool:
        """Whether there is a value that has passed so far."""
        return self.has_value and self.verdict is Verdict.ACCEPTED


class Decoder:
    """Decodes one answer; `parts` has one entry for each role that it speaks of."""

    def __init__(self, frame: Frame) -> None:
        """Checks against `frame`, which is not changed."""
        self._frame = frame
        self.parts: list[Part] = []

    def geometry(self, answer: advice_pb2.GeometryAdvice) -> GeometryAdvice:
        """Histogram sigmas and schedule. Bounds of the sigmas are the gates' business."""
        sigmas: list[StructureSigma] | None = None
        stages: list[Stage] | None = None
        if answer.HasField("histogram_sigma"):
            wire = answer.histogram_sigma
            part = self._part(wire.header, Role.HISTOGRAM_SIGMA, len(wire.structures) > 0)
            if part.is_usable:
                sigmas = [StructureSigma(item.structure, item.histogram_sigma_gy) for item in wire.structures]
                part.verdict = check_structure_sigmas(
                    sigmas, self._frame.structure_count, sys.float_info.min, sys.float_info.max
                )
                sigmas = sigmas if part.is_usable else None
        if answer.HasField("pyramid_sigma"):
            pyramid = answer.pyramid_sigma
            part = self._part(pyramid.header, Role.PYRAMID_SIGMA, len(pyramid.stages) > 0)
            if part.is_usable:
                stages = [Stage(s.level, s.histogram_sigma_gy, s.iteration_limit) for s in pyramid.stages]
                if not all(math.isfinite(stage.histogram_sigma_gy) for stage in stages):
                    part.verdict, stages = Verdict.NOT_FINITE, None
        return GeometryAdvice(sigmas, stages)

    def level(self, answer: advice_pb2.LevelAdvice) -> LevelAdvice:
        """Start weights and variances, inside their bounds."""
        weights: FloatArray | None = None
        if answer.HasField("initialization"):
            start = answer.initialization
            part = self._part(start.header, Role.INITIALIZATION, start.HasField("weights"))
            weights = self._vector(start.weights, 0.0, self._frame.weight_ceiling, part)
        return LevelAdvice(weights, self._variance(answer))

    def iteration(self, answer: advice_pb2.IterationAdvice) -> IterationAdvice:
        """Stop, direction and variances."""
        stop = self._stop(answer.early_stopping) if answer.HasField("early_stopping") else None
        direction = self._direction(answer.step_direction) if answer.HasField("step_direction") else None
        return IterationAdvice(stop, direction, self._variance(answer))

    def _part(self, header: roles_pb2.AdviceHeader, role: Role, has_value: bool) -> Part:
        outcome = _known(Outcome, header.outcome) or Outcome.UNKNOWN
        is_declined = header.reason == _NOT_APPLICABLE
        part = Part(
            role=role,
            outcome=outcome,
            reason=header.reason,
            detail=header.detail,
            has_value=has_value and outcome in (Outcome.APPLIED, Outcome.CLAMPED),
            verdict=Verdict.ACCEPTED,
            is_declined=is_declined,
            # Older hosts do not say so.
            is_final=header.is_final or is_declined,
            latency_us=header.latency_us,
            out_of_distribution_score=header.out_of_distribution_score,
        )
        if part.has_value and role not in self._frame.accepts:
            part.verdict = Verdict.NOT_ACCEPTED_ROLE
        if part.has_value and header.role != role:
            part.verdict = Verdict.WRONG_FRAME
        self.parts.append(part)
        return part

    def _vector(self, tensor: tensor_pb2.Tensor, lower: float, upper: float, part: Part) -> FloatArray | None:
        if not part.is_usable:
            return None
        n = self._frame.beamlet_count
        is_vector = tensor.data_type == tensor_pb2.DATA_TYPE_FLOAT64 and list(tensor.shape) == [n]
        if not is_vector or len(tensor.data) != 8 * n:
            part.verdict = Verdict.WRONG_LENGTH
            return None
        if tensor.HasField("crc32c") and tensor.crc32c != google_crc32c.value(tensor.data):
            part.verdict = Verdict.CORRUPT
            return None
        values = np.frombuffer(tensor.data, dtype="<f8").astype(np.float64)
        slack = _BOUND_SLACK
        part.verdict = check_vector(values, n, lower - slack * abs(lower), upper + slack * abs(upper))
        return np.clip(values, lower, upper) if part.is_usable else None

    def _variance(self, answer: advice_pb2.LevelAdvice | advice_pb2.IterationAdvice) -> FloatArray | None:
        if not answer.HasField("adaptive_variance"):
            return None
        wire = answer.adaptive_variance
        part = self._part(wire.header, Role.ADAPTIVE_VARIANCE, wire.HasField("variance_gy2"))
        bounds = self._frame.variance_lower_gy2, self._frame.variance_upper_gy2
        return self._vector(wire.variance_gy2, *bounds, part)

    def _stop(self, wire: advice_pb2.EarlyStoppingAdvice) -> StopAdvice | None:
        part = self._part(wire.header, Role.EARLY_STOPPING, wire.decision != 0)
        if not part.is_usable:
            return None
        objective = wire.predicted_final_objective if wire.HasField("predicted_final_objective") else None
        deviation = wire.predicted_standard_deviation if wire.HasField("predicted_standard_deviation") else None
        decision = _known(StopDecision, wire.decision)
        if not (math.isfinite(objective or 0.0) and math.isfinite(deviation or 0.0)):
            part.verdict = Verdict.NOT_FINITE
        if decision is None or (deviation or 0.0) < 0.0:
            part.verdict = Verdict.OUT_OF_RANGE
        if decision is None or not part.is_usable:
            return None
        return StopAdvice(decision, wire.explanation, objective, deviation)

    def _direction(self, wire: advice_pb2.StepDirectionAdvice) -> DirectionAdvice | None:
        part = self._part(wire.header, Role.STEP_DIRECTION, wire.HasField("direction"))
        most = sys.float_info.max
        direction = self._vector(wire.direction, -most, most, part)
        space = _known(DirectionSpace, wire.space)
        step = wire.step_length if wire.HasField("step_length") else None
        if part.has_value and space is None:
            part.verdict = Verdict.OUT_OF_RANGE
        if part.has_value and step is not None and not math.isfinite(step):
            part.verdict = Verdict.NOT_FINITE
        if part.has_value and step is not None and step <= 0.0:
            part.verdict = Verdict.OUT_OF_RANGE
        if direction is None or space is None or not part.is_usable:
            return None
        return DirectionAdvice(space, direction, step)


@dataclass(frozen=True)
class Want:
    """A tensor that the host wants; `every_n` 0 = only with the geometry and at level starts."""

    every_n: int
    roles: frozenset[Role]
    is_lasting: bool
    """Others want it as well, so that it is wanted whatever becomes of the roles."""


def decode_wants(accepted: advice_pb2.Accepted) -> dict[TensorKind, Want]:
    """What the host wants, by kind. Kinds that this client does not know are left out."""
    wants: dict[TensorKind, Want] = {}
    for item in accepted.wanted:
        kind = _known(TensorKind, item.kind)
        roles = [_known(Role, number) for number in item.roles]
        # A role that this client does not know never ends here, so what it wants is sent.
        is_lasting = not roles or None in roles
        if kind is not None:
            wants[kind] = Want(item.every_n, frozenset(role for role in roles if role), is_lasting)
    return wants


def decode_bindings(wire: Iterable[advice_pb2.RoleBinding]) -> tuple[RoleBinding, ...]:
    """One a role, the first. Roles that this client does not know are left out."""
    bindings: dict[Role, RoleBinding] = {}
    for item in wire:
        role = _known(Role, item.role)
        if role is None or role in bindings:
            continue
        bindings[role] = RoleBinding(
            role=role,
            plugin=item.plugin,
            plugin_version=item.plugin_version,
            model=item.model,
            model_sha256=item.model_sha256,
            arm=item.arm,
            deadline_ms=item.deadline_ms,
            declined=item.declined,
        )
    return tuple(bindings.values())


def decode_provenance(wire: advice_pb2.Provenance) -> Provenance:
    """What the host says of itself when it sums a plan up."""
    return Provenance(
        host=wire.host,
        session_id=wire.session_id,
        configuration_generation=wire.configuration_generation,
        arm=wire.arm,
        bindings=decode_bindings(wire.bindings),
        quality=_known(Quality, wire.quality),
        resumptions=wire.resumptions,
        answers=wire.answers,
        journal_sha256=wire.journal_sha256,
    )
