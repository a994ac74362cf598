// The committed bytes of every message decode to the committed JSON, as they do in TypeScript and Python.
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/wrappers.pb.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "dh/advisor/v1/operator.pb.h"
#include "dh/advisor/v1/plan_advisor.pb.h"

namespace dh_advisor::testing {
namespace {

namespace pb = dh::advisor::v1;
namespace proto = google::protobuf;

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
  std::ifstream file(DH_GOLDEN_FILE);
  for (std::string line; std::getline(file, line);) {
    const nlohmann::json golden = nlohmann::json::parse(line);
    const std::string title = golden.at("name");
    const std::string name = title.substr(0, title.find('.'));
    // The JSON of a bytes value is base64.
    proto::BytesValue bytes;
    ASSERT_TRUE(proto::util::JsonStringToMessage(golden.at("bytes").dump(), &bytes).ok()) << title;
    const proto::Descriptor* descriptor = descriptor_of(name);
    ASSERT_NE(descriptor, nullptr) << title;
    std::unique_ptr<proto::Message> message(
        proto::MessageFactory::generated_factory()->GetPrototype(descriptor)->New());
    ASSERT_TRUE(message->ParseFromString(bytes.value())) << title;
    EXPECT_TRUE(message->GetReflection()->GetUnknownFields(*message).empty()) << title;
    std::string json;
    ASSERT_TRUE(proto::util::MessageToJsonString(*message, &json).ok());
    EXPECT_EQ(tree_of(json).DebugString(), tree_of(golden.at("json").dump()).DebugString());
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
