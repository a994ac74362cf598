#include "geometry/distance_map.h"

#include <cmath>
#include <limits>

namespace rtmodel {
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

}  // namespace

std::vector<float> distance_to(const Grid& grid, const std::vector<bool>& is_inside) {
  std::vector<double> squares(grid.voxel_count());
  for (std::size_t i = 0; i < squares.size(); ++i) squares[i] = is_inside[i] ? 0.0 : kFar;
  for (int axis = 0; axis < 3; ++axis) {
    const int length = grid.size[axis];
    const std::size_t stride = axis == 0 ? 1 : axis == 1 ? grid.size[0] : std::size_t(grid.size[0]) * grid.size[1];
    std::vector<double> line(length), result(length), starts(length);
    std::vector<int> peaks(length);
    for (std::size_t first = 0; first < squares.size(); ++first) {
      if (first / stride % length != 0) continue;
      for (int i = 0; i < length; ++i) line[i] = squares[first + i * stride];
      transform_line(line, grid.spacing_mm[axis], peaks, starts, result);
      for (int i = 0; i < length; ++i) squares[first + i * stride] = line[i];
    }
  }
  std::vector<float> distances(squares.size());
  for (std::size_t i = 0; i < squares.size(); ++i) distances[i] = static_cast<float>(std::sqrt(squares[i]));
  return distances;
}

}  // namespace rtmodel
