"""Own values -> wire."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import google_crc32c
import numpy as np
import numpy.typing as npt

from dh_advisor_client.enums import AdviceMode, TensorKind
from dh_advisor_client.plan import (
    DoseMetric,
    DoseVolumeCurve,
    Geometry,
    Iteration,
    LevelEnd,
    LevelStart,
    PlanFinish,
    PlanStart,
    Tensors,
)
from dh_advisor_client.wire.generated import plan_advisor_pb2 as pb
from dh_advisor_client.wire.generated import plan_pb2, tensor_pb2

PROTOCOL = (1, 0)
"""Major and minor of the contract that this client speaks."""


def _tensor(values: npt.ArrayLike, data_type: tensor_pb2.DataType = tensor_pb2.DATA_TYPE_FLOAT64) -> tensor_pb2.Tensor:
    is_double = data_type == tensor_pb2.DATA_TYPE_FLOAT64
    array = np.ascontiguousarray(values, dtype="<f8" if is_double else "<f4")
    data = array.tobytes()
    return tensor_pb2.Tensor(data_type=data_type, shape=array.shape, data=data, crc32c=google_crc32c.value(data))


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
        quality=int(plan.quality or 0),
        label=plan.label,
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


def _curves(curves: Sequence[DoseVolumeCurve]) -> list[plan_pb2.DoseVolumeCurve]:
    return [
        plan_pb2.DoseVolumeCurve(
            structure=curve.structure,
            points=[plan_pb2.DoseVolumePoint(**vars(point)) for point in curve.points],
        )
        for curve in curves
    ]


def _metrics(metrics: Sequence[DoseMetric]) -> list[plan_pb2.DoseMetric]:
    return [plan_pb2.DoseMetric(**vars(metric)) for metric in metrics]


def encode_finish(finish: PlanFinish, advice_wait_ms: float) -> pb.OptimizerEvent:
    """Says good-bye."""
    parts = ("metrics", "final_weights", "curves", "slices", "unadvised")
    fields = {name: value for name, value in _plain(finish).items() if name not in parts}
    out = plan_pb2.PlanFinish(advice_wait_ms=advice_wait_ms, **fields)
    out.metrics.extend(_metrics(finish.metrics))
    out.curves.extend(_curves(finish.curves))
    for dose in finish.slices:
        out.slices.add(
            plane=int(dose.plane),
            dose_gy=_tensor(dose.dose_gy, tensor_pb2.DATA_TYPE_FLOAT32),
            row_spacing_mm=dose.row_spacing_mm,
            column_spacing_mm=dose.column_spacing_mm,
        )
    if finish.unadvised is not None:
        without = finish.unadvised
        out.unadvised.reference_objective = without.reference_objective
        out.unadvised.call_equivalents = without.call_equivalents
        out.unadvised.metrics.extend(_metrics(without.metrics))
        out.unadvised.curves.extend(_curves(without.curves))
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
