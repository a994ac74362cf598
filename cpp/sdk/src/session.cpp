#include "dh_advisor/session.h"

#include <algorithm>
#include <boost/crc.hpp>
#include <limits>
#include <set>

#include "decode.h"
#include "encode.h"
#include "question.h"

namespace dh_advisor {
namespace {

// Castagnoli, as in RFC 3720.
using Crc32c = boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true>;
constexpr std::size_t kChunkBytes = 256 << 10;
constexpr std::uint32_t kNotWanted = std::numeric_limits<std::uint32_t>::max();

}  // namespace

class Session::Impl {
 public:
  Impl(const SessionOptions& chosen, const PlanStart& plan) : options(chosen), conversation(options, counters) {
    frame.structure_count = plan.structures.size();
    frame.weight_ceiling = plan.weight_ceiling;
    frame.accepts.insert(plan.accepts.begin(), plan.accepts.end());
  }

  void introduce(const PlanStart& plan) {
    if (options.mode == AdviceMode::kOff) {
      conversation.fall_silent(Status::failed(StatusCode::kSwitchedOff, "advice mode is off"));
      return;
    }
    if (Status status = validate(plan); !status.ok()) {
      conversation.fall_silent(status);
      return;
    }
    conversation.connect();
    encode(plan, options.mode, event);
    Verdict failure{};
    const pb::AdvisorEvent* answer =
        conversation.ask(event, {pb::AdvisorEvent::kAccepted}, options.connect_deadline, failure);
    if (answer == nullptr) {
      conversation.fall_silent(Status::failed(
          StatusCode::kDeadlineExceeded, "the advisor at " + options.address + " did not accept the plan in time"));
      return;
    }
    const pb::Accepted& accepted = answer->accepted();
    session_id = accepted.session_id();
    generation = accepted.configuration_generation();
    bindings = decode_bindings(accepted);
    for (const pb::WantedTensor& wanted : accepted.wanted()) {
      every_n[static_cast<TensorKind>(wanted.kind())] = wanted.every_n();
    }
  }

  const pb::AdvisorEvent* ask(const QuestionKey& key, std::chrono::milliseconds deadline, Verdict& failure) {
    const pb::AdvisorEvent* answer = conversation.ask(event, key, deadline, failure);
    event.clear_receipts();
    return answer;
  }

  IterationAdvice take_iteration() {
    if (!posted) return {};
    const PostedIteration of = *std::exchange(posted, std::nullopt);
    Verdict failure{};
    const pb::AdvisorEvent* answer = conversation.take(failure);
    if (answer == nullptr) {
      refuse_all({Role::kEarlyStopping, Role::kStepDirection}, failure, of.level, of.iteration);
      return {};
    }
    Parts parts;
    IterationAdvice advice = decode(answer->iteration(), frame, parts);
    return settle(std::move(advice), parts, of.level, of.iteration);
  }

  /// Counts outcomes and records the verdicts of the frame checks; in shadow mode every value is withheld.
  template <typename Advice>
  Advice settle(Advice advice, const Parts& parts, std::uint32_t level, std::optional<std::uint32_t> iteration) {
    const bool is_shadow = options.mode == AdviceMode::kShadow;
    for (const Part& part : parts) {
      ++counters.outcomes[{part.role, part.outcome}];
      counters.host_time[part.role] += std::chrono::microseconds(part.latency_us);
      float& highest = counters.highest_scores[part.role];
      highest = std::max(highest, part.out_of_distribution_score);
      if (part.is_declined) declined.insert(part.role);
      if (!part.has_value) continue;
      if (part.verdict != Verdict::kAccepted) {
        report(part.role, part.verdict, level, iteration);
      } else if (is_shadow) {
        report(part.role, Verdict::kShadow, level, iteration);
      }
    }
    return is_shadow ? Advice{} : std::move(advice);
  }

