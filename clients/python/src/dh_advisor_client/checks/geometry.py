"""Whether beams, order and scale of a plan are those of its doses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from dh_advisor_client.checks.beam_fit import BeamFit, Belief, as_said, best_shift_mm, fit_beams, misfit_of
from dh_advisor_client.checks.beliefs import alternatives
from dh_advisor_client.checks.moments import Moments, measure_moments
from dh_advisor_client.checks.result import CheckFault, CheckResult, failed, number, times
from dh_advisor_client.checks.sent import check_sent
from dh_advisor_client.enums import CheckOutcome
from dh_advisor_client.features import BeamletFeatures, FeatureInput, VoxelGrid, beamlet_features, flat_weight
from dh_advisor_client.plan import Beam, Geometry, Structure
from dh_advisor_client.wire.input_checks import check_beam, not_negative, positive, require

# Beams whose dose rises along the beam by this much are lit from the other side.
_ENTRY_SHIFT_MM = 0.5
_MOST_BEAMS = 0.8
# A flat start this far from the expected one, either way, is a matrix of another scale.
_SCALE_TOLERANCE = 1.5
# Models are trained on matrices whose flat start is this share of the ceiling.
_UNIFORM_SHARE = 0.25


@dataclass(frozen=True)
class GeometryCheckInput:
    """A plan as it would be sent."""

    features: FeatureInput
    structures: Sequence[Structure]
    beams: Sequence[Beam]
    isocenter_mm: Sequence[float]
    weight_ceiling: float
    uniform_weight: float = 0.0
    """That on all beamlets gives the highest prescription; 0 = a quarter of the ceiling, as models have it."""
    geometry: Geometry | None = None
    """What is about to be sent, to be compared with what the features are."""

    def check(self) -> None:
        """Raises `InvalidInput` for what can't be checked."""
        require(len(self.beams) > 0, "beams", "is empty")
        for b, beam in enumerate(self.beams):
            check_beam(beam, f"beams[{b}]")
        beamlets = sum(beam.columns * beam.rows for beam in self.beams)
        differs = f"has {self.features.beamlet_count} columns, and the beams have {beamlets} columns times rows"
        require(beamlets == self.features.beamlet_count, "features.influence", differs)
        is_same = len(self.structures) == len(self.features.contours)
        require(is_same, "structures", "must have as many entries as features.contours")
        require(bool(np.isfinite(self.isocenter_mm).all()), "isocenter_mm", "is not finite")
        positive(self.weight_ceiling, "weight_ceiling")
        not_negative(self.uniform_weight, "uniform_weight")

    @property
    def expected_weight(self) -> float:
        """Of the flat start."""
        return self.uniform_weight or _UNIFORM_SHARE * self.weight_ceiling


def check_geometry(of: GeometryCheckInput) -> CheckResult:
    """Compares where beamlets deposit their dose with where beams and order say that they pass.

    Then the doses' scale with the flat start; then, if given, the geometry with the features. Catches mirrored columns
    and rows, other orders of beamlets, gantry offsets, radians, sizes in cm, a misplaced isocentre, a scaled matrix,
    Gy/100, and per cm for per mm. Directions come from each beamlet's centre of dose against its ray, so that symmetric
    patients hide nothing. The contract knows one isocentre, no collimator angle, and a patient who lies head first and
    supine. Turns under 10 degrees and sizes wrong by less than 15 % pass.
    """
    of.check()
    wrong = _check_rays(of)
    if wrong is not None:
        return wrong
    features = beamlet_features(of.features)
    scale = _check_scale(of, features)
    if not scale.passed or of.geometry is None:
        return scale
    structures = of.structures
    wrong = check_sent(of.geometry, of.features, structures, features, of.expected_weight)
    return scale if wrong is None else wrong


def _check_scale(of: GeometryCheckInput, features: BeamletFeatures) -> CheckResult:
    flat = flat_weight(of.structures, features.mean_dose)
    ratio = of.expected_weight / flat
    if 1.0 / _SCALE_TOLERANCE <= ratio <= _SCALE_TOLERANCE:
        return CheckResult(CheckOutcome.PASSED, ratio=ratio)
    finding = (
        f"doses are {times(ratio)} what they should be: a uniform weight of {number(of.expected_weight)} must give the "
        f"highest prescription as mean dose of its target, and {number(flat)} does; scale the matrix, and the weights "
        "by the inverse"
    )
    return failed(CheckFault.DOSE_SCALE, "features.dose", finding, ratio)


