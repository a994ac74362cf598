#include <cmath>
#include <limits>

#include "features/guarded.h"
#include "features/input.h"

namespace dh_advisor {
namespace {

constexpr double kFar = std::numeric_limits<double>::infinity();

/// Squared distances along one line, given those of the lines before: the lower envelope of parabolas (Felzenszwalb and
/// Huttenlocher, Theory of Computing 8, 2012).
void transform_line(std::vector<double>& squares, double spacing_mm, std::vector<int>& peaks,
                    std::vector<double>& starts, std::vector<double>& result) {
  const int n = static_cast<int>(squares.size());
  int last = -1;
  for (int q = 0; q < n; ++q) {
    if (squares[q] == kFar) continue;
    double start = -kFar;
    while (last >= 0) {
      const int p = peaks[last];
      const double at_q = q * spacing_mm;
      const double at_p = p * spacing_mm;
      start = (squares[q] + at_q * at_q - squares[p] - at_p * at_p) / (2.0 * (at_q - at_p));
      if (start > starts[last]) break;
      --last;
    }
    if (last < 0) start = -kFar;
    ++last;
    peaks[last] = q;
    starts[last] = start;
  }
  if (last < 0) return;
  int k = 0;
  for (int q = 0; q < n; ++q) {
    const double at_q = q * spacing_mm;
    while (k < last && starts[k + 1] < at_q) ++k;
    const double offset = at_q - peaks[k] * spacing_mm;
    result[q] = squares[peaks[k]] + offset * offset;
  }
  squares = result;
}

std::vector<float> transform(const VoxelGrid& grid, VoxelSpan voxels) {
  std::vector<double> squares(grid.voxel_count(), kFar);
  for (const std::uint32_t voxel : voxels) squares[voxel] = 0.0;
  for (int axis = 0; axis < 3; ++axis) {
    const std::size_t length = grid.size[axis];
    const std::size_t stride = axis == 0 ? 1 : axis == 1 ? grid.size[0] : std::size_t{grid.size[0]} * grid.size[1];
    std::vector<double> line(length), result(length), starts(length);
    std::vector<int> peaks(length);
    for (std::size_t first = 0; first < squares.size(); ++first) {
      if (first / stride % length != 0) continue;
      for (std::size_t i = 0; i < length; ++i) line[i] = squares[first + i * stride];
      transform_line(line, grid.spacing_mm[axis], peaks, starts, result);
      for (std::size_t i = 0; i < length; ++i) squares[first + i * stride] = line[i];
    }
  }
  std::vector<float> distances(squares.size());
  for (std::size_t i = 0; i < squares.size(); ++i) distances[i] = static_cast<float>(std::sqrt(squares[i]));
  return distances;
}

}  // namespace

Status distance_to(const VoxelGrid& grid, VoxelSpan voxels, std::vector<float>& distance_mm) {
  distance_mm.clear();
  return guarded("distance_to", [&] {
    check_grid(grid);
    check_span(voxels, grid.voxel_count(), "voxels");
    distance_mm = transform(grid, voxels);
  });
}

Status shell_around(const VoxelGrid& grid, VoxelSpan body, VoxelSpan targets, double width_mm,
                    std::vector<std::uint32_t>& shell) {
  shell.clear();
  return guarded("shell_around", [&] {
    check_grid(grid);
    check_span(body, grid.voxel_count(), "body");
    check_span(targets, grid.voxel_count(), "targets");
    require(targets.count > 0, "targets is empty");
    require(width_mm > 0.0 && std::isfinite(width_mm), "width_mm must be positive and finite");
    const std::vector<float> distance_mm = transform(grid, targets);
    // A target's voxels are those at distance 0.
    for (const std::uint32_t voxel : body)
      if (distance_mm[voxel] > 0.0F && distance_mm[voxel] <= width_mm) shell.push_back(voxel);
  });
}

}  // namespace dh_advisor
