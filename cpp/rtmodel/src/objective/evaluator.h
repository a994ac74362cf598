#pragma once

#include <Eigen/Core>
#include <array>
#include <chrono>
#include <cstdint>

#include "objective/level_objective.h"

namespace rtmodel {

/// Adds the time it lives to a sum of milliseconds.
class Stopwatch {
 public:
  explicit Stopwatch(double& sum_ms) : sum_ms_(sum_ms) {}
  ~Stopwatch() { sum_ms_ += std::chrono::duration<double, std::milli>(Clock::now() - start_).count(); }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  using Clock = std::chrono::steady_clock;
  double& sum_ms_;
  Clock::time_point start_ = Clock::now();
};

/// Calls that a plan made, and the time they took.
struct CallCounts {
  std::uint32_t value_calls = 0;
  std::uint32_t gradient_calls = 0;
  double objective_ms = 0.0;
  double covariance_ms = 0.0;
  double advice_ms = 0.0;
};

/// An objective whose calls are counted and timed. A gradient asked for again at the point and state it was last asked
/// for is answered from memory and not charged: judging a start and then starting there costs one call. Not
/// thread-safe.
class Evaluator {
 public:
  Evaluator(LevelObjective& objective, CallCounts& counts) : objective_(objective), counts_(counts) {}

  double value(const Eigen::VectorXd& weights);
  double value_and_gradient(const Eigen::VectorXd& weights, Eigen::VectorXd& gradient);

  void set_variance(const Eigen::VectorXd& variance_gy2);

  const LevelObjective& objective() const { return objective_; }
  CallCounts& counts() { return counts_; }

 private:
  struct Point {
    Eigen::VectorXd weights;
    Eigen::VectorXd gradient;
    double value = 0.0;
  };
  const Point* find(const Eigen::VectorXd& weights) const;

  LevelObjective& objective_;
  CallCounts& counts_;
  std::array<Point, 2> last_;
  std::size_t oldest_ = 0;
};

}  // namespace rtmodel
