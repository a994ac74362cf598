#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "c_api/guard.h"
#include "c_api/objects.h"
#include "files/text.h"
#include "objective/parameterization.h"
#include "result/offer.h"
#include "result/result_json.h"

using namespace rtmodel;
using c_api::guarded;
using c_api::require;
using c_api::require_length;

namespace {

/// Hands progress to the callback of the caller and hears `rtmodel_Cancel`.
class CallbackSink final : public ProgressSink {
 public:
  CallbackSink(rtmodel_callback callback, void* user, const std::atomic<bool>& is_cancelled)
      : callback_(callback), user_(user), is_cancelled_(is_cancelled) {}

  bool on_iteration(const Progress& progress) override {
    if (is_cancelled_) return false;
    if (callback_ == nullptr) return true;
    const rtmodel_progress told{
        progress.level,     progress.stage,         progress.iteration,        progress.histogram_sigma_gy,
        progress.objective, progress.gradient_norm, progress.call_equivalents, progress.beamlet_count,
        progress.weights,   progress.gradient,      progress.direction,        progress.variance_gy2};
    return callback_(&told, user_) != 0;
  }

 private:
  rtmodel_callback callback_;
  void* user_;
  const std::atomic<bool>& is_cancelled_;
};

struct CancelReset {
  std::atomic<bool>& is_cancelled;
  ~CancelReset() { is_cancelled = false; }
};

}  // namespace

int rtmodel_CreateOptimizer(const rtmodel_problem* problem, int solver, int covariance, rtmodel_optimizer** optimizer) {
  return guarded([&] {
    require(problem != nullptr && optimizer != nullptr, "CreateOptimizer: problem or optimizer is NULL");
    *optimizer = nullptr;
    require(solver == RTMODEL_SOLVER_DH || solver == RTMODEL_SOLVER_LBFGS,
            "CreateOptimizer: solver " + std::to_string(solver) + " is neither dH nor L-BFGS");
    require(covariance >= RTMODEL_COVARIANCE_FULL && covariance <= RTMODEL_COVARIANCE_FIXED,
            "CreateOptimizer: covariance " + std::to_string(covariance) + " is not in [0, 3]");
    auto made = std::make_unique<rtmodel_optimizer>();
    made->problem = problem;
    made->options.solver = static_cast<dh_advisor::SolverKind>(solver);
    made->options.covariance = static_cast<CovarianceMode>(covariance);
    offer_geometry(problem->value, problem->plan, made->options);
    *optimizer = made.release();
  });
}

void rtmodel_FreeOptimizer(rtmodel_optimizer* optimizer) { delete optimizer; }

int rtmodel_SetInitialWeights(rtmodel_optimizer* optimizer, const double* weights, size_t n) {
  return guarded([&] {
    require(optimizer != nullptr && weights != nullptr, "SetInitialWeights: optimizer or weights is NULL");
    require_length(n, static_cast<size_t>(optimizer->problem->plan.beamlets.count()), "SetInitialWeights");
    require(std::all_of(weights, weights + n, [](double w) { return w >= 0.0 && w <= kWeightCeiling; }),
            "SetInitialWeights: a weight is not in [0, 0.2]");
    optimizer->options.initial_weights.assign(weights, weights + n);
  });
}

int rtmodel_SetPredictedAdaptiveVariance(rtmodel_optimizer* optimizer, uint32_t level, const double* variance_gy2,
                                         size_t n) {
  return guarded([&] {
    require(optimizer != nullptr && variance_gy2 != nullptr,
            "SetPredictedAdaptiveVariance: optimizer or variance_gy2 is NULL");
    require(std::all_of(variance_gy2, variance_gy2 + n, [](double v) { return std::isfinite(v) && v >= 0.0; }),
            "SetPredictedAdaptiveVariance: a variance is negative or not finite; give Gy^2");
    optimizer->options.predicted_variance_gy2[level].assign(variance_gy2, variance_gy2 + n);
  });
}

int rtmodel_SetStructureSigma(rtmodel_optimizer* optimizer, const char* structure, double sigma_gy) {
  return guarded([&] {
    require(optimizer != nullptr, "SetStructureSigma: optimizer is NULL");
    require(structure != nullptr, "SetStructureSigma: structure is NULL");
    require(sigma_gy > 0.0 && sigma_gy <= 200.0, "SetStructureSigma: sigma is not in (0, 200] Gy");
    const auto& structures = optimizer->problem->plan.problem.structures;
    std::string names;
    for (std::size_t i = 0; i < structures.size(); ++i) {
      names += (i > 0 ? ", " : "") + structures[i].description.name;
      if (structures[i].description.name != structure) continue;
      optimizer->options.structure_sigma_gy[static_cast<std::uint32_t>(i)] = sigma_gy;
      return;
    }
    require(false, std::string("SetStructureSigma: the plan has no ") + structure + "; it has " + names);
  });
}

