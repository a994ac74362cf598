"""Messages of the host as what plugins see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dh_advisor_plugin import views
from dh_advisor_plugin.services import ModelSignature, ModelTensors, TensorSignature
from dh_advisor_plugin.wire import plugin_pb2 as pb

_MODEL_TYPES = {"float32": np.dtype("<f4"), "int32": np.dtype("<i4")}
_VOLUME_TYPES = {"ct": np.dtype("<i2"), "structure-mask": np.dtype("<u2")}


def decode_plan(wire: pb.Plan) -> views.Plan:
    """The plan as it opened."""
    structures = [
        views.Structure(
            name=structure.name,
            tg263_name=structure.tg263_name,
            role=structure.role,
            volume_cc=structure.volume_cc,
            voxel_count=int(structure.voxel_count),
            objective_weight=structure.objective_weight,
            prescription=[
                views.DoseVolumePoint(point.dose_gy, point.volume_fraction) for point in structure.prescription
            ],
            prescribed_dose_gy=structure.prescribed_dose_gy if structure.HasField("prescribed_dose_gy") else None,
            bit=structure.bit,
        )
        for structure in wire.structures
    ]
    beams = [
        views.Beam(beam.gantry_deg, beam.couch_deg, beam.columns, beam.rows, beam.column_width_mm, beam.row_height_mm)
        for beam in wire.beams
    ]
    levels = [
        views.Level(
            level=level.level,
            beamlet_count=level.beamlet_count,
            histogram_sigma_gy=level.histogram_sigma_gy,
            variance_lower_gy2=level.variance_lower_gy2,
            variance_upper_gy2=level.variance_upper_gy2,
            iteration_limit=level.iteration_limit,
            tolerance=level.tolerance,
        )
        for level in wire.levels
    ]
    return views.Plan(
        solver=wire.solver,
        solver_name=wire.solver_name,
        structures=structures,
        beams=beams,
        weight_ceiling=wire.weight_ceiling,
        weight_steepness=wire.weight_steepness,
        levels=levels,
        accepts=list(wire.accepts),
        offers=list(wire.offers),
        quality=wire.quality or "balanced",
    )


def decode_event(wire: pb.Event) -> views.Event:
    """An event; volumes are none."""
    kind = wire.WhichOneof("kind")
    if kind == "iteration":
        return _iteration(wire.iteration)
    if kind == "level_start":
        return _level_start(wire.level_start)
    if kind == "geometry":
        return _geometry(wire.geometry)
    if kind == "level_end":
        end = wire.level_end
        return views.LevelEnd(
            level=end.level,
            stage=end.stage,
            stop_reason=end.stop_reason,
            iterations=end.iterations,
            value_calls=int(end.value_calls),
            gradient_calls=int(end.gradient_calls),
            objective=end.objective,
            elapsed_ms=end.elapsed_ms,
        )
    if kind == "receipt":
        receipt = wire.receipt
        iteration = receipt.iteration if receipt.HasField("iteration") else None
        return views.Receipt(verdict=receipt.verdict, level=receipt.level, iteration=iteration)
    raise ValueError(f"an event of kind {kind}")


def decode_volume(wire: pb.Volume) -> views.Volume:
    """CT numbers in HU, or structure bits."""
    data = np.frombuffer(wire.data, _VOLUME_TYPES[wire.kind]).reshape(tuple(wire.shape))
    x, y, z = wire.spacing_mm
    return views.Volume(data=data, spacing_mm=(x, y, z))


def decode_signature(wire: pb.Model) -> ModelSignature:
    """What a model takes and gives."""

    def tensors(signatures: Any) -> list[TensorSignature]:
        return [
            TensorSignature(
                name=signature.name,
                type=signature.type,
                shape=[int(extent) if extent.isdigit() else extent for extent in signature.shape],
            )
            for signature in signatures
        ]

    ceiling = wire.weight_ceiling if wire.HasField("weight_ceiling") else None
    return ModelSignature(wire.role, tensors(wire.inputs), tensors(wire.outputs), ceiling)


def decode_model_tensors(wire: Mapping[str, pb.ModelTensor]) -> ModelTensors:
    """Outputs of a model."""
    return {
        name: np.frombuffer(tensor.data, _MODEL_TYPES[tensor.type]).reshape(tuple(tensor.shape))
        for name, tensor in wire.items()
    }


def _tensors(wire: Mapping[str, pb.Tensor]) -> views.Tensors:
    # Arrays on the bytes of the message are read-only.
    return {kind: np.frombuffer(tensor.data, "<f8").reshape(tuple(tensor.shape)) for kind, tensor in wire.items()}


def _geometry(wire: pb.Geometry) -> views.Geometry:
    structures = [
        views.StructureGeometry(
            structure.structure,
            structure.sphericity,
            structure.dose_gradient_gy_per_mm,
            structure.target_distance_mm,
        )
        for structure in wire.structures
    ]
    return views.Geometry(structures=structures, tensors=_tensors(wire.tensors))


def _level_start(wire: pb.LevelStart) -> views.LevelStart:
    return views.LevelStart(
        level=wire.level,
        stage=wire.stage,
        beamlet_count=wire.beamlet_count,
        histogram_sigma_gy=wire.histogram_sigma_gy,
        variance_lower_gy2=wire.variance_lower_gy2,
        variance_upper_gy2=wire.variance_upper_gy2,
        objective=wire.objective,
        tensors=_tensors(wire.tensors),
    )


def _iteration(wire: pb.Iteration) -> views.Iteration:
    return views.Iteration(
        level=wire.level,
        stage=wire.stage,
        iteration=wire.iteration,
        objective=wire.objective,
        gradient_norm=wire.gradient_norm,
        step_length=wire.step_length,
        value_calls=int(wire.value_calls),
        gradient_calls=int(wire.gradient_calls),
        elapsed_ms=wire.elapsed_ms,
        tensors=_tensors(wire.tensors),
    )
