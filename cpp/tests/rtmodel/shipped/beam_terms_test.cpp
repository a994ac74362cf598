#include "shipped/beam_terms.h"

#include <gtest/gtest.h>

namespace rtmodel {
namespace {

constexpr double kPi = 3.14159265358979323846;

TEST(ShippedBeamTerms, AnglesAreRadiansAQuarterTurnAhead) {
  EXPECT_NEAR(shipped_gantry_rad(0.0), kPi / 2.0, 1e-12);
  EXPECT_NEAR(shipped_gantry_rad(90.0), kPi, 1e-12) << "where dH's beams are made";
  EXPECT_NEAR(shipped_gantry_rad(300.0), kPi / 6.0, 1e-12);
  for (double degrees : {0.0, 40.0, 269.0, 359.5}) {
    EXPECT_NEAR(iec_gantry_deg(shipped_gantry_rad(degrees)), degrees, 1e-9);
  }
}

TEST(ShippedBeamTerms, ShiftsRunAgainstTheColumns) {
  EXPECT_EQ(shipped_shift(0, 39), 19);
  EXPECT_EQ(shipped_shift(19, 39), 0);
  EXPECT_EQ(shipped_shift(38, 39), -19);
}

TEST(ShippedBeamTerms, MirroringIsByBeamAndRowAndItsOwnInverse) {
  const std::vector<LevelGrid> grids{{3, 2}, {2, 1}};
  Eigen::VectorXd values(8);
  values << 1, 2, 3, 4, 5, 6, 7, 8;
  Eigen::VectorXd expected(8);
  expected << 3, 2, 1, 6, 5, 4, 8, 7;
  EXPECT_EQ(mirrored(values, grids), expected);
  EXPECT_EQ(mirrored(expected, grids), values);
}

}  // namespace
}  // namespace rtmodel
