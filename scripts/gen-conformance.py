"""Writes test/fixtures/conformance: what clients in every language must compute and decide alike.

Run by hand when a definition changes: `npm run gen:conformance`. C++ and Python read the files and must arrive at the same
within 1e-9. Doses are given as a formula, so that the beams' frames are part of it.
"""

import json
import math
import random
from pathlib import Path
from typing import Any

import numpy as np
from dh_advisor_client import Beam, StructureRole, VoxelGrid
from dh_advisor_client.checks import GeometryCheckInput, check_geometry, check_gradient
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
from dh_advisor_client.advice import DirectionAdvice, Stage, StopAdvice, StructureSigma
from dh_advisor_client.gates import (
    DirectionGate,
    StopGate,
    check_stages,
    check_structure_sigmas,
    check_vector,
    choose_start,
)
from dh_advisor_client.plan import Structure
from dh_advisor_client.enums import DirectionSpace, StopDecision

OUT = Path(__file__).parents[1] / "test" / "fixtures" / "conformance"
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


def features() -> dict[str, Any]:
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
        "dose": "scale * d where d = exp(-((u - u_b)^2 + (v - v_b)^2) / 30 - 0.006 (depth - 1000)) is above 1e-3, else 0; "
        "(u, v, depth) of the voxel's centre in the beam's frame, u_b and v_b of the beamlet",
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
        return [
            vars(beam) | {name: change(getattr(beam, name)) for name, change in changes.items()} for beam in BEAMS
        ]

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


def gradient_checks() -> dict[str, Any]:
    """A quadratic objective, and gradients that are right or spoiled."""
    weights = [0.01 + 0.004 * (7 * i % 23) for i in range(40)]
    wanted = [0.05 + 0.003 * (5 * i % 17) for i in range(40)]
    w, c = np.array(weights), np.array(wanted)
    slope = 0.5 * w * (1.0 - w / 0.2)
    right = 2.0 * 30.0 * (w - c)
    spoiled = {
        "right": right,
        "the other sign": -right,
        "by parameters": right * slope,
        "a hundredth": right / 100.0,
        "ten times": right * 10.0,
        "of other beamlets": right[::-1],
        "nothing": 0.0 * right,
    }
    cases = []
    for name, gradient in spoiled.items():
        result = check_gradient(
            lambda at: 30.0 * float((at - c) @ (at - c)), w, gradient, weight_ceiling=0.2, weight_steepness=0.5
        )
        cases.append(
            {
                "name": name,
                "gradient": gradient.tolist(),
                "expected": {
                    "outcome": result.outcome.wire_name,
                    "fault": result.fault.value,
                    "finding": result.finding,
                    "value_calls": result.value_calls,
                    "ratio": result.ratio,
                },
            }
        )
    return {
        "objective": "30 sum (w - wanted)^2",
        "weights": weights,
        "wanted": wanted,
        "weight_ceiling": 0.2,
        "weight_steepness": 0.5,
        "cases": cases,
    }


NAN, INF = math.nan, math.inf
DECISIONS = [None, *StopDecision]


def gates() -> dict[str, Any]:
    """Questions to every gate, edges and drawn ones, and what it says. NaN and infinity are text."""
    draw = random.Random(7)
    return {
        "vectors": [
            {"values": values, "verdict": check_vector(np.array(values), 3, 0.0, 0.2).wire_name}
            for values in ([0, 0.1, 0.2], [0, 0.1], [], [0, NAN, 9], [9, 0.1, INF], [0, 0.1, 0.21], [-1e-9, 0, 0])
        ],
        "schedules": [schedule(draw) for _ in range(60)],
        "structure_sigmas": [structure_sigmas(draw) for _ in range(30)],
        "starts": [
            {"default": a, "proposed": b, "verdict": choose_start(a, b).wire_name}
            for a, b in [(2, 1), (1, 1), (1, 2), (1, NAN), (1, -INF), (NAN, 1), (INF, 1)]
        ],
        "directions": [directions(draw) for _ in range(25)],
        "trials": [trial(draw) for _ in range(30)] + [trial(draw, NAN), trial(draw, INF)],
        "stops": [stops(draw) for _ in range(30)],
    }


