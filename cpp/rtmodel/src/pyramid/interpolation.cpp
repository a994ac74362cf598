#include "pyramid/interpolation.h"

#include <cmath>

namespace rtmodel {
namespace {

/// Share of coarse beamlet j in fine beamlet i along one side.
double share(int fine_count, int i, int j) {
  const int coarse_count = halved(fine_count);
  if (coarse_count == fine_count) return i == j ? 1.0 : 0.0;
  const double fine_position = i - 0.5 * (fine_count - 1);
  const double coarse_position = 2.0 * (j - 0.5 * (coarse_count - 1));
  return std::max(0.0, 1.0 - 0.5 * std::abs(fine_position - coarse_position));
}

}  // namespace

int halved(int count) {
  if (count <= 1) return count;
  return count % 2 == 0 ? count / 2 : 2 * ((count / 2) / 2) + 1;
}

LevelGrid halved(LevelGrid grid) { return {halved(grid.columns), halved(grid.rows)}; }

std::vector<LevelGrid> finest_grids(const std::vector<dh_advisor::Beam>& beams) {
  std::vector<LevelGrid> grids;
  for (const auto& beam : beams) grids.push_back({static_cast<int>(beam.columns), static_cast<int>(beam.rows)});
  return grids;
}

Interpolation interpolation_to(const std::vector<LevelGrid>& fine) {
  std::vector<Eigen::Triplet<float>> entries;
  int fine_start = 0;
  int coarse_start = 0;
  for (const LevelGrid& grid : fine) {
    const LevelGrid coarse = halved(grid);
    for (int row = 0; row < grid.rows; ++row) {
      for (int coarse_row = 0; coarse_row < coarse.rows; ++coarse_row) {
        const double row_share = share(grid.rows, row, coarse_row);
        if (row_share == 0.0) continue;
        for (int column = 0; column < grid.columns; ++column) {
          for (int coarse_column = 0; coarse_column < coarse.columns; ++coarse_column) {
            const double value = row_share * share(grid.columns, column, coarse_column);
            if (value == 0.0) continue;
            entries.emplace_back(fine_start + row * grid.columns + column,
                                 coarse_start + coarse_row * coarse.columns + coarse_column, static_cast<float>(value));
          }
        }
      }
    }
    fine_start += grid.count();
    coarse_start += coarse.count();
  }
  Interpolation interpolation(fine_start, coarse_start);
  interpolation.setFromTriplets(entries.begin(), entries.end());
  return interpolation;
}

}  // namespace rtmodel
