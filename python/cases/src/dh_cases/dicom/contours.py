"""Contours of a structure set, and which share of a voxel lies inside of them."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property, reduce
from typing import TYPE_CHECKING

import numpy as np
import shapely

from dh_cases.fault import CaseError
from dh_cases.volumes.regrid import overlaps, part_of, window_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from dh_cases.volumes.grid import Grid

_MOST_OFF_SLICE = 0.25
# Points of a contour are written with few digits.
_MOST_OFF_PLANE_MM = 0.1


class ContourShape:
    """A structure drawn on axial planes. Contours of a plane count as even and odd: one inside another is a hole."""

    def __init__(self, planes: dict[float, shapely.Geometry], slice_mm: float) -> None:
        """Each plane reaches half way to the next; `slice_mm` is the height of a structure on a single one."""
        self._z_mm = np.array(sorted(planes))
        self._geometries = [planes[z] for z in self._z_mm]
        steps = np.diff(self._z_mm)
        self.height_mm = float(steps.min()) if len(steps) else slice_mm

    @property
    def has_gaps(self) -> bool:
        """Whether planes in the middle have no contour: pieces apart, or slices that nobody drew on."""
        return bool(np.any(np.diff(self._z_mm) > 1.5 * self.height_mm))

    @property
    def z_mm(self) -> NDArray[np.float64]:
        """The planes, ascending."""
        return self._z_mm

    @cached_property
    def volume_cc(self) -> float:
        """Volume of the contours, cubic centimetres."""
        return float(sum(geometry.area for geometry in self._geometries)) * self.height_mm / 1000.0

    @property
    def bounds_mm(self) -> NDArray[np.float64]:
        """Lowest and highest corner, LPS, mm."""
        flat = np.array([geometry.bounds for geometry in self._geometries])
        half = 0.5 * self.height_mm
        low = [flat[:, 0].min(), flat[:, 1].min(), self._z_mm[0] - half]
        high = [flat[:, 2].max(), flat[:, 3].max(), self._z_mm[-1] + half]
        return np.array([low, high])

    def occupancy(self, grid: Grid) -> NDArray[np.float32]:
        """Share of every voxel of `grid` inside the contours."""
        shares = np.zeros(grid.size, np.float32)
        z_edges = grid.edges_mm(2)
        for z, geometry in zip(self._z_mm, self._geometries, strict=True):
            plane = np.array([z - 0.5 * self.height_mm, z + 0.5 * self.height_mm])
            heights = overlaps(plane, z_edges)[:, 0]
            slices = np.flatnonzero(heights)
            if len(slices) == 0:
                continue
            low_x, low_y, high_x, high_y = geometry.bounds
            window = window_of(grid, np.array([[low_x, low_y, z], [high_x, high_y, z]]))
            across = part_of(grid, (window[0], window[1], slice(0, 1)))
            if across.voxels == 0:
                continue
            inside = _coverage(geometry, across)
            for index in slices:
                shares[window[0], window[1], index] += inside * np.float32(heights[index])
        return np.clip(shares, 0.0, 1.0)


def _coverage(geometry: shapely.Geometry, grid: Grid) -> NDArray[np.float32]:
    """Share of every pixel inside, exact where the outline crosses it."""
    shapely.prepare(geometry)
    x, y = np.meshgrid(grid.centers_mm(0), grid.centers_mm(1), indexing="ij")
    inside = shapely.contains_xy(geometry, x, y).astype(np.float32)
    width, height = grid.spacing_mm[:2]
    # Every pixel that the outline touches holds one of these points, or has a neighbour that does.
    points = shapely.get_coordinates(shapely.segmentize(geometry.boundary, 0.5 * min(width, height)))
    low = grid.bounds_mm[0, :2]
    columns = ((points - low) / (width, height)).astype(int)
    touched = np.zeros((grid.size[0] + 2, grid.size[1] + 2), np.bool_)
    for shift_x in range(3):
        for shift_y in range(3):
            touched[
                np.clip(columns[:, 0] + shift_x, 0, grid.size[0] + 1),
                np.clip(columns[:, 1] + shift_y, 0, grid.size[1] + 1),
            ] = True
    at = np.nonzero(touched[1:-1, 1:-1])
    pixels = shapely.box(x[at] - width / 2, y[at] - height / 2, x[at] + width / 2, y[at] + height / 2)
    inside[at] = shapely.area(shapely.intersection(geometry, pixels)) / (width * height)
    return inside


def _closed(points: NDArray[np.float64]) -> shapely.Geometry:
    """What a contour encloses. One that crosses or touches itself encloses what an odd number of its turns do."""
    valid = shapely.make_valid(shapely.Polygon(points), method="linework")
    # The channel of a keyhole is left as a line, with which GEOS can't go on.
    parts = shapely.get_parts(shapely.get_parts(valid))
    return shapely.union_all([part for part in parts if part.geom_type == "Polygon"])


def _plane_of(z: float, grid: Grid) -> float:
    """The CT slice that a contour was drawn on: positions are rounded in files. Its own where none is near."""
    step = grid.spacing_mm[2]
    at = grid.origin_mm[2] + round((z - grid.origin_mm[2]) / step) * step
    return at if abs(at - z) <= _MOST_OFF_SLICE * step else z


def shape_of(roi: Dataset, label: str, grid: Grid, notes: list[str]) -> ContourShape | None:
    """The shape of an item of ROIContourSequence, drawn on a CT of `grid`; None where nothing closed is drawn.

    Raises CaseError.
    """
    rings: dict[float, list[shapely.Geometry]] = defaultdict(list)
    left_out: dict[str, int] = defaultdict(int)
    for contour in roi.get("ContourSequence") or []:
        kind = str(contour.get("ContourGeometricType", "unknown"))
        if kind not in {"CLOSED_PLANAR", "CLOSEDPLANAR_XOR"}:
            left_out[kind.lower()] += 1
            continue
        points = np.array(contour.ContourData, float).reshape(-1, 3)
        if not np.all(np.isfinite(points)):
            raise CaseError(label, "has a contour with a point that is no number", "export the structure set again")
        if np.ptp(points[:, 2]) > _MOST_OFF_PLANE_MM:
            low, high = points[:, 2].min(), points[:, 2].max()
            raise CaseError(
                label,
                f"has a contour that is not axial: it goes from {low:.2f} to {high:.2f} mm",
                "draw it on axial slices",
            )
        if len(points) < 3:
            left_out["of less than three points"] += 1
            continue
        rings[_plane_of(float(points[:, 2].mean()), grid)].append(_closed(points[:, :2]))
    for kind, count in left_out.items():
        notes.append(f"{label}: {count} contour{'s' if count > 1 else ''} {kind} left out")
    planes = {z: reduce(shapely.symmetric_difference, pieces) for z, pieces in rings.items()}
    planes = {z: geometry for z, geometry in planes.items() if geometry.area > 0}
    return ContourShape(planes, grid.spacing_mm[2]) if planes else None
