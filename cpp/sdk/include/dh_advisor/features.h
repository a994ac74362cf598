#pragma once

#include <functional>

#include "dh_advisor/beam_frame.h"

/// What models want to know about a plan, built from an optimizer's own doses and contours: the one definition, which
/// the reference optimizer uses, too. Give what the host wants (`Session::wants`) with the geometry question.
///
/// Rows: a voxel is a row when it lies in the contour of any structure of the plan, normal tissue included (see
/// `shell_around`). Dose elsewhere counts for nothing, so that a client that computes dose in the whole patient sends
/// the same features as one that computes it in its structures.
///
/// All functions are pure, never throw, and check what they are given: a mistake is kInvalidInput with the field's
/// name, lack of memory or a callback that throws kFault. They are thread-safe as far as the callback is. Results
/// replace what their vector held; on failure they are left empty.
namespace dh_advisor {

/// Most beamlets and structures that the builders take.
constexpr std::size_t kMostBeamlets = 1'000'000;
constexpr std::size_t kMostStructures = 1024;

/// Takes one entry of the influence matrix: Gy in a voxel per unit weight of a beamlet; finite and not negative.
class DoseSink {
 public:
  using Take = void (*)(void* context, std::uint32_t beamlet, std::uint32_t voxel, double gy_per_weight);
  DoseSink(Take take, void* context) : take_(take), context_(context) {}

  void operator()(std::uint32_t beamlet, std::uint32_t voxel, double gy_per_weight) const {
    take_(context_, beamlet, voxel, gy_per_weight);
  }

 private:
  Take take_;
  void* context_;
};

/// Gives every entry that is not zero to the sink, each once, in any order: beamlet by beamlet, or voxel by voxel.
/// Called in the thread of the builder. An order that stays the same gives the same bits.
using DoseSource = std::function<void(const DoseSink& sink)>;

/// One structure. `planned` is a subset of `contour`; see `planned_voxels`.
struct StructureVoxels {
  VoxelSpan contour;
  VoxelSpan planned;
};

/// Borrowed; must outlive the call.
struct FeatureInput {
  VoxelGrid grid;
  std::uint32_t beamlet_count = 0;          ///< n of level 0, excluded beamlets (which have no entry) included.
  std::vector<StructureVoxels> structures;  ///< As in the plan start, in its order.
  DoseSource dose;
};

/// Tensors of `Geometry`; S = number of structures.
struct BeamletFeatures {
  std::vector<double> column_norm;  ///< kColumnNorm: Euclidean norm of the column over the rows; n.
  std::vector<double> mean_dose;    ///< kStructureMeanDose: over the planned voxels, Gy per unit weight; n x S.
  std::vector<double> max_dose;     ///< kStructureMaxDose: over the planned voxels, Gy per unit weight; n x S.
};

/// One pass over the dose. Memory: the tables, and 8 bytes a voxel of the grid.
DH_ADVISOR_API Status build_beamlet_features(const FeatureInput& input, BeamletFeatures& features);

/// One entry a structure, in order. `uniform_weight` is the flat start's (`flat_weight`).
/// Sphericity: of the contour. Dose gradient: mean over the contour's voxels of the length of the gradient of the dose
/// of uniform weights, Gy per mm, by central differences between rows, one-sided where a neighbour is no row. Target
/// distance: shortest from the contour to a voxel of `targets`, mm; these are the contours of all targets together,
/// also of those that are not planned.
DH_ADVISOR_API Status build_structure_geometry(const FeatureInput& input, VoxelSpan targets, double uniform_weight,
                                               std::vector<StructureGeometry>& geometry);

/// kPathDensity: relative electron density along every beamlet's axis, n x 100. Sample k lies in the middle of the
/// k-th of 100 equal pieces from 250 mm before to 250 mm behind the isocentre plane, measured along the central axis;
/// trilinear between voxel centres, 0 outside the grid. `density` has one value a voxel.
DH_ADVISOR_API Status build_path_density(const VoxelGrid& grid, const float* density, const Vector3& isocenter_mm,
                                         const std::vector<Beam>& beams, std::vector<double>& path_density);
constexpr std::uint32_t kPathSamples = 100;
constexpr double kPathReachMm = 250.0;

/// Electron density relative to water of a CT number: proportional up to water, then the line through cortical bone
/// (ICRU Report 44: 1.78 at 1500 HU), at most 2.5.
DH_ADVISOR_API double relative_density(int hu);

/// The weight that, on all beamlets, gives the target with the highest prescribed dose (the first of equals) that dose
/// as mean. `mean_dose` as in BeamletFeatures. Models are trained on matrices for which it is 0.05 with a ceiling of
/// 0.2.
DH_ADVISOR_API Status flat_weight(const std::vector<Structure>& structures, const std::vector<double>& mean_dose,
                                  double& weight);

}  // namespace dh_advisor
