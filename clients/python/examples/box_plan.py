"""A plan small enough for examples: a slice of water, a target and two organs, pencil beams. Your own stands here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dh_advisor_client import Beam, Case, Contour, StructureRole, VoxelGrid
from dh_advisor_client.features import BeamFrame, beam_rays

FloatArray = npt.NDArray[np.float64]

PRESCRIBED_GY = 60.0
LIMITS_GY = {"Organ": 25.0, "Cord": 30.0, "Body": 30.0}
ISOCENTER_MM = (0.0, 0.0, 0.0)


def pencil_beams(grid: VoxelGrid, beams: list[Beam]) -> FloatArray:
    """Gy per unit weight, shape (voxels, n)."""
    centers = grid.centers_mm()
    columns = []
    for beam in beams:
        at = BeamFrame.at(beam.gantry_deg, beam.couch_deg, ISOCENTER_MM).project(centers)
        for u, v in zip(*beam_rays(beam), strict=True):
            beside = (at[:, 0] - u) ** 2 + (at[:, 1] - v) ** 2
            columns.append(np.exp(-beside / 40.0 - 0.005 * (at[:, 2] - 1000.0)))
    dose = np.array(columns).T
    return np.where(dose > 1e-3, dose, 0.0)


@dataclass(frozen=True)
class BoxPlan:
    """A case, its doses, and an objective: squared errors of dose, mean over each structure."""

    case: Case
    influence: FloatArray
    contours: list[Contour]
    voxels: dict[str, npt.NDArray[np.int64]]
    """Planned voxels by structure."""

    def objective(self, weights: FloatArray) -> tuple[float, FloatArray]:
        """Value, and gradient by the weights."""
        dose = self.influence @ weights
        value, slope = 0.0, np.zeros_like(dose)
        for name, voxels in self.voxels.items():
            error = dose[voxels] - PRESCRIBED_GY if name == "PTV" else np.maximum(dose[voxels] - LIMITS_GY[name], 0.0)
            value += float(error @ error) / voxels.size
            slope[voxels] += 2.0 * error / voxels.size
        return value, self.influence.T @ slope


def box_plan(unit: float = 1.0, beam_count: int = 9) -> BoxPlan:
    """`unit`: what the optimizer's own weights are counted in; nothing about the plan depends on it."""
    grid = VoxelGrid((61, 61, 1), (5.0, 5.0, 5.0), (-150.0, -150.0, 0.0))
    x, y, _ = (grid.centers_mm()[:, axis].reshape(grid.shape) for axis in range(3))
    body = np.hypot(x / 1.2, y) <= 110.0
    masks = {
        "PTV": np.hypot(x - 5.0, y) <= 30.0,
        "Organ": np.hypot(x + 45.0, y) <= 18.0,
        "Cord": np.hypot(x - 5.0, y + 45.0) <= 10.0,
        "Body": body,
    }
    beams = [Beam(360.0 * b / beam_count, 17, 1, 5.0, 5.0) for b in range(beam_count)]
    influence = unit * pencil_beams(grid, beams)
    contours = [
        Contour("PTV", StructureRole.TARGET, masks["PTV"], prescribed_dose_gy=PRESCRIBED_GY),
        Contour("Organ", StructureRole.ORGAN_AT_RISK, masks["Organ"], limit_gy=LIMITS_GY["Organ"]),
        Contour("Cord", StructureRole.ORGAN_AT_RISK, masks["Cord"], limit_gy=LIMITS_GY["Cord"]),
        Contour("Body", StructureRole.NORMAL_TISSUE, masks["Body"], limit_gy=LIMITS_GY["Body"]),
    ]
    case = Case(
        grid=grid,
        influence=influence,
        beams=beams,
        isocenter_mm=ISOCENTER_MM,
        contours=contours,
        hu=np.where(body, 0, -1000),
    )
    planned = [np.flatnonzero(mask) for mask in case.features.planned]
    names = [structure.name for structure in case.structures]
    return BoxPlan(case, influence, contours, dict(zip(names, planned, strict=True)))
