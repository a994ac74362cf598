#include <gtest/gtest.h>

#include <boost/crc.hpp>
#include <numeric>

#include "dh_advisor/session.h"
#include "scripted_advisor.h"

namespace dh_advisor::testing {
namespace {

TEST(Volume, TravelsInChunksWithARunningChecksum) {
  ScriptedAdvisor advisor(answer_well);
  SessionOptions options;
  options.address = advisor.address();
  options.connect_deadline = options.start_deadline = std::chrono::seconds(10);
  auto session = Session::open(options, small_plan());

  std::vector<std::int16_t> voxels(70 * 60 * 50);
  std::iota(voxels.begin(), voxels.end(), std::int16_t{0});
  VolumeView view;
  view.data = voxels.data();
  view.shape[0] = 50;
  view.shape[1] = 60;
  view.shape[2] = 70;
  for (double& spacing : view.spacing_mm) spacing = 2.5;
  ASSERT_TRUE(session->send_volume(view).ok());
  session->ask_geometry({});

  std::string bytes;
  std::uint32_t last_checksum = 0;
  for (const pb::OptimizerEvent& event : advisor.events()) {
    if (!event.has_volume_chunk()) continue;
    EXPECT_EQ(event.volume_chunk().offset_bytes(), bytes.size());
    bytes += event.volume_chunk().data();
    last_checksum = event.volume_chunk().running_crc32c();
  }
  ASSERT_EQ(bytes.size(), voxels.size() * 2);
  EXPECT_EQ(std::memcmp(bytes.data(), voxels.data(), bytes.size()), 0);
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(bytes.data(), bytes.size());
  EXPECT_EQ(last_checksum, crc.checksum());
}

TEST(Volume, RefusesAnEmptyOne) {
  ScriptedAdvisor advisor(answer_well);
  SessionOptions options;
  options.address = advisor.address();
  options.connect_deadline = std::chrono::seconds(10);
  auto session = Session::open(options, small_plan());
  EXPECT_EQ(session->send_volume({}).code, StatusCode::kInvalidInput);
  EXPECT_TRUE(session->is_live());
}

TEST(Volume, RefusesWhatCannotBeOne) {
  ScriptedAdvisor advisor(answer_well);
  SessionOptions options;
  options.address = advisor.address();
  options.connect_deadline = std::chrono::seconds(10);
  auto session = Session::open(options, small_plan());
  const std::int16_t voxel = 0;
  VolumeView good;
  good.data = &voxel;
  for (int axis = 0; axis < 3; ++axis) {
    good.shape[axis] = 1;
    good.spacing_mm[axis] = 2.5;
  }
  const auto refusal = [&](auto spoil) {
    VolumeView volume = good;
    spoil(volume);
    const Status status = session->send_volume(volume);
    return status.code == StatusCode::kInvalidInput ? status.message : "not refused: " + status.message;
  };
  EXPECT_NE(refusal([](VolumeView& v) { v.kind = TensorKind::kGradient; }).find("kind"), std::string::npos);
  EXPECT_NE(refusal([](VolumeView& v) { v.spacing_mm[1] = 0.0; }).find("spacing_mm"), std::string::npos);
  // The product of these extents does not fit a size_t.
  EXPECT_NE(refusal([](VolumeView& v) { v.shape[0] = v.shape[1] = v.shape[2] = 0x80000000U; }).find("4 GiB"),
            std::string::npos);
  EXPECT_TRUE(session->send_volume(good).ok());
}

}  // namespace
}  // namespace dh_advisor::testing
