#include <algorithm>
#include <cmath>
#include <memory>

#include "c_api/guard.h"
#include "c_api/objects.h"
#include "objective/parameterization.h"

using rtmodel::c_api::guarded;
using rtmodel::c_api::require;
using rtmodel::c_api::require_length;

namespace {

constexpr double kHighestSigmaGy = 200.0;

Eigen::VectorXd as_vector(const double* values, std::size_t n) {
  return Eigen::Map<const Eigen::VectorXd>(values, static_cast<Eigen::Index>(n));
}

void set_sigma(rtmodel_objective& objective, double sigma_gy) {
  objective.value.set_sigma(sigma_gy);
  objective.value.set_variance_to_minimum();
}

}  // namespace

int rtmodel_CreateObjective(const rtmodel_problem* problem, uint32_t level, int threads,
                            rtmodel_objective** objective) {
  return guarded([&] {
    require(problem != nullptr && objective != nullptr, "CreateObjective: problem or objective is NULL");
    *objective = nullptr;
    require(level < rtmodel::kLevelCount, "CreateObjective: level " + std::to_string(level) + "; levels are 0 to 3");
    auto made = std::make_unique<rtmodel_objective>(problem->plan.problem, level, std::max(0, threads));
    set_sigma(*made, rtmodel::kLevelSigmaGy[level]);
    *objective = made.release();
  });
}

void rtmodel_FreeObjective(rtmodel_objective* objective) { delete objective; }

size_t rtmodel_GetObjectiveSize(const rtmodel_objective* objective) {
  if (objective == nullptr) {
    rtmodel::c_api::tell("GetObjectiveSize: objective is NULL");
    return 0;
  }
  rtmodel::c_api::last_error().clear();
  return static_cast<size_t>(objective->value.size());
}

int rtmodel_SetObjectiveSigma(rtmodel_objective* objective, double sigma_gy) {
  return guarded([&] {
    require(objective != nullptr, "SetObjectiveSigma: objective is NULL");
    require(sigma_gy > 0.0 && sigma_gy <= kHighestSigmaGy,
            "SetObjectiveSigma: " + std::to_string(sigma_gy) + " Gy is not in (0, 200]");
    set_sigma(*objective, sigma_gy);
  });
}

int rtmodel_SetObjectiveVariance(rtmodel_objective* objective, const double* variance_gy2, size_t n) {
  return guarded([&] {
    require(objective != nullptr && variance_gy2 != nullptr, "SetObjectiveVariance: objective or variance is NULL");
    require_length(n, rtmodel_GetObjectiveSize(objective), "SetObjectiveVariance");
    require(std::all_of(variance_gy2, variance_gy2 + n, [](double v) { return std::isfinite(v) && v >= 0.0; }),
            "SetObjectiveVariance: a variance is negative or not finite; give Gy^2");
    objective->value.set_variance(as_vector(variance_gy2, n));
  });
}

int rtmodel_Evaluate(rtmodel_objective* objective, const double* weights, size_t n, double* value, double* gradient) {
  return guarded([&] {
    require(objective != nullptr && weights != nullptr && value != nullptr,
            "Evaluate: objective, weights or value is NULL");
    require_length(n, rtmodel_GetObjectiveSize(objective), "Evaluate");
    const bool is_inside = std::all_of(
        weights, weights + n, [](double weight) { return weight >= 0.0 && weight <= rtmodel::kWeightCeiling; });
    require(is_inside, "Evaluate: a weight is not in [0, 0.2]");
    if (gradient == nullptr) {
      *value = objective->value.value(as_vector(weights, n));
      return;
    }
    Eigen::VectorXd slope;
    *value = objective->value.value_and_gradient(as_vector(weights, n), slope);
    std::copy(slope.begin(), slope.end(), gradient);
  });
}
