#pragma once

#include <Eigen/SparseCore>
#include <vector>

#include "dh_advisor/plan.h"

namespace rtmodel {

/// Columns and rows of one beam's grid of beamlets at some level.
struct LevelGrid {
  int columns = 0;
  int rows = 0;
  int count() const { return columns * rows; }
};

/// Beamlets of a level, fine or coarse, to those of the level below: rows = fine, columns = coarse.
using Interpolation = Eigen::SparseMatrix<float, Eigen::RowMajor, int>;

/// Half as many beamlets along one side: 39 -> 19 -> 9 -> 5, 8 -> 4 -> 2 -> 1. An odd side keeps a beamlet on the
/// centre line, so that 2 N + 1 becomes 2 (N / 2) + 1. A single beamlet stays single.
int halved(int count);

LevelGrid halved(LevelGrid grid);

std::vector<LevelGrid> finest_grids(const std::vector<dh_advisor::Beam>& beams);

/// Linear interpolation from halved grids to `fine`, beam by beam, in the order beam, row, column. Coarse beamlets lie
/// two fine spacings apart about the same centre; beyond the outermost one weights fall linearly to zero.
Interpolation interpolation_to(const std::vector<LevelGrid>& fine);

}  // namespace rtmodel
