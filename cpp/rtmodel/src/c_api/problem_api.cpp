#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>

#include "advice/features.h"
#include "c_api/guard.h"
#include "c_api/objects.h"
#include "case/read_case.h"
#include "dose/influence.h"
#include "metrics/dose.h"
#include "prescription/prescription.h"

using namespace rtmodel;
using c_api::guarded;
using c_api::require;

namespace {

const double* as_pairs(const std::vector<dh_advisor::DoseVolumePoint>& points) {
  static_assert(sizeof(dh_advisor::DoseVolumePoint) == 2 * sizeof(double) &&
                offsetof(dh_advisor::DoseVolumePoint, volume_fraction) == sizeof(double));
  return points.empty() ? nullptr : &points.front().dose_gy;
}

}  // namespace

namespace rtmodel::c_api {

std::string& last_error() {
  thread_local std::string sentence;
  return sentence;
}

}  // namespace rtmodel::c_api

const char* rtmodel_LastError(void) { return c_api::last_error().c_str(); }

const char* rtmodel_Version(void) { return RTMODEL_VERSION; }

const char* rtmodel_DefaultPrescription(void) { return default_prescription_yaml(); }

rtmodel_plan_options rtmodel_DefaultPlanOptions(void) { return {5.0, 15.0, nullptr, nullptr, 0, 0, 0}; }

int rtmodel_OpenProblem(const char* case_folder, const rtmodel_plan_options* options, rtmodel_problem** problem) {
  return guarded([&] {
    require(case_folder != nullptr && problem != nullptr, "OpenProblem: case_folder or problem is NULL");
    *problem = nullptr;
    const rtmodel_plan_options given = options != nullptr ? *options : rtmodel_DefaultPlanOptions();
    auto made = std::make_unique<rtmodel_problem>();
    made->options.beams = read_beam_choice(given.beams != nullptr ? given.beams : "9");
    if (given.beamlet_mm != 0.0) made->options.beamlet_mm = given.beamlet_mm;
    made->options.window_mm = given.window_mm;
    if (given.window_mm < 0.0) made->options.window_mm.reset();
    if (given.prescription_file != nullptr) made->options.prescription = Prescription::read(given.prescription_file);
    made->options.threads = std::clamp(given.threads, 0, 1024);
    made->options.columns = given.columns;
    made->options.excludes_beamlets = given.keeps_all_beamlets == 0;
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::string> warnings;
    made->value = require_case(case_folder, &warnings);
    const auto read = std::chrono::steady_clock::now();
    made->plan = build_problem(made->value, made->options);
    made->plan.notes.insert(made->plan.notes.begin(), warnings.begin(), warnings.end());
    const auto built = std::chrono::steady_clock::now();
    made->read_ms = std::chrono::duration<double, std::milli>(read - start).count();
    made->build_ms = std::chrono::duration<double, std::milli>(built - read).count();
    *problem = made.release();
  });
}

void rtmodel_FreeProblem(rtmodel_problem* problem) { delete problem; }

rtmodel_sizes rtmodel_GetSizes(const rtmodel_problem* problem) {
  if (problem == nullptr) {
    c_api::tell("GetSizes: problem is NULL");
    return {};
  }
  c_api::last_error().clear();
  const BuiltPlan& plan = problem->plan;
  return {static_cast<size_t>(plan.beamlets.count()),
          plan.beamlets.beams.size(),
          static_cast<size_t>(plan.beamlets.columns()),
          static_cast<size_t>(plan.beamlets.rows()),
          static_cast<size_t>(plan.problem.influence.rows()),
          static_cast<size_t>(plan.problem.influence.nonZeros()),
          plan.problem.structures.size()};
}

int rtmodel_GetStructure(const rtmodel_problem* problem, size_t index, rtmodel_structure* structure) {
  return guarded([&] {
    require(problem != nullptr && structure != nullptr, "GetStructure: problem or structure is NULL");
    const auto& structures = problem->plan.problem.structures;
    require(index < structures.size(), "GetStructure: there are only " + std::to_string(structures.size()));
    const auto& [description, planned, contour, geometry] = structures[index];
    *structure = {description.name.c_str(),
                  static_cast<int>(description.role),
                  description.prescribed_dose_gy.value_or(-1.0),
                  description.objective_weight,
                  description.volume_cc,
                  geometry.sphericity,
                  geometry.dose_gradient_gy_per_mm,
                  geometry.target_distance_mm,
                  planned.data(),
                  planned.size(),
                  contour.data(),
                  contour.size(),
                  as_pairs(description.prescription),
                  description.prescription.size()};
  });
}

void rtmodel_GetInfluence(const rtmodel_problem* problem, const int** starts, const int** columns,
                          const float** values) {
  c_api::guarded_fill([&] {
    require(problem != nullptr && starts != nullptr && columns != nullptr && values != nullptr,
            "GetInfluence: problem or a place for what it gives is NULL");
    const InfluenceMatrix& influence = problem->plan.problem.influence;
    *starts = influence.outerIndexPtr();
    *columns = influence.innerIndexPtr();
    *values = influence.valuePtr();
  });
}

void rtmodel_GetExcluded(const rtmodel_problem* problem, uint8_t* excluded) {
  c_api::guarded_fill([&] {
    require(problem != nullptr && excluded != nullptr, "GetExcluded: problem or excluded is NULL");
    const auto& is_excluded = problem->plan.problem.is_excluded;
    std::copy(is_excluded.begin(), is_excluded.end(), excluded);
  });
}

void rtmodel_GetVoxelPositions(const rtmodel_problem* problem, double* positions_mm) {
  c_api::guarded_fill([&] {
    require(problem != nullptr && positions_mm != nullptr, "GetVoxelPositions: problem or positions_mm is NULL");
    for (const int voxel : problem->plan.problem.grid.voxel_of_row) {
      const Vector3 center = problem->value.grid.center_mm(voxel);
      positions_mm = std::copy(center.begin(), center.end(), positions_mm);
    }
  });
}

void rtmodel_GetStructureDoses(const rtmodel_problem* problem, double* mean_gy, double* maximum_gy) {
  c_api::guarded_fill([&] {
    require(problem != nullptr && mean_gy != nullptr && maximum_gy != nullptr,
            "GetStructureDoses: problem, mean_gy or maximum_gy is NULL");
    const auto features = beamlet_features(problem->plan.problem);
    std::copy(features.mean_dose.begin(), features.mean_dose.end(), mean_gy);
    std::copy(features.max_dose.begin(), features.max_dose.end(), maximum_gy);
  });
}

void rtmodel_GetPathDensities(const rtmodel_problem* problem, double* densities) {
  c_api::guarded_fill([&] {
    require(problem != nullptr && densities != nullptr, "GetPathDensities: problem or densities is NULL");
    const PlanProblem& plan = problem->plan.problem;
    const auto values = path_densities(problem->plan.density, plan.beams, plan.grid.isocenter_mm);
    std::copy(values.begin(), values.end(), densities);
  });
}

int rtmodel_ComputeDose(const rtmodel_problem* problem, const double* weights, size_t n, double* dose_gy) {
  return guarded([&] {
    require(problem != nullptr && weights != nullptr && dose_gy != nullptr,
            "ComputeDose: problem, weights or dose_gy is NULL");
    const auto dose = recompute_dose(problem->plan.problem, {weights, weights + n});
    std::copy(dose.begin(), dose.end(), dose_gy);
  });
}
