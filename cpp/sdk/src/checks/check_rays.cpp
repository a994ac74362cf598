#include <algorithm>
#include <cmath>
#include <optional>

#include "checks/beliefs.h"
#include "checks/check_parts.h"
#include "input/input_check.h"

namespace dh_advisor {
namespace {

/// Beams whose dose rises along the beam by this much are lit from the other side.
constexpr double kEntryShift_mm = 0.5;
constexpr double kMostBeams = 0.8;

/// Whether dose falls with depth along most beams. Nothing, too, counts as falling: short paths show no depth.
bool falls_with_depth(const Belief& belief, const std::vector<BeamletMoments>& moments) {
  const auto fits = fit_beams(belief, moments);
  const auto rising =
      std::count_if(fits.begin(), fits.end(), [](const BeamFit& fit) { return fit.entry_shift_mm > kEntryShift_mm; });
  return static_cast<double>(rising) < kMostBeams * static_cast<double>(fits.size());
}

/// What one beam shows, in one sentence.
std::string describe(const BeamFit& fit, const Beam& beam) {
  std::string words =
      "its beamlets' dose moves by " + in_words(fit.column_slope) + " mm across for each mm between columns";
  if (beam.rows > 1) words += ", by " + in_words(fit.row_slope) + " along for each between rows";
  words += ", and lies " + in_words(fit.column_offset_mm) + " mm beside the rays";
  if (fit.has_axis)
    words += "; it runs along gantry " + in_words(fit.line_deg) + " or " + in_words(fit.line_deg + 180.0) +
             " degrees, " + in_words(fit.angle_deg) + " degrees from the beam that is said";
  return words;
}

/// The beam that fits worst, by its own field.
void blame_one_beam(const Belief& said, const std::vector<BeamFit>& fits, const VoxelGrid& grid, CheckResult& result) {
  std::size_t worst = 0;
  for (std::size_t b = 1; b < fits.size(); ++b)
    if (fits[b].misfit(said.beams[b], grid) > fits[worst].misfit(said.beams[worst], grid)) worst = b;
  const BeamFit& fit = fits[worst];
  const Beam& beam = said.beams[worst];
  const bool is_turned = fit.has_axis && fit.angle_deg > 15.0;
  const CheckFault fault = is_turned ? CheckFault::kGantry : CheckFault::kBeamletOrder;
  fail(result, fault, item("beams", worst, is_turned ? "gantry_deg" : "columns"),
       item("beams", worst) + " is not where its dose is: " + describe(fit, beam));
}

/// The beams with cells of the size that the doses show, if all beams agree; and the factor.
std::optional<std::pair<Belief, double>> with_measured_sizes(const Belief& said, const std::vector<BeamFit>& fits) {
  std::vector<double> slopes;
  for (const BeamFit& fit : fits)
    if (fit.column_extent_mm > 0.0) slopes.push_back(fit.column_slope);
  if (slopes.empty()) return std::nullopt;
  std::nth_element(slopes.begin(), slopes.begin() + static_cast<std::ptrdiff_t>(slopes.size() / 2), slopes.end());
  const double factor = slopes[slopes.size() / 2];
  if (!(factor > 0.02 && factor < 50.0)) return std::nullopt;
  std::pair<Belief, double> result{said, factor};
  for (Beam& beam : result.first.beams) {
    beam.column_width_mm *= factor;
    if (beam.rows > 1) beam.row_height_mm *= factor;
  }
  return result;
}

/// The field of all beams.
std::string field_of(const Alternative& alternative) { return "beams[*]." + alternative.field; }

}  // namespace

void check_rays(const GeometryCheckInput& input, CheckResult& result) {
  const VoxelGrid& grid = input.features.grid;
  const auto moments = measure_moments(input.features, input.isocenter_mm);
  const Belief said = as_said(input.beams);
  const auto fits = fit_beams(said, moments);
  if (std::all_of(fits.begin(), fits.end(), [](const BeamFit& fit) { return fit.beamlets == 0; })) {
    fail(result, CheckFault::kDoseScale, "features.dose", "no beamlet has any dose");
    return;
  }
  const bool fits_rays = misfit_of(said, moments, grid) <= 1.0;
  const bool is_lit_rightly = falls_with_depth(said, moments);
  if (fits_rays && is_lit_rightly) return;

  const auto fits_well = [&](const Belief& belief) {
    return misfit_of(belief, moments, grid) <= 1.0 && falls_with_depth(belief, moments);
  };
  for (const Alternative& alternative : alternatives(input.beams)) {
    if (alternative.belief.order.size() != moments.size() || !fits_well(alternative.belief)) continue;
    fail(result, alternative.fault, field_of(alternative),
         alternative.sentence + ": so read, the beamlets' dose lies on their rays; as said, in beams[0] " +
             describe(fits[0], input.beams[0]));
    return;
  }
  if (const auto sized = with_measured_sizes(said, fits); sized && fits_well(sized->first)) {
    fail(result, CheckFault::kPitch, "beams[*].column_width_mm",
         "column_width_mm is " + in_words(input.beams[0].column_width_mm) + " and the doses say " +
             in_words(sized->first.beams[0].column_width_mm),
         1.0 / sized->second);
    return;
  }
  if (fits_rays) {
    fail(result, CheckFault::kGantry, "beams[*].gantry_deg",
         "dose rises along the beams: they are said to come from where they leave");
    return;
  }
  Belief shifted = said;
  shifted.shift_mm = best_shift_mm(said, moments);
  if (fits_well(shifted)) {
    const Vector3& by = shifted.shift_mm;
    fail(result, CheckFault::kIsocenter, "isocenter_mm",
         "the isocentre is off: beamlets' dose lies on their rays when it is moved by (" + in_words(by[0]) + ", " +
             in_words(by[1]) + ", " + in_words(by[2]) + ") mm");
    return;
  }
  blame_one_beam(said, fits, grid, result);
}

}  // namespace dh_advisor