def schedule(draw: random.Random) -> dict[str, Any]:
    """Of two levels, with a finest sigma of 2.5 and bounds of 0.5 to 40."""
    count = draw.choice([0, 1, 1, 2, 2, 3, 65])
    sigmas = sorted((draw.choice([40.0, 16.0, 8.0, 2.5, 2.5, 0.4, 41.0]) for _ in range(count)), reverse=True)
    levels = sorted((draw.choice([0, 0, 0, 1, 2]) for _ in range(count)), reverse=True)
    stages = [[level, sigma, draw.choice([0, 12])] for level, sigma in zip(levels, sigmas, strict=True)]
    if stages and draw.random() < 0.7:
        stages[-1] = [0, draw.choice([2.5, 2.5, 2.5, 2.5 * (1 + 1e-10), 2.6, NAN]), draw.choice([0, 0, 0, 5])]
    if draw.random() < 0.2:
        draw.shuffle(stages)
    verdict = check_stages([Stage(*stage) for stage in stages], 2, 2.5, 0.5, 40.0)
    return {"stages": stages, "verdict": verdict.wire_name}


def structure_sigmas(draw: random.Random) -> dict[str, Any]:
    """Of two structures, bounds 0.5 to 40."""
    sigmas = [[draw.choice([0, 1, 1, 2]), draw.choice([2.0, 40.0, 0.4, NAN])] for _ in range(draw.randint(0, 2))]
    verdict = check_structure_sigmas([StructureSigma(*sigma) for sigma in sigmas], 2, 0.5, 40.0)
    return {"sigmas": sigmas, "verdict": verdict.wire_name}


def directions(draw: random.Random) -> dict[str, Any]:
    """Offers to one gate, one after the other."""
    gate = DirectionGate()
    asked = []
    for _ in range(draw.randint(1, 6)):
        gradient = [draw.choice([1.0, -2.0, 0.5, 0.0]) for _ in range(3)]
        sign = draw.choice([-1.0, -1.0, -1.0, 1.0])
        direction = [sign * g + draw.choice([0.0, 0.1, 30.0, -1e-3]) for g in gradient]
        if draw.random() < 0.15:
            direction[draw.randrange(3)] = draw.choice([NAN, INF, 1e200])
        if draw.random() < 0.05:
            direction.pop()
        step = draw.choice([None, None, 1.0, 100.0, 0.0, NAN])
        advice = DirectionAdvice(DirectionSpace.WEIGHTS, np.array(direction), step)
        verdict, kept = gate.consider(advice, np.array(gradient))
        asked.append(
            {
                "gradient": gradient,
                "direction": direction,
                "step_length": step,
                "verdict": verdict.wire_name,
                "kept": None if kept is None else kept.direction.tolist(),
                "kept_step_length": None if kept is None else kept.step_length,
                "is_off": gate.is_off,
            }
        )
    return {"asked": asked}


def trial(draw: random.Random, slope: float | None = None) -> dict[str, Any]:
    """Of a step along an accepted direction."""
    f0, slope0, step = 10.0, -draw.choice([0.1, 1.0, 5.0]), draw.choice([0.1, 1.0, 2.0])
    f = f0 + draw.choice([-2.0, -1e-6, -1e-3, 0.0, 0.5])
    slope = slope0 * draw.choice([0.1, 0.89, 0.91, -1.0, 2.0]) if slope is None else slope
    verdict = DirectionGate.judge_trial(f0, slope0, f, slope, step)
    return {"f0": f0, "slope0": slope0, "f": f, "slope": slope, "step": step, "verdict": verdict.wire_name}


def stops(draw: random.Random) -> dict[str, Any]:
    """A stage: what is advised and gained after each iteration, with a tolerance of 1e-4."""
    gate = StopGate()
    asked = []
    for iteration in range(draw.randint(4, 14)):
        decision = draw.choice(DECISIONS)
        gain = draw.choice([*[1e-6] * 9, 1e-5, 1e-4, 1e-2, NAN])
        advice = None if decision is None else StopAdvice(decision, "enough")
        judgement = gate.consider(advice, iteration, gain, 1e-4)
        asked.append(
            {
                "decision": None if decision is None else int(decision),
                "gain": gain,
                "granted": int(judgement.granted),
                "verdict": None if judgement.verdict is None else judgement.verdict.wire_name,
                "is_checking": gate.is_checking,
            }
        )
    return {"asked": asked}


def rounded(value: Any) -> Any:
    """To ten digits, so that another version of a library writes the same file; JSON has no NaN."""
    if isinstance(value, dict):
        return {key: rounded(of) for key, of in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(of) for of in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return float(f"{value:.10g}") if isinstance(value, float) else value


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for name, content in {"features": features(), "gradient-checks": gradient_checks(), "gates": gates()}.items():
        (OUT / f"{name}.json").write_text(json.dumps(rounded(content), indent=1) + "\n")
