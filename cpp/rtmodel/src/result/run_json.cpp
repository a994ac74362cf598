#include "result/run_json.h"

#include <nlohmann/json.hpp>

#include "result/advice_summary.h"

namespace rtmodel {

using nlohmann::json;

json counts_json(const RunCounts& counts) {
  return {{"iterations", counts.iterations},         {"value_calls", counts.value_calls},
          {"gradient_calls", counts.gradient_calls}, {"call_equivalents", counts.call_equivalents},
          {"objective_ms", counts.objective_ms},     {"covariance_ms", counts.covariance_ms},
          {"advice_ms", counts.advice_ms},           {"total_ms", counts.total_ms}};
}

json stages_json(const RunResult& run) {
  json stages = json::array();
  for (const auto& stage : run.stages) {
    stages.push_back({{"level", stage.level},
                      {"histogram_sigma_gy", stage.histogram_sigma_gy},
                      {"beamlet_count", stage.beamlet_count},
                      {"voxel_count", stage.voxel_count},
                      {"is_polish", stage.is_polish},
                      {"preparation_iterations", stage.preparation_iterations},
                      {"counts", counts_json(stage.counts)},
                      {"objective", stage.objective},
                      {"stop_reason", dh_advisor::name_of(stage.stop_reason)}});
  }
  return stages;
}

json trace_json(const RunResult& run) {
  json trace{
      {"call_equivalents", json::array()},   {"objective", json::array()}, {"reference_objective", json::array()},
      {"histogram_sigma_gy", json::array()}, {"level", json::array()},     {"stage", json::array()},
      {"iteration", json::array()},          {"elapsed_ms", json::array()}};
  for (const auto& point : run.trace) {
    trace["call_equivalents"].push_back(point.call_equivalents);
    trace["objective"].push_back(point.objective);
    trace["reference_objective"].push_back(point.reference_objective ? json(*point.reference_objective) : json());
    trace["histogram_sigma_gy"].push_back(point.histogram_sigma_gy);
    trace["level"].push_back(point.level);
    trace["stage"].push_back(point.stage);
    trace["iteration"].push_back(point.iteration);
    trace["elapsed_ms"].push_back(point.elapsed_ms);
  }
  return trace;
}

json safeguard_json(const RunResult& run) {
  if (!run.safeguard) return {};
  return {{"reason", name_of(run.safeguard->reason)},
          {"first_stage", run.safeguard->first_stage},
          {"learned_reference", run.safeguard->learned_reference},
          {"classical_reference", run.safeguard->classical_reference},
          {"is_taken", run.safeguard->is_taken},
          {"is_given_up", run.safeguard->is_given_up}};
}

namespace {

json bindings_json(const std::vector<dh_advisor::RoleBinding>& bindings) {
  json list = json::array();
  for (const auto& binding : bindings) {
    list.push_back({{"role", dh_advisor::name_of(binding.role)},
                    {"plugin", binding.plugin},
                    {"plugin_version", binding.plugin_version},
                    {"model", binding.model},
                    {"model_sha256", binding.model_sha256},
                    {"arm", binding.arm}});
  }
  return list;
}

/// Null from a host that said nothing of itself.
json provenance_json(const AdviceResult& advice) {
  if (!advice.provenance) return {};
  const auto& provenance = *advice.provenance;
  return {{"host", provenance.host},
          {"session_id", provenance.session_id},
          {"configuration_generation", provenance.configuration_generation},
          {"arm", provenance.arm},
          {"bindings", bindings_json(provenance.bindings)},
          {"quality", provenance.quality ? json(dh_advisor::name_of(*provenance.quality)) : json()},
          {"resumptions", provenance.resumptions},
          {"answers", provenance.answers},
          {"journal_sha256", provenance.journal_sha256}};
}

}  // namespace

json advice_json(const AdviceResult& advice) {
  json roles = json::array();
  for (const auto& role : advice.roles) {
    json verdicts = json::object();
    for (const auto& [verdict, count] : role.verdicts) verdicts[dh_advisor::name_of(verdict)] = count;
    roles.push_back({{"role", dh_advisor::name_of(role.role)},
                     {"received", role.received},
                     {"accepted", role.accepted},
                     {"refused", role.refused},
                     {"verdicts", verdicts}});
  }
  const std::string missing = missing_advice(advice);
  json result{{"was_asked", advice.was_asked},
              {"session_id", advice.session_id},
              {"status", dh_advisor::name_of(advice.status.code)},
              {"status_message", advice.status.message},
              {"missing", missing.empty() ? json() : json(missing)},
              {"configuration_generation", advice.configuration_generation},
              {"bindings", bindings_json(advice.bindings)},
              {"provenance", provenance_json(advice)},
              {"roles", roles}};
  if (advice.session_counters) {
    const auto& counters = *advice.session_counters;
    json outcomes = json::array();
    for (const auto& [key, count] : counters.outcomes)
      outcomes.push_back(
          {{"role", dh_advisor::name_of(key.first)}, {"outcome", dh_advisor::name_of(key.second)}, {"count", count}});
    json hosted = json::array();
    for (const auto& [role, time] : counters.host_time)
      hosted.push_back({{"role", dh_advisor::name_of(role)},
                        {"host_ms", static_cast<double>(time.count()) / 1e3},
                        {"highest_out_of_distribution_score", counters.highest_scores.at(role)}});
    json details = json::object();
    for (const auto& [role, detail] : counters.details) details[dh_advisor::name_of(role)] = detail;
    result["session"] = {{"questions", counters.questions},
                         {"answers", counters.answers},
                         {"resumptions", counters.resumptions},
                         {"late", counters.late},
                         {"duplicates", counters.duplicates},
                         {"wrong_frames", counters.wrong_frames},
                         {"waited_ms", static_cast<double>(counters.waited.count()) / 1e6},
                         {"outcomes", outcomes},
                         {"details", details},
                         {"hosted", hosted}};
  }
  return result;
}

}  // namespace rtmodel
