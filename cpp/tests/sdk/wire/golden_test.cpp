// The committed bytes of every message decode to the committed JSON, as they do in TypeScript and Python.
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "dh/advisor/v1/operator.pb.h"
#include "dh/advisor/v1/plan_advisor.pb.h"

namespace dh_advisor::testing {
namespace {

namespace pb = dh::advisor::v1;
namespace proto = google::protobuf;

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

const proto::Descriptor* descriptor_of(const std::string& name) {
  return proto::DescriptorPool::generated_pool()->FindMessageTypeByName("dh.advisor.v1." + name);
}

/// JSON as a tree, so that spacing and key order don't count.
proto::Value tree_of(const std::string& json) {
  proto::Value tree;
  EXPECT_TRUE(proto::util::JsonStringToMessage(json, &tree).ok()) << json;
  return tree;
}

TEST(GoldenBytes, DecodeToTheCommittedJson) {
  std::set<std::string> seen;
  for (const auto& entry : std::filesystem::directory_iterator(DH_GOLDEN_DIR)) {
    if (entry.path().extension() != ".bin") continue;
    const std::string stem = entry.path().stem().string();
    const std::string name = stem.substr(0, stem.find('.'));
    const proto::Descriptor* descriptor = descriptor_of(name);
    ASSERT_NE(descriptor, nullptr) << stem;
    std::unique_ptr<proto::Message> message(
        proto::MessageFactory::generated_factory()->GetPrototype(descriptor)->New());
    ASSERT_TRUE(message->ParseFromString(read(entry.path()))) << stem;
    EXPECT_TRUE(message->GetReflection()->GetUnknownFields(*message).empty()) << stem;
    std::string json;
    ASSERT_TRUE(proto::util::MessageToJsonString(*message, &json).ok());
    EXPECT_EQ(tree_of(json).DebugString(), tree_of(read(entry.path().parent_path() / (stem + ".json"))).DebugString());
    seen.insert(name);
  }
  for (const proto::FileDescriptor* file :
       {pb::OptimizerEvent::descriptor()->file(), pb::Accepted::descriptor()->file(),
        pb::PlanStart::descriptor()->file(), pb::Tensor::descriptor()->file(), pb::AdviceHeader::descriptor()->file(),
        pb::GetStatusRequest::descriptor()->file()}) {
    for (int i = 0; i < file->message_type_count(); ++i) {
      EXPECT_EQ(seen.count(file->message_type(i)->name()), 1U)
          << "no golden bytes of " << file->message_type(i)->name();
    }
  }
}

}  // namespace
}  // namespace dh_advisor::testing
