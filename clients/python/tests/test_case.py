"""Cases name what is wrong with them, and carry weights there and back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from box_plan import ISOCENTER_MM, box_plan
from scipy import sparse

from dh_advisor_client import Beam, Case, Contour, InvalidInput, StructureRole, TensorKind, VoxelGrid, beam_grid
from dh_advisor_client.enums import CheckOutcome
from dh_advisor_client.features import distance_to_mm, planned_voxels, sphericity
from dh_advisor_client.plan import Structure

PLAN = box_plan()


def case(**changes: Any) -> Case:
    fields: dict[str, Any] = {
        "grid": PLAN.case.grid,
        "influence": PLAN.influence,
        "beams": PLAN.case.beams,
        "isocenter_mm": ISOCENTER_MM,
        "contours": PLAN.contours,
    }
    return Case(**(fields | changes))


def test_features_are_in_the_unit_of_models() -> None:
    features = PLAN.case.beamlet_features
    assert 0.05 * features.mean_dose[:, 0].sum() == pytest.approx(60.0)
    assert PLAN.case.check().outcome is CheckOutcome.PASSED
    assert PLAN.case.path_density is not None
    assert PLAN.case.path_density.shape == (153, 100)


def test_weights_go_there_and_back() -> None:
    own = PLAN.case.flat_start() * np.linspace(0.0, 3.0, 153)
    np.testing.assert_allclose(PLAN.case.from_model(PLAN.case.to_model(own)), own)
    # dF = gradient . change, in whichever unit.
    gradient, change = np.arange(153.0), np.linspace(-1.0, 1.0, 153)
    there = PLAN.case.gradient_to_model(gradient) @ PLAN.case.change_to_model(change)
    assert there == pytest.approx(gradient @ change)


@pytest.mark.parametrize("make", [sparse.csr_matrix, sparse.csc_matrix, sparse.coo_array, np.asarray])
def test_any_matrix_gives_the_same(make: Any) -> None:
    other = case(influence=make(PLAN.influence))
    np.testing.assert_array_equal(other.beamlet_features.column_norm, PLAN.case.beamlet_features.column_norm)


def test_an_optimizer_may_have_some_of_the_beamlets_in_its_own_order() -> None:
    places = np.arange(153)[::-2]
    some = case(influence=PLAN.influence[:, places], beamlets=places)
    norms = some.beamlet_features.column_norm * (PLAN.case.scale / some.scale)
    np.testing.assert_allclose(norms[places], PLAN.case.beamlet_features.column_norm[places])
    assert np.count_nonzero(norms) == places.size
    own = some.flat_start() * np.linspace(0.5, 1.5, places.size)
    np.testing.assert_allclose(some.from_model(some.to_model(own)), own)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"influence": PLAN.influence[:, :9]}, "influence has 9 columns, and the beams have 153"),
        ({"influence": PLAN.influence[:9]}, "influence has 9 rows, and the grid has 3721 voxels"),
        ({"influence": -PLAN.influence}, "it must be in"),
        ({"influence": PLAN.influence * np.nan}, "it must be in"),
        ({"influence": PLAN.influence, "beamlets": np.zeros(153, dtype=int)}, "names one place twice"),
        ({"beamlets": np.arange(153) + 1}, "beyond the 153 beamlets"),
        ({"contours": []}, "contours is empty"),
        ({"contours": PLAN.contours[1:]}, "contours has no target"),
        ({"contours": [Contour("PTV", StructureRole.TARGET, np.ones((1, 61, 61), bool))]}, "prescribed_dose_gy is mis"),
        ({"contours": [Contour("PTV", StructureRole.TARGET, np.ones((61, 61)), 60.0)]}, "has shape (61, 61), and"),
        ({"contours": [Contour("PTV", StructureRole.TARGET, np.ones((1, 61, 61)), 60.0)]}, "a mask is boolean"),
        ({"contours": [Contour("PTV", StructureRole.TARGET, np.zeros((1, 61, 61), bool), 60.0)]}, "(PTV) is empty"),
        ({"grid": VoxelGrid((61, 61, 1), (5.0, 0.0, 5.0), (0.0, 0.0, 0.0))}, "grid.spacing_mm[1] must be positive"),
        ({"hu": np.zeros((2, 2, 2))}, "hu must have shape"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput) as fault:
        case(**changes)
    assert words in str(fault.value)


def test_normal_tissue_is_what_is_near_the_targets() -> None:
    body, shell = PLAN.contours[3].mask, PLAN.case.features.contours[3]
    target = PLAN.case.features.contours[0]
    distance_mm = distance_to_mm(PLAN.case.grid, target)
    assert shell.sum() < np.asarray(body).sum()
    assert (distance_mm[shell] <= 30.0).all()
    assert not (shell & target).any()


def test_planned_voxels_belong_to_the_highest_target() -> None:
    structures = [
        Structure("low", StructureRole.TARGET, prescribed_dose_gy=50.0),
        Structure("organ", StructureRole.ORGAN_AT_RISK),
        Structure("high", StructureRole.TARGET, prescribed_dose_gy=70.0),
        Structure("as high", StructureRole.TARGET, prescribed_dose_gy=70.0),
    ]
    contours = [np.array([[[bit >> k & 1 for bit in range(16)]]], dtype=bool) for k in range(4)]
    low, organ, high, equal = (planned.ravel() for planned in planned_voxels(structures, contours))
    for bit in range(16):
        has = [bool(bit >> k & 1) for k in range(4)]
        assert high[bit] == has[2]
        assert equal[bit] == (has[3] and not has[2])
        assert low[bit] == (has[0] and not (has[2] or has[3]))
        assert organ[bit] == (has[1] and not (has[0] or has[2] or has[3]))


def test_an_empty_set_is_round() -> None:
    assert sphericity(PLAN.case.grid, np.zeros((1, 61, 61), bool)) == 1.0


def test_rays_get_one_odd_grid_for_all_beams() -> None:
    rays = [[(-10.0, 0.0), (0.0, 5.0)], [(5.0, -5.0), (0.0, 0.1)]]
    grid = beam_grid([-30.0, 390.0], [0.0, 10.0], rays, 5.0)
    assert grid.beams == (Beam(330.0, 5, 3, 5.0, 5.0), Beam(30.0, 5, 3, 5.0, 5.0, 10.0))
    # Row by row from below, u smallest first.
    assert grid.beamlets.tolist() == [5, 12, 15 + 3, 15 + 7]
    with pytest.raises(InvalidInput, match=r"rays_mm\[0\] has rays 0.4 cells of 5 mm off a grid"):
        beam_grid([0.0], [0.0], [[(2.0, 0.0)]], 5.0)
    with pytest.raises(InvalidInput, match="two rays at one place"):
        beam_grid([0.0], [0.0], [[(5.0, 0.0), (5.0, 0.0)]], 5.0)


def test_offers_what_it_can_compute() -> None:
    assert TensorKind.PATH_DENSITY in PLAN.case.offers()
    assert TensorKind.PATH_DENSITY not in case().offers()
    assert case().tensor(TensorKind.PATH_DENSITY) is None
