"""Makes one volume of the slices of a CT series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pydicom.pixels import apply_rescale

from dh_cases.fault import CaseError
from dh_cases.volumes.grid import require_room
from dh_cases.volumes.orient import to_lps
from dh_cases.volumes.regrid import AIR_HU

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dh_cases.dicom.folder import DicomFolder, Header
    from dh_cases.volumes.grid import Grid

_SAME_PLACE_MM = 0.01
# Positions are rounded in files; a missing slice is off by a whole distance.
_MOST_UNEVEN = 0.05
_ALIKE = ("Rows", "Columns", "PixelSpacing", "ImageOrientationPatient", "FrameOfReferenceUID")


@dataclass(frozen=True)
class CtSeries:
    """A CT in HU, and what other files refer to it by."""

    ct_hu: NDArray[np.float32]
    grid: Grid
    frame_uid: str
    slice_uids: frozenset[str]
    notes: list[str]


def choose_series(folder: DicomFolder, referenced: frozenset[str]) -> list[Header]:
    """The series that the contours refer to, or the only one."""
    series = list(folder.series.values())
    if len(series) == 1:
        return series[0]
    meant = [slices for slices in series if any(str(header.data.SOPInstanceUID) in referenced for header in slices)]
    if len(meant) == 1:
        return meant[0]
    sizes = ", ".join(str(len(slices)) for slices in series)
    raise CaseError(
        folder.path,
        f"has {len(series)} CT series (of {sizes} slices), and the contours do not tell which is meant",
        "keep the one that was contoured in the folder",
    )


def _require_alike(slices: list[Header]) -> None:
    first = slices[0]
    for name in _ALIKE:
        for header in slices:
            if name not in header.data:
                raise CaseError(header.path, f"has no {name}", "export the CT again with its geometry")
            if header.data[name].value == first.data[name].value:
                continue
            what = "frames of reference" if name == "FrameOfReferenceUID" else f"values of {name}"
            raise CaseError(
                header.path,
                f"and {first.path.name} have different {what}",
                "keep slices of one scan in the folder",
            )


def _require_even(positions: NDArray[np.float64], slices: list[Header]) -> None:
    steps = np.diff(positions)
    twice = np.flatnonzero(steps < _SAME_PLACE_MM)
    if len(twice):
        raise CaseError(
            slices[twice[0] + 1].path,
            f"lies where {slices[twice[0]].path.name} does, at {positions[twice[0]]:.2f} mm",
            "keep each slice once",
        )
    step = float(np.median(steps))
    gaps = np.flatnonzero(np.abs(steps - step) > _MOST_UNEVEN * step)
    if len(gaps) == 0:
        return
    low, high = positions[gaps[0]], positions[gaps[0] + 1]
    missing = round((high - low) / step) - 1
    what = f"{missing} slice{'s are' if missing > 1 else ' is'} missing" if missing > 0 else "the distance differs"
    raise CaseError(
        slices[gaps[0]].path,
        f"{what} between {low:.2f} and {high:.2f} mm (elsewhere slices are {step:.4g} mm apart)",
        "export all slices of the series; a scan with two distances has to be resampled first",
    )


def _slice_hu(header: Header) -> NDArray[np.float32]:
    data = header.pixels()
    if "RescaleSlope" not in data or "RescaleIntercept" not in data:
        raise CaseError(header.path, "has no rescale slope and intercept, so its values are no HU", "export it again")
    try:
        stored = data.pixel_array
    except Exception as fault:
        raise CaseError(
            header.path,
            f"can't be decoded ({type(fault).__name__})",
            "if it is compressed: pip install 'dh-cases[compressed]', or export it uncompressed",
        ) from None
    hu = apply_rescale(stored, data).astype(np.float32)
    if "PixelPaddingValue" in data:
        hu[stored == data.PixelPaddingValue] = AIR_HU
    return hu


def read_series(slices: list[Header], progress: Callable[[str, int, int], None]) -> CtSeries:
    """Reads the slices of one series. Raises CaseError when they are not one even stack of one scan."""
    _require_alike(slices)
    first = slices[0].data
    row, column = np.array(first.ImageOrientationPatient, float).reshape(2, 3)
    normal = np.cross(row, column)
    at = [float(np.dot(normal, np.array(header.data.ImagePositionPatient, float))) for header in slices]
    order = np.argsort(at, kind="stable")
    slices = [slices[index] for index in order]
    positions = np.array(at)[order]
    if len(slices) < 2:
        raise CaseError(slices[0].path.parent, "has one CT slice", "export the whole series")
    _require_even(positions, slices)
    require_room((int(first.Columns), int(first.Rows), len(slices)), slices[0].path)
    stack = np.empty((int(first.Columns), int(first.Rows), len(slices)), np.float32)
    for index, header in enumerate(slices):
        stack[:, :, index] = _slice_hu(header).T
        progress("reading CT", index + 1, len(slices))
    below = stack < AIR_HU
    notes = [f"{int(below.sum())} voxels below -1000 HU became air"] if below.any() else []
    stack[below] = AIR_HU

    between_rows, between_columns = (float(value) for value in first.PixelSpacing)
    start = np.array(slices[0].data.ImagePositionPatient, float)
    end = np.array(slices[-1].data.ImagePositionPatient, float)
    affine = np.eye(4)
    # Not the normal, but the way the slices go: a tilted gantry shifts each against the next.
    affine[:3, :3] = np.column_stack([row * between_columns, column * between_rows, (end - start) / (len(slices) - 1)])
    affine[:3, 3] = start
    ct_hu, grid = to_lps(stack, affine, slices[0].path.parent)
    uids = frozenset(str(header.data.SOPInstanceUID) for header in slices)
    return CtSeries(ct_hu, grid, str(first.FrameOfReferenceUID), uids, notes)
