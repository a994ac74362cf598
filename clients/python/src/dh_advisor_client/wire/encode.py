"""Own values -> wire."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dh_advisor_client.enums import AdviceMode, TensorKind
from dh_advisor_client.plan import Geometry, Iteration, LevelEnd, LevelStart, PlanFinish, PlanStart, Tensors
from dh_advisor_client.wire.generated import plan_advisor_pb2 as pb
from dh_advisor_client.wire.generated import plan_pb2, tensor_pb2

PROTOCOL = (1, 0)
"""Major and minor of the contract that this client speaks."""


def _tensor(values: npt.ArrayLike) -> tensor_pb2.Tensor:
    array = np.ascontiguousarray(values, dtype="<f8")
    return tensor_pb2.Tensor(data_type=tensor_pb2.DATA_TYPE_FLOAT64, shape=array.shape, data=array.tobytes())


def _tensors(tensors: Tensors) -> list[plan_pb2.NamedTensor]:
    return [plan_pb2.NamedTensor(kind=int(kind), tensor=_tensor(values)) for kind, values in tensors.items()]


def encode_start(plan: PlanStart, mode: AdviceMode) -> pb.OptimizerEvent:
    """Opens a session."""
    start = plan_pb2.PlanStart(
        protocol=plan_pb2.ProtocolVersion(major=PROTOCOL[0], minor=PROTOCOL[1]),
        client=plan.client,
        plan_key=plan.plan_key,
        patient_key=plan.patient_key,
        solver=int(plan.solver),
        solver_name=plan.solver_name,
        advice_mode=plan_pb2.ADVICE_MODE_SHADOW if mode is AdviceMode.SHADOW else plan_pb2.ADVICE_MODE_ADVISE,
        may_record=plan.may_record,
        weight_ceiling=plan.weight_ceiling,
        weight_steepness=plan.weight_steepness,
        accepts=[int(role) for role in plan.accepts],
        offers=[int(kind) for kind in plan.offers],
    )
    for structure in plan.structures:
        out = start.structures.add(
            name=structure.name,
            tg263_name=structure.tg263_name,
            role=int(structure.role),
            volume_cc=structure.volume_cc,
            voxel_count=structure.voxel_count,
            objective_weight=structure.objective_weight,
            bit=structure.bit,
        )
        if structure.prescribed_dose_gy is not None:
            out.prescribed_dose_gy = structure.prescribed_dose_gy
        for point in structure.prescription:
            out.prescription.add(dose_gy=point.dose_gy, volume_fraction=point.volume_fraction)
    for beam in plan.beams:
        start.beams.add(**vars(beam))
    for level in plan.levels:
        start.levels.add(**vars(level))
    for check in plan.self_checks:
        start.self_checks.add(outcome=int(check.outcome), field=check.field, finding=check.finding)
    return pb.OptimizerEvent(start=start)


def encode_geometry(geometry: Geometry) -> pb.OptimizerEvent:
    """Asks for what depends on the geometry."""
    out = plan_pb2.Geometry(tensors=_tensors(geometry.tensors))
    for structure in geometry.structures:
        out.structures.add(**vars(structure))
    return pb.OptimizerEvent(geometry=out)


def _plain(value: Any) -> dict[str, Any]:
    fields = dict(vars(value))
    if "tensors" in fields:
        fields["tensors"] = _tensors(fields["tensors"])
    if "stop_reason" in fields:
        fields["stop_reason"] = int(fields["stop_reason"])
    return fields


def encode_level_start(start: LevelStart) -> pb.OptimizerEvent:
    """Asks for what a level starts with."""
    return pb.OptimizerEvent(level_start=plan_pb2.LevelStart(**_plain(start)))


def encode_iteration(iteration: Iteration) -> pb.OptimizerEvent:
    """Asks for what an iteration wants to know."""
    return pb.OptimizerEvent(iteration=plan_pb2.Iteration(**_plain(iteration)))


def encode_level_end(end: LevelEnd) -> pb.OptimizerEvent:
    """Tells that a stage has ended."""
    return pb.OptimizerEvent(level_end=plan_pb2.LevelEnd(**_plain(end)))


def encode_finish(finish: PlanFinish, advice_wait_ms: float) -> pb.OptimizerEvent:
    """Says good-bye."""
    fields = _plain(finish) | {"advice_wait_ms": advice_wait_ms}
    del fields["metrics"], fields["final_weights"]
    out = plan_pb2.PlanFinish(**fields)
    for metric in finish.metrics:
        out.metrics.add(**vars(metric))
    if finish.final_weights is not None:
        out.final_weights.CopyFrom(_tensor(finish.final_weights))
    return pb.OptimizerEvent(finish=out)


def encode_chunk(
    kind: TensorKind,
    volume: npt.NDArray[Any],
    spacing_mm: tuple[float, float, float],
    offset: int,
    data: bytes,
    crc: int,
) -> pb.OptimizerEvent:
    """A piece of a volume of shape (z, y, x); `data` begins at byte `offset`."""
    is_ct = kind is TensorKind.CT
    chunk = plan_pb2.VolumeChunk(
        kind=int(kind),
        data_type=tensor_pb2.DATA_TYPE_INT16 if is_ct else tensor_pb2.DATA_TYPE_UINT16,
        shape=volume.shape,
        spacing_mm=spacing_mm,
        offset_bytes=offset,
        data=data,
        running_crc32c=crc,
    )
    return pb.OptimizerEvent(volume_chunk=chunk)
