"""A plan's case: doses, contours and beams of any optimizer, as the contract wants them."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from dh_advisor_client.checks import CheckResult, GeometryCheckInput, check_geometry
from dh_advisor_client.enums import StructureRole, TensorKind
from dh_advisor_client.features import (
    BeamletFeatures,
    FeatureInput,
    VoxelGrid,
    beamlet_features,
    flat_weight,
    path_density,
    planned_voxels,
    relative_density,
    shell_around,
    structure_geometry,
)
from dh_advisor_client.features.beamlets import Matrix
from dh_advisor_client.features.grid import Mask
from dh_advisor_client.plan import (
    Beam,
    DoseMetric,
    DoseVolumePoint,
    FloatArray,
    Geometry,
    Structure,
    StructureGeometry,
)
from dh_advisor_client.wire.input_checks import not_negative, positive, require, text

WEIGHT_CEILING = 0.2
WEIGHT_STEEPNESS = 0.5
UNIFORM_WEIGHT = 0.05
"""Models are trained on matrices whose flat start is 0.05 under a ceiling of 0.2; a case is scaled to that."""

# How far above its prescription a target may get, when nothing else is said: the reference optimizer's goal.
_TARGET_UPPER = 1.03
_SHELL_MM = 30.0
_TARGET_WEIGHT = 30.0


@dataclass(frozen=True)
class Contour:
    """A structure as drawn: `mask` of shape (z, y, x), overlap with others included.

    `objective_weight`: relative to the others; None = 30 for a target and 1 for the rest, as models know it best. They
    have seen 0.5 to 30, and 0.1 to 3: scale what an objective of another kind has. Goals are the prescribed dose of a
    target, and the dose that an organ should not exceed; `prescription` says more, and replaces both. A contour of
    normal tissue is the body: models know of it what is near the targets.
    """

    name: str
    role: StructureRole
    mask: npt.ArrayLike
    prescribed_dose_gy: float | None = None
    limit_gy: float | None = None
    objective_weight: float | None = None
    prescription: Sequence[DoseVolumePoint] = ()
    tg263_name: str = ""

    @property
    def weight(self) -> float:
        """The one that is sent."""
        if self.objective_weight is not None:
            return self.objective_weight
        return _TARGET_WEIGHT if self.role is StructureRole.TARGET else 1.0

    def wanted(self) -> tuple[DoseVolumePoint, ...]:
        """The wanted cumulative curve."""
        if self.prescription:
            return tuple(self.prescription)
        if self.role is StructureRole.TARGET and self.prescribed_dose_gy is not None:
            upper_gy = _TARGET_UPPER * self.prescribed_dose_gy
            return DoseVolumePoint(self.prescribed_dose_gy, 1.0), DoseVolumePoint(upper_gy, 0.0)
        if self.limit_gy is None:
            return ()
        return DoseVolumePoint(0.0, 1.0), DoseVolumePoint(self.limit_gy, 0.0)


class Case:
    """What models want to know about a plan, and the way between its optimizer's weights and theirs.

    The optimizer's weights are in its own unit and order; models' cover every beam's whole grid, in [0, 0.2], where
    0.05 on all is the flat start. Immutable; features are computed when first asked for, and kept.
    """

    def __init__(
        self,
        *,
        grid: VoxelGrid,
        influence: Matrix,
        beams: Sequence[Beam],
        isocenter_mm: Sequence[float],
        contours: Sequence[Contour],
        beamlets: npt.ArrayLike | None = None,
        hu: npt.ArrayLike | None = None,
    ) -> None:
        """`influence`: Gy in a voxel per unit of the optimizer's weight, shape (voxels of the grid, own beamlets).

        Dose of the whole course, as prescriptions are. `beamlets`: where each own beamlet is in the beams' grids (see
        `beam_grid`); None = the optimizer has all, in the contract's order. `hu`: CT numbers (z, y, x), for models that
        look along the beams. Raises `InvalidInput`, with the field's name.
        """
        grid.check()
        require(len(contours) > 0, "contours", "is empty")
        masks = [grid.mask(contour.mask, f"contours[{i}].mask") for i, contour in enumerate(contours)]
        for i, (contour, mask) in enumerate(zip(contours, masks, strict=True)):
            _check_contour(contour, mask, f"contours[{i}]")
        is_target = [contour.role is StructureRole.TARGET for contour in contours]
        require(any(is_target), "contours", "has no target")
        self.grid = grid
        self.beams = tuple(beams)
        self.isocenter_mm = (float(isocenter_mm[0]), float(isocenter_mm[1]), float(isocenter_mm[2]))
        self._targets: Mask = np.logical_or.reduce([m for m, target in zip(masks, is_target, strict=True) if target])
        for i, contour in enumerate(contours):
            if contour.role is StructureRole.NORMAL_TISSUE:
                masks[i] = shell_around(grid, masks[i], self._targets, _SHELL_MM)
                require(bool(masks[i].any()), f"contours[{i}].mask", "has nothing within 30 mm of a target")
        count = sum(beam.columns * beam.rows for beam in self.beams)
        matrix = sparse.csc_matrix(influence, dtype=np.float64)
        self.beamlets = _places(beamlets, matrix.shape[1], count)
        structures = [_structure(contour) for contour in contours]
        planned = planned_voxels(structures, masks)
        self.structures = tuple(
            _structure(contour, int(mask.sum()), grid.voxel_cc) for contour, mask in zip(contours, planned, strict=True)
        )
        own = FeatureInput(grid, _scattered(matrix, self.beamlets, count), masks, planned)
        self.scale = flat_weight(self.structures, beamlet_features(own).mean_dose) / UNIFORM_WEIGHT
        """An own weight is this times a model's."""
        self.features = FeatureInput(grid, own.matrix * self.scale, masks, planned)
        self._hu = None if hu is None else np.asarray(hu)
        require(self._hu is None or self._hu.shape == grid.shape, "hu", f"must have shape (z, y, x) {grid.shape}")

    @property
    def beamlet_count(self) -> int:
        """n, of the beams' whole grids."""
        return self.features.beamlet_count

    @property
    def own_count(self) -> int:
        """Of the optimizer's beamlets."""
        return int(self.beamlets.size)

    def to_model(self, weights: FloatArray) -> FloatArray:
        """The optimizer's weights as models have them, kept in [0, ceiling]; 0 where it has no beamlet."""
        model = np.zeros(self.beamlet_count)
        model[self.beamlets] = np.clip(weights / self.scale, 0.0, WEIGHT_CEILING)
        return model

    def from_model(self, weights: FloatArray) -> FloatArray:
        """A model's weights in the optimizer's own unit and order."""
        return np.asarray(weights[self.beamlets] * self.scale)

    def gradient_to_model(self, gradient: FloatArray) -> FloatArray:
        """DF by the optimizer's weights -> dF/dw as the contract has it."""
        model = np.zeros(self.beamlet_count)
        model[self.beamlets] = gradient * self.scale
        return model

    def change_to_model(self, change: FloatArray) -> FloatArray:
        """A change of the optimizer's weights, such as a step."""
        model = np.zeros(self.beamlet_count)
        model[self.beamlets] = change / self.scale
        return model

    def flat_start(self) -> FloatArray:
        """Own weights, all alike, that give the highest prescription as mean dose of its target."""
        return np.full(self.own_count, UNIFORM_WEIGHT * self.scale)

    @functools.cached_property
    def beamlet_features(self) -> BeamletFeatures:
        """Column norms, mean and maximum doses."""
        return beamlet_features(self.features)

    @functools.cached_property
    def structure_geometry(self) -> list[StructureGeometry]:
        """Sphericity, dose gradient and distance."""
        return structure_geometry(self.features, self._targets, UNIFORM_WEIGHT)

    @functools.cached_property
    def path_density(self) -> FloatArray | None:
        """None without CT numbers."""
        if self._hu is None:
            return None
        return path_density(self.grid, relative_density(self._hu), self.isocenter_mm, self.beams)

    def offers(self) -> list[TensorKind]:
        """What can be sent when a host wants it."""
        steps = [TensorKind.GRADIENT, TensorKind.WEIGHTS, TensorKind.DIRECTION]
        doses = [TensorKind.COLUMN_NORM, TensorKind.STRUCTURE_MEAN_DOSE, TensorKind.STRUCTURE_MAX_DOSE]
        return steps + doses + ([] if self._hu is None else [TensorKind.PATH_DENSITY])

    def tensor(self, kind: TensorKind) -> FloatArray | None:
        """A feature that belongs to the geometry question."""
        if kind is TensorKind.PATH_DENSITY:
            return self.path_density
        features = self.beamlet_features
        return {
            TensorKind.COLUMN_NORM: features.column_norm,
            TensorKind.STRUCTURE_MEAN_DOSE: features.mean_dose,
            TensorKind.STRUCTURE_MAX_DOSE: features.max_dose,
        }.get(kind)

    def geometry(self, kinds: Sequence[TensorKind]) -> Geometry:
        """The geometry question, with what of `kinds` belongs to it."""
        tensors = {kind: values for kind in kinds if (values := self.tensor(kind)) is not None}
        return Geometry(self.structure_geometry, tensors)

    def check(self) -> CheckResult:
        """Whether beams, order and voxels are where the doses are."""
        said = GeometryCheckInput(
            self.features, self.structures, self.beams, self.isocenter_mm, WEIGHT_CEILING, UNIFORM_WEIGHT
        )
        return check_geometry(said)

    def metrics(self, weights: FloatArray) -> list[DoseMetric]:
        """Mean dose of every structure, and D95 of targets, for the plan's end."""
        model = np.zeros(self.beamlet_count)
        model[self.beamlets] = weights / self.scale
        dose_gy = self.features.matrix @ model
        metrics = []
        for s, (structure, planned) in enumerate(zip(self.structures, self.features.planned, strict=True)):
            of = dose_gy[np.flatnonzero(planned)]
            if of.size == 0:
                continue
            metrics.append(DoseMetric(s, "Dmean", float(of.mean())))
            if structure.role is StructureRole.TARGET:
                metrics.append(DoseMetric(s, "D95", float(np.quantile(of, 0.05))))
        return metrics


