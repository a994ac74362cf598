"""Features, gates and checks as test/fixtures/conformance has them; C++ reads the same files."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dh_advisor_client import Beam, StructureRole, VoxelGrid
from dh_advisor_client.advice import DirectionAdvice, Stage, StopAdvice, StructureSigma
from dh_advisor_client.checks import GeometryCheckInput, check_geometry, check_gradient
from dh_advisor_client.enums import DirectionSpace, StopDecision
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
from dh_advisor_client.gates import (
    DirectionGate,
    StopGate,
    check_stages,
    check_structure_sigmas,
    check_vector,
    choose_start,
)
from dh_advisor_client.plan import FloatArray, Structure

FIXTURES = Path(__file__).parents[3] / "test" / "fixtures" / "conformance"
PLAN = json.loads((FIXTURES / "features.json").read_text())
GRADIENTS = json.loads((FIXTURES / "gradient-checks.json").read_text())
GATES = json.loads((FIXTURES / "gates.json").read_text())
ROLES = {role.wire_name: role for role in StructureRole}
GRID = VoxelGrid(*(tuple(PLAN["grid"][key]) for key in ("size", "spacing_mm", "origin_mm")))
BEAMS = [Beam(**beam) for beam in PLAN["beams"]]


def inside(shape: dict[str, Any]) -> Any:
    at = (GRID.centers_mm() - np.array(shape["center_mm"])) / np.array(shape["half_axes_mm"])
    return ((at**2).sum(axis=1) <= 1.0).reshape(GRID.shape)


def dose() -> FloatArray:
    columns = []
    for beam in BEAMS:
        at = BeamFrame.at(beam.gantry_deg, beam.couch_deg, PLAN["isocenter_mm"]).project(GRID.centers_mm())
        for u, v in zip(*beam_rays(beam), strict=True):
            of = np.exp(-((at[:, 0] - u) ** 2 + (at[:, 1] - v) ** 2) / 30.0 - 0.006 * (at[:, 2] - 1000.0))
            columns.append(np.where(of > 1e-3, PLAN["scale"] * of, 0.0))
    return np.array(columns).T


@pytest.fixture(scope="module")
def plan() -> tuple[FeatureInput, list[Structure], Any]:
    shapes = PLAN["ellipsoids"]
    structures = [Structure(s["name"], ROLES[s["role"]], prescribed_dose_gy=s["prescribed_dose_gy"]) for s in shapes]
    contours = [inside(shape) for shape in shapes]
    targets = np.logical_or.reduce([c for c, s in zip(contours, shapes, strict=True) if s["role"] == "target"])
    structures.append(Structure("Shell", StructureRole.NORMAL_TISSUE))
    contours.append(shell_around(GRID, inside(PLAN["body"]), targets, PLAN["body"]["shell_mm"]))
    return FeatureInput(GRID, dose(), contours, planned_voxels(structures, contours)), structures, targets


def test_features(plan: tuple[FeatureInput, list[Structure], Any]) -> None:
    of, structures, targets = plan
    expected = PLAN["expected"]
    assert expected["voxels"] == [
        [int(contour.sum()), int(planned.sum())] for contour, planned in zip(of.contours, of.planned, strict=True)
    ]
    built = beamlet_features(of)
    for name in ("column_norm", "mean_dose", "max_dose"):
        np.testing.assert_allclose(getattr(built, name), expected[name], rtol=1e-9, atol=1e-9)
    assert flat_weight(structures, built.mean_dose) == pytest.approx(expected["flat_weight"], rel=1e-9)
    for one, said in zip(structure_geometry(of, targets, 0.05), expected["structures"], strict=True):
        assert vars(one) == pytest.approx(said, rel=1e-9, abs=1e-9)


def test_path_densities() -> None:
    expected = PLAN["expected"]
    hu = 8 * np.arange(GRID.voxel_count).reshape(GRID.shape) % 1700 - 900
    paths = path_density(GRID, relative_density(hu), PLAN["isocenter_mm"], BEAMS)
    np.testing.assert_allclose(paths.sum(axis=1), expected["path_density_sums"], rtol=1e-9)
    np.testing.assert_allclose(paths @ np.arange(100), expected["path_density_moments"], rtol=1e-9)
    for number, density in expected["relative_density"]:
        assert float(relative_density(number)) == pytest.approx(density, rel=1e-9)


@pytest.mark.parametrize("said", PLAN["checks"], ids=lambda said: said["name"])
def test_geometry_checks(plan: tuple[FeatureInput, list[Structure], Any], said: dict[str, Any]) -> None:
    of, structures, _ = plan
    beams = [Beam(**beam) for beam in said["beams"]]
    found = check_geometry(GeometryCheckInput(of, structures, beams, said["isocenter_mm"], said["weight_ceiling"]))
    assert said["expected"] == {
        "outcome": found.outcome.wire_name,
        "fault": found.fault.value,
        "field": found.field,
        "finding": found.finding,
    }


@pytest.mark.parametrize("said", GRADIENTS["cases"], ids=lambda said: said["name"])
def test_gradient_checks(said: dict[str, Any]) -> None:
    wanted = np.array(GRADIENTS["wanted"])
    found = check_gradient(
        lambda at: 30.0 * float((at - wanted) @ (at - wanted)),
        np.array(GRADIENTS["weights"]),
        np.array(said["gradient"]),
        weight_ceiling=GRADIENTS["weight_ceiling"],
        weight_steepness=GRADIENTS["weight_steepness"],
    )
    expected = said["expected"]
    assert (found.outcome.wire_name, found.fault.value) == (expected["outcome"], expected["fault"])
    assert (found.finding, found.value_calls) == (expected["finding"], expected["value_calls"])
    assert found.ratio == pytest.approx(expected["ratio"], rel=1e-6)


def number(value: Any) -> float:
    """JSON has no NaN: those are text."""
    return float(value)


def numbers(values: list[Any]) -> FloatArray:
    return np.array([number(value) for value in values], dtype=np.float64)


def test_gates_for_vectors_schedules_sigmas_and_starts() -> None:
    for said in GATES["vectors"]:
        assert check_vector(numbers(said["values"]), 3, 0.0, 0.2).wire_name == said["verdict"]
    for said in GATES["schedules"]:
        stages = [Stage(level, number(sigma), limit) for level, sigma, limit in said["stages"]]
        assert check_stages(stages, 2, 2.5, 0.5, 40.0).wire_name == said["verdict"]
    for said in GATES["structure_sigmas"]:
        sigmas = [StructureSigma(structure, number(sigma)) for structure, sigma in said["sigmas"]]
        assert check_structure_sigmas(sigmas, 2, 0.5, 40.0).wire_name == said["verdict"]
    for said in GATES["starts"]:
        assert choose_start(number(said["default"]), number(said["proposed"])).wire_name == said["verdict"]


def test_gates_for_directions() -> None:
    for of in GATES["directions"]:
        gate = DirectionGate()
        for said in of["asked"]:
            step = None if said["step_length"] is None else number(said["step_length"])
            advice = DirectionAdvice(DirectionSpace.WEIGHTS, numbers(said["direction"]), step)
            verdict, kept = gate.consider(advice, numbers(said["gradient"]))
            assert (verdict.wire_name, gate.is_off) == (said["verdict"], said["is_off"])
            assert (kept is None) == (said["kept"] is None)
            if kept is not None:
                np.testing.assert_allclose(kept.direction, said["kept"], atol=1e-8)
                assert kept.step_length == pytest.approx(said["kept_step_length"])
    for said in GATES["trials"]:
        values = [number(said[name]) for name in ("f0", "slope0", "f", "slope", "step")]
        assert DirectionGate.judge_trial(*values).wire_name == said["verdict"]


def test_gates_for_stops() -> None:
    for of in GATES["stops"]:
        gate = StopGate()
        for iteration, said in enumerate(of["asked"]):
            decision = said["decision"]
            advice = None if decision is None else StopAdvice(StopDecision(decision), "enough")
            found = gate.consider(advice, iteration, number(said["gain"]), 1e-4)
            assert (int(found.granted), found.verdict and found.verdict.wire_name) == (said["granted"], said["verdict"])
            assert gate.is_checking == said["is_checking"]
