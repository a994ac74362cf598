#include "shipped/beam_terms.h"

#include <cmath>

namespace rtmodel {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kQuarterTurnDeg = 90.0;

double wrapped(double angle, double turn) {
  const double rest = std::fmod(angle, turn);
  return rest < 0.0 ? rest + turn : rest;
}

}  // namespace

double shipped_gantry_rad(double gantry_deg) { return wrapped(gantry_deg + kQuarterTurnDeg, 360.0) * kPi / 180.0; }

double iec_gantry_deg(double shipped_gantry_rad) {
  return wrapped(shipped_gantry_rad * 180.0 / kPi - kQuarterTurnDeg, 360.0);
}

Eigen::VectorXd mirrored(const Eigen::VectorXd& values, const std::vector<LevelGrid>& grids) {
  Eigen::VectorXd result(values.size());
  Eigen::Index start = 0;
  for (const LevelGrid& grid : grids) {
    for (int row = 0; row < grid.rows; ++row, start += grid.columns) {
      result.segment(start, grid.columns) = values.segment(start, grid.columns).reverse();
    }
  }
  return result;
}

}  // namespace rtmodel
