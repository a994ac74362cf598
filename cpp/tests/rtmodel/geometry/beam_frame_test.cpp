#include "geometry/beam_frame.h"

#include <gtest/gtest.h>

namespace rtmodel {
namespace {

void expect_near(const Vector3& actual, const Vector3& expected) {
  for (int i = 0; i < 3; ++i) EXPECT_NEAR(actual[i], expected[i], 1e-9) << "axis " << i;
}

TEST(BeamFrame, GantryTurnsFromAnteriorToThePatientsLeft) {
  expect_near(BeamFrame::at(0.0, 0.0, {1, 2, 3}).source_mm, {1, 2 - 1000, 3});
  expect_near(BeamFrame::at(90.0, 0.0, {0, 0, 0}).source_mm, {1000, 0, 0});
  expect_near(BeamFrame::at(180.0, 0.0, {0, 0, 0}).source_mm, {0, 1000, 0});
}

TEST(BeamFrame, AxesAtGantryZeroAreLeftAndSuperior) {
  const auto frame = BeamFrame::at(0.0, 0.0, {0, 0, 0});
  expect_near(frame.across, {1, 0, 0});
  expect_near(frame.along, {0, 0, 1});
  expect_near(frame.axis, {0, 1, 0});
}

TEST(BeamFrame, CouchAt90BringsTheHeadUnderGantry270) {
  // The couch turns counter-clockwise seen from above, so the feet come to the side of gantry 90.
  expect_near(BeamFrame::at(270.0, 90.0, {0, 0, 0}).source_mm, {0, 0, 1000});
  expect_near(BeamFrame::at(90.0, 90.0, {0, 0, 0}).source_mm, {0, 0, -1000});
}

TEST(BeamFrame, ProjectsWithMagnification) {
  const auto frame = BeamFrame::at(0.0, 0.0, {0, 0, 0});
  const auto near_source = frame.project({10, -500, 20});
  EXPECT_NEAR(near_source.u_mm, 20.0, 1e-9);
  EXPECT_NEAR(near_source.v_mm, 40.0, 1e-9);
  EXPECT_NEAR(near_source.depth_mm, 500.0, 1e-9);
}

TEST(BeamFrame, PointAtUndoesProject) {
  const auto frame = BeamFrame::at(40.0, 15.0, {3, -7, 11});
  const Vector3 point{25, -31, 42};
  const auto seen = frame.project(point);
  expect_near(frame.point_at(seen.u_mm, seen.v_mm, seen.depth_mm), point);
}

}  // namespace
}  // namespace rtmodel