  /// A question without a usable answer refuses the advice of every role it was put to.
  void refuse_all(std::initializer_list<Role> roles, Verdict failure, std::uint32_t level,
                  std::optional<std::uint32_t> iteration) {
    for (Role role : roles) {
      if (is_served(role)) report(role, failure, level, iteration);
    }
  }

  bool is_served(Role role) const {
    return std::any_of(bindings.begin(), bindings.end(),
                       [role](const RoleBinding& b) { return b.role == role && !b.plugin.empty(); });
  }

  void report(Role role, Verdict verdict, std::uint32_t level, std::optional<std::uint32_t> iteration) {
    ++counters.verdicts[{role, verdict}];
    ++(verdict == Verdict::kAccepted ? counters.accepted : counters.refused);
    if (!conversation.is_live()) return;
    pb::AdviceReceipt& receipt = *event.add_receipts();
    receipt.set_role(static_cast<pb::Role>(role));
    receipt.set_verdict(static_cast<pb::Verdict>(verdict));
    receipt.set_level(level);
    if (iteration) receipt.set_iteration(*iteration);
  }

  struct PostedIteration {
    std::uint32_t level = 0;
    std::uint32_t iteration = 0;
  };

  const SessionOptions options;
  SessionCounters counters;
  Conversation conversation;
  Frame frame;
  pb::OptimizerEvent event;  // Reused: its buffers keep their size from one iteration to the next.
  std::string session_id;
  std::uint32_t generation = 0;
  std::vector<RoleBinding> bindings;
  std::map<TensorKind, std::uint32_t> every_n;
  std::set<Role> declined;
  std::optional<PostedIteration> posted;  // asked, and its answer not yet taken
};

Session::Session() = default;
Session::~Session() = default;

std::unique_ptr<Session> Session::open(const SessionOptions& options, const PlanStart& plan) {
  std::unique_ptr<Session> session(new Session());
  session->impl_ = std::make_unique<Impl>(options, plan);
  session->impl_->introduce(plan);
  return session;
}

bool Session::is_live() const { return impl_->conversation.is_live(); }
const Status& Session::status() const { return impl_->conversation.status(); }
const std::string& Session::session_id() const { return impl_->session_id; }
const std::vector<RoleBinding>& Session::bindings() const { return impl_->bindings; }
std::uint32_t Session::configuration_generation() const { return impl_->generation; }
bool Session::is_served(Role role) const { return is_live() && impl_->is_served(role); }

bool Session::has_declined(Role role) const { return impl_->declined.count(role) > 0; }

bool Session::wants(TensorKind kind) const { return is_live() && impl_->every_n.count(kind) > 0; }

bool Session::wants(TensorKind kind, std::uint32_t iteration) const {
  if (!is_live()) return false;
  const auto found = impl_->every_n.find(kind);
  const std::uint32_t every = found == impl_->every_n.end() ? kNotWanted : found->second;
  return every != kNotWanted && every != 0 && iteration % every == 0;
}

Status Session::send_volume(const VolumeView& volume) {
  if (!is_live()) return status();
  const std::size_t voxels = std::size_t{volume.shape[0]} * volume.shape[1] * volume.shape[2];
  const std::size_t total_bytes = voxels * 2;
  if (volume.data == nullptr || total_bytes == 0 || total_bytes > std::numeric_limits<std::uint32_t>::max()) {
    return Status::failed(StatusCode::kInvalidInput, "volume: empty, or larger than 4 GiB");
  }
  const char* bytes = static_cast<const char*>(volume.data);
  Crc32c crc;
  for (std::size_t offset = 0; offset < total_bytes && is_live(); offset += kChunkBytes) {
    const std::size_t length = std::min(kChunkBytes, total_bytes - offset);
    crc.process_bytes(bytes + offset, length);
    pb::VolumeChunk& chunk = *impl_->event.mutable_volume_chunk();
    chunk.Clear();
    chunk.set_kind(static_cast<pb::TensorKind>(volume.kind));
    chunk.set_data_type(volume.kind == TensorKind::kCt ? pb::DATA_TYPE_INT16 : pb::DATA_TYPE_UINT16);
    for (std::uint32_t extent : volume.shape) chunk.add_shape(extent);
    for (double spacing : volume.spacing_mm) chunk.add_spacing_mm(spacing);
    chunk.set_offset_bytes(static_cast<std::uint32_t>(offset));
    chunk.set_data(bytes + offset, length);
    chunk.set_running_crc32c(crc.checksum());
    impl_->conversation.tell(impl_->event);
    impl_->event.clear_receipts();
  }
  return status();
}

GeometryAdvice Session::ask_geometry(const Geometry& geometry) {
  if (!is_live()) return {};
  encode(geometry, impl_->event);
  Verdict failure{};
  const pb::AdvisorEvent* answer = impl_->ask({pb::AdvisorEvent::kGeometry}, impl_->options.start_deadline, failure);
  if (answer == nullptr) {
    impl_->refuse_all({Role::kHistogramSigma, Role::kPyramidSigma}, failure, 0, std::nullopt);
    return {};
  }
  Parts parts;
  GeometryAdvice advice = decode(answer->geometry(), impl_->frame, parts);
  return impl_->settle(std::move(advice), parts, 0, std::nullopt);
}

LevelAdvice Session::ask_level(const LevelStart& start) {
  impl_->take_iteration();
  if (!is_live()) return {};
  impl_->frame.beamlet_count = start.beamlet_count;
  impl_->frame.variance_lower_gy2 = start.variance_lower_gy2;
  impl_->frame.variance_upper_gy2 = start.variance_upper_gy2;
  encode(start, impl_->event);
  Verdict failure{};
  const pb::AdvisorEvent* answer =
      impl_->ask({pb::AdvisorEvent::kLevel, start.level, start.stage}, impl_->options.start_deadline, failure);
  if (answer == nullptr) {
    impl_->refuse_all({Role::kInitialization, Role::kAdaptiveVariance}, failure, start.level, std::nullopt);
    return {};
  }
  Parts parts;
  LevelAdvice advice = decode(answer->level(), impl_->frame, parts);
  return impl_->settle(std::move(advice), parts, start.level, std::nullopt);
}

IterationAdvice Session::ask_iteration(const Iteration& iteration) {
  post_iteration(iteration);
  return take_iteration();
}

void Session::post_iteration(const Iteration& iteration) {
  impl_->take_iteration();
  if (!is_live()) return;
  encode(iteration, impl_->event);
  impl_->conversation.post(impl_->event,
                           {pb::AdvisorEvent::kIteration, iteration.level, iteration.stage, iteration.iteration},
                           impl_->options.iteration_deadline);
  impl_->event.clear_receipts();
  impl_->posted = {iteration.level, iteration.iteration};
}

IterationAdvice Session::take_iteration() { return impl_->take_iteration(); }

void Session::tell_level_end(const LevelEnd& end) {
  impl_->take_iteration();
  if (!is_live()) return;
  encode(end, impl_->event);
  impl_->conversation.tell(impl_->event);
  impl_->event.clear_receipts();
}

Status Session::finish(const PlanFinish& finish) {
  impl_->take_iteration();
  if (!is_live()) return status();
  encode(finish, std::chrono::duration<double, std::milli>(impl_->counters.waited).count(), impl_->event);
  Verdict failure{};
  const bool is_summed_up = impl_->ask({pb::AdvisorEvent::kSummary}, impl_->options.start_deadline, failure) != nullptr;
  if (is_summed_up) impl_->conversation.close(impl_->options.start_deadline);
  return status();
}

void Session::report(Role role, Verdict verdict, std::uint32_t level, std::optional<std::uint32_t> iteration) {
  impl_->report(role, verdict, level, iteration);
}

SessionCounters Session::counters() const { return impl_->counters; }

}  // namespace dh_advisor