int rtmodel_SetStages(rtmodel_optimizer* optimizer, const rtmodel_stage* stages, size_t count) {
  return guarded([&] {
    require(optimizer != nullptr && (stages != nullptr || count == 0), "SetStages: optimizer or stages is NULL");
    std::vector<StageOptions> made;
    for (size_t i = 0; i < count; ++i) {
      StageOptions stage{stages[i].level, stages[i].histogram_sigma_gy, stages[i].iteration_limit, std::nullopt};
      if (stages[i].tolerance > 0.0) stage.tolerance = stages[i].tolerance;
      made.push_back(stage);
    }
    optimizer->options.stages = std::move(made);
  });
}

int rtmodel_SetRunOptions(rtmodel_optimizer* optimizer, const rtmodel_run_options* options) {
  return guarded([&] {
    require(optimizer != nullptr && options != nullptr, "SetRunOptions: optimizer or options is NULL");
    optimizer->options.max_iterations = options->max_iterations > 0 ? options->max_iterations : 500;
    optimizer->options.polish = options->no_polish == 0;
    optimizer->options.trace_reference = options->trace_reference != 0;
    optimizer->options.threads = std::max(0, options->threads);
    optimizer->options.quality.reset();
    if (options->no_safeguard != 0) optimizer->options.quality = rtmodel::Quality::kFast;
    optimizer->options.safeguard_iterations.reset();
    if (options->safeguard_iterations > 0) optimizer->options.safeguard_iterations = options->safeguard_iterations;
    optimizer->options.preparation_iterations.reset();
    if (options->preparation_iterations != 0) {
      optimizer->options.preparation_iterations =
          static_cast<std::uint32_t>(std::max(0, options->preparation_iterations));
    }
  });
}

int rtmodel_SetAdvisor(rtmodel_optimizer* optimizer, const char* address, int mode, uint32_t start_deadline_ms,
                       uint32_t iteration_deadline_ms) {
  return guarded([&] {
    require(optimizer != nullptr, "SetAdvisor: optimizer is NULL");
    require(address != nullptr, "SetAdvisor: address is NULL; give host:port");
    const std::string fault = fault_of_name(address);
    require(fault.empty(), "SetAdvisor: address " + fault);
    constexpr uint32_t kLongestDeadlineMs = 600000;
    require(start_deadline_ms <= kLongestDeadlineMs && iteration_deadline_ms <= kLongestDeadlineMs,
            "SetAdvisor: a deadline is more than 600000 ms");
    require(mode >= 0 && mode <= 2, "SetAdvisor: mode is not 0 (off), 1 (shadow) or 2 (advise)");
    dh_advisor::SessionOptions session;
    session.address = address;
    session.mode = static_cast<dh_advisor::AdviceMode>(mode);
    if (start_deadline_ms > 0) session.start_deadline = std::chrono::milliseconds(start_deadline_ms);
    if (iteration_deadline_ms > 0) session.iteration_deadline = std::chrono::milliseconds(iteration_deadline_ms);
    optimizer->options.advisor = session;
  });
}

int rtmodel_Optimize(rtmodel_optimizer* optimizer, rtmodel_callback callback, void* user) {
  return guarded([&] {
    require(optimizer != nullptr, "Optimize: optimizer is NULL");
    optimizer->result.reset();
    optimizer->result_json.clear();
    // Ends with this run, however it ends: a Cancel from before it began is not lost, and not kept for the next.
    const CancelReset reset{optimizer->is_cancelled};
    CallbackSink sink(callback, user, optimizer->is_cancelled);
    const rtmodel_problem& problem = *optimizer->problem;
    optimizer->result = run_plan(problem.plan.problem, optimizer->options, sink);
    ResultContext context;
    context.program = std::string("rtmodel ") + RTMODEL_VERSION;
    context.plan_options = problem.options;
    context.run_options = optimizer->options;
    context.read_ms = problem.read_ms;
    context.build_ms = problem.build_ms;
    optimizer->result_json = result_json(problem.value, problem.plan, *optimizer->result, context).dump();
  });
}

void rtmodel_Cancel(rtmodel_optimizer* optimizer) {
  if (optimizer != nullptr) optimizer->is_cancelled = true;
}

int rtmodel_GetWeights(const rtmodel_optimizer* optimizer, double* weights, size_t n) {
  return guarded([&] {
    require(optimizer != nullptr && weights != nullptr, "GetWeights: optimizer or weights is NULL");
    require(optimizer->result.has_value(), "GetWeights: nothing has been optimized yet; call rtmodel_Optimize");
    require_length(n, optimizer->result->final_weights.size(), "GetWeights");
    std::copy(optimizer->result->final_weights.begin(), optimizer->result->final_weights.end(), weights);
  });
}

int rtmodel_GetResult(const rtmodel_optimizer* optimizer, const char** json) {
  return guarded([&] {
    require(optimizer != nullptr && json != nullptr, "GetResult: optimizer or json is NULL");
    require(optimizer->result.has_value(), "GetResult: nothing has been optimized yet; call rtmodel_Optimize");
    *json = optimizer->result_json.c_str();
  });
}
