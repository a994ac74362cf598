#include "checks/beam_fit.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "checks/axis.h"

namespace dh_advisor {
namespace {

/// Beamlets that deposit less than this share of their beam's most graze the patient, and say little.
constexpr double kLeastShare = 0.25;
/// What is tolerated: several times what the reference optimizer's phantoms and patients show (0.02 and 5 degrees).
constexpr double kSlopeTolerance = 0.15;
constexpr double kAngleTolerance_deg = 30.0;
constexpr double kOffsetTolerance = 0.75;
constexpr double kDegPerRad = 57.295779513082320877;

double dot(const Vector3& a, const Vector3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

double median(std::vector<double> values) {
  if (values.empty()) return 0.0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Slope of measured positions over said ones; 1 where the said ones are all the same.
double slope(const std::vector<double>& said, const std::vector<double>& measured) {
  const auto n = static_cast<double>(said.size());
  const double mean_said = std::accumulate(said.begin(), said.end(), 0.0) / n;
  const double mean_measured = std::accumulate(measured.begin(), measured.end(), 0.0) / n;
  double product = 0.0, square = 0.0;
  for (std::size_t i = 0; i < said.size(); ++i) {
    product += (said[i] - mean_said) * (measured[i] - mean_measured);
    square += (said[i] - mean_said) * (said[i] - mean_said);
  }
  return square > 0.0 ? product / square : 1.0;
}

std::vector<double> differences(const std::vector<double>& measured, const std::vector<double>& said) {
  std::vector<double> result(said.size());
  std::transform(measured.begin(), measured.end(), said.begin(), result.begin(), std::minus<double>());
  return result;
}

/// The beamlets of a beam with enough dose: calls visit(moments, u_mm, v_mm).
template <typename Visit>
void for_each_beamlet(const Beam& beam, std::size_t first, const Belief& belief,
                      const std::vector<BeamletMoments>& moments, Visit&& visit) {
  const std::size_t count = std::size_t{beam.columns} * beam.rows;
  double most = 0.0;
  for (std::size_t i = 0; i < count; ++i) most = std::max(most, moments[belief.order[first + i]].square);
  for (std::size_t i = 0; i < count; ++i) {
    const BeamletMoments& of = moments[belief.order[first + i]];
    if (of.is_empty() || of.square < kLeastShare * most) continue;
    visit(of, cell_center_mm(static_cast<std::uint32_t>(i % beam.columns), beam.columns, beam.column_width_mm),
          cell_center_mm(static_cast<std::uint32_t>(i / beam.columns), beam.rows, beam.row_height_mm));
  }
}

BeamFit fit(const Beam& beam, std::size_t first, const Belief& belief, const std::vector<BeamletMoments>& moments) {
  const BeamFrame frame = BeamFrame::at(beam.gantry_deg, beam.couch_deg, belief.shift_mm);
  std::vector<double> u, v, measured_u, measured_v, shifts;
  double covariance[6] = {};
  for_each_beamlet(beam, first, belief, moments, [&](const BeamletMoments& of, double u_mm, double v_mm) {
    const Vector3 center = of.center();
    const BeamPoint at = frame.project(center);
    u.push_back(u_mm);
    v.push_back(v_mm);
    measured_u.push_back(at.u_mm);
    measured_v.push_back(at.v_mm);
    const Vector3 high = of.cubed_center();
    shifts.push_back(dot({high[0] - center[0], high[1] - center[1], high[2] - center[2]}, frame.axis));
    const int pairs[6][2] = {{0, 0}, {1, 1}, {2, 2}, {0, 1}, {0, 2}, {1, 2}};
    for (int k = 0; k < 6; ++k) covariance[k] += of.second[k] / of.square - center[pairs[k][0]] * center[pairs[k][1]];
  });
  BeamFit result;
  result.beamlets = u.size();
  if (u.empty()) return result;
  const auto extent = [](const std::vector<double>& at) {
    const auto ends = std::minmax_element(at.begin(), at.end());
    return *ends.second - *ends.first;
  };
  result.column_extent_mm = extent(u);
  result.row_extent_mm = extent(v);
  result.column_slope = slope(u, measured_u);
  result.row_slope = slope(v, measured_v);
  result.column_offset_mm = median(differences(measured_u, u));
  result.row_offset_mm = median(differences(measured_v, v));
  result.entry_shift_mm = median(shifts);
  if (const auto axis = long_axis(covariance)) {
    result.has_axis = true;
    result.angle_deg = std::acos(std::min(1.0, std::fabs(dot(*axis, frame.axis)))) * kDegPerRad;
    // From the source at gantry g: (-sin g, cos g) in (x, y).
    result.line_deg = std::fmod(std::atan2(-(*axis)[0], (*axis)[1]) * kDegPerRad + 360.0, 180.0);
  }
  return result;
}

}  // namespace

Belief as_said(const std::vector<Beam>& beams) {
  Belief belief{beams, std::vector<std::size_t>(beamlet_count(beams)), {}};
  std::iota(belief.order.begin(), belief.order.end(), std::size_t{0});
  return belief;
}

double BeamFit::misfit(const Beam& beam, const VoxelGrid& grid) const {
  if (beamlets == 0) return 0.0;
  const double voxel_mm = *std::max_element(grid.spacing_mm.begin(), grid.spacing_mm.end());
  // Voxels wider than a narrow beam, and patients or targets that end within a beamlet, move the outermost by half.
  const auto slope = [voxel_mm](double measured, double extent_mm, double size_mm) {
    if (!(extent_mm > 0.0)) return 0.0;
    return std::fabs(measured - 1.0) / (kSlopeTolerance + 0.5 * (voxel_mm + size_mm) / extent_mm);
  };
  const auto offset = [voxel_mm](double offset_mm, double size_mm) {
    return std::fabs(offset_mm) / (kOffsetTolerance * size_mm + 0.5 * voxel_mm);
  };
  double worst = std::max(slope(column_slope, column_extent_mm, beam.column_width_mm),
                          slope(row_slope, row_extent_mm, beam.row_height_mm));
  worst = std::max(worst, offset(column_offset_mm, beam.column_width_mm));
  worst = std::max(worst, offset(row_offset_mm, beam.row_height_mm));
  return std::max(worst, angle_deg / kAngleTolerance_deg);
}

std::vector<BeamFit> fit_beams(const Belief& belief, const std::vector<BeamletMoments>& moments) {
  std::vector<BeamFit> fits;
  std::size_t first = 0;
  for (const Beam& beam : belief.beams) {
    fits.push_back(fit(beam, first, belief, moments));
    first += std::size_t{beam.columns} * beam.rows;
  }
  return fits;
}

double misfit_of(const Belief& belief, const std::vector<BeamletMoments>& moments, const VoxelGrid& grid) {
  double worst = 0.0;
  const auto fits = fit_beams(belief, moments);
  for (std::size_t b = 0; b < fits.size(); ++b) worst = std::max(worst, fits[b].misfit(belief.beams[b], grid));
  return worst;
}

Vector3 best_shift_mm(const Belief& belief, const std::vector<BeamletMoments>& moments) {
  // Least squares of the distances across and, with several rows, along; a little of the identity where nothing tells.
  double a[3][4] = {{1e-6, 0, 0, 0}, {0, 1e-6, 0, 0}, {0, 0, 1e-6, 0}};
  std::size_t first = 0;
  for (const Beam& beam : belief.beams) {
    const BeamFrame frame = BeamFrame::at(beam.gantry_deg, beam.couch_deg, {});
    for_each_beamlet(beam, first, belief, moments, [&](const BeamletMoments& of, double u_mm, double v_mm) {
      const BeamPoint at = frame.project(of.center());
      const auto add = [&](const Vector3& direction, double distance_mm) {
        for (int i = 0; i < 3; ++i) {
          for (int j = 0; j < 3; ++j) a[i][j] += direction[i] * direction[j];
          a[i][3] += direction[i] * distance_mm;
        }
      };
      add(frame.across, at.u_mm - u_mm);
      if (beam.rows > 1) add(frame.along, at.v_mm - v_mm);
    });
    first += std::size_t{beam.columns} * beam.rows;
  }
  for (int i = 0; i < 3; ++i) {
    for (int row = i + 1; row < 3; ++row) {
      const double factor = a[row][i] / a[i][i];
      for (int j = i; j < 4; ++j) a[row][j] -= factor * a[i][j];
    }
  }
  Vector3 shift{};
  for (int i = 2; i >= 0; --i) {
    shift[i] = a[i][3];
    for (int j = i + 1; j < 3; ++j) shift[i] -= a[i][j] * shift[j];
    shift[i] /= a[i][i];
  }
  return shift;
}

}  // namespace dh_advisor
