"""Resampling and the choice of voxels keep places and volumes."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from dh_cases.dicom.contours import ContourShape
from dh_cases.volumes.grid import Grid
from dh_cases.volumes.regrid import regrid, regrid_hu
from dh_cases.volumes.shapes import MaskShape, choose_voxels

FINE = Grid((40, 30, 20), (1.0, 1.5, 2.0), (-19.5, -21.75, -19.0))


def test_averages_keep_the_integral() -> None:
    volume = np.random.default_rng(1).random(FINE.size).astype(np.float32)
    coarse = Grid((9, 10, 9), (5.0, 5.0, 5.0), (-20.0, -22.5, -20.0))
    made = regrid(volume, FINE, coarse)
    assert made.sum() * coarse.voxel_cc == pytest.approx(volume.sum() * FINE.voxel_cc, rel=1e-4)


@pytest.mark.parametrize("spacing", [0.5, 0.9, 1.0, 3.0, 5.0])
def test_a_slope_keeps_its_place(spacing: float) -> None:
    x = FINE.centers_mm(0)[:, None, None] + np.zeros(FINE.size)
    count = int(20 / spacing)
    target = Grid((count, 3, 3), (spacing, 1.0, 1.0), (-10.0, -1.0, -1.0))
    made = regrid(x.astype(np.float32), FINE, target)
    assert np.allclose(made[:, 1, 1], target.centers_mm(0), atol=1e-4)


def test_outside_of_a_ct_is_air() -> None:
    target = Grid((60, 30, 20), (1.0, 1.5, 2.0), (-29.5, -21.75, -19.0))
    made = regrid_hu(np.full(FINE.size, 40.0, np.float32), FINE, target)
    assert np.all(made[:10] == -1000.0)
    assert np.all(made[10:50] == 40.0)


@pytest.mark.parametrize("spacing", [0.7, 1.0, 2.0, 5.0])
def test_contours_and_masks_of_a_disc_agree_with_its_area(spacing: float) -> None:
    radius, height = 11.3, 12.0
    disc = shapely.Point(2.0, -3.0).buffer(radius, quad_segs=64)
    shape = ContourShape({z: disc for z in np.arange(-5.0, 6.0, 2.0)}, 2.0)
    size = int(40 / spacing)
    origin = -0.5 * (size - 1) * spacing
    grid = Grid((size, size, size), (spacing, spacing, spacing), (origin, origin, origin))
    wanted = np.pi * radius**2 * height / 1000.0
    assert shape.volume_cc == pytest.approx(wanted, rel=1e-3)
    shares = shape.occupancy(grid)
    assert shares.sum(dtype=float) * grid.voxel_cc == pytest.approx(wanted, rel=1e-3), "exact, not sampled"
    middle = [
        np.average(grid.centers_mm(axis), weights=shares.sum(axis=tuple({0, 1, 2} - {axis}))) for axis in range(3)
    ]
    assert np.allclose(middle, [2.0, -3.0, 0.0], atol=0.05)
    again = MaskShape(grid, shares).occupancy(Grid((8, 8, 8), (5.0, 5.0, 5.0), (-17.5, -17.5, -17.5)))
    assert again.sum(dtype=float) * 0.125 == pytest.approx(wanted, rel=2e-2)


def test_thin_structures_are_not_lost_and_no_side_is_favoured() -> None:
    shares = np.zeros((20, 20, 50), np.float32)
    shares[9:11, 9:11] = 0.3
    voxels, is_small = choose_voxels(shares)
    assert is_small
    assert voxels.sum() == 60
    middle = np.argwhere(voxels).mean(axis=0)
    assert np.allclose(middle[:2], 9.5, atol=0.2)
    assert np.array_equal(voxels, choose_voxels(shares)[0])
    voxels, is_small = choose_voxels(np.ones((3, 3, 3), np.float32))
    assert voxels.all()
    assert not is_small
