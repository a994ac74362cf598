// Sets of voxels: bits, planned voxels, shells and distances.
#include "dh_advisor/voxels.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dh_advisor::testing {
namespace {

using Voxels = std::vector<std::uint32_t>;

Structure target(double dose_gy) {
  Structure structure;
  structure.role = StructureRole::kTarget;
  structure.prescribed_dose_gy = dose_gy;
  return structure;
}

TEST(VoxelsOfBit, TakesOneStructureOfAMask) {
  const std::vector<std::uint16_t> narrow{0b01, 0b10, 0b11, 0, 0x8000};
  Voxels voxels;
  ASSERT_TRUE(voxels_of_bit(narrow.data(), narrow.size(), 1, voxels).ok());
  EXPECT_EQ(voxels, (Voxels{1, 2}));
  ASSERT_TRUE(voxels_of_bit(narrow.data(), narrow.size(), 15, voxels).ok());
  EXPECT_EQ(voxels, (Voxels{4}));
  EXPECT_FALSE(voxels_of_bit(narrow.data(), narrow.size(), 16, voxels).ok());
  const std::vector<std::uint64_t> wide{std::uint64_t{1} << 63, 1};
  ASSERT_TRUE(voxels_of_bit(wide.data(), wide.size(), 63, voxels).ok());
  EXPECT_EQ(voxels, (Voxels{0}));
  EXPECT_FALSE(voxels_of_bit(static_cast<const std::uint64_t*>(nullptr), 2, 0, voxels).ok());
}

TEST(PlannedVoxels, BelongToTheHighestTargetAndNeverToTwo) {
  std::vector<Structure> structures{target(50.0), Structure{}, target(70.0), target(50.0)};
  const Voxels low{0, 1, 2, 3}, organ{3, 4, 5}, high{2, 3}, same{0, 6};
  std::vector<Voxels> planned;
  ASSERT_TRUE(planned_voxels(structures, {low, organ, high, same}, planned).ok());
  EXPECT_EQ(planned, (std::vector<Voxels>{{0, 1}, {4, 5}, {2, 3}, {6}}));
  structures[2].prescribed_dose_gy.reset();
  const Status status = planned_voxels(structures, {low, organ, high, same}, planned);
  EXPECT_NE(status.message.find("structures[2].prescribed_dose_gy"), std::string::npos) << status.message;
  EXPECT_FALSE(planned_voxels(structures, {low}, planned).ok());
}

TEST(Shell, IsMeasuredInMmBetweenCentres) {
  const VoxelGrid grid{{9, 1, 1}, {4.0, 5.0, 5.0}, {0.0, 0.0, 0.0}};
  const Voxels body{0, 1, 2, 3, 4, 5, 6, 7}, targets{3};
  Voxels shell;
  ASSERT_TRUE(shell_around(grid, body, targets, 8.0, shell).ok());
  EXPECT_EQ(shell, (Voxels{1, 2, 4, 5}));
  EXPECT_FALSE(shell_around(grid, body, Voxels{}, 8.0, shell).ok());
  EXPECT_FALSE(shell_around(grid, body, targets, std::nan(""), shell).ok());
}

TEST(DistanceTo, CountsTheSpacingOfEachAxis) {
  const VoxelGrid grid{{2, 2, 2}, {3.0, 4.0, 12.0}, {0.0, 0.0, 0.0}};
  std::vector<float> distance_mm;
  ASSERT_TRUE(distance_to(grid, Voxels{0}, distance_mm).ok());
  EXPECT_EQ(distance_mm,
            (std::vector<float>{0.0F, 3.0F, 4.0F, 5.0F, 12.0F, std::sqrt(153.0F), std::sqrt(160.0F), 13.0F}));
  EXPECT_FALSE(distance_to(grid, Voxels{8}, distance_mm).ok());
  EXPECT_TRUE(distance_mm.empty());
}

TEST(SphericityOf, IsOneWithoutVoxelsAndRefusesAGridWithoutSize) {
  double sphericity = 0.0;
  ASSERT_TRUE(sphericity_of({{3, 3, 3}, {1, 1, 1}, {}}, Voxels{}, sphericity).ok());
  EXPECT_EQ(sphericity, 1.0);
  EXPECT_FALSE(sphericity_of({{3, 0, 3}, {1, 1, 1}, {}}, Voxels{}, sphericity).ok());
}

}  // namespace
}  // namespace dh_advisor::testing