def _check_contour(contour: Contour, mask: Mask, at: str) -> None:
    text(contour.name, f"{at}.name", may_be_empty=False)
    require(bool(mask.any()), f"{at}.mask", f"({contour.name}) is empty")
    not_negative(contour.weight, f"{at}.objective_weight")
    if contour.role is StructureRole.TARGET:
        require(contour.prescribed_dose_gy is not None, f"{at}.prescribed_dose_gy", "is missing on a target")
    for name in ("prescribed_dose_gy", "limit_gy"):
        value = getattr(contour, name)
        if value is not None:
            positive(value, f"{at}.{name}")


def _structure(contour: Contour, voxels: int = 0, voxel_cc: float = 0.0) -> Structure:
    is_target = contour.role is StructureRole.TARGET
    return Structure(
        name=contour.name,
        role=contour.role,
        volume_cc=voxels * voxel_cc,
        voxel_count=voxels,
        objective_weight=contour.weight,
        prescription=contour.wanted(),
        prescribed_dose_gy=contour.prescribed_dose_gy if is_target else None,
        tg263_name=contour.tg263_name,
    )


def _places(beamlets: npt.ArrayLike | None, own: int, count: int) -> npt.NDArray[np.int64]:
    if beamlets is None:
        differs = f"has {own} columns, and the beams have {count} columns times rows"
        require(own == count, "influence", f"{differs}; say with `beamlets` where each is")
        return np.arange(count)
    places = np.asarray(beamlets, dtype=np.int64)
    require(places.shape == (own,), "beamlets", f"has shape {places.shape}, and influence has {own} columns")
    is_inside = bool(((places >= 0) & (places < count)).all())
    require(is_inside, "beamlets", f"has indices beyond the {count} beamlets of the beams")
    require(np.unique(places).size == own, "beamlets", "names one place twice")
    return places


def _scattered(matrix: sparse.csc_matrix, places: npt.NDArray[np.int64], count: int) -> sparse.csr_matrix:
    """The columns where the beams' grids have them."""
    entries = matrix.tocoo()
    return sparse.csr_matrix((entries.data, (entries.row, places[entries.col])), shape=(matrix.shape[0], count))
