#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "dh/advisor/v1/plan_advisor.grpc.pb.h"
#include "dh_advisor/session.h"

namespace dh_advisor::testing {

namespace pb = dh::advisor::v1;

/// A real gRPC server on a free loopback port that answers every event by a function of the test's.
class ScriptedAdvisor final : public pb::PlanAdvisor::Service {
 public:
  using Stream = grpc::ServerReaderWriter<pb::AdvisorEvent, pb::OptimizerEvent>;
  /// Returns false to end the stream.
  using Script = std::function<bool(const pb::OptimizerEvent&, Stream&)>;

  explicit ScriptedAdvisor(
      Script script, grpc::Status end = grpc::Status::OK,
      const std::shared_ptr<grpc::ServerCredentials>& credentials = grpc::InsecureServerCredentials());
  ~ScriptedAdvisor() override;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  /// Drops every connection at once.
  void kill();
  /// What arrived so far.
  std::vector<pb::OptimizerEvent> events() const;
  /// Waits for the end of the first stream that the client ends. True: the client half-closed; false: it broke off.
  bool was_closed_well() { return closed_well_.get_future().get(); }

  grpc::Status Advise(grpc::ServerContext* context, Stream* stream) override;

 private:
  Script script_;
  grpc::Status end_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<pb::OptimizerEvent> events_;
  std::promise<bool> closed_well_;
  std::atomic<bool> has_ended_{false};
  std::unique_ptr<grpc::Server> server_;
};

/// Accepts with every role served and gradient and weights wanted each iteration; answers everything else well.
bool answer_well(const pb::OptimizerEvent& event, ScriptedAdvisor::Stream& stream);

/// Options with deadlines that no healthy test comes near.
SessionOptions options_for(const ScriptedAdvisor& advisor);

/// A plan of four beamlets at level 0 and two at level 1 that accepts every role.
PlanStart small_plan();

/// Questions of the small plan.
LevelStart level_zero();
Iteration iteration_number(std::uint32_t number);

/// Good advice for the small plan's level and iteration questions, echoing the question.
pb::AdvisorEvent good_answer(const pb::OptimizerEvent& event);

}  // namespace dh_advisor::testing