def _falls_with_depth(belief: Belief, moments: Moments) -> bool:
    """Whether dose falls with depth along most beams. Nothing, too, counts as falling: short paths show no depth."""
    fits = fit_beams(belief, moments)
    return sum(fit.entry_shift_mm > _ENTRY_SHIFT_MM for fit in fits) < _MOST_BEAMS * len(fits)


def _described(fit: BeamFit, beam: Beam) -> str:
    words = f"its beamlets' dose moves by {number(fit.column_slope)} mm across for each mm between columns"
    if beam.rows > 1:
        words += f", by {number(fit.row_slope)} along for each between rows"
    words += f", and lies {number(fit.column_offset_mm)} mm beside the rays"
    if fit.line_deg is not None:
        line = f"gantry {number(fit.line_deg)} or {number(fit.line_deg + 180.0)} degrees"
        words += f"; it runs along {line}, {number(fit.angle_deg)} degrees from the beam that is said"
    return words


def _worst_beam(said: Belief, fits: Sequence[BeamFit], grid: VoxelGrid) -> CheckResult:
    worst = int(np.argmax([fit.misfit(beam, grid) for fit, beam in zip(fits, said.beams, strict=True)]))
    is_turned = fits[worst].line_deg is not None and fits[worst].angle_deg > 15.0
    fault = CheckFault.GANTRY if is_turned else CheckFault.BEAMLET_ORDER
    field = f"beams[{worst}].{'gantry_deg' if is_turned else 'columns'}"
    return failed(
        fault, field, f"beams[{worst}] is not where its dose is: {_described(fits[worst], said.beams[worst])}"
    )


def _with_measured_sizes(said: Belief, fits: Sequence[BeamFit]) -> tuple[Belief, float] | None:
    """The beams with cells of the size that the doses show, if all beams agree; and the factor."""
    slopes = sorted(fit.column_slope for fit in fits if fit.column_extent_mm > 0.0)
    factor = slopes[len(slopes) // 2] if slopes else 0.0
    if not 0.02 < factor < 50.0:
        return None

    def sized(beam: Beam) -> Beam:
        height = beam.row_height_mm * (factor if beam.rows > 1 else 1.0)
        return replace(beam, column_width_mm=beam.column_width_mm * factor, row_height_mm=height)

    return replace(said, beams=tuple(sized(beam) for beam in said.beams)), factor


def _check_rays(of: GeometryCheckInput) -> CheckResult | None:
    """What is wrong, if anything."""
    grid = of.features.grid
    moments = measure_moments(of.features, of.isocenter_mm)
    said = as_said(tuple(of.beams))
    fits = fit_beams(said, moments)
    if all(fit.beamlets == 0 for fit in fits):
        return failed(CheckFault.DOSE_SCALE, "features.dose", "no beamlet has any dose")
    fits_rays = misfit_of(said, moments, grid) <= 1.0
    if fits_rays and _falls_with_depth(said, moments):
        return None

    def fits_well(belief: Belief) -> bool:
        return misfit_of(belief, moments, grid) <= 1.0 and _falls_with_depth(belief, moments)

    for alternative in alternatives(said.beams):
        if not fits_well(alternative.belief):
            continue
        finding = f"{alternative.sentence}: so read, the beamlets' dose lies on their rays; as said, in beams[0] "
        finding += _described(fits[0], said.beams[0])
        return failed(alternative.fault, f"beams[*].{alternative.field}", finding)
    sized = _with_measured_sizes(said, fits)
    if sized is not None and fits_well(sized[0]):
        shown = number(sized[0].beams[0].column_width_mm)
        finding = f"column_width_mm is {number(said.beams[0].column_width_mm)} and the doses say {shown}"
        return failed(CheckFault.PITCH, "beams[*].column_width_mm", finding, 1.0 / sized[1])
    if fits_rays:
        finding = "dose rises along the beams: they are said to come from where they leave"
        return failed(CheckFault.GANTRY, "beams[*].gantry_deg", finding)
    shift_mm = best_shift_mm(said, moments)
    if fits_well(replace(said, shift_mm=shift_mm)):
        by = ", ".join(number(value) for value in shift_mm)
        finding = f"the isocentre is off: beamlets' dose lies on their rays when it is moved by ({by}) mm"
        return failed(CheckFault.ISOCENTER, "isocenter_mm", finding)
    return _worst_beam(said, fits, grid)
