// Answers every event of the contract with an empty answer: the least a C++ host can do. Prints its address.
#include <grpcpp/grpcpp.h>

#include <iostream>

#include "dh/advisor/v1/plan_advisor.grpc.pb.h"

namespace pb = dh::advisor::v1;

namespace {

class Echo final : public pb::PlanAdvisor::Service {
 public:
  grpc::Status Advise(grpc::ServerContext*,
                      grpc::ServerReaderWriter<pb::AdvisorEvent, pb::OptimizerEvent>* stream) override {
    pb::OptimizerEvent event;
    pb::AdvisorEvent answer;
    while (stream->Read(&event)) {
      answer.Clear();
      if (event.has_start()) {
        answer.mutable_accepted()->set_session_id("echo");
      } else if (event.has_geometry()) {
        answer.mutable_geometry();
      } else if (event.has_level_start()) {
        answer.mutable_level()->set_level(event.level_start().level());
        answer.mutable_level()->set_stage(event.level_start().stage());
      } else if (event.has_iteration()) {
        answer.mutable_iteration()->set_level(event.iteration().level());
        answer.mutable_iteration()->set_stage(event.iteration().stage());
        answer.mutable_iteration()->set_iteration(event.iteration().iteration());
      } else if (event.has_finish()) {
        answer.mutable_summary();
      } else {
        continue;
      }
      stream->Write(answer);
      if (event.has_finish()) break;
    }
    return grpc::Status::OK;
  }
};

}  // namespace

int main() {
  Echo echo;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&echo);
  builder.SetMaxReceiveMessageSize(64 << 20);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  std::cout << "127.0.0.1:" << port << std::endl;
  server->Wait();
  return 0;
}
