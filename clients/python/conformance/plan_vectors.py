"""A plan whose doses are a formula, what is computed of it, and what the check of its geometry finds."""

import math
from typing import Any

import numpy as np

from dh_advisor_client import Beam, StructureRole, VoxelGrid
from dh_advisor_client.checks import GeometryCheckInput, check_geometry
from dh_advisor_client.features import (
    BeamFrame,
    FeatureInput,
    beam_rays,
    beamlet_features,
    flat_weight,
    path_density,
    planned_voxels,
    relative_density,
    shell_around,
    structure_geometry,
)
from dh_advisor_client.plan import Structure

GRID = VoxelGrid((19, 17, 9), (5.0, 6.0, 5.0), (-43.0, -50.0, -19.0))
ISOCENTER_MM = (2.0, -3.0, 1.0)
BEAMS = [Beam(40.0, 9, 5, 5.0, 5.0), Beam(160.0, 9, 5, 5.0, 5.0, 40.0), Beam(275.0, 9, 5, 5.0, 5.0, 320.0)]
# Ellipsoids: name, role, centre, half axes, prescribed dose.
SHAPES = [
    ("PTV70", "target", (2.0, -3.0, 1.0), (14.0, 12.0, 9.0), 70.0),
    ("PTV60", "target", (8.0, -3.0, 1.0), (21.0, 16.0, 12.0), 60.0),
    ("Cord", "organ-at-risk", (-14.0, 4.0, 1.0), (10.0, 9.0, 17.0), None),
]
BODY = ((0.0, -2.0, 0.0), (44.0, 47.0, 60.0))
SHELL_MM = 12.0
ROLES = {role.wire_name: role for role in StructureRole}


def inside(center: tuple[float, ...], half: tuple[float, ...]) -> np.ndarray:
    """Voxels whose centre is in the ellipsoid."""
    at = (GRID.centers_mm() - np.array(center)) / np.array(half)
    return ((at**2).sum(axis=1) <= 1.0).reshape(GRID.shape)


def doses(scale: float) -> np.ndarray:
    """Gy per unit weight, shape (voxels, n), as `features.json` says in words."""
    columns = []
    for beam in BEAMS:
        at = BeamFrame.at(beam.gantry_deg, beam.couch_deg, ISOCENTER_MM).project(GRID.centers_mm())
        for u, v in zip(*beam_rays(beam), strict=True):
            dose = np.exp(-((at[:, 0] - u) ** 2 + (at[:, 1] - v) ** 2) / 30.0 - 0.006 * (at[:, 2] - 1000.0))
            columns.append(np.where(dose > 1e-3, scale * dose, 0.0))
    return np.array(columns).T


def plan(scale: float) -> tuple[FeatureInput, list[Structure], np.ndarray]:
    """Features, structures and the targets' voxels."""
    structures = [Structure(name, ROLES[role], prescribed_dose_gy=gy) for name, role, _, _, gy in SHAPES]
    contours = [inside(center, half) for _, _, center, half, _ in SHAPES]
    targets = contours[0] | contours[1]
    structures.append(Structure("Shell", StructureRole.NORMAL_TISSUE))
    contours.append(shell_around(GRID, inside(*BODY), targets, SHELL_MM))
    return FeatureInput(GRID, doses(scale), contours, planned_voxels(structures, contours)), structures, targets


def plan_vectors() -> dict[str, Any]:
    """The plan, and what is computed of it; its scale makes the flat weight 0.05."""
    unscaled, structures, targets = plan(1.0)
    scale = flat_weight(structures, beamlet_features(unscaled).mean_dose) / 0.05
    scale = float(f"{scale:.6g}")
    of, structures, targets = plan(scale)
    built = beamlet_features(of)
    hu = 8.0 * np.arange(GRID.voxel_count).reshape(GRID.shape) % 1700 - 900
    paths = path_density(GRID, relative_density(hu), ISOCENTER_MM, BEAMS)
    geometry = structure_geometry(of, targets, 0.05)
    return {
        "dose": "scale * d where d = exp(-((u - u_b)^2 + (v - v_b)^2) / 30 - 0.006 (depth - 1000)) is above 1e-3, "
        "else 0; (u, v, depth) of the voxel's centre in the beam's frame, u_b and v_b of the beamlet",
        "hu": "8 i mod 1700 - 900 of voxel i",
        "scale": scale,
        "grid": {"size": GRID.size, "spacing_mm": GRID.spacing_mm, "origin_mm": GRID.origin_mm},
        "isocenter_mm": ISOCENTER_MM,
        "beams": [vars(beam) for beam in BEAMS],
        "ellipsoids": [
            {"name": name, "role": role, "center_mm": center, "half_axes_mm": half, "prescribed_dose_gy": gy}
            for name, role, center, half, gy in SHAPES
        ],
        "body": {"center_mm": BODY[0], "half_axes_mm": BODY[1], "shell_mm": SHELL_MM},
        "expected": {
            "voxels": [[int(contour.sum()), int(p.sum())] for contour, p in zip(of.contours, of.planned, strict=True)],
            "flat_weight": flat_weight(structures, built.mean_dose),
            "column_norm": built.column_norm.tolist(),
            "mean_dose": built.mean_dose.tolist(),
            "max_dose": built.max_dose.tolist(),
            "structures": [vars(one) for one in geometry],
            "path_density_sums": paths.sum(axis=1).tolist(),
            "path_density_moments": (paths @ np.arange(paths.shape[1])).tolist(),
            "relative_density": [[hu, float(relative_density(hu))] for hu in (-1024, -500, 0, 40, 1500, 2885, 4000)],
        },
        "checks": geometry_checks(of, structures),
    }


def geometry_checks(of: FeatureInput, structures: list[Structure]) -> list[dict[str, Any]]:
    """Beams as they are said, and the isocentre, against the doses as they are."""

    def beams(**changes: Any) -> list[dict[str, Any]]:
        return [vars(beam) | {name: change(getattr(beam, name)) for name, change in changes.items()} for beam in BEAMS]

    said: list[tuple[str, list[dict[str, Any]], tuple[float, ...], float]] = [
        ("right", beams(), ISOCENTER_MM, 0.2),
        ("gantry the other way round", beams(gantry_deg=lambda a: 360.0 - a), ISOCENTER_MM, 0.2),
        ("gantry 90 degrees too large", beams(gantry_deg=lambda a: a + 90.0), ISOCENTER_MM, 0.2),
        ("gantry in radians", beams(gantry_deg=math.radians), ISOCENTER_MM, 0.2),
        ("couch the other way round", beams(couch_deg=lambda a: -a), ISOCENTER_MM, 0.2),
        ("sizes in cm", beams(column_width_mm=lambda a: a / 10, row_height_mm=lambda a: a / 10), ISOCENTER_MM, 0.2),
        ("isocentre off", beams(), (2.0, 17.0, 1.0), 0.2),
        ("matrix of another scale", beams(), ISOCENTER_MM, 1.0),
    ]
    cases = []
    for name, of_beams, isocenter_mm, ceiling in said:
        check = GeometryCheckInput(of, structures, [Beam(**beam) for beam in of_beams], isocenter_mm, ceiling)
        result = check_geometry(check)
        cases.append(
            {
                "name": name,
                "beams": of_beams,
                "isocenter_mm": isocenter_mm,
                "weight_ceiling": ceiling,
                "expected": {
                    "outcome": result.outcome.wire_name,
                    "fault": result.fault.value,
                    "field": result.field,
                    "finding": result.finding,
                },
            }
        )
    return cases
