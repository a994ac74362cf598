#include "plan_model.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "volume_sampler.h"

namespace dh_adapter {
namespace {

using dh_advisor::Status;
using dh_advisor::StatusCode;
using dh_advisor::StructureRole;

constexpr double kInside = 0.5;
constexpr std::uint32_t kIterationLimit = 500;

Status missing(const std::string& what) { return Status::failed(StatusCode::kInvalidInput, "dH: " + what); }

/// Names may be in a Windows code page, the contract is UTF-8.
std::string ascii(std::string text) {
  for (char& letter : text)
    if (letter < ' ' || letter > '~') letter = '?';
  return text;
}

std::string random_key() {
  std::random_device device;
  return "dh-" + std::to_string(device()) + "-" + std::to_string(device());
}

StructureRole role_of(dH::Structure::StructType type) {
  if (type == dH::Structure::eTARGET) return StructureRole::kTarget;
  return type == dH::Structure::eOAR ? StructureRole::kOrganAtRisk : StructureRole::kNormalTissue;
}

Status describe_grid(CPlan& plan, PlanModel& model) {
  const VolumeReal* dose = plan.m_pDose;
  if (dose == nullptr || dose->GetBufferedRegion().GetSize()[0] == 0) return missing("Plan::m_pDose has no voxels");
  if (plan.GetBeamCount() == 0) return missing("the plan has no beams");
  for (unsigned axis = 0; axis < 3; ++axis) {
    if (std::abs(dose->GetDirection()(axis, axis) - 1.0) > 1e-6) return missing("Plan::m_pDose is turned");
    model.isocenter_mm[axis] = plan.GetBeamAt(0)->GetIsocenter()[axis];
    model.grid.size[axis] = static_cast<std::uint32_t>(dose->GetBufferedRegion().GetSize()[axis]);
    model.grid.spacing_mm[axis] = dose->GetSpacing()[axis];
    model.grid.origin_mm[axis] = dose->GetOrigin()[axis];
  }
  const double slice = std::round((model.isocenter_mm[2] - model.grid.origin_mm[2]) / model.grid.spacing_mm[2]);
  if (slice < 0.0 || slice >= model.grid.size[2]) return missing("the isocentre lies in no slice of Plan::m_pDose");
  model.grid.origin_mm[2] += slice * model.grid.spacing_mm[2];
  model.grid.size[2] = 1;
  return Status::okay();
}

void describe_voxels(dH::Structure& structure, PlanModel& model) {
  const VolumeSampler region(*structure.GetRegion(0));
  std::vector<std::uint32_t>& contour = model.contours.emplace_back();
  for (std::size_t voxel = 0; voxel < model.grid.voxel_count(); ++voxel) {
    if (region.at(model.grid.center_mm(voxel)) >= kInside) contour.push_back(static_cast<std::uint32_t>(voxel));
  }
  if (structure.GetType() != dH::Structure::eTARGET) return;
  std::vector<std::uint32_t> all;
  std::set_union(model.targets.begin(), model.targets.end(), contour.begin(), contour.end(), std::back_inserter(all));
  model.targets = std::move(all);
}

Status describe_structure(dH::VOITerm& term, PlanModel& model) {
  auto* goal = dynamic_cast<dH::KLDivTerm*>(&term);
  if (goal == nullptr) return missing("a term of another kind than KLDivTerm");
  dH::Structure& structure = *term.GetVOI();
  describe_voxels(structure, model);
  dh_advisor::Structure& made = model.start.structures.emplace_back();
  made.name = ascii(structure.GetName());
  made.role = role_of(structure.GetType());
  made.bit = static_cast<std::uint32_t>(model.start.structures.size() - 1);
  made.objective_weight = term.GetWeight();
  made.voxel_count = static_cast<std::uint32_t>(model.contours.back().size());
  const auto& spacing = model.grid.spacing_mm;
  made.volume_cc = made.voxel_count * spacing[0] * spacing[1] * spacing[2] / 1000.0;
  const auto& points = goal->GetDVPs();
  for (int i = 0; i < points.GetCols(); ++i) made.prescription.push_back({gy_of(points[i][0]), points[i][1]});
  // dH knows no prescribed dose; the lower end of the wanted interval stands for it.
  if (made.role == StructureRole::kTarget) made.prescribed_dose_gy = gy_of(goal->GetMinDose());
  return Status::okay();
}

void describe_levels(dH::PlanOptimizer& optimizer, PlanModel& model) {
  for (int level = 0; level < dH::PlanPyramid::MAX_SCALES; ++level) {
    CPlan& plan = *optimizer.GetPyramid()->GetPlan(level);
    const DynamicCovarianceOptimizer& solver = *optimizer.GetOptimizer(level);
    LevelModel& made = model.levels.emplace_back();
    made.columns = plan.GetBeamAt(0)->GetBeamletCount();
    made.count = plan.GetTotalBeamletCount();
    made.lower_variance = solver.GetVarMin();
    made.upper_variance = solver.GetVarMax();
    made.sigma_gy = sigma_gy_of_upper_variance(made.upper_variance);
    const auto n = static_cast<std::uint32_t>(made.count);
    model.start.levels.push_back({wire_number(level), n, made.sigma_gy, gy2_of(made.lower_variance),
                                  gy2_of(made.upper_variance), (std::min)(kIterationLimit, n),
                                  solver.get_x_tolerance()});
  }
}

Sigmoid sigmoid_of(const dH::Prescription& prescription) {
  CVectorN<> value(1), slope(1);
  value[0] = slope[0] = 0.0;
  prescription.Transform(&value);
  prescription.dTransform(&slope);
  return sigmoid_from(value[0], slope[0]);
}

}  // namespace

Status describe(dH::PlanOptimizer& optimizer, const std::vector<dH::Structure*>& structures,
                const AdapterOptions& options, PlanModel& model) {
  using dh_advisor::Role;
  using dh_advisor::TensorKind;
  CPlan& plan = *optimizer.GetPlan();
  Status status = describe_grid(plan, model);
  for (dH::Structure* structure : structures) {
    dH::VOITerm* term = optimizer.GetPrescription(0)->GetStructureTerm(structure);
    if (term == nullptr || !status.ok()) continue;
    status = describe_structure(*term, model);
  }
  if (status.ok() && model.contours.empty()) status = missing("no structure has a term");
  if (!status.ok()) return status;
  describe_levels(optimizer, model);
  std::vector<dh_advisor::VoxelSpan> contours(model.contours.begin(), model.contours.end());
  status = dh_advisor::planned_voxels(model.start.structures, contours, model.planned);
  if (!status.ok()) return status;

  model.sigmoid = sigmoid_of(*optimizer.GetPrescription(0));
  model.start.client = options.client;
  model.start.plan_key = options.plan_key.empty() ? random_key() : options.plan_key;
  model.start.may_record = options.may_record;
  model.start.label = options.label;
  // Every piece of advice passes its gate, no more: the plan without advice is not made as well.
  model.start.quality = dh_advisor::Quality::kFast;
  model.start.weight_ceiling = model.sigmoid.ceiling;
  model.start.weight_steepness = model.sigmoid.steepness;
  for (int at = 0; at < plan.GetBeamCount(); ++at) {
    CBeam& beam = *plan.GetBeamAt(at);
    model.start.beams.push_back({gantry_deg_of(beam.GetGantryAngle()), 0.0,
                                 static_cast<std::uint32_t>(beam.GetBeamletCount()), 1, options.beamlet_width_mm,
                                 options.beamlet_height_mm});
  }
  model.start.accepts = {Role::kInitialization, Role::kPyramidSigma, Role::kAdaptiveVariance, Role::kEarlyStopping};
  model.start.offers = {TensorKind::kGradient,   TensorKind::kWeights,           TensorKind::kVariance,
                        TensorKind::kColumnNorm, TensorKind::kStructureMeanDose, TensorKind::kStructureMaxDose};
  return Status::okay();
}

dh_advisor::FeatureInput PlanModel::features(CPlan& plan) const {
  dh_advisor::FeatureInput input;
  input.grid = grid;
  input.beamlet_count = static_cast<std::uint32_t>(levels.at(0).count);
  for (std::size_t i = 0; i < contours.size(); ++i) input.structures.push_back({contours[i], planned[i]});
  input.dose = [this, &plan](const dh_advisor::DoseSink& sink) {
    std::vector<bool> is_row(grid.voxel_count(), false);
    for (const auto& contour : contours)
      for (const std::uint32_t voxel : contour) is_row[voxel] = true;
    const int columns = levels[0].columns;
    for (int at = 0; at < plan.GetBeamCount(); ++at) {
      for (int column = 0; column < columns; ++column) {
        // Column 0 is dH's largest shift.
        const VolumeSampler dose(*plan.GetBeamAt(at)->GetBeamlet(columns / 2 - column));
        for (std::size_t voxel = 0; voxel < is_row.size(); ++voxel) {
          const double gy = is_row[voxel] ? gy_of(dose.at(grid.center_mm(voxel))) : 0.0;
          if (gy > 0.0) sink(static_cast<std::uint32_t>(at * columns + column), static_cast<std::uint32_t>(voxel), gy);
        }
      }
    }
  };
  return input;
}

}  // namespace dh_adapter
