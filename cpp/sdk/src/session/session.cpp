#include "dh_advisor/session.h"

#include <algorithm>
#include <new>
#include <system_error>

#include "encode.h"
#include "input/input_check.h"
#include "session_access.h"
#include "session_impl.h"

namespace dh_advisor {
namespace {

// Short enough to need no memory of their own.
const Status kNoMemory = Status::failed(StatusCode::kFault, "out of memory");
const std::string kNoText;
const std::vector<RoleBinding> kNoBindings;

template <typename Implementation>
void silence(Implementation& impl, const char* what) noexcept {
  try {
    impl.conversation.fall_silent(Status::failed(StatusCode::kFault, std::string("the client failed: ") + what));
  } catch (...) {
    impl.conversation.fall_silent({StatusCode::kFault, {}});
  }
}

/// The boundary at which "never throws" is kept: whatever comes out of `body` silences the session for good, because
/// nobody knows what of it has gone out, and the answer is "no advice".
template <typename Implementation, typename Body>
auto guarded(const std::unique_ptr<Implementation>& impl, Body&& body) noexcept -> decltype(body(*impl)) {
  if (impl == nullptr) return decltype(body(*impl))();
  try {
    return body(*impl);
  } catch (const std::bad_alloc&) {
    silence(*impl, "out of memory");
  } catch (const std::system_error& fault) {
    silence(*impl, fault.what());
  } catch (const std::exception& fault) {
    silence(*impl, fault.what());
  } catch (...) {
    silence(*impl, "unknown exception");
  }
  return decltype(body(*impl))();
}

}  // namespace

Session::Session() = default;
Session::~Session() = default;

std::unique_ptr<Session> Session::open(const SessionOptions& options, const PlanStart& plan) {
  std::unique_ptr<Session> session(new (std::nothrow) Session());
  if (session == nullptr) return session;
  try {
    session->impl_ = std::make_unique<Impl>(options, plan);
  } catch (...) {
    return session;
  }
  guarded(session->impl_, [&](Impl& impl) { impl.introduce(plan); });
  return session;
}

std::unique_ptr<Session> SessionAccess::open_silent(const Status& why) noexcept {
  std::unique_ptr<Session> session(new (std::nothrow) Session());
  try {
    if (session != nullptr) session->impl_ = std::make_unique<Session::Impl>(SessionOptions(), PlanStart());
  } catch (...) {
    return session;
  }
  if (session != nullptr) fall_silent(*session, why);
  return session;
}

void SessionAccess::fall_silent(Session& session, const Status& why) noexcept {
  guarded(session.impl_, [&](Session::Impl& impl) { impl.is_good(why); });
}

bool Session::may_resume() const { return impl_ != nullptr && impl_->may_resume(); }

bool Session::resume() {
  return guarded(impl_, [](Impl& impl) {
    impl.settle();
    return impl.resume(impl.options.start_deadline / 2);
  });
}

bool Session::is_live() const { return impl_ != nullptr && impl_->conversation.is_live(); }
const Status& Session::status() const { return impl_ == nullptr ? kNoMemory : impl_->conversation.status(); }
const std::string& Session::session_id() const { return impl_ == nullptr ? kNoText : impl_->session_id; }
const std::vector<RoleBinding>& Session::bindings() const { return impl_ == nullptr ? kNoBindings : impl_->bindings; }
std::optional<Provenance> Session::provenance() const { return impl_ == nullptr ? std::nullopt : impl_->provenance; }
std::uint32_t Session::configuration_generation() const { return impl_ == nullptr ? 0 : impl_->generation; }
bool Session::is_served(Role role) const { return is_live() && impl_->is_served(role); }
bool Session::has_declined(Role role) const { return impl_ != nullptr && impl_->declined.count(role) > 0; }
bool Session::has_ended(Role role) const { return impl_ != nullptr && impl_->ended.count(role) > 0; }
bool Session::wants(TensorKind kind) const { return impl_ != nullptr && impl_->want(kind) != nullptr; }

bool Session::wants(TensorKind kind, std::uint32_t iteration) const {
  const Want* const want = impl_ == nullptr ? nullptr : impl_->want(kind);
  return want != nullptr && want->every_n != 0 && iteration % want->every_n == 0;
}

Status Session::send_volume(const VolumeView& volume) {
  Status status = kNoMemory;
  guarded(impl_, [&](Impl& impl) { status = impl.send_volume(volume); });
  return status;
}

GeometryAdvice Session::ask_geometry(const Geometry& geometry) {
  return guarded(impl_, [&](Impl& impl) -> GeometryAdvice {
    impl.settle();
    if (!impl.may_ask() || !impl.is_good(check(geometry, impl.counts))) return {};
    encode(geometry, impl.event);
    impl.keep_geometry();
    impl.post({pb::AdvisorEvent::kGeometry}, impl.options.start_deadline, 0);
    return impl.take().geometry;
  });
}

LevelAdvice Session::ask_level(const LevelStart& start) {
  return guarded(impl_, [&](Impl& impl) -> LevelAdvice {
    const Clock::time_point until = Clock::now() + impl.options.start_deadline;
    impl.settle();
    impl.resume(impl.options.start_deadline / 2);
    if (!impl.may_ask() || !impl.is_good(check(start, impl.counts))) return {};
    impl.frame.beamlet_count = start.beamlet_count;
    impl.frame.variance_lower_gy2 = start.variance_lower_gy2;
    impl.frame.variance_upper_gy2 = start.variance_upper_gy2;
    encode(start, impl.event);
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    impl.post({pb::AdvisorEvent::kLevel, start.level, start.stage}, std::max(left, std::chrono::milliseconds(0)),
              start.level);
    return impl.take().level;
  });
}

IterationAdvice Session::ask_iteration(const Iteration& iteration) {
  post_iteration(iteration);
  return take_iteration();
}

void Session::post_iteration(const Iteration& iteration) {
  guarded(impl_, [&](Impl& impl) {
    impl.settle();
    if (!impl.may_ask() || !impl.is_good(check(iteration, impl.frame.beamlet_count, impl.counts))) return;
    encode(iteration, impl.event);
    impl.post({pb::AdvisorEvent::kIteration, iteration.level, iteration.stage, iteration.iteration},
              impl.options.iteration_deadline, iteration.level, iteration.iteration);
  });
}

IterationAdvice Session::take_iteration() {
  return guarded(impl_, [](Impl& impl) { return impl.take().iteration; });
}

void Session::tell_level_end(const LevelEnd& end) {
  guarded(impl_, [&](Impl& impl) {
    impl.settle();
    if (!impl.conversation.is_live() || !impl.is_good(check(end))) return;
    encode(end, impl.event);
    impl.tell();
  });
}

Status Session::finish(const PlanFinish& finish) {
  Status status = kNoMemory;
  guarded(impl_, [&](Impl& impl) { status = impl.finish(finish); });
  return status;
}

void Session::report(Role role, Verdict verdict, std::uint32_t level, std::optional<std::uint32_t> iteration) {
  guarded(impl_, [&](Impl& impl) {
    InputCheck check("report");
    check.one_of(role, Role::kInitialization, Role::kEarlyStopping, "role");
    check.one_of(verdict, Verdict::kAccepted, Verdict::kBadSchedule, "verdict");
    if (check.is_good()) {
      impl.report(role, verdict, level, iteration);
    } else {
      impl.is_good(check.status());
    }
  });
}

SessionCounters Session::counters() const {
  return guarded(impl_, [](const Impl& impl) { return impl.counters; });
}

}  // namespace dh_advisor
