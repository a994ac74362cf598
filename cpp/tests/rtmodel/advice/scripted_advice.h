#pragma once

#include <algorithm>
#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "advice/advice_source.h"

namespace rtmodel::testing {

/// An advisor in the program itself: answers by functions of the test's and notes what it was told.
class ScriptedAdvice final : public AdviceSource {
 public:
  std::function<dh_advisor::GeometryAdvice(const dh_advisor::Geometry&)> geometry;
  std::function<dh_advisor::LevelAdvice(const dh_advisor::LevelStart&)> level;
  std::function<dh_advisor::IterationAdvice(const dh_advisor::Iteration&)> iteration;
  std::set<dh_advisor::Role> served{dh_advisor::Role::kInitialization, dh_advisor::Role::kHistogramSigma,
                                    dh_advisor::Role::kPyramidSigma,   dh_advisor::Role::kAdaptiveVariance,
                                    dh_advisor::Role::kStepDirection,  dh_advisor::Role::kEarlyStopping};
  std::set<dh_advisor::Role> learned;
  std::set<dh_advisor::Role> ended;
  std::set<dh_advisor::TensorKind> wanted{dh_advisor::TensorKind::kGradient, dh_advisor::TensorKind::kWeights};
  /// Says so from this question between iterations on.
  std::size_t switched_off_after = SIZE_MAX;
  /// Falls silent after so many questions between iterations.
  std::size_t dies_after = SIZE_MAX;

  struct Receipt {
    dh_advisor::Role role;
    dh_advisor::Verdict verdict;
    std::optional<std::uint32_t> iteration;

    bool operator==(const Receipt& other) const {
      return role == other.role && verdict == other.verdict && iteration == other.iteration;
    }
  };
  dh_advisor::PlanStart plan;
  std::vector<dh_advisor::LevelStart> level_starts;  // tensors are borrowed: not to be read later
  std::vector<dh_advisor::LevelEnd> level_ends;
  std::vector<Receipt> receipts;
  std::size_t iterations_asked = 0;
  std::size_t iterations_taken = 0;
  std::optional<dh_advisor::PlanFinish> goodbye;

  std::size_t count(dh_advisor::Role role, dh_advisor::Verdict verdict) const {
    return static_cast<std::size_t>(std::count_if(receipts.begin(), receipts.end(), [&](const Receipt& receipt) {
      return receipt.role == role && receipt.verdict == verdict;
    }));
  }

  void open(const dh_advisor::PlanStart& start) override { plan = start; }
  bool is_live() const override { return iterations_asked < dies_after; }
  bool was_switched_off() const override { return iterations_asked >= switched_off_after; }
  bool is_served(dh_advisor::Role role) const override { return served.count(role) > 0; }
  bool has_ended(dh_advisor::Role role) const override { return ended.count(role) > 0; }
  bool has_model(dh_advisor::Role role) const override { return learned.count(role) > 0; }
  bool wants(dh_advisor::TensorKind kind) const override { return wanted.count(kind) > 0; }
  bool wants(dh_advisor::TensorKind kind, std::uint32_t) const override { return wanted.count(kind) > 0; }
  void send_volume(const dh_advisor::VolumeView&) override {}

  dh_advisor::GeometryAdvice ask_geometry(const dh_advisor::Geometry& question) override {
    return geometry ? geometry(question) : dh_advisor::GeometryAdvice{};
  }
  dh_advisor::LevelAdvice ask_level(const dh_advisor::LevelStart& question) override {
    level_starts.push_back(question);
    return level ? level(question) : dh_advisor::LevelAdvice{};
  }
  void post_iteration(const dh_advisor::Iteration& question) override {
    ++iterations_asked;
    answer_ = iteration ? iteration(question) : dh_advisor::IterationAdvice{};
  }
  dh_advisor::IterationAdvice take_iteration() override {
    ++iterations_taken;
    return std::exchange(answer_, {});
  }
  void tell_level_end(const dh_advisor::LevelEnd& end) override { level_ends.push_back(end); }
  void finish(const dh_advisor::PlanFinish& finish) override { goodbye = finish; }
  void report(dh_advisor::Role role, dh_advisor::Verdict verdict, std::uint32_t,
              std::optional<std::uint32_t> of_iteration) override {
    receipts.push_back({role, verdict, of_iteration});
  }
  AdviceResult describe() const override {
    AdviceResult result;
    result.was_asked = true;
    return result;
  }

 private:
  dh_advisor::IterationAdvice answer_;
};

/// The tensor of a kind in a question; an empty vector when it was not sent.
inline std::vector<double> tensor(const std::vector<dh_advisor::TensorView>& tensors, dh_advisor::TensorKind kind) {
  for (const auto& view : tensors) {
    if (view.kind != kind) continue;
    std::size_t size = 1;
    for (auto extent : view.shape) size *= extent;
    return {view.data, view.data + size};
  }
  return {};
}

}  // namespace rtmodel::testing
