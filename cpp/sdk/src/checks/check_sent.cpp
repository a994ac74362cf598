#include <algorithm>
#include <cmath>

#include "checks/check_parts.h"
#include "features/guarded.h"
#include "input/input_check.h"

namespace dh_advisor {
namespace {

/// A tensor may differ by this share of its largest value: rounding, and dose grids of another kind.
constexpr double kTensorTolerance = 0.05;
constexpr double kRounding = 1e-6;
/// Shapes and gradients have many definitions; within this factor they are one to a model.
constexpr double kGeometryTolerance = 1.25;

/// The constant factor between what is sent and what is measured, by least squares, and what then remains.
struct Comparison {
  double factor = 0.0;
  double remains = 0.0;  ///< Largest difference from factor x measured, as a share of the largest sent.
  double differs = 0.0;  ///< Largest difference, as a share of the largest measured.
  std::size_t at = 0;    ///< Where that is.
};

Comparison compare(const double* sent, const std::vector<double>& measured) {
  double product = 0.0, square = 0.0, largest_sent = 0.0, largest = 0.0;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    product += sent[i] * measured[i];
    square += measured[i] * measured[i];
    largest_sent = std::max(largest_sent, std::fabs(sent[i]));
    largest = std::max(largest, std::fabs(measured[i]));
  }
  Comparison result;
  if (square > 0.0) result.factor = product / square;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    const double difference = std::fabs(sent[i] - measured[i]);
    if (largest > 0.0 && difference / largest > result.differs) {
      result.differs = difference / largest;
      result.at = i;
    }
    if (largest_sent > 0.0)
      result.remains = std::max(result.remains, std::fabs(sent[i] - result.factor * measured[i]) / largest_sent);
  }
  return result;
}

void check_tensor(const TensorView& tensor, std::size_t index, const std::vector<double>& measured,
                  CheckResult& result) {
  const std::string field = item("geometry.tensors", index);
  std::size_t count = tensor.shape.empty() ? 0 : 1;
  for (const std::uint32_t extent : tensor.shape) count *= extent;
  if (tensor.data == nullptr || count != measured.size())
    throw InputMistake{field + " has " + std::to_string(count) + " values, and should have " +
                       std::to_string(measured.size())};
  const double largest = *std::max_element(measured.begin(), measured.end());
  for (std::size_t i = 0; tensor.kind == TensorKind::kColumnNorm && i < count; ++i) {
    if (measured[i] != 0.0 || std::fabs(tensor.data[i]) <= kRounding * largest) continue;
    fail(result, CheckFault::kFeature, field,
         field + " is " + in_words(tensor.data[i]) + " at " + std::to_string(i) +
             ", a beamlet without dose: excluded beamlets have norm 0");
    return;
  }
  const Comparison found = compare(tensor.data, measured);
  if (found.differs <= kTensorTolerance) return;
  if (found.factor > 0.0 && found.remains <= kTensorTolerance) {
    fail(result, CheckFault::kFeature, field,
         "the values of " + field + " are " + factor_in_words(found.factor) + " what the doses give", found.factor);
    return;
  }
  fail(result, CheckFault::kFeature, field,
       field + " is " + in_words(tensor.data[found.at]) + " at " + std::to_string(found.at) + " and the doses give " +
           in_words(measured[found.at]) + ": check the order and the voxels");
}

void check_number(double sent, double measured, double tolerance, const std::string& field, CheckResult& result) {
  if (result.outcome == CheckOutcome::kFailed) return;
  const double most = std::max(std::fabs(sent), std::fabs(measured));
  if (std::fabs(sent - measured) <= tolerance || std::fabs(sent - measured) <= most * (1.0 - 1.0 / kGeometryTolerance))
    return;
  std::string words = field + " is " + in_words(sent) + " and should be " + in_words(measured);
  const double ratio = measured != 0.0 ? sent / measured : 0.0;
  if (ratio > 0.0) words += ": " + factor_in_words(ratio);
  fail(result, CheckFault::kFeature, field, words, ratio);
}

VoxelSpan targets_of(const GeometryCheckInput& input, std::vector<std::uint32_t>& storage) {
  for (std::size_t s = 0; s < input.structures.size(); ++s) {
    if (input.structures[s].role != StructureRole::kTarget) continue;
    const VoxelSpan contour = input.features.structures[s].contour;
    std::vector<std::uint32_t> both;
    std::set_union(storage.begin(), storage.end(), contour.begin(), contour.end(), std::back_inserter(both));
    storage = std::move(both);
  }
  return storage;
}

}  // namespace

void check_sent(const GeometryCheckInput& input, const BeamletFeatures& features, double uniform_weight,
                CheckResult& result) {
  const Geometry& sent = *input.geometry;
  for (std::size_t i = 0; i < sent.tensors.size() && result.outcome == CheckOutcome::kPassed; ++i) {
    const TensorKind kind = sent.tensors[i].kind;
    if (kind == TensorKind::kColumnNorm) check_tensor(sent.tensors[i], i, features.column_norm, result);
    if (kind == TensorKind::kStructureMeanDose) check_tensor(sent.tensors[i], i, features.mean_dose, result);
    if (kind == TensorKind::kStructureMaxDose) check_tensor(sent.tensors[i], i, features.max_dose, result);
  }
  if (sent.structures.empty() || result.outcome != CheckOutcome::kPassed) return;

  std::vector<std::uint32_t> storage;
  const VoxelSpan targets = targets_of(input, storage);
  std::vector<StructureGeometry> measured;
  const Status built = build_structure_geometry(input.features, targets, uniform_weight, measured);
  if (!built.ok()) throw InputMistake{built.message};
  const Vector3& spacing_mm = input.features.grid.spacing_mm;
  const double voxel_mm = *std::max_element(spacing_mm.begin(), spacing_mm.end());
  for (std::size_t i = 0; i < sent.structures.size(); ++i) {
    const StructureGeometry& one = sent.structures[i];
    const auto field = [i](const char* name) { return "geometry." + item("structures", i, name); };
    if (one.structure >= measured.size()) throw InputMistake{field("structure") + " is no structure of the plan"};
    const StructureGeometry& of = measured[one.structure];
    check_number(one.dose_gradient_gy_per_mm, of.dose_gradient_gy_per_mm, 0.0, field("dose_gradient_gy_per_mm"),
                 result);
    check_number(one.sphericity, of.sphericity, 0.0, field("sphericity"), result);
    check_number(one.target_distance_mm, of.target_distance_mm, voxel_mm, field("target_distance_mm"), result);
  }
}

}  // namespace dh_advisor
