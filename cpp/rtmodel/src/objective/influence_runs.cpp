#include "objective/influence_runs.h"

#include <algorithm>
#include <stdexcept>

namespace rtmodel {

InfluenceRuns::InfluenceRuns(const InfluenceMatrix& matrix)
    : values_(matrix.valuePtr()),
      outer_(matrix.outerIndexPtr()),
      value_count_(static_cast<std::size_t>(matrix.nonZeros())),
      rows_(static_cast<int>(matrix.rows())),
      columns_(static_cast<int>(matrix.cols())) {
  if (!matrix.isCompressed()) {
    throw std::invalid_argument("the influence matrix is not compressed: call makeCompressed() on it");
  }
  const int* column = matrix.innerIndexPtr();
  row_runs_.reserve(static_cast<std::size_t>(rows_) + 1);
  row_runs_.push_back(0);
  for (int row = 0; row < rows_; ++row) {
    for (int k = outer_[row]; k < outer_[row + 1]; ++k) {
      if (k > outer_[row] && column[k] <= column[k - 1]) {
        throw std::invalid_argument("the influence matrix has unsorted columns in row " + std::to_string(row));
      }
      const bool continues = k > outer_[row] && column[k] == column[k - 1] + 1;
      if (continues) {
        ++runs_.back().length;
      } else {
        runs_.push_back({column[k], 1});
      }
    }
    row_runs_.push_back(runs_.size());
  }
  // One past the end, so that first_run(rows_) may be formed.
  runs_.push_back({0, 0});
  for (int block = 1; block < kBlocks; ++block) {
    const auto wanted = static_cast<int>(value_count_ * static_cast<std::size_t>(block) / kBlocks);
    block_begin_[static_cast<std::size_t>(block)] =
        static_cast<int>(std::lower_bound(outer_, outer_ + rows_, wanted) - outer_);
  }
  block_begin_[kBlocks] = rows_;
}

}  // namespace rtmodel
