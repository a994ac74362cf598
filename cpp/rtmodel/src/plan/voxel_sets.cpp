#include "plan/voxel_sets.h"

#include <algorithm>

#include "case/finding.h"
#include "geometry/distance_map.h"

namespace rtmodel {
namespace {

/// Fewer voxels than these make no histogram worth planning on.
constexpr std::size_t kFewestTargetVoxels = 8;
constexpr std::size_t kFewestOrganVoxels = 3;

class Assigner {
 public:
  Assigner(const Case& value, const Region& region, const Prescription& prescription, std::vector<std::string>& notes)
      : case_(value), region_(region), prescription_(prescription), notes_(notes) {}

  VoxelSets run() {
    result_.is_target.assign(case_.masks.size(), false);
    assign_targets();
    assign_organs();
    assign_normal_tissue();
    for (std::size_t i = 0; i < is_row_.size(); ++i)
      if (is_row_[i]) result_.voxels.push_back(static_cast<int>(i));
    return std::move(result_);
  }

 private:
  std::vector<const CaseStructure*> of_role(CaseRole role) const {
    std::vector<const CaseStructure*> found;
    for (const auto& structure : case_.structures)
      if (structure.role == role) found.push_back(&structure);
    return found;
  }

  std::vector<int> contour_of(const CaseStructure& structure) const {
    std::vector<int> contour;
    for (std::size_t i = 0; i < case_.masks.size(); ++i)
      if (case_.is_in(structure, i) && region_.contains(case_.grid, i)) contour.push_back(static_cast<int>(i));
    return contour;
  }

  void keep(const CaseStructure& structure, dh_advisor::StructureRole role, const std::string& name, const Goal& goal,
            std::vector<int> planned, std::vector<int> contour) {
    VoxelSets::Set set;
    set.description.name = name;
    set.description.tg263_name = role == dh_advisor::StructureRole::kNormalTissue ? "" : structure.tg263_name;
    set.description.role = role;
    set.description.voxel_count = static_cast<std::uint32_t>(planned.size());
    set.description.volume_cc = planned.size() * case_.grid.voxel_volume_cc();
    set.description.objective_weight = goal.weight;
    set.description.prescription = goal.points;
    if (role == dh_advisor::StructureRole::kTarget) set.description.prescribed_dose_gy = structure.prescribed_dose_gy;
    set.description.bit = static_cast<std::uint32_t>(structure.bit);
    for (const int voxel : contour) is_row_[voxel] = true;
    set.planned = std::move(planned);
    set.contour = std::move(contour);
    result_.sets.push_back(std::move(set));
  }

  void tell_too_small(const CaseStructure& structure, std::size_t planned, std::size_t contour) {
    if (contour == 0) {
      notes_.push_back(structure.name + " is left out: it has no voxel in the planned slices");
    } else {
      notes_.push_back(structure.name + " is left out: only " + std::to_string(planned) + " of its " +
                       std::to_string(contour) + " voxels there are its own to plan");
    }
  }

  void assign_targets() {
    is_row_.assign(case_.masks.size(), false);
    auto targets = of_role(CaseRole::kTarget);
    std::stable_sort(targets.begin(), targets.end(), [](const auto* a, const auto* b) {
      return a->prescribed_dose_gy.value() > b->prescribed_dose_gy.value();
    });
    for (const auto* target : targets) {
      auto contour = contour_of(*target);
      std::vector<int> planned;
      for (const int voxel : contour)
        if (!result_.is_target[voxel]) planned.push_back(voxel);
      for (const int voxel : contour) result_.is_target[voxel] = true;
      if (planned.size() < kFewestTargetVoxels) {
        tell_too_small(*target, planned.size(), contour.size());
        continue;
      }
      keep(*target, dh_advisor::StructureRole::kTarget, target->name,
           prescription_.for_target(*target->prescribed_dose_gy), std::move(planned), std::move(contour));
    }
    if (result_.sets.empty())
      throw InputError("no target has " + std::to_string(kFewestTargetVoxels) +
                       " voxels in the planned slices; widen the window or plan with --full");
  }

  void assign_organs() {
    for (const auto* organ : of_role(CaseRole::kOrgan)) {
      if (organ->is_implausible) {
        notes_.push_back(organ->name + " is left out: its contour is flagged as implausible");
        continue;
      }
      bool is_listed = false;
      const auto goal = prescription_.for_organ(*organ, &is_listed);
      if (!goal) {
        notes_.push_back(organ->name + " is left out: the prescription does not name it and has no other_organs");
        continue;
      }
      auto contour = contour_of(*organ);
      std::vector<int> planned;
      for (const int voxel : contour)
        if (!result_.is_target[voxel]) planned.push_back(voxel);
      if (planned.size() < kFewestOrganVoxels) {
        tell_too_small(*organ, planned.size(), contour.size());
        continue;
      }
      if (!is_listed) notes_.push_back(organ->name + " is not named in the prescription; planned as other_organs");
      keep(*organ, dh_advisor::StructureRole::kOrganAtRisk, organ->name, *goal, std::move(planned), std::move(contour));
    }
  }

  void assign_normal_tissue() {
    if (!prescription_.normal_tissue) {
      notes_.push_back("normal tissue is left out: the prescription has no normal_tissue");
      return;
    }
    const auto distance_mm = distance_to(case_.grid, result_.is_target);
    const CaseStructure& body = *of_role(CaseRole::kBody).front();
    std::vector<int> shell;
    for (const int voxel : contour_of(body))
      if (!result_.is_target[voxel] && distance_mm[voxel] <= prescription_.shell_mm) shell.push_back(voxel);
    if (shell.size() < kFewestOrganVoxels) {
      notes_.push_back("normal tissue is left out: the body reaches nowhere beyond the targets");
      return;
    }
    keep(body, dh_advisor::StructureRole::kNormalTissue, free_name(), *prescription_.normal_tissue, shell, shell);
  }

  /// A name that no structure of the case has, whatever its capitals: two of one name can't be told apart in results,
  /// and an advisor refuses the plan.
  std::string free_name() {
    const auto is_taken = [this](const std::string& name) {
      return std::any_of(case_.structures.begin(), case_.structures.end(), [&](const CaseStructure& structure) {
        return lower_case(structure.name) == lower_case(name);
      });
    };
    std::string name = "NormalTissue";
    if (!is_taken(name)) return name;
    name += "Shell";
    for (int number = 2; is_taken(name); ++number) name = "NormalTissueShell" + std::to_string(number);
    notes_.push_back("normal tissue is called " + name + ", since the case has a structure of the usual name");
    return name;
  }

  const Case& case_;
  const Region& region_;
  const Prescription& prescription_;
  std::vector<std::string>& notes_;
  std::vector<bool> is_row_;
  VoxelSets result_;
};

}  // namespace

VoxelSets assign_voxels(const Case& value, const Region& region, const Prescription& prescription,
                        std::vector<std::string>& notes) {
  return Assigner(value, region, prescription, notes).run();
}

}  // namespace rtmodel
