#include "stub_plan.h"

#include <cmath>

namespace dh_adapter::testing {
namespace {

constexpr double kVoxelMm = 4.0;
constexpr std::size_t kSide = 37;  // Voxels, the middle one on the isocentre.
constexpr double kRadiusMm = 66.0;
constexpr int kColumns = 17;
constexpr double kSourceMm = 1000.0;
constexpr double kSpreadMm = 5.0;
constexpr double kDosePerWeight = 1.7;  // Units of 100 Gy at the surface: 0.05 on all beamlets gives about 60 Gy.

/// dH's beams run along the x of their grid, which is turned by the gantry angle about z through the isocentre.
void add_beam(CPlan& plan, double gantry_rad) {
  CBeam& beam = plan.beams.emplace_back();
  beam.gantry_angle = gantry_rad;
  itk::Matrix3 turn;
  const double c = std::cos(gantry_rad), s = std::sin(gantry_rad), half = kVoxelMm * (kSide / 2);
  turn.rows = {{{c, -s, 0}, {s, c, 0}, {0, 0, 1}}};
  for (int shift = -kColumns / 2; shift <= kColumns / 2; ++shift) {
    auto volume = VolumeReal::New();
    volume->Conform({kSide, kSide, 1}, {kVoxelMm, kVoxelMm, kVoxelMm}, {-half * (c - s), -half * (s + c), 0.0}, turn);
    for (std::size_t voxel = 0; voxel < kSide * kSide; ++voxel) {
      const double along = kVoxelMm * static_cast<double>(voxel % kSide) - half;
      const double lateral = kVoxelMm * static_cast<double>(voxel / kSide) - half;
      if (std::hypot(along, lateral) > kRadiusMm) continue;
      const double axis = shift * kVoxelMm * (1.0 + along / kSourceMm);
      const double off = (lateral - axis) / kSpreadMm;
      const double depth = along + std::sqrt(kRadiusMm * kRadiusMm - lateral * lateral);
      volume->GetBufferPointer()[voxel] =
          static_cast<float>(kDosePerWeight * std::exp(-0.0045 * depth) * std::exp(-0.5 * off * off));
    }
    beam.m_arrBeamlets.push_back(volume);
  }
}

}  // namespace

StubPlan::StubPlan() {
  const double half = kVoxelMm * (kSide / 2);
  const auto conform = [&](VolumeReal& volume) {
    volume.Conform({kSide, kSide, 1}, {kVoxelMm, kVoxelMm, kVoxelMm}, {-half, -half, 0.0}, {});
  };
  conform(*plan.m_pDose);
  target.name = "PTV";
  target.type = dH::Structure::eTARGET;
  cord.name = "Moelle \xE9pini\xE8re";  // In a Windows code page.
  cord.type = dH::Structure::eOAR;
  tissue.name = "Tissue";
  for (dH::Structure* structure : {&target, &cord, &tissue}) conform(*structure->region);
  for (std::size_t voxel = 0; voxel < kSide * kSide; ++voxel) {
    const double x = kVoxelMm * static_cast<double>(voxel % kSide) - half;
    const double y = kVoxelMm * static_cast<double>(voxel / kSide) - half;
    const double radius = std::hypot(x, y);
    if (radius > kRadiusMm) continue;
    const bool is_target = radius >= 12.0 && radius <= 28.0 && y < 8.0;
    dH::Structure& structure = is_target ? target : radius < 8.0 ? cord : tissue;
    structure.region->GetBufferPointer()[voxel] = 1.0F;
  }
  for (const double gantry_rad : {1.7, 3.6, 5.5}) add_beam(plan, gantry_rad);
}

std::vector<double> to_vector(const CVectorN<>& values) { return {&values[0], &values[0] + values.GetDim()}; }

}  // namespace dh_adapter::testing
