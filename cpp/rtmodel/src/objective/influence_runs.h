#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "problem.h"

namespace rtmodel {

/// The rows of an influence matrix as runs of neighbouring columns. A voxel sees whole rows of neighbouring beamlets,
/// so the column of most values need not be read: half the memory traffic, and loops that vectorise. The values stay in
/// the matrix, which must outlive this and not change. Immutable, hence thread-safe.
class InfluenceRuns {
 public:
  /// Rows are worked on in this many blocks whatever the threads, so that sums over blocks are the same bits.
  static constexpr int kBlocks = 16;

  /// `matrix` must be compressed with ascending columns in every row.
  explicit InfluenceRuns(const InfluenceMatrix& matrix);

  /// Rows [block_begin(b), block_begin(b + 1)) hold about 1/kBlocks of the values.
  int block_begin(int block) const { return block_begin_[static_cast<std::size_t>(block)]; }
  std::size_t value_count() const { return value_count_; }
  int rows() const { return rows_; }
  int columns() const { return columns_; }

  /// Dose of a row for weights w.
  double dose(int row, const double* weights) const {
    const float* value = values_ + outer_[row];
    double dose = 0.0;
    for (const Run* run = first_run(row); run != first_run(row + 1); ++run) {
      const double* w = weights + run->first_column;
      double part = 0.0;
#pragma omp simd reduction(+ : part)
      for (int i = 0; i < run->length; ++i) part += static_cast<double>(value[i]) * w[i];
      dose += part;
      value += run->length;
    }
    return dose;
  }

  /// Doses of a row for two weight vectors in one pass over the values. The first equals `dose(row, weights)` bit for
  /// bit.
  void doses(int row, const double* weights, const double* shared_weights, double& dose, double& shared_dose) const {
    const float* value = values_ + outer_[row];
    dose = 0.0;
    shared_dose = 0.0;
    for (const Run* run = first_run(row); run != first_run(row + 1); ++run) {
      const double* w = weights + run->first_column;
      const double* s = shared_weights + run->first_column;
      double part = 0.0;
      double shared = 0.0;
#pragma omp simd reduction(+ : part, shared)
      for (int i = 0; i < run->length; ++i) {
        const double v = value[i];
        part += v * w[i];
        shared += v * s[i];
      }
      dose += part;
      shared_dose += shared;
      value += run->length;
    }
  }

  /// gradient += slope * row.
  void add_scaled_row(int row, double slope, double* gradient) const {
    const float* value = values_ + outer_[row];
    for (const Run* run = first_run(row); run != first_run(row + 1); ++run) {
      double* g = gradient + run->first_column;
#pragma omp simd
      for (int i = 0; i < run->length; ++i) g[i] += slope * static_cast<double>(value[i]);
      value += run->length;
    }
  }

 private:
  struct Run {
    int first_column;
    int length;
  };

  const Run* first_run(int row) const { return runs_.data() + row_runs_[static_cast<std::size_t>(row)]; }

  const float* values_;
  const int* outer_;
  std::size_t value_count_;
  int rows_;
  int columns_;
  std::vector<Run> runs_;
  std::vector<std::size_t> row_runs_;
  std::array<int, kBlocks + 1> block_begin_{};
};

}  // namespace rtmodel
